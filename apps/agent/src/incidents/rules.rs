//! Permissions on disk and rules in the engine.

use std::time::Duration;

use hygie_acts::{Allowed, Class, Doing};
use hygie_guard::harm;
use hygie_model::{Mono, Wall};

/// The rule that a permission is to the engine; `None` where its identities cannot be read or its end has passed.
#[must_use]
pub fn to_rule(allowed: &Allowed, wall: Wall, mono: Mono) -> Option<harm::Rule> {
    let left = u64::try_from(allowed.until.0.checked_sub(wall.0)?).ok()?;
    let id = |text: &str| u128::from_str_radix(text, 16).ok();
    let script = match &allowed.script {
        Some(script) => Some(harm::ScriptId(id(script)?)),
        None => None,
    };
    Some(harm::Rule {
        person: harm::Person(allowed.uid),
        program: harm::Program {
            id: harm::ProgramId(id(&allowed.program)?),
            class: match allowed.class {
                Class::Packaged => harm::Class::Packaged,
                Class::Interpreter => harm::Class::Interpreter,
                Class::Archiver => harm::Class::Archiver,
                Class::Unknown => harm::Class::Unknown,
            },
            script,
        },
        folder: allowed.folder,
        doing: match allowed.doing {
            Doing::Change => harm::Doing::Change,
            Doing::Delete => harm::Doing::Delete,
            Doing::Rename => harm::Doing::Rename,
            Doing::Make => harm::Doing::Make,
        },
        until: mono.after(Duration::from_nanos(left)),
    })
}

#[cfg(test)]
mod tests {
    use hygie_acts::AllowedId;
    use hygie_model::DirId;

    use super::*;

    #[test]
    fn a_permission_is_read_as_the_rule_that_it_is() {
        let allowed = Allowed {
            id: AllowedId(1),
            incident: 1,
            uid: 1000,
            exe: "/opt/soft/maj".into(),
            program: "ff".into(),
            class: Class::Unknown,
            script: None,
            folder: DirId(3),
            path: "/srv/a".into(),
            doing: Doing::Delete,
            since: Wall(0),
            until: Wall(100),
        };
        let rule = to_rule(&allowed, Wall(40), Mono(7)).unwrap();
        assert_eq!(
            (rule.program.id, rule.until),
            (harm::ProgramId(255), Mono(67))
        );
        assert_eq!(to_rule(&allowed, Wall(101), Mono(7)), None, "ended");
        let odd = Allowed {
            program: "not hex".into(),
            ..allowed
        };
        assert_eq!(to_rule(&odd, Wall(40), Mono(7)), None);
    }
}
