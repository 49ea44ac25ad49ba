//! A sandbox of the tests' own: the real keeper and the real worker, and workers that misbehave once they are shut in. What
//! they try ends them; whoever gets through says OUT.

#[cfg(target_os = "linux")]
mod tries;

#[cfg(target_os = "linux")]
fn main() -> std::process::ExitCode {
    tries::main()
}

#[cfg(not(target_os = "linux"))]
fn main() {}
