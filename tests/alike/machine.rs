//! What runs beside people: indexes, scanners, upgrades, builds, logs.

use anyhow::Result;
use hygie_testkit::Job;

use crate::desk::Desk;
use crate::table::Alike;
use crate::usual;

pub(crate) const ROWS: &[Alike] = &[
    Alike::new("find and grep over all", &["find", "grep"], usual::search),
    Alike::new("a full index (recoll)", &["recollindex"], index),
    Alike::new("an antivirus (clamscan)", &["clamscan"], scan),
    Alike::new(
        "a package upgrade (dpkg)",
        &["dpkg", "dpkg-deb", "objcopy"],
        upgrade,
    ),
    Alike::new("logs rotated (logrotate)", &["logrotate"], rotate),
    Alike::new("a Rust build (cargo)", &["cargo", "rustc"], |desk| {
        build(desk, "cargo", "rustc")
    }),
    Alike::new(
        "the same, from no package",
        &["cargo", "rustc"],
        build_unknown,
    ),
    Alike::new("git: branches, checkout, gc", &["git"], usual::git),
];

/// The index lies in the protected folder too.
fn index(desk: &mut Desk) -> Result<()> {
    let settings = desk.folder().join(".recoll");
    std::fs::create_dir(&settings)?;
    let top = format!("topdirs = {}\n", desk.folder().display());
    std::fs::write(settings.join("recoll.conf"), top)?;
    desk.runs(Job::new("chown -R 4321:4321 .recoll", &desk.folder()).as_user(0))?;
    desk.types("recollindex -c .recoll -z")?;
    usual::sed_few(desk)?;
    desk.types("recollindex -c .recoll")
}

fn scan(desk: &mut Desk) -> Result<()> {
    let rules = desk.home().join("essai.ndb");
    std::fs::write(
        &rules,
        "Essai.Test:0:*:4859474945204445204c27455353414920\n",
    )?;
    let job = Job::new("clamscan -r --quiet --no-summary -d", &desk.folder());
    desk.runs(job.word(&rules).word("."))
}

/// A hundred and twenty files of a program are replaced by those of a newer version: the same programs, built anew
/// without their symbols and with a note of the version.
fn upgrade(desk: &mut Desk) -> Result<()> {
    desk.types("mkdir -p Logiciel/var/lib/dpkg/updates Logiciel/var/lib/dpkg/info")?;
    desk.types("touch Logiciel/var/lib/dpkg/status Logiciel/var/lib/dpkg/available")?;
    for version in ["1.0", "2.0"] {
        let script = PACKAGE
            .replace("HOME", &desk.home().display().to_string())
            .replace("VERSION", version);
        desk.script(&script)?;
        let deb = desk.home().join(format!("cabinet-{version}.deb"));
        let line = "dpkg --root=Logiciel --force-not-root --force-bad-path --log=/dev/null -i";
        let job = Job::new(line, &desk.folder()).as_user(0);
        desk.runs(job.word(&deb))?;
    }
    Ok(())
}

const PACKAGE: &str = "
p=HOME/paquet-VERSION
mkdir -p $p/DEBIAN $p/opt/cabinet/lib $p/opt/cabinet/doc
printf 'Package: cabinet\\nVersion: VERSION\\nArchitecture: all\\nMaintainer: essai <e@exemple.example>\\nDescription: essai\\n' > $p/DEBIAN/control
i=0
for f in $(find /usr/bin /usr/lib/x86_64-linux-gnu -maxdepth 1 -type f -size -300k -size +8k | sort | head -400); do
  [ \"$(head -c 4 $f | tail -c 3)\" = ELF ] || continue
  i=$((i+1)); [ $i -le 120 ] || break
  cp $f $p/opt/cabinet/lib/module-$i.so
  if [ VERSION = 2.0 ]; then
    objcopy --strip-all --add-section .note.version=$p/DEBIAN/control $p/opt/cabinet/lib/module-$i.so || true
  fi
  printf 'Version VERSION\\n' | cat - /usr/share/common-licenses/BSD > $p/opt/cabinet/doc/licence-$i.txt
done
dpkg-deb --root-owner-group -Zgzip --build $p HOME/cabinet-VERSION.deb
";

fn rotate(desk: &mut Desk) -> Result<()> {
    let (logs, home) = (desk.folder().join("journaux"), desk.home().to_owned());
    let settings = format!(
        "{}/*.log {{\n rotate 3\n compress\n missingok\n}}\n",
        logs.display()
    );
    std::fs::write(home.join("logrotate.conf"), settings)?;
    desk.types("mkdir journaux")?;
    for _week in 0..5 {
        desk.script(
            "for s in $(seq 1 12); do seq 1 4000 | sed \"s/^/ligne $s $(date +%N) /\" > journaux/service-$s.log; done",
        )?;
        let job = Job::new("logrotate -f -s", &home).word(home.join("logrotate.state"));
        desk.runs(job.word(home.join("logrotate.conf")))?;
    }
    Ok(())
}

/// Built, changed, built again, cleaned.
fn build(desk: &mut Desk, cargo: &str, rustc: &str) -> Result<()> {
    let source = "mod a;\nfn main() { println!(\"{}\", a::sum()); }\n";
    desk.types("mkdir -p outil/src")?;
    let write = |desk: &mut Desk, path: &str, text: &str| {
        desk.runs(
            Job::new("cp /dev/stdin", &desk.folder())
                .word(path)
                .typing(text),
        )
    };
    write(
        desk,
        "outil/Cargo.toml",
        "[package]\nname = \"outil\"\nversion = \"0.1.0\"\nedition = \"2021\"\n",
    )?;
    write(
        desk,
        "outil/build.rs",
        "fn main() { println!(\"cargo:rerun-if-changed=build.rs\"); }\n",
    )?;
    write(desk, "outil/src/main.rs", source)?;
    for number in 0..4 {
        let text = format!("pub fn sum() -> u64 {{ (0..{number}00u64).map(|x| x * x).sum() }}\n");
        write(desk, "outil/src/a.rs", &text)?;
        for profile in ["", " --release"] {
            let line = format!(
                "env RUSTC={rustc} {cargo} build -q --offline --manifest-path outil/Cargo.toml{profile}"
            );
            desk.types(&line)?;
        }
    }
    let line =
        format!("env RUSTC={rustc} {cargo} clean -q --offline --manifest-path outil/Cargo.toml");
    desk.types(&line)
}

/// As of rustup: in the person's home, known to no package manager.
fn build_unknown(desk: &mut Desk) -> Result<()> {
    let bin = desk.home().join("bin");
    desk.runs(Job::new("mkdir", desk.home()).word(&bin))?;
    desk.runs(Job::new("cp /usr/bin/cargo /usr/bin/rustc", desk.home()).word(&bin))?;
    let own = |name: &str| bin.join(name).display().to_string();
    let wrapper = bin.join("rustc-ici");
    let text = format!("#!/bin/sh\nexec {} --sysroot /usr \"$@\"\n", own("rustc"));
    std::fs::write(&wrapper, text)?;
    desk.runs(Job::new("chmod 755", desk.home()).as_user(0).word(&wrapper))?;
    build(desk, &own("cargo"), &own("rustc-ici"))
}
