//! What is weak about one's own access: said on the first page as well, before it keeps somebody out.

use hygie_identity::recovery::{Sheet, SheetState};
use hygie_store::CredentialKind;
use hygie_text::console::Me;

use super::{means, of_kind, sheet};
use crate::web::{fault::Fault, visitor::Visitor};

/// What waits of a recovery sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::pages) enum SheetWaits {
    /// There is none.
    None,
    /// It was never tested.
    Untested,
    /// It has one code left, or none.
    NearlyUsed,
}

/// What is weak.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::pages) struct Weak {
    /// One means or none to get in; in which words.
    pub(in crate::pages) means: Option<Me>,
    /// The sheet.
    pub(in crate::pages) sheet: Option<SheetWaits>,
}

/// Looks at the access of whoever is signed in.
///
/// # Errors
/// The database does not answer.
pub(in crate::pages) async fn weak(visitor: &Visitor) -> Result<Weak, Fault> {
    let (person, practice) = (visitor.person()?, visitor.practice()?);
    let credentials = practice.credentials(person).await?;
    let keys = of_kind(&credentials, CredentialKind::Passkey).count();
    let has_password = of_kind(&credentials, CredentialKind::Password)
        .next()
        .is_some();
    let left = practice.recovery_codes_left(person).await?;
    let kept = sheet::kept(visitor).await?;
    Ok(Weak {
        means: (keys + usize::from(has_password) < 2).then(|| means(keys, has_password)),
        sheet: waits(kept.as_ref(), left),
    })
}

fn waits(sheet: Option<&Sheet>, left: u64) -> Option<SheetWaits> {
    match sheet.map(Sheet::state) {
        None => Some(SheetWaits::None),
        Some(SheetState::Untested) => Some(SheetWaits::Untested),
        Some(SheetState::Good { .. }) if left > 1 => None,
        Some(SheetState::Good { .. } | SheetState::NearlyUsed { .. }) => {
            Some(SheetWaits::NearlyUsed)
        }
    }
}
