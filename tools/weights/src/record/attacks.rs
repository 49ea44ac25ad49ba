//! Attacks by programs of their own: they differ in what of a file they encrypt, in order, pace and process.

use std::path::{Path, PathBuf};

use anyhow::Result;
use hygie_guard::harm::{Birth, Class, ProcessId};

use super::{
    Scenario,
    cipher::{Chance, encrypt},
    files, harmful,
    stage::Stage,
};

pub(super) const SCENARIOS: &[Scenario] = &[
    harmful("full-in-place", "encrypts each file in place", |stage| {
        each(stage, whole)
    }),
    harmful(
        "rename-after",
        "encrypts in place, then renames each to .locked",
        rename_after,
    ),
    harmful(
        "random-names",
        "encrypts in place, then renames each to random letters",
        random_names,
    ),
    harmful(
        "rename-only-random",
        "only renames, to random letters without a known extension",
        only_names,
    ),
    harmful(
        "tmp-and-replace",
        "encrypts beside and renames over",
        |stage| {
            attack(stage, |stage, path, bytes| {
                stage.replace(path, &whole(bytes, 1))
            })
        },
    ),
    harmful(
        "copy-and-delete",
        "writes an encrypted copy, deletes the original",
        |stage| {
            attack(stage, |stage, path, bytes| {
                stage.write(&beside(path, "crypt"), &whole(bytes, 1))?;
                stage.remove(path)
            })
        },
    ),
    harmful(
        "copy-and-empty",
        "writes an encrypted copy, empties the original",
        |stage| {
            attack(stage, |stage, path, bytes| {
                stage.write(&beside(path, "crypt"), &whole(bytes, 1))?;
                stage.write(path, b"")
            })
        },
    ),
    harmful(
        "copy-all-then-delete",
        "writes all encrypted copies first, deletes then",
        copy_then_delete,
    ),
    harmful(
        "copies-elsewhere",
        "writes encrypted copies into a folder of its own, deletes the originals",
        copies_elsewhere,
    ),
    harmful("head-only", "encrypts the first 4 KiB", |stage| {
        each(stage, |bytes, file| part(bytes, file, 0, 4096))
    }),
    harmful("head-64k", "encrypts the first 64 KiB", |stage| {
        each(stage, |bytes, file| part(bytes, file, 0, 65_536))
    }),
    harmful("head-spared", "leaves the first 4 KiB", |stage| {
        each(stage, |bytes, file| part(bytes, file, 4096, usize::MAX))
    }),
    harmful("head-256-spared", "leaves the first 256 bytes", |stage| {
        each(stage, |bytes, file| part(bytes, file, 256, usize::MAX))
    }),
    harmful("first-half", "encrypts the first half", |stage| {
        each(stage, |bytes, file| {
            let half = bytes.len() / 2;
            part(bytes, file, 0, half)
        })
    }),
    harmful("second-half", "encrypts the second half", |stage| {
        each(stage, |bytes, file| {
            let half = bytes.len() / 2;
            part(bytes, file, half, usize::MAX)
        })
    }),
    harmful("every-other-16k", "encrypts every other 16 KiB", |stage| {
        each(stage, |bytes, file| stripes(bytes, file, 16_384, 2))
    }),
    harmful(
        "one-in-ten-4k",
        "encrypts one 4 KiB in ten, the first included",
        |stage| each(stage, |bytes, file| stripes(bytes, file, 4096, 10)),
    ),
    harmful(
        "spared-stripes",
        "leaves 8 KiB at both ends, encrypts one 4 KiB in four between",
        |stage| {
            each(stage, |mut bytes, file| {
                let end = bytes.len().saturating_sub(8192);
                if end > 8192 {
                    let inner = stripes(bytes[8192..end].to_vec(), file, 4096, 4);
                    bytes[8192..end].copy_from_slice(&inner);
                    bytes
                } else {
                    whole(bytes, file)
                }
            })
        },
    ),
    harmful(
        "every-other-16-bytes",
        "encrypts every other 16 bytes, as LockFile did",
        |stage| each(stage, |bytes, file| stripes(bytes, file, 16, 2)),
    ),
    harmful(
        "fake-magic",
        "encrypts all but the first 16 bytes",
        |stage| each(stage, |bytes, file| part(bytes, file, 16, usize::MAX)),
    ),
    harmful(
        "key-footer",
        "encrypts in place and appends 512 bytes of key",
        |stage| {
            each(stage, |bytes, file| {
                let mut out = whole(bytes, file);
                out.extend(Chance::new(file).bytes(512));
                out
            })
        },
    ),
    harmful(
        "base64",
        "encrypts and writes base64, so that entropy stays low",
        |stage| {
            each(stage, |bytes, file| {
                files::base64(&whole(bytes, file)).into_bytes()
            })
        },
    ),
    harmful(
        "xor-byte",
        "exclusive-or with one byte, entropy unchanged",
        |stage| {
            each(stage, |bytes, _| {
                bytes.iter().map(|byte| byte ^ 0xa5).collect()
            })
        },
    ),
    harmful(
        "shuffled",
        "reverses the bytes of each 512, entropy unchanged",
        |stage| {
            each(stage, |mut bytes, _| {
                bytes.chunks_mut(512).for_each(<[u8]>::reverse);
                bytes
            })
        },
    ),
    harmful("zeroes", "overwrites with zeroes", |stage| {
        each(stage, |bytes, _| vec![0; bytes.len()])
    }),
    harmful("noise", "overwrites with chance", |stage| {
        each(stage, |bytes, file| Chance::new(file).bytes(bytes.len()))
    }),
    harmful("emptied", "truncates to nothing", |stage| {
        each(stage, |_, _| Vec::new())
    }),
    harmful(
        "deleted",
        "deletes everything, a program of its own",
        |stage| attack(stage, |stage, path, _| stage.remove(path)),
    ),
    harmful("slow-minute", "one file a minute, in place", |stage| {
        attack(stage, |stage, path, bytes| {
            stage.wait(60_000);
            stage.write(path, &whole(bytes, 1))
        })
    }),
    harmful(
        "slow-two-hours",
        "one file in two hours, in place",
        |stage| {
            attack(stage, |stage, path, bytes| {
                stage.wait(7_200_000);
                stage.write(path, &whole(bytes, 1))
            })
        },
    ),
    harmful("largest-first", "the largest first", |stage| {
        ordered(stage, |bytes| std::cmp::Reverse(bytes.len()))
    }),
    harmful("smallest-first", "the smallest first", |stage| {
        ordered(stage, Vec::len)
    }),
    harmful("newest-first", "the newest first", |stage| {
        let mut paths = stage.paths();
        paths.reverse();
        attack_on(stage, paths, |stage, path, bytes| {
            stage.write(path, &whole(bytes, 1))
        })
    }),
    harmful("documents-only", "letters and tables only", |stage| {
        of_kind(stage, &["odt", "docx", "xlsx"])
    }),
    harmful("images-only", "photos only", |stage| {
        of_kind(stage, &["jpg", "png"])
    }),
    harmful("texts-only", "texts only", |stage| {
        of_kind(stage, &["txt", "csv", "eml"])
    }),
    harmful(
        "own-format-only",
        "an unknown program's own files only, which have no magic",
        own_format,
    ),
    harmful(
        "dicom-pixels",
        "DICOM files, all but the first 4 KiB",
        |stage| {
            let paths = stage.paths_of(&["dcm"]);
            attack_on(stage, paths, |stage, path, bytes| {
                stage.write(path, &part(bytes, 1, 4096, usize::MAX))
            })
        },
    ),
    harmful(
        "texts-striped",
        "texts, tables, old letters and DICOM, 8 KiB spared at both ends, one 4 KiB in four between",
        |stage| {
            let mut chance = Chance::new(11);
            for number in 0..40 {
                let text = files::prose(&mut chance, 8000 + number * 50);
                stage.write(
                    &stage
                        .root()
                        .join(format!("Reunions/compte rendu {number}.txt")),
                    text.as_bytes(),
                )?;
            }
            stage.look_away()?;
            let paths: Vec<PathBuf> = stage
                .paths_of(&["txt", "csv", "doc", "dcm"])
                .into_iter()
                .filter(|path| path.metadata().is_ok_and(|meta| meta.len() > 24_000))
                .collect();
            attack_on(stage, paths, |stage, path, mut bytes| {
                let end = bytes.len() - 8192;
                let inner = stripes(bytes[8192..end].to_vec(), 1, 4096, 4);
                bytes[8192..end].copy_from_slice(&inner);
                stage.write(path, &bytes)
            })
        },
    ),
    harmful(
        "images-as-base64",
        "photos become texts of base64 under their names",
        |stage| {
            let paths = stage.paths_of(&["jpg", "png"]);
            attack_on(stage, paths, |stage, path, bytes| {
                stage.write(path, files::base64(&whole(bytes, 1)).as_bytes())
            })
        },
    ),
    harmful(
        "move-then-encrypt",
        "copies everything into a folder of its own, deletes the originals, encrypts the copies",
        move_then_encrypt,
    ),
    harmful(
        "delete-then-write",
        "keeps a file in memory, deletes it, writes it encrypted under a random name",
        |stage| {
            let mut chance = Chance::new(12);
            attack(stage, |stage, path, bytes| {
                stage.remove(path)?;
                stage.write(&random_name(&mut chance, path), &whole(bytes, 1))
            })
        },
    ),
    harmful(
        "images-striped",
        "photos, every other 8 KiB but the first",
        |stage| {
            let paths = stage.paths_of(&["jpg", "png", "mp4", "pdf"]);
            attack_on(stage, paths, |stage, path, mut bytes| {
                let from = bytes.len().min(8192);
                let rest = stripes(bytes[from..].to_vec(), 1, 8192, 2);
                bytes[from..].copy_from_slice(&rest);
                stage.write(path, &bytes)
            })
        },
    ),
    harmful(
        "with-notes",
        "encrypts in place and leaves a note in each folder",
        with_notes,
    ),
    harmful(
        "backups-first",
        "deletes the backups, then encrypts",
        backups_first,
    ),
    harmful(
        "children-four-each",
        "60 children with four files each",
        |stage| {
            let parent = stage.run_as(900, Class::Unknown);
            crowd(stage, 4, move |stage, _| {
                stage.start(900, Class::Unknown, None, Birth::Child(parent))
            })
        },
    ),
    harmful(
        "detached-four-each",
        "60 processes on their own with four files each",
        |stage| crowd(stage, 4, |stage, _| stage.run_as(900, Class::Unknown)),
    ),
    harmful(
        "detached-one-each",
        "a detached process for each file",
        |stage| crowd(stage, 1, |stage, _| stage.run_as(900, Class::Unknown)),
    ),
    harmful(
        "each-another-program",
        "a detached process for each file, each another executable",
        |stage| {
            crowd(stage, 1, |stage, number| {
                stage.run_as(1000 + number, Class::Unknown)
            })
        },
    ),
    harmful(
        "fork-storm",
        "each file by the grandchild of a process that is gone",
        |stage| {
            let mut parent = stage.run_as(900, Class::Unknown);
            crowd(stage, 1, move |stage, _| {
                let child = stage.start(900, Class::Unknown, None, Birth::Child(parent));
                stage.end(parent);
                parent = child;
                child
            })
        },
    ),
    harmful(
        "among-honest-work",
        "encrypts one file, edits four honestly, and again",
        among_honest,
    ),
];

fn whole(mut bytes: Vec<u8>, file: u64) -> Vec<u8> {
    encrypt(&mut bytes, file);
    bytes
}

fn part(mut bytes: Vec<u8>, file: u64, from: usize, to: usize) -> Vec<u8> {
    let (from, to) = if bytes.len() <= from {
        (0, bytes.len())
    } else {
        (from, to.min(bytes.len()))
    };
    encrypt(&mut bytes[from..to], file);
    bytes
}

fn stripes(mut bytes: Vec<u8>, file: u64, width: usize, every: usize) -> Vec<u8> {
    for (number, stripe) in bytes.chunks_mut(width).enumerate() {
        if number.is_multiple_of(every) {
            encrypt(stripe, file + number as u64);
        }
    }
    bytes
}

fn beside(path: &Path, extension: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(extension);
    name.into()
}

fn each(stage: &mut Stage, change: impl Fn(Vec<u8>, u64) -> Vec<u8>) -> Result<()> {
    let mut file = 0;
    attack(stage, |stage, path, bytes| {
        file += 1;
        stage.write(path, &change(bytes, file))
    })
}

fn attack(
    stage: &mut Stage,
    act: impl FnMut(&mut Stage, &Path, Vec<u8>) -> Result<()>,
) -> Result<()> {
    let paths = stage.paths();
    attack_on(stage, paths, act)
}

/// An unknown program goes through these files; the trace ends after 60 of them.
fn attack_on(
    stage: &mut Stage,
    paths: Vec<PathBuf>,
    mut act: impl FnMut(&mut Stage, &Path, Vec<u8>) -> Result<()>,
) -> Result<()> {
    stage.run_as(900, Class::Unknown);
    for path in paths {
        let bytes = stage.read(&path)?;
        act(stage, &path, bytes)?;
        stage.wait(15);
        if stage.touched() >= LENGTH {
            break;
        }
    }
    Ok(())
}

fn rename_after(stage: &mut Stage) -> Result<()> {
    attack(stage, |stage, path, bytes| {
        stage.write(path, &whole(bytes, 1))?;
        stage.rename(path, &beside(path, "locked"))
    })
}

fn random_name(chance: &mut Chance, path: &Path) -> PathBuf {
    let letters: String = (0..14)
        .map(|_| {
            char::from(
                b"abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"[chance.below(56)],
            )
        })
        .collect();
    path.with_file_name(letters)
}

fn random_names(stage: &mut Stage) -> Result<()> {
    let mut chance = Chance::new(5);
    attack(stage, |stage, path, bytes| {
        stage.write(path, &whole(bytes, 1))?;
        stage.rename(path, &random_name(&mut chance, path))
    })
}

fn only_names(stage: &mut Stage) -> Result<()> {
    let mut chance = Chance::new(6);
    attack(stage, |stage, path, _| {
        stage.rename(path, &random_name(&mut chance, path))
    })
}

fn copy_then_delete(stage: &mut Stage) -> Result<()> {
    stage.run_as(900, Class::Unknown);
    let paths: Vec<PathBuf> = stage.paths().into_iter().take(LENGTH).collect();
    for path in &paths {
        let bytes = stage.read(path)?;
        stage.write(&beside(path, "crypt"), &whole(bytes, 1))?;
    }
    paths.iter().try_for_each(|path| stage.remove(path))
}

fn move_then_encrypt(stage: &mut Stage) -> Result<()> {
    stage.run_as(900, Class::Unknown);
    let paths: Vec<PathBuf> = stage.paths().into_iter().take(LENGTH).collect();
    let copy = |stage: &Stage, number: usize| stage.root().join(format!("Divers/x/{number}"));
    for (number, path) in paths.iter().enumerate() {
        let bytes = stage.read(path)?;
        stage.write(&copy(stage, number), &bytes)?;
        stage.remove(path)?;
    }
    for number in 0..paths.len() {
        let bytes = stage.read(&copy(stage, number))?;
        stage.write(&copy(stage, number), &whole(bytes, 1))?;
    }
    Ok(())
}

fn own_format(stage: &mut Stage) -> Result<()> {
    let mut chance = Chance::new(10);
    for number in 0..50_usize {
        let records: Vec<u8> = (0..200 + number * 10)
            .flat_map(|_| {
                [
                    &[1, 0, 0xfe, 2][..],
                    &chance.bytes(6),
                    b"NOM EXEMPLE     \0\0\0",
                ]
                .concat()
            })
            .collect();
        stage.write(
            &stage
                .root()
                .join(format!("Divers/logiciel/d{}/fiche{number}.tps", number % 6)),
            &records,
        )?;
    }
    stage.look_away()?;
    let paths = stage.paths_of(&["tps"]);
    attack_on(stage, paths, |stage, path, bytes| {
        stage.write(path, &whole(bytes, 1))
    })
}

fn copies_elsewhere(stage: &mut Stage) -> Result<()> {
    let folder = stage.root().join("Divers/x");
    let mut file = 0;
    attack(stage, |stage, path, bytes| {
        file += 1;
        stage.write(&folder.join(format!("{file}.bin")), &whole(bytes, file))?;
        stage.remove(path)
    })
}

fn ordered<K: Ord>(stage: &mut Stage, key: impl Fn(&Vec<u8>) -> K) -> Result<()> {
    let mut paths = stage.paths();
    paths.sort_by_cached_key(|path| key(&std::fs::read(path).unwrap_or_default()));
    attack_on(stage, paths, |stage, path, bytes| {
        stage.write(path, &whole(bytes, 1))
    })
}

fn of_kind(stage: &mut Stage, extensions: &[&str]) -> Result<()> {
    let paths = stage.paths_of(extensions);
    attack_on(stage, paths, |stage, path, bytes| {
        stage.write(path, &whole(bytes, 1))
    })
}

fn with_notes(stage: &mut Stage) -> Result<()> {
    let note = "Vos fichiers sont chiffrés. Pour les retrouver, écrivez à nous@rancon.example.\n"
        .repeat(4);
    attack(stage, |stage, path, bytes| {
        stage.write(path, &whole(bytes, 1))?;
        let here = path.with_file_name("LISEZ-MOI.txt");
        if here.exists() {
            Ok(())
        } else {
            stage.write(&here, note.as_bytes())
        }
    })
}

fn backups_first(stage: &mut Stage) -> Result<()> {
    let mut chance = Chance::new(8);
    for number in 0..6 {
        let dump = files::zip(&[(
            "base.sql".to_owned(),
            files::table(&mut chance, 200).into_bytes(),
            false,
        )]);
        stage.write(
            &stage.root().join(format!("Sauvegardes/nuit-{number}.zip")),
            &dump,
        )?;
    }
    stage.look_away()?;
    stage.run_as(900, Class::Unknown);
    let backups: Vec<PathBuf> = stage
        .paths()
        .into_iter()
        .filter(|path| path.to_string_lossy().contains("Sauvegardes"))
        .collect();
    backups.iter().try_for_each(|path| stage.remove(path))?;
    attack(stage, |stage, path, bytes| {
        stage.write(path, &whole(bytes, 1))
    })
}

/// Each of many processes takes some files.
fn crowd(
    stage: &mut Stage,
    share: usize,
    mut next: impl FnMut(&mut Stage, u128) -> ProcessId,
) -> Result<()> {
    let paths: Vec<PathBuf> = stage.paths().into_iter().take(LENGTH).collect();
    for (number, some) in paths.chunks(share).enumerate() {
        let id = next(stage, number as u128);
        stage.act_as(id);
        for path in some {
            let bytes = stage.read(path)?;
            stage.write(path, &whole(bytes, 1))?;
            stage.wait(10);
        }
    }
    Ok(())
}

fn among_honest(stage: &mut Stage) -> Result<()> {
    let mut chance = Chance::new(9);
    let mut number = 0;
    attack(stage, |stage, path, bytes| {
        number += 1;
        match path.extension().and_then(|one| one.to_str()) {
            _ if number % 5 == 1 => stage.write(path, &whole(bytes, 1)),
            Some("odt" | "docx" | "xlsx") => {
                stage.replace(path, &files::office(&mut chance, 300, false))
            }
            Some("txt" | "csv" | "eml") => {
                let mut text = bytes;
                text.extend(files::prose(&mut chance, 20).into_bytes());
                stage.write(path, &text)
            }
            _ => Ok(()),
        }
    })
}

const LENGTH: usize = 60;
