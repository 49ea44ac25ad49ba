//! Honest programs that change files in place: editors, batches over images, converters.

use std::path::{Path, PathBuf};

use anyhow::Result;
use hygie_guard::harm::{Birth, Class};

use super::{Scenario, cipher::Chance, files, honest, stage::Stage};

pub(super) const SCENARIOS: &[Scenario] = &[
    honest(
        "office-saves",
        "a day of saving letters and tables, most several times",
        office_saves,
    ),
    honest(
        "office-converts",
        "each letter gets a PDF beside it",
        |stage| {
            stage.run_as(60, Class::Packaged);
            let mut chance = Chance::new(40);
            for path in stage.paths_of(&["odt", "docx", "doc", "xlsx"]) {
                stage.read(&path)?;
                let pdf = files::pdf(&mut chance, 3, true);
                stage.write(&path.with_extension("out.pdf"), &pdf)?;
            }
            Ok(())
        },
    ),
    honest(
        "mogrify",
        "all photos are turned and written again in place",
        |stage| {
            stage.run_as(61, Class::Packaged);
            images(stage, |stage, path, bytes| {
                stage.write(path, &files::turn_jpeg(&bytes, 80))
            })
        },
    ),
    honest(
        "mogrify-unknown",
        "the same by a program from no package, renamed over",
        |stage| {
            stage.run_as(804, Class::Unknown);
            images(stage, |stage, path, bytes| {
                stage.replace(path, &files::turn_jpeg(&bytes, 90))
            })
        },
    ),
    honest("jpegoptim", "all photos are written smaller", |stage| {
        stage.run_as(62, Class::Packaged);
        images(stage, |stage, path, bytes| {
            stage.replace(path, &files::turn_jpeg(&bytes, 50))
        })
    }),
    honest(
        "exiftool",
        "a comment is put into each photo, the original kept as _original",
        |stage| {
            stage.start(63, Class::Interpreter, Some(42), Birth::Root);
            images(stage, |stage, path, bytes| {
                let mut out = bytes[..2].to_vec();
                out.extend(b"\xff\xfe\x00\x22Cabinet Exemple, genou droit....");
                out.extend(&bytes[2..]);
                let kept = PathBuf::from(format!("{}_original", path.display()));
                stage.rename(path, &kept)?;
                stage.write(path, &out)
            })
        },
    ),
    honest(
        "dcmodify",
        "a name is changed in the head of each DICOM file, in place",
        |stage| {
            stage.run_as(64, Class::Packaged);
            for path in stage.paths_of(&["dcm"]) {
                let mut bytes = stage.read(&path)?;
                bytes[150..160].copy_from_slice(b"ANONYME^XX");
                stage.write(&path, &bytes)?;
            }
            Ok(())
        },
    ),
    honest(
        "dicom-compress",
        "the pixels of each DICOM file are packed, in place",
        |stage| {
            stage.run_as(64, Class::Packaged);
            for path in stage.paths_of(&["dcm"]) {
                let bytes = stage.read(&path)?;
                let mut out = bytes[..200].to_vec();
                out.extend(miniz_oxide::deflate::compress_to_vec(&bytes[200..], 6));
                stage.write(&path, &out)?;
            }
            Ok(())
        },
    ),
    honest(
        "qpdf-replace",
        "all PDF files are packed anew and renamed over",
        |stage| {
            stage.run_as(65, Class::Packaged);
            let mut chance = Chance::new(41);
            for (number, path) in stage.paths_of(&["pdf"]).into_iter().enumerate() {
                stage.read(&path)?;
                let pdf = files::pdf(&mut chance, 1 + number % 9, true);
                stage.replace(&path, &pdf)?;
            }
            Ok(())
        },
    ),
    honest(
        "pdf-passwords",
        "all PDF files get a password: their streams are encrypted, the frame stays",
        |stage| {
            stage.run_as(65, Class::Packaged);
            let mut chance = Chance::new(54);
            for path in stage.paths_of(&["pdf"]) {
                let bytes = stage.read(&path)?;
                let mut out = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec();
                for page in bytes.chunks(2500) {
                    out.extend(b"1 0 obj\n<< /Filter /FlateDecode >>\nstream\n");
                    out.extend(chance.bytes(page.len()));
                    out.extend(b"\nendstream\nendobj\n");
                }
                out.extend(b"trailer\n<< /Encrypt 9 0 R >>\nstartxref\n9\n%%EOF\n");
                stage.replace(&path, &out)?;
            }
            Ok(())
        },
    ),
    honest(
        "pdf-incremental",
        "a signature is appended to each PDF",
        |stage| {
            stage.run_as(65, Class::Packaged);
            let mut chance = Chance::new(42);
            for path in stage.paths_of(&["pdf"]) {
                let mut bytes = stage.read(&path)?;
                bytes.extend(b"99 0 obj\n<< /Contents ");
                bytes.extend(chance.bytes(2000));
                bytes.extend(b" >>\nendobj\nstartxref\n9\n%%EOF\n");
                stage.write(&path, &bytes)?;
            }
            Ok(())
        },
    ),
    honest(
        "convert-and-delete",
        "a converter from no package writes JPEG beside each PNG and film, deletes the original",
        |stage| {
            let mut chance = Chance::new(53);
            for number in 0..30 {
                let scan = files::png(&mut chance, 48);
                stage.write(
                    &stage
                        .root()
                        .join(format!("Imagerie/Scans/scan{number:03}.png")),
                    &scan,
                )?;
            }
            stage.look_away()?;
            stage.run_as(807, Class::Unknown);
            for path in stage.paths_of(&["png"]) {
                stage.read(&path)?;
                let photo = files::photo(&mut chance, 96, 85);
                stage.write(&path.with_extension("jpg"), &photo)?;
                stage.remove(&path)?;
                stage.wait(200);
            }
            Ok(())
        },
    ),
    honest(
        "ffmpeg",
        "films are written anew beside and renamed over",
        |stage| {
            stage.run_as(66, Class::Packaged);
            let mut chance = Chance::new(43);
            for path in stage.paths_of(&["mp4"]) {
                stage.read(&path)?;
                let film = files::film(&mut chance, 15_000);
                stage.replace(&path, &film)?;
            }
            Ok(())
        },
    ),
    honest("sed-all", "sed -i over all texts and tables", |stage| {
        stage.run_as(67, Class::Packaged);
        texts(stage, |text| {
            text.replace("patient", "malade").replace(';', ",")
        })
    }),
    honest("iconv-all", "all texts from UTF-8 to UTF-16", |stage| {
        stage.start(1, Class::Interpreter, Some(43), Birth::Root);
        for path in stage.paths_of(&["txt", "csv", "eml"]) {
            let bytes = stage.read(&path)?;
            let wide = String::from_utf8_lossy(&bytes)
                .encode_utf16()
                .flat_map(u16::to_le_bytes)
                .collect::<Vec<u8>>();
            stage.write(&path, &[b"\xff\xfe".to_vec(), wide].concat())?;
        }
        Ok(())
    }),
    honest(
        "editor-backups",
        "an editor renames to name~, writes anew",
        |stage| {
            stage.run_as(68, Class::Packaged);
            let mut chance = Chance::new(44);
            for path in stage.paths_of(&["txt", "csv"]) {
                let mut bytes = stage.read(&path)?;
                stage.rename(&path, &PathBuf::from(format!("{}~", path.display())))?;
                bytes.extend(files::prose(&mut chance, 30).into_bytes());
                stage.write(&path, &bytes)?;
            }
            Ok(())
        },
    ),
    honest(
        "delete-and-write",
        "a program from no package deletes, then writes the new state under the name",
        |stage| {
            stage.run_as(805, Class::Unknown);
            let mut chance = Chance::new(45);
            for path in stage.paths_of(&["odt", "docx", "xlsx"]) {
                stage.read(&path)?;
                stage.remove(&path)?;
                let new = files::office(&mut chance, 700, false);
                stage.write(&path, &new)?;
                stage.wait(500);
            }
            Ok(())
        },
    ),
    honest(
        "password-on-letters",
        "a person saves four letters with a password",
        |stage| {
            stage.run_as(60, Class::Packaged);
            let mut chance = Chance::new(46);
            for path in stage.paths_of(&["docx"]).into_iter().take(4) {
                stage.read(&path)?;
                let mut sealed = files::compound(&mut chance, 3);
                sealed.extend(chance.bytes(20_000));
                stage.replace(&path, &sealed)?;
                stage.wait(60_000);
            }
            Ok(())
        },
    ),
    honest(
        "doc-to-docx",
        "old letters are saved in the new format under the old name",
        |stage| {
            stage.run_as(60, Class::Packaged);
            let mut chance = Chance::new(47);
            for path in stage.paths_of(&["doc"]).into_iter().take(6) {
                let new = files::office(&mut chance, 500, false);
                stage.replace(&path, &new)?;
                stage.wait(30_000);
            }
            Ok(())
        },
    ),
    honest(
        "png-to-jpeg-names",
        "a converter writes JPEG into files named .png",
        |stage| {
            stage.run_as(61, Class::Packaged);
            let mut chance = Chance::new(48);
            for path in stage.paths_of(&["png"]) {
                let photo = files::photo(&mut chance, 96, 80);
                stage.write(&path, &photo)?;
            }
            Ok(())
        },
    ),
    honest(
        "disk-image",
        "a virtual machine writes in its disk",
        disk_image,
    ),
    honest(
        "templates",
        "forty letters are made from one template",
        |stage| {
            stage.run_as(60, Class::Packaged);
            let mut chance = Chance::new(49);
            for number in 0..40 {
                let letter = files::office(&mut chance, 200, true);
                stage.write(
                    &stage
                        .root()
                        .join(format!("Courriers/2024/relance {number}.odt")),
                    &letter,
                )?;
            }
            Ok(())
        },
    ),
];

pub(super) fn office_saves(stage: &mut Stage) -> Result<()> {
    stage.run_as(60, Class::Packaged);
    let mut chance = Chance::new(50);
    for round in 0..3 {
        for path in stage.paths_of(&["odt", "docx", "xlsx"]) {
            stage.read(&path)?;
            let lock = path.with_file_name(".~lock.lettre#");
            stage.write(&lock, b",exemple,poste1,18.03.2024 14:25,file:///home;")?;
            let new = files::office(&mut chance, 300 + round * 50, round == 1);
            stage.replace(&path, &new)?;
            stage.remove(&lock)?;
            stage.wait(90_000);
        }
    }
    Ok(())
}

fn images(
    stage: &mut Stage,
    mut act: impl FnMut(&mut Stage, &Path, Vec<u8>) -> Result<()>,
) -> Result<()> {
    let mut chance = Chance::new(51);
    for number in 0..60 {
        let photo = files::photo(&mut chance, 96, 88);
        stage.write(
            &stage
                .root()
                .join(format!("Imagerie/Photos/P{number:04}.jpg")),
            &photo,
        )?;
    }
    let events_before = stage.paths_of(&["jpg"]);
    stage.forget_making()?;
    for path in events_before {
        let bytes = stage.read(&path)?;
        act(stage, &path, bytes)?;
        stage.wait(60);
    }
    Ok(())
}

fn texts(stage: &mut Stage, edit: impl Fn(&str) -> String) -> Result<()> {
    for path in stage.paths_of(&["txt", "csv", "eml"]) {
        let bytes = stage.read(&path)?;
        stage.replace(&path, edit(&String::from_utf8_lossy(&bytes)).as_bytes())?;
    }
    Ok(())
}

fn disk_image(stage: &mut Stage) -> Result<()> {
    let mut chance = Chance::new(52);
    let path = stage.root().join("Divers/windows.vdi");
    let mut bytes = vec![0; 2_000_000];
    stage.write(&path, &bytes)?;
    stage.look_away()?;
    stage.run_as(69, Class::Packaged);
    for _ in 0..30 {
        let from = chance.below(1_900_000);
        let new = if chance.below(2) == 0 {
            chance.bytes(50_000)
        } else {
            files::prose(&mut chance, 4000).into_bytes()
        };
        let len = new.len().min(50_000);
        bytes[from..from + len].copy_from_slice(&new[..len]);
        stage.write(&path, &bytes)?;
        stage.wait(2_000);
    }
    Ok(())
}
