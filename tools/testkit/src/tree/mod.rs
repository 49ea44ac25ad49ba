//! A practice's folder, made up: letters, results, images, a database, and the oddities that real disks have.

mod documents;
mod images;
mod zip;

use std::ffi::OsStr;
use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use rustix::fs::{Timespec, Timestamps, XattrFlags};

use crate::{Fill, Noise};

/// How the tree is made; the same seed and numbers make the same tree, byte for byte, times included.
#[derive(Debug, Clone)]
pub struct SealedTree {
    seed: u64,
    files: usize,
    largest: usize,
}

impl Fill for SealedTree {
    fn fill(&self, folder: &Path) -> std::io::Result<()> {
        self.make(folder)
            .map(|_paths| ())
            .map_err(|error| std::io::Error::other(format!("{error:#}")))
    }
}

impl SealedTree {
    /// A tree of 60 files up to 1 MB.
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            files: 60,
            largest: 1 << 20,
        }
    }

    /// With so many files; the oddities (some ten more) come on top.
    #[must_use]
    pub fn files(mut self, files: usize) -> Self {
        self.files = files;
        self
    }

    /// With no file much larger than so many bytes.
    #[must_use]
    pub fn largest(mut self, bytes: usize) -> Self {
        self.largest = bytes;
        self
    }

    /// Makes it in an existing folder and gives the paths of its files, relative to the folder, in order.
    ///
    /// # Errors
    /// The system refused.
    pub fn make(&self, folder: &Path) -> Result<Vec<PathBuf>> {
        let mut noise = Noise::new(self.seed);
        let mut paths = Vec::new();
        for number in 0..self.files {
            let path = self.place(&mut noise, number);
            let whole = folder.join(&path);
            std::fs::create_dir_all(whole.parent().context("a file lies in a folder")?)?;
            self.write(&mut noise, &whole, number)?;
            paths.push(path);
        }
        paths.extend(oddities(folder, &mut noise, paths.first())?);
        for path in &paths {
            set_time(&folder.join(path), &mut noise)?;
        }
        Ok(paths)
    }

    /// Folders as people make them: by patient, by year, with accents and spaces.
    fn place(&self, noise: &mut Noise, number: usize) -> PathBuf {
        let (name, first) = (noise.pick(NAMES), noise.pick(FIRST_NAMES));
        let year = 2019 + noise.below(7);
        let (stem, ending) = ENDINGS
            .get(number % ENDINGS.len())
            .copied()
            .unwrap_or(("note", "txt"));
        let file = format!("{stem} {name} {number:04}.{ending}");
        let patient = format!("{name} {first}");
        match noise.below(4) {
            0 => Path::new("Patients").join(patient).join(file),
            1 => Path::new("Patients")
                .join(patient)
                .join(year.to_string())
                .join(file),
            2 => Path::new("Comptes rendus")
                .join(year.to_string())
                .join("À classer")
                .join(file),
            _ => Path::new("Secrétariat").join(file),
        }
    }

    fn write(&self, noise: &mut Noise, path: &Path, number: usize) -> Result<()> {
        let size = self.size(noise);
        let content = match ENDINGS
            .get(number % ENDINGS.len())
            .map_or("txt", |(_, ending)| ending)
        {
            "rtf" => documents::rtf(noise, size),
            "html" => documents::html(noise, size),
            "pdf" => documents::pdf(noise, size),
            "csv" => documents::csv(noise, size),
            "docx" => documents::docx(noise, size),
            "png" => images::png(noise, size),
            "jpg" => images::jpeg(noise, size),
            "dcm" => images::dicom(noise, size),
            "db" => return documents::database(noise, path, size),
            _ => noise.prose(size).into_bytes(),
        };
        std::fs::write(path, content).with_context(|| format!("write {}", path.display()))
    }

    /// Most are small, some are large, as on real disks.
    fn size(&self, noise: &mut Noise) -> usize {
        let most = match noise.below(20) {
            0 => self.largest,
            1..=4 => self.largest / 10,
            _ => self.largest / 100,
        };
        let size = usize::try_from(noise.below(most as u64)).unwrap_or(0);
        size.max(200).min(self.largest)
    }
}

/// What breaks programs that only ever saw tidy folders.
fn oddities(folder: &Path, noise: &mut Noise, first: Option<&PathBuf>) -> Result<Vec<PathBuf>> {
    let odd = Path::new("Divers");
    std::fs::create_dir_all(folder.join(odd).join("dossier vide"))?;
    let mut paths = Vec::new();
    let mut add = |name: &[u8], content: &[u8]| -> Result<PathBuf> {
        let path = odd.join(OsStr::from_bytes(name));
        std::fs::write(folder.join(&path), content)?;
        paths.push(path.clone());
        Ok(path)
    };
    add(b"vide.txt", b"")?;
    add(b"un octet", b"x")?;
    add(b"r\xe9sum\xe9 ancien.txt", noise.prose(800).as_bytes())?;
    add(
        "e\u{301}te\u{301} (accents de\u{301}compose\u{301}s).txt".as_bytes(),
        noise.prose(600).as_bytes(),
    )?;
    add(b"  espaces  .txt", noise.prose(300).as_bytes())?;
    add(b"ligne\nsuivante.txt", noise.prose(300).as_bytes())?;
    add(b".cach\xc3\xa9", noise.prose(200).as_bytes())?;
    add(&[b'n'; 240], noise.prose(200).as_bytes())?;
    add(b"un bloc.bin", &noise.bytes(4096))?;
    let tagged = add("étiqueté.txt".as_bytes(), noise.prose(900).as_bytes())?;
    let linked = add(b"deux noms.txt", noise.prose(1500).as_bytes())?;
    for (name, value) in [
        ("user.hygie-test", &b"valeur"[..]),
        ("user.octets", b"\0\xff\x01"),
    ] {
        rustix::fs::setxattr(folder.join(&tagged), name, value, XattrFlags::empty())
            .context("set an attribute")?;
    }
    for name in ["deux noms (bis).txt", "deux noms (ter).txt"] {
        let path = odd.join(name);
        std::fs::hard_link(folder.join(&linked), folder.join(&path))?;
        paths.push(path);
    }
    let sparse = odd.join("creux.img");
    let mut file = File::create(folder.join(&sparse))?;
    file.write_all(b"debut")?;
    file.seek(SeekFrom::Start(700_000))?;
    file.write_all(b"fin")?;
    paths.push(sparse);
    let target = first.map_or_else(
        || PathBuf::from("vide.txt"),
        |first| Path::new("..").join(first),
    );
    for (name, target) in [
        ("raccourci", target),
        ("raccourci rompu", PathBuf::from("nulle part")),
    ] {
        let link = folder.join(odd).join(name);
        std::os::unix::fs::symlink(target, &link)?;
        set_time(&link, noise)?;
    }
    Ok(paths)
}

/// A time in 2019 to 2025, to the nanosecond.
fn set_time(path: &Path, noise: &mut Noise) -> Result<()> {
    let seconds = i64::try_from(1_550_000_000 + noise.below(220_000_000))?;
    let then = Timespec {
        tv_sec: seconds,
        tv_nsec: i64::try_from(noise.below(1_000_000_000))?,
    };
    let times = Timestamps {
        last_access: then,
        last_modification: then,
    };
    rustix::fs::utimensat(
        rustix::fs::CWD,
        path,
        &times,
        rustix::fs::AtFlags::SYMLINK_NOFOLLOW,
    )
    .context("set times")
}

const ENDINGS: &[(&str, &str)] = &[
    ("lettre", "txt"),
    ("courrier", "rtf"),
    ("résultats", "html"),
    ("ordonnance", "pdf"),
    ("scanner", "png"),
    ("photo", "jpg"),
    ("radio", "dcm"),
    ("agenda", "csv"),
    ("compte rendu", "docx"),
    ("dossiers", "db"),
];
const NAMES: &[&str] = &[
    "Lefèvre",
    "Dupont",
    "N'Guyen",
    "Özdemir",
    "Müller",
    "Le Gall",
    "Martin",
    "Françoise-Noël",
];
const FIRST_NAMES: &[&str] = &["Chloé", "Jérôme", "Anaïs", "Michel", "Zoé", "François"];
