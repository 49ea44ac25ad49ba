//! The groups of a guard on a file system of its own, and a guard that lets everything pass.

use std::{
    fs::{self, File},
    io,
    os::fd::{AsFd, OwnedFd},
    path::{Path, PathBuf},
    time::Duration,
};

use hygie_platform::{
    Access,
    event::{Answer, Event, EventBuffer, Events, Held, Want},
    linux::fanotify::{Class, Effect, Group, Mask, Scope},
    stream::{Origin, Recorder, Tape},
};

use crate::situations::Situation;

/// One recording: the events, and the kernel's own bytes.
pub(crate) struct Shot {
    pub(crate) text: String,
    pub(crate) held: Vec<u8>,
    pub(crate) names: Vec<u8>,
}

struct Stage {
    near: Recorder<Group>,
    wide: Recorder<Group>,
    names: Recorder<Group>,
    tape: Tape,
    held_bytes: Vec<u8>,
    name_bytes: Vec<u8>,
}

/// Where a situation plays: a protected folder, and one beside it.
pub(crate) struct Place {
    pub(crate) dossier: PathBuf,
    pub(crate) outside: PathBuf,
}

/// Plays a situation below `on` and records it. `on` must not lie on the file system of `/`.
pub(crate) fn record(on: &Path, situation: &Situation) -> io::Result<Shot> {
    use std::os::unix::fs::MetadataExt;
    if fs::metadata(on)?.dev() == fs::metadata("/")?.dev() {
        return Err(io::Error::other("that is the file system of /"));
    }
    let base = on.join(situation.name);
    fs::create_dir(&base)?;
    let place = Place {
        dossier: base.join("dossier"),
        outside: base.join("outside"),
    };
    let mut stage = Stage::open(&base)?;
    std::thread::scope(|scope| {
        let acting = scope.spawn(|| {
            fs::create_dir(&place.dossier)?;
            fs::create_dir(&place.outside)?;
            (situation.act)(&place)
        });
        let mut room = EventBuffer::new();
        let mut quiet = 0;
        while quiet < QUIET {
            let over = acting.is_finished();
            if stage.turn(&mut room)? {
                quiet = 0;
            } else {
                quiet += usize::from(over);
                std::thread::sleep(LOOK_AGAIN);
            }
        }
        acting
            .join()
            .map_err(|_| io::Error::other("the acting thread ended"))?
    })?;
    Ok(Shot {
        text: format!(
            "# {}\n# Recorded by tests/record on ext4.\n{}",
            situation.about,
            stage.tape.text()
        ),
        held: stage.held_bytes,
        names: stage.name_bytes,
    })
}

impl Stage {
    fn open(base: &Path) -> io::Result<Self> {
        let folder = File::open(base)?;
        let wide = Group::new(Class::PreContent)?;
        let near = Group::new(Class::PreContent)?;
        let names = Group::new(Class::Names)?;
        let moves = Mask::CREATE
            .and(Mask::DELETE)
            .and(Mask::RENAME)
            .and(Mask::ATTRIB)
            .and(Mask::ONDIR);
        let report = Effect::Report;
        names.mark(Scope::FileSystem, report, moves, folder.as_fd())?;
        wide.mark(Scope::FileSystem, report, Mask::OPEN_PERM, folder.as_fd())?;
        let tape = Tape::start();
        Ok(Self {
            near: Recorder::new(near, Origin::Near, &tape),
            wide: Recorder::new(wide, Origin::Wide, &tape),
            names: Recorder::new(names, Origin::Names, &tape),
            tape,
            held_bytes: Vec::new(),
            name_bytes: Vec::new(),
        })
    }

    /// As the guard's loop: closes before opens, then names. Tells whether there was anything.
    fn turn(&mut self, room: &mut EventBuffer) -> io::Result<bool> {
        let mut any = false;
        for source in [&self.near, &self.wide] {
            let events = source.take(room)?;
            self.held_bytes.extend(room.last());
            any |= !events.is_empty();
            for event in events {
                if let Event::Held(held) = event {
                    self.let_pass(source, &held)?;
                }
            }
        }
        any |= !self.names.take(room)?.is_empty();
        self.name_bytes.extend(room.last());
        Ok(any)
    }

    /// A file that somebody wants to write gets a mark of its own first.
    fn let_pass(&self, source: &Recorder<Group>, held: &Held<OwnedFd>) -> io::Result<()> {
        let file = held.file.as_fd();
        if held.want == Want::Open && source.access(held.caller) != Access::Read {
            let near = Mask::OPEN_PERM.and(Mask::CLOSE_WRITE);
            let group = self.near.source();
            // Before Linux 6.14 the kernel does not know PRE_ACCESS.
            group
                .mark(
                    Scope::Inode,
                    Effect::Report,
                    near.and(Mask::PRE_ACCESS),
                    file,
                )
                .or_else(|_| group.mark(Scope::Inode, Effect::Report, near, file))?;
            let wide = self.wide.source();
            wide.mark(Scope::Inode, Effect::Ignore, Mask::OPEN_PERM, file)?;
        }
        source.answer(held.call, Answer::Allow)
    }
}

const LOOK_AGAIN: Duration = Duration::from_millis(1);
/// So many looks without an event, after the acting thread ended, are the end.
const QUIET: usize = 20;
