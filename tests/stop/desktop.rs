//! The notice on a real desktop: Debian's notification daemon, on a virtual screen, of the person whose program was stopped.
//! That it was handed to a session bus is not enough: the daemon says what it shows.

use std::{
    path::PathBuf,
    process::{Child, Command, Output, Stdio},
    time::Instant,
};

use serde_json::Value;

use crate::scene::{End, PATIENCE, Scene, USER};

/// A screen, a session bus and a notification daemon; they end with it.
struct Desktop {
    runtime: PathBuf,
    display: String,
    parts: Vec<Child>,
}

impl Desktop {
    fn start() -> Self {
        let runtime = PathBuf::from(format!("/run/user/{USER}"));
        std::fs::create_dir_all(&runtime).expect("the runtime folder");
        std::os::unix::fs::chown(&runtime, Some(USER), Some(USER)).expect("its owner");
        let people = format!("root:x:0:0::/root:/bin/sh\nperson:x:{USER}:{USER}::/:/bin/sh\n");
        let mut desktop = Self {
            runtime,
            display: String::new(),
            parts: Vec::new(),
        };
        std::fs::write(desktop.people(), people).expect("a list of users");
        let (mut told, teller) = std::io::pipe().expect("a pipe");
        // The server takes the first screen that is free, and writes which to its standard output.
        let mut screen = desktop.command("Xvfb");
        screen.args([
            "-displayfd",
            "1",
            "-screen",
            "0",
            "1024x600x24",
            "-nolisten",
            "tcp",
        ]);
        desktop.keep(screen.stdout(teller));
        drop(screen);
        desktop.display = format!(":{}", line(&mut told));

        let address = format!("unix:path={}", desktop.bus().display());
        let (mut told, teller) = std::io::pipe().expect("a pipe");
        let mut bus = desktop.command("dbus-daemon");
        bus.args(["--session", "--nofork", "--nopidfile", "--print-address=1"]);
        bus.arg(format!("--address={address}"));
        desktop.keep(bus.stdout(teller));
        drop(bus);
        line(&mut told);

        let mut daemon = desktop.command("dunst");
        desktop.keep(daemon.stdout(Stdio::null()));
        desktop.until(|desktop| desktop.shown().is_some());
        desktop
    }

    fn people(&self) -> PathBuf {
        self.runtime.join("passwd")
    }

    fn bus(&self) -> PathBuf {
        self.runtime.join("bus")
    }

    /// As the person, whom a list of users that only this program sees has a name for: a session bus wants one.
    fn command(&self, program: &str) -> Command {
        const BECOME: &str = r#"mount --bind "$1" /etc/passwd && shift &&
            exec setpriv --reuid "$0" --regid "$0" --clear-groups -- "$@""#;
        let mut command = Command::new("unshare");
        command
            .args(["--mount", "--", "sh", "-c", BECOME, &USER.to_string()])
            .arg(self.people())
            .arg(program)
            .current_dir("/")
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .env("HOME", &self.runtime)
            .env("XDG_RUNTIME_DIR", &self.runtime)
            .env(
                "DBUS_SESSION_BUS_ADDRESS",
                format!("unix:path={}", self.bus().display()),
            )
            .env("DISPLAY", &self.display);
        command
    }

    fn keep(&mut self, command: &mut Command) {
        let part = command.spawn();
        self.parts
            .push(part.expect("install Debian's xvfb, dbus-daemon and dunst"));
    }

    fn ask(&self, words: &[&str]) -> Output {
        let mut command = self.command("dunstctl");
        command.args(words).output().expect("dunstctl")
    }

    /// How many notices stand on the screen, as the daemon says.
    fn shown(&self) -> Option<usize> {
        let said = self.ask(&["count", "displayed"]);
        String::from_utf8(said.stdout).ok()?.trim().parse().ok()
    }

    fn until(&self, is_so: impl Fn(&Self) -> bool) {
        let until = Instant::now() + PATIENCE;
        while !is_so(self) {
            assert!(Instant::now() < until, "the desktop does not answer");
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
    }

    /// The notices that were put away, as the daemon remembers them.
    fn history(&self) -> Vec<Value> {
        let said = self.ask(&["history"]);
        let history: Value = serde_json::from_slice(&said.stdout).expect("dunstctl's JSON");
        history["data"][0].as_array().expect("a list").clone()
    }
}

impl Drop for Desktop {
    fn drop(&mut self) {
        for part in self.parts.iter_mut().rev() {
            let _ = part.kill();
            let _ = part.wait();
        }
        let _ = std::fs::remove_dir_all(&self.runtime);
    }
}

fn line(told: &mut impl std::io::Read) -> String {
    let mut line = String::new();
    let mut byte = [0];
    while told.read(&mut byte).expect("a line") == 1 && byte != [b'\n'] {
        line.push(char::from(byte[0]));
    }
    line
}

#[test]
fn the_person_reads_it_on_the_desktop() {
    let Some(mut scene) = Scene::make(1, 120) else {
        return;
    };
    let desktop = Desktop::start();
    let mut running = scene.start(0, "encrypt-in-place", &[]);
    let End::Stopped(incident) = scene.stopped_or_over(&running) else {
        panic!("it was not stopped");
    };
    desktop.until(|desktop| desktop.shown() == Some(1));
    assert_eq!(desktop.history(), Vec::<Value>::new());
    desktop.ask(&["close"]);
    desktop.until(|desktop| desktop.history().len() == 1);

    let notice = &desktop.history()[0];
    let text = |field: &str| {
        notice[field]["data"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    assert_eq!(text("appname"), "Hygie");
    // It stays until somebody puts it away.
    assert_eq!(notice["timeout"]["data"], 0, "{notice}");
    // The program that did it, not the one that started it.
    assert!(text("summary").contains("hygie-attacks"), "{notice}");
    assert!(text("body").contains(&incident.to_string()), "{notice}");
    running.kill();
    scene.ask(&["undo", &incident.to_string()], 0);
    scene.hygie.stop().expect("it ends well");
}
