//! What a configuration may say, and what is refused with its line, its key and the remedy.

use hygie_text::{Catalog, Id, TimeZone};

use super::*;

fn parse(text: &str) -> Result<Config, ConfigError> {
    Config::parse(text, Path::new("/etc/hygie.toml"))
}

fn refused(text: &str) -> (Id, String) {
    let error = parse(text).unwrap_err();
    let (id, args) = error.sentence();
    let catalog = Catalog::new(Language::En, TimeZone::UTC);
    (id, catalog.explain(id, &args).to_string())
}

#[test]
fn nothing_set_and_the_default_file_mean_the_same() {
    assert_eq!(parse("").unwrap(), Config::default());
    assert_eq!(parse(DEFAULT).unwrap(), Config::default());
    let commented = parse(&DEFAULT.replace("# lang", "lang")).unwrap();
    assert_eq!(commented.language, Some(Language::Fr));
}

#[test]
fn the_default_file_shows_each_key() {
    for (section, keys) in table::KEYS {
        for key in keys {
            let shown = match (section, *key) {
                ("", "vault" | "guard" | "help" | "hub" | "language") => format!("[{key}]"),
                _ => format!("\n{key} = "),
            };
            let text = DEFAULT
                .replace("\n# lang", "\nlang")
                .replace("\n# call", "\ncall");
            assert!(text.contains(&shown), "{shown}");
        }
    }
}

#[test]
fn everything_can_be_set() {
    let text = r#"
        folders = ["/srv/patients/", "/home/cabinet"]
        vault = { budget = "200 Go", min_age = "30 jours", reserve = "512MiB", large_from = "1 MB" }
        [guard]
        bound = "1500 ms"
        leases = 10_000
        threads = 0x10
        attackers = "stop"
        [help]
        call = "Mme Roux, 01 23 45 67 89"
        [hub]
        silence = "2 days"
        [language]
        lang = "en"
    "#;
    let config = parse(&rooted(text)).unwrap();
    let folders: Vec<&Path> = config
        .folders
        .iter()
        .map(ProtectedFolder::as_path)
        .collect();
    assert_eq!(
        folders,
        [rooted("/srv/patients"), rooted("/home/cabinet")].map(PathBuf::from)
    );
    assert_eq!(config.vault.budget.to_string(), "200 GB");
    assert_eq!(config.vault.min_age.to_string(), "30 days");
    assert_eq!(config.vault.reserve.bytes(), 512 << 20);
    assert_eq!(config.vault.large_from.bytes(), 1_000_000);
    assert_eq!(config.guard.bound.to_string(), "1500 ms");
    assert_eq!(config.guard.leases, Leases::AtMost(10_000));
    assert_eq!(config.guard.threads, Threads::Exactly(16));
    assert_eq!(config.guard.attackers, Attackers::Stop);
    let call = config.help.call.map(|call| call.to_string());
    assert_eq!(call.as_deref(), Some("Mme Roux, 01 23 45 67 89"));
    assert_eq!(config.hub.silence.to_string(), "2 days");
    assert_eq!(config.language, Some(Language::En));
}

/// Full paths need a drive on Windows.
fn rooted(text: &str) -> String {
    if cfg!(windows) {
        text.replace("/srv", "C:/srv").replace("/home", "C:/home")
    } else {
        text.to_owned()
    }
}

#[test]
fn a_refusal_names_file_line_key_and_remedy() {
    for (text, id, said) in [
        (
            "\n[vault]\nbugdet = \"1 GB\"",
            Id::ConfigUnknownKeyNear,
            "/etc/hygie.toml, line 3: “vault.bugdet” is not a known setting.\nDid you mean “vault.budget”?",
        ),
        (
            "folder = []",
            Id::ConfigUnknownKeyNear,
            "/etc/hygie.toml, line 1: “folder” is not a known setting.\nDid you mean “folders”?",
        ),
        (
            "folders = []\nbound = \"5 s\"",
            Id::ConfigUnknownKeyNear,
            "/etc/hygie.toml, line 2: “bound” is not a known setting.\nDid you mean “guard.bound”?",
        ),
        (
            "[guard]\nexclude = [\"*.tmp\"]",
            Id::ConfigUnknownKey,
            "/etc/hygie.toml, line 2: “guard.exclude” is not a known setting.\nThe settings possible here are: bound, leases, threads, attackers.",
        ),
        (
            "[guard]\n\nbound = 5",
            Id::ConfigWrongType,
            "/etc/hygie.toml, line 3: the value of “guard.bound” is not written as it should be.\nWrite for example: bound = \"5 s\"",
        ),
        (
            "[guard]\nbound = \"2 min\"",
            Id::ConfigOutOfRange,
            "/etc/hygie.toml, line 2: the value of “guard.bound” is out of bounds.\nChoose a value from 1 s to 60 s.",
        ),
        (
            "[vault]\nmin_age = \"6 days\"",
            Id::ConfigOutOfRange,
            "/etc/hygie.toml, line 2: the value of “vault.min_age” is out of bounds.\nChoose a value from 7 days to 3650 days.",
        ),
        (
            "folders = [\n  \"patients\",\n]",
            Id::ConfigFolderRelative,
            "/etc/hygie.toml, line 2: “patients” is not a full path.\nWrite the path from the root on, such as “/srv/patients”.",
        ),
    ] {
        assert_eq!(refused(text), (id, said.to_owned()));
    }
}

#[test]
fn values_of_another_kind_are_refused() {
    for text in [
        "folders = \"/srv\"",
        "folders = [1]",
        "vault = 3",
        "[[guard]]",
        "[vault]\nbudget = \"lots\"",
        "[vault]\nbudget = \"200\"",
        "[vault]\nbudget = \"-1 GB\"",
        "[vault]\nbudget = \"1.5 GB\"",
        "[vault]\nbudget = \"1 gb\"",
        "[vault]\nbudget = \"99999999999999999999 B\"",
        "[vault]\nbudget = true",
        "[vault]\nmin_age = \"a week\"",
        "[vault]\nreserve = \"20 %\"",
        "[guard]\nleases = \"many\"",
        "[guard]\nleases = 1.5",
        "[guard]\nthreads = \"2\"",
        "[language]\nlang = \"de\"",
        "[language]\nlang = 1",
    ] {
        assert_eq!(refused(text).0, Id::ConfigWrongType, "{text}");
    }
}

#[test]
fn values_out_of_bounds_are_refused() {
    for text in [
        "[vault]\nbudget = \"0 %\"",
        "[vault]\nbudget = \"91 %\"",
        "[vault]\nbudget = \"999 kB\"",
        "[vault]\nbudget = \"1001 TB\"",
        "[vault]\nbudget = \"18446744073709551615 TB\"",
        "[vault]\nreserve = \"0 B\"",
        "[vault]\nmin_age = \"3651 days\"",
        "[guard]\nbound = \"999 ms\"",
        "[guard]\nbound = \"61 s\"",
        "[guard]\nleases = -1",
        "[guard]\nleases = 1000001",
        "[guard]\nthreads = 0",
        "[guard]\nthreads = 65",
    ] {
        assert_eq!(refused(text).0, Id::ConfigOutOfRange, "{text}");
    }
}

#[test]
fn folders_that_cannot_be_protected_are_refused() {
    for (text, id) in [
        ("folders = [\"\"]", Id::ConfigFolderRelative),
        ("folders = [\"~/patients\"]", Id::ConfigFolderRelative),
        ("folders = [\"/srv/../home\"]", Id::ConfigFolderRelative),
        ("folders = [\"/srv\", \"/srv/\"]", Id::ConfigFolderTwice),
        (
            "folders = [\"/srv\", \"/srv/patients\"]",
            Id::ConfigFolderTwice,
        ),
        (
            "folders = [\"/srv/patients\", \"/srv\"]",
            Id::ConfigFolderTwice,
        ),
    ] {
        assert_eq!(refused(&rooted(text)).0, id, "{text}");
    }
    if cfg!(unix) {
        for root in ["/", "//", "/."] {
            assert_eq!(
                refused(&format!("folders = [\"{root}\"]")).0,
                Id::ConfigFolderRoot
            );
        }
    }
    assert!(parse(&rooted("folders = [\"/srv/a\", \"/srv/ab\"]")).is_ok());
}

#[test]
fn what_is_not_toml_is_refused_with_its_line() {
    for (text, line) in [
        ("folders = [", 1),
        ("\n\nbudget", 3),
        ("a = 1\na = 2", 2),
        ("[vault", 1),
    ] {
        let error = parse(text).unwrap_err();
        let ConfigError::Syntax { place, reason } = error else {
            panic!("{text}: {error}");
        };
        assert_eq!(place.line, line, "{text}");
        assert!(!reason.is_empty());
    }
}

#[test]
fn the_default_file_is_written_once() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("hygie.toml");
    assert_eq!(Config::write_default(&file).unwrap(), Written::Now);
    assert_eq!(Config::load(&file).unwrap(), Config::default());
    fs::write(&file, "# mine").unwrap();
    assert_eq!(Config::write_default(&file).unwrap(), Written::AlreadyThere);
    assert_eq!(fs::read_to_string(&file).unwrap(), "# mine");
    let nowhere = dir.path().join("none/hygie.toml");
    assert_eq!(
        Config::write_default(&nowhere).unwrap_err().sentence().0,
        Id::ConfigUnwritable
    );
    assert_eq!(
        Config::load(&nowhere).unwrap_err().sentence().0,
        Id::ConfigUnreadable
    );
}

#[test]
fn values_are_read_back_from_their_text() {
    fn same<T>(text: &str)
    where
        T: Copy + PartialEq + std::fmt::Debug + std::fmt::Display,
        T: std::str::FromStr<Err = NotAValue>,
    {
        let value: T = text.parse().unwrap();
        assert_eq!(value.to_string().parse(), Ok(value), "{text}");
    }
    for number in (1..1000).chain([1024, 86_400, 604_800, 999_999, 1_000_000]) {
        for unit in [
            "B", "kB", "MB", "GB", "TB", "KiB", "MiB", "GiB", "o", "ko", "Go",
        ] {
            let text = format!("{number} {unit}");
            if text.parse::<Size>().is_ok() {
                same::<Size>(&text);
                same::<Budget>(&text);
            }
        }
        for unit in ["ms", "s", "min", "h", "day", "days", "jour", "jours"] {
            let text = format!("{number}{unit}");
            if text.parse::<MinAge>().is_ok() {
                same::<MinAge>(&text);
            }
            if text.parse::<Bound>().is_ok() {
                same::<Bound>(&text);
            }
        }
    }
    for percent in 1..=90 {
        same::<Percent>(&format!("{percent}%"));
        same::<Budget>(&format!("{percent} %"));
    }
    let twenty: Percent = "20 %".parse().unwrap();
    assert_eq!((twenty.of(1000), twenty.of(u64::MAX)), (200, u64::MAX / 5));
}
