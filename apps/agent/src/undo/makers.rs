//! Which steps make a node anew: it has another handle from then on than the index knows.

use std::collections::HashMap;

use super::step::{Done, Note, Step};

/// The steps that may make each node, by their number, in order. Few nodes have more than one.
pub(super) struct Makers(HashMap<i64, Vec<usize>>);

impl Makers {
    /// Of a plan, in one pass: its steps stay what they are, only their notes change.
    pub(super) fn of(steps: &[(Step, Note)]) -> Self {
        let mut makers: HashMap<i64, Vec<usize>> = HashMap::new();
        for (nth, (step, _)) in steps.iter().enumerate() {
            match step {
                Step::MakeFolder { .. } | Step::RemoveFolder { .. } | Step::Put { .. } => {
                    makers.entry(step.node()).or_default().push(nth);
                }
                Step::Quarantine { .. }
                | Step::Beside { .. }
                | Step::Move { .. }
                | Step::Link { .. }
                | Step::Attributes { .. }
                | Step::Missing { .. } => {}
            }
        }
        Self(makers)
    }

    /// The handle of what a step made of a node; the last one counts.
    pub(super) fn made<'a>(&self, node: i64, steps: &'a [(Step, Note)]) -> Option<&'a [u8]> {
        self.candidates(node).iter().rev().find_map(|nth| {
            let (step, note) = steps.get(*nth)?;
            // What was put counts from when it has its name; a folder that is needed again, from when it is there.
            let counts = !matches!(step, Step::Put { .. }) || note.done != Done::No;
            note.made.as_deref().filter(|_| counts)
        })
    }

    /// All that is looked at for one node.
    fn candidates(&self, node: i64) -> &[usize] {
        self.0.get(&node).map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use hygie_acts::Place;
    use hygie_model::{DirId, NodeKind};

    use super::{super::step::Look, *};

    fn place(node: i64) -> Place {
        Place {
            dir: DirId(1),
            name: node.to_string().into(),
        }
    }

    fn put(node: i64) -> Step {
        Step::Put {
            node,
            kind: NodeKind::File,
            at: place(node),
            version: 1,
            look: Look::default(),
            naming: crate::undo::step::Naming::Own,
        }
    }

    fn folder(node: i64) -> Step {
        Step::MakeFolder {
            node,
            at: place(node),
            look: None,
            naming: crate::undo::step::Naming::Own,
        }
    }

    fn note(done: Done, made: &str) -> Note {
        Note {
            done,
            made: Some(made.into()),
            ..Note::default()
        }
    }

    #[test]
    fn the_last_that_was_made_counts_and_a_file_once_it_is_named() {
        let away = Step::RemoveFolder {
            node: 3,
            at: place(3),
        };
        let gone = Step::Missing { node: 4, at: None };
        let mut steps = vec![
            (put(2), note(Done::No, "put")),
            (folder(3), note(Done::No, "first")),
            (away, Note::default()),
            (gone, note(Done::Yes, "nothing makes it")),
        ];
        let makers = Makers::of(&steps);
        assert_eq!(makers.made(2, &steps), None, "it has no name yet");
        assert_eq!(makers.made(3, &steps), Some(&b"first"[..]));
        assert_eq!(makers.made(4, &steps), None);
        assert_eq!(makers.made(5, &steps), None);
        steps[0].1.done = Done::Yes;
        steps[2].1.made = Some(b"second".to_vec());
        assert_eq!(makers.made(2, &steps), Some(&b"put"[..]));
        assert_eq!(makers.made(3, &steps), Some(&b"second"[..]));
    }

    /// Each step of a plan asks for a folder or a file several times.
    #[test]
    fn asking_for_every_node_looks_at_every_step_once() {
        let many = 200_000;
        let steps: Vec<(Step, Note)> = (1..=many)
            .map(|node| (put(node), note(Done::Yes, "put")))
            .collect();
        let makers = Makers::of(&steps);
        let looked: usize = (1..=many).map(|node| makers.candidates(node).len()).sum();
        assert_eq!(looked, steps.len());
        assert!((1..=many).all(|node| makers.made(node, &steps).is_some()));
    }
}
