//! The files of a journal's folder and the lines in them.

use std::{
    fs::{self, File},
    io::{self, BufRead, BufReader},
    path::{Path, PathBuf},
};

use crate::{Error, MAX_LINE, Month};

/// One month's file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Segment {
    pub(crate) month: Month,
    pub(crate) path: PathBuf,
}

impl Segment {
    pub(crate) fn of(dir: &Path, month: Month) -> Self {
        let path = dir.join(format!("{month}.jsonl"));
        Self { month, path }
    }

    /// The segments of a journal, oldest first; other files are left alone.
    pub(crate) fn list(dir: &Path) -> Result<Vec<Self>, Error> {
        let mut segments = Vec::new();
        for entry in fs::read_dir(dir).map_err(Error::at(dir))? {
            let entry = entry.map_err(Error::at(dir))?;
            let name = entry.file_name();
            let month = name.to_str().and_then(|name| name.strip_suffix(".jsonl"));
            if let Some(month) = month.and_then(|text| text.parse().ok()) {
                segments.push(Self::of(dir, month));
            }
        }
        segments.sort();
        Ok(segments)
    }

    /// The file's length.
    pub(crate) fn len(&self) -> Result<u64, Error> {
        let found = fs::metadata(&self.path).map_err(Error::at(&self.path))?;
        Ok(found.len())
    }

    pub(crate) fn lines(&self) -> Result<Lines, Error> {
        let file = File::open(&self.path).map_err(Error::at(&self.path))?;
        Ok(Lines {
            path: self.path.clone(),
            reader: BufReader::new(file),
            number: 0,
            end: 0,
        })
    }
}

/// The lines of one segment; memory stays bounded whatever the file holds.
#[derive(Debug)]
pub(crate) struct Lines {
    path: PathBuf,
    reader: BufReader<File>,
    number: u64,
    end: u64,
}

/// One line of a file.
#[derive(Debug)]
pub(crate) struct Line {
    /// Its number, from 1 on.
    pub(crate) number: u64,
    /// Where it begins.
    pub(crate) start: u64,
    /// Where the next one begins.
    pub(crate) end: u64,
    /// Its bytes without the newline; one byte more than a record may have where it is longer.
    pub(crate) bytes: Vec<u8>,
    /// How it ends.
    pub(crate) ending: Ending,
}

/// How a line ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    Newline,
    /// The file ends before the line does.
    Torn,
}

impl Lines {
    /// The next line, `None` at the end of the file.
    pub(crate) fn next(&mut self) -> Result<Option<Line>, Error> {
        self.read().map_err(Error::at(&self.path))
    }

    fn read(&mut self) -> io::Result<Option<Line>> {
        let start = self.end;
        let mut bytes = Vec::new();
        let mut ending = Ending::Torn;
        while ending == Ending::Torn {
            let chunk = self.reader.fill_buf()?;
            if chunk.is_empty() {
                break;
            }
            let newline = chunk.iter().position(|byte| *byte == b'\n');
            let content = &chunk[..newline.unwrap_or(chunk.len())];
            let room = (MAX_LINE + 1).saturating_sub(bytes.len());
            bytes.extend_from_slice(&content[..content.len().min(room)]);
            let used = content.len() + usize::from(newline.is_some());
            if newline.is_some() {
                ending = Ending::Newline;
            }
            self.reader.consume(used);
            self.end += used as u64;
        }
        if self.end == start {
            return Ok(None);
        }
        self.number += 1;
        Ok(Some(Line {
            number: self.number,
            start,
            end: self.end,
            bytes,
            ending,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_whole_and_a_torn_end_is_known() {
        let dir = tempfile::tempdir().unwrap();
        let segment = Segment::of(dir.path(), "2026-11".parse().unwrap());
        let long = "x".repeat(2 * MAX_LINE);
        fs::write(&segment.path, format!("a\n\n{long}\nend")).unwrap();
        let mut lines = segment.lines().unwrap();
        let mut seen = Vec::new();
        while let Some(line) = lines.next().unwrap() {
            seen.push((line.number, line.start, line.bytes.len(), line.ending));
        }
        let after = 3 + long.len() as u64 + 1;
        assert_eq!(
            seen,
            [
                (1, 0, 1, Ending::Newline),
                (2, 2, 0, Ending::Newline),
                (3, 3, MAX_LINE + 1, Ending::Newline),
                (4, after, 3, Ending::Torn),
            ]
        );
    }

    #[test]
    fn only_months_are_segments() {
        let dir = tempfile::tempdir().unwrap();
        for name in [
            "2026-11.jsonl",
            "2025-12.jsonl",
            "head",
            "2026-13.jsonl",
            "2026-11.jsonl.new",
        ] {
            fs::write(dir.path().join(name), "").unwrap();
        }
        let months: Vec<_> = Segment::list(dir.path()).unwrap();
        let months: Vec<_> = months.iter().map(|s| s.month.to_string()).collect();
        assert_eq!(months, ["2025-12", "2026-11"]);
    }
}
