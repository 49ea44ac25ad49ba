//! The law against a model of the kernel.

mod agent;
mod copier;
mod duties;
mod kernel;
mod traces;
mod world;
