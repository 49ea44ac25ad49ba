//! Laws of one line.

use proptest::prelude::*;
use serde_json::json;

use super::*;

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(any::<String>(), inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

fn record() -> impl Strategy<Value = Record> {
    (
        any::<u64>(),
        any::<i64>(),
        any::<Option<i64>>(),
        "[a-z0-9.-]{1,40}",
        prop::collection::btree_map(any::<String>(), value(), 0..4),
        any::<[u8; 4]>(),
    )
        .prop_map(|(seq, at, told, kind, fields, before)| Record {
            seq,
            at: Wall(at),
            told: told.map(Wall),
            kind: kind.parse().unwrap(),
            fields: fields.into_iter().collect(),
            prev: LineDigest::of(&before),
        })
}

proptest! {
    #[test]
    fn a_record_is_read_back_from_its_line(record in record()) {
        let line = record.to_line().unwrap();
        prop_assert!(!line.contains(&b'\n'));
        prop_assert_eq!(parse_line(&line).unwrap(), record);
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(record) = parse_line(&bytes) {
            prop_assert_eq!(parse_line(&record.to_line().unwrap()).unwrap(), record);
        }
    }
}

#[test]
fn a_line_has_a_fixed_shape() {
    let record = Record {
        seq: 7,
        at: Wall(1_500_000_000),
        told: None,
        kind: Kind::new("version.kept").unwrap(),
        fields: Entry::new(Kind::new("x").unwrap()).with("files", 3).fields,
        prev: LineDigest::NONE,
    };
    let zeros = "0".repeat(64);
    assert_eq!(
        String::from_utf8(record.to_line().unwrap()).unwrap(),
        format!(
            r#"{{"seq":7,"at":"1970-01-01T00:00:01.5Z","kind":"version.kept","fields":{{"files":3}},"prev":"{zeros}"}}"#
        )
    );
}

#[test]
fn lines_of_another_shape_are_refused() {
    let zeros = "0".repeat(64);
    let good =
        json!({"seq": 0, "at": "1970-01-01T00:00:00Z", "kind": "x", "fields": {}, "prev": zeros});
    assert!(parse_line(good.to_string().as_bytes()).is_ok());
    for (name, value) in [
        ("seq", json!(-1)),
        ("at", json!("yesterday")),
        ("kind", json!("Not A Kind")),
        ("fields", json!([])),
        ("prev", json!("00")),
        ("more", json!(1)),
    ] {
        let mut bad = good.clone();
        bad[name] = value;
        assert!(parse_line(bad.to_string().as_bytes()).is_err(), "{bad}");
    }
    assert!(parse_line(b"").is_err());
    assert!(parse_line(format!("{good}{good}").as_bytes()).is_err());
    assert!(matches!(
        parse_line(&vec![b' '; MAX_LINE + 1]),
        Err(NotARecord::TooLong(_))
    ));
}

#[test]
fn facts_that_would_not_read_back_are_refused_before_they_are_written() {
    let deep = (0..200).fold(json!(1), |inner, _| json!([inner]));
    for fields in [json!({"deep": deep}), json!({"long": "x".repeat(MAX_LINE)})] {
        let Value::Object(fields) = fields else {
            unreachable!()
        };
        let record = Record {
            seq: 0,
            at: Wall(0),
            told: None,
            kind: Kind::own("x"),
            fields,
            prev: LineDigest::NONE,
        };
        assert!(record.to_line().is_err());
    }
}

#[test]
fn the_journals_own_kinds_are_refused_to_callers() {
    for own in Kind::RESERVED {
        assert_eq!(Kind::new(own), Err(NotAKind::Reserved));
        assert!(own.parse::<Kind>().is_ok());
    }
    for text in ["", "Majuscule", "é", "a b", &"x".repeat(41)] {
        assert_eq!(Kind::new(text), Err(NotAKind::Shape), "{text}");
    }
}

#[test]
fn facts_of_a_struct_become_fields() {
    #[derive(Serialize)]
    struct Facts {
        files: u64,
    }
    let kind = Kind::new("copied").unwrap();
    let entry = Entry::from_facts(kind.clone(), &Facts { files: 2 }).unwrap();
    assert_eq!(entry, Entry::new(kind.clone()).with("files", 2_u64));
    assert_eq!(Entry::from_facts(kind, &3), None);
}
