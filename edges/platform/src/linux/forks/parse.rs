//! The bytes of process events. Trusts lengths only after checking them: a short or odd message is skipped, never
//! read past.

/// `CN_IDX_PROC`: the connector's number of process events, and of its group of listeners.
pub(super) const CN_IDX_PROC: u32 = 1;
const CN_VAL_PROC: u32 = 1;

/// Sizes of `nlmsghdr`, `cn_msg` and the head of `proc_event`.
const NETLINK: usize = 16;
const CONNECTOR: usize = 20;
const HEAD: usize = 16;

const NLMSG_DONE: u16 = 3;

const NONE: u32 = 0;
pub(super) const FORK: u32 = 1;
pub(super) const EXEC: u32 = 2;
pub(super) const EXIT: u32 = 0x8000_0000;

/// Something happened to a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// When, in nanoseconds of the clock that only goes forward (`CLOCK_MONOTONIC`); 0 for a loss.
    pub at: u64,
    /// What.
    pub what: What,
}

impl Event {
    /// The kernel had no room: an unknown number of events is missing from here on.
    pub const LOST: Self = Self {
        at: 0,
        what: What::Lost,
    };
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// A process was born.
    Fork {
        /// Its parent as the kernel counts: with `CLONE_PARENT` that of the process that made it.
        parent: u32,
        /// The new process.
        child: u32,
    },
    /// A process got one more thread.
    Thread {
        /// The process.
        process: u32,
        /// The thread.
        thread: u32,
    },
    /// A process runs another program now, in one thread, whose number is the process's.
    Exec {
        /// The process.
        process: u32,
    },
    /// A thread ended; the process lives on while it has others, also when its first one ended.
    Exit {
        /// The process.
        process: u32,
        /// The thread.
        thread: u32,
    },
    /// Events were lost.
    Lost,
}

/// Splits a datagram into events; those of other kinds are left out.
pub fn events(bytes: &[u8]) -> impl Iterator<Item = Event> {
    bodies(bytes).filter_map(|body| {
        let word = |nth: usize| word(body, HEAD + 4 * nth);
        let what = match self::word(body, 0)? {
            FORK => {
                let (parent, thread, process) = (word(1)?, word(2)?, word(3)?);
                if thread == process {
                    What::Fork {
                        parent,
                        child: process,
                    }
                } else {
                    What::Thread { process, thread }
                }
            }
            EXEC => What::Exec { process: word(1)? },
            EXIT => What::Exit {
                process: word(1)?,
                thread: word(0)?,
            },
            _ => return None,
        };
        let at = u64::from_ne_bytes(body.get(8..16)?.try_into().ok()?);
        Some(Event { at, what })
    })
}

/// Whether the kernel says here that it took a wish.
pub(super) fn is_acknowledgement(bytes: &[u8]) -> bool {
    bodies(bytes).any(|body| word(body, 0) == Some(NONE) && word(body, HEAD) == Some(0))
}

/// A message to the kernel's process events.
pub(super) fn wish(payload: &[u8]) -> Vec<u8> {
    let total = NETLINK + CONNECTOR + payload.len();
    let mut bytes = Vec::with_capacity(total);
    bytes.extend(u32::try_from(total).unwrap_or(u32::MAX).to_ne_bytes());
    bytes.extend(NLMSG_DONE.to_ne_bytes());
    bytes.extend([0; 10]); // flags, sequence, port
    bytes.extend(CN_IDX_PROC.to_ne_bytes());
    bytes.extend(CN_VAL_PROC.to_ne_bytes());
    bytes.extend([0; 8]); // sequence, acknowledgement
    let length = u16::try_from(payload.len()).unwrap_or(u16::MAX);
    bytes.extend(length.to_ne_bytes());
    bytes.extend([0; 2]); // flags
    bytes.extend(payload);
    bytes
}

// What each of the messages carries, of those that the process events sent.
fn bodies(mut bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        loop {
            let total = usize::try_from(word(bytes, 0)?).ok()?;
            if total < NETLINK || total > bytes.len() {
                return None;
            }
            let message = &bytes[..total];
            let kind = half(message, 4);
            // The next message begins at a multiple of four.
            bytes = bytes
                .get(total.next_multiple_of(4).min(bytes.len())..)
                .unwrap_or_default();
            let from = (word(message, NETLINK), word(message, NETLINK + 4));
            if kind != Some(NLMSG_DONE) || from != (Some(CN_IDX_PROC), Some(CN_VAL_PROC)) {
                continue;
            }
            let length = half(message, NETLINK + 16).map(usize::from);
            let body = message.get(NETLINK + CONNECTOR..);
            if let (Some(length), Some(body)) = (length, body)
                && length >= HEAD
                && length <= body.len()
            {
                return Some(&body[..length]);
            }
        }
    })
}

fn half(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_ne_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_ne_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn message(what: u32, at: u64, data: &[u32]) -> Vec<u8> {
        let mut payload = what.to_ne_bytes().to_vec();
        payload.extend(0_u32.to_ne_bytes());
        payload.extend(at.to_ne_bytes());
        payload.extend(data.iter().flat_map(|word| word.to_ne_bytes()));
        payload.resize(40, 0);
        wish(&payload)
    }

    #[test]
    fn events_are_read_as_the_kernel_writes_them() {
        let cases = [
            (
                message(FORK, 7, &[11, 10, 20, 20]),
                What::Fork {
                    parent: 10,
                    child: 20,
                },
            ),
            (
                message(FORK, 7, &[1, 1, 21, 20]),
                What::Thread {
                    process: 20,
                    thread: 21,
                },
            ),
            (message(EXEC, 7, &[20, 20]), What::Exec { process: 20 }),
            (
                message(EXIT, 7, &[21, 20, 0, 17]),
                What::Exit {
                    process: 20,
                    thread: 21,
                },
            ),
        ];
        for (bytes, what) in cases {
            assert_eq!(events(&bytes).collect::<Vec<_>>(), [Event { at: 7, what }]);
            for cut in 0..bytes.len() {
                assert_eq!(events(&bytes[..cut]).count(), 0, "{cut}");
            }
        }
    }

    #[test]
    fn other_kinds_other_senders_and_acknowledgements_are_no_events() {
        let mut stranger = message(FORK, 7, &[1, 1, 2, 2]);
        stranger[NETLINK] = 9;
        let mut error = message(FORK, 7, &[1, 1, 2, 2]);
        error[4] = 2;
        let mut short = message(FORK, 7, &[1, 1, 2, 2]);
        short[NETLINK + 16] = 15;
        let uid = message(4, 7, &[1, 1, 2, 2]);
        let heard = message(NONE, 7, &[0]);
        for bytes in [&stranger, &error, &short, &uid, &heard] {
            assert_eq!(events(bytes).count(), 0);
        }
        assert!(is_acknowledgement(&heard));
        assert!(!is_acknowledgement(&message(NONE, 7, &[22])));
        assert!(!is_acknowledgement(&uid));
    }

    proptest! {
        #[test]
        fn messages_in_a_row_are_all_read(children in prop::collection::vec(1_u32..9999, 0..8)) {
            let bytes: Vec<u8> = (children.iter())
                .flat_map(|child| message(FORK, 5, &[1, 1, *child, *child]))
                .collect();
            let found: Vec<Event> = events(&bytes).collect();
            let wanted: Vec<Event> = (children.iter())
                .map(|child| Event { at: 5, what: What::Fork { parent: 1, child: *child } })
                .collect();
            prop_assert_eq!(found, wanted);
        }

        #[test]
        fn no_bytes_do_harm(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            prop_assert!(events(&bytes).count() <= bytes.len() / NETLINK);
        }

        #[test]
        fn a_changed_byte_makes_no_more_events(at in 0..76_usize, value: u8) {
            let mut bytes = message(FORK, 5, &[1, 1, 2, 2]);
            bytes[at] = value;
            prop_assert!(events(&bytes).count() <= 1);
        }
    }
}
