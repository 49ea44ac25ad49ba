//! A folder that is protected no more: it leaves the configuration, and the guard ends in good order so that the next one
//! begins without it. What was kept of it stays in the store.

use std::{path::Path, thread, time::Duration};

use super::{House, NotUnprotected, Reply, asker::Asker, end};
use crate::{
    StateDir,
    config::{Config, LeftOut, leave_out},
    guard::Fact,
    orders::Named,
};
use hygie_platform::linux::pulse::Word;

/// Whether it could be.
pub(super) fn may(folder: &Path, house: &House) -> Result<(), NotUnprotected> {
    let folders = &house.orders.folders;
    if !folders.iter().any(|known| known == folder) {
        return Err(NotUnprotected::Unknown);
    }
    match house.orders.named {
        Named::Start => return Err(NotUnprotected::Named),
        Named::Configuration => {}
    }
    if folders.len() == 1 {
        return Err(NotUnprotected::Last);
    }
    let file = StateDir::at(&house.orders.state).config();
    let config = Config::load(&file).map_err(|_| NotUnprotected::Configuration)?;
    // Another one was signed for a moment ago, or somebody edits the file.
    match config.folders.iter().any(|known| known.leads_to(folder)) {
        true if config.folders.len() > 1 => Ok(()),
        true => Err(NotUnprotected::Last),
        false => Err(NotUnprotected::Unknown),
    }
}

pub(super) fn run(folder: &Path, asker: &Asker, house: &House) -> Reply {
    if let Err(why) = may(folder, house) {
        return Reply::NotUnprotected(why);
    }
    let file = StateDir::at(&house.orders.state).config();
    match leave_out(&file, folder) {
        Ok(LeftOut::Yes) => {}
        Ok(LeftOut::WasNotIn) | Err(_) => {
            return Reply::NotUnprotected(NotUnprotected::Configuration);
        }
    }
    let keeper = house.keeper(asker);
    let path = folder.to_string_lossy().into();
    keeper.tell(
        Fact::Unprotected,
        [("path", path), ("uid", asker.uid.into())],
    );
    keeper.flush();
    house.inside.pulse.set(Word::Fewer, 1);
    let inside = house.inside.clone();
    // The answer first. Where no thread can be made, the next start leaves it out.
    let _ = thread::Builder::new()
        .name("hygie-fewer".into())
        .spawn(move || {
            thread::sleep(ANSWERING);
            let _ = end(&inside);
        });
    Reply::Done
}

/// How long an asker has to read the answer.
const ANSWERING: Duration = Duration::from_millis(300);
