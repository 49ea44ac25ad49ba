//! Programs of this machine in a guest, with the libraries that they are linked to.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::cpio::Archive;
use crate::store::output;

/// Files to take along.
#[derive(Debug, Clone, Default)]
pub(crate) struct Payload {
    programs: Vec<(PathBuf, String)>,
    texts: Vec<(String, String)>,
}

impl Payload {
    pub(crate) fn program(&mut self, from: &Path, to: &str) {
        self.programs.push((from.to_owned(), to.to_owned()));
    }

    pub(crate) fn text(&mut self, to: &str, text: &str) {
        self.texts.push((to.to_owned(), text.to_owned()));
    }

    pub(crate) fn pack(&self, archive: &mut Archive, scratch: &Path) -> Result<()> {
        let mut libraries = BTreeSet::new();
        for (from, to) in &self.programs {
            libraries.extend(linked_to(from)?);
            archive.file(to, 0o755, &stripped(from, scratch)?);
        }
        for library in libraries {
            let bytes = fs::read(&library).with_context(|| format!("read {library}"))?;
            archive.file(&library, 0o755, &bytes);
        }
        for (to, text) in &self.texts {
            archive.file(to, 0o755, text.as_bytes());
        }
        Ok(())
    }
}

/// The absolute paths that the dynamic linker would load, itself included; none for a static program.
fn linked_to(program: &Path) -> Result<Vec<String>> {
    let Ok(said) = output(Command::new("ldd").arg(program).env("LC_ALL", "C")) else {
        return Ok(Vec::new());
    };
    Ok(libraries(&said))
}

/// The paths in what `ldd` prints.
fn libraries(said: &str) -> Vec<String> {
    let paths = said.lines().filter_map(|line| {
        let path = line.rsplit("=>").next()?.split_whitespace().next()?;
        path.starts_with('/').then(|| path.to_owned())
    });
    paths.collect()
}

/// Without the symbols for debuggers, of which a guest's memory has no room; as it is where nothing strips.
fn stripped(program: &Path, scratch: &Path) -> Result<Vec<u8>> {
    let copy = scratch.join("stripped");
    let strip = ["--strip-debug", "-o"];
    let done = output(Command::new("strip").args(strip).arg(&copy).arg(program));
    let read = if done.is_ok() {
        fs::read(&copy)
    } else {
        fs::read(program)
    };
    let _none_made = fs::remove_file(&copy);
    read.with_context(|| format!("read {}", program.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libraries_are_found() {
        let said = "\tlinux-vdso.so.1 (0x00007ffc)\n\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x7f)\n\
                    \t/lib64/ld-linux-x86-64.so.2 (0x7f)\n";
        assert_eq!(
            libraries(said),
            [
                "/lib/x86_64-linux-gnu/libc.so.6",
                "/lib64/ld-linux-x86-64.so.2"
            ]
        );
        assert_eq!(libraries("\tstatically linked\n"), Vec::<String>::new());
    }
}
