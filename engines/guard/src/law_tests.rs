//! The law against a model of the kernel.

mod agent;
mod bounds;
mod copier;
mod deeds;
mod duties;
mod flows;
mod kernel;
mod traces;
mod world;
