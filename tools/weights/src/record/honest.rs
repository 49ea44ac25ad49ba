//! Honest programs that read, add, move and delete.

use std::path::PathBuf;

use anyhow::Result;
use hygie_guard::harm::{Birth, Class};

use super::{
    Scenario,
    cipher::{Chance, encrypt},
    files, honest,
    stage::Stage,
};

pub(super) const SCENARIOS: &[Scenario] = &[
    honest(
        "index-all",
        "a search index, an antivirus, grep: reads everything",
        |stage| {
            stage.run_as(20, Class::Packaged);
            stage
                .paths()
                .iter()
                .try_for_each(|path| stage.read(path).map(drop))
        },
    ),
    honest(
        "photo-import",
        "200 photos are copied in, some renamed by date",
        photo_import,
    ),
    honest(
        "restic-backup",
        "a repository of sealed packs; a day later some are pruned",
        |stage| repository(stage, 1_048_576 / 16),
    ),
    honest(
        "borg-backup",
        "a repository of few large segments, older ones compacted",
        |stage| repository(stage, 300_000),
    ),
    honest(
        "restore-backup",
        "a backup is restored over everything: same names, older contents",
        restore,
    ),
    honest(
        "password-vault",
        "a password manager saves its vault 30 times",
        |stage| vault(stage, b"\x03\xd9\xa2\x9a\x67\xfb\x4b\xb5\x01\0\x04\0"),
    ),
    honest(
        "vault-of-own-format",
        "an unknown program saves its encrypted file 30 times",
        |stage| vault(stage, b""),
    ),
    honest(
        "gocryptfs",
        "an encrypted folder: new sealed files, and some of them changed and deleted",
        gocryptfs,
    ),
    honest(
        "container",
        "a VeraCrypt container is written in the middle",
        container,
    ),
    honest(
        "rename-photos",
        "a person renames 120 files by date",
        |stage| {
            stage.run_as(21, Class::Packaged);
            rename_all(stage, |path, number| {
                path.with_file_name(format!(
                    "2024-03-{:02} {number}.{}",
                    1 + number % 28,
                    extension(path)
                ))
            })
        },
    ),
    honest(
        "rename-extension",
        "a person gives 120 files an extension of his own",
        |stage| {
            stage.run_as(21, Class::Packaged);
            rename_all(stage, |path, _| {
                PathBuf::from(format!("{}.archive2019", path.display()))
            })
        },
    ),
    honest(
        "rename-hash",
        "a tool names 40 photos by their digest, extension kept",
        rename_hash,
    ),
    honest(
        "rename-bak",
        "a script sets 120 files aside as .bak",
        |stage| {
            stage.start(1, Class::Interpreter, Some(40), Birth::Root);
            rename_all(stage, |path, _| {
                PathBuf::from(format!("{}.bak", path.display()))
            })
        },
    ),
    honest(
        "delete-folder",
        "a person deletes three folders with all that is in them",
        |stage| delete_some(stage, "/Comptabilite/"),
    ),
    honest(
        "move-by-copy",
        "a program from no package moves 60 files to another disk's folder: copy, then delete",
        |stage| {
            stage.run_as(808, Class::Unknown);
            for path in stage.paths().into_iter().take(60) {
                let bytes = stage.read(&path)?;
                let to = stage
                    .root()
                    .join("Archives")
                    .join(path.file_name().unwrap_or_default());
                stage.write(&to, &bytes)?;
                stage.remove(&path)?;
            }
            Ok(())
        },
    ),
    honest(
        "move-into-gocryptfs",
        "thirty letters are moved into an encrypted folder",
        move_into,
    ),
    honest(
        "delete-most",
        "a person deletes everything of a closed practice with rm -r",
        |stage| {
            stage.run_as(4, Class::Packaged);
            stage.paths().iter().try_for_each(|path| stage.remove(path))
        },
    ),
    honest(
        "sync-deletes",
        "a synchroniser from no package deletes what a colleague deleted: 15 files",
        |stage| {
            stage.run_as(800, Class::Unknown);
            let paths: Vec<PathBuf> = stage
                .paths()
                .into_iter()
                .filter(|path| {
                    path.to_string_lossy().contains("/Patients/A-C")
                        || path.to_string_lossy().contains("/Secretariat/")
                })
                .take(15)
                .collect();
            paths.iter().try_for_each(|path| stage.remove(path))
        },
    ),
    honest(
        "rust-build",
        "a build: 300 new files, rewritten and deleted",
        rust_build,
    ),
    honest(
        "package-upgrade",
        "80 programs and libraries are replaced by newer ones",
        package_upgrade,
    ),
    honest(
        "mail-folder",
        "mails are written, moved and expunged by a mail program",
        mail_folder,
    ),
    honest(
        "browser-cache",
        "200 cache files with random names come and go",
        browser_cache,
    ),
    honest(
        "unpack-modules",
        "400 small texts, licences and read-mes are unpacked",
        unpack,
    ),
    honest(
        "app-image-saves",
        "a practice program from no package writes its own binary files, changed in place",
        own_format,
    ),
    honest(
        "encrypt-own-exports",
        "a script encrypts its exports and deletes what it made before",
        own_exports,
    ),
];

pub(super) fn delete_some(stage: &mut Stage, part: &str) -> Result<()> {
    stage.run_as(4, Class::Packaged);
    let paths: Vec<PathBuf> = stage
        .paths()
        .into_iter()
        .filter(|path| path.to_string_lossy().contains(part))
        .collect();
    paths.iter().try_for_each(|path| stage.remove(path))
}

fn move_into(stage: &mut Stage) -> Result<()> {
    let manager = stage.run_as(33, Class::Packaged);
    let cipher = stage.run_as(25, Class::Packaged);
    let mut chance = Chance::new(34);
    for (number, path) in stage.paths().into_iter().take(30).enumerate() {
        stage.act_as(manager);
        let mut bytes = stage.read(&path)?;
        encrypt(&mut bytes, number as u64);
        bytes.extend(chance.bytes(50));
        stage.act_as(cipher);
        stage.write(
            &stage
                .root()
                .join(format!("Divers/chiffre/q{number}Zk3vB9wQ1xLmTf8")),
            &bytes,
        )?;
        stage.act_as(manager);
        stage.remove(&path)?;
    }
    Ok(())
}

fn extension(path: &std::path::Path) -> String {
    path.extension()
        .map(|one| one.to_string_lossy().into_owned())
        .unwrap_or_default()
}

pub(super) fn photo_import(stage: &mut Stage) -> Result<()> {
    stage.run_as(22, Class::Packaged);
    let mut chance = Chance::new(20);
    let folder = stage.root().join("Imagerie/2024-06");
    for number in 0..120 {
        let photo = files::photo(&mut chance, 96, 88);
        let path = folder.join(format!("DSC{number:05}.JPG"));
        stage.write(&path, &photo)?;
        if number % 3 == 0 {
            stage.rename(&path, &folder.join(format!("20240612_{number:06}.jpg")))?;
        }
        stage.wait(40);
    }
    Ok(())
}

/// New random files in a folder of its own, named by digest; a later run deletes some of an earlier one.
fn repository(stage: &mut Stage, size: usize) -> Result<()> {
    let first = stage.run_as(23, Class::Packaged);
    let mut chance = Chance::new(21);
    let mut packs = Vec::new();
    for number in 0..40 {
        for path in stage.paths().into_iter().skip(number * 3).take(3) {
            stage.read(&path)?;
        }
        let digest: String = chance
            .bytes(16)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let path = stage
            .root()
            .join("Sauvegardes/data")
            .join(&digest[..2])
            .join(&digest);
        let pack = chance.bytes(size + number * 100);
        stage.write(&path.with_extension("tmp"), &pack)?;
        stage.rename(&path.with_extension("tmp"), &path)?;
        packs.push(path);
        stage.wait(200);
    }
    stage.end(first);
    stage.wait(86_400_000);
    stage.run_as(23, Class::Packaged);
    for path in packs.iter().step_by(2) {
        stage.remove(path)?;
    }
    Ok(())
}

fn restore(stage: &mut Stage) -> Result<()> {
    stage.run_as(23, Class::Packaged);
    let mut chance = Chance::new(22);
    for path in stage.paths() {
        let bytes = match extension(&path).as_str() {
            "odt" | "docx" | "xlsx" => files::office(&mut chance, 500, false),
            "pdf" => files::pdf(&mut chance, 3, true),
            "jpg" => files::photo(&mut chance, 96, 80),
            "txt" => files::prose(&mut chance, 300).into_bytes(),
            "csv" => files::table(&mut chance, 200).into_bytes(),
            "dcm" => files::dicom(&mut chance, 160),
            _ => continue,
        };
        if path.to_string_lossy().len() % 2 == 0 {
            stage.replace(&path, &bytes)?
        } else {
            stage.write(&path, &bytes)?
        }
    }
    Ok(())
}

fn vault(stage: &mut Stage, magic: &[u8]) -> Result<()> {
    stage.run_as(
        if magic.is_empty() { 801 } else { 24 },
        if magic.is_empty() {
            Class::Unknown
        } else {
            Class::Packaged
        },
    );
    let mut chance = Chance::new(23);
    let path = stage.root().join("Secretariat/motdepasse.kdbx");
    for save in 0..30 {
        let mut bytes = magic.to_vec();
        bytes.extend(chance.bytes(12_000 + save * 64));
        if save % 2 == 0 {
            stage.write(&path, &bytes)?
        } else {
            stage.replace(&path, &bytes)?
        }
        if save == 0 {
            stage.look_away()?;
        }
        stage.wait(600_000);
    }
    Ok(())
}

fn gocryptfs(stage: &mut Stage) -> Result<()> {
    let mut chance = Chance::new(24);
    let folder = stage.root().join("Divers/chiffre");
    let path = |number: usize| folder.join(format!("{}/q{number}Zk3vB9wQ1xLmTf8", number % 5));
    for number in 0..30 {
        let bytes = chance.bytes(20_000 + number * 500);
        stage.write(&path(number), &bytes)?;
    }
    stage.look_away()?;
    stage.run_as(25, Class::Packaged);
    for number in 0..70 {
        let bytes = chance.bytes(15_000 + number * 300);
        stage.write(&path(number), &bytes)?;
        if number % 4 == 3 {
            stage.remove(&path(number - 3))?;
        }
        stage.wait(500);
    }
    Ok(())
}

fn container(stage: &mut Stage) -> Result<()> {
    let mut chance = Chance::new(25);
    let path = stage.root().join("Divers/coffre.hc");
    let mut bytes = chance.bytes(1_500_000);
    stage.write(&path, &bytes)?;
    stage.look_away()?;
    stage.run_as(26, Class::Unknown);
    for _ in 0..20 {
        let from = chance.below(1_400_000);
        encrypt(&mut bytes[from..from + 60_000], 5);
        stage.write(&path, &bytes)?;
        stage.wait(9_000);
    }
    Ok(())
}

fn rename_all(stage: &mut Stage, to: impl Fn(&std::path::Path, usize) -> PathBuf) -> Result<()> {
    for (number, path) in stage.paths().into_iter().take(120).enumerate() {
        stage.rename(&path, &to(&path, number))?;
        stage.wait(4);
    }
    Ok(())
}

fn rename_hash(stage: &mut Stage) -> Result<()> {
    stage.run_as(802, Class::Unknown);
    let mut chance = Chance::new(26);
    for path in stage.paths_of(&["jpg", "png", "mp4"]).into_iter().take(40) {
        let digest: String = chance
            .bytes(16)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        stage.rename(
            &path,
            &path.with_file_name(format!("{digest}.{}", extension(&path))),
        )?;
    }
    Ok(())
}

fn rust_build(stage: &mut Stage) -> Result<()> {
    let cargo = stage.run_as(27, Class::Unknown);
    let mut chance = Chance::new(27);
    let folder = stage.root().join("Divers/projet/target/debug/deps");
    for number in 0..100_usize {
        let id = stage.start(28, Class::Unknown, None, Birth::Child(cargo));
        stage.act_as(id);
        let object = folder.join(format!("lib{number}-9f86d081884c7d65.rlib"));
        stage.write(&object, &files::program(&mut chance, 4000 + number * 40))?;
        stage.write(
            &folder.join(format!("f{number}.d")),
            files::prose(&mut chance, 20).as_bytes(),
        )?;
        let temporary = folder.join(format!("rmeta{number}.rcgu.o"));
        stage.write(&temporary, &files::program(&mut chance, 900))?;
        stage.remove(&temporary)?;
        if number > 50 {
            stage.write(
                &folder.join(format!("lib{}-9f86d081884c7d65.rlib", number - 50)),
                &files::program(&mut chance, 5000),
            )?;
        }
        stage.end(id);
    }
    Ok(())
}

fn package_upgrade(stage: &mut Stage) -> Result<()> {
    let mut chance = Chance::new(28);
    let path =
        |number: usize, root: &std::path::Path| root.join(format!("Divers/usr/lib/lib{number}.so"));
    for number in 0..80 {
        stage.write(
            &path(number, &stage.root()),
            &files::program(&mut chance, 6000),
        )?;
    }
    stage.look_away()?;
    stage.run_as(29, Class::Packaged);
    for number in 0..80 {
        let (to, bytes) = (
            path(number, &stage.root()),
            files::program(&mut chance, 6400),
        );
        let new = to.with_extension("dpkg-new");
        stage.write(&new, &bytes)?;
        stage.rename(&new, &to)?;
    }
    Ok(())
}

pub(super) fn mail_folder(stage: &mut Stage) -> Result<()> {
    let mut chance = Chance::new(29);
    let folder = stage.root().join("Divers/Maildir");
    stage.run_as(30, Class::Packaged);
    for number in 0..80 {
        let photo = files::photo(&mut chance, 64, 70);
        let mail = files::mail(&mut chance, &photo);
        let new = folder.join(format!("new/17112{number}.M4P9Q1.host"));
        stage.write(&new, mail.as_bytes())?;
        let cur = folder.join(format!("cur/17112{number}.M4P9Q1.host:2,S"));
        if number == 0 {
            std::fs::create_dir_all(folder.join("cur"))?;
        }
        stage.rename(&new, &cur)?;
        if number % 3 == 0 {
            stage.remove(&cur)?;
        }
    }
    let old: Vec<PathBuf> = stage.paths_of(&["eml"]);
    old.iter().try_for_each(|path| stage.remove(path))
}

fn browser_cache(stage: &mut Stage) -> Result<()> {
    let mut chance = Chance::new(30);
    let folder = stage.root().join("Divers/cache2/entries");
    let name = |number: usize| folder.join(format!("9F86D0818{number:05}4C7D659A2FEAA0C55AD015"));
    let body = |chance: &mut Chance, number: usize| {
        if number.is_multiple_of(2) {
            chance.bytes(3000)
        } else {
            files::photo(chance, 48, 60)
        }
    };
    for number in 0..60 {
        let bytes = body(&mut chance, number);
        stage.write(&name(number), &bytes)?;
    }
    stage.look_away()?;
    stage.run_as(31, Class::Packaged);
    for number in 0..120 {
        let bytes = body(&mut chance, number);
        stage.write(&name(number + 60), &bytes)?;
        stage.remove(&name(number))?;
    }
    Ok(())
}

fn unpack(stage: &mut Stage) -> Result<()> {
    stage.run_as(32, Class::Unknown);
    let mut chance = Chance::new(31);
    let licence = files::prose(&mut chance, 150);
    for number in 0..120 {
        let folder = stage
            .root()
            .join(format!("Divers/projet/node_modules/m{number}"));
        stage.write(&folder.join("LICENSE"), licence.as_bytes())?;
        stage.write(
            &folder.join("index.js"),
            files::prose(&mut chance, 60).as_bytes(),
        )?;
    }
    Ok(())
}

/// Records of mixed bytes without a magic; some are changed, some packed anew.
fn own_format(stage: &mut Stage) -> Result<()> {
    let mut chance = Chance::new(32);
    let path = |root: &std::path::Path, number: usize| {
        root.join(format!("Divers/logiciel/table{number}.tps"))
    };
    let record = |chance: &mut Chance, rows: usize| -> Vec<u8> {
        (0..rows)
            .flat_map(|row| {
                [
                    &[row as u8, 0, 1, 2][..],
                    &chance.bytes(9),
                    b"NOM EXEMPLE     \0\0\0",
                ]
                .concat()
            })
            .collect()
    };
    for number in 0..40 {
        let bytes = record(&mut chance, 300);
        stage.write(&path(&stage.root(), number), &bytes)?;
    }
    stage.look_away()?;
    stage.run_as(803, Class::Unknown);
    for number in 0..100 {
        let to = path(&stage.root(), number % 40);
        let mut bytes = std::fs::read(&to)?;
        let (from, new) = (chance.below(200) * 30, record(&mut chance, 40));
        bytes[from..from + new.len()].copy_from_slice(&new);
        bytes.extend(record(&mut chance, 10));
        stage.write(&to, &bytes)?;
        stage.wait(3_000);
    }
    Ok(())
}

fn own_exports(stage: &mut Stage) -> Result<()> {
    stage.start(1, Class::Interpreter, Some(41), Birth::Root);
    let mut chance = Chance::new(33);
    for number in 0..50 {
        let plain = stage
            .root()
            .join(format!("Comptabilite/2024/export{number}.csv"));
        let mut bytes = files::table(&mut chance, 80).into_bytes();
        stage.write(&plain, &bytes)?;
        encrypt(&mut bytes, 9);
        stage.write(
            &plain.with_extension("csv.gpg"),
            &[b"\x8c\x0d\x04\x09\x03\x02".to_vec(), bytes].concat(),
        )?;
        stage.remove(&plain)?;
    }
    Ok(())
}
