//! The two suites, both of crates.io; built once a machine, outside the clone.

use std::path::PathBuf;
use std::process::Command;

/// A program of crates.io.
pub(crate) struct Suite {
    name: &'static str,
    version: &'static str,
}

pub(crate) const PJDFSTEST: Suite = Suite {
    name: "pjdfstest",
    version: "0.2.2",
};
pub(crate) const FSX: Suite = Suite {
    name: "fsx",
    version: "0.3.2",
};

impl Suite {
    /// Where it is; builds it where it is not.
    pub(crate) fn have(&self) -> PathBuf {
        let cache = cache();
        let program = cache.join("bin").join(self.name);
        if self.is_right(&program) {
            return program;
        }
        println!(
            "Building {} {} once, into {}",
            self.name,
            self.version,
            program.display()
        );
        let built = Command::new(env!("CARGO"))
            .env_remove("CARGO_TARGET_DIR")
            .current_dir("/")
            .args([
                "install",
                self.name,
                "--locked",
                "--force",
                "--version",
                self.version,
                "--root",
            ])
            .arg(&cache)
            .status()
            .expect("cargo");
        assert!(built.success(), "{} could not be built: {built}", self.name);
        program
    }

    fn is_right(&self, program: &PathBuf) -> bool {
        let wanted = format!("{} {}", self.name, self.version);
        let said = Command::new(program).arg("--version").output();
        said.is_ok_and(|said| String::from_utf8_lossy(&said.stdout).trim() == wanted)
    }
}

/// The folder of `cargo xtask`: `$HYGIE_CACHE`, else `~/.cache/hygie`.
fn cache() -> PathBuf {
    let home = || {
        PathBuf::from(std::env::var_os("HOME").expect("HOME or HYGIE_CACHE")).join(".cache/hygie")
    };
    std::env::var_os("HYGIE_CACHE").map_or_else(home, PathBuf::from)
}
