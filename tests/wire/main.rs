//! A hub and its devices as real processes: a code lets in once, signals arrive once through any kill, and strangers do not.

mod arrive;
mod join;
mod scene;
