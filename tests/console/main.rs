//! The console in a real browser: Debian's Chromium, the real processes, a real certificate that the browser was told to trust.

mod afar;
mod ask;
mod attack;
mod browser;
mod device;
mod first;
mod pages;
mod people;
mod scene;
mod signed;

/// Why a test cannot run here, or `None`.
fn not_here() -> Option<&'static str> {
    hygie_testkit::not_root()
}
