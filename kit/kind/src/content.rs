//! The kinds of content that a practice's files have.
//! A closed list, because an engine weighs them: what is worth keeping, what is packed, what is sealed.

/// What a content is, told by its bytes alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Nothing is in it.
    Empty,
    /// Text in UTF-8, UTF-16 or Latin-1: letters, CSV, XML, HL7, scripts.
    Text,
    /// PDF.
    Pdf,
    /// OpenDocument or Office Open XML: a ZIP of a document.
    Office,
    /// Compound file: the older Office formats, Outlook messages, Thumbs.db.
    Compound,
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// Any other image: GIF, TIFF, BMP, WebP, HEIC, SVG is text.
    Image,
    /// DICOM.
    Dicom,
    /// Sound and film: WAV, OGG, FLAC, MP3, MP4, Matroska, AVI.
    Media,
    /// ZIP, TAR, 7z, RAR, CPIO: many files in one, open to all.
    Archive,
    /// One stream that was made smaller: gzip, xz, bzip2, zstd, lz4, zlib.
    Compressed,
    /// SQLite, Firebird, Access, dBase.
    Database,
    /// Something that runs or is linked: ELF, PE, Mach-O, WebAssembly, class, bytecode, object archives.
    Program,
    /// Says of itself that it is encrypted: OpenPGP, age, LUKS, an encrypted ZIP or 7z, KeePass, OpenSSL's salt.
    Sealed,
    /// None of these.
    Unknown,
}

impl Kind {
    /// All of them, in the order of their codes.
    pub const ALL: [Self; 16] = [
        Self::Empty,
        Self::Text,
        Self::Pdf,
        Self::Office,
        Self::Compound,
        Self::Jpeg,
        Self::Png,
        Self::Image,
        Self::Dicom,
        Self::Media,
        Self::Archive,
        Self::Compressed,
        Self::Database,
        Self::Program,
        Self::Sealed,
        Self::Unknown,
    ];

    /// A recognised, readable content: something that can be lost.
    #[must_use]
    pub fn is_meaningful(self) -> bool {
        !matches!(self, Self::Empty | Self::Sealed | Self::Unknown)
    }

    /// What people make and would miss: no program, no archive of a machine's doing.
    #[must_use]
    pub fn is_work(self) -> bool {
        self.is_meaningful() && !matches!(self, Self::Program | Self::Compressed)
    }

    /// Its content is packed, so that its entropy is high by nature.
    #[must_use]
    pub fn is_packed(self) -> bool {
        matches!(
            self,
            Self::Pdf
                | Self::Office
                | Self::Jpeg
                | Self::Png
                | Self::Media
                | Self::Archive
                | Self::Compressed
        )
    }
}

/// How much of the format's frame stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Form {
    /// Head and, where the format has one, tail are as they should be.
    Whole,
    /// The head is right and the tail is not.
    Torn,
    /// No format was recognised.
    None,
}
