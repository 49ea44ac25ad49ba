//! `--quick` with a few files runs to its end, and its report has what it promises. Needs root.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

#[test]
fn quick_runs_to_its_end() {
    if let Some(why) = hygie_testkit::not_root() {
        println!("{why}");
        return;
    }
    let hygie = hygie();
    let done = Command::new(env!("CARGO_BIN_EXE_hygie-bench"))
        .args([
            "guard", "--quick", "--json", "--rounds", "1", "--files", "40", "--hygie",
        ])
        .arg(&hygie)
        .output()
        .expect("the bench runs");
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{said}");
    let report: Value = serde_json::from_slice(&done.stdout).expect("one object of JSON");
    assert_eq!(report["schema"], "hygie.bench/1");
    assert_eq!(report["bench"], "guard");
    assert!(
        report["machine"]["kernel"]
            .as_str()
            .is_some_and(|kernel| kernel.starts_with("Linux"))
    );
    let costs = report["costs"].as_array().expect("costs");
    assert!(costs.iter().all(|cost| {
        cost["sides"]["bare"]["median"]
            .as_f64()
            .is_some_and(|us| us > 0.0)
    }));
    assert!(
        costs
            .iter()
            .all(|cost| cost["more"]["protected"]["samples"] == 1)
    );
    let start = &report["starts"][0];
    assert_eq!(start["files"], 40);
    assert_eq!(start["memory"]["leases"], 40);
    for part in ["guard", "witness", "up"] {
        assert!(
            start["memory"]["parts"][part]["pss_kb"]
                .as_u64()
                .is_some_and(|kb| kb > 0),
            "{start}"
        );
    }
}

/// The program of this build, beside the bench; cargo makes it where only this test was built.
fn hygie() -> PathBuf {
    let beside = Path::new(env!("CARGO_BIN_EXE_hygie-bench")).with_file_name("hygie");
    if !beside.exists() {
        let target = beside
            .parent()
            .and_then(Path::parent)
            .expect("a target folder");
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let built = Command::new(cargo)
            .args(["build", "--package", "hygie", "--target-dir"])
            .arg(target)
            .status()
            .expect("cargo runs");
        assert!(
            built.success() && beside.exists(),
            "cargo built no {}",
            beside.display()
        );
    }
    beside
}
