//! The pages: one page, one folder, one row in this list and in the table of rights.
//! `ARCHITECTURE.md` shows on an example how one is added.

mod afar;
mod alerts;
mod api;
mod ask;
mod bowl;
mod call;
mod devices;
mod files;
mod first_gestures;
mod incidents;
mod join;
mod journal;
mod language;
mod me;
mod people;
mod recover;
pub(crate) mod settings;
mod setup;
mod sign_in;
mod signed;
mod today;
mod trust;
mod unnamed;
mod when;

#[cfg(test)]
mod walk;

pub(crate) use setup::login_of;

use hygie_identity::Act;

use crate::web::{assets, route::Route};

/// All routes of the console.
pub(crate) fn routes() -> Vec<Route> {
    let pages = [
        today::routes(),
        ask::routes(),
        alerts::routes(),
        incidents::routes(),
        setup::routes(),
        sign_in::routes(),
        me::routes(),
        people::routes(),
        join::routes(),
        recover::routes(),
        journal::routes(),
        settings::routes(),
        devices::routes(),
        files::routes(),
        trust::routes(),
        first_gestures::routes(),
        signed::routes(),
        api::routes(),
        language::routes(),
        vec![
            Route::get("/assets/{mark}/{*name}", Act::SeeAssets, assets::serve),
            Route::get("/health", Act::HealthCheck, async || "ok\n"),
        ],
    ];
    pages.into_iter().flatten().collect()
}
