//! Both languages say the same messages, and each of them reads well.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use fluent_syntax::{ast, parser};
use hygie_model::Wall;

use crate::{
    Args, Catalog, Explained, Id, Language, Message, Need, TimeZone, catalog::sources, console,
};

/// A message of any list.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Any {
    key: &'static str,
    needs: &'static [(&'static str, Need)],
    is_advised: bool,
}

impl Message for Any {
    const ALL: &'static [Self] = &[];

    fn key(self) -> &'static str {
        self.key
    }

    fn needs(self) -> &'static [(&'static str, Need)] {
        self.needs
    }

    fn is_advised(self) -> bool {
        self.is_advised
    }
}

fn of<M: Message>() -> impl Iterator<Item = Any> {
    M::ALL.iter().map(|id| Any {
        key: id.key(),
        needs: id.needs(),
        is_advised: id.is_advised(),
    })
}

/// All messages of all lists.
fn every() -> Vec<Any> {
    let pages = of::<console::Shared>()
        .chain(of::<console::Setup>())
        .chain(of::<console::SignIn>())
        .chain(of::<console::Me>())
        .chain(of::<console::Today>())
        .chain(of::<console::Alerts>())
        .chain(of::<console::Files>())
        .chain(of::<console::Incidents>())
        .chain(of::<console::Devices>())
        .chain(of::<console::People>())
        .chain(of::<console::Roads>())
        .chain(of::<console::Journal>())
        .chain(of::<console::Settings>())
        .chain(of::<console::Signed>())
        .chain(of::<console::Phish>())
        .chain(of::<console::Ask>())
        .chain(of::<console::Messages>());
    of::<Id>().chain(pages).collect()
}

/// What a file says of one message.
#[derive(Debug, Default, PartialEq, Eq)]
struct Written {
    variables: BTreeSet<String>,
    attributes: Vec<String>,
}

fn written(language: Language) -> BTreeMap<String, Written> {
    let mut all = BTreeMap::new();
    for source in sources(language) {
        let resource = parser::parse(*source)
            .map_err(|(_, errors)| errors)
            .unwrap();
        for entry in resource.body {
            let ast::Entry::Message(message) = entry else {
                continue;
            };
            let attributes = message.attributes.iter();
            let mut found = Written {
                attributes: attributes.map(|a| a.id.name.to_owned()).collect(),
                ..Written::default()
            };
            let patterns = message
                .value
                .iter()
                .chain(message.attributes.iter().map(|a| &a.value));
            patterns.for_each(|pattern| of_pattern(pattern, &mut found.variables));
            let key = message.id.name.to_owned();
            assert!(
                all.insert(key, found).is_none(),
                "{} twice",
                message.id.name
            );
        }
    }
    all
}

fn of_pattern(pattern: &ast::Pattern<&str>, variables: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        let ast::PatternElement::Placeable { expression } = element else {
            continue;
        };
        match expression {
            ast::Expression::Inline(inline) => of_inline(inline, variables),
            ast::Expression::Select { selector, variants } => {
                of_inline(selector, variables);
                variants
                    .iter()
                    .for_each(|variant| of_pattern(&variant.value, variables));
            }
        }
    }
}

fn of_inline(inline: &ast::InlineExpression<&str>, variables: &mut BTreeSet<String>) {
    if let ast::InlineExpression::VariableReference { id } = inline {
        variables.insert(id.name.to_owned());
    }
}

#[test]
fn the_files_hold_the_listed_messages_and_no_others() {
    for language in Language::ALL {
        let mut files = written(language);
        for id in every() {
            let found = files.remove(id.key());
            let found = found.unwrap_or_else(|| panic!("{language:?} lacks {}", id.key()));
            let needs: BTreeSet<String> = id
                .needs()
                .iter()
                .map(|(name, _)| (*name).to_owned())
                .collect();
            assert_eq!(found.variables, needs, "{language:?} {}", id.key());
            let attributes: &[&str] = if id.is_advised() { &["do"] } else { &[] };
            assert_eq!(found.attributes, attributes, "{language:?} {}", id.key());
        }
        assert!(
            files.is_empty(),
            "{language:?} has unlisted {:?}",
            files.keys()
        );
    }
}

/// A value for each need; `number` is what is counted.
fn samples<M: Message>(id: M, number: u64) -> Args {
    id.needs()
        .iter()
        .fold(Args::new(), |args, (name, need)| match need {
            Need::Text => args.text(name, "/srv/patients/Compte rendu.odt"),
            Need::Count => args.count(name, number),
            Need::Bytes => args.bytes(name, 1_299_999),
            Need::Spent => args.spent(name, Duration::from_millis(390)),
            Need::Left => args.left(name, Duration::from_secs(100)),
            Need::Moment => args.moment(name, Wall(1_795_507_920_000_000_000)),
        })
}

fn catalogs() -> [Catalog; 2] {
    Language::ALL.map(|language| Catalog::new(language, TimeZone::UTC))
}

fn texts(said: &Explained) -> impl Iterator<Item = &str> {
    [Some(said.what.as_str()), said.to_do.as_deref()]
        .into_iter()
        .flatten()
}

#[test]
fn each_message_reads_well_in_both_languages() {
    let [fr, en] = catalogs();
    for id in every() {
        for number in [0, 1, 2, 1204] {
            let args = samples(id, number);
            let (french, english) = (fr.explain(id, &args), en.explain(id, &args));
            assert_eq!(french.to_do.is_some(), id.is_advised(), "{}", id.key());
            for text in texts(&french).chain(texts(&english)) {
                reads_well(text);
            }
            for text in texts(&french) {
                french_spaces(text);
            }
            assert_eq!(
                french.what == english.what,
                SAME.contains(&id.key()),
                "{french}"
            );
            if let (Some(french), Some(english)) = (french.to_do, english.to_do) {
                assert_ne!(french, english);
            }
        }
    }
}

fn reads_well(text: &str) {
    assert!(!text.trim().is_empty());
    for left in ["{$", "{{", "}}", "{ ", "\u{2068}", "\u{2069}", "  ", "…"] {
        assert!(!text.contains(left), "{left:?} in {text:?}");
    }
    let low = text.to_lowercase();
    for unsaid in UNSAID {
        assert!(!low.contains(unsaid), "{unsaid:?} in {text:?}");
    }
}

fn french_spaces(text: &str) {
    for bad in [
        " :", " ;", " !", " ?", " »", "« ", " %", "\u{a0};", "\u{a0}!", "\u{a0}?",
    ] {
        assert!(!text.contains(bad), "{bad:?} in {text:?}");
    }
    for (at, _) in text.match_indices('«') {
        assert!(text[at..].starts_with("«\u{202f}"), "{text:?}");
    }
}

#[test]
fn advice_ends_as_a_sentence_does() {
    for catalog in catalogs() {
        for id in every().into_iter().filter(|id| id.is_advised()) {
            let said = catalog.explain(id, &samples(id, 2));
            let to_do = said.to_do.unwrap();
            let ends = to_do.ends_with(['.', '?'])
                || id.key() == Id::ConfigWrongType.key()
                || id.key() == Id::ConfigUnknownKey.key();
            assert!(ends, "{to_do}");
        }
    }
}

#[test]
fn a_few_sentences_to_the_letter() {
    let [fr, en] = catalogs();
    let linked = samples(Id::UpLinked, 1204);
    assert_eq!(
        fr.say(Id::UpLinked, &linked),
        "1\u{202f}204 fichiers mis à l'abri en 0,3\u{a0}s. À partir de maintenant, leur suppression ne perd plus rien."
    );
    assert_eq!(
        en.say(Id::UpLinked, &linked),
        "1,204 files made safe in 0.3\u{a0}s. From now on, deleting them loses nothing."
    );
    let copying = Args::new()
        .count("copied", 3)
        .count("files", 7)
        .bytes("copied_bytes", 1_299_999);
    let copying = copying
        .bytes("bytes", 200_000_000_000)
        .left("left", Duration::from_secs(100));
    assert_eq!(
        fr.say(Id::UpCopying, &copying),
        "Premières copies\u{a0}: 3 sur 7 fichiers, 1,2\u{a0}Mo sur 200\u{a0}Go, il reste 2\u{a0}min"
    );
    assert_eq!(
        fr.say(Id::UpStopping, &Args::new()),
        "Hygie s'arrête\u{a0}: à partir de maintenant plus rien n'est retenu."
    );
}

#[test]
fn what_is_put_in_keeps_its_own_spaces() {
    let [fr, _] = catalogs();
    let said = fr.say(
        Id::ErrorNotFound,
        &Args::new().text("path", "Quoi ? 2 Mo : {$path}.odt"),
    );
    assert_eq!(
        said,
        "«\u{202f}Quoi ? 2 Mo : {$path}.odt\u{202f}» n'existe pas."
    );
}

#[test]
fn a_missing_value_leaves_a_readable_sentence() {
    for (catalog, expected) in catalogs()
        .into_iter()
        .zip(["«\u{202f}…\u{202f}» n'existe pas.", "“…” does not exist."])
    {
        assert_eq!(catalog.say(Id::ErrorNotFound, &Args::new()), expected);
        for id in every() {
            let said = catalog.explain(id, &Args::new());
            assert!(texts(&said).all(|text| !text.contains("{$")), "{said}");
        }
    }
}

#[test]
fn a_catalogue_is_shared_between_threads() {
    const fn shared<T: Send + Sync>() {}
    shared::<Catalog>();
}

/// Not said on screen (design/README.md).
const UNSAID: [&str; 12] = [
    "ransomware",
    "rançongiciel",
    "menace",
    "critique",
    "critical",
    "échec",
    "failed",
    "erreur utilisateur",
    "endpoint",
    "hash",
    "score",
    "oups",
];

/// Same words in both languages.
const SAME: [&str; 3] = ["protected-but-item", "shared-menu", "shared-menu-incidents"];
