//! The weights of the signals, made from `harm-traces/` by `cargo run -p hygie-weights -- fit`: do not edit.
//! They stand apart from the code so that a diff shows what a new trace changed.

/// Points for one file, folder or kind, in the order of `Signal::ALL`.
pub(super) const WEIGHTS: [u32; 20] = [
    82, // KindLost
    49, // KindChanged
    31, // EntropyRose
    20, // Unlike
    59, // Stirred
    62, // Torn
    55, // Emptied
    8,  // SealedMade
    87, // Displaced
    40, // Swallowed
    12, // Deleted
    2,  // DeletedByTool
    30, // BackupsDeleted
    24, // NameLost
    4,  // ExtensionLost
    20, // Notes
    8,  // Folders
    50, // Kinds
    2,  // KindsRead
    20, // Pace
];
