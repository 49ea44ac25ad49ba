//! The sentences of one language.

use std::fmt;

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use jiff::tz::TimeZone;
use unic_langid::LanguageIdentifier;

use crate::{
    Args, Language, Message,
    args::Arg,
    format::{bytes, count, left, moment, spent},
    typography::typeset,
};

/// Says messages in one language, with moments in one zone. May be shared between threads.
pub struct Catalog {
    language: Language,
    zone: TimeZone,
    bundle: FluentBundle<FluentResource>,
}

/// A message in its two parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explained {
    /// What happened.
    pub what: String,
    /// What to do, where something is to be done.
    pub to_do: Option<String>,
}

/// Both parts, each on a line of its own.
impl fmt::Display for Explained {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        match &self.to_do {
            Some(to_do) => write!(f, "\n{to_do}"),
            None => Ok(()),
        }
    }
}

impl Catalog {
    /// The catalogue of a language; moments are told in `zone`.
    #[must_use]
    pub fn new(language: Language, zone: TimeZone) -> Self {
        let mut bundle = FluentBundle::new_concurrent(vec![locale(language)]);
        bundle.set_use_isolating(false);
        match language {
            Language::Fr => {
                bundle.set_transform(Some(|text| typeset(Language::Fr, text)));
                bundle.set_formatter(Some(|value, _| number(Language::Fr, value)));
            }
            Language::En => {
                bundle.set_transform(Some(|text| typeset(Language::En, text)));
                bundle.set_formatter(Some(|value, _| number(Language::En, value)));
            }
        }
        for source in sources(language) {
            // What cannot be read is left out and told by its key; a test keeps the files readable.
            let resource =
                FluentResource::try_new((*source).to_owned()).unwrap_or_else(|(rest, _)| rest);
            bundle.add_resource_overriding(resource);
        }
        Self {
            language,
            zone,
            bundle,
        }
    }

    /// The language it speaks.
    #[must_use]
    pub const fn language(&self) -> Language {
        self.language
    }

    /// A message, its first part where it has two. Never fails: a value that is not given is
    /// shown as `…`, a message that does not exist by its key.
    #[must_use]
    pub fn say<M: Message>(&self, id: M, args: &Args) -> String {
        self.part(id, Part::What, args)
            .unwrap_or_else(|| id.key().to_owned())
    }

    /// A message in its two parts.
    #[must_use]
    pub fn explain<M: Message>(&self, id: M, args: &Args) -> Explained {
        Explained {
            what: self.say(id, args),
            to_do: self.part(id, Part::ToDo, args),
        }
    }

    fn part<M: Message>(&self, id: M, part: Part, args: &Args) -> Option<String> {
        let message = self.bundle.get_message(id.key())?;
        let pattern = match part {
            Part::What => message.value()?,
            Part::ToDo => message.get_attribute(TO_DO)?.value(),
        };
        let values = self.values(args);
        let mut errors = Vec::new();
        let said = self
            .bundle
            .format_pattern(pattern, Some(&values), &mut errors);
        Some(if errors.is_empty() {
            said.into_owned()
        } else {
            without_holes(&said)
        })
    }

    fn values<'a>(&self, args: &'a Args) -> FluentArgs<'a> {
        let language = self.language;
        args.iter()
            .map(|(name, arg)| {
                let value = match arg {
                    Arg::Text(text) => FluentValue::from(text.as_str()),
                    Arg::Count(number) => FluentValue::from(*number),
                    Arg::Bytes(size) => bytes(language, *size).into(),
                    Arg::Spent(time) => spent(language, *time).into(),
                    Arg::Left(time) => left(language, *time).into(),
                    Arg::Moment(at) => moment(language, *at, &self.zone).into(),
                };
                (name, value)
            })
            .collect()
    }
}

impl fmt::Debug for Catalog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Catalog({:?})", self.language)
    }
}

#[derive(Clone, Copy)]
enum Part {
    What,
    ToDo,
}

fn locale(language: Language) -> LanguageIdentifier {
    let name = match language {
        Language::Fr => "fr-FR",
        Language::En => "en-GB",
    };
    name.parse().expect("the two names are well formed")
}

/// The files of a language.
pub(crate) const fn sources(language: Language) -> &'static [&'static str] {
    match language {
        Language::Fr => &FR,
        Language::En => &EN,
    }
}

/// Numbers come from [`Args::count`] alone: whole and not negative.
fn number(language: Language, value: &FluentValue<'_>) -> Option<String> {
    let FluentValue::Number(number) = value else {
        return None;
    };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a count; beyond 2^53 Fluent itself knows no single units"
    )]
    let whole = number.value as u64;
    Some(count(language, whole))
}

/// Fluent leaves `{$name}` where a value is missing.
fn without_holes(said: &str) -> String {
    let mut whole = String::new();
    let mut rest = said;
    while let Some((before, hole)) = rest.split_once("{$") {
        let Some((_, after)) = hole.split_once('}') else {
            break;
        };
        whole.push_str(before);
        whole.push('…');
        rest = after;
    }
    whole + rest
}

const TO_DO: &str = "do";

macro_rules! files {
    ($language:literal) => {
        [
            include_str!(concat!("../locales/", $language, "/up.ftl")),
            include_str!(concat!("../locales/", $language, "/protection.ftl")),
            include_str!(concat!("../locales/", $language, "/doctor.ftl")),
            include_str!(concat!("../locales/", $language, "/versions.ftl")),
            include_str!(concat!("../locales/", $language, "/vault.ftl")),
            include_str!(concat!("../locales/", $language, "/incidents.ftl")),
            include_str!(concat!("../locales/", $language, "/keys.ftl")),
            include_str!(concat!("../locales/", $language, "/check.ftl")),
            include_str!(concat!("../locales/", $language, "/drill.ftl")),
            include_str!(concat!("../locales/", $language, "/journal.ftl")),
            include_str!(concat!("../locales/", $language, "/config.ftl")),
            include_str!(concat!("../locales/", $language, "/errors.ftl")),
            include_str!(concat!("../locales/", $language, "/console/shared.ftl")),
            include_str!(concat!("../locales/", $language, "/console/setup.ftl")),
            include_str!(concat!("../locales/", $language, "/console/sign-in.ftl")),
            include_str!(concat!("../locales/", $language, "/console/today.ftl")),
            include_str!(concat!("../locales/", $language, "/console/alerts.ftl")),
            include_str!(concat!("../locales/", $language, "/console/files.ftl")),
            include_str!(concat!("../locales/", $language, "/console/incidents.ftl")),
            include_str!(concat!("../locales/", $language, "/console/devices.ftl")),
            include_str!(concat!("../locales/", $language, "/console/people.ftl")),
            include_str!(concat!("../locales/", $language, "/console/me.ftl")),
            include_str!(concat!("../locales/", $language, "/console/journal.ftl")),
            include_str!(concat!("../locales/", $language, "/console/roads.ftl")),
            include_str!(concat!("../locales/", $language, "/console/settings.ftl")),
            include_str!(concat!("../locales/", $language, "/console/signed.ftl")),
            include_str!(concat!("../locales/", $language, "/console/phish.ftl")),
            include_str!(concat!("../locales/", $language, "/console/ask.ftl")),
            include_str!(concat!("../locales/", $language, "/console/messages.ftl")),
        ]
    };
}

const FR: [&str; 29] = files!("fr");
const EN: [&str; 29] = files!("en");
