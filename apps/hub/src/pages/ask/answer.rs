//! The answer: a pasted text is read in this process, for it has no structure that a parser could stumble over, an e-mail's
//! file or source in the sandbox alone. It is told to the journal without a word of it, then shown.

use axum::{body::Bytes, response::Response};
use hygie_identity::Act;
use hygie_phish::{
    Advice, Authenticated, Intel, Level, Practice, Verdict, judge,
    message::{Address, Message, Oddity},
    parse,
};
use hygie_post::sender::{Bounded, Server};
use hygie_sandbox::{
    NoAnswer,
    message::{Asks, Read, Received},
};
use hygie_store::{Json, Person};
use hygie_text::{Args, console::Ask};
use hygie_wire::{Danger, Fact, Judged, MessageSort};

use super::{
    Form, LONGEST_SOURCE, LONGEST_TEXT, Page, Sort,
    report::{Report, report},
    said::{self, Piece, Why},
};
use crate::web::{fault::Fault, form::Brought, frame::page, icon::Icon, visitor::Visitor};
use crate::{
    core::{Hub, senders},
    pages::settings::messages::{self, Wishes},
};

/// What is read on the page.
pub(super) struct Answer {
    pub(super) is_safe: bool,
    /// Classes of the card and of its tag.
    pub(super) card: &'static str,
    pub(super) tag: &'static str,
    pub(super) icon: String,
    pub(super) level: String,
    /// What was judged, and when.
    pub(super) of: String,
    /// The one next step.
    pub(super) to_do: String,
    /// What else is to be done.
    pub(super) also: Vec<String>,
    /// Of whoever's address it is, where it is one of the practice's own.
    pub(super) colleague: Option<String>,
    /// Whether to press the one button: it is to be reported.
    pub(super) report: Option<Report>,
    pub(super) sender: Vec<Piece>,
    /// What it says it is about; of a pasted text that is not known.
    pub(super) subject: String,
    /// That both are what somebody quoted.
    pub(super) quoted: Option<String>,
    pub(super) text: Vec<Piece>,
    pub(super) is_cut: bool,
    pub(super) against: Vec<Why>,
    pub(super) for_it: Vec<String>,
}

/// What is wrong with what was sent, and where it was written.
enum Wrong {
    Text(Ask),
    File(Ask),
}

/// Reads what was brought, judges it, tells that it was, and shows the answer with an empty form under it.
pub(super) async fn give(visitor: Visitor, brought: Brought) -> Result<Response, Fault> {
    let mut form = Form {
        sort: match brought.text("kind").as_str() {
            "mail" => Sort::Mail,
            _ => Sort::Sms,
        },
        sender: brought.text("sender").trim().to_owned(),
        text: brought.text("text").trim().to_owned(),
        ..Form::default()
    };
    let wishes = messages::wishes(visitor.practice()?).await?;
    let read = match read(&visitor, &mut form, &brought, &wishes).await? {
        Ok(read) => read,
        Err(wrong) => {
            form.text.clear();
            match wrong {
                Wrong::Text(why) => form.wrong = Some(visitor.speech.word(why)),
                Wrong::File(why) => form.wrong_file = Some(visitor.speech.word(why)),
            }
            return page(&Page::new(&visitor, form, None));
        }
    };
    let people = visitor.practice()?.people().await?;
    let (read, verdict) = judged(&visitor, read, &people, wishes).await?;
    let kinds: Vec<&str> = verdict
        .reasons
        .iter()
        .map(|one| one.reason.clue().word())
        .collect();
    let note = visitor
        .note()?
        .with("verdict", verdict.level.word())
        .with("kind", sort_word(form.sort))
        .with("reasons", kinds);
    visitor.tell("message.asked", note).await?;
    report_signal(&visitor, form.sort, &verdict).await?;
    let answer = answer(&visitor, &form, &read, &verdict, &people)?;
    let again = Form {
        sort: form.sort,
        ..Form::default()
    };
    page(&Page::new(&visitor, again, Some(answer)))
}

/// The verdict as the signal that `hygie check` on a device sends too: how dangerous and why, in kinds, and no word of it.
async fn report_signal(visitor: &Visitor, sort: Sort, verdict: &Verdict) -> Result<(), Fault> {
    let judged = Judged {
        message: match sort {
            Sort::Mail => MessageSort::Mail,
            Sort::Sms => MessageSort::Sms,
        },
        verdict: match verdict.level {
            Level::Safe => Danger::Safe,
            Level::Doubtful => Danger::Doubtful,
            Level::DangerousProbable | Level::DangerousVeryProbable => Danger::Dangerous,
        },
        reasons: verdict
            .reasons
            .iter()
            .map(|one| one.reason.clue().word().to_owned())
            .collect(),
    };
    let fact = Fact::Judged {
        judged: judged.without_words(),
    };
    let body = Json::of(&fact)?;
    let practice = visitor.practice()?;
    practice.report(fact.kind(), &body, visitor.now).await?;
    Ok(())
}

/// The message, or what is wrong with what was sent. A file's sender takes the place of the one in the form.
async fn read(
    visitor: &Visitor,
    form: &mut Form,
    brought: &Brought,
    wishes: &Wishes,
) -> Result<Result<Read, Wrong>, Fault> {
    if brought.is_cut {
        return Ok(Err(Wrong::File(Ask::TooLarge)));
    }
    if let Some(file) = brought.file("file") {
        let Some(read) = parsed(visitor, file.clone(), Brings::File, wishes).await? else {
            return Ok(Err(Wrong::File(Ask::Unread)));
        };
        match &read.message {
            Message::Mail(mail) if !mail.oddities.contains(&Oddity::NoHeaders) => {
                form.sort = Sort::Mail;
                form.sender = mail.sender().map(written).unwrap_or_default();
            }
            Message::Mail(_) | Message::Sms(_) => return Ok(Err(Wrong::File(Ask::NoMail))),
        }
        return Ok(Ok(read));
    }
    if form.text.len() <= LONGEST_SOURCE && parse::is_source(&form.text) {
        let source = Bytes::copy_from_slice(form.text.as_bytes());
        if let Some(read) = parsed(visitor, source, Brings::Paste, wishes).await?
            && let Message::Mail(mail) = &read.message
            && !mail.oddities.contains(&Oddity::NoHeaders)
        {
            form.sort = Sort::Mail;
            form.sender = mail.sender().map(written).unwrap_or_default();
            return Ok(Ok(read));
        }
    }
    if parse::is_passed_on(&form.text) {
        form.sort = Sort::Mail;
    }
    Ok(match form.text.len() {
        0 => Err(Wrong::Text(Ask::Nothing)),
        1..=LONGEST_TEXT => Ok(Read {
            message: pasted(form),
            authenticated: Authenticated::Unknown,
        }),
        _ => Err(Wrong::Text(Ask::TooLong)),
    })
}

/// How a mail's source was brought.
#[derive(Clone, Copy, Debug)]
enum Brings {
    File,
    /// Anybody could have typed the line of a server in it.
    Paste,
}

/// What the sandbox reads in an e-mail's source; `None` where it breaks over it. Its servers are those that the practice named here
/// and those that root named where it learnt.
async fn parsed(
    visitor: &Visitor,
    bytes: Bytes,
    brings: Brings,
    wishes: &Wishes,
) -> Result<Option<Read>, Fault> {
    let (hub, now) = (visitor.hub.clone(), visitor.now);
    let (named, asks) = (wishes.servers.clone(), wishes.asks);
    let asked = tokio::task::spawn_blocking(move || {
        let of = bytes.len() as u64;
        let job = |asks| match brings {
            Brings::File => Received::sent(&trusted(&hub, named), asks, now),
            Brings::Paste => Received::pasted(asks, now),
        };
        match hub.names.as_deref().filter(|_| asks) {
            Some(names) => {
                let names = Bounded::new(names, &bytes);
                hub.sandbox
                    .ask_with(job(Asks::Names), (&bytes[..], of), &names)
            }
            None => hub.sandbox.ask(job(Asks::Nobody), (&bytes[..], of)),
        }
    })
    .await;
    match asked.map_err(|_| Fault::Broken("asking the sandbox"))? {
        Ok(read) => Ok(Some(read)),
        Err(NoAnswer::Broke | NoAnswer::TooLong | NoAnswer::Content(_)) => Ok(None),
        Err(NoAnswer::Absent(_) | NoAnswer::NotStarted(_)) => {
            Err(Fault::Broken("the sandbox does not start"))
        }
        Err(NoAnswer::NotShutIn) => Err(Fault::Broken("the sandbox cannot be shut in")),
    }
}

fn trusted(hub: &Hub, mut named: Vec<Server>) -> Vec<Server> {
    // What cannot be read is told on the page of the settings.
    let learnt = senders::read(&hub.senders).ok().flatten();
    named.extend(learnt.into_iter().flat_map(|learnt| learnt.trusted));
    named
}

fn written(address: &Address) -> String {
    if address.name.is_empty() {
        address.address.clone()
    } else {
        format!("{} <{}>", address.name, address.address)
    }
}

/// Off the threads that answer others: a long text takes its time.
async fn judged(
    visitor: &Visitor,
    read: Read,
    people: &[Person],
    wishes: Wishes,
) -> Result<(Read, Verdict), Fault> {
    let mut people: Vec<(String, String)> = people
        .iter()
        .filter(|one| one.closed.is_none())
        .map(|one| (one.name.clone(), one.address.clone().unwrap_or_default()))
        .collect();
    let (hub, now) = (visitor.hub.clone(), visitor.now.0 / NANOS);
    tokio::task::spawn_blocking(move || {
        let learnt = senders::read(&hub.senders)
            .ok()
            .flatten()
            .unwrap_or_default();
        let own = wishes.own.into_iter().chain(learnt.own);
        let (addresses, domains): (Vec<String>, _) = own.partition(|one| one.contains('@'));
        people.extend(
            addresses
                .into_iter()
                .map(|address| (String::new(), address)),
        );
        let intel = Intel::new(Practice {
            people,
            domains,
            ..Practice::default()
        });
        let (message, authenticated) = (&read.message, read.authenticated);
        let verdict = judge(message, authenticated, &intel, &learnt.memory, now);
        (read, verdict)
    })
    .await
    .map_err(|_| Fault::Broken("the judge"))
}

/// A text as somebody pasted it: of an e-mail there is no header, so nothing is held against it that only a header shows.
fn pasted(form: &mut Form) -> Message {
    let sender = (!form.sender.is_empty()).then_some(form.sender.as_str());
    match form.sort {
        Sort::Sms => parse::sms(&form.text, sender),
        Sort::Mail => {
            let mail = parse::pasted(&form.text, sender.and_then(address));
            if form.sender.is_empty() {
                form.sender = mail.sender().map(written).unwrap_or_default();
            }
            Message::Mail(Box::new(mail))
        }
    }
}

/// `Name <name@place>` or the address alone; a name alone says nothing of where it came from.
fn address(written: &str) -> Option<Address> {
    let (name, address) = match written.split_once('<') {
        Some((name, rest)) => (name, rest.trim_end_matches(['>', ' '])),
        None => ("", written),
    };
    address.contains('@').then(|| Address {
        name: name.trim().trim_matches('"').to_owned(),
        address: address.trim().to_owned(),
    })
}

fn answer(
    visitor: &Visitor,
    form: &Form,
    read: &Read,
    verdict: &Verdict,
    people: &[Person],
) -> Result<Answer, Fault> {
    let (speech, message) = (&visitor.speech, &read.message);
    let (card, tag, icon) = match verdict.level {
        Level::Safe => ("card--held", "tag--ok", Icon::BowlOk),
        Level::Doubtful => ("card--wait", "tag--part", Icon::BowlPart),
        Level::DangerousProbable | Level::DangerousVeryProbable => {
            ("card--now", "tag--now", Icon::BowlNow)
        }
    };
    let is_dangerous = verdict.level >= Level::DangerousProbable;
    let colleague = is_dangerous.then(|| colleague(read, people)).flatten();
    // Whom to call stands above already, by name.
    let said_already = colleague.map(|_| Advice::CallSender);
    let mut steps = said::steps(speech, verdict, said_already).into_iter();
    let to_do = steps.next().unwrap_or_else(|| {
        speech.word(match verdict.level {
            Level::Safe => Ask::SafeDo,
            Level::Doubtful | Level::DangerousProbable | Level::DangerousVeryProbable => {
                Ask::DoubtDo
            }
        })
    });
    let reasons = said::reasons(speech, verdict);
    let shown = message.shown();
    let (text, is_cut) = said::pieces(speech, shown, verdict, &reasons);
    let args = Args::new()
        .nested("kind", speech.word(sort_words(form.sort)))
        .moment("at", visitor.now);
    Ok(Answer {
        is_safe: verdict.level == Level::Safe,
        card,
        tag,
        icon: icon.svg(),
        level: speech.word(said::level(verdict.level)),
        of: speech.say(Ask::Shown, &args),
        to_do,
        also: steps.collect(),
        colleague: colleague
            .map(|name| speech.say(Ask::Colleague, &Args::new().text("name", name))),
        report: (is_dangerous && visitor.may(Act::ReportMessage))
            .then(|| report(visitor, form, shown, verdict))
            .transpose()?,
        sender: said::sender(speech, &form.sender, &reasons),
        quoted: match message {
            Message::Mail(mail) => mail
                .oddities
                .contains(&Oddity::Quoted)
                .then(|| speech.word(Ask::Quoted)),
            Message::Sms(_) => None,
        },
        subject: match message {
            Message::Mail(mail) => hygie_text::shown(&mail.subject),
            Message::Sms(_) => String::new(),
        },
        text,
        is_cut,
        against: reasons.against,
        for_it: reasons.for_it,
    })
}

/// Whose address of the practice it came from: the mailbox may be somebody else's by now.
fn colleague<'a>(read: &Read, people: &'a [Person]) -> Option<&'a str> {
    // Whoever forged the address has no hold on the mailbox.
    if read.authenticated == Authenticated::Refused {
        return None;
    }
    let from = match &read.message {
        Message::Mail(mail) => mail.sender()?.address.to_lowercase(),
        Message::Sms(_) => return None,
    };
    people
        .iter()
        .find(|one| {
            let address = one.address.as_deref().unwrap_or_default();
            !address.is_empty() && address.to_lowercase() == from
        })
        .map(|one| one.name.as_str())
}

/// Its word in the journal.
fn sort_word(sort: Sort) -> &'static str {
    match sort {
        Sort::Sms => "sms",
        Sort::Mail => "mail",
    }
}

/// How it is called.
pub(super) fn sort_words(sort: Sort) -> Ask {
    match sort {
        Sort::Sms => Ask::Sms,
        Sort::Mail => Ask::Mail,
    }
}

const NANOS: i64 = 1_000_000_000;
