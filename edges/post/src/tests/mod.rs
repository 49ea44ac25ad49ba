//! Letters through real servers: what they kept is read back, and what they refused is told with its own word.

mod hooks;
mod mail;
mod rude;
mod servers;
