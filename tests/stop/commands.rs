//! What a hub asks of a device, at the guard's door: done once by its number, also when the guard is killed in the middle of it,
//! and nothing that a hub may not ask.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use hygie_agent::door::{Brought, Caller, Question, Reply};
use hygie_platform::clock;
use hygie_testkit::Snapshot;
use hygie_wire::{Command, Deed, Outcome};
use uuid::Uuid;

use crate::{
    hub::person,
    scene::{End, PATIENCE, Scene},
};

const HOUR: Duration = Duration::from_secs(60 * 60);

fn command(id: u128, deed: Deed) -> Command {
    Command {
        id: Uuid::from_u128(id),
        expires: clock::wall().after(HOUR),
        by: Some(person()),
        deed,
    }
}

fn brought(command: &Command) -> Question {
    Question::Courier(Brought::Command(Box::new(command.clone())))
}

/// As the courier does: asks until the guard answers, whoever dies in between.
fn obeyed(scene: &Scene, command: &Command) -> Outcome {
    asked(&scene.hygie.state().join("guard.sock"), command)
}

fn asked(socket: &Path, command: &Command) -> Outcome {
    let until = Instant::now() + PATIENCE;
    loop {
        let asked = Caller::knock(socket).and_then(|mut caller| {
            caller.waits(PATIENCE)?;
            caller.ask(&brought(command))
        });
        if let Ok(Reply::Obeyed { outcome, .. }) = asked {
            return outcome;
        }
        assert!(Instant::now() < until, "{asked:?}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// The guard's process, once there is one again.
fn until_guard(scene: &Scene) -> i32 {
    let until = Instant::now() + PATIENCE;
    loop {
        if let Some(pid) = scene.hygie.pid("guard") {
            return pid;
        }
        assert!(Instant::now() < until, "no guard");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn attacked(scene: &mut Scene) -> u64 {
    let running = scene.start(0, "encrypt-in-place", &[]);
    let End::Stopped(id) = scene.stopped_or_over(&running) else {
        panic!("it was not stopped");
    };
    scene.settle();
    drop(running);
    id
}

#[test]
fn a_command_of_a_hub_is_done_once_and_journaled_with_who_asked() {
    let Some(mut scene) = Scene::make(1, 60) else {
        return;
    };
    let before = scene.arenas[0].snapshot().expect("a snapshot");
    let incident = attacked(&mut scene);
    let undo = command(1, Deed::Undo { incident });
    assert_eq!(obeyed(&scene, &undo), Outcome::Done);
    before.assert_same(&Snapshot::of(&scene.arenas[0].victims()).expect("a snapshot"));
    // Somebody here takes it back; the command, heard again, changes nothing.
    scene.ask(&["undo", "--redo", "--yes", &incident.to_string()], 0);
    let damaged = scene.arenas[0].snapshot().expect("a snapshot");
    assert_eq!(obeyed(&scene, &undo), Outcome::Done);
    damaged.assert_same(&scene.arenas[0].snapshot().expect("a snapshot"));
    // One that is too late is nothing, nor is one about an incident that is not there.
    let late = Command {
        expires: clock::wall(),
        ..command(2, Deed::Undo { incident })
    };
    assert_eq!(obeyed(&scene, &late), Outcome::Expired);
    let none = command(3, Deed::Undo { incident: 99 });
    assert_eq!(obeyed(&scene, &none), Outcome::Refused);
    let none = command(4, Deed::Restore { version: 1 << 40 });
    assert_eq!(obeyed(&scene, &none), Outcome::Refused);
    let freeze = command(5, Deed::Freeze { incident });
    assert_eq!(obeyed(&scene, &freeze), Outcome::Done);
    let journal = scene.journal_with("command.over", |fields| fields["do"] == "freeze");
    let of = |kind: &str, id: u128| {
        let id = Uuid::from_u128(id).to_string();
        let lines = journal.iter().filter(|line| line["kind"] == kind);
        lines
            .filter(|line| line["fields"]["command"] == id)
            .map(|line| line["fields"].clone())
            .collect::<Vec<_>>()
    };
    let (heard, over) = (of("command.heard", 1), of("command.over", 1));
    assert_eq!((heard.len(), over.len()), (1, 1), "{journal:?}");
    assert_eq!(heard[0]["person"], person().0.to_string());
    assert_eq!(over[0]["outcome"], "done");
    assert!(of("command.heard", 2).is_empty(), "it was never begun");
    assert_eq!(of("command.over", 2)[0]["outcome"], "expired");
}

#[test]
fn a_version_is_given_back_by_its_number_alone() {
    let Some(scene) = Scene::make(1, 5) else {
        return;
    };
    let file = scene.arenas[0]
        .path()
        .with_file_name("quiet")
        .join("Lettre.txt");
    std::fs::write(&file, "Cher confrère").expect("a letter");
    scene.settle();
    std::fs::write(&file, "").expect("emptied");
    scene.settle();
    let path = file.to_string_lossy().into_owned();
    let told = scene.ask(&["versions", &path], 0);
    let version = told.iter().find(|version| version["bytes"] == 14);
    // Its name ends with its number.
    let number = version
        .and_then(|version| {
            version["version"]
                .as_str()?
                .rsplit('.')
                .next()?
                .parse()
                .ok()
        })
        .unwrap_or_else(|| panic!("{told:?}"));
    let restore = command(1, Deed::Restore { version: number });
    assert_eq!(obeyed(&scene, &restore), Outcome::Done);
    assert_eq!(std::fs::read_to_string(&file).expect("it"), "Cher confrère");
}

#[test]
#[ignore = "heavy: twenty kills"]
fn heavy_commands_are_done_once_though_the_guard_is_killed_in_the_middle() {
    let Some(mut scene) = Scene::make(1, 200) else {
        return;
    };
    let before = scene.arenas[0].snapshot().expect("a snapshot");
    let incident = attacked(&mut scene);
    let damaged = scene.arenas[0].snapshot().expect("a snapshot");
    let mut chance = 0x9e37_79b9_7f4a_7c15_u64;
    for round in 0..20_u128 {
        let (deed, after) = if round % 2 == 0 {
            (Deed::Undo { incident }, &before)
        } else {
            (Deed::Redo { incident }, &damaged)
        };
        chance = chance
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        let command = command(100 + round, deed);
        let guard = until_guard(&scene);
        let outcome = std::thread::scope(|scope| {
            let (socket, command) = (scene.hygie.state().join("guard.sock"), &command);
            let asked = scope.spawn(move || asked(&socket, command));
            // A moment by chance within it: no test of what follows.
            std::thread::sleep(Duration::from_micros((chance >> 40) % 300_000));
            let pid = rustix::process::Pid::from_raw(guard).expect("a process");
            let _gone = rustix::process::kill_process(pid, rustix::process::Signal::KILL);
            asked.join().expect("an answer")
        });
        assert_eq!(outcome, Outcome::Done, "round {round}");
        let now = Snapshot::of(&scene.arenas[0].victims()).expect("a snapshot");
        after.assert_same(&now);
    }
    let journal = scene.journal_with("command.over", |_| true);
    for round in 0..20_u128 {
        let id = Uuid::from_u128(100 + round).to_string();
        let over = journal
            .iter()
            .filter(|line| line["kind"] == "command.over" && line["fields"]["command"] == id);
        assert!(over.count() <= 1, "round {round}");
    }
}
