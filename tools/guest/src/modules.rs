//! Kernel modules as a guest loads them: uncompressed, each after those it needs.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

/// A module's file name and its bytes, in the order of loading.
pub(crate) type Loaded = Vec<(String, Vec<u8>)>;

/// The modules of these names that are not built in, with all that they need. Debian's package has no
/// `modules.dep`: what a module needs stands in itself.
pub(crate) fn with_needs(folder: &Path, busybox: &Path, names: &[&str]) -> Result<Loaded> {
    let mut known = BTreeMap::new();
    find(&folder.join("kernel"), &mut known)?;
    let built_in = fs::read_to_string(folder.join("modules.builtin"))?;
    let built_in: Vec<String> = built_in.lines().map(plain).collect();
    let mut loaded = Loaded::new();
    for name in names {
        add(name, &known, &built_in, busybox, &mut loaded)?;
    }
    Ok(loaded)
}

fn add(
    name: &str,
    known: &BTreeMap<String, PathBuf>,
    built_in: &[String],
    busybox: &Path,
    loaded: &mut Loaded,
) -> Result<()> {
    let name = plain(name);
    if built_in.contains(&name) || loaded.iter().any(|(other, _)| *other == name) {
        return Ok(());
    }
    let path = known
        .get(&name)
        .with_context(|| format!("this kernel has no module {name}"))?;
    let bytes = uncompressed(path, busybox)?;
    for needed in needs(&bytes) {
        add(&needed, known, built_in, busybox, loaded)?;
    }
    loaded.push((name, bytes));
    Ok(())
}

/// The module's name: its file's, with one spelling of the dash.
fn plain(path: &str) -> String {
    let file = path.rsplit('/').next().unwrap_or(path);
    let stem = file.split(".ko").next().unwrap_or(file);
    stem.replace('-', "_")
}

fn find(folder: &Path, known: &mut BTreeMap<String, PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("list {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            find(&path, known)?;
        } else {
            known.insert(plain(&path.to_string_lossy()), path);
        }
    }
    Ok(())
}

fn uncompressed(path: &Path, busybox: &Path) -> Result<Vec<u8>> {
    if path.extension().is_none_or(|ending| ending != "xz") {
        return Ok(fs::read(path)?);
    }
    let done = Command::new(busybox)
        .arg("xzcat")
        .arg(path)
        .stdin(Stdio::null())
        .output()?;
    ensure!(
        done.status.success(),
        "{} cannot be uncompressed",
        path.display()
    );
    Ok(done.stdout)
}

/// The `depends=` line of the module's section `.modinfo`, whose lines end in zero bytes.
fn needs(module: &[u8]) -> Vec<String> {
    let mut lines = module.split(|&byte| byte == 0);
    let list = lines.find_map(|line| line.strip_prefix(b"depends="));
    let list = String::from_utf8_lossy(list.unwrap_or_default()).into_owned();
    list.split(',')
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn needs_are_read() {
        assert_eq!(
            needs(b"\0license=GPL\0depends=mbcache,jbd2\0x"),
            ["mbcache", "jbd2"]
        );
        assert_eq!(needs(b"\0depends=\0"), Vec::<String>::new());
        assert_eq!(needs(b"no module"), Vec::<String>::new());
    }

    #[test]
    fn names_have_one_spelling() {
        assert_eq!(plain("kernel/crypto/crc32c-intel.ko.xz"), "crc32c_intel");
        assert_eq!(plain("ext4"), "ext4");
    }
}
