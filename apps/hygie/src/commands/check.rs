//! `hygie check FILE|FOLDER|-`: whether messages are traps. They are read in processes that are shut in, one for each, and
//! judged here, beside the memory of senders. No text is kept or printed, and none leaves the machine: of a signed mail the
//! sender's domain alone is asked about.

mod mailbox;
mod messages;
mod names;
mod reading;
mod senders;
mod told;
mod verdicts;

use anyhow::Result;
use hygie_model::Wall;
use hygie_phish::{Intel, Level, Message, Practice, Verdict, judge, message::Oddity};
use hygie_platform::clock;
use hygie_sandbox::{
    NoAnswer,
    message::{Asks, Read, Received},
};
use hygie_text::{Args, Id};

use self::{
    messages::{Found, Messages, NoMessage, Shape, Why},
    names::Resolver,
    reading::NotRead,
    senders::{Keep, Remembered, Senders},
    told::{Counts, Told},
    verdicts::Verdicts,
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
        resolver: Resolver::default(),
        now: clock::wall(),
    };
    if asked.learn {
        return check.learn(messages, asked);
    }
    let mut senders = Senders::read(context)?;
    senders.add_trusted(&asked.trusted_server)?;
    let job = match shape {
        Shape::Mail => {
            let asks = if asked.offline {
                Asks::Nobody
            } else {
                Asks::Names
            };
            Received::sent(&senders.trusted(), asks, check.now)
        }
        Shape::Sms => Received::sms(asked.sender.as_deref()),
    };
    check.judge(messages, (&job, Verdicts::new(shape, check.now)), &senders)
}

/// One run.
struct Check<'a> {
    context: &'a Context<'a>,
    resolver: Resolver,
    now: Wall,
}

impl Check<'_> {
    fn judge(
        &self,
        messages: Messages,
        (job, mut verdicts): (&Received, Verdicts),
        senders: &Senders,
    ) -> Result<Exit> {
        let intel = intel(senders);
        let mut told = Told::new(self.context.screen, messages.is_one());
        self.each(messages, job, |found, read| {
            match read {
                Ok(Some(read)) => {
                    let verdict = self.verdict(&read, &intel, senders);
                    told.judged(found, &verdict);
                    verdicts.add(&verdict);
                    if is_quoted(&read.message) {
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
        verdicts.leave(self.context);
        if self.resolver.is_silent() {
            self.context.screen.say(Id::CheckNoNames, &Args::new());
        }
        Ok(told.end())
    }

    /// Of old mails nobody is asked: keys change, and a mailbox is thousands of questions.
    fn learn(&self, messages: Messages, asked: &cli::Check) -> Result<Exit> {
        let mut kept = Keep::open(self.context)?;
        kept.senders.add_own(&asked.own)?;
        kept.senders.add_trusted(&asked.trusted_server)?;
        let job = Received::sent(&kept.senders.trusted(), Asks::Nobody, self.now);
        let mut told = Told::new(self.context.screen, messages.is_one());
        let (mut looked, mut learnt) = (0, senders::Learnt::default());
        let intel = intel(&kept.senders);
        self.each(messages, &job, |found, read| {
            looked += 1;
            match read {
                Ok(Some(read)) => {
                    let verdict = self.verdict(&read, &intel, &kept.senders);
                    let is_trap = verdict.level >= Level::DangerousProbable;
                    let (authenticated, now) = (read.authenticated, self.seconds());
                    let remembered = match read.message {
                        // Else whoever writes three traps, or one in the practice's own name, would be an old acquaintance.
                        Message::Mail(_) if is_trap || found.is_junk() => Remembered::LeftOut,
                        Message::Mail(mail) => kept.senders.remember(&mail, authenticated, now),
                        Message::Sms(_) => Remembered::LeftOut,
                    };
                    learnt.count(remembered);
                }
                Ok(None) => learnt.count(Remembered::LeftOut),
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

    fn verdict(&self, read: &Read, intel: &Intel, senders: &Senders) -> Verdict {
        let (message, authenticated) = (&read.message, read.authenticated);
        judge(
            message,
            authenticated,
            intel,
            &senders.memory,
            self.seconds(),
        )
    }

    fn seconds(&self) -> i64 {
        self.now.0 / NANOSECONDS
    }

    /// Has all messages read, some at once, and hands them over in their order; `None` for one that cannot be read. Whoever
    /// takes them says how many were looked at.
    fn each(
        &self,
        messages: Messages,
        job: &Received,
        mut take: impl FnMut(&Found, Result<Option<Read>, NoMessage>) -> u64,
    ) -> Result<()> {
        let screen = self.context.screen;
        let done = reading::each(messages, job, &self.resolver, |found, read| {
            let read = match read {
                Ok(read) if found.is_outlook() && is_nothing(&read.message) => Err(NoMessage {
                    file: found.file.clone(),
                    why: Why::Outlook,
                }),
                Ok(read) => Ok(Some(read)),
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

fn is_nothing(message: &Message) -> bool {
    match message {
        Message::Mail(mail) => mail.is_nothing(),
        Message::Sms(_) => false,
    }
}

fn intel(senders: &Senders) -> Intel {
    Intel::new(Practice {
        domains: senders.own_domains(),
        people: senders.own_people(),
        ..Practice::default()
    })
}

const NANOSECONDS: i64 = 1_000_000_000;
