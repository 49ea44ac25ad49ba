//! Tells the person concerned on the device itself: on the desktop, and on the terminals that are his.
//!
//! A short-lived process does it with that person's rights and nothing of the guard's: what it talks to (his session bus,
//! his terminals) is his own and may be hostile.

use std::{
    collections::HashMap,
    io::Write,
    os::unix::{
        fs::{MetadataExt, OpenOptionsExt},
        process::CommandExt,
    },
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use hygie_acts::Incident;
use hygie_model::Wall;
use hygie_text::{Args, Catalog, Environment, Id, Language, TimeZone};
use serde::{Deserialize, Serialize};
use zbus::{blocking::connection::Builder, zvariant::Value};

use super::Incidents;
use crate::{StateDir, config::Config};

/// What the short-lived process is handed: `hygie notice --handed JSON`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HandedNotice {
    /// The line in bold.
    pub title: String,
    /// The rest.
    pub body: String,
}

impl Incidents {
    /// Tells each person whose programs were stopped. Takes as long as their desktops take to answer, some seconds at
    /// most: call it in a thread of its own, never in the loop. What fails is not worth an error: the incident stands on
    /// the screen and in the journal anyway.
    pub fn tell_people(&self, incident: &Incident) {
        let config = Config::load(&self.0.state.config()).unwrap_or_default();
        let catalog = catalog(&config);
        let call = config.help.call.as_ref().map(ToString::to_string);
        let notice = words(&catalog, incident, call.as_deref());
        let mut people: Vec<u32> = incident
            .opening
            .members
            .iter()
            .map(|member| member.uid)
            .collect();
        people.sort_unstable();
        people.dedup();
        for uid in people {
            let _ = hand_over(uid, &notice);
        }
    }
}

/// What people are told of the hub.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HubNotice {
    /// It has not answered for too long.
    Silent {
        /// When it did last.
        heard: Option<Wall>,
    },
    /// It answers again.
    Back,
}

/// Tells whoever works on this device; as slow as [`Incidents::tell_people`].
pub(crate) fn tell_all(state: &StateDir, told: HubNotice) {
    let config = Config::load(&state.config()).unwrap_or_default();
    let notice = of_hub(&catalog(&config), told);
    for uid in at_work(Path::new("/run/user"), Path::new("/dev/pts")) {
        let _ = hand_over(uid, &notice);
    }
}

fn of_hub(catalog: &Catalog, told: HubNotice) -> HandedNotice {
    let say = |id| catalog.say(id, &Args::new());
    match told {
        HubNotice::Silent { heard } => HandedNotice {
            title: say(Id::NoticeHubSilent),
            body: [
                match heard {
                    Some(at) => catalog.say(Id::NoticeHubLast, &Args::new().moment("at", at)),
                    None => say(Id::NoticeHubNever),
                },
                say(Id::NoticeHubDo),
            ]
            .join("\n"),
        },
        HubNotice::Back => HandedNotice {
            title: say(Id::NoticeHubBack),
            body: say(Id::NoticeHubBackAbout),
        },
    }
}

/// Who has a desktop or a terminal here, each once, and not without end.
fn at_work(desktops: &Path, terminals: &Path) -> Vec<u32> {
    let owners = |folder: &Path| -> Vec<u32> {
        let found = std::fs::read_dir(folder).into_iter().flatten().flatten();
        found
            .filter(|entry| entry.file_name() != "ptmx")
            .filter_map(|entry| Some(entry.metadata().ok()?.uid()))
            .collect()
    };
    let mut people = owners(desktops);
    people.extend(owners(terminals));
    people.sort_unstable();
    people.dedup();
    people.truncate(MOST_PEOPLE);
    people
}

fn catalog(config: &Config) -> Catalog {
    let language = config.language.unwrap_or_else(|| {
        let none = Environment {
            lc_all: None,
            lc_messages: None,
            lang: None,
        };
        Language::negotiate(None, &none)
    });
    Catalog::new(language, TimeZone::system())
}

/// What was stopped, that nothing is lost, whom to call.
fn words(catalog: &Catalog, incident: &Incident, call: Option<&str>) -> HandedNotice {
    let opening = &incident.opening;
    let program = opening
        .members
        .first()
        .map_or("?", |member| member.command.as_str());
    let args = Args::new().text("program", program);
    let mut body = catalog.say(Id::NoticeSafe, &Args::new());
    let whom = match call {
        Some(call) => catalog.say(Id::NoticeCall, &Args::new().text("call", call)),
        None => catalog.say(Id::NoticeCallSomebody, &Args::new()),
    };
    let number = catalog.say(
        Id::NoticeNumber,
        &Args::new().count("incident", incident.id),
    );
    for more in [whom, number] {
        body.push('\n');
        body.push_str(&more);
    }
    HandedNotice {
        title: catalog.say(Id::NoticeStopped, &args),
        body,
    }
}

/// Starts the process of that person, and ends it if it takes too long.
fn hand_over(uid: u32, notice: &HandedNotice) -> Result<()> {
    let handed = serde_json::to_string(notice)?;
    let group = group_of(uid).unwrap_or(uid);
    let mut child = Command::new("/proc/self/exe")
        .args(["notice", "--handed", &handed])
        .env_clear()
        .current_dir("/")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        // Further groups go too, as this process is root's.
        .gid(group)
        .uid(uid)
        .spawn()
        .context("starting the notice")?;
    let until = Instant::now() + PATIENCE;
    while Instant::now() < until {
        if child.try_wait()?.is_some() {
            return Ok(());
        }
        std::thread::sleep(LOOK);
    }
    child.kill()?;
    child.wait()?;
    Ok(())
}

/// The first group of a user, by the system's list.
fn group_of(uid: u32) -> Option<u32> {
    let list = std::fs::read_to_string("/etc/passwd").ok()?;
    list.lines().find_map(|line| {
        let mut fields = line.split(':').skip(2);
        let is_his = fields.next()?.parse() == Ok(uid);
        let group = fields.next()?.parse().ok()?;
        is_his.then_some(group)
    })
}

/// Shows a notice to whoever this process runs for: the short-lived process does this and ends.
///
/// # Errors
/// When neither a desktop nor a terminal took it.
pub fn show(notice: &HandedNotice) -> Result<()> {
    let uid = rustix::process::geteuid().as_raw();
    // The terminals first: a session bus that hangs, and it may be the attacker's, ends this process.
    let written = on_terminals(Path::new("/dev/pts"), uid, notice)
        + on_terminals(Path::new("/dev"), uid, notice);
    let shown = on_desktop(Path::new(&format!("/run/user/{uid}/bus")), notice);
    if written == 0 {
        shown.context("no terminal, and no desktop")?;
    }
    Ok(())
}

/// Writes to each terminal in a folder that belongs to this user; says to how many.
fn on_terminals(folder: &Path, uid: u32, notice: &HandedNotice) -> usize {
    let text = format!(
        "\r\n\x07*** {} ***\r\n{}\r\n",
        clean(&notice.title),
        clean(&notice.body)
    );
    let Ok(found) = std::fs::read_dir(folder) else {
        return 0;
    };
    let is_terminal = |path: &Path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        folder.ends_with("pts") && name != "ptmx"
            || name
                .strip_prefix("tty")
                .is_some_and(|rest| rest.parse::<u8>().is_ok())
    };
    found
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| is_terminal(path))
        .filter(|path| std::fs::symlink_metadata(path).is_ok_and(|stat| stat.uid() == uid))
        .filter(|path| {
            let flags = rustix::fs::OFlags::NOCTTY | rustix::fs::OFlags::NONBLOCK;
            let opened = std::fs::OpenOptions::new()
                .write(true)
                .custom_flags(flags.bits().cast_signed())
                .open(path);
            let Ok(mut terminal) = opened else {
                return false;
            };
            rustix::termios::isatty(&terminal) && terminal.write_all(text.as_bytes()).is_ok()
        })
        .count()
}

/// Line ends stay; nothing else may move the cursor.
fn clean(text: &str) -> String {
    let mut clean = String::new();
    for sign in text.chars() {
        match sign {
            '\n' => clean.push_str("\r\n"),
            sign if sign.is_control() => clean.push('?'),
            sign => clean.push(sign),
        }
    }
    clean
}

/// `org.freedesktop.Notifications.Notify` on the session bus, with the urgency of what stays until it is read
/// (Desktop Notifications Specification 1.3).
fn on_desktop(bus: &Path, notice: &HandedNotice) -> Result<()> {
    let address = format!("unix:path={}", bus.display());
    let connection = Builder::address(address.as_str())?
        .method_timeout(ANSWER)
        .build()?;
    let replaces = 0_u32;
    let actions: [&str; 0] = [];
    let critical = HashMap::from([("urgency", Value::U8(2))]);
    let until_closed = 0_i32;
    let body = escaped(&notice.body);
    let to = "org.freedesktop.Notifications";
    connection.call_method(
        Some(to),
        "/org/freedesktop/Notifications",
        Some(to),
        "Notify",
        &(
            "Hygie",
            replaces,
            "security-high",
            notice.title.as_str(),
            body.as_str(),
            &actions[..],
            critical,
            until_closed,
        ),
    )?;
    Ok(())
}

/// Desktops read the body as markup.
fn escaped(body: &str) -> String {
    body.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

const MOST_PEOPLE: usize = 32;
const PATIENCE: Duration = Duration::from_secs(8);
const LOOK: Duration = Duration::from_millis(50);
const ANSWER: Duration = Duration::from_secs(2);

#[cfg(test)]
#[path = "notice_tests.rs"]
mod tests;
