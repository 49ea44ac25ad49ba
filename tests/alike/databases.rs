//! Databases at work, mirrors, backups and what is restored from them.

use anyhow::Result;
use hygie_testkit::Job;

use crate::desk::Desk;
use crate::table::Alike;
use crate::usual;

pub(crate) const ROWS: &[Alike] = &[
    Alike::new("SQLite, VACUUM", &["sqlite3"], sqlite),
    Alike::new(
        "PostgreSQL, VACUUM FULL",
        &["initdb", "pg_ctl", "pgbench", "psql"],
        postgres,
    ),
    Alike::new("rsync mirror and --delete", &["rsync"], mirror),
    Alike::new("restic backup and restore", &["restic"], restic),
    Alike::new("borg backup and restore", &["borg"], borg),
    Alike::new("gocryptfs", &["gocryptfs", "fusermount3"], gocryptfs),
];

/// The practice's own database, and one that keeps letters in its pages.
pub(crate) fn sqlite(desk: &mut Desk) -> Result<()> {
    for path in desk
        .files(".db", 1)?
        .into_iter()
        .chain(["lettres.db".into()])
    {
        for statement in [
            "create table t(id integer primary key, a text, b blob);",
            "with recursive n(i) as (select 1 union all select i+1 from n where i<2000) \
             insert into t(a,b) select 'consultation '||i, randomblob(800) from n;",
            "update t set b=randomblob(3000) where id%7=0;",
            "delete from t where id%3=0;",
            "vacuum;",
            "pragma journal_mode=wal; update t set a=a||' revu' where id%2=0;",
            "drop table t; vacuum;",
        ] {
            let job = Job::new("sqlite3", &desk.folder())
                .word(&path)
                .word(statement);
            desk.runs(job)?;
        }
    }
    Ok(())
}

/// The cluster lies in a protected folder and belongs to the service's user.
fn postgres(desk: &mut Desk) -> Result<()> {
    let service = service("postgres").unwrap_or(4322);
    let folder = desk.folder().join("Logiciel");
    let root = |line: &str| Job::new(line, &folder).as_user(0);
    desk.types("mkdir Logiciel")?;
    desk.runs(root(&format!("install -d -o {service} -m 700 base socket")))?;
    let job = |line: &str| Job::new(line, &folder).as_user(service);
    let socket = folder.join("socket");
    let socket = socket.display();
    let url = format!("host={socket} user=medecin dbname=postgres");
    desk.runs(job("initdb -U medecin -A trust --no-sync base"))?;
    let options = format!("-c listen_addresses='' -c unix_socket_directories={socket}");
    let start = job("pg_ctl -D base -w -s start -l socket/journal.log -o");
    desk.runs(start.word(options))?;
    desk.runs(job("pgbench -q -i -s 2").word(&url))?;
    desk.runs(job("pgbench -c 2 -T 5").word(&url))?;
    for statement in [
        "create table lettre as select i, repeat(md5(i::text), 60) as texte from generate_series(1,4000) i",
        "update lettre set texte = repeat(md5(random()::text), 60) where i % 3 = 0",
        "delete from lettre where i % 5 = 0",
        "vacuum full",
        "reindex database postgres",
        "drop table lettre",
    ] {
        desk.runs(job("psql -q -c").word(statement).word(&url))?;
    }
    desk.runs(job("pg_ctl -D base -w -s -m fast stop"))?;
    Ok(())
}

/// The number of a user of the machine's services.
fn service(name: &str) -> Option<u32> {
    let users = std::fs::read_to_string("/etc/passwd").ok()?;
    let line = users
        .lines()
        .find(|line| line.split(':').next() == Some(name))?;
    line.split(':').nth(2)?.parse().ok()
}

fn mirror(desk: &mut Desk) -> Result<()> {
    desk.types("mkdir Miroir")?;
    desk.types("rsync -a Patients Courriers Imagerie Miroir")?;
    usual::sed_all(desk)?;
    desk.types("rm -r Imagerie")?;
    let letters = desk.files(".docx", 10)?;
    desk.types_with("rm", &letters)?;
    desk.types("rsync -a --delete Patients Courriers Miroir")?;
    desk.types("rsync -a --delete Miroir/Patients/ Patients-rendus/")?;
    // What is gone in the mirror's own source goes there too.
    desk.types("rsync -a --delete Courriers/ Miroir/")
}

fn restic(desk: &mut Desk) -> Result<()> {
    let restic = "export RESTIC_PASSWORD=cabinet RESTIC_REPOSITORY=depot-restic; exec restic -q";
    backup(
        desk,
        restic,
        &["init", "backup Patients Courriers Imagerie"],
        &[
            "backup Patients Courriers",
            "forget --keep-last 1 --group-by host --prune",
            "restore latest --target .",
            "check",
        ],
    )
}

fn borg(desk: &mut Desk) -> Result<()> {
    let borg = "export BORG_PASSPHRASE=cabinet BORG_RELOCATED_REPO_ACCESS_IS_OK=yes; exec borg";
    backup(
        desk,
        borg,
        &[
            "init -e repokey depot-borg",
            "create depot-borg::lundi Patients Courriers Imagerie",
        ],
        &[
            "create depot-borg::mardi Patients Courriers",
            "extract depot-borg::lundi",
            "delete depot-borg::lundi",
            "compact depot-borg",
        ],
    )
}

/// A repository in the protected folder: some steps, a day's work, more steps.
fn backup(desk: &mut Desk, program: &str, first: &[&str], later: &[&str]) -> Result<()> {
    for line in first {
        desk.script(&format!("{program} {line}"))?;
    }
    usual::sed_all(desk)?;
    desk.types("rm -r Imagerie")?;
    for line in later {
        desk.script(&format!("{program} {line}"))?;
    }
    Ok(())
}

/// Letters are copied into an encrypted folder, worked on there, some deleted; the encrypted side is protected. It is
/// mounted by root, because not every machine lets others.
fn gocryptfs(desk: &mut Desk) -> Result<()> {
    let folder = desk.folder();
    let (plain, cipher) = (desk.home().join("clair"), folder.join("coffre"));
    let root = |line: &str, word: &std::path::Path| Job::new(line, &folder).as_user(0).word(word);
    desk.runs(root("mkdir", &plain))?;
    desk.runs(root("mkdir", &cipher))?;
    // The root of what is mounted is the encrypted folder itself.
    desk.runs(root("chmod 777", &cipher))?;
    desk.runs(root(
        "gocryptfs -q -init -scryptn 10 -extpass echo -extpass cabinet",
        &cipher,
    ))?;
    let line = "gocryptfs -q -allow_other -force_owner 4321:4321 -extpass echo -extpass cabinet";
    desk.runs(root(line, &cipher).word(&plain))?;
    let letters = desk.files(".docx", 30)?;
    let work = (|| {
        desk.runs(Job::new("cp -t", &folder).word(&plain).words(&letters))?;
        let script = "for f in *; do cp \"$f\" copie && mv copie \"$f\"; done; ls | head -8 | tr '\\n' '\\0' | xargs -0 rm";
        desk.runs(Job::new("sh -e -c", &plain).word(script))
    })();
    desk.runs(root("fusermount3 -u", &plain))?;
    work
}
