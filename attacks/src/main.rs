//! The command line of the simulators: `hygie-attacks WAY --arena-fd N --nonce HEX`, `list`, `attack-hygie`.

use std::os::fd::{FromRawFd, OwnedFd, RawFd};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use hygie_attacks::report::Failure;
use hygie_attacks::{Arena, Limits, Nonce, Refusal, Report, Run, Scenario, Way};
use hygie_attacks::{rights, scenarios, ways};

/// Harmless simulators of damage. They act on a folder made for it, and on nothing else.
#[derive(Parser)]
#[command(
    version,
    subcommand_negates_reqs = true,
    args_conflicts_with_subcommands = true
)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    /// One of the ways or scenarios that `list` names
    #[arg(required = true, value_name = "WAY", value_parser = attack)]
    attack: Option<Attack>,
    #[command(flatten)]
    arena: Option<ArenaArgs>,
    #[command(flatten)]
    limits: LimitArgs,
    /// Say "ready" and wait for a byte on standard input before the first act
    #[arg(long)]
    wait: bool,
}

#[derive(Clone, clap::Args)]
struct ArenaArgs {
    /// The open folder to act on, inherited
    #[arg(long, required = true)]
    arena_fd: RawFd,
    /// The secret that the folder's marker holds
    #[arg(long, required = true)]
    nonce: Nonce,
}

#[derive(Clone, clap::Args)]
struct LimitArgs {
    /// Decides all noise
    #[arg(long, default_value_t = Limits::default().seed)]
    seed: u64,
    /// Threads of the ways that use some
    #[arg(long, default_value_t = Limits::default().threads)]
    threads: usize,
    /// Processes at one time of the way that detaches them
    #[arg(long, default_value_t = Limits::default().procs)]
    procs: usize,
    /// Repetitions of the ways that repeat
    #[arg(long, default_value_t = Limits::default().rounds)]
    rounds: u32,
    /// How many times faster than one file a minute the slow scenario goes
    #[arg(long, default_value_t = Limits::default().speed_up, value_parser = clap::value_parser!(u32).range(1..))]
    speed_up: u32,
}

#[derive(Subcommand)]
enum Command {
    /// Name the ways and the scenarios
    List {
        /// One object a line
        #[arg(long)]
        json: bool,
    },
    /// Try, as an ordinary user, what only root may do to Hygie; none must succeed
    AttackHygie(rights::Targets),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    match (cli.command, cli.attack, cli.arena) {
        (Some(Command::List { json }), _, _) => list(if json { Form::Json } else { Form::Text }),
        (Some(Command::AttackHygie(targets)), _, _) => attack_hygie(&targets),
        (None, Some(attack), Some(arena)) => {
            strike(attack, &arena, &cli.limits, cli.wait.then_some(Wait))
        }
        (None, _, _) => fail("a way needs --arena-fd and --nonce", WRONG_USAGE),
    }
}

#[derive(Clone, Copy)]
enum Form {
    Json,
    Text,
}

struct Wait;

/// What can be run.
#[derive(Clone, Copy)]
enum Attack {
    Way(&'static Way),
    Scenario(&'static Scenario),
}

impl Attack {
    fn name(self) -> &'static str {
        match self {
            Self::Way(way) => way.name,
            Self::Scenario(scenario) => scenario.name,
        }
    }

    fn needs(self) -> &'static [&'static str] {
        match self {
            Self::Way(_) => &[],
            Self::Scenario(scenario) => scenario.needs,
        }
    }

    /// Files with fewer bytes are left alone: an empty one has nothing to encrypt.
    fn least(self) -> u64 {
        match self {
            Self::Way(way) => way.least,
            Self::Scenario(_) => 1,
        }
    }

    fn strike(self, run: &Run<'_>) -> Result<(), Failure> {
        match self {
            Self::Way(way) => way.strike(run),
            Self::Scenario(scenario) => scenario.strike(run),
        }
    }
}

fn attack(name: &str) -> Result<Attack, String> {
    let way = ways::find(name).map(Attack::Way);
    way.or_else(|| scenarios::find(name).map(Attack::Scenario))
        .ok_or_else(|| "no such way; `hygie-attacks list` names them".to_owned())
}

fn list(form: Form) -> ExitCode {
    #[derive(serde::Serialize)]
    struct Line {
        schema: &'static str,
        family: &'static str,
        #[serde(flatten)]
        way: &'static Way,
    }
    #[derive(serde::Serialize)]
    struct ScenarioLine {
        schema: &'static str,
        family: &'static str,
        missing: Vec<&'static str>,
        #[serde(flatten)]
        scenario: &'static Scenario,
    }
    let report = Report::new(Box::new(std::io::stdout()));
    for (family, way) in ways::all() {
        match form {
            Form::Json => report.line(&Line {
                schema: "hygie.attack-way/1",
                family,
                way,
            }),
            Form::Text => report.text(&format!("{:26}{}", way.name, way.does)),
        }
    }
    for (family, scenario) in scenarios::all() {
        match form {
            Form::Json => report.line(&ScenarioLine {
                schema: "hygie.attack-scenario/1",
                family,
                missing: scenarios::missing(scenario.needs),
                scenario,
            }),
            Form::Text => report.text(&format!("{:26}{}", scenario.name, scenario.does)),
        }
    }
    ExitCode::SUCCESS
}

fn attack_hygie(targets: &rights::Targets) -> ExitCode {
    let report = Report::new(Box::new(std::io::stdout()));
    match rights::attack(targets, &report) {
        Ok(rights::Outcome::AllDenied) => ExitCode::SUCCESS,
        Ok(rights::Outcome::SomeSucceeded) => ExitCode::from(LOST),
        Err(why) => fail(why, WRONG_USAGE),
    }
}

fn strike(attack: Attack, args: &ArenaArgs, limits: &LimitArgs, wait: Option<Wait>) -> ExitCode {
    let LimitArgs {
        seed,
        threads,
        procs,
        rounds,
        speed_up,
    } = *limits;
    let limits = Limits {
        seed,
        threads,
        procs,
        rounds,
        speed_up,
    };
    let entered = inherited(args.arena_fd)
        .ok_or(Refusal::NotAFolder)
        .and_then(|root| Arena::enter(root, &args.nonce));
    let arena = match entered {
        Ok(arena) => arena,
        Err(refusal) => return fail(&refusal.to_string(), WRONG_USAGE),
    };
    let report = Report::new(Box::new(std::io::stdout()));
    let missing = scenarios::missing(attack.needs());
    if !missing.is_empty() {
        return absent(attack, &missing, &report);
    }
    let struck = Run::prepare(&arena, &report, limits, attack.least()).and_then(|run| {
        if let Some(Wait) = wait {
            run.wait_for_go()?;
        }
        attack.strike(&run)
    });
    if let Err(failure) = struck {
        report.failed(&format!("stopped: {}", failure.name()), 1);
    }
    report.end(attack.name());
    // A drill must not take an attack that touched nothing for one that was stopped in time.
    match attack {
        Attack::Scenario(_) if report.touched() == 0 => ExitCode::FAILURE,
        Attack::Scenario(_) | Attack::Way(_) => ExitCode::SUCCESS,
    }
}

/// Nothing was done, for want of a program.
fn absent(attack: Attack, missing: &[&'static str], report: &Report) -> ExitCode {
    #[derive(serde::Serialize)]
    struct Line<'a> {
        schema: &'static str,
        way: &'static str,
        missing: &'a [&'static str],
    }
    report.line(&Line {
        schema: "hygie.attack-absent/1",
        way: attack.name(),
        missing,
    });
    ExitCode::from(NOT_HERE)
}

/// The descriptor that the command line names, when it is an open folder and none of the standard streams.
#[expect(
    unsafe_code,
    reason = "a descriptor by its number, as the command line names it"
)]
fn inherited(number: RawFd) -> Option<OwnedFd> {
    let folder =
        std::fs::metadata(format!("/proc/self/fd/{number}")).is_ok_and(|found| found.is_dir());
    // SAFETY: it is open, and whoever started this program gave it to this program to use; nothing else here
    // has it yet.
    (number > 2 && folder).then(|| unsafe { OwnedFd::from_raw_fd(number) })
}

#[expect(clippy::print_stderr, reason = "the command line")]
fn fail(why: &str, code: u8) -> ExitCode {
    eprintln!("hygie-attacks: {why}");
    ExitCode::from(code)
}

const WRONG_USAGE: u8 = 2;
const NOT_HERE: u8 = 10;
const LOST: u8 = 20;
