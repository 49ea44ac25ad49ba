//! The law against a model of the kernel.
