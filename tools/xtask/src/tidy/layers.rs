//! Law: a path says what may be imported.

use super::Finding;
use super::tree::{Crate, Kind, Tree};

/// The layers, by their folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layer {
    Model,
    Kit,
    Engines,
    Edges,
    Apps,
    Tools,
    Attacks,
}

impl Layer {
    fn of(folder: &str) -> Option<Self> {
        match folder.split('/').next()? {
            "model" => Some(Self::Model),
            "kit" => Some(Self::Kit),
            "engines" => Some(Self::Engines),
            "edges" => Some(Self::Edges),
            "apps" => Some(Self::Apps),
            "tools" => Some(Self::Tools),
            "attacks" => Some(Self::Attacks),
            _ => None,
        }
    }

    /// What a crate of this layer may be built with. Tests may use tools and attacks besides.
    fn may_use(self) -> &'static [Self] {
        match self {
            Self::Model => &[],
            Self::Kit => &[Self::Model],
            Self::Engines | Self::Edges => &[Self::Model, Self::Kit],
            Self::Apps => &[
                Self::Model,
                Self::Kit,
                Self::Engines,
                Self::Edges,
                Self::Apps,
            ],
            Self::Tools | Self::Attacks => &ALL,
        }
    }

    fn allows(self, used: Self, kind: Kind) -> bool {
        let for_tests = kind == Kind::Test && matches!(used, Self::Tools | Self::Attacks);
        for_tests || self.may_use().contains(&used)
    }
}

/// Reports crates outside the layers, and uses against their direction.
pub(super) fn law(tree: &Tree) -> Vec<Finding> {
    tree.crates()
        .iter()
        .flat_map(|one| of_crate(tree, one))
        .collect()
}

fn of_crate(tree: &Tree, one: &Crate) -> Vec<Finding> {
    let manifest = format!("{}/Cargo.toml", one.folder);
    let Some(layer) = Layer::of(&one.folder) else {
        return vec![Finding::broken(manifest, "stands in no layer of DESIGN.md")];
    };
    one.uses
        .iter()
        .filter_map(|used| {
            let other = tree.crates().iter().find(|other| other.name == used.name)?;
            // A crate outside the layers is reported once, as itself.
            let other_layer = Layer::of(&other.folder)?;
            (!layer.allows(other_layer, used.kind)).then(|| {
                let what = format!(
                    "`{}` ({layer:?}) may not use `{}` ({other_layer:?})",
                    one.name, used.name
                );
                Finding::broken(manifest.clone(), what)
            })
        })
        .collect()
}

const ALL: [Layer; 7] = [
    Layer::Model,
    Layer::Kit,
    Layer::Engines,
    Layer::Edges,
    Layer::Apps,
    Layer::Tools,
    Layer::Attacks,
];

#[cfg(test)]
mod tests {
    use super::*;

    fn broken(uses: &[(&str, &[&str])]) -> usize {
        let mut tree = Tree::default();
        for folder in [
            "model",
            "kit/a",
            "kit/b",
            "engines/a",
            "engines/b",
            "edges/a",
            "edges/b",
            "apps/a",
            "apps/b",
            "tools/a",
            "attacks",
        ] {
            let used = uses
                .iter()
                .find(|(name, _)| *name == folder)
                .map_or(&[][..], |(_, used)| used);
            tree = tree.with_crate(folder, folder, used);
        }
        law(&tree).len()
    }

    #[test]
    fn down_is_allowed() {
        for one in [
            ("kit/a", &["model"][..]),
            ("engines/a", &["model", "kit/a", "test:tools/a"]),
            ("edges/a", &["model", "kit/a", "test:attacks"]),
            (
                "apps/a",
                &[
                    "model",
                    "kit/a",
                    "engines/a",
                    "edges/a",
                    "apps/b",
                    "test:tools/a",
                    "test:attacks",
                ],
            ),
            (
                "tools/a",
                &["model", "engines/a", "edges/a", "apps/a", "attacks"],
            ),
            ("attacks", &["model", "edges/a", "tools/a"]),
        ] {
            assert_eq!(broken(&[one]), 0, "{one:?}");
        }
    }

    #[test]
    fn up_and_sideways_is_refused() {
        for one in [
            ("model", "kit/a"),
            ("model", "test:edges/a"),
            ("kit/a", "kit/b"),
            ("kit/a", "engines/a"),
            ("engines/a", "engines/b"),
            ("engines/a", "edges/a"),
            ("engines/a", "test:edges/a"),
            ("engines/a", "tools/a"),
            ("edges/a", "edges/b"),
            ("edges/a", "engines/a"),
            ("edges/a", "attacks"),
            ("apps/a", "tools/a"),
            ("apps/a", "attacks"),
        ] {
            assert_eq!(broken(&[(one.0, &[one.1])]), 1, "{one:?}");
        }
    }

    #[test]
    fn a_crate_outside_the_layers_is_reported_once() {
        let tree = Tree::default()
            .with_crate("hygie-misc", "utils", &[])
            .with_crate("hygie-x", "apps/x", &["hygie-misc"]);
        assert_eq!(
            law(&tree),
            [Finding::broken(
                "utils/Cargo.toml",
                "stands in no layer of DESIGN.md"
            )]
        );
    }
}
