//! Records traces of harmful and honest programs, and finds the weights of the guard's signals from them.
//! Never part of the product: what it makes is `harm-traces/`, `weights.rs` and the report, all in the repository.

pub mod bench;
pub mod fit;
pub mod record;
pub mod replay;
pub mod report;
pub mod trace;

/// Where the weights stand in the repository.
pub const SOURCE: &str = "engines/guard/src/harm/weights.rs";
/// Where the report stands.
pub const REPORT: &str = "docs/harm-weights.md";
