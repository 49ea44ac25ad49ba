//! What a worker may want to know while it works: questions of the domain name system, over the stream on which it was asked. It
//! has no network; its parent asks for it, or does not, and nobody waits for long.

use std::{
    cell::RefCell,
    io::{self, BufRead, Read, Write},
};

use hygie_platform::clock;
use hygie_post::sender::{Names, Question, Reply};

use crate::job::Said;

/// The worker's side: a question is a line, and so is its answer. Whatever breaks is silence.
pub(crate) struct Parent<R, W>(RefCell<(R, W)>);

impl<R: BufRead, W: Write> Parent<R, W> {
    pub(crate) fn new(answers: R, questions: W) -> Self {
        Self(RefCell::new((answers, questions)))
    }

    fn asked(&self, question: &Question) -> io::Result<Reply> {
        let (answers, questions) = &mut *self.0.borrow_mut();
        let mut line = serde_json::to_vec(&Said::<()>::Question(question.clone()))?;
        line.push(b'\n');
        questions.write_all(&line)?;
        questions.flush()?;
        let mut line = Vec::new();
        answers
            .by_ref()
            .take(LONGEST)
            .read_until(b'\n', &mut line)?;
        Ok(serde_json::from_slice(&line)?)
    }
}

impl<R: BufRead, W: Write> Names for Parent<R, W> {
    fn ask(&self, question: &Question) -> Reply {
        self.asked(question).unwrap_or(Reply::Silent)
    }
}

/// The parent's side, for one work: so many questions, so much time for all of them.
pub(crate) struct Asked<'a> {
    names: &'a dyn Names,
    left: u32,
    waited: u64,
}

impl<'a> Asked<'a> {
    pub(crate) fn of(names: &'a dyn Names) -> Self {
        Self {
            names,
            left: MOST,
            waited: 0,
        }
    }

    /// The line that answers; `None` to whoever asks without end.
    pub(crate) fn answer(&mut self, question: &Question) -> Option<Vec<u8>> {
        self.left = self.left.checked_sub(1)?;
        let mut reply = Reply::Silent;
        if self.waited < TIME {
            let before = clock::mono().0;
            reply = self.names.ask(question);
            self.waited += clock::mono().0.saturating_sub(before);
        }
        let mut line = serde_json::to_vec(&reply).ok()?;
        if line.len() as u64 >= LONGEST {
            line = serde_json::to_vec(&Reply::Silent).ok()?;
        }
        line.push(b'\n');
        Some(line)
    }
}

/// For work that has no questions, and whoever answers none.
pub(crate) struct Nobody;

impl Names for Nobody {
    fn ask(&self, _: &Question) -> Reply {
        Reply::Silent
    }
}

/// Of an answer.
const LONGEST: u64 = 64 * 1024;
/// Of one work.
const MOST: u32 = 64;
/// Nanoseconds, of twelve seconds that a work may take.
const TIME: u64 = 4_000_000_000;

#[cfg(test)]
mod tests {
    use hygie_post::sender::{Kind, Name};

    use super::*;

    fn question() -> Question {
        Question {
            name: Name::of("_dmarc.labo.example").unwrap(),
            kind: Kind::Txt,
        }
    }

    #[test]
    fn a_question_and_its_answer_are_a_line_each() {
        let mut questions = Vec::new();
        let answers = b"{\"found\":[\"v=DMARC1\"]}\nnonsense\n";
        let parent = Parent::new(&answers[..], &mut questions);
        let found = Reply::Found(vec!["v=DMARC1".into()]);
        assert_eq!(parent.ask(&question()), found);
        // Neither nonsense nor an end is an answer.
        assert_eq!(parent.ask(&question()), Reply::Silent);
        assert_eq!(parent.ask(&question()), Reply::Silent);
        let line = "{\"question\":{\"name\":\"_dmarc.labo.example\",\"kind\":\"txt\"}}\n";
        assert_eq!(String::from_utf8(questions).unwrap(), line.repeat(3));
    }

    #[test]
    fn who_asks_without_end_is_answered_no_more() {
        let mut asked = Asked::of(&Nobody);
        for _ in 0..MOST {
            assert_eq!(asked.answer(&question()).unwrap(), b"\"silent\"\n");
        }
        assert_eq!(asked.answer(&question()), None);
    }

    /// Says more than a line holds.
    struct Endless;

    impl Names for Endless {
        fn ask(&self, _: &Question) -> Reply {
            Reply::Found(vec!["a".repeat(70_000)])
        }
    }

    #[test]
    fn an_answer_without_end_is_none() {
        let mut asked = Asked::of(&Endless);
        assert_eq!(asked.answer(&question()).unwrap(), b"\"silent\"\n");
    }
}
