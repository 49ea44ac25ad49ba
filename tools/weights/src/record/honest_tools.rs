//! Honest work with the real tools of this machine: zip, tar, gpg, git, sqlite3, rsync, gzip.

use std::path::{Path, PathBuf};

use anyhow::Result;
use hygie_guard::harm::{Birth, Class};

use super::{Scenario, cipher::Chance, files, honest, stage::Stage};

pub(super) const SCENARIOS: &[Scenario] = &[
    honest(
        "zip-password",
        "all letters into one archive with a password",
        |stage| {
            stage.run_as(7, Class::Archiver);
            read_all(stage)?;
            stage.tool(
                "zip",
                &[
                    "-q",
                    "-r",
                    "-P",
                    "secret",
                    "Divers/lettres.zip",
                    "Patients",
                    "Courriers",
                ],
            )
        },
    ),
    honest(
        "zip-password-moved",
        "twelve files are moved into an archive with a password",
        |stage| {
            stage.run_as(7, Class::Archiver);
            let folder = stage.root().join("Patients");
            let mut arguments = vec![
                "-q".to_owned(),
                "-m".to_owned(),
                "-P".to_owned(),
                "secret".to_owned(),
                "Patients/dossiers.zip".to_owned(),
            ];
            let some = stage
                .paths()
                .into_iter()
                .filter(|path| path.starts_with(&folder))
                .take(12);
            arguments.extend(some.map(|path| path.display().to_string()));
            let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
            stage.tool("zip", &arguments)
        },
    ),
    honest("tar-gz", "everything into one archive", |stage| {
        stage.run_as(8, Class::Archiver);
        read_all(stage)?;
        stage.tool(
            "tar",
            &[
                "czf",
                "Divers/tout.tgz",
                "Patients",
                "Courriers",
                "Imagerie",
            ],
        )
    }),
    honest(
        "gpg-few",
        "six letters are encrypted beside the originals",
        gpg_few,
    ),
    honest(
        "gpg-three-and-rm",
        "three letters are encrypted, their originals deleted",
        |stage| {
            let shell = stage.start(1, Class::Interpreter, Some(44), Birth::Root);
            for path in stage.paths_of(&["odt"]).into_iter().take(3) {
                let id = stage.start(2, Class::Archiver, None, Birth::Child(shell));
                stage.act_as(id);
                gpg(
                    stage,
                    &path,
                    &PathBuf::from(format!("{}.gpg", path.display())),
                )?;
                let id = stage.start(4, Class::Packaged, None, Birth::Child(shell));
                stage.act_as(id);
                stage.remove(&path)?;
                stage.wait(20_000);
            }
            Ok(())
        },
    ),
    honest(
        "gzip-logs",
        "all tables and texts become .gz, as after a year",
        |stage| {
            stage.run_as(9, Class::Archiver);
            stage.tool(
                "sh",
                &[
                    "-c",
                    "find . \\( -name '*.csv' -o -name '*.txt' \\) -exec gzip {} +",
                ],
            )
        },
    ),
    honest(
        "git-work",
        "commits, checkouts between branches, gc",
        git_work,
    ),
    honest(
        "sqlite-work",
        "a database is filled, changed and vacuumed; letters are kept in it",
        |stage| {
            stage.run_as(10, Class::Packaged);
            sqlite(stage, "Divers/cabinet.sqlite")
        },
    ),
    honest(
        "sqlite-many",
        "twenty databases of an own program are changed and vacuumed",
        |stage| {
            for number in 0..20 {
                sqlite(stage, &format!("Divers/bases/b{number}.db"))?;
            }
            stage.forget_making()?;
            stage.run_as(806, Class::Unknown);
            for number in 0..20 {
                stage.tool("sqlite3", &[&format!("Divers/bases/b{number}.db"), "insert into t(a,b) select a||'x', randomblob(3000) from t limit 30; update t set b=randomblob(2500) where id%5=0; vacuum;"])?;
            }
            Ok(())
        },
    ),
    honest(
        "postgres-like",
        "pages of tables are rewritten in place, logs come and go",
        postgres,
    ),
    honest(
        "rsync-mirror",
        "a mirror is made, then brought up to date, deleting what is gone",
        |stage| {
            stage.run_as(11, Class::Packaged);
            read_all(stage)?;
            stage.tool("rsync", &["-a", "Patients/", "Divers/miroir/"])?;
            let mut chance = Chance::new(60);
            let gone: Vec<PathBuf> = stage
                .paths()
                .into_iter()
                .filter(|path| path.to_string_lossy().contains("/Patients/"))
                .collect();
            for (number, path) in gone.iter().enumerate() {
                match (number % 3, path.extension().and_then(|one| one.to_str())) {
                    (0, _) => std::fs::remove_file(path)?,
                    (_, Some("txt" | "csv" | "eml")) => {
                        std::fs::write(path, files::prose(&mut chance, 100))?
                    }
                    (_, Some("odt" | "docx" | "xlsx")) => {
                        std::fs::write(path, files::office(&mut chance, 400, true))?
                    }
                    _ => {}
                }
            }
            stage.look_away()?;
            stage.run_as(11, Class::Packaged);
            stage.tool("rsync", &["-a", "--delete", "Patients/", "Divers/miroir/"])
        },
    ),
    honest(
        "working-day",
        "letters, photos, mails, a few encrypted files, tidying up: all in one session",
        |stage| {
            super::honest_edits::office_saves(stage)?;
            super::honest::mail_folder(stage)?;
            gpg_few(stage)?;
            log_rotate(stage)?;
            super::honest::photo_import(stage)?;
            super::honest::delete_some(stage, "/Comptabilite/")
        },
    ),
    honest(
        "log-rotate",
        "logs are renamed, packed and the oldest deleted",
        log_rotate,
    ),
    honest(
        "openssl-few",
        "five exports are encrypted beside the originals",
        |stage| {
            stage.start(1, Class::Interpreter, Some(45), Birth::Root);
            for path in stage.paths_of(&["csv"]).into_iter().take(5) {
                let (from, to) = (
                    path.display().to_string(),
                    format!("{}.enc", path.display()),
                );
                stage.read(&path)?;
                stage.tool(
                    "openssl",
                    &[
                        "enc",
                        "-aes-256-ctr",
                        "-pbkdf2",
                        "-iter",
                        "10",
                        "-pass",
                        "pass:x",
                        "-in",
                        &from,
                        "-out",
                        &to,
                    ],
                )?;
            }
            Ok(())
        },
    ),
];

/// Symmetric encryption by the real gpg, with a key ring of the stage's own.
pub(super) fn gpg(stage: &mut Stage, from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(stage.root().join(".home"))?;
    let (from, to) = (from.display().to_string(), to.display().to_string());
    let options = [
        "--batch",
        "--yes",
        "--quiet",
        "--no-permission-warning",
        "--pinentry-mode",
        "loopback",
        "--passphrase",
        "x",
        "--s2k-mode",
        "0",
        "-c",
        "-o",
        &to,
        &from,
    ];
    stage.tool("gpg", &options)
}

fn gpg_few(stage: &mut Stage) -> Result<()> {
    for path in stage.paths_of(&["odt", "pdf"]).into_iter().take(6) {
        stage.run_as(2, Class::Archiver);
        stage.read(&path)?;
        gpg(
            stage,
            &path,
            &PathBuf::from(format!("{}.gpg", path.display())),
        )?;
        stage.wait(20_000);
    }
    Ok(())
}

fn read_all(stage: &mut Stage) -> Result<()> {
    stage
        .paths()
        .iter()
        .try_for_each(|path| stage.read(path).map(drop))
}

fn git_work(stage: &mut Stage) -> Result<()> {
    let mut chance = Chance::new(61);
    for number in 0..40 {
        let text = files::prose(&mut chance, 150);
        stage.write(
            &stage
                .root()
                .join(format!("Divers/depot/d{}/source{number}.rs", number % 6)),
            text.as_bytes(),
        )?;
    }
    stage.forget_making()?;
    stage.run_as(12, Class::Packaged);
    let git = |stage: &mut Stage, arguments: &[&str]| {
        let config = [
            "-C",
            "Divers/depot",
            "-c",
            "user.name=e",
            "-c",
            "user.email=e@cabinet.example",
            "-c",
            "gc.auto=0",
        ];
        stage.tool("git", &[&config[..], arguments].concat())
    };
    git(stage, &["init", "-q", "-b", "main"])?;
    git(stage, &["add", "."])?;
    git(stage, &["commit", "-q", "-m", "one"])?;
    git(stage, &["checkout", "-q", "-b", "other"])?;
    git(stage, &["rm", "-q", "-r", "d0", "d1"])?;
    stage.tool(
        "sh",
        &["-c", "sed -i 's/patient/malade/' Divers/depot/d2/*"],
    )?;
    git(stage, &["commit", "-q", "-a", "-m", "two"])?;
    git(stage, &["checkout", "-q", "main"])?;
    git(stage, &["checkout", "-q", "other"])?;
    git(stage, &["gc", "-q", "--prune=now"])
}

fn sqlite(stage: &mut Stage, path: &str) -> Result<()> {
    if let Some(folder) = Path::new(path).parent() {
        std::fs::create_dir_all(stage.root().join(folder))?;
    }
    for statement in [
        "create table t(id integer primary key, a text, b blob);",
        "with recursive n(i) as (select 1 union all select i+1 from n where i<300) insert into t(a,b) select 'consultation du jour '||i, randomblob(200) from n;",
        "update t set b=randomblob(3000) where id%7=0;",
        "delete from t where id%3=0;",
        "vacuum;",
        "update t set a=a||' revu' where id%2=0;",
    ] {
        stage.tool("sqlite3", &[path, statement])?;
        stage.wait(1000);
    }
    Ok(())
}

fn postgres(stage: &mut Stage) -> Result<()> {
    let mut chance = Chance::new(62);
    let page = |chance: &mut Chance| {
        let mut page = vec![
            0, 0, 0, 0, 0x28, 0x5a, 0x7d, 1, 0, 0, 0, 0, 0x40, 0, 0x80, 0x1f, 0, 0x20, 4, 0x20,
        ];
        page.resize(3000, 0);
        page.extend(files::prose(chance, 600).into_bytes());
        page.resize(8192, 0);
        page
    };
    let path =
        |root: &Path, number: usize| root.join(format!("Divers/pg/base/16384/{}", 16_400 + number));
    for number in 0..30 {
        let table: Vec<u8> = (0..8).flat_map(|_| page(&mut chance)).collect();
        stage.write(&path(&stage.root(), number), &table)?;
    }
    stage.look_away()?;
    stage.run_as(13, Class::Packaged);
    for number in 0..90 {
        let to = path(&stage.root(), number % 30);
        let mut table = std::fs::read(&to)?;
        let from = chance.below(8) * 8192;
        table[from..from + 8192].copy_from_slice(&page(&mut chance));
        // Values too long for a page are packed.
        if number % 4 == 0 {
            let toast = miniz_oxide::deflate::compress_to_vec(
                files::prose(&mut chance, 3000).as_bytes(),
                9,
            );
            let len = toast.len().min(6000);
            table[from + 1000..from + 1000 + len].copy_from_slice(&toast[..len]);
        }
        stage.write(&to, &table)?;
        let log = stage.root().join(format!(
            "Divers/pg/pg_wal/0000000100000000000000{:02X}",
            number % 6
        ));
        stage.write(&log, &page(&mut chance).repeat(2))?;
        stage.wait(400);
    }
    Ok(())
}

fn log_rotate(stage: &mut Stage) -> Result<()> {
    let mut chance = Chance::new(63);
    let folder = stage.root().join("Divers/log");
    for service in 0..12 {
        for age in 0..5 {
            let name = if age == 0 {
                format!("s{service}.log")
            } else {
                format!("s{service}.log.{age}")
            };
            stage.write(&folder.join(name), files::table(&mut chance, 60).as_bytes())?;
        }
    }
    stage.look_away()?;
    stage.run_as(14, Class::Packaged);
    for service in 0..12 {
        stage.remove(&folder.join(format!("s{service}.log.4")))?;
        for age in (1..4).rev() {
            stage.rename(
                &folder.join(format!("s{service}.log.{age}")),
                &folder.join(format!("s{service}.log.{}", age + 1)),
            )?;
        }
        let (now, next) = (
            folder.join(format!("s{service}.log")),
            folder.join(format!("s{service}.log.1")),
        );
        if service % 2 == 0 {
            stage.rename(&now, &next)?;
            stage.write(&now, b"")?;
        } else {
            let text = stage.read(&now)?;
            stage.write(&next, &text)?;
            stage.write(&now, b"")?;
        }
    }
    Ok(())
}
