//! The ways on arenas that nobody guards: what they take away, and what they refuse.

mod harm;
mod ran;
mod refusals;
