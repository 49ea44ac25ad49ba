//! The command line of the simulators: `hygie-attacks WAY --arena-fd N --nonce HEX`, `list`, `attack-hygie`.

use std::os::fd::{FromRawFd, OwnedFd, RawFd};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use hygie_attacks::{Arena, Limits, Nonce, Refusal, Report, Run, Way, rights, ways};

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
    /// One of the ways that `list` names
    #[arg(required = true, value_parser = way)]
    way: Option<&'static Way>,
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
}

#[derive(Subcommand)]
enum Command {
    /// Name the ways
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
    match (cli.command, cli.way, cli.arena) {
        (Some(Command::List { json }), _, _) => list(if json { Form::Json } else { Form::Text }),
        (Some(Command::AttackHygie(targets)), _, _) => attack_hygie(&targets),
        (None, Some(way), Some(arena)) => {
            strike(way, &arena, &cli.limits, cli.wait.then_some(Wait))
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

fn way(name: &str) -> Result<&'static Way, String> {
    ways::find(name).ok_or_else(|| "no such way; `hygie-attacks list` names them".to_owned())
}

fn list(form: Form) -> ExitCode {
    #[derive(serde::Serialize)]
    struct Line {
        schema: &'static str,
        family: &'static str,
        #[serde(flatten)]
        way: &'static Way,
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

fn strike(way: &Way, args: &ArenaArgs, limits: &LimitArgs, wait: Option<Wait>) -> ExitCode {
    let LimitArgs {
        seed,
        threads,
        procs,
        rounds,
    } = *limits;
    let limits = Limits {
        seed,
        threads,
        procs,
        rounds,
    };
    let entered = inherited(args.arena_fd)
        .ok_or(Refusal::NotAFolder)
        .and_then(|root| Arena::enter(root, &args.nonce));
    let arena = match entered {
        Ok(arena) => arena,
        Err(refusal) => return fail(&refusal.to_string(), WRONG_USAGE),
    };
    let report = Report::new(Box::new(std::io::stdout()));
    let struck = Run::prepare(&arena, &report, limits, way.least).and_then(|run| {
        if let Some(Wait) = wait {
            run.wait_for_go()?;
        }
        way.strike(&run)
    });
    if let Err(failure) = struck {
        report.failed(&format!("stopped: {}", failure.name()), 1);
    }
    report.end(way.name);
    ExitCode::SUCCESS
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
const LOST: u8 = 20;
