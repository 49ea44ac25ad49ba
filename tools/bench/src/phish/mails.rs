//! Messages that anybody can have: those that were written for Hygie, each varied; or the corpora's ordinary mails and traps.
//! None of them carries an attachment.

use anyhow::{Result, ensure};
use hygie_bait::corpora::{self, Class, Raw, Sample};
use hygie_bait::written;
use hygie_phish::parse::read_mail;

use super::Plan;

/// As many as wanted, from all over, and what they are.
pub(super) fn some(plan: &Plan) -> Result<(Vec<Vec<u8>>, String)> {
    let (samples, of) = match &plan.corpora {
        None => (written::samples()?, "written for Hygie"),
        Some(folder) => (corpora::mails(folder)?, "of the corpora"),
    };
    let all: Vec<(Class, Vec<u8>)> = samples.into_iter().filter_map(plain).collect();
    ensure!(!all.is_empty(), "there are no messages to measure with");
    let wanted = plan.messages.min(all.len());
    // Every so manyth: each source has its share.
    let taken: Vec<&(Class, Vec<u8>)> = (0..wanted)
        .filter_map(|number| all.get(number * all.len() / wanted))
        .collect();
    let count = |class| taken.iter().filter(|(is, _)| *is == class).count();
    let of = format!(
        "{of} ({} ordinary, {} adverts, {} traps)",
        count(Class::Ordinary),
        count(Class::Advert),
        count(Class::Trap)
    );
    Ok((taken.into_iter().map(|(_, raw)| raw.clone()).collect(), of))
}

fn plain(sample: Sample) -> Option<(Class, Vec<u8>)> {
    match sample.raw {
        Raw::Mail(raw) if read_mail(&raw).files.is_empty() => Some((sample.class, raw)),
        Raw::Mail(_) | Raw::Sms(_) => None,
    }
}
