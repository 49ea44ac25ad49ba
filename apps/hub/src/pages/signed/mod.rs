//! What weakens the protection and is done by a passkey's signature alone, here or on another device: a key believed or no more, a
//! file forgotten, a folder protected no more. The guard asks and checks; the console shows what would happen and carries both.

mod forget;
mod keys;
mod list;
mod signing;
mod there;
mod told;
mod unprotect;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod there_tests;

use hygie_identity::Act;

use crate::web::route::Route;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/keys", Act::TrustKey, list::show),
        Route::get("/keys/{id}/trust", Act::TrustKey, keys::trust),
        Route::post("/keys/{id}/trust/start", Act::TrustKey, keys::start_trust),
        Route::post("/keys/{id}/trust/finish", Act::TrustKey, keys::finish_trust),
        Route::get("/keys/{id}/distrust", Act::DistrustKey, keys::distrust),
        Route::post(
            "/keys/{id}/distrust/start",
            Act::DistrustKey,
            keys::start_distrust,
        ),
        Route::post(
            "/keys/{id}/distrust/finish",
            Act::DistrustKey,
            keys::finish_distrust,
        ),
        Route::get("/keys/on/{id}", Act::TrustKey, there::show),
        Route::get("/keys/on/{id}/live", Act::TrustKey, there::look_on),
        Route::get(
            "/keys/on/{id}/{mark}/trust",
            Act::TrustKey,
            keys::trust_there,
        ),
        Route::post(
            "/keys/on/{id}/{mark}/trust/start",
            Act::TrustKey,
            keys::start_trust_there,
        ),
        Route::post(
            "/keys/on/{id}/{mark}/trust/finish",
            Act::TrustKey,
            keys::finish_trust_there,
        ),
        Route::get(
            "/keys/on/{id}/{mark}/distrust",
            Act::DistrustKey,
            keys::distrust_there,
        ),
        Route::post(
            "/keys/on/{id}/{mark}/distrust/start",
            Act::DistrustKey,
            keys::start_distrust_there,
        ),
        Route::post(
            "/keys/on/{id}/{mark}/distrust/finish",
            Act::DistrustKey,
            keys::finish_distrust_there,
        ),
        Route::get(
            "/devices/on/{id}/unprotect",
            Act::UnprotectFolder,
            unprotect::show_there,
        ),
        Route::post(
            "/devices/on/{id}/unprotect/start",
            Act::UnprotectFolder,
            unprotect::start_there,
        ),
        Route::post(
            "/devices/on/{id}/unprotect/finish",
            Act::UnprotectFolder,
            unprotect::finish_there,
        ),
        Route::get("/files/forget", Act::ForgetFile, forget::show),
        Route::post("/files/forget/start", Act::ForgetFile, forget::start),
        Route::post("/files/forget/finish", Act::ForgetFile, forget::finish),
        Route::get("/devices/unprotect", Act::UnprotectFolder, unprotect::show),
        Route::post(
            "/devices/unprotect/start",
            Act::UnprotectFolder,
            unprotect::start,
        ),
        Route::post(
            "/devices/unprotect/finish",
            Act::UnprotectFolder,
            unprotect::finish,
        ),
    ]
}
