//! Hygie on Debian's own kernels (6.1 and 6.12), and after power cuts: in throw-away machines.
//!
//! The `heavy_` tests boot a guest and run this very program in it again, with one of the tests of `inside`.

#![expect(clippy::print_stdout, reason = "a test of minutes says where it is")]

mod doctor;
mod inside;
mod machine;
mod power;
mod ways;
