//! Laws of the table in a made-up world, and what real processes show.

mod real;
mod world;

use hygie_model::Mono;
use proptest::prelude::*;

use super::*;
use world::{Deed, World, deed, seconds};

fn kin(world: &World) -> Kin<World> {
    Kin::new(world.clone(), Boundaries::usual(), Feed::Told, Mono(0))
}

#[test]
fn a_family_stays_one_across_double_forks_and_dead_parents() {
    let world = World::new();
    let mut kin = kin(&world);
    let first = world.start("/srv/evil");
    let between = world.fork(first);
    world.detach(between);
    let last = world.fork(between);
    world.exit(between);
    world.exit(first);
    kin.hear(&world.told(), seconds(1));
    let who = kin.who(last).unwrap();
    assert_eq!((who.family.pid, who.id.pid), (first, last));
    assert_eq!(who.parent.unwrap().pid, between);
    assert_eq!(kin.members(who.family), [who.id]);
    assert_eq!(who.standing, Standing::Ordinary);
}

#[test]
fn another_program_is_another_program_of_the_same_family() {
    let world = World::new();
    let mut kin = kin(&world);
    let pid = world.fork(1);
    world.exec(pid, "/usr/bin/python3", Owner::System);
    kin.hear(&world.told(), seconds(1));
    let before = kin.who(pid).unwrap();
    world.exec(pid, "/usr/bin/gpg", Owner::System);
    kin.hear(&world.told(), seconds(2));
    let after = kin.who(pid).unwrap();
    assert_eq!((before.id, before.family), (after.id, after.family));
    assert_ne!(before.program, after.program);
    assert!(after.image.unwrap().path.ends_with("gpg"));
}

#[test]
fn only_what_boundaries_start_begins_a_family() {
    let world = World::new();
    let mut kin = kin(&world);
    let sshd = world.fork(1);
    world.exec(sshd, "/usr/sbin/sshd", Owner::System);
    // sshd forks without another program, for the log-in.
    let log_in = world.fork(sshd);
    let shell = world.fork(log_in);
    world.lead_terminal(shell);
    world.exec(shell, "/usr/bin/bash", Owner::System);
    let job = world.fork(shell);
    let pipe = world.fork(shell);
    let below = world.fork(job);
    kin.hear(&world.told(), seconds(1));
    for (pid, family, standing) in [
        (sshd, sshd, Standing::Boundary),
        (log_in, log_in, Standing::Boundary),
        (shell, shell, Standing::Boundary),
        (job, job, Standing::Ordinary),
        (pipe, pipe, Standing::Ordinary),
        (below, job, Standing::Ordinary),
    ] {
        let who = kin.who(pid).unwrap();
        assert_eq!((who.family.pid, who.standing), (family, standing), "{pid}");
    }
}

#[test]
fn a_family_cannot_make_itself_a_boundary() {
    let world = World::new();
    let mut kin = kin(&world);
    let evil = world.start("/tmp/evil");
    let tmux = world.fork(evil);
    world.exec(tmux, "/usr/bin/tmux", Owner::System);
    let shell = world.fork(tmux);
    world.lead_terminal(shell);
    world.exec(shell, "/usr/bin/bash", Owner::System);
    let worker = world.fork(shell);
    // One that anybody can change is none either, wherever it was born.
    let fake = world.start("/tmp/sshd");
    let of_fake = world.fork(fake);
    // A shell that runs a script leads no terminal's session.
    let script = world.fork(1);
    world.exec(script, "/usr/bin/bash", Owner::System);
    let of_script = world.fork(script);
    kin.hear(&world.told(), seconds(1));
    for (pid, family) in [(worker, evil), (of_fake, fake), (of_script, script)] {
        assert_eq!(kin.who(pid).unwrap().family.pid, family);
    }
}

#[test]
fn a_process_lives_as_long_as_its_last_thread() {
    let world = World::new();
    let mut kin = kin(&world);
    let pid = world.start("/srv/a");
    let thread = world.thread(pid);
    kin.hear(&world.told(), seconds(1));
    let id = kin.who(thread).unwrap().id;
    assert_eq!(id.pid, pid);
    world.end_thread(pid, pid);
    kin.hear(&world.told(), seconds(2));
    assert_eq!(kin.who(thread).unwrap().id, id);
    assert_eq!(kin.members(id), [id]);
    // The last one makes a process that must still be known afterwards.
    let child = world.fork(pid);
    world.end_thread(pid, thread);
    kin.hear(&world.told(), seconds(3));
    assert_eq!(kin.who(child).unwrap().family, id);
    assert_eq!(kin.members(id).len(), 1);
    assert_eq!(kin.who(thread).unwrap().id, id, "late news of the dead");
}

#[test]
fn a_thread_that_begins_a_program_takes_the_process_over() {
    let world = World::new();
    let mut kin = kin(&world);
    let pid = world.start("/srv/a");
    let thread = world.thread(pid);
    assert!(thread > pid);
    world.exec(pid, "/usr/bin/gpg", Owner::System);
    kin.hear(&world.told(), seconds(1));
    let who = kin.who(pid).unwrap();
    assert!(who.image.unwrap().path.ends_with("gpg"));
    assert_eq!(kin.members(who.family), [who.id]);
    world.exit(pid);
    kin.hear(&world.told(), seconds(2));
    assert_eq!(kin.members(who.family), []);
    assert_eq!(kin.take_ended(), [who.family]);
}

#[test]
fn the_first_of_a_family_ends_with_all_of_it() {
    let world = World::new();
    let mut kin = kin(&world);
    let first = world.start("/srv/a");
    let child = world.fork(first);
    kin.hear(&world.told(), seconds(1));
    let (first_id, child_id) = (kin.who(first).unwrap().id, kin.who(child).unwrap().id);
    world.exit(first);
    kin.hear(&world.told(), seconds(2));
    assert_eq!(kin.take_ended(), []);
    world.exit(child);
    kin.hear(&world.told(), seconds(3));
    assert_eq!(kin.take_ended(), [child_id, first_id]);
}

#[test]
fn after_a_loss_all_is_looked_at_again() {
    let world = World::new();
    let mut kin = kin(&world);
    let pid = world.start("/srv/a");
    kin.hear(&world.told(), seconds(1));
    let before = kin.who(pid).unwrap();
    world.exec(pid, "/srv/b", Owner::Anyone);
    let unheard = world.fork(pid);
    let gone = world.fork(pid);
    kin.hear(&world.told()[..1], seconds(2));
    world.exit(gone);
    let _lost = world.told();
    kin.hear(&[crate::linux::forks::Event::LOST], seconds(3));
    let after = kin.who(pid).unwrap();
    assert_eq!(after.id, before.id);
    assert_ne!(after.program, before.program);
    assert_eq!(kin.who(unheard).unwrap().family, before.family);
    assert_eq!(kin.members(before.family).len(), 2);
}

#[test]
fn where_nobody_tells_what_is_seen_is_right() {
    let world = World::new();
    let mut kin = Kin::new(world.clone(), Boundaries::usual(), Feed::Mute, Mono(0));
    let first = world.start("/srv/a");
    let child = world.fork(first);
    let family = kin.who(child).unwrap().family;
    assert_eq!(family.pid, first);
    let before = kin.who(first).unwrap();
    world.exec(first, "/srv/b", Owner::Anyone);
    let after = kin.who(first).unwrap();
    assert_ne!(before.program, after.program);
    // An orphan is known by the group that it was born into.
    let between = world.fork(child);
    let orphan = world.fork(between);
    world.exit(between);
    assert_eq!(kin.who(orphan).unwrap().family, family);
    // A number that came back is another process.
    world.exit(first);
    world.reuse(first);
    assert_eq!(world.fork(1), first);
    let other = kin.who(first).unwrap();
    assert_ne!(other.id, before.id);
    assert_eq!(other.family, other.id);
    assert_eq!(kin.members(family).len(), 2);
}

#[test]
fn a_storm_stays_bounded_and_cheap() {
    let world = World::new();
    let mut kin = kin(&world);
    let told = world.start("/srv/evil");
    kin.hear(&world.told(), seconds(1));
    let family = kin.who(told).unwrap().family;
    let mut at = told;
    let (mut events, mut spent) = (0, std::time::Duration::ZERO);
    for round in 0..1000 {
        for _ in 0..1000 {
            let next = world.fork(at);
            world.exit(at);
            at = next;
        }
        let heard = world.told();
        let start = std::time::Instant::now();
        kin.hear(&heard, seconds(2 + round / 100));
        spent += start.elapsed();
        events += heard.len();
    }
    let (living, dead) = kin.size();
    assert_eq!(living, 2);
    assert!(dead <= 2 * 8192 + 2, "{dead}");
    let who = kin.who(at).unwrap();
    assert_eq!(who.family, family);
    assert_eq!(kin.members(family), [who.id]);
    println!("{} ns an event", spent.as_nanos() / events as u128);
}

proptest! {
    /// Whoever lives is found with the right start and the right family, however late the news came, whoever died
    /// meanwhile and whatever numbers came back.
    #[test]
    fn families_are_those_of_birth(deeds in prop::collection::vec(deed(), 1..120)) {
        let world = World::new().with_numbers(12);
        let mut kin = kin(&world);
        for (turn, deed) in deeds.iter().enumerate() {
            world.perform(*deed);
            if *deed != Deed::Hear {
                continue;
            }
            kin.hear(&world.told(), seconds(turn as u64));
            for (thread, pid, started, family) in world.living() {
                let who = kin.who(thread);
                let who = who.expect("whoever lives is found");
                prop_assert_eq!(who.id, ProcessId { pid, started });
                prop_assert_eq!(who.family.pid, family.0, "{:?}", who);
                let members = kin.members(who.family);
                prop_assert!(members.contains(&who.id));
                for member in members {
                    prop_assert!(world.lives(member));
                }
            }
        }
    }

    /// With losses families may come apart, but nobody is found who does not live, and nobody is missed.
    #[test]
    fn losses_leave_the_living(
        deeds in prop::collection::vec((deed(), any::<bool>()), 1..120)
    ) {
        let world = World::new().with_numbers(12);
        let mut kin = kin(&world);
        for (turn, (deed, lost)) in deeds.iter().enumerate() {
            world.perform(*deed);
            if *deed != Deed::Hear {
                continue;
            }
            let told = world.told();
            let at = seconds(turn as u64);
            if *lost {
                kin.hear(&told[told.len() / 2..], at);
                kin.hear(&[crate::linux::forks::Event::LOST], at);
            } else {
                kin.hear(&told, at);
            }
            for (thread, pid, started, _) in world.living() {
                let who = kin.who(thread).expect("whoever lives is found");
                prop_assert_eq!(who.id, ProcessId { pid, started });
                for member in kin.members(who.family) {
                    prop_assert!(world.lives(member));
                }
            }
        }
    }
}
