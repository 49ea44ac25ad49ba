//! A trace: what processes did to files, as the engine is told it, one line an event.
//! Text, so that a diff shows what changed; names and digests are numbered, so that it stays small.

use std::{fmt::Write as _, path::Path};

use anyhow::{Context, Result, bail};
use hygie_entropy::{Likeness, Spread};
use hygie_guard::harm::{
    Act, Actor, Birth, Change, Class, Deed, Facts, Harm, Person, Process, ProcessId, Program,
    ProgramId, Purpose, ScriptId, Session, Twin,
};
use hygie_kind::{Extension, Form, Kind, Name, Stem};
use hygie_model::{DirId, FileId, Mono};

/// Whether its program should be stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Label {
    /// It should.
    Harmful,
    /// It should not.
    Honest,
}

/// One recorded scenario.
#[derive(Clone, Debug)]
pub struct Trace {
    /// Whether its program should be stopped.
    pub label: Label,
    /// Its name.
    pub name: String,
    /// What it does, for the report.
    pub what: String,
    /// In order of time.
    pub events: Vec<(Mono, Event)>,
}

/// What the engine is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A process begins, or runs another program.
    Process(ProcessId, Process),
    /// It ends.
    Exit(ProcessId),
    /// It does something to a file.
    Act(OwnAct),
}

/// An act that owns its folders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnAct {
    /// Who.
    pub process: ProcessId,
    /// To which file.
    pub file: FileId,
    /// Its folder, and those above.
    pub folders: Vec<DirId>,
    /// Its name before.
    pub name: Name,
    /// What.
    pub deed: Deed,
}

impl Event {
    /// Tells the engine.
    pub fn tell(&self, harm: &mut Harm, now: Mono) {
        match self {
            Self::Process(id, process) => {
                harm.handle_process(*id, *process, now);
            }
            Self::Exit(id) => harm.handle_exit(*id, now),
            Self::Act(act) => harm.handle_act(&act.borrow(), now),
        }
    }
}

impl OwnAct {
    /// As the engine takes it.
    #[must_use]
    pub fn borrow(&self) -> Act<'_> {
        Act {
            actor: Actor::Process(self.process),
            file: self.file,
            folders: &self.folders,
            name: self.name,
            deed: self.deed,
        }
    }

    /// The file whose state of before is gone or has another name now.
    #[must_use]
    pub fn touched(&self) -> Option<FileId> {
        match self.deed {
            Deed::Read(_) | Deed::Made(_) => None,
            Deed::Renamed {
                over: Some((file, _)),
                ..
            } => Some(file),
            Deed::Changed(_) | Deed::Deleted(..) | Deed::Renamed { .. } => Some(self.file),
        }
    }
}

/// All traces of the repository, by name.
///
/// # Errors
/// A file cannot be read, or is no trace.
pub fn load(folder: &Path) -> Result<Vec<Trace>> {
    let mut traces = Vec::new();
    for entry in
        std::fs::read_dir(folder).with_context(|| format!("no traces in {}", folder.display()))?
    {
        let path = entry?.path();
        if path.extension().is_some_and(|one| one == "trace") {
            let text = std::fs::read_to_string(&path)?;
            traces.push(Trace::parse(&text).with_context(|| path.display().to_string())?);
        }
    }
    traces.sort_by(|one, two| (one.label, &one.name).cmp(&(two.label, &two.name)));
    Ok(traces)
}

impl Trace {
    /// Its text.
    #[must_use]
    pub fn to_text(&self) -> String {
        let label = match self.label {
            Label::Harmful => "harmful",
            Label::Honest => "honest",
        };
        let mut text = format!("{label} {} {}\n", self.name, self.what);
        let mut before = 0;
        for (at, event) in &self.events {
            let ms = at.0 / MS;
            let _ = writeln!(text, "{} {}", ms - before, line(event));
            before = ms;
        }
        text
    }

    /// Reads it back.
    ///
    /// # Errors
    /// It is no trace.
    pub fn parse(text: &str) -> Result<Self> {
        let mut lines = text.lines();
        let mut head = lines.next().context("it is empty")?.splitn(3, ' ');
        let label = match head.next() {
            Some("harmful") => Label::Harmful,
            Some("honest") => Label::Honest,
            _ => bail!("no label"),
        };
        let name = head.next().context("no name")?.to_owned();
        let what = head.next().unwrap_or_default().to_owned();
        let mut ms = 0;
        let mut events = Vec::new();
        for (number, line) in lines.enumerate() {
            let mut words = Words(line.split(' '));
            let event = (|| {
                ms += words.number::<u64>()?;
                event(&mut words)
            })()
            .with_context(|| format!("line {}", number + 2))?;
            events.push((Mono(ms * MS), event));
        }
        Ok(Self {
            label,
            name,
            what,
            events,
        })
    }
}

fn line(event: &Event) -> String {
    match event {
        Event::Process(id, process) => {
            let parent = match process.birth {
                Birth::Root => "-".to_owned(),
                Birth::Child(parent) => parent.pid.to_string(),
            };
            let script = process
                .program
                .script
                .map_or("-".to_owned(), |one| one.0.to_string());
            let class = index(&CLASSES, process.program.class);
            format!(
                "P {} {parent} {} {class} {script} {} {}",
                id.pid, process.program.id.0, process.person.0, process.session.0
            )
        }
        Event::Exit(id) => format!("X {}", id.pid),
        Event::Act(act) => {
            let folders: Vec<String> = act
                .folders
                .iter()
                .map(|folder| folder.0.to_string())
                .collect();
            let place = format!(
                "{} {} {} {}",
                act.process.pid,
                act.file.0,
                folders.join("/"),
                name(&act.name)
            );
            match &act.deed {
                Deed::Read(kind) => format!("R {place} {}", index(&Kind::ALL, *kind)),
                Deed::Changed(one) => format!("C {place} {}", change(one)),
                Deed::Made(one) => format!("M {place} {}", facts(one)),
                Deed::Deleted(one, purpose, twin) => {
                    let backup = u8::from(*purpose == Purpose::Backup);
                    let verb = match twin {
                        Twin::None => "D",
                        Twin::Stands => "T",
                    };
                    format!("{verb} {place} {} {backup}", facts(one))
                }
                Deed::Renamed { to, what, over } => {
                    let over = over.as_ref().map_or("-".to_owned(), |(file, one)| {
                        format!("{} {}", file.0, change(one))
                    });
                    format!("N {place} {} {} {over}", name(to), facts(what))
                }
            }
        }
    }
}

fn name(one: &Name) -> String {
    let (stem, extension) = (index(&STEMS, one.stem), index(&EXTENSIONS, one.extension));
    format!("{}.{}.{stem}.{extension}", one.key, one.base)
}

fn facts(one: &Facts) -> String {
    let Spread {
        head,
        middle,
        tail,
        mean,
        max,
        fill,
        chi_square,
    } = one.spread;
    let (kind, form) = (index(&Kind::ALL, one.kind), index(&FORMS, one.form));
    format!(
        "{},{kind},{form},{head},{middle},{tail},{mean},{max},{fill},{chi_square},{}",
        one.len, one.gist
    )
}

fn change(one: &Change) -> String {
    let Likeness {
        kept,
        resemblance,
        shift,
        turned,
        replaced,
        stretches,
    } = one.likeness;
    let likeness = format!("{kept},{resemblance},{shift},{turned},{replaced},{stretches}");
    format!("{} {} {likeness}", facts(&one.before), facts(&one.after))
}

struct Words<'a>(std::str::Split<'a, char>);

impl<'a> Words<'a> {
    fn word(&mut self) -> Result<&'a str> {
        self.0.next().context("the line is short")
    }

    fn number<T: std::str::FromStr>(&mut self) -> Result<T> {
        number(self.word()?)
    }

    fn process(&mut self) -> Result<ProcessId> {
        Ok(process_id(self.number()?))
    }

    fn name(&mut self) -> Result<Name> {
        let [key, base, stem, extension] = parts::<4>(self.word()?, '.')?;
        Ok(Name {
            key: number(key)?,
            base: number(base)?,
            stem: at(&STEMS, stem)?,
            extension: at(&EXTENSIONS, extension)?,
        })
    }

    fn facts(&mut self) -> Result<Facts> {
        let [
            len,
            kind,
            form,
            head,
            middle,
            tail,
            mean,
            max,
            fill,
            chi,
            gist,
        ] = parts::<11>(self.word()?, ',')?;
        Ok(Facts {
            len: number(len)?,
            kind: at(&Kind::ALL, kind)?,
            form: at(&FORMS, form)?,
            spread: Spread {
                head: number(head)?,
                middle: number(middle)?,
                tail: number(tail)?,
                mean: number(mean)?,
                max: number(max)?,
                fill: number(fill)?,
                chi_square: number(chi)?,
            },
            gist: number(gist)?,
        })
    }

    fn change(&mut self) -> Result<Change> {
        let (before, after) = (self.facts()?, self.facts()?);
        let [kept, resemblance, shift, turned, replaced, stretches] =
            parts::<6>(self.word()?, ',')?;
        Ok(Change {
            before,
            after,
            likeness: Likeness {
                kept: number(kept)?,
                resemblance: number(resemblance)?,
                shift: number(shift)?,
                turned: number(turned)?,
                replaced: number(replaced)?,
                stretches: number(stretches)?,
            },
        })
    }
}

fn event(words: &mut Words<'_>) -> Result<Event> {
    let verb = words.word()?;
    Ok(match verb {
        "P" => {
            let id = words.process()?;
            let birth = match words.word()? {
                "-" => Birth::Root,
                pid => Birth::Child(process_id(number(pid)?)),
            };
            let program = ProgramId(words.number()?);
            let class = at(&CLASSES, words.word()?)?;
            let script = match words.word()? {
                "-" => None,
                script => Some(ScriptId(number(script)?)),
            };
            let program = Program {
                id: program,
                class,
                script,
            };
            let (person, session) = (Person(words.number()?), Session(words.number()?));
            Event::Process(
                id,
                Process {
                    program,
                    birth,
                    person,
                    session,
                },
            )
        }
        "X" => Event::Exit(words.process()?),
        _ => {
            let process = words.process()?;
            let file = FileId(words.number()?);
            let folders: Result<Vec<DirId>> = words
                .word()?
                .split('/')
                .map(|one| Ok(DirId(number(one)?)))
                .collect();
            let (folders, name) = (folders?, words.name()?);
            let deed = match verb {
                "R" => Deed::Read(at(&Kind::ALL, words.word()?)?),
                "C" => Deed::Changed(words.change()?),
                "M" => Deed::Made(words.facts()?),
                "D" | "T" => {
                    let facts = words.facts()?;
                    let purpose = if words.word()? == "1" {
                        Purpose::Backup
                    } else {
                        Purpose::Work
                    };
                    let twin = if verb == "T" {
                        Twin::Stands
                    } else {
                        Twin::None
                    };
                    Deed::Deleted(facts, purpose, twin)
                }
                "N" => {
                    let (to, what) = (words.name()?, words.facts()?);
                    let over = match words.word()? {
                        "-" => None,
                        file => Some((FileId(number(file)?), words.change()?)),
                    };
                    Deed::Renamed { to, what, over }
                }
                _ => bail!("no such verb"),
            };
            Event::Act(OwnAct {
                process,
                file,
                folders,
                name,
                deed,
            })
        }
    })
}

/// In a trace no process number comes back.
#[must_use]
pub fn process_id(pid: u32) -> ProcessId {
    ProcessId { pid, started: 0 }
}

fn number<T: std::str::FromStr>(word: &str) -> Result<T> {
    word.parse()
        .ok()
        .with_context(|| format!("no number: {word}"))
}

fn parts<const N: usize>(word: &str, cut: char) -> Result<[&str; N]> {
    let parts: Vec<&str> = word.split(cut).collect();
    parts
        .try_into()
        .ok()
        .with_context(|| format!("not {N} parts: {word}"))
}

fn index<T: PartialEq + Copy>(list: &[T], one: T) -> usize {
    list.iter()
        .position(|other| *other == one)
        .expect("the lists are complete")
}

fn at<T: Copy>(list: &[T], word: &str) -> Result<T> {
    list.get(number::<usize>(word)?)
        .copied()
        .context("no such code")
}

/// Traces count in milliseconds.
pub const MS: u64 = 1_000_000;
const CLASSES: [Class; 4] = [
    Class::Packaged,
    Class::Interpreter,
    Class::Archiver,
    Class::Unknown,
];
const FORMS: [Form; 3] = [Form::Whole, Form::Torn, Form::None];
const STEMS: [Stem; 2] = [Stem::Plain, Stem::Meaningless];
const EXTENSIONS: [Extension; 4] = [
    Extension::None,
    Extension::Known,
    Extension::Aside,
    Extension::Unknown,
];
