//! Labelled messages from the shared corpora (INDEX.md there): read from their packed files, never written anywhere.
//! They are hostile: parsed, never rendered, and no address in them is ever asked for.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

/// What a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// Made to deceive.
    Trap,
    /// Unwanted, not made to deceive; some of it does.
    Advert,
    /// What people get from each other and from firms.
    Ordinary,
}

/// Language, as a program told it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tongue {
    /// English.
    En,
    /// French.
    Fr,
    /// Any other, or too short to tell.
    Other,
}

/// Where messages come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// Lists and mailboxes of 2002 (PDDL).
    SpamAssassin,
    /// One household's mailbox of 2025 (MIT).
    Mailbox,
    /// A developers' list of 2019 to 2023 (no licence stated: measuring only).
    KernelList,
    /// Templates of a shop (OSL: measuring only).
    Shop,
    /// A honey pot of 2022 to 2024 (CC BY-NC: research only).
    HoneyPot,
    /// SMS of before 2012 (CC BY).
    Uci,
    /// SMS of frauds (CC BY).
    Mendeley,
    /// French private SMS of 2011 (research: measuring only).
    FrenchChat,
    /// Written for Hygie; trains, never stands in a figure.
    Written,
}

impl Source {
    /// What a model that is sold may learn from.
    #[must_use]
    pub fn is_free(self) -> bool {
        match self {
            Self::SpamAssassin | Self::Mailbox | Self::Uci | Self::Mendeley | Self::Written => true,
            Self::KernelList | Self::Shop | Self::HoneyPot | Self::FrenchChat => false,
        }
    }
}

/// One message with its label.
#[derive(Clone, Debug)]
pub struct Sample {
    /// Its name in the corpus.
    pub name: String,
    /// What it is.
    pub class: Class,
    /// Its language.
    pub tongue: Tongue,
    /// Where it comes from.
    pub source: Source,
    /// `2024-05`, or nothing.
    pub month: String,
    /// Near-duplicates have one number.
    pub cluster: u64,
    /// What it is made of.
    pub raw: Raw,
}

/// The bytes.
#[derive(Clone, Debug)]
pub enum Raw {
    /// An e-mail.
    Mail(Vec<u8>),
    /// An SMS.
    Sms(String),
}

/// Reads all mails of a folder of corpora.
pub fn mails(folder: &Path) -> Result<Vec<Sample>> {
    #[derive(Deserialize)]
    struct Row {
        archive: String,
        file: String,
        class: String,
        lang: String,
        month: String,
        source: String,
        cluster: u64,
    }
    let list = csv_rows::<Row>(&folder.join("mail-manifest.csv.zst"))?;
    let mut archives: BTreeMap<&str, BTreeMap<String, Vec<u8>>> = BTreeMap::new();
    for row in &list {
        if !archives.contains_key(&*row.archive) {
            archives.insert(&row.archive, unpacked(&folder.join(&row.archive))?);
        }
    }
    let mut samples = Vec::new();
    for row in &list {
        let Some(raw) = archives[&*row.archive].get(&row.file) else {
            bail!("{} is in the list and not in {}", row.file, row.archive);
        };
        samples.push(Sample {
            name: row.file.clone(),
            class: class(&row.class)?,
            tongue: tongue(&row.lang),
            source: source(&row.source)?,
            month: row.month.clone(),
            cluster: row.cluster,
            raw: Raw::Mail(raw.clone()),
        });
    }
    Ok(samples)
}

/// Reads the real SMS of a folder of corpora. The synthetic file is left out: whoever learns its tricks learns nothing.
pub fn sms(folder: &Path) -> Result<Vec<Sample>> {
    #[derive(Deserialize)]
    struct Row {
        source: String,
        source_id: String,
        class: String,
        lang: String,
        cluster: u64,
        text: String,
    }
    csv_rows::<Row>(&folder.join("sms.csv.zst"))?
        .into_iter()
        .map(|row| {
            Ok(Sample {
                name: format!("{}-{}", row.source, row.source_id),
                class: class(&row.class)?,
                tongue: tongue(&row.lang),
                source: source(&row.source)?,
                month: String::new(),
                cluster: row.cluster,
                raw: Raw::Sms(row.text),
            })
        })
        .collect()
}

fn csv_rows<T: for<'a> Deserialize<'a>>(path: &Path) -> Result<Vec<T>> {
    let mut reader = csv::Reader::from_reader(opened(path)?);
    let rows: Result<Vec<T>, csv::Error> = reader.deserialize().collect();
    rows.with_context(|| format!("cannot read {}", path.display()))
}

fn unpacked(path: &Path) -> Result<BTreeMap<String, Vec<u8>>> {
    let mut files = BTreeMap::new();
    let mut archive = tar::Archive::new(opened(path)?);
    for entry in archive.entries()? {
        let mut entry = entry.with_context(|| format!("cannot unpack {}", path.display()))?;
        if entry.header().entry_type().is_file() {
            let name = entry.path()?.to_string_lossy().into_owned();
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes)?;
            files.insert(name, bytes);
        }
    }
    Ok(files)
}

fn opened(path: &Path) -> Result<impl Read + use<>> {
    let file = File::open(path).with_context(|| {
        format!(
            "cannot open {}: name the folder of the corpora with --corpora",
            path.display()
        )
    })?;
    let mut decoder = zstd::Decoder::new(file)?;
    decoder.window_log_max(27)?;
    Ok(decoder)
}

fn class(name: &str) -> Result<Class> {
    Ok(match name {
        "phish" => Class::Trap,
        "spam" => Class::Advert,
        "ham" => Class::Ordinary,
        other => bail!("no class is called {other}"),
    })
}

fn tongue(name: &str) -> Tongue {
    match name {
        "en" => Tongue::En,
        "fr" => Tongue::Fr,
        _ => Tongue::Other,
    }
}

fn source(name: &str) -> Result<Source> {
    Ok(match name {
        "spamassassin" => Source::SpamAssassin,
        "foff" => Source::Mailbox,
        "linux-crypto" => Source::KernelList,
        "prestashop" => Source::Shop,
        "phishing_pot" => Source::HoneyPot,
        "uci" => Source::Uci,
        "mendeley" => Source::Mendeley,
        "88milsms" => Source::FrenchChat,
        other => bail!("no source is called {other}"),
    })
}
