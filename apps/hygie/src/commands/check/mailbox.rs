//! Cuts a mailbox file (mbox) into its messages, within bounds. mail-parser can do so too, but holds a message whole however
//! long it is; this one reads files that nobody has looked at. It looks for line ends and the word `From`, nothing else.

use std::io::{self, BufRead, Read};

/// A mailbox file, message by message.
pub(crate) struct Mailbox<R> {
    from: R,
    most: usize,
    /// A message's first line was read.
    begun: bool,
    /// The line before was empty, or there was none.
    after_blank: bool,
}

impl<R: BufRead> Mailbox<R> {
    /// Keeps no more than so many bytes of each message.
    pub(crate) fn new(from: R, most: usize) -> Self {
        Self {
            from,
            most,
            begun: false,
            after_blank: true,
        }
    }

    /// The next message without its separator, unquoted.
    fn message(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut message = Vec::new();
        let mut line = Vec::new();
        loop {
            line.clear();
            let read = (&mut self.from)
                .take(LONGEST_LINE)
                .read_until(b'\n', &mut line)?;
            if read == 0 {
                let begun = std::mem::replace(&mut self.begun, false);
                return Ok(begun.then_some(message));
            }
            let starts = self.after_blank && line.starts_with(SEPARATOR);
            // A piece of a longer line is none of its own.
            self.after_blank = matches!(&line[..], b"\n" | b"\r\n");
            if starts {
                if std::mem::replace(&mut self.begun, true) {
                    return Ok(Some(message));
                }
            } else if self.begun {
                let left = self.most - message.len();
                let line = unquoted(&line);
                message.extend_from_slice(&line[..line.len().min(left)]);
            }
        }
    }
}

impl<R: BufRead> Iterator for Mailbox<R> {
    type Item = io::Result<Vec<u8>>;

    fn next(&mut self) -> Option<Self::Item> {
        self.message().transpose()
    }
}

/// `>From` was `From` before it was kept, `>>From` was `>From`.
fn unquoted(line: &[u8]) -> &[u8] {
    let inner = line.iter().position(|sign| *sign != b'>').unwrap_or(0);
    if inner > 0 && line[inner..].starts_with(SEPARATOR) {
        &line[1..]
    } else {
        line
    }
}

const SEPARATOR: &[u8] = b"From ";
const LONGEST_LINE: u64 = 64 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(mailbox: &[u8], most: usize) -> Vec<String> {
        Mailbox::new(mailbox, most)
            .map(|message| String::from_utf8(message.unwrap()).unwrap())
            .collect()
    }

    #[test]
    fn each_message_comes_as_it_was() {
        let mailbox = b"From a@b.example Mon Nov 30 10:00:00 2026\nSubject: 1\n\n>From here on\n>>From there\n> From\n\n\
            From - Mon Nov 30 10:01:00 2026\r\nSubject: 2\r\n\r\nFrom within\r\n";
        let found = cut(mailbox, 1000);
        assert_eq!(
            found,
            [
                "Subject: 1\n\nFrom here on\n>From there\n> From\n\n",
                // After an empty line it cannot be told from a separator.
                "Subject: 2\r\n\r\n",
                ""
            ]
        );
    }

    #[test]
    fn a_line_in_the_midst_of_a_text_is_no_separator() {
        let found = cut(b"From x\nSubject: 1\n\nHello\nFrom me to you\n", 1000);
        assert_eq!(found, ["Subject: 1\n\nHello\nFrom me to you\n"]);
    }

    #[test]
    fn what_is_long_is_cut_and_the_next_one_is_found() {
        let mut mailbox = b"From x\n".to_vec();
        mailbox.extend(b"a".repeat(300_000));
        mailbox.extend(b"\n\nFrom y\nSubject: 2\n");
        let found = cut(&mailbox, 10);
        assert_eq!(found, ["a".repeat(10), "Subject: ".to_owned() + "2"]);
        assert_eq!(cut(b"", 10), Vec::<String>::new());
        assert_eq!(cut(b"no mailbox\n\nat all\n", 10), Vec::<String>::new());
        assert_eq!(cut(b"From x\n", 10), [""]);
    }

    #[test]
    fn a_piece_of_a_long_line_is_no_separator() {
        let mut mailbox = b"From x\n\n".to_vec();
        mailbox.extend(b"a".repeat(usize::try_from(LONGEST_LINE).unwrap()));
        mailbox.extend(b"From y\n");
        assert_eq!(cut(&mailbox, 10).len(), 1);
    }
}
