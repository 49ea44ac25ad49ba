//! The judgement of harm on made-up acts; recorded ones are replayed by `tools/weights`.

mod made_up;
mod properties;
mod twins;

use std::time::Duration;

use hygie_model::{DirId, Mono};

use self::made_up::{World, encrypted, letter, saved};
use super::*;

fn stops(verdicts: &[Verdict]) -> usize {
    verdicts
        .iter()
        .filter(|one| matches!(one, Verdict::Stop(_)))
        .count()
}

#[test]
fn one_family_that_encrypts_is_stopped_once_with_reasons_that_add_up() {
    let mut world = World::new();
    let program = world.unknown(7);
    for file in 0..20 {
        world.change(program, file, encrypted());
    }
    let verdicts = world.verdicts();
    assert_eq!(stops(&verdicts), 1);
    let Some(Verdict::Stop(suspicion)) = verdicts
        .into_iter()
        .find(|one| matches!(one, Verdict::Stop(_)))
    else {
        panic!("it was counted");
    };
    assert_eq!(suspicion.families, [world.harm.family(program).unwrap()]);
    let sum: u32 = suspicion.reasons.iter().map(|reason| reason.points).sum();
    assert_eq!(sum, suspicion.score);
    assert!(suspicion.score >= suspicion.bound);
    assert!(world.harm.is_stopped(suspicion.families[0]));
}

#[test]
fn three_files_are_never_enough() {
    let mut world = World::new();
    let program = world.unknown(7);
    for file in 0..3 {
        world.change(program, file, encrypted());
        world.delete(program, file);
    }
    assert_eq!(stops(&world.verdicts()), 0);
}

#[test]
fn honest_saving_weighs_nothing() {
    let mut world = World::new();
    let program = world.unknown(7);
    for file in 0..500 {
        world.change(program, file, saved());
    }
    assert_eq!(world.score(program), 0);
}

#[test]
fn a_file_that_is_healthy_again_takes_its_evidence_back() {
    let mut world = World::new();
    let program = world.unknown(7);
    world.change(program, 1, encrypted());
    assert!(world.score(program) > 0);
    world.change(
        program,
        1,
        Change {
            before: encrypted().after,
            after: letter(),
            likeness: encrypted().likeness,
        },
    );
    assert_eq!(world.score(program), 0);
}

#[test]
fn deleting_and_writing_anew_is_saving() {
    let mut world = World::new();
    let program = world.unknown(7);
    for file in 0..50 {
        world.delete(program, file);
        world.make_at(program, 1000 + file, file, letter());
    }
    let left = world.harm.figures(world.group(program));
    assert_eq!(left.get(Signal::Deleted), 0, "{left:?}");
}

#[test]
fn moving_by_copy_is_no_deletion_and_the_copy_no_longer_its_own() {
    let mut world = World::new();
    let program = world.unknown(7);
    let content = |file: i64| Facts {
        gist: 5000 + file.unsigned_abs(),
        ..letter()
    };
    for file in 0..40 {
        world.make_at(program, 1000 + file, 1000 + file, content(file));
        world
            .act(
                Actor::Process(program),
                file,
                Deed::Deleted(content(file), Purpose::Work, Twin::None),
            )
            .tell(&mut world);
    }
    assert_eq!(world.score(program), 0);
    for file in 0..40 {
        let change = Change {
            before: content(file),
            ..encrypted()
        };
        world.change(program, 1000 + file, change);
    }
    assert_eq!(stops(&world.verdicts()), 1);
}

#[test]
fn a_child_stays_in_the_family_that_it_was_born_into() {
    let mut world = World::new();
    let mut last = world.unknown(7);
    let family = world.harm.family(last);
    for _ in 0..50 {
        let child = world.child(last, 7);
        world.harm.handle_exit(last, world.now);
        last = child;
    }
    assert_eq!(world.harm.family(last), family);
}

#[test]
fn children_of_a_parent_that_was_never_told_are_siblings() {
    let mut world = World::new();
    let ghost = ProcessId {
        pid: 99_999,
        started: 1,
    };
    let (one, two) = (world.child(ghost, 7), world.child(ghost, 8));
    assert_eq!(world.harm.family(one), world.harm.family(two));
}

#[test]
fn running_another_program_changes_no_family() {
    let mut world = World::new();
    let process = world.unknown(7);
    let family = world.harm.family(process);
    world.tell(process, 8, Class::Packaged, None, Birth::Root);
    assert_eq!(world.harm.family(process), family);
}

#[test]
fn detached_runs_of_one_program_add_up_and_the_next_run_is_stopped_at_once() {
    let mut world = World::new();
    for file in 0..20 {
        let program = world.unknown(7);
        world.change(program, file, encrypted());
    }
    assert!(stops(&world.verdicts()) > 0);
    let next = world.unknown(7);
    assert_eq!(stops(&world.verdicts()), 1);
    assert!(world.harm.is_stopped(world.harm.family(next).unwrap()));
    let other = world.unknown(8);
    assert!(!world.harm.is_stopped(world.harm.family(other).unwrap()));
}

#[test]
fn a_stopped_interpreter_stops_no_other_script() {
    let mut world = World::new();
    for file in 0..20 {
        let run = world.script(6, 1);
        world.change(run, file, encrypted());
    }
    assert!(stops(&world.verdicts()) > 0);
    world.script(6, 2);
    assert_eq!(stops(&world.verdicts()), 0);
}

#[test]
fn who_takes_one_file_a_day_is_seen_and_what_is_a_month_old_is_forgotten() {
    let mut world = World::new();
    let program = world.unknown(7);
    for file in 0..30 {
        world.pass(Duration::from_secs(24 * 3600));
        world.change(program, file, encrypted());
    }
    assert_eq!(stops(&world.verdicts()), 1);
    let mut world = World::new();
    let program = world.unknown(7);
    world.change(program, 1, encrypted());
    world.pass(Duration::from_secs(31 * 24 * 3600));
    world.harm.handle_timeout(world.now);
    world.pass(Duration::from_secs(31 * 24 * 3600));
    world.harm.handle_timeout(world.now);
    assert_eq!(world.score(program), 0);
}

#[test]
fn renaming_stops_only_when_the_names_mean_nothing() {
    for (names, stopped) in [
        (["lettre.odt", "2024-03-18 lettre.odt"], 0),
        (["lettre.odt", "lettre.odt.perso"], 0),
        (["lettre.odt", "k7Gq2ZpX9vTf"], 1),
    ] {
        let mut world = World::new();
        let program = world.unknown(7);
        for file in 0..200 {
            world.rename(program, file, names);
        }
        assert_eq!(stops(&world.verdicts()).min(1), stopped, "{names:?}");
    }
}

#[test]
fn a_rule_excuses_its_person_program_folder_and_act_and_nothing_else() {
    let rule = |world: &World| Rule {
        person: Person(1000),
        program: Program {
            id: ProgramId(7),
            class: Class::Unknown,
            script: None,
        },
        folder: DirId(1),
        doing: Doing::Change,
        until: world.now.after(Duration::from_secs(3600)),
    };
    let run = |rule: Option<Rule>, wait: u64| {
        let mut world = World::new();
        if let Some(rule) = rule {
            world.harm.allow(rule, world.now).unwrap();
        }
        world.pass(Duration::from_secs(wait));
        let program = world.unknown(7);
        for file in 0..20 {
            world.change(program, file, encrypted());
        }
        world.score(program)
    };
    let world = World::new();
    assert_eq!(run(Some(rule(&world)), 0), 0);
    let whole = run(None, 0);
    for (other, wait) in [
        (
            Rule {
                person: Person(0),
                ..rule(&world)
            },
            0,
        ),
        (
            Rule {
                folder: DirId(999),
                ..rule(&world)
            },
            0,
        ),
        (
            Rule {
                doing: Doing::Delete,
                ..rule(&world)
            },
            0,
        ),
        (
            Rule {
                program: Program {
                    id: ProgramId(8),
                    ..rule(&world).program
                },
                ..rule(&world)
            },
            0,
        ),
        (rule(&world), 7200),
    ] {
        assert_eq!(run(Some(other), wait), whole, "{other:?}");
    }
}

#[test]
fn interpreters_without_script_and_archivers_get_no_rule() {
    let mut world = World::new();
    let now = world.now;
    let mut ask = |class, script, until| {
        let program = Program {
            id: ProgramId(7),
            class,
            script,
        };
        let rule = Rule {
            person: Person(1000),
            program,
            folder: DirId(1),
            doing: Doing::Change,
            until,
        };
        world.harm.allow(rule, now).err()
    };
    let later = now.after(Duration::from_secs(9));
    assert_eq!(
        ask(Class::Archiver, None, later),
        Some(RuleRefusal::Archiver)
    );
    assert_eq!(
        ask(Class::Interpreter, None, later),
        Some(RuleRefusal::InterpreterWithoutScript)
    );
    assert_eq!(ask(Class::Interpreter, Some(ScriptId(1)), later), None);
    assert_eq!(ask(Class::Unknown, None, Mono(0)), Some(RuleRefusal::Ended));
}

#[test]
fn the_forgiven_start_anew() {
    let mut world = World::new();
    let program = world.unknown(7);
    for file in 0..20 {
        world.change(program, file, encrypted());
    }
    assert_eq!(stops(&world.verdicts()), 1);
    let family = world.harm.family(program).unwrap();
    world.harm.forgive(&[family]);
    assert!(!world.harm.is_stopped(family));
    assert_eq!(world.score(program), 0);
    world.unknown(7);
    assert_eq!(stops(&world.verdicts()), 0);
    for file in 100..120 {
        world.change(program, file, encrypted());
    }
    assert_eq!(stops(&world.verdicts()), 1);
}

#[test]
fn a_stopped_session_stops_who_harms_and_nobody_else() {
    let mut world = World::new();
    let editor = world.unknown(50);
    let save = Change {
        likeness: hygie_entropy::Likeness {
            resemblance: 0,
            ..saved().likeness
        },
        ..saved()
    };
    world.change(editor, 500, save);
    for file in 0..30_i64 {
        let program = world.unknown(100 + u128::from(file.unsigned_abs()));
        world.change(program, file, encrypted());
    }
    let last = world.unknown(900);
    world.change(last, 600, encrypted());
    world.change(editor, 501, save);
    world.verdicts();
    let harm = &world.harm;
    assert!(harm.is_stopped(harm.family(last).unwrap()));
    assert!(!harm.is_stopped(harm.family(editor).unwrap()));
    let all: Vec<FamilyId> = (1..40).map(FamilyId).collect();
    world.harm.settle(&all);
    let next = world.unknown(901);
    world.change(next, 700, encrypted());
    assert!(!world.harm.is_stopped(world.harm.family(next).unwrap()));
}

#[test]
fn the_journal_is_told_early_and_not_often() {
    let mut world = World::new();
    let program = world.unknown(7);
    let mut watched = 0;
    for file in 0..6 {
        world.change(program, file, encrypted());
    }
    for verdict in world.verdicts() {
        watched += usize::from(
            matches!(verdict, Verdict::Watch(one) if one.group == world.group(program)),
        );
    }
    assert_eq!(watched, 2);
}

#[test]
fn a_client_of_a_file_server_is_a_family() {
    let mut world = World::new();
    for file in 0..20 {
        let act = world.act(Actor::Client(ClientId(3)), file, Deed::Changed(encrypted()));
        act.tell(&mut world);
    }
    assert_eq!(stops(&world.verdicts()), 1);
}

#[test]
fn memory_is_bounded() {
    let mut world = World::new();
    for number in 0..20_000 {
        let program = world.unknown(7 + u128::from(number % 3000_u64));
        world.change(program, i64::try_from(number).unwrap(), encrypted());
        world.harm.handle_exit(program, world.now);
        world.verdicts();
    }
    assert!(
        world.harm.groups().count() <= MOST_GROUPS + 4,
        "{}",
        world.harm.groups().count()
    );
}
