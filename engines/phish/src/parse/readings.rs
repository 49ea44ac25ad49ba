//! The other ways in which a mail program could read the same bytes. Programs disagree on what is said twice, on which signs end a
//! line or a block of headers, and on where a part begins; whoever sends a trap picks the way that the reader's program takes.

use std::borrow::Cow;

/// The same mail with its lines ended as others do, where it has no other end of lines at all.
pub(super) fn lines(raw: Cow<'_, [u8]>) -> Cow<'_, [u8]> {
    if raw.contains(&b'\r') && !raw.contains(&b'\n') {
        Cow::Owned(ended(&raw))
    } else {
        raw
    }
}

/// Each other form of the mail that some program takes it for; a few at most, and one in memory at a time.
pub(super) fn others(raw: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    let heads = heads(raw);
    let forms: [Form; 6] = [
        once,
        |raw, heads| boundaries(raw, heads, <[usize]>::first),
        |raw, heads| boundaries(raw, heads, <[usize]>::last),
        blank_lines,
        without_nul,
        bare_ends,
    ];
    forms.into_iter().filter_map(move |form| form(raw, &heads))
}

/// How one other form is made, where there is something of which it would differ.
type Form = fn(&[u8], &Heads<'_>) -> Option<Vec<u8>>;

/// Lines of the blocks of headers, and where they start.
type Heads<'a> = Vec<Vec<(usize, &'a [u8])>>;

fn without_nul(raw: &[u8], _: &Heads<'_>) -> Option<Vec<u8>> {
    let start = &raw[..raw.len().min(LOOKED_AT)];
    start
        .contains(&0)
        .then(|| raw.iter().copied().filter(|byte| *byte != 0).collect())
}

fn bare_ends(raw: &[u8], _: &Heads<'_>) -> Option<Vec<u8>> {
    let start = &raw[..raw.len().min(LOOKED_AT)];
    start
        .windows(2)
        .any(|two| two[0] == b'\r' && two[1] != b'\n')
        .then(|| ended(raw))
}

/// Pieces of which each is a part of its own, where the boundaries do not add up: one stands for two levels, or goes on after its end.
pub(super) fn pieces(raw: &[u8]) -> Vec<&[u8]> {
    let mut names = names(raw);
    names.sort_unstable();
    let said = names.len();
    names.dedup();
    let is_twice = names.len() < said;
    let mut starts = Vec::new();
    let (mut ended, mut goes_on) = (Vec::new(), false);
    for (start, line) in lines_of(raw) {
        let Some(rest) = line.strip_prefix(b"--") else {
            continue;
        };
        // The longest that fits: one may begin like another.
        let name = names
            .iter()
            .filter(|name| rest.starts_with(name))
            .max_by_key(|name| name.len());
        let Some(name) = name else {
            continue;
        };
        if rest[name.len()..].starts_with(b"--") {
            ended.push(*name);
        } else {
            goes_on |= ended.contains(name);
        }
        starts.push((start, start + line.len()));
        if starts.len() > MOST {
            break;
        }
    }
    if !is_twice && !goes_on {
        return Vec::new();
    }
    let ends = starts
        .iter()
        .skip(1)
        .map(|(start, _)| *start)
        .chain([raw.len()]);
    starts
        .iter()
        .zip(ends)
        .filter_map(|((_, from), to)| raw.get(*from..to))
        .map(|piece| piece.strip_prefix(b"\n").unwrap_or(piece))
        .collect()
}

/// Every line end as CR LF.
fn ended(raw: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(raw.len() + raw.len() / 16);
    for (at, &byte) in raw.iter().enumerate() {
        bytes.push(byte);
        if byte == b'\r' && raw.get(at + 1) != Some(&b'\n') {
            bytes.push(b'\n');
        }
    }
    bytes
}

/// Where lines start, and their bytes up to the line end.
fn lines_of(raw: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let mut at = 0;
    raw.split(|byte| *byte == b'\n').map(move |line| {
        let start = at;
        at += line.len() + 1;
        (start, line)
    })
}

/// Lines of blocks of headers: at the start, and after what may be a boundary. Continued lines are one.
fn heads(raw: &[u8]) -> Heads<'_> {
    let mut heads: Heads<'_> = vec![Vec::new()];
    let mut within = true;
    for (start, line) in lines_of(raw) {
        if line.starts_with(b"--") && line.len() > 2 {
            if heads.len() > MOST {
                break;
            }
            heads.push(Vec::new());
            within = true;
        } else if within {
            if line.iter().all(|byte| *byte == b'\r') {
                within = false;
            } else if let Some(head) = heads.last_mut().filter(|head| head.len() < MOST) {
                head.push((start, line));
            }
        }
    }
    heads
}

/// As if only the first of what decides stood there: the parser believes the last.
fn once(raw: &[u8], heads: &Heads<'_>) -> Option<Vec<u8>> {
    let mut other = None;
    for head in heads {
        for name in DECIDING {
            let said = head.iter().filter(|(_, line)| begins(line, name));
            for (at, _) in said.skip(1) {
                other.get_or_insert_with(|| raw.to_vec())[*at] = b'X';
            }
        }
    }
    other
}

/// As if each of two boundaries of one header stood alone.
fn boundaries(
    raw: &[u8],
    heads: &Heads<'_>,
    keep: fn(&[usize]) -> Option<&usize>,
) -> Option<Vec<u8>> {
    let mut twice = Vec::new();
    for head in heads {
        let Some((start, _)) = head.first() else {
            continue;
        };
        let end = head.last().map_or(*start, |(at, line)| at + line.len());
        let found = positions(&raw[*start..end], b"boundary=");
        if found.len() > 1 {
            twice.push(found.iter().map(|at| at + start).collect::<Vec<_>>());
        }
    }
    (!twice.is_empty()).then(|| {
        let mut other = raw.to_vec();
        for found in &twice {
            let kept = keep(found);
            for at in found.iter().filter(|at| Some(*at) != kept) {
                other[*at] = b'x';
            }
        }
        other
    })
}

/// A line of blanks alone ends the headers for some, and continues the one before for others.
fn blank_lines(raw: &[u8], heads: &Heads<'_>) -> Option<Vec<u8>> {
    let blank = heads.iter().flatten().filter(|(_, line)| {
        line.iter().all(u8::is_ascii_whitespace) && line.iter().any(|byte| *byte != b'\r')
    });
    let mut other: Option<Vec<u8>> = None;
    for (start, line) in blank {
        let other = other.get_or_insert_with(|| raw.to_vec());
        // As many bytes as before, so that all others stay where they are.
        other[*start..start + line.len()].fill(b'\n');
    }
    other
}

/// Boundaries, as they are said.
fn names(raw: &[u8]) -> Vec<&[u8]> {
    let found = positions(raw, b"boundary=").into_iter().take(MOST);
    found
        .filter_map(|at| {
            let rest = &raw[at + 9..];
            let (rest, ends): (_, &[u8]) = match rest.strip_prefix(b"\"") {
                Some(rest) => (rest, b"\"\r\n"),
                None => (rest, b"; \t\r\n"),
            };
            let end = rest
                .iter()
                .take(LONGEST)
                .position(|byte| ends.contains(byte));
            let name = &rest[..end.unwrap_or(rest.len().min(LONGEST))];
            (!name.is_empty()).then_some(name)
        })
        .collect()
}

fn positions(raw: &[u8], word: &[u8]) -> Vec<usize> {
    (0..(raw.len() + 1).saturating_sub(word.len()))
        .filter(|&at| begins(&raw[at..], word))
        .take(MOST)
        .collect()
}

fn begins(line: &[u8], word: &[u8]) -> bool {
    line.get(..word.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(word))
}

const DECIDING: [&[u8]; 3] = [
    b"content-type:",
    b"content-transfer-encoding:",
    b"content-disposition:",
];
/// Headers of a block, blocks, boundaries, pieces.
const MOST: usize = 200;
/// A boundary is no longer, by the standard.
const LONGEST: usize = 70;
/// Where odd signs are looked for: later ones stand in what is attached.
const LOOKED_AT: usize = 256 << 10;
