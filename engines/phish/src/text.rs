//! How a message reads: a logistic model over hashed words, for French and English alike.
//! Its weights are data that `cargo xtask train phish` writes; it keeps no word of any message.

use std::ops::Range;

use crate::fold::Folded;
use crate::message::Message;
use crate::parse::beginning;

/// Buckets of words.
pub const BUCKETS: usize = 1 << 17;

/// Weights of buckets, in eighths of a bit of evidence and a scale.
#[derive(Clone, Debug, PartialEq)]
pub struct Words {
    scale: f32,
    bias: f32,
    weights: Vec<i8>,
}

/// A bucket and how much of a message falls into it.
pub type Share = (u32, f32);

impl Words {
    /// A model that says nothing.
    #[must_use]
    pub fn silent() -> Self {
        Self {
            scale: 0.0,
            bias: 0.0,
            weights: vec![0; BUCKETS],
        }
    }

    /// Of these weights, made coarse.
    #[must_use]
    #[expect(
        clippy::cast_possible_truncation,
        reason = "within -127 to 127 by the scale"
    )]
    pub fn of(bias: f64, weights: &[f64]) -> Self {
        let most = weights
            .iter()
            .fold(0.0_f64, |most, one| most.max(one.abs()));
        let scale = if most > 0.0 { most / 127.0 } else { 1.0 };
        Self {
            scale: scale as f32,
            bias: bias as f32,
            weights: weights
                .iter()
                .map(|one| (one / scale).round() as i8)
                .collect(),
        }
    }

    /// As bytes: a scale, a bias, the weights.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(Self::LENGTH);
        bytes.extend(self.scale.to_le_bytes());
        bytes.extend(self.bias.to_le_bytes());
        bytes.extend(self.weights.iter().map(|one| one.to_le_bytes()[0]));
        bytes
    }

    /// Bytes of one: what [`Self::to_bytes`] writes.
    pub(crate) const LENGTH: usize = 8 + BUCKETS;

    /// From bytes that [`Self::to_bytes`] wrote.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (scale, rest) = bytes.split_first_chunk::<4>()?;
        let (bias, weights) = rest.split_first_chunk::<4>()?;
        (weights.len() == BUCKETS).then(|| Self {
            scale: f32::from_le_bytes(*scale),
            bias: f32::from_le_bytes(*bias),
            weights: weights
                .iter()
                .map(|&byte| i8::from_le_bytes([byte]))
                .collect(),
        })
    }

    /// How much a message reads like a trap: above zero it does, below it does not.
    #[must_use]
    pub fn leaning(&self, shares: &[Share]) -> f32 {
        let sum: f32 = shares
            .iter()
            .map(|(bucket, share)| self.weight(*bucket) * share)
            .sum();
        self.bias + sum
    }

    /// The same of a message; an SMS without a word, a number alone, reads neither way. A mail without one shows a picture instead.
    #[must_use]
    pub fn leaning_of(&self, message: &Message, shares: &[Share]) -> f32 {
        match message {
            Message::Sms(_) if shares.is_empty() => 0.0,
            Message::Sms(_) | Message::Mail(_) => self.leaning(shares),
        }
    }

    fn weight(&self, bucket: u32) -> f32 {
        self.weights
            .get(bucket as usize)
            .map_or(0.0, |&one| f32::from(one) * self.scale)
    }

    /// The words of the shown text that lean most, in the order of the text.
    #[must_use]
    pub(crate) fn telling(&self, message: &Message) -> Vec<Range<usize>> {
        let shown = message.shown();
        let folded = Folded::of(beginning(shown, MOST));
        let mut leaning: Vec<(i32, Range<usize>)> = tokens(&folded.text)
            .map(|token| {
                let weight = self.weight(bucket(&["w", token.word]));
                #[expect(
                    clippy::cast_possible_truncation,
                    reason = "weights are below a hundred"
                )]
                let weight = (weight * 1000.0) as i32;
                (weight, token.range)
            })
            .filter(|(weight, _)| *weight > 0)
            .collect();
        leaning.sort_by_key(|(weight, range)| (std::cmp::Reverse(*weight), range.start));
        leaning.truncate(TOLD);
        let mut places: Vec<Range<usize>> = leaning
            .into_iter()
            .map(|(_, range)| {
                let (start, end) = folded.place(range.start, range.end, shown);
                start..end
            })
            .collect();
        places.sort_by_key(|place| place.start);
        places
    }
}

/// What of a message falls into which bucket; the shares' squares sum to one.
#[must_use]
pub fn shares(message: &Message) -> Vec<Share> {
    let mut buckets = Vec::new();
    match message {
        Message::Mail(mail) => {
            add(&mut buckets, &mail.subject, "s");
            // Offices and offers are called alike everywhere.
            if let Some(sender) = mail.sender() {
                add(&mut buckets, &sender.name, "f");
            }
            for body in mail.bodies.iter().take(1) {
                add(&mut buckets, &body.text, "b");
            }
        }
        Message::Sms(sms) => return shares_of_sms(&sms.body.text),
    }
    counted(buckets, 1.0)
}

/// So few words say little: their letters are read too, two to four in a row, which sees through odd spelling and knows
/// how long a number is, though never which.
fn shares_of_sms(text: &str) -> Vec<Share> {
    let mut words = Vec::new();
    add(&mut words, text, "b");
    // A number alone, or a yes, reads like nothing.
    let said = text
        .split_whitespace()
        .filter(|word| word.chars().filter(|letter| letter.is_alphabetic()).count() > 1)
        .take(SAYS_SOMETHING)
        .count();
    if said == 0 {
        return Vec::new();
    }
    let length = said as f32 / SAYS_SOMETHING as f32 * std::f32::consts::FRAC_1_SQRT_2;
    let mut shares = counted(words, length);
    shares.extend(counted(letters(text), length));
    shares
}

fn letters(text: &str) -> Vec<u32> {
    let folded = Folded::of(beginning(text, MOST));
    let mut buckets = Vec::new();
    for chunk in folded.text.split(' ').filter(|chunk| !chunk.is_empty()) {
        let padded: Vec<char> = std::iter::once(' ')
            .chain(
                chunk
                    .chars()
                    .map(|letter| if letter.is_numeric() { '0' } else { letter }),
            )
            .chain(std::iter::once(' '))
            .collect();
        for length in RUNS {
            buckets.extend(padded.windows(length).map(|run| {
                let run: String = run.iter().collect();
                bucket(&["c", &run])
            }));
        }
    }
    buckets
}

/// How often each bucket was met, damped, as shares whose squares sum to the square of a length.
fn counted(mut buckets: Vec<u32>, wanted: f32) -> Vec<Share> {
    buckets.sort_unstable();
    let mut shares: Vec<Share> = Vec::new();
    for bucket in buckets {
        match shares.last_mut() {
            Some((last, share)) if *last == bucket => *share += 1.0,
            Some(_) | None => shares.push((bucket, 1.0)),
        }
    }
    for (_, share) in &mut shares {
        *share = share.sqrt();
    }
    let length = shares
        .iter()
        .map(|(_, share)| share * share)
        .sum::<f32>()
        .sqrt();
    for (_, share) in &mut shares {
        *share *= wanted / length;
    }
    shares
}

fn add(buckets: &mut Vec<u32>, text: &str, field: &str) {
    let folded = Folded::of(beginning(text, MOST));
    let mut before = String::new();
    for token in tokens(&folded.text) {
        let word = token.word;
        buckets.push(bucket(&["w", word]));
        if field != "b" {
            buckets.push(bucket(&[field, word]));
        }
        if !before.is_empty() {
            buckets.push(bucket(&["p", &before, word]));
        }
        if let Some((end, _)) = word.char_indices().nth(STEM) {
            buckets.push(bucket(&["t", &word[..end]]));
        }
        word.clone_into(&mut before);
    }
}

/// A word and where it stands.
struct Token<'a> {
    word: &'a str,
    range: Range<usize>,
}

/// Words; numbers and addresses only as that they are there, so that none is learnt.
fn tokens(folded: &str) -> impl Iterator<Item = Token<'_>> {
    let mut at = 0;
    folded.split(' ').flat_map(move |chunk| {
        let start = at;
        at += chunk.len() + 1;
        parts(chunk, start)
    })
}

fn parts(chunk: &str, start: usize) -> Vec<Token<'_>> {
    let whole = |word| {
        vec![Token {
            word,
            range: start..start + chunk.len(),
        }]
    };
    if chunk.contains("://") || chunk.starts_with("www.") {
        return whole("<link>");
    }
    if chunk.contains('@') {
        return whole("<address>");
    }
    let mut found = Vec::new();
    let mut from = 0;
    for (at, letter) in chunk.char_indices().chain([(chunk.len(), ' ')]) {
        if letter.is_alphanumeric() {
            continue;
        }
        if let Some(word) = chunk
            .get(from..at)
            .filter(|word| !word.is_empty() && word.len() < LONGEST)
        {
            let digits = word.bytes().any(|byte| byte.is_ascii_digit());
            let word = if digits { "<number>" } else { word };
            found.push(Token {
                word,
                range: start + from..start + at,
            });
        }
        if matches!(letter, '!' | '€' | '$' | '£' | '%') {
            let end = at + letter.len_utf8();
            found.push(Token {
                word: &chunk[at..end],
                range: start + at..start + end,
            });
        }
        from = at + letter.len_utf8();
    }
    found
}

/// FNV-1a of the parts, folded into the buckets.
fn bucket(parts: &[&str]) -> u32 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for part in parts {
        for byte in part.bytes().chain([0]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    let folded = (hash >> 32) ^ hash;
    #[expect(clippy::cast_possible_truncation, reason = "below the buckets")]
    let bucket = (folded % BUCKETS as u64) as u32;
    bucket
}

/// Letters of a text that are read for how it reads.
const MOST: usize = 6000;
const LONGEST: usize = 40;
/// Words from which on how a text reads counts in full.
const SAYS_SOMETHING: usize = 3;
/// Letters in a row that are read together.
const RUNS: std::ops::RangeInclusive<usize> = 2..=4;
/// Letters of a word's beginning, which stand for all its endings.
const STEM: usize = 5;
/// Words that are marked.
const TOLD: usize = 4;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse;

    #[test]
    fn words_are_cut_and_numbers_are_no_words() {
        let cut: Vec<String> = tokens("l'ete, 1 234 www.a.example a@b.example c3po fin!")
            .map(|token| token.word.to_owned())
            .collect();
        assert_eq!(
            cut,
            [
                "l",
                "ete",
                "<number>",
                "<number>",
                "<link>",
                "<address>",
                "<number>",
                "fin",
                "!"
            ]
        );
    }

    #[test]
    fn shares_have_length_one() {
        let shares = shares(&parse::sms(
            "Votre colis est bloqué, votre colis attend",
            None,
        ));
        let length: f32 = shares.iter().map(|(_, share)| share * share).sum();
        assert!((length - 1.0).abs() < 1e-4 && shares.len() > 5);
        for text in ["", "645", "? 12/05"] {
            let message = parse::sms(text, None);
            let shares = super::shares(&message);
            let words = Words::of(-1.0, &vec![0.0; BUCKETS]);
            assert!(words.leaning_of(&message, &shares).abs() < 1e-6, "{text}");
        }
    }

    #[test]
    fn bytes_come_back_and_telling_words_are_marked() {
        let mut weights = vec![0.0; BUCKETS];
        weights[bucket(&["w", "colis"]) as usize] = 3.0;
        let words = Words::of(-1.0, &weights);
        assert_eq!(Words::from_bytes(&words.to_bytes()), Some(words.clone()));
        assert_eq!(Words::from_bytes(&[0; 9]), None);
        let text = "Votre Cölis est là";
        let message = parse::sms(text, None);
        assert!(words.leaning(&shares(&message)) > -1.0);
        let places: Vec<&str> = words
            .telling(&message)
            .into_iter()
            .map(|place| &text[place])
            .collect();
        assert_eq!(places, ["Cölis"]);
    }
}
