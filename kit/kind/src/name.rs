//! What a file's name says: whether people gave it, and what its extension promises.
//! Only the shape is kept, never the name itself: names of patients stay where they are.

/// The shape of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name {
    /// Equal for equal names; says nothing else.
    pub key: u64,
    /// The same for the name without its last extension: `a.odt.gpg` has the key of `a.odt` here.
    pub base: u64,
    /// The part before the extension.
    pub stem: Stem,
    /// The last extension.
    pub extension: Extension,
}

/// Whether the part before the extension was chosen by somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stem {
    /// Words, numbers, dates.
    Plain,
    /// Looks drawn by chance: a digest, base64, random letters.
    Meaningless,
}

/// What the last extension promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Extension {
    /// There is none.
    None,
    /// One that programs know.
    Known,
    /// One that says "set aside": `.bak`, `.old`, `.tmp`, `~`.
    Aside,
    /// One that no list has.
    Unknown,
}

impl Name {
    /// The shape of the last component of a path.
    #[must_use]
    pub fn of(name: &[u8]) -> Self {
        let (stem, extension) = split(name);
        Self {
            key: fnv(name),
            base: fnv(stem),
            stem: if is_meaningless(stem) {
                Stem::Meaningless
            } else {
                Stem::Plain
            },
            extension: class(name, extension),
        }
    }
}

/// FNV-1a, 64 bits (<http://www.isthe.com/chongo/tech/comp/fnv/>): only equality matters.
fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

fn split(name: &[u8]) -> (&[u8], &[u8]) {
    match name.iter().rposition(|&byte| byte == b'.') {
        Some(dot) if dot > 0 => (&name[..dot], &name[dot + 1..]),
        _ => (name, b""),
    }
}

fn class(name: &[u8], extension: &[u8]) -> Extension {
    let lower = extension.to_ascii_lowercase();
    let is = |list: &[&str]| list.iter().any(|one| one.as_bytes() == lower);
    if name.ends_with(b"~") || lower.ends_with(b"_original") || is(ASIDE) {
        Extension::Aside
    } else if extension.is_empty() {
        Extension::None
    } else if is(KNOWN) || lower.iter().all(u8::is_ascii_digit) {
        Extension::Known
    } else {
        Extension::Unknown
    }
}

/// Judged by runs: dates, counters and words have few changes between letters, digits and cases,
/// and words have vowels. What is not ASCII counts as a vowel: é, и, あ are somebody's words.
fn is_meaningless(stem: &[u8]) -> bool {
    if stem.len() < 8 {
        return false;
    }
    let hex = stem.iter().filter(|byte| byte.is_ascii_hexdigit()).count();
    let digits = stem.iter().filter(|byte| byte.is_ascii_digit()).count();
    let dashes = stem.iter().filter(|&&byte| byte == b'-').count();
    if hex + dashes == stem.len() && stem.len() >= 16 && digits < hex && digits * 8 > hex {
        return true;
    }
    let turns = stem
        .windows(2)
        .filter(|pair| turns(pair[0], pair[1]))
        .count();
    if turns * 4 >= stem.len() && stem.len() >= 10 {
        return true;
    }
    let (mut run, mut worst, mut letters, mut vowels) = (0, 0, 0, 0);
    for &byte in stem {
        let vowel = b"aeiouyAEIOUY".contains(&byte) || byte >= 128;
        let letter = byte.is_ascii_alphabetic() || byte >= 128;
        letters += usize::from(letter);
        vowels += usize::from(vowel);
        let starts = byte.is_ascii_uppercase() && run > 0;
        run = match (letter && !vowel, starts) {
            (true, false) => run + 1,
            (true, true) => 1,
            (false, _) => 0,
        };
        worst = worst.max(run);
    }
    letters >= 8 && letters * 4 >= stem.len() * 3 && (worst >= 6 || vowels * 10 < letters)
}

/// A change that words do not make: letter to digit or back, small to capital within a word.
fn turns(one: u8, two: u8) -> bool {
    (one.is_ascii_alphabetic() && two.is_ascii_digit())
        || (one.is_ascii_digit() && two.is_ascii_alphabetic())
        || (one.is_ascii_lowercase() && two.is_ascii_uppercase())
}

const ASIDE: &[&str] = &[
    "bak",
    "backup",
    "old",
    "orig",
    "original",
    "sav",
    "save",
    "tmp",
    "temp",
    "part",
    "partial",
    "crdownload",
    "swp",
    "swo",
    "swx",
    "dpkg-new",
    "dpkg-old",
    "dpkg-tmp",
    "rpmnew",
    "rpmsave",
    "new",
    "trashinfo",
    "journal",
    "wal",
    "shm",
];

const KNOWN: &[&str] = &[
    "txt", "md", "rtf", "csv", "tsv", "log", "xml", "json", "yaml", "yml", "toml", "ini", "cfg",
    "conf", "html", "htm", "css", "js", "ts", "svg", "eml", "msg", "mbox", "ics", "vcf", "hl7",
    "tex", "srt", "pdf", "ps", "doc", "docx", "docm", "dot", "dotx", "odt", "ott", "xls", "xlsx",
    "xlsm", "xlsb", "ods", "ppt", "pptx", "pps", "odp", "odg", "pub", "vsd", "pages", "numbers",
    "key", "epub", "jpg", "jpeg", "jpe", "png", "gif", "bmp", "tif", "tiff", "webp", "heic",
    "heif", "ico", "psd", "xcf", "raw", "cr2", "nef", "arw", "dng", "dcm", "dicom", "ima", "mp3",
    "mp4", "m4a", "m4v", "mov", "avi", "mkv", "webm", "wav", "ogg", "oga", "ogv", "flac", "aac",
    "wma", "wmv", "mpg", "mpeg", "3gp", "zip", "7z", "rar", "tar", "gz", "tgz", "bz2", "xz", "zst",
    "lz4", "lzma", "cab", "iso", "img", "jar", "war", "deb", "rpm", "apk", "msi", "exe", "dll",
    "so", "a", "o", "rlib", "rmeta", "d", "pyc", "db", "sqlite", "sqlite3", "mdb", "accdb", "dbf",
    "fdb", "gdb", "sql", "dump", "dat", "bin", "idx", "pack", "rev", "gpg", "pgp", "asc", "sig",
    "age", "kdbx", "kdb", "p12", "pfx", "pem", "crt", "cer", "csr", "jks", "vmdk", "vdi", "qcow2",
    "vhd", "vhdx", "hc", "py", "sh", "bat", "cmd", "ps1", "rb", "pl", "php", "java", "class", "c",
    "h", "cpp", "hpp", "cc", "rs", "go", "cs", "vb", "lua", "ttf", "otf", "woff", "woff2", "lnk",
    "url", "desktop", "torrent", "pst", "ost", "one", "xps",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_people_and_cameras_give_are_plain() {
        for name in [
            "lettre_2024-03-18.odt",
            "IMG_20240318_142501.jpg",
            "DSC00123.JPG",
            "Scan0001.pdf",
            "compte rendu opératoire DUPONT.docx",
            "20240318-1425.dcm",
            "facture-000123456789.pdf",
            "NGC1234.tif",
            "RadiographieThoraxFace.dcm",
            "20240318.csv",
            "WhatsApp Image 2024-03-18.jpeg",
            "ordonnance (2).pdf",
            "CR_IRM_genou_D.odt",
            "Attestation_CPAM.pdf",
            "DrSchwartz.txt",
            "1.2.840.113619.2.55.3.604688.dcm",
            "Кабинет_врача.doc",
            "MVI_0042.mp4",
            "REMBOURSEMENTS_2023.xlsx",
        ] {
            assert_eq!(Name::of(name.as_bytes()).stem, Stem::Plain, "{name}");
        }
    }

    #[test]
    fn names_drawn_by_chance_are_meaningless() {
        for name in [
            "9f86d081884c7d659a2feaa0c55ad015.jpg",
            "a8Kq3ZpX0vTf2.crypt",
            "Zk3vB9wQ1xLm",
            "550e8400-e29b-41d4-a716-446655440000",
            "xkqvzwprtmnb.lck",
            "q7w2e9r4t1y6.docx",
        ] {
            assert_eq!(Name::of(name.as_bytes()).stem, Stem::Meaningless, "{name}");
        }
    }

    #[test]
    fn extensions_fall_into_their_classes() {
        for (name, wanted) in [
            ("a.docx", Extension::Known),
            ("a.JPG", Extension::Known),
            ("a.docx.bak", Extension::Aside),
            ("a.txt~", Extension::Aside),
            ("README", Extension::None),
            (".profile", Extension::None),
            ("a.docx.locked", Extension::Unknown),
            ("a.id-5F3A", Extension::Unknown),
            ("a.001", Extension::Known),
        ] {
            assert_eq!(Name::of(name.as_bytes()).extension, wanted, "{name}");
        }
    }
}
