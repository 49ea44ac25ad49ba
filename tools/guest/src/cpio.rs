//! The archive that a kernel unpacks as its first file system (cpio, the form `newc`).

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

/// An archive that grows.
#[derive(Default)]
pub(crate) struct Archive {
    bytes: Vec<u8>,
    folders: BTreeSet<String>,
    number: u32,
}

impl Archive {
    /// Adds a file by its absolute path, with the folders above it; `mode` holds permissions only.
    pub(crate) fn file(&mut self, path: &str, mode: u32, content: &[u8]) {
        let name = path.trim_start_matches('/');
        for above in Path::new(name)
            .ancestors()
            .skip(1)
            .collect::<Vec<_>>()
            .iter()
            .rev()
        {
            let above = above.to_string_lossy();
            if !above.is_empty() {
                self.folder(&above);
            }
        }
        self.entry(name, 0o100_000 | mode, content);
    }

    /// Adds a folder.
    pub(crate) fn folder(&mut self, path: &str) {
        let name = path.trim_start_matches('/').to_owned();
        if self.folders.insert(name.clone()) {
            self.entry(&name, 0o040_755, b"");
        }
    }

    /// The whole of it.
    pub(crate) fn finish(mut self) -> Vec<u8> {
        self.entry("TRAILER!!!", 0, b"");
        self.bytes
    }

    fn entry(&mut self, name: &str, mode: u32, content: &[u8]) {
        self.number += 1;
        let size = u32::try_from(content.len()).expect("nobody gives a guest a file of 4 GB");
        let name_size = u32::try_from(name.len() + 1).expect("a path is short");
        // Number, mode, owner, group, links, time, size, device and special device, size of the name, sum.
        let fields = [
            self.number,
            mode,
            0,
            0,
            1,
            0,
            size,
            0,
            0,
            0,
            0,
            name_size,
            0,
        ];
        let mut header = String::from("070701");
        for field in fields {
            let _infallible = write!(header, "{field:08x}");
        }
        self.bytes.extend_from_slice(header.as_bytes());
        self.bytes.extend_from_slice(name.as_bytes());
        self.bytes.push(0);
        self.align();
        self.bytes.extend_from_slice(content);
        self.align();
    }

    fn align(&mut self) {
        self.bytes.resize(self.bytes.len().next_multiple_of(4), 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archive_has_folders_before_files() {
        let mut archive = Archive::default();
        archive.file("/a/b/c", 0o755, b"hello");
        archive.file("/a/d", 0o644, b"");
        let bytes = archive.finish();
        assert_eq!(bytes.len() % 4, 0);
        let text = String::from_utf8_lossy(&bytes).replace('\0', "");
        let names: Vec<&str> = text
            .split("070701")
            .skip(1)
            .map(|entry| &entry[104..])
            .collect();
        assert_eq!(names, ["a", "a/b", "a/b/chello", "a/d", "TRAILER!!!"]);
    }
}
