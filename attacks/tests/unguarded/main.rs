//! The ways and scenarios on arenas that nobody guards: what they take away, and what they refuse.

mod decoyed;
mod harm;
mod ran;
mod refusals;
mod scenarios;
