//! `hygie check FILE|FOLDER|-`: whether messages are traps. They are read in processes that are shut in, one for each, and
//! judged here, beside the memory of senders. No text is kept or printed, and nothing leaves the machine.

mod mailbox;
mod messages;
mod reading;
mod senders;
mod told;

use anyhow::Result;
use hygie_phish::{
    Authenticated, Intel, Level, Message, Practice, Verdict, judge, message::Oddity,
};
use hygie_platform::clock;
use hygie_sandbox::{NoAnswer, message::Received};
use hygie_text::{Args, Id};

use self::{
    messages::{Found, Messages, NoMessage, Shape, Why},
    reading::NotRead,
    senders::{Keep, Remembered, Senders},
    told::{Counts, Told},
};
use super::Context;
use crate::{
    cli,
    screen::{Exit, said},
};

pub(crate) fn run(context: &Context<'_>, asked: &cli::Check) -> Result<Exit> {
    let shape = if asked.sms { Shape::Sms } else { Shape::Mail };
    let messages = Messages::of(&asked.what, shape);
    let check = Check {
        context,
        job: match shape {
            // What comes in may be a paste.
            Shape::Mail if asked.what.iter().all(|one| one.as_os_str() == "-") => {
                Received::Pasted {}
            }
            Shape::Mail => Received::Mail {},
            Shape::Sms => Received::sms(asked.sender.as_deref()),
        },
        now: clock::wall().0 / NANOSECONDS,
    };
    if asked.learn {
        check.learn(messages, &asked.own)
    } else {
        check.judge(messages)
    }
}

/// One run.
struct Check<'a> {
    context: &'a Context<'a>,
    job: Received,
    now: i64,
}

impl Check<'_> {
    fn judge(&self, messages: Messages) -> Result<Exit> {
        let senders = Senders::read(self.context)?;
        let intel = intel(&senders);
        let mut told = Told::new(self.context.screen, messages.is_one());
        self.each(messages, |found, read| {
            match read {
                Ok(Some(message)) => {
                    let verdict = self.verdict(&message, &intel, &senders);
                    told.judged(found, &verdict);
                    if is_quoted(&message) {
                        told.quoted();
                    }
                }
                Ok(None) => told.unread(found),
                Err(none) => told.none(&none),
            }
            told.counts.seen()
        })?;
        if told.counts == Counts::default() {
            return Err(said(Id::CheckNothing, Args::new()));
        }
        Ok(told.end())
    }

    fn learn(&self, messages: Messages, own: &[String]) -> Result<Exit> {
        let mut kept = Keep::open(self.context)?;
        kept.senders.add_own(own)?;
        let mut told = Told::new(self.context.screen, messages.is_one());
        let (mut looked, mut learnt) = (0, senders::Learnt::default());
        let intel = intel(&kept.senders);
        self.each(messages, |found, read| {
            looked += 1;
            match read {
                Ok(Some(Message::Mail(mail))) => {
                    let message = Message::Mail(mail);
                    let verdict = self.verdict(&message, &intel, &kept.senders);
                    let is_trap = verdict.level >= Level::DangerousProbable;
                    let remembered = match message {
                        // Else whoever writes three traps, or one in the practice's own name, would be an old acquaintance.
                        Message::Mail(_) if is_trap || found.is_junk() => Remembered::LeftOut,
                        Message::Mail(mail) => kept.senders.remember(&mail, self.now),
                        Message::Sms(_) => Remembered::LeftOut,
                    };
                    learnt.count(remembered);
                }
                Ok(Some(Message::Sms(_)) | None) => learnt.count(Remembered::LeftOut),
                Err(none) => told.none(&none),
            }
            looked
        })?;
        if looked == 0 {
            return Err(said(Id::CheckNothing, Args::new()));
        }
        let people = kept.save()?;
        told.learnt(learnt, people, kept.senders.knows_own());
        Ok(told.end_of_learning())
    }

    /// What a server says of the sender is not believed here: a file says nothing of whose server wrote that.
    fn verdict(&self, message: &Message, intel: &Intel, senders: &Senders) -> Verdict {
        let nobody_looked = Authenticated::Unknown;
        judge(message, nobody_looked, intel, &senders.memory, self.now)
    }

    /// Has all messages read, some at once, and hands them over in their order; `None` for one that cannot be read. Whoever
    /// takes them says how many were looked at.
    fn each(
        &self,
        messages: Messages,
        mut take: impl FnMut(&Found, Result<Option<Message>, NoMessage>) -> u64,
    ) -> Result<()> {
        let screen = self.context.screen;
        let done = reading::each(messages, &self.job, |found, read| {
            let read = match read {
                Ok(Message::Mail(mail)) if found.is_outlook() && mail.is_nothing() => {
                    Err(NoMessage {
                        file: found.file.clone(),
                        why: Why::Outlook,
                    })
                }
                Ok(message) => Ok(Some(message)),
                Err(NotRead::Nothing(none)) => Err(none),
                Err(NotRead::NoAnswer(NoAnswer::Broke | NoAnswer::TooLong)) => Ok(None),
                Err(NotRead::NoAnswer(
                    error @ (NoAnswer::Absent(_)
                    | NoAnswer::NotStarted(_)
                    | NoAnswer::NotShutIn
                    | NoAnswer::Content(_)),
                )) => {
                    let reason = error.to_string();
                    let args = Args::new().text("reason", &reason);
                    return Err(said(Id::CheckNoSandbox, args));
                }
            };
            screen.wipe();
            let looked = take(found, read);
            screen.passing(Id::CheckProgress, &Args::new().count("messages", looked));
            Ok(())
        });
        screen.wipe();
        done
    }
}

fn is_quoted(message: &Message) -> bool {
    match message {
        Message::Mail(mail) => mail.oddities.contains(&Oddity::Quoted),
        Message::Sms(_) => false,
    }
}

fn intel(senders: &Senders) -> Intel {
    Intel::new(Practice {
        domains: senders.own_domains(),
        ..Practice::default()
    })
}

const NANOSECONDS: i64 = 1_000_000_000;
