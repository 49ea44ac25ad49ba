//! What is from no package: tools of the indexes of Python and Node, and what people write and compile themselves.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use anyhow::{Result, ensure};
use hygie_testkit::{Job, Person};

use crate::desk::Desk;

/// Python's tools, as a need of a row.
pub(crate) const VENV: &str = "a venv of PyPI's";
/// Node's.
pub(crate) const NODE_MODULES: &str = "packages of npm's";

/// Whether it is installed, or can be fetched.
pub(crate) fn has(need: &str) -> bool {
    match need {
        VENV => venv().is_some(),
        NODE_MODULES => node_modules().is_some(),
        program => Person::has(program),
    }
}

impl Desk {
    /// A script in the person's home, known to no package manager.
    pub(crate) fn brings(&self, name: &str, text: &str) -> Result<PathBuf> {
        let path = self.home().join(name);
        std::fs::write(&path, text)?;
        Ok(path)
    }

    /// A script of hers at work in the protected folder; words behind it.
    pub(crate) fn own(&mut self, with: &str, name: &str, text: &str, words: &str) -> Result<()> {
        let script = self.brings(name, text)?;
        let job = Job::new(with, &self.folder()).word(script);
        self.runs(job.words(words.split_whitespace()))
    }

    /// The same in a Python that has what people install with pip.
    pub(crate) fn own_in_venv(&mut self, name: &str, text: &str, words: &str) -> Result<()> {
        let python = self.home().join("venv/bin/python");
        self.takes(venv(), "venv")?;
        self.own(&python.display().to_string(), name, text, words)
    }

    /// A tool of Node's, such as `prettier/bin/prettier.cjs`.
    pub(crate) fn node(&mut self, tool: &str, words: &str) -> Result<()> {
        self.takes(node_modules(), "node_modules")?;
        let tool = self.home().join("node_modules").join(tool);
        let job = Job::new("node", &self.folder()).word(tool);
        self.runs(job.words(words.split_whitespace()))
    }

    /// A program that she compiled.
    pub(crate) fn compiles(&mut self, name: &str, text: &str) -> Result<String> {
        let source = self.brings(&format!("{name}.c"), text)?;
        let program = self.home().join(name);
        let job = Job::new("cc -O1 -w -o", self.home());
        self.runs(job.word(&program).word(source))?;
        Ok(program.display().to_string())
    }

    fn takes(&self, from: Option<&Path>, name: &str) -> Result<()> {
        let to = self.home().join(name);
        if let Some(from) = from.filter(|_| !to.exists()) {
            ends_well(Command::new("cp").arg("-r").args([from, &to]))?;
        }
        Ok(())
    }
}

/// Made once; none where the index is not reached.
fn venv() -> Option<&'static Path> {
    static MADE: OnceLock<Option<tempfile::TempDir>> = OnceLock::new();
    let made = MADE.get_or_init(|| {
        fetched(|folder| {
            let mut venv = Command::new("/usr/bin/python3");
            ends_well(venv.args(["-m", "venv"]).arg(folder))?;
            let mut pip = Command::new(folder.join("bin/pip"));
            ends_well(pip.args(["install", "--quiet"]).args(PYTHON))
        })
    });
    made.as_ref().map(tempfile::TempDir::path)
}

fn node_modules() -> Option<&'static Path> {
    static MADE: OnceLock<Option<(tempfile::TempDir, PathBuf)>> = OnceLock::new();
    let made = MADE.get_or_init(|| {
        let folder = fetched(|folder| {
            let mut npm = Command::new("npm");
            let install = npm.args(["install", "--silent", "--no-audit"]).args(NODE);
            ends_well(install.current_dir(folder))
        })?;
        let modules = folder.path().join("node_modules");
        Some((folder, modules))
    });
    made.as_ref().map(|(_, modules)| modules.as_path())
}

fn fetched(fetch: impl Fn(&Path) -> Result<()>) -> Option<tempfile::TempDir> {
    let folder = tempfile::tempdir().ok()?;
    fetch(folder.path()).ok()?;
    Some(folder)
}

fn ends_well(command: &mut Command) -> Result<()> {
    let output = command.output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{command:?}: {said}");
    Ok(())
}

const PYTHON: [&str; 6] = [
    "msoffcrypto-tool",
    "openpyxl",
    "pikepdf",
    "pillow",
    "pypdf",
    "python-docx",
];
const NODE: [&str; 2] = ["prettier", "svgo"];
