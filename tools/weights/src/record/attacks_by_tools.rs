//! Attacks through programs that are honest by themselves: shells, gpg, openssl, zip, a packaged tool.
//! The tools are the real ones of this machine.

use std::path::{Path, PathBuf};

use anyhow::Result;
use hygie_guard::harm::{Birth, Class, ProcessId};

use super::{Scenario, cipher::encrypt, harmful, stage::Stage};

pub(super) const SCENARIOS: &[Scenario] = &[
    harmful(
        "shell-gpg",
        "a shell script runs gpg on each file, then rm",
        |stage| {
            script(stage, |stage, shell, path| {
                let out = beside(path, "gpg");
                child(stage, shell, GPG, Class::Archiver);
                gpg(stage, path, &out)?;
                child(stage, shell, RM, Class::Packaged);
                stage.remove(path)
            })
        },
    ),
    harmful(
        "shell-openssl",
        "a shell script runs openssl on each file, then mv over it",
        |stage| {
            script(stage, |stage, shell, path| {
                let out = beside(path, "tmp");
                child(stage, shell, OPENSSL, Class::Archiver);
                openssl(stage, path, &out)?;
                child(stage, shell, MV, Class::Packaged);
                stage.rename(&out, path)
            })
        },
    ),
    harmful(
        "typed-gpg",
        "gpg on each file and rm, each a family of its own, as typed in a loop",
        |stage| {
            script(stage, |stage, _, path| {
                let out = beside(path, "gpg");
                stage.run_as(GPG, Class::Archiver);
                gpg(stage, path, &out)?;
                stage.run_as(RM, Class::Packaged);
                stage.remove(path)
            })
        },
    ),
    harmful(
        "python-in-place",
        "a Python script encrypts in place",
        |stage| {
            stage.start(PYTHON, Class::Interpreter, Some(77), Birth::Root);
            in_place(stage)
        },
    ),
    harmful(
        "python-detached",
        "a Python process for each file, detached, same script",
        |stage| {
            let paths: Vec<PathBuf> = stage.paths().into_iter().take(LENGTH).collect();
            for path in paths {
                stage.start(PYTHON, Class::Interpreter, Some(77), Birth::Root);
                encrypt_one(stage, &path)?;
            }
            Ok(())
        },
    ),
    harmful(
        "python-no-script",
        "a Python process for each file, detached, code on its command line",
        |stage| {
            let paths: Vec<PathBuf> = stage.paths().into_iter().take(LENGTH).collect();
            for path in paths {
                stage.start(PYTHON, Class::Interpreter, None, Birth::Root);
                encrypt_one(stage, &path)?;
            }
            Ok(())
        },
    ),
    harmful(
        "trusted-program",
        "a packaged program was taken over and encrypts in place",
        |stage| {
            stage.run_as(50, Class::Packaged);
            in_place(stage)
        },
    ),
    harmful(
        "find-exec-gpg",
        "find runs gpg on each file, then find deletes",
        |stage| {
            let paths: Vec<PathBuf> = stage.paths().into_iter().take(LENGTH).collect();
            let find = stage.start(51, Class::Interpreter, None, Birth::Root);
            for path in &paths {
                child(stage, find, GPG, Class::Archiver);
                gpg(stage, path, &beside(path, "gpg"))?;
            }
            let find = stage.start(51, Class::Interpreter, None, Birth::Child(find));
            stage.act_as(find);
            paths.iter().try_for_each(|path| stage.remove(path))
        },
    ),
    harmful(
        "zip-each",
        "a shell script packs each file with a password and deletes it",
        |stage| {
            script(stage, |stage, shell, path| {
                let out = beside(path, "zip");
                child(stage, shell, ZIP, Class::Archiver);
                stage.tool(
                    "zip",
                    &["-q", "-m", "-P", "secret", &text(&out), &text(path)],
                )
            })
        },
    ),
    harmful(
        "zip-all",
        "packs everything with a password into one archive and deletes it",
        |stage| {
            let shell = stage.start(SH, Class::Interpreter, Some(78), Birth::Root);
            child(stage, shell, ZIP, Class::Archiver);
            read_all(stage)?;
            stage.tool("zip", &["-q", "-r", "-m", "-P", "secret", "tout.zip", "."])
        },
    ),
    harmful(
        "tar-gpg-all",
        "tar into gpg, then rm of everything",
        |stage| {
            let shell = stage.start(SH, Class::Interpreter, Some(79), Birth::Root);
            child(stage, shell, GPG, Class::Archiver);
            stage.tool("sh", &["-c", "tar c Patients Courriers Imagerie Comptabilite | openssl enc -aes-256-ctr -pbkdf2 -pass pass:x -out all.bin"])?;
            child(stage, shell, RM, Class::Packaged);
            stage.tool(
                "rm",
                &["-r", "Patients", "Courriers", "Imagerie", "Comptabilite"],
            )
        },
    ),
];

fn script(
    stage: &mut Stage,
    mut act: impl FnMut(&mut Stage, ProcessId, &Path) -> Result<()>,
) -> Result<()> {
    let shell = stage.start(SH, Class::Interpreter, Some(76), Birth::Root);
    for path in stage.paths() {
        act(stage, shell, &path)?;
        stage.wait(20);
        if stage.touched() >= LENGTH {
            break;
        }
    }
    Ok(())
}

fn child(stage: &mut Stage, parent: ProcessId, program: u128, class: Class) {
    let id = stage.start(program, class, None, Birth::Child(parent));
    stage.act_as(id);
}

fn read_all(stage: &mut Stage) -> Result<()> {
    stage
        .paths()
        .iter()
        .try_for_each(|path| stage.read(path).map(drop))
}

fn gpg(stage: &mut Stage, from: &Path, to: &Path) -> Result<()> {
    stage.read(from)?;
    super::honest_tools::gpg(stage, from, to)
}

fn openssl(stage: &mut Stage, from: &Path, to: &Path) -> Result<()> {
    stage.read(from)?;
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
            &text(from),
            "-out",
            &text(to),
        ],
    )
}

fn in_place(stage: &mut Stage) -> Result<()> {
    let paths: Vec<PathBuf> = stage.paths().into_iter().take(LENGTH).collect();
    paths.iter().try_for_each(|path| encrypt_one(stage, path))
}

fn encrypt_one(stage: &mut Stage, path: &Path) -> Result<()> {
    let mut bytes = stage.read(path)?;
    encrypt(&mut bytes, 3);
    stage.wait(30);
    stage.write(path, &bytes)
}

fn beside(path: &Path, extension: &str) -> PathBuf {
    PathBuf::from(format!("{}.{extension}", path.display()))
}

fn text(path: &Path) -> String {
    path.display().to_string()
}

const SH: u128 = 1;
const GPG: u128 = 2;
const OPENSSL: u128 = 3;
const RM: u128 = 4;
const MV: u128 = 5;
const PYTHON: u128 = 6;
const ZIP: u128 = 7;
const LENGTH: usize = 60;
