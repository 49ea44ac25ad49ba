//! Acts told as text.

use super::{At, Doer, ROOT, World};

impl World {
    /// One act as a text: who, what, where, and a content, a mode or a second place.
    pub(in super::super) fn play(&mut self, line: &str) {
        self.now += 1_000;
        let words: Vec<&str> = line.split_whitespace().collect();
        let (who, verb, path) = (words[0], words[1], words[2]);
        let last = || words[3];
        let doer = match who {
            "them" => Doer::Them,
            "honest" => Doer::Honest,
            other => panic!("who is {other}?"),
        };
        let at = self.resolve(path);
        match verb {
            "file" => drop(self.create(doer, at, last().into())),
            "folder" => self.make_folder(doer, at),
            "write" => self.write(doer, &at, self.names[&at], last().into()),
            "replace" => self.replace(doer, &at, last().into()),
            "link" => self.link(doer, (&at, self.names[&at]), self.resolve(last())),
            "rename" => self.rename(doer, at.clone(), self.names[&at], self.resolve(last())),
            "delete" => self.delete(doer, &at, self.names[&at]),
            "chmod" => {
                let mode = u32::from_str_radix(last(), 8).unwrap();
                self.chmod(doer, &at, self.names[&at], mode);
            }
            other => panic!("what is {other}?"),
        }
    }

    fn resolve(&self, path: &str) -> At {
        let (above, name) = path.rsplit_once('/').unwrap_or(("", path));
        let above = above.split('/').filter(|part| !part.is_empty());
        let dir = above.fold(ROOT, |dir, part| self.names[&(dir, part.into())]);
        (dir, name.into())
    }
}
