//! A device lives, and says what it hears of its guard: judged here, never by itself.

use axum::{Json, extract::rejection::JsonRejection};
use hygie_store::Json as Kept;
use hygie_wire::{Beat, Guard, Heard};

use super::{
    denied::Denied,
    known::{Known, State},
};

pub(super) async fn hear(
    known: Known,
    beat: Result<Json<Beat>, JsonRejection>,
) -> Result<Json<Heard>, Denied> {
    let Json(beat) = beat?;
    let state = match beat.guard {
        Guard::Well => State::Well,
        Guard::Trouble | Guard::Silent => State::Trouble,
    };
    let practice = known.practice();
    let told = Beat {
        version: super::signals::short(&beat.version),
        ..beat
    };
    practice
        .hear_duty(&known.duty("guard", state, Kept::of(&told)?))
        .await?;
    // It uses this one: those of before are good no longer.
    practice
        .revoke_older_certificates(known.id(), known.certificate, known.now)
        .await?;
    let commands = practice.commands_for(known.id(), known.now).await?;
    Ok(Json(Heard {
        upto: known.device.seq.0,
        commands: commands.len() as u64,
    }))
}
