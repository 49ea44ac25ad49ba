//! Ways back: a sheet of codes, printed and tested at once, and a rung below it for who lost both keys and the sheet.
//! What peers' users suffered from (kanidm#3813, vaultwarden#6337, #3589): a way back that was found broken on the day
//! of need. So a sheet that was never tested says so, and each state here says what opens the next one.

mod root;
mod rung;
mod sheet;

pub use root::{RootCode, RootRefused};
pub use rung::{
    ASK_AGAIN_AFTER, Cancelled, Confirmer, DELAY, FINISH_WITHIN, Notice, Refused, Restored, Rung,
    RungId, Stage, TOLD_FOR, WAIT_FOR_CONFIRMATION,
};
pub use sheet::{CODES, Sheet, SheetRefused, SheetState};
