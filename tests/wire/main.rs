//! A hub and its devices as real processes: a code lets in once, signals arrive once through any kill, commands come back with
//! what came of them, certificates are renewed, and strangers do not get in.

mod arrive;
mod join;
mod obey;
mod renew;
mod scene;
