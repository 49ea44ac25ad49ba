//! Attacks on Hygie's own things by an ordinary user: every attempt is denied.

use std::ffi::OsString;

use hygie_testkit::Sight;

use crate::lab::{Lab, StateOn, none_lost, simulator};

#[test]
fn its_store_keep_folder_socket_and_processes() {
    let Some(lab) = Lab::make(1, 30, 256, StateOn::OtherDisk) else {
        return;
    };
    let guard = lab.guard().copied();
    let state = guard.lab.state();
    for word in ["guard", "witness", "up"] {
        let pid = guard.hygie.pid(word).expect("one process of each");
        let arguments: Vec<OsString> = [
            "attack-hygie".into(),
            "--state".into(),
            state.clone().into(),
            "--keep".into(),
            guard.lab.keep().into(),
            "--socket".into(),
            state.join("guard.sock").into(),
            "--pid".into(),
            pid.to_string().into(),
        ]
        .into();
        let arguments: Vec<&str> = arguments
            .iter()
            .map(|word| word.to_str().expect("UTF-8"))
            .collect();
        let outcome = simulator()
            .seeing(Sight::Machine)
            .start_bare(&arguments)
            .expect("it starts")
            .finish()
            .expect("it ends");
        let through: Vec<_> = outcome
            .lines
            .iter()
            .filter(|line| line["succeeded"] == true)
            .map(ToString::to_string)
            .collect();
        assert!(through.is_empty(), "{word}: {}", through.join("\n"));
        assert_eq!(outcome.code, Some(0), "{}", outcome.stderr);
        let tried = outcome
            .lines
            .iter()
            .filter(|line| line["attempt"].is_string())
            .count();
        assert!(tried > 20, "only {tried} attempts");
        println!("attack-hygie on {word}: {tried} attempts, none succeeded");
        assert_eq!(
            guard.hygie.pid(word),
            Some(pid),
            "the same process still runs"
        );
    }
    none_lost(&[guard.strike(0, "overwrite-whole", &[])]);
    guard.stop();
}
