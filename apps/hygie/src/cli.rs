//! The command line. Words and options are a contract (CONTRACTS.md).

use std::{net::SocketAddr, path::PathBuf};

use clap::{Args, Parser, Subcommand};
use hygie_text::Language;

/// Hygie keeps the data of a health practice safe.
#[derive(Debug, Parser)]
#[command(version, about, max_term_width = 100)]
pub(crate) struct Cli {
    /// Hygie's own folder on this device [default: /var/lib/hygie]
    #[arg(long, global = true, env = "HYGIE_STATE", value_name = "DIR")]
    pub(crate) state: Option<PathBuf>,
    /// Prints JSON, one object a line
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// fr or en [default: what the system speaks]
    #[arg(long, global = true, value_name = "LANG")]
    pub(crate) lang: Option<Language>,
    /// Answers yes to what would be asked
    #[arg(long, short = 'y', global = true)]
    pub(crate) yes: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Protects folders, and shows how they are until it is stopped
    Up(Up),
    /// Says whether the folders are protected
    Status,
    /// Tries what this machine can hold, and says what it cannot
    Doctor(Doctor),
    /// Lists the versions of a file
    Versions {
        /// The file
        file: PathBuf,
    },
    /// Gives a file or a folder back as it was
    Restore(Restore),
    /// Lists the programs that were stopped, or one in detail
    Incidents {
        /// The number of an incident
        incident: Option<u64>,
    },
    /// Puts back everything that a stopped program did
    Undo(Undo),
    /// Lets a stopped program go on
    Allow(Allow),
    /// Lists the passkeys that the guard trusts, or trusts one
    Keys {
        #[command(subcommand)]
        verb: Option<Keys>,
    },
    /// Rehearses an attack on made-up files, and shows what it comes to
    #[command(subcommand)]
    Drill(Drill),
    /// Says whether messages are traps: e-mails, mailbox files, or texts of SMS
    Check(Check),
    /// Looks after the store of versions
    #[command(subcommand)]
    Vault(Vault),
    /// Shows and verifies the journal
    #[command(subcommand)]
    Journal(Journal),
    /// Serves the console alone, for several devices
    Hub(Hub),
    /// Protects folders of a device that reports to a hub, or joins it to one
    Agent(Agent),
    #[command(hide = true)]
    Courier(Courier),
    #[command(hide = true)]
    ServeHub(ServeHub),
    #[command(hide = true)]
    Signer(Signer),
    #[command(hide = true)]
    Post(Post),
    #[command(hide = true)]
    Sandbox(Sandbox),
    #[command(hide = true)]
    SandboxWork,
    #[command(hide = true)]
    SandboxNurse,
    #[command(hide = true)]
    Guard(Handed),
    #[command(hide = true)]
    Witness(Handed),
    #[command(hide = true)]
    Notice {
        #[arg(long)]
        handed: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Up {
    /// The folders that hold patient data [default: those of the configuration]
    #[arg(value_name = "DOSSIER")]
    pub(crate) folders: Vec<PathBuf>,
    /// Ends once the first copies are done, in place of watching
    #[arg(long, hide = true)]
    pub(crate) once: bool,
    #[command(flatten)]
    pub(crate) listen: Listen,
    /// Protects without the console
    #[arg(long)]
    pub(crate) no_console: bool,
}

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Hub {
    #[command(subcommand)]
    pub(crate) verb: Option<HubVerb>,
    #[command(flatten)]
    pub(crate) listen: Listen,
    /// Makes a code with which a device of this name joins
    #[arg(long, value_name = "NAME")]
    pub(crate) invite: Option<String>,
}

/// What is done for the console from outside it.
#[derive(Debug, Subcommand)]
pub(crate) enum HubVerb {
    /// Lets a practitioner back in who lost everything: a code that serves once, on this device, for 30 minutes
    Recover {
        /// The name that she signs in with
        login: String,
    },
}

#[derive(Clone, Debug, Args)]
pub(crate) struct Listen {
    /// Where browsers find the console
    #[arg(long, value_name = "ADDR", default_value = LISTEN)]
    pub(crate) listen: SocketAddr,
    /// Where other devices report
    #[arg(long, value_name = "ADDR", default_value = DEVICES)]
    pub(crate) devices: SocketAddr,
}

impl Default for Listen {
    fn default() -> Self {
        let here = |port| SocketAddr::from(([127, 0, 0, 1], port));
        Self {
            listen: here(8443),
            devices: here(8444),
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct Agent {
    /// The folders that hold patient data [default: those of the configuration]
    #[arg(value_name = "DOSSIER", conflicts_with = "enrol")]
    pub(crate) folders: Vec<PathBuf>,
    /// Joins this device to a hub, with the code that the hub's page shows
    #[arg(long, value_name = "CODE")]
    pub(crate) enrol: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Courier {
    #[arg(long)]
    pub(crate) dir: PathBuf,
    #[arg(long)]
    pub(crate) guard: PathBuf,
    /// Joins a hub with the code that comes in, and ends
    #[arg(long)]
    pub(crate) enrol: bool,
    /// After so many hundredths of its certificate's life it gets a new one
    #[arg(long, default_value_t = 50)]
    pub(crate) renew_at: u8,
}

#[derive(Debug, Args)]
pub(crate) struct ServeHub {
    #[arg(long)]
    pub(crate) dir: PathBuf,
    #[arg(long)]
    pub(crate) guard: PathBuf,
    #[arg(long)]
    pub(crate) signer: PathBuf,
    #[arg(long)]
    pub(crate) post: PathBuf,
    #[arg(long)]
    pub(crate) listen: SocketAddr,
    #[arg(long)]
    pub(crate) devices: SocketAddr,
    #[arg(long)]
    pub(crate) invite: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Signer {
    #[arg(long)]
    pub(crate) dir: PathBuf,
    #[arg(long)]
    pub(crate) socket: PathBuf,
    #[arg(long)]
    pub(crate) hub: u32,
}

#[derive(Debug, Args)]
pub(crate) struct Post {
    #[arg(long)]
    pub(crate) dir: PathBuf,
    #[arg(long)]
    pub(crate) socket: PathBuf,
    #[arg(long)]
    pub(crate) hub: u32,
}

#[derive(Debug, Args)]
pub(crate) struct Sandbox {
    #[arg(long)]
    pub(crate) socket: PathBuf,
    #[arg(long)]
    pub(crate) asker: u32,
}

#[derive(Debug, Args)]
pub(crate) struct Doctor {
    /// The folder whose file system is tried [default: Hygie's own]
    pub(crate) folder: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Restore {
    /// The file or folder
    pub(crate) path: PathBuf,
    /// The moment, as 2026-11-24 08:12, 08:12, RFC 3339, or as long ago as "10 min"
    #[arg(long, value_name = "TIME")]
    pub(crate) at: Option<String>,
    /// The number of a version, as `hygie versions` lists it
    #[arg(long, value_name = "NUMBER", conflicts_with = "at")]
    pub(crate) version: Option<i64>,
    /// Where to, instead of where it was
    #[arg(long, value_name = "PATH")]
    pub(crate) to: Option<PathBuf>,
    /// Shows what would be done and does nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Undo {
    /// The number of the incident, as `hygie incidents` lists it
    #[arg(required_unless_present = "all", conflicts_with = "all")]
    pub(crate) incident: Option<u64>,
    /// All that wait for a decision
    #[arg(long, conflicts_with = "redo")]
    pub(crate) all: bool,
    /// Shows what would be done and does nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Takes an undo back
    #[arg(long, conflicts_with = "dry_run")]
    pub(crate) redo: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Allow {
    /// The number of the incident, as `hygie incidents` lists it
    pub(crate) incident: u64,
    /// For how long, such as "8 h" [default: 30 days]
    #[arg(long = "for", value_name = "DURATION", conflicts_with = "revoke")]
    pub(crate) duration: Option<String>,
    /// Takes it back
    #[arg(long)]
    pub(crate) revoke: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Keys {
    /// Trusts a passkey: its owner can then let a stopped program go on
    Trust {
        /// Its number, as `hygie keys` lists it
        number: u64,
    },
    /// Trusts a passkey no more, or forgets one that was handed in
    Distrust {
        /// Its number, as `hygie keys` lists it
        number: u64,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Drill {
    /// Lets simulated ransomware loose on made-up files, under a guard of its own
    Ransomware(Ransomware),
}

#[derive(Debug, Args)]
pub(crate) struct Ransomware {
    /// A handful of typical attacks: what is done unless something else is asked for
    #[arg(long, conflicts_with_all = ["all", "scenario"])]
    pub(crate) quick: bool,
    /// Every simulated attack, in some minutes
    #[arg(long, conflicts_with = "scenario")]
    pub(crate) all: bool,
    /// One attack; may be given several times
    #[arg(long, value_name = "NAME", value_parser = scenario())]
    pub(crate) scenario: Vec<String>,
    /// Where the practice disk is made [default: Hygie's own folder]
    #[arg(long, value_name = "DIR")]
    pub(crate) at: Option<PathBuf>,
    /// Keeps the practice files, as they came back
    #[arg(long)]
    pub(crate) keep: bool,
}

#[cfg(target_os = "linux")]
fn scenario() -> clap::builder::PossibleValuesParser {
    crate::commands::drill::tries::names()
        .collect::<Vec<_>>()
        .into()
}

#[cfg(not(target_os = "linux"))]
fn scenario() -> clap::builder::StringValueParser {
    clap::builder::StringValueParser::new()
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    /// E-mails (.eml, .msg), mailbox files (mbox), folders of these, or - for what comes in
    #[arg(value_name = "FILE", required = true)]
    pub(crate) what: Vec<PathBuf>,
    /// Texts of SMS, in place of e-mails
    #[arg(long, conflicts_with = "learn")]
    pub(crate) sms: bool,
    /// The number or name that the telephone shows
    #[arg(long, value_name = "WHO", requires = "sms")]
    pub(crate) sender: Option<String>,
    /// Remembers on this device who writes to the practice and whom it answers, in place of judging
    #[arg(long)]
    pub(crate) learn: bool,
    /// An address or a domain of the practice's own; may be given several times, and is remembered
    #[arg(long, value_name = "ADDRESS", requires = "learn")]
    pub(crate) own: Vec<String>,
    /// A mail server of the practice's own, as it signs what it found (Authentication-Results); may be given several times, and
    /// is remembered with --learn
    #[arg(long, value_name = "SERVER", conflicts_with = "sms")]
    pub(crate) trusted_server: Vec<String>,
    /// Asks nobody on the network whether a signed mail is from whom it says
    #[arg(long)]
    pub(crate) offline: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Vault {
    /// Reads every version back
    Check,
    /// Takes a file out of the versions for good
    Forget {
        /// The file
        file: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Journal {
    /// Prints the journal
    Show,
    /// Verifies that nothing in it was changed
    Verify,
}

#[derive(Debug, Args)]
pub(crate) struct Handed {
    #[arg(long)]
    pub(crate) handed: String,
    #[arg(long)]
    pub(crate) orders: String,
}

/// The console's port (CONTRACTS.md), on loopback unless set otherwise.
const LISTEN: &str = "127.0.0.1:8443";
/// The devices', likewise.
const DEVICES: &str = "127.0.0.1:8444";
