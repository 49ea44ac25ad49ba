//! What a deed does, in plain words, from the guard's own challenge.

use std::path::Path;

use hygie_agent::keys::{Deed, Forgets, KeyTold};
use hygie_text::{Args, console::Signed};

use super::{
    list,
    signing::{Asked, On},
};
use crate::{
    pages::files::path,
    web::{fault::Fault, visitor::Visitor},
};

pub(super) const fn title(asked: &Asked) -> Signed {
    match asked {
        Asked::Trust(_) => Signed::TrustTitle,
        Asked::Distrust(_) => Signed::DistrustTitle,
        Asked::Forget(_) => Signed::ForgetTitle,
        Asked::Unprotect(_) => Signed::UnprotectTitle,
    }
}

pub(super) const fn about(asked: &Asked) -> Signed {
    match asked {
        Asked::Trust(_) => Signed::TrustAbout,
        Asked::Distrust(_) => Signed::DistrustAbout,
        Asked::Forget(_) => Signed::ForgetAbout,
        Asked::Unprotect(_) => Signed::UnprotectAbout,
    }
}

pub(super) const fn rest(asked: &Asked) -> Signed {
    match asked {
        Asked::Trust(_) | Asked::Distrust(_) => Signed::KeyRest,
        Asked::Forget(_) => Signed::ForgetRest,
        Asked::Unprotect(_) => Signed::UnprotectRest,
    }
}

pub(super) const fn go(asked: &Asked) -> Signed {
    match asked {
        Asked::Trust(_) => Signed::TrustGo,
        Asked::Distrust(_) => Signed::DistrustGo,
        Asked::Forget(_) => Signed::ForgetGo,
        Asked::Unprotect(_) => Signed::UnprotectGo,
    }
}

/// What somebody with the device's administration rights types; none where it is a line of the configuration.
pub(super) fn by_hand(asked: &Asked) -> Option<String> {
    match asked {
        Asked::Trust(_) | Asked::Distrust(_) => Some("sudo hygie keys".to_owned()),
        Asked::Forget(path) => {
            let path = hygie_text::shown(&path.to_string_lossy());
            Some(format!("sudo hygie vault forget \"{path}\""))
        }
        Asked::Unprotect(_) => None,
    }
}

pub(super) fn sentence(visitor: &Visitor, deed: &Deed) -> String {
    let speech = &visitor.speech;
    let key = |key: &KeyTold| {
        Args::new()
            .text("key", &key.key_name)
            .text("person", &key.name)
    };
    match deed {
        Deed::Allow { .. } => speech.word(Signed::Unknown),
        Deed::Trust(known) => speech.say(Signed::TrustSentence, &key(known)),
        Deed::Distrust(known) => speech.say(Signed::DistrustSentence, &key(known)),
        Deed::Forget(forgets) => {
            let args = Args::new().text("name", &path::name(&forgets.path.0));
            speech.say(Signed::ForgetSentence, &args)
        }
        Deed::Unprotect { folder } => {
            let args = Args::new().path("path", &folder.0);
            speech.say(Signed::UnprotectSentence, &args)
        }
    }
}

/// What would happen, line by line.
pub(super) async fn lines(
    visitor: &Visitor,
    (on, deed): (&On, &Deed),
) -> Result<Vec<String>, Fault> {
    let speech = &visitor.speech;
    Ok(match deed {
        Deed::Allow { .. } => Vec::new(),
        Deed::Trust(key) => vec![
            speech.word(Signed::TrustCan),
            speech.say(
                Signed::TrustConsole,
                &Args::new().text("host", &key.console.host),
            ),
        ],
        Deed::Distrust(key) => {
            let mut lines = vec![
                speech.word(Signed::DistrustCannot),
                speech.word(Signed::DistrustSignIn),
            ];
            if list::is_last(visitor, (on, key)).await? {
                lines.push(speech.word(Signed::DistrustLast));
            }
            lines
        }
        Deed::Forget(forgets) => forgotten(visitor, forgets),
        Deed::Unprotect { .. } => vec![
            speech.word(Signed::UnprotectHolds),
            speech.word(Signed::UnprotectKept),
            speech.word(Signed::UnprotectRestart),
        ],
    })
}

/// What goes, and whatever still holds a copy.
fn forgotten(visitor: &Visitor, forgets: &Forgets) -> Vec<String> {
    let speech = &visitor.speech;
    let gone = Args::new()
        .count("versions", forgets.versions)
        .bytes("bytes", forgets.bytes);
    let place = |id, at: &Path| speech.say(id, &Args::new().path("path", at));
    let mut lines = vec![speech.say(Signed::ForgetVersions, &gone)];
    for at in &forgets.present {
        lines.push(place(Signed::ForgetPresent, &at.0));
    }
    for at in &forgets.still_held {
        lines.push(place(Signed::ForgetHeld, &at.0));
    }
    if forgets.others > 0 {
        let args = Args::new().count("places", forgets.others);
        lines.push(speech.say(Signed::ForgetOthers, &args));
    }
    lines.push(speech.word(Signed::ForgetElsewhere));
    lines
}
