//! Kernels and busybox as Debian ships them, unpacked once into the cache; nothing is installed here.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use rustix::fs::FlockOperation;

use crate::Kernel;

/// What a guest boots from.
#[derive(Debug, Clone)]
pub struct Store {
    folder: PathBuf,
    release: String,
}

impl Store {
    /// The unpacked packages of a release, fetched from Debian's mirror where they are not there yet (180 MB for
    /// both). `cache` is the project's folder for what is made once a machine.
    ///
    /// # Errors
    /// The mirror cannot be reached, or this is no Debian machine with its archive's keys.
    pub fn ready(kernel: Kernel, cache: &Path) -> Result<Self> {
        let parent = cache.join("guest");
        fs::create_dir_all(&parent).with_context(|| format!("make {}", parent.display()))?;
        // Two tests that start together fetch once.
        let lock = File::create(parent.join("lock"))?;
        rustix::fs::flock(&lock, FlockOperation::LockExclusive)?;
        let folder = parent.join(kernel.name());
        if !folder.exists() {
            let unfinished = parent.join(format!("{kernel}.unfinished"));
            let _none_left = fs::remove_dir_all(&unfinished);
            let fetched = fetch(kernel, &unfinished);
            fetched.with_context(|| format!("fetch the kernel of {kernel} from Debian"))?;
            fs::rename(&unfinished, &folder)?;
        }
        let release = the_only(&folder.join(MODULES))?;
        Ok(Self { folder, release })
    }

    /// The folder of `HYGIE_CACHE`, else `~/.cache/hygie`.
    ///
    /// # Errors
    /// Neither variable is set.
    pub fn cache() -> Result<PathBuf> {
        if let Some(chosen) = std::env::var_os("HYGIE_CACHE") {
            return std::path::absolute(chosen).context("HYGIE_CACHE is not a usable path");
        }
        let home = std::env::var_os("HOME").context("neither HYGIE_CACHE nor HOME is set")?;
        Ok(PathBuf::from(home).join(".cache/hygie"))
    }

    /// The version of the kernel, as `uname -r` says it.
    #[must_use]
    pub fn release(&self) -> &str {
        &self.release
    }

    pub(crate) fn image(&self) -> PathBuf {
        self.folder.join(format!("boot/vmlinuz-{}", self.release))
    }

    pub(crate) fn modules(&self) -> PathBuf {
        self.folder.join(MODULES).join(&self.release)
    }

    pub(crate) fn busybox(&self) -> PathBuf {
        self.folder.join("busybox")
    }
}

/// Downloads (apt verifies) and unpacks; apt's own lists and cache on this machine stay as they are.
fn fetch(kernel: Kernel, folder: &Path) -> Result<()> {
    let apt = Apt::prepare(kernel, &folder.join("apt"))?;
    apt.run("apt-get", &["update", "-qq"])?;
    let meta = apt.run("apt-cache", &["show", "--no-all-versions", META])?;
    let image = image_package(&meta).context("Debian's linux-image-amd64 names no image")?;
    apt.run("apt-get", &["download", "-qq", &image, "busybox-static"])?;
    let packages = apt.folder.join("packages");
    for package in fs::read_dir(&packages)? {
        let package = package?.path();
        let unpack = [OsStr::new("-x"), package.as_os_str(), folder.as_os_str()];
        output(Command::new("dpkg-deb").args(unpack))?;
    }
    fs::remove_dir_all(&apt.folder)?;
    // Debian 13 has /usr/lib, Debian 12 /lib.
    let of_13 = folder.join("usr/lib/modules");
    if of_13.exists() {
        fs::create_dir_all(folder.join("lib"))?;
        fs::rename(of_13, folder.join(MODULES))?;
    }
    for place in ["usr/bin/busybox", "bin/busybox"] {
        if folder.join(place).exists() {
            fs::rename(folder.join(place), folder.join("busybox"))?;
        }
    }
    ensure!(
        folder.join("busybox").exists(),
        "busybox-static has no busybox"
    );
    let _only_documents = fs::remove_dir_all(folder.join("usr"));
    Ok(())
}

/// The package that the ever newest `linux-image-amd64` depends on.
fn image_package(meta: &str) -> Option<String> {
    let depends = meta
        .lines()
        .find_map(|line| line.strip_prefix("Depends:"))?;
    let first = depends.split([',', '(', '|']).next()?.trim();
    first.starts_with("linux-image-").then(|| first.to_owned())
}

/// apt with folders and sources of its own.
struct Apt {
    folder: PathBuf,
    options: Vec<String>,
}

impl Apt {
    fn prepare(kernel: Kernel, folder: &Path) -> Result<Self> {
        ensure!(
            Path::new(KEYS).exists(),
            "the keys of Debian's archive are missing ({KEYS}): install debian-archive-keyring"
        );
        for name in ["lists/partial", "cache/archives/partial", "packages"] {
            fs::create_dir_all(folder.join(name))?;
        }
        let mirror = std::env::var("HYGIE_DEBIAN_MIRROR");
        let mirror = mirror.unwrap_or_else(|_not_set| MIRROR.to_owned());
        let suite = kernel.suite();
        let sources = format!(
            "deb [signed-by={KEYS}] {mirror}/debian {suite} main\n\
             deb [signed-by={KEYS}] {mirror}/debian-security {suite}-security main\n"
        );
        let list = folder.join("sources.list");
        fs::write(&list, sources)?;
        let mut options: Vec<String> = [
            "APT::Architecture=amd64",
            "APT::Sandbox::User=",
            "Acquire::Languages=none",
            "Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false",
            "Acquire::Retries=3",
            "Dir::Etc::SourceParts=/dev/null",
            "Dir::Etc::Preferences=/dev/null",
            "Dir::Etc::PreferencesParts=/dev/null",
        ]
        .map(String::from)
        .into();
        let own = |name: &str, path: PathBuf| format!("{name}={}", path.display());
        options.push(own("Dir::Etc::SourceList", list));
        options.push(own("Dir::State::Lists", folder.join("lists")));
        options.push(own("Dir::Cache", folder.join("cache")));
        let folder = folder.to_owned();
        Ok(Self { folder, options })
    }

    fn run(&self, program: &str, arguments: &[&str]) -> Result<String> {
        let mut command = Command::new(program);
        for option in &self.options {
            command.args(["-o", option]);
        }
        command.current_dir(self.folder.join("packages"));
        output(command.args(arguments).env("LC_ALL", "C"))
    }
}

/// What a command prints, when it succeeds; else what it complained.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let done = command.stdin(Stdio::null()).output();
    let done = done.with_context(|| format!("start {program}"))?;
    if !done.status.success() {
        bail!(
            "{program}: {}",
            String::from_utf8_lossy(&done.stderr).trim()
        );
    }
    Ok(String::from_utf8_lossy(&done.stdout).into_owned())
}

fn the_only(folder: &Path) -> Result<String> {
    let entries = fs::read_dir(folder).with_context(|| format!("list {}", folder.display()))?;
    let names: Vec<_> = entries.flatten().map(|entry| entry.file_name()).collect();
    let [name] = names.as_slice() else {
        bail!(
            "{} holds {} kernels, not one: remove it",
            folder.display(),
            names.len()
        );
    };
    Ok(name.to_string_lossy().into_owned())
}

const META: &str = "linux-image-amd64";
const MODULES: &str = "lib/modules";
const KEYS: &str = "/usr/share/keyrings/debian-archive-keyring.gpg";
const MIRROR: &str = "http://deb.debian.org";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_image_is_found_in_the_meta_package() {
        let meta =
            "Package: linux-image-amd64\nDepends: linux-image-6.1.0-56-amd64 (= 6.1.192-2)\n";
        assert_eq!(
            image_package(meta).as_deref(),
            Some("linux-image-6.1.0-56-amd64")
        );
        assert_eq!(image_package("Depends: libc6"), None);
        assert_eq!(image_package(""), None);
    }
}
