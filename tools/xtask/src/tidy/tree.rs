//! What the laws look at: the files that git has or would take, and the crates of the workspace.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::{home, run};

/// Files and crates; in tests, made-up ones.
#[derive(Debug, Default)]
pub(super) struct Tree {
    files: BTreeMap<String, Vec<u8>>,
    crates: Vec<Crate>,
}

/// One crate of the workspace.
#[derive(Debug, Clone)]
pub(super) struct Crate {
    pub(super) name: String,
    /// Its folder, from the root of the clone.
    pub(super) folder: String,
    pub(super) uses: Vec<Use>,
}

/// A dependency on another crate of the workspace.
#[derive(Debug, Clone)]
pub(super) struct Use {
    pub(super) name: String,
    pub(super) kind: Kind,
}

/// What a dependency is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The crate itself, or its build script.
    Build,
    /// Tests only.
    Test,
}

impl Tree {
    /// Reads this clone.
    pub(super) fn read() -> Result<Self> {
        Ok(Self {
            files: read_files()?,
            crates: read_crates()?,
        })
    }

    /// Every file with its bytes.
    pub(super) fn files(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.files
            .iter()
            .map(|(path, bytes)| (path.as_str(), bytes.as_slice()))
    }

    /// Every text file whose path ends so.
    pub(super) fn texts<'a>(&'a self, ending: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.files()
            .filter(move |(path, _)| path.ends_with(ending))
            .filter_map(|(path, bytes)| Some((path, str::from_utf8(bytes).ok()?)))
    }

    /// The text at a path.
    pub(super) fn text(&self, path: &str) -> Option<&str> {
        str::from_utf8(self.files.get(path)?).ok()
    }

    /// The crates of the workspace.
    pub(super) fn crates(&self) -> &[Crate] {
        &self.crates
    }
}

#[cfg(test)]
impl Tree {
    /// A made-up tree of files.
    pub(super) fn of_files(files: &[(&str, &str)]) -> Self {
        let files = files
            .iter()
            .map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec()));
        Self {
            files: files.collect(),
            crates: Vec::new(),
        }
    }

    /// Adds a made-up crate; a use that starts with `test:` is for tests only.
    pub(super) fn with_crate(mut self, name: &str, folder: &str, uses: &[&str]) -> Self {
        let uses = uses.iter().map(|used| match used.strip_prefix("test:") {
            Some(name) => Use {
                name: name.to_owned(),
                kind: Kind::Test,
            },
            None => Use {
                name: (*used).to_owned(),
                kind: Kind::Build,
            },
        });
        let uses = uses.collect();
        self.crates.push(Crate {
            name: name.to_owned(),
            folder: folder.to_owned(),
            uses,
        });
        self
    }
}

fn read_files() -> Result<BTreeMap<String, Vec<u8>>> {
    let list = run::output(run::at_root("git").args([
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ]))?;
    let mut files = BTreeMap::new();
    for path in list.split_terminator('\0') {
        let full = home::root().join(path);
        // Deleted but not yet committed, a link, or a submodule: nothing to read.
        if !full.symlink_metadata().is_ok_and(|meta| meta.is_file()) {
            continue;
        }
        let bytes = fs::read(&full).with_context(|| format!("cannot read {path}"))?;
        files.insert(path.to_owned(), bytes);
    }
    Ok(files)
}

fn read_crates() -> Result<Vec<Crate>> {
    let text = run::output(run::cargo().args(["metadata", "--no-deps", "--format-version", "1"]))?;
    let metadata: Value = serde_json::from_str(&text).context("cargo metadata printed no JSON")?;
    crates_of(&metadata).context("cargo metadata has another form than expected")
}

/// The crates in cargo's metadata, with their dependencies on each other.
fn crates_of(metadata: &Value) -> Option<Vec<Crate>> {
    let root = metadata["workspace_root"].as_str()?;
    let packages = metadata["packages"].as_array()?;
    let names: Vec<&str> = packages
        .iter()
        .filter_map(|package| package["name"].as_str())
        .collect();
    packages
        .iter()
        .map(|package| {
            let manifest = package["manifest_path"].as_str()?;
            let folder = manifest
                .strip_prefix(root)?
                .strip_suffix("Cargo.toml")?
                .trim_matches('/');
            let uses = package["dependencies"]
                .as_array()?
                .iter()
                .filter_map(|dependency| {
                    let name = dependency["name"]
                        .as_str()
                        .filter(|name| names.contains(name))?;
                    let kind = if dependency["kind"] == "dev" {
                        Kind::Test
                    } else {
                        Kind::Build
                    };
                    Some(Use {
                        name: name.to_owned(),
                        kind,
                    })
                });
            Some(Crate {
                name: package["name"].as_str()?.to_owned(),
                folder: folder.to_owned(),
                uses: uses.collect(),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn metadata_becomes_crates_and_their_uses() {
        let crates = crates_of(&json!({
            "workspace_root": "/clone",
            "packages": [
                { "name": "m", "manifest_path": "/clone/model/Cargo.toml", "dependencies": [
                    { "name": "serde", "kind": null } ] },
                { "name": "g", "manifest_path": "/clone/engines/guard/Cargo.toml", "dependencies": [
                    { "name": "m", "kind": null }, { "name": "m", "kind": "dev" } ] },
            ]
        }))
        .expect("the form of cargo");
        assert_eq!(crates[0].folder, "model");
        assert!(
            crates[0].uses.is_empty(),
            "foreign crates are no concern of the layers"
        );
        assert_eq!(crates[1].folder, "engines/guard");
        assert_eq!(crates[1].uses.len(), 2);
        assert_eq!(crates[1].uses[1].kind, Kind::Test);
    }

    #[test]
    fn another_form_is_refused() {
        assert!(crates_of(&json!({ "packages": [] })).is_none());
        assert!(
            crates_of(&json!({ "workspace_root": "/clone", "packages": [{ "name": "m" }] }))
                .is_none()
        );
    }
}
