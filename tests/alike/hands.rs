//! What people do by hand: give names, move, tidy up, throw away.

use anyhow::Result;
use hygie_testkit::Job;

use crate::desk::Desk;
use crate::table::Alike;
use crate::usual;

pub(crate) const ROWS: &[Alike] = &[
    Alike::new("rename by a pattern", &["file-rename"], |desk| {
        let letters = [desk.files(".docx", 1000)?, desk.files(".pdf", 1000)?].concat();
        let job = Job::new("file-rename", &desk.folder());
        desk.runs(job.word(r"s|([^/]+)$|2026 - $1|").words(&letters))
    }),
    Alike::new("mmv of notes", &["mmv"], |desk| {
        let job = Job::new("mmv", &desk.folder());
        desk.runs(
            job.word("Secrétariat/*.txt")
                .word("Secrétariat/#1 (ancien).txt"),
        )
    }),
    Alike::new("mv one by one", &["mv"], |desk| {
        for (number, path) in desk.files(".jpg", 40)?.into_iter().enumerate() {
            let to = path.with_file_name(format!("Plaie du talon, vue {number}.jpg"));
            desk.types_with("mv", &[path, to])?;
        }
        Ok(())
    }),
    Alike::new("an ending of one's own", &["sh"], |desk| {
        desk.script("find . -name '*.odt' -exec sh -c 'mv \"$1\" \"$1.clos\"' sh {} \\;")
    }),
    Alike::new("sed -i on a few", &["sed"], usual::sed_few),
    Alike::new("sed -i on all texts", &["find", "sed"], usual::sed_all),
    Alike::new("rm -r of an old folder", &["rm"], |desk| {
        desk.types("rm -r Imagerie Comptabilité")
    }),
    Alike::new("rm -r of nearly everything", &["rm"], |desk| {
        desk.types("rm -r Patients Courriers Imagerie Comptabilité")
    }),
    Alike::new("to the trash (trash-cli)", &["trash-put"], |desk| {
        desk.types("trash-put Imagerie")?;
        let letters = [desk.files(".docx", 40)?, desk.files(".pdf", 20)?].concat();
        desk.types_with("trash-put", &letters)
    }),
    Alike::new("to the trash (gio)", &["gio"], |desk| {
        let photos = [desk.files(".jpg", 30)?, desk.files(".png", 10)?].concat();
        desk.types_with("gio trash", &photos)
    }),
    Alike::new("folders moved and copied", &["mv", "cp"], moves),
    Alike::new("moved to another disk", &["mv"], |desk| {
        let job = Job::new("mv Imagerie Comptabilité /tmp/hygie-alike", &desk.folder());
        std::fs::create_dir_all("/tmp/hygie-alike")?;
        let moved = desk.runs(job.as_user(0));
        std::fs::remove_dir_all("/tmp/hygie-alike")?;
        moved
    }),
];

fn moves(desk: &mut Desk) -> Result<()> {
    desk.types("mkdir Archives")?;
    desk.types("mv Imagerie Comptabilité Archives")?;
    desk.types("cp -r Courriers Archives/Courriers-2026")?;
    desk.types("rm -r Courriers")?;
    desk.types("mv Archives/Courriers-2026 Courriers")
}
