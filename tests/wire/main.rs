//! A hub and its devices as real processes: a code lets in once, signals arrive once through any kill, commands come back with
//! what came of them, certificates are renewed, strangers do not get in, and the post comes back.

mod arrive;
mod join;
mod leave;
mod obey;
mod post;
mod renew;
mod scene;
