//! The signals that add up to a score; every point belongs to one of them.
//! Chosen from what the literature proved; the comments name where each comes from.

use super::weights::WEIGHTS;

/// One thing that harmful programs do and honest ones rarely.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Signal {
    /// A readable content became unrecognisable (CryptoDrop: file type change; ICDCS 2016).
    KindLost,
    /// A readable content became one of another kind under the same name (CryptoDrop).
    KindChanged,
    /// Bytes came nearer to chance, and the file no smaller (UNVEIL, Redemption: entropy ratio).
    EntropyRose,
    /// Little of the former content is left (CryptoDrop: similarity by sdhash).
    Unlike,
    /// Some blocks turned random while others stayed (intermittent encryption: LockFile, BlackCat).
    Stirred,
    /// The head still names the format, but the frame or the middle is broken (partial encryption;
    /// Han et al. 2020: 3 to 5 % of a file are enough).
    Torn,
    /// A readable content was emptied.
    Emptied,
    /// New files that only a key opens.
    SealedMade,
    /// Originals deleted, one for each sealed file made (CryptoDrop: class C, new file and delete).
    Displaced,
    /// More originals deleted than sealed files made, and these large enough to hold them.
    Swallowed,
    /// Files of others deleted by a program that is not from a package (CryptoDrop: deletion).
    Deleted,
    /// Files of others deleted by a packaged tool such as `rm`.
    DeletedByTool,
    /// Backups or snapshots deleted beside other harm.
    BackupsDeleted,
    /// Files of others renamed to names that mean nothing.
    NameLost,
    /// Files of others renamed to an extension that no program knows.
    ExtensionLost,
    /// The same short text in several folders, beside other harm (UNVEIL: ransom notes).
    Notes,
    /// Folders with harmed files (ShieldFS: share of files touched).
    Folders,
    /// Kinds of harmed files (CryptoDrop: type funnelling).
    Kinds,
    /// Kinds of files read by somebody who harms.
    KindsRead,
    /// Most files harmed within ten seconds (Redemption: access frequency).
    Pace,
}

/// One part of a score.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reason {
    /// What was seen.
    pub signal: Signal,
    /// How much of it, in hundredths of a file, folder or kind, as far as it counts.
    pub hundredths: u32,
    /// Its part of the score.
    pub points: u32,
}

impl Signal {
    /// All of them, in the order of the weights.
    pub const ALL: [Self; 20] = [
        Self::KindLost,
        Self::KindChanged,
        Self::EntropyRose,
        Self::Unlike,
        Self::Stirred,
        Self::Torn,
        Self::Emptied,
        Self::SealedMade,
        Self::Displaced,
        Self::Swallowed,
        Self::Deleted,
        Self::DeletedByTool,
        Self::BackupsDeleted,
        Self::NameLost,
        Self::ExtensionLost,
        Self::Notes,
        Self::Folders,
        Self::Kinds,
        Self::KindsRead,
        Self::Pace,
    ];

    /// Where it stands in [`Signal::ALL`].
    #[must_use]
    pub fn index(self) -> usize {
        self as usize
    }

    /// Beyond this many (files, folders, kinds) more of the same says nothing new. A weak signal is
    /// thereby bounded: no amount of it alone stops anybody.
    #[must_use]
    pub fn cap(self) -> u32 {
        match self {
            Self::SealedMade | Self::BackupsDeleted => 5,
            Self::Kinds | Self::KindsRead => 6,
            Self::Notes | Self::Folders | Self::Pace => 10,
            Self::Unlike | Self::ExtensionLost => 20,
            Self::KindLost
            | Self::KindChanged
            | Self::EntropyRose
            | Self::Stirred
            | Self::Torn
            | Self::Emptied
            | Self::Displaced => 40,
            Self::Swallowed | Self::NameLost => 60,
            Self::Deleted => 100,
            Self::DeletedByTool => 120,
        }
    }
}

/// How much of each signal there is, in hundredths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures(pub [u32; 20]);

impl Figures {
    /// How much of one signal, capped.
    #[must_use]
    pub fn get(&self, signal: Signal) -> u32 {
        self.0[signal.index()].min(signal.cap() * 100)
    }
}

/// Points for a whole file, folder or kind of each signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weights(pub [u32; 20]);

impl Default for Weights {
    fn default() -> Self {
        Self(WEIGHTS)
    }
}

impl Weights {
    /// The reasons that these figures give, the weightiest first.
    #[must_use]
    pub fn reasons(&self, figures: &Figures) -> Vec<Reason> {
        let mut reasons: Vec<Reason> = Signal::ALL
            .into_iter()
            .map(|signal| self.reason(signal, figures))
            .filter(|reason| reason.points > 0)
            .collect();
        reasons.sort_by_key(|reason| std::cmp::Reverse(reason.points));
        reasons
    }

    /// The sum of all points.
    #[must_use]
    pub fn score(&self, figures: &Figures) -> u32 {
        Signal::ALL
            .into_iter()
            .map(|signal| self.reason(signal, figures).points)
            .sum()
    }

    fn reason(&self, signal: Signal, figures: &Figures) -> Reason {
        let hundredths = figures.get(signal);
        Reason {
            signal,
            hundredths,
            points: self.0[signal.index()] * hundredths / 100,
        }
    }
}
