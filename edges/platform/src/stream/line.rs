//! One event as a line of text: `1250us wide open c1 p1 v1:01000000ab:42:linked write`.

use std::{fmt, str::FromStr, time::Duration};

use super::{Origin, RecordedFile};
use crate::{
    Access, Reach,
    event::{
        Attributes, Call, Caller, Event, FileKey, FileSight, Held, Linked, NameEvent, NameKind,
        OnFolder, Place, Volume, Want,
    },
};

/// An event, when it was taken, and from where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) at: Duration,
    pub(super) origin: Origin,
    pub(super) event: Event<RecordedFile>,
}

impl Line {
    /// Whether both came with one take.
    pub(super) fn is_with(&self, other: &Self) -> bool {
        (self.at, self.origin) == (other.at, other.origin)
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let origin = ORIGINS.iter().find(|(_, origin)| *origin == self.origin);
        let origin = origin.map_or("?", |(word, _)| *word);
        write!(f, "{}us {origin} ", self.at.as_micros())?;
        match &self.event {
            Event::Held(held) => write_held(f, held),
            Event::Closed(file, _) => {
                write!(f, "closed ")?;
                write_file(f, file)
            }
            Event::Name(name) => write_name(f, name),
            Event::Lost => write!(f, "lost"),
        }
    }
}

fn write_held(f: &mut fmt::Formatter<'_>, held: &Held<RecordedFile>) -> fmt::Result {
    let (Call(call), Caller(caller)) = (held.call, held.caller);
    match held.want {
        Want::Open => {
            write!(f, "open c{call} p{caller} ")?;
            write_file(f, &held.file)?;
            let word = match held.file.access {
                Access::Read => "read",
                Access::Write => "write",
                Access::Change => "change",
            };
            write!(f, " {word}")
        }
        Want::Content(range) => {
            write!(f, "content c{call} p{caller} ")?;
            write_file(f, &held.file)?;
            match range {
                Some((start, len)) => write!(f, " {start}+{len}")?,
                None => write!(f, " -")?,
            }
            match held.file.reach {
                Reach::Nothing => write!(f, " nothing"),
                Reach::Range => write!(f, " range"),
                Reach::From(start) => write!(f, " from={start}"),
                Reach::Everything => write!(f, " everything"),
            }
        }
    }
}

fn write_file(f: &mut fmt::Formatter<'_>, file: &RecordedFile) -> fmt::Result {
    match &file.sight {
        Some(sight) => {
            let (Volume(volume), key) = (sight.volume, &sight.key);
            let linked = match sight.linked {
                Linked::Yes => "linked",
                Linked::No => "nameless",
            };
            write!(f, "v{volume}:{key}:{}:{linked}", sight.size)
        }
        None => write!(f, "-"),
    }
}

fn write_name(f: &mut fmt::Formatter<'_>, name: &NameEvent) -> fmt::Result {
    match &name.kind {
        NameKind::Created(at) => write!(f, "created {}", Written(at))?,
        NameKind::Deleted(at) => write!(f, "deleted {}", Written(at))?,
        NameKind::Renamed { from, to } => {
            write!(f, "renamed {} {}", Written(from), Written(to))?;
        }
        NameKind::Unclear(at) => write!(f, "unclear {}", Written(at))?,
        NameKind::Stays => write!(f, "stays")?,
    }
    match &name.target {
        Some(key) => write!(f, " {key}")?,
        None => write!(f, " -")?,
    }
    if name.on_folder == OnFolder::Folder {
        write!(f, " folder")?;
    }
    if name.attributes == Attributes::Changed {
        write!(f, " attributes")?;
    }
    Ok(())
}

/// `KEY/NAME`, the name's odd bytes as `%XX`.
struct Written<'a>(&'a Place);

impl fmt::Display for Written<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/", self.0.folder)?;
        self.0.name.iter().try_for_each(|byte| match byte {
            b'%' => write!(f, "%25"),
            byte if byte.is_ascii_graphic() => write!(f, "{}", char::from(*byte)),
            byte => write!(f, "%{byte:02x}"),
        })
    }
}

impl FromStr for Line {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut words = Words(text.split(' '));
        let at = words.number("", "us").map(Duration::from_micros)?;
        let origin = words.one_of(&ORIGINS)?;
        let event = match words.next()? {
            "open" => Event::Held(Held {
                call: Call(words.number("c", "")?),
                caller: Caller(words.number("p", "")?),
                want: Want::Open,
                file: RecordedFile {
                    sight: words.sight()?,
                    access: words.one_of(&ACCESSES)?,
                    reach: Reach::Nothing,
                },
            }),
            "content" => {
                let (call, caller) = (words.number("c", "")?, words.number("p", "")?);
                let sight = words.sight()?;
                Event::Held(Held {
                    call: Call(call),
                    caller: Caller(caller),
                    want: Want::Content(words.range()?),
                    file: RecordedFile {
                        sight,
                        access: Access::Read,
                        reach: words.reach()?,
                    },
                })
            }
            "closed" => Event::Closed(
                RecordedFile {
                    sight: words.sight()?,
                    access: Access::Read,
                    reach: Reach::Nothing,
                },
                None,
            ),
            "lost" => Event::Lost,
            word => Event::Name(words.name(word)?),
        };
        words.end()?;
        Ok(Self { at, origin, event })
    }
}

struct Words<'a>(std::str::Split<'a, char>);

impl<'a> Words<'a> {
    fn next(&mut self) -> Result<&'a str, String> {
        self.0.next().ok_or_else(|| "too few words".to_owned())
    }

    fn end(mut self) -> Result<(), String> {
        let more = self.0.next();
        more.map_or(Ok(()), |word| Err(format!("`{word}` is too much")))
    }

    fn one_of<T: Copy>(&mut self, known: &[(&str, T)]) -> Result<T, String> {
        let word = self.next()?;
        let found = known.iter().find(|(one, _)| *one == word);
        found
            .map(|(_, value)| *value)
            .ok_or_else(|| format!("`{word}`?"))
    }

    fn number<T: FromStr>(&mut self, before: &str, after: &str) -> Result<T, String> {
        let word = self.next()?;
        word.strip_prefix(before)
            .and_then(|word| word.strip_suffix(after)?.parse().ok())
            .ok_or_else(|| format!("`{word}`?"))
    }

    fn sight(&mut self) -> Result<Option<FileSight>, String> {
        let word = self.next()?;
        if word == "-" {
            return Ok(None);
        }
        let parts = || {
            let mut parts = word.strip_prefix('v')?.split(':');
            let sight = FileSight {
                volume: Volume(parts.next()?.parse().ok()?),
                key: key(parts.next()?)?,
                size: parts.next()?.parse().ok()?,
                linked: match parts.next()? {
                    "linked" => Linked::Yes,
                    "nameless" => Linked::No,
                    _ => return None,
                },
            };
            parts.next().is_none().then_some(sight)
        };
        parts().map(Some).ok_or_else(|| format!("`{word}`?"))
    }

    fn range(&mut self) -> Result<Option<(u64, u64)>, String> {
        let word = self.next()?;
        if word == "-" {
            return Ok(None);
        }
        word.split_once('+')
            .and_then(|(start, len)| Some(Some((start.parse().ok()?, len.parse().ok()?))))
            .ok_or_else(|| format!("`{word}`?"))
    }

    fn reach(&mut self) -> Result<Reach, String> {
        let word = self.next()?;
        match word {
            "nothing" => Ok(Reach::Nothing),
            "range" => Ok(Reach::Range),
            "everything" => Ok(Reach::Everything),
            _ => word
                .strip_prefix("from=")
                .and_then(|start| start.parse().ok().map(Reach::From))
                .ok_or_else(|| format!("`{word}`?")),
        }
    }

    fn name(&mut self, kind: &str) -> Result<NameEvent, String> {
        let kind = match kind {
            "created" => NameKind::Created(self.place()?),
            "deleted" => NameKind::Deleted(self.place()?),
            "renamed" => NameKind::Renamed {
                from: self.place()?,
                to: self.place()?,
            },
            "unclear" => NameKind::Unclear(self.place()?),
            "stays" => NameKind::Stays,
            word => return Err(format!("`{word}`?")),
        };
        let word = self.next()?;
        let target = match word {
            "-" => None,
            word => Some(key(word).ok_or_else(|| format!("`{word}`?"))?),
        };
        let mut marked = |wanted: &str| {
            let is_next = self.0.clone().next() == Some(wanted);
            if is_next {
                self.0.next();
            }
            is_next
        };
        Ok(NameEvent {
            kind,
            target,
            on_folder: if marked("folder") {
                OnFolder::Folder
            } else {
                OnFolder::Other
            },
            attributes: if marked("attributes") {
                Attributes::Changed
            } else {
                Attributes::Same
            },
            // Recordings are of what happened, not of who did it.
            by: None,
        })
    }

    fn place(&mut self) -> Result<Place, String> {
        let word = self.next()?;
        word.split_once('/')
            .and_then(|(folder, name)| {
                Some(Place {
                    folder: key(folder)?,
                    name: unwritten(name)?,
                })
            })
            .ok_or_else(|| format!("`{word}`?"))
    }
}

fn key(text: &str) -> Option<FileKey> {
    let pairs = text.as_bytes().chunks(2);
    let bytes: Option<Vec<u8>> = pairs.map(byte).collect();
    bytes.map(FileKey::new)
}

fn unwritten(name: &str) -> Option<Vec<u8>> {
    let mut rest = name.as_bytes();
    let mut bytes = Vec::new();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if *first == b'%' {
            let (pair, after) = after.split_at_checked(2)?;
            bytes.push(byte(pair)?);
            rest = after;
        } else {
            bytes.push(*first);
        }
    }
    Some(bytes)
}

fn byte(pair: &[u8]) -> Option<u8> {
    let [high, low] = pair else { return None };
    let digit = |digit: &u8| char::from(*digit).to_digit(16);
    u8::try_from(digit(high)? * 16 + digit(low)?).ok()
}

const ORIGINS: [(&str, Origin); 3] = [
    ("near", Origin::Near),
    ("wide", Origin::Wide),
    ("names", Origin::Names),
];
const ACCESSES: [(&str, Access); 3] = [
    ("read", Access::Read),
    ("write", Access::Write),
    ("change", Access::Change),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_as_they_are_written() {
        for text in [
            "0us wide open c1 p1 v1:0100000001:42:linked write",
            "12us near content c2 p1 v1:0100000001:42:linked 0+4096 range",
            "12us near content c2 p1 v1:0100000001:42:linked - from=77",
            "13us near closed v1:0100000001:42:nameless",
            "13us wide open c3 p2 - change",
            "20us names created ff/lettre.odt 0100000001",
            "20us names created ff/a%20%25%c3%a9 - folder attributes",
            "21us names renamed ff/a ee/b 0100000001 folder",
            "22us names stays 0100000001 attributes",
            "23us names unclear ff/ -",
            "24us names lost",
        ] {
            assert_eq!(text.parse::<Line>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_is_no_line_is_refused() {
        for (text, why) in [
            ("", "``?"),
            ("5 wide lost", "`5`?"),
            ("5us far lost", "`far`?"),
            ("5us wide", "too few words"),
            ("5us wide lost more", "`more` is too much"),
            (
                "5us wide open c1 p1 v1:zz:42:linked write",
                "`v1:zz:42:linked`?",
            ),
            (
                "5us wide open c1 p1 v1:00:42:linked:9 write",
                "`v1:00:42:linked:9`?",
            ),
            ("5us wide open c1 p1 - look", "`look`?"),
            ("5us near content c1 p1 - 4096 range", "`4096`?"),
            ("5us near content c1 p1 - - from=x", "`from=x`?"),
            ("5us names made ff/a -", "`made`?"),
            ("5us names created ffa -", "`ffa`?"),
            ("5us names created ff/a%2 -", "`ff/a%2`?"),
            (
                "5us names created ff/a - attributes folder",
                "`folder` is too much",
            ),
        ] {
            assert_eq!(text.parse::<Line>().unwrap_err(), why, "{text}");
        }
    }
}
