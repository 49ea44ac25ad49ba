//! Photos, films and DICOM files, changed in place by the batch.

use anyhow::Result;
use hygie_testkit::Job;

use crate::desk::Desk;
use crate::table::Alike;

pub(crate) const ROWS: &[Alike] = &[
    Alike::new("mogrify: turned", &["mogrify"], |desk| {
        let photos = desk.files(".jpg", 1000)?;
        desk.types_with("mogrify -rotate 90", &photos)
    }),
    Alike::new("mogrify: made small", &["mogrify"], |desk| {
        let photos = [desk.files(".jpg", 1000)?, desk.files(".png", 1000)?].concat();
        desk.types_with("mogrify -resize 50% -quality 80", &photos)
    }),
    Alike::new("mogrify: PNG beside, JPEG deleted", &["mogrify"], |desk| {
        let photos = desk.files(".jpg", 1000)?;
        desk.types_with("mogrify -format png", &photos)?;
        desk.types_with("rm", &photos)
    }),
    Alike::new("jpegoptim", &["jpegoptim"], |desk| {
        let photos = desk.files(".jpg", 1000)?;
        desk.types_with("jpegoptim -q -m70 --strip-all", &photos)
    }),
    Alike::new("ffmpeg over films", &["ffmpeg"], films),
    Alike::new("exiftool, originals kept", &["exiftool"], |desk| {
        let photos = desk.files(".jpg", 1000)?;
        desk.types_with("exiftool -q -Comment=Cabinet", &photos)
    }),
    Alike::new("exiftool over the original", &["exiftool"], |desk| {
        let photos = [desk.files(".jpg", 1000)?, desk.files(".pdf", 1000)?].concat();
        desk.types_with(
            "exiftool -q -m -overwrite_original -Author=Cabinet",
            &photos,
        )
    }),
    Alike::new("exiftool in place", &["exiftool"], |desk| {
        let photos = desk.files(".jpg", 1000)?;
        let line = "exiftool -q -overwrite_original_in_place -all= -Artist=Cabinet";
        desk.types_with(line, &photos)
    }),
    Alike::new("dcmodify in place", &["dcmodify"], |desk| {
        let slices = desk.files(".dcm", 1000)?;
        desk.types_with("dcmodify -nb -ie -m 0010,0010=ANONYME^A", &slices)
    }),
    Alike::new("dcmodify, originals kept", &["dcmodify"], |desk| {
        let slices = desk.files(".dcm", 1000)?;
        desk.types_with("dcmodify -ie -m 0010,0010=ANONYME^A", &slices)
    }),
    Alike::new("dcmcrle over the original", &["dcmcrle"], |desk| {
        desk.script("for f in */*.dcm */*/*.dcm; do dcmcrle \"$f\" \"$f.rle\" && mv \"$f.rle\" \"$f\" || rm -f \"$f.rle\"; done")
    }),
    Alike::new("photo import", &["cp", "exiftool", "ffmpeg"], import),
];

/// Twelve films are packed anew beside, then renamed over.
fn films(desk: &mut Desk) -> Result<()> {
    desk.types("mkdir Films")?;
    for number in 0..12 {
        desk.types(&format!(
            "ffmpeg -v error -f lavfi -i testsrc2=size=320x240:rate=10:duration=2 \
             -vf hue=h={}0 -c:v mpeg4 -q:v 3 Films/marche-{number}.mp4",
            number * 3
        ))?;
    }
    desk.script(
        "for f in Films/*.mp4; do ffmpeg -v error -i \"$f\" -c:v libx264 -crf 30 \"$f.neuf.mp4\"; \
         mv \"$f.neuf.mp4\" \"$f\"; done",
    )
}

/// From a card outside: 150 photos, then named by the day on which they were taken.
fn import(desk: &mut Desk) -> Result<()> {
    let job = Job::new("mkdir carte", desk.home());
    desk.runs(job)?;
    let card = desk.home().join("carte");
    let job = Job::new(
        "ffmpeg -v error -f lavfi -i testsrc2=size=640x480:rate=25:duration=6 DSC_%04d.JPG",
        &card,
    );
    desk.runs(job)?;
    let script = "n=0; for f in *.JPG; do n=$((n+1)); touch -d \"2026-03-01 08:00:00 $n minutes\" \"$f\"; done";
    desk.runs(Job::new("sh -e -c", &card).word(script))?;
    desk.runs(Job::new("cp -a", &desk.folder()).word(&card).word("Photos"))?;
    desk.types("exiftool -q -d Photos/%Y-%m-%d_%H-%M%%-c.%%e -FileName<FileModifyDate Photos")
}
