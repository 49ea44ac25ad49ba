//! Disks as a power cut leaves them: what the disk had not been told to keep is there in part, or not at all.
//!
//! QEMU's `blklogwrites` writes the log in the form of the kernel's `dm-log-writes`.

use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use crate::Disk;

/// Everything that a guest wrote to a disk, in the order in which it was done.
pub struct Log {
    file: File,
    entries: Vec<Entry>,
}

/// One request.
#[derive(Debug, Clone, Copy)]
struct Entry {
    kind: Kind,
    /// Where on the disk.
    sector: u64,
    /// Where the data is in the log, in bytes, and how long.
    data: u64,
    length: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Write,
    /// All that was done before lasts.
    Flush,
    Other,
}

/// A moment, and what of the writes that no flush followed is on the disk.
#[derive(Debug, Clone, Copy)]
pub struct Cut {
    /// So many requests had been done.
    pub after: usize,
    /// Decides which of the pages since the last flush are there.
    pub seed: u64,
}

impl Log {
    /// Reads a log. One that ends in the middle of a request is read as far as it goes.
    ///
    /// # Errors
    /// It is no log, or cannot be read.
    pub fn read(path: &Path) -> Result<Self> {
        let file = File::open(path).with_context(|| format!("open {}", path.display()))?;
        let end = file.metadata()?.len();
        let mut head = [0; 28];
        file.read_exact_at(&mut head, 0)
            .context("the log has no beginning")?;
        ensure!(number(&head, 0) == MAGIC, "this is no log of writes");
        let mut entries = Vec::new();
        let mut at = SECTOR;
        let mut words = [0; 32];
        while at + SECTOR <= end {
            file.read_exact_at(&mut words, at)?;
            let [sector, sectors, flags] = [0, 8, 16].map(|place| number(&words, place));
            let kind = match (flags, sectors) {
                // A place that was never written: requests after it were still under way.
                (0, 0) => break,
                (0, _) => Kind::Write,
                (FLUSH, _) => Kind::Flush,
                _ => Kind::Other,
            };
            let length = if kind == Kind::Write {
                sectors * SECTOR
            } else {
                0
            };
            let data = at + SECTOR;
            if data + length > end {
                break;
            }
            entries.push(Entry {
                kind,
                sector,
                data,
                length,
            });
            at = data + length;
        }
        ensure!(
            entries.iter().all(|entry| entry.kind != Kind::Other),
            "a discard or mark: not expected"
        );
        Ok(Self { file, entries })
    }

    /// How many requests it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it holds none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// How many requests had surely been done when the log was so long.
    #[must_use]
    pub fn done_at(&self, length: u64) -> usize {
        self.entries
            .partition_point(|entry| entry.data + entry.length <= length)
    }

    /// How many writes since the last flush hang in the air at that moment.
    #[must_use]
    pub fn in_the_air(&self, after: usize) -> usize {
        after.min(self.len()) - self.lasting(after)
    }

    /// Makes the disk of a cut out of the disk as it was before the first request.
    ///
    /// # Errors
    /// The system refused.
    pub fn cut(&self, before: &Disk, cut: Cut, image: &Path) -> Result<Disk> {
        let disk = before.copy(image)?;
        let out = fs::OpenOptions::new().write(true).open(image)?;
        let lasting = self.lasting(cut.after);
        let mut chance = Chance(cut.seed);
        // A disk may keep all that it was given, nothing, or any of its pages.
        let odds = *[0, 50, 50, 90, 100].get(chance.below(5)).unwrap_or(&50);
        for (number, entry) in self.entries.iter().take(cut.after).enumerate() {
            let mut at = 0;
            while at < entry.length {
                let length = PAGE.min(entry.length - at);
                if number < lasting || chance.below(100) < odds {
                    let mut page = vec![0; usize::try_from(length)?];
                    self.file.read_exact_at(&mut page, entry.data + at)?;
                    out.write_all_at(&page, entry.sector * SECTOR + at)?;
                }
                at += length;
            }
        }
        Ok(disk)
    }

    /// So many of the first requests last: those before the last flush.
    fn lasting(&self, after: usize) -> usize {
        let done = self.entries.iter().take(after);
        let is_flush = |entry: &Entry| entry.kind == Kind::Flush;
        done.rev()
            .position(is_flush)
            .map_or(0, |back| after.min(self.len()) - back)
    }
}

fn number(bytes: &[u8], at: usize) -> u64 {
    let word = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>());
    word.map_or(0, |word| u64::from_le_bytes(*word))
}

/// Numbers from a seed (splitmix64).
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let end = u64::try_from(end).unwrap_or(1).max(1);
        usize::try_from((z ^ (z >> 31)) % end).unwrap_or(0)
    }
}

const MAGIC: u64 = 0x006a_7366_7773_6872;
const SECTOR: u64 = 512;
/// A disk may write half of a request, but not half of a page of it.
const PAGE: u64 = 4096;
const FLUSH: u64 = 1;

#[cfg(test)]
mod tests {
    use super::*;

    fn log(requests: &[(u64, u64, u64)]) -> Vec<u8> {
        let mut bytes = vec![0; 512];
        bytes[..8].copy_from_slice(&MAGIC.to_le_bytes());
        for &(sector, sectors, flags) in requests {
            let at = bytes.len();
            bytes.resize(at + 512 + usize::try_from(sectors).unwrap() * 512, 7);
            for (place, word) in [sector, sectors, flags, 0].into_iter().enumerate() {
                bytes[at + place * 8..at + place * 8 + 8].copy_from_slice(&word.to_le_bytes());
            }
        }
        bytes
    }

    fn read(bytes: &[u8]) -> Result<Log> {
        let file = tempfile::NamedTempFile::new()?;
        fs::write(file.path(), bytes)?;
        Log::read(file.path())
    }

    #[test]
    fn what_a_flush_followed_lasts() {
        let bytes = log(&[(0, 1, 0), (0, 0, FLUSH), (8, 2, 0), (16, 1, 0)]);
        let log = read(&bytes).unwrap();
        assert_eq!(log.len(), 4);
        let lasting: Vec<usize> = (0..6).map(|after| log.lasting(after)).collect();
        assert_eq!(lasting, [0, 0, 2, 2, 2, 2]);
        assert_eq!(log.in_the_air(4), 2);
        assert_eq!(log.done_at(512 + 1024), 1);
        assert_eq!(log.done_at(512 + 1024 + 511), 1);
        assert_eq!(log.done_at(512 + 1024 + 512), 2);
    }

    #[test]
    fn a_cut_keeps_what_lasts() {
        let folder = tempfile::tempdir().unwrap();
        let image = folder.path().join("before");
        fs::write(&image, vec![0; 64 << 10]).unwrap();
        let before = Disk { image, log: None };
        let log = read(&log(&[(0, 1, 0), (0, 0, FLUSH), (8, 2, 0)])).unwrap();
        let mut seen = [false; 2];
        for seed in 0..40 {
            let image = folder.path().join("after");
            log.cut(&before, Cut { after: 3, seed }, &image).unwrap();
            let bytes = fs::read(&image).unwrap();
            assert_eq!(bytes.len(), 64 << 10);
            assert_eq!(bytes[..512], [7; 512]);
            seen[usize::from(bytes[8 * 512] == 7)] = true;
        }
        assert_eq!(seen, [true; 2]);
    }

    #[test]
    fn a_torn_log_is_read_as_far_as_it_goes() {
        let bytes = log(&[(0, 1, 0), (8, 2, 0)]);
        assert_eq!(read(&bytes[..bytes.len() - 1]).unwrap().len(), 1);
        assert!(read(&bytes[..600]).is_ok_and(|log| log.is_empty()));
        assert!(read(&[0; 512]).is_err());
        assert!(read(b"").is_err());
    }
}
