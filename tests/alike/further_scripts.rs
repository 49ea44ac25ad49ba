//! What is from no package: scripts in a person's home, tools of pip and npm, programs that somebody compiled.

use anyhow::Result;
use hygie_testkit::Job;

use crate::desk::Desk;
use crate::table::Alike;
use crate::tools::{NODE_MODULES, VENV};

pub(crate) const ROWS: &[Alike] = &[
    Alike::new("own Python: names blanked in texts", &["python3"], |desk| {
        desk.own("python3", "anonymise.py", ANONYMISE, ".")
    }),
    Alike::new("own Python: rmtree of an export", &["python3"], |desk| {
        desk.types("cp -r Patients Export")?;
        desk.own("python3", "rmtree.py", RMTREE, "Export")
    }),
    Alike::new(
        "own Python: rmtree of a closed year",
        &["python3"],
        |desk| {
            desk.own(
                "python3",
                "rmtree.py",
                RMTREE,
                "Imagerie Comptabilité Courriers",
            )
        },
    )
    .taken_for_an_attack(),
    Alike::new("own Python: a rule of retention", &["python3"], |desk| {
        desk.own(
            "python3",
            "purge.py",
            PURGE,
            "2022 Patients Courriers Comptabilité Imagerie",
        )
    })
    .taken_for_an_attack(),
    Alike::new("own Python: photos named by digest", &["python3"], |desk| {
        desk.own("python3", "by_digest.py", BY_DIGEST, ".")
    }),
    Alike::new(
        "own Python: a mail program's folders",
        &["python3"],
        |desk| {
            desk.types("mkdir Courrier")?;
            desk.own("python3", "mails.py", MAILS, "Courrier")
        },
    ),
    Alike::new("own Python: attachments taken out", &["python3"], |desk| {
        desk.own("python3", "attachments.py", ATTACHMENTS, ".")
    }),
    Alike::new("own Python: logs rotated", &["python3"], |desk| {
        desk.own("python3", "rotate.py", ROTATE, "")
    }),
    Alike::new("own Python: compileall", &["python3"], |desk| {
        desk.script("mkdir -p outils; cp /usr/lib/python3.*/[a-h]*.py outils")?;
        desk.types("python3 -m compileall -q outils")?;
        desk.script("find outils -name '*.py' -exec sed -i '1s/^/# revu\\n/' {} +")?;
        desk.types("python3 -m compileall -q outils")
    }),
    Alike::new("own Perl: names without accents", &["perl"], |desk| {
        desk.own("perl", "tidy_names.pl", TIDY_NAMES, ".")
    }),
    Alike::new("perl -pi -e over all texts", &["perl"], |desk| {
        desk.script("find . -name '*.txt' -o -name '*.csv' -o -name '*.hl7' -o -name '*.xml' -o -name '*.html' | \
            tr '\\n' '\\0' | xargs -0 perl -pi -e 's/\\bM\\. /Monsieur /g; s/(\\d\\d)\\/(\\d\\d)\\/(\\d{4})/$3-$2-$1/g'")
    }),
    Alike::new("own Node: CSV to JSON, CSV deleted", &["node"], |desk| {
        exports(desk)?;
        desk.own("node", "to_json.js", TO_JSON, ".")
    }),
    Alike::new(
        "npm: prettier over pages",
        &["node", NODE_MODULES],
        |desk| {
            desk.node(
                "prettier/bin/prettier.cjs",
                "--log-level=silent --write **/*.html",
            )
        },
    ),
    Alike::new("npm: svgo over drawings", &["node", NODE_MODULES], |desk| {
        desk.script("mkdir Schemas; for n in $(seq 40); do seq 200 | \
                awk -v n=$n 'BEGIN{print \"<svg xmlns=\\\"http://www.w3.org/2000/svg\\\"  viewBox=\\\"0 0 200 \
                200\\\">\\n  <!-- dent -->\"}{print \"  <circle cx=\\\"\" $1*n%200+0.12345 \"\\\" cy=\\\"\" $1 \
                \"\\\" r=\\\"\" n \"\\\"  fill=\\\"#ff0000\\\"/>\"}END{print \"</svg>\"}' > Schemas/dent-$n.svg; done")?;
        desk.node("svgo/bin/svgo.js", "-q -r -f Schemas")
    }),
    Alike::new(
        "own Java: line ends of all texts",
        &["java", "javac"],
        |desk| desk.own("java", "Nettoie.java", NETTOIE, "."),
    ),
    Alike::new(
        "a game's world, three evenings (Java)",
        &["java", "javac"],
        |desk| {
            for evening in ["Monde 1", "Monde 2", "Monde 3"] {
                desk.own("java", "Monde.java", MONDE, evening)?;
            }
            Ok(())
        },
    ),
    Alike::new(
        "pip: Pillow, made small in place",
        &["python3", VENV],
        |desk| desk.own_in_venv("photos.py", PHOTOS, "small ."),
    ),
    Alike::new(
        "pip: Pillow, WebP, originals deleted",
        &["python3", VENV],
        |desk| desk.own_in_venv("photos.py", PHOTOS, "webp ."),
    ),
    Alike::new("pip: pypdf, all packed anew", &["python3", VENV], |desk| {
        desk.own_in_venv("pdfs.py", PDFS, "pack .")
    }),
    Alike::new(
        "pip: pikepdf, a password on all",
        &["python3", VENV],
        |desk| desk.own_in_venv("pdfs.py", PDFS, "lock ."),
    ),
    Alike::new(
        "pip: pikepdf, joined, originals deleted",
        &["python3", VENV],
        |desk| desk.own_in_venv("pdfs.py", PDFS, "join ."),
    ),
    Alike::new(
        "pip: letters and tables saved again",
        &["python3", VENV],
        |desk| desk.own_in_venv("letters.py", LETTERS, "."),
    ),
    Alike::new(
        "pip: CSV to XLSX, CSV deleted",
        &["python3", VENV],
        |desk| {
            exports(desk)?;
            desk.own_in_venv("to_tables.py", TO_TABLES, ".")
        },
    ),
    Alike::new(
        "pip: one letter saved fifty times",
        &["python3", VENV],
        |desk| {
            let letters = desk.files(".docx", 1)?;
            desk.runs(
                Job::new("cp", &desk.folder())
                    .words(letters)
                    .word("Courrier.docx"),
            )?;
            desk.own_in_venv("autosave.py", AUTOSAVE, "Courrier.docx")
        },
    ),
    Alike::new(
        "pip: Office's password on four letters",
        &["python3", VENV],
        |desk| desk.own_in_venv("passwords.py", PASSWORDS, "Courriers 4"),
    ),
    Alike::new(
        "pip: Office's password on twelve",
        &["python3", VENV],
        |desk| desk.own_in_venv("passwords.py", PASSWORDS, ". 12"),
    ),
    Alike::new("own C: commas to semicolons", &["cc"], |desk| {
        let convert = desk.compiles("convert", CONVERT)?;
        let texts = [
            desk.files(".csv", 100)?,
            desk.files(".txt", 100)?,
            desk.files(".html", 100)?,
        ];
        desk.types_with(&convert, &texts.concat())
    }),
    Alike::new("own C: old exports removed", &["cc"], |desk| {
        let purge = desk.compiles("purge", PURGE_C)?;
        desk.types("cp -r Patients Export")?;
        let exports = desk.files("", 1000)?;
        let exports: Vec<_> = exports
            .into_iter()
            .filter(|path| path.starts_with("Export"))
            .collect();
        desk.types_with(&purge, &exports)
    }),
    Alike::new("own C: accounts, kept twice", &["cc"], |desk| {
        let ledger = desk.compiles("ledger", LEDGER)?;
        for minute in 1..25 {
            desk.types(&format!("{ledger} {minute}"))?;
        }
        Ok(())
    }),
    Alike::new(
        "own C: a program updates itself",
        &["cc", "objcopy"],
        update,
    ),
    Alike::new("make, make clean", &["make", "cc"], |desk| {
        desk.script(
            "mkdir -p outil; cd outil; for n in $(seq 30); do echo \"int f$n(int x){return x*$n;}\" > m$n.c; done; \
             printf 'OBJ=$(patsubst %%.c,%%.o,$(wildcard *.c))\\nlib.a: $(OBJ)\\n\\tar rcs $@ $^\\nclean:\\n\\trm \
             -f *.o lib.a\\n' > Makefile",
        )?;
        for line in [
            "make -s -C outil",
            "make -s -C outil clean",
            "make -s -C outil",
            "make -s -C outil clean",
        ] {
            desk.types(line)?;
        }
        Ok(())
    }),
];

/// Forty tables of a month each, as the practice's program exports them.
fn exports(desk: &mut Desk) -> Result<()> {
    desk.script(
        "mkdir Exports; for m in $(seq 40); do seq 300 | \
         awk -v m=$m 'BEGIN{print \"date;patient;montant\"}{print $1\"/\"m\";Patient \"($1*7919+m)%999\";\"$1%60+25}' \
         > Exports/export-$m.csv; done",
    )
}

/// Sixty programs of a version 1 are replaced by those of version 2.
fn update(desk: &mut Desk) -> Result<()> {
    let update = desk.compiles("majlog", UPDATE)?;
    let home = desk.home().display().to_string();
    desk.script(&format!(
        "mkdir {home}/v1 {home}/v2; i=0; for f in $(find /usr/bin /usr/lib/x86_64-linux-gnu -maxdepth 1 -type f \
        -size -300k -size +8k | sort | head -300); do \
         [ \"$(head -c 4 $f | tail -c 3)\" = ELF ] || continue; i=$((i+1)); [ $i -le 60 ] || break; \
         cp $f {home}/v1/module-$i.so; objcopy --strip-all --add-section .note.v=/etc/hostname $f \
         {home}/v2/module-$i.so || cp $f {home}/v2/module-$i.so; done"
    ))?;
    desk.types(&format!("cp -r {home}/v1 Programme"))?;
    desk.script(&format!("cd Programme && {update} {home}/v2 *.so"))
}

const ANONYMISE: &str = include_str!("own/anonymise.py");
const ATTACHMENTS: &str = include_str!("own/attachments.py");
const AUTOSAVE: &str = include_str!("own/autosave.py");
const BY_DIGEST: &str = include_str!("own/by_digest.py");
const CONVERT: &str = include_str!("own/convert.c");
const LEDGER: &str = include_str!("own/ledger.c");
const LETTERS: &str = include_str!("own/letters.py");
const MAILS: &str = include_str!("own/mails.py");
const MONDE: &str = include_str!("own/Monde.java");
const NETTOIE: &str = include_str!("own/Nettoie.java");
const PASSWORDS: &str = include_str!("own/passwords.py");
const PDFS: &str = include_str!("own/pdfs.py");
const PHOTOS: &str = include_str!("own/photos.py");
const PURGE: &str = include_str!("own/purge.py");
const PURGE_C: &str = include_str!("own/purge.c");
const RMTREE: &str = include_str!("own/rmtree.py");
const ROTATE: &str = include_str!("own/rotate.py");
const TIDY_NAMES: &str = include_str!("own/tidy_names.pl");
const TO_JSON: &str = include_str!("own/to_json.js");
const TO_TABLES: &str = include_str!("own/to_tables.py");
const UPDATE: &str = include_str!("own/update.c");
