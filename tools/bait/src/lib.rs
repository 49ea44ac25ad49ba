//! Trains the judge of messages and measures it: corpora, our own written messages, weights, figures.
//! Never opens a link, never writes a message of others anywhere; heavy, so run outside tests.

pub mod adversarial;
pub mod beside;
pub mod corpora;
pub mod eval;
pub mod figures;
pub mod layer;
pub mod mask;
pub mod replay;
pub mod rivals;
pub mod seen;
pub mod train;
pub mod vouched;
pub mod words;
pub mod written;

/// Where the engine has its weights.
pub const WORDS: &str = "engines/phish/data/words.bin";
/// And its layers.
pub const LAYERS: &str = "engines/phish/data/layers.toml";
/// Where figures stand.
pub const REPORT: &str = "docs/phish.md";
