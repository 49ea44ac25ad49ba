//! What signatures, policies and the way in prove, by mail-auth.

use hygie_model::Wall;
use mail_auth::{
    AuthenticatedMessage, DkimOutput, DkimResult, DmarcResult, MessageAuthenticator, SpfOutput,
    SpfResult,
    common::crypto::Algorithm,
    dmarc::{Policy, verify::DmarcParameters},
    spf::verify::SpfParameters,
};

use super::{
    Names, Server, Standing, heads, is, is_aligned, results,
    zone::{Zone, authenticator, done, with},
};

/// Checks a mail of one author.
pub(super) fn standing(
    message: &AuthenticatedMessage<'_>,
    from: &str,
    servers: &[Server],
    names: &dyn Names,
    now: Wall,
) -> Standing {
    let hop = heads::hop(message, servers);
    let is_signed = !message.dkim_headers.is_empty() || !message.as_headers.is_empty();
    if hop.is_none() && !is_signed || is_endless(message) {
        return Standing::Unknown;
    }
    let Some(authenticator) = authenticator() else {
        return Standing::Unknown;
    };
    let zone = Zone::new(names);
    let checked = checked(&authenticator, message, from, hop.as_ref(), &zone);
    match done(checked) {
        Some(Found::Proven) => Standing::Proven,
        Some(Found::Not(not)) => {
            let forwarded = done(authenticator.verify_arc(with(message, &zone)));
            let is_held = forwarded
                .as_ref()
                .is_some_and(|arc| arc.result() == &DkimResult::Pass);
            if is_held && by_ours(message, from, servers) {
                return Standing::Proven;
            }
            let is_fresh = hop.is_some_and(|hop| {
                now.0.saturating_sub(hop.at.0) < LONG && hop.at.0.saturating_sub(now.0) < LONG
            });
            // Keys change, lists sign anew, resolvers fall silent: of all that nothing bad follows.
            if not == Not::Theirs && is_fresh && !is_held && !zone.was_silent.get() {
                Standing::Refused
            } else {
                Standing::Unknown
            }
        }
        None => Standing::Unknown,
    }
}

enum Found {
    Proven,
    Not(Not),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Not {
    /// Its owner wants such mail refused.
    Theirs,
    /// It is not proven, and that is all.
    Proven,
}

async fn checked(
    authenticator: &MessageAuthenticator,
    message: &AuthenticatedMessage<'_>,
    from: &str,
    hop: Option<&heads::Hop>,
    zone: &Zone<'_>,
) -> Found {
    let signatures = authenticator.verify_dkim(with(message, zone)).await;
    // What does not sign the sender, or with what anybody can forge by now, proves no sender.
    let signatures: Vec<DkimOutput<'_>> = signatures
        .into_iter()
        .filter(|one| one.signature().is_none_or(holds))
        .collect();
    let spf = match hop {
        Some(hop) => {
            let asked = SpfParameters::verify_mail_from(hop.ip, &hop.helo, &hop.by, &hop.mail_from);
            let found = authenticator.verify_spf(with(asked, zone)).await;
            // An answer that failed to come reads as none: a rule further on could then match in its place.
            if zone.was_silent.get() {
                SpfOutput::default()
            } else {
                found
            }
        }
        None => SpfOutput::default(),
    };
    let mail_from = hop.map_or("", |hop| {
        let domain = hop.mail_from.rsplit_once('@').map(|(_, domain)| domain);
        domain.unwrap_or(&hop.helo)
    });
    let asked = DmarcParameters {
        message,
        dkim_output: &signatures,
        dkim2_output: None,
        rfc5321_mail_from_domain: mail_from,
        spf_output: &spf,
    };
    let dmarc = authenticator.verify_dmarc(with(asked, zone)).await;
    match dmarc.result() {
        DmarcResult::Pass => Found::Proven,
        DmarcResult::Fail(_) => {
            let wanted = matches!(dmarc.policy(), Policy::Reject | Policy::Quarantine);
            let looked = !matches!(spf.result(), SpfResult::TempError | SpfResult::PermError);
            let late = signatures
                .iter()
                .any(|one| matches!(one.result(), DkimResult::TempError(_)));
            if wanted && looked && hop.is_some() && !late {
                Found::Not(Not::Theirs)
            } else {
                Found::Not(Not::Proven)
            }
        }
        // Its owner has no policy; a signature of theirs is one all the same.
        DmarcResult::None => {
            let signed = signatures.iter().any(|one| {
                one.result() == &DkimResult::Pass
                    && one
                        .signature()
                        .is_some_and(|it| is_aligned(&it.d.to_lowercase(), from))
            });
            let sent = spf.result() == SpfResult::Pass && is_aligned(mail_from, from);
            if signed || sent {
                Found::Proven
            } else {
                Found::Not(Not::Proven)
            }
        }
        DmarcResult::TempError(_) | DmarcResult::PermError(_) => Found::Not(Not::Proven),
    }
}

/// What a server of ours found before it passed the mail on, sealed by itself.
fn by_ours(message: &AuthenticatedMessage<'_>, from: &str, servers: &[Server]) -> bool {
    let sealed = message
        .as_headers
        .last()
        .is_some_and(|seal| servers.iter().any(|server| server.is_of(&seal.header.d)));
    let told = message.aar_headers.last().and_then(|found| {
        // Before what it found stands which of the seals it belongs to.
        let at = found.value.iter().position(|&sign| sign == b';')?;
        results::read(&found.value[at + 1..])
    });
    let told = told.filter(|one| servers.iter().any(|server| server.is_of(&one.by)));
    sealed && told.is_some_and(|one| results::standing(&[one], from) == Some(Standing::Proven))
}

fn holds(signature: &mail_auth::dkim::Signature) -> bool {
    let signs_sender = signature.h.iter().any(|name| is(name.as_bytes(), b"from"));
    signs_sender && signature.a != Algorithm::RsaSha1
}

/// Its signatures name so many headers that to look them up is work without end.
fn is_endless(message: &AuthenticatedMessage<'_>) -> bool {
    let most = |names: usize| names > MOST_NAMES;
    message
        .dkim_headers
        .iter()
        .any(|one| most(one.header.h.len()))
        || message
            .ams_headers
            .iter()
            .any(|one| most(one.header.h.len()))
        || message.as_headers.len() > MOST_SEALS
}

/// After a week keys may be others: what fails then says nothing.
const LONG: i64 = 7 * 86_400 * 1_000_000_000;
/// Headers that a signature covers.
const MOST_NAMES: usize = 100;
/// Stations that sealed it.
const MOST_SEALS: usize = 10;
