//! Programs of a desk: scans and photos, editors, a browser, an office, an archive of images.

use anyhow::Result;
use hygie_testkit::Job;

use crate::desk::Desk;
use crate::table::Alike;

pub(crate) const ROWS: &[Alike] = &[
    Alike::new("Ghostscript: all PDF made small", &["gs"], |desk| {
        desk.script(
            "find . -name '*.pdf' | while read -r f; do gs -q -sDEVICE=pdfwrite -dPDFSETTINGS=/ebook \
             -o \"$f.petit\" \"$f\" && mv \"$f.petit\" \"$f\"; done",
        )
    }),
    Alike::new("scans of the day into one PDF", &["img2pdf"], |desk| {
        let scans = desk.files(".jpg", 20)?;
        let job = Job::new("img2pdf --rotation=ifvalid -o scans.pdf", &desk.folder());
        desk.runs(job.words(&scans))?;
        desk.types_with("rm", &scans)
    }),
    Alike::new(
        "HEIC to JPEG, HEIC deleted",
        &["heif-enc", "heif-convert"],
        |desk| {
            desk.types("mkdir Telephone")?;
            desk.script(
                "n=0; find . -name '*.jpg' | head -12 | while read -r f; do n=$((n+1)); \
                heif-enc -q 50 -p preset=ultrafast -o Telephone/IMG_$n.heic \"$f\"; done",
            )?;
            desk.script("cd Telephone; for f in *.heic; do heif-convert \"$f\" \"${f%.heic}.jpg\" && rm \"$f\"; done")
        },
    ),
    Alike::new("JPEG and PNG to WebP, deleted", &["cwebp"], |desk| {
        desk.script(
            "find . -name '*.jpg' -o -name '*.png' | while read -r f; \
            do cwebp -quiet \"$f\" -o \"${f%.*}.webp\" && rm \"$f\"; done",
        )
    }),
    Alike::new(
        "pngquant and optipng in place",
        &["pngquant", "optipng"],
        |desk| {
            let shots = desk.files(".png", 100)?;
            desk.types_with("pngquant --force --ext .png --", &shots)?;
            desk.types_with("optipng -quiet -o1", &shots)
        },
    ),
    Alike::new("photos named by date (jhead)", &["jhead"], |desk| {
        let photos = desk.files(".jpg", 100)?;
        desk.types_with("jhead -q -n%Y%m%d-%H%M%S", &photos)
    }),
    Alike::new("dictations to Opus, WAV deleted", &["ffmpeg"], |desk| {
        desk.types("mkdir Dictees")?;
        desk.script(
            "for n in $(seq 30); do ffmpeg -v error -f lavfi -i \
            \"anoisesrc=d=4:a=0.2:seed=$n,lowpass=f=${n}00\" -ar 16000 Dictees/d-$n.wav; done",
        )?;
        desk.script("cd Dictees; for f in *.wav; do ffmpeg -v error -i \"$f\" \"${f%.wav}.opus\" && rm \"$f\"; done")
    }),
    Alike::new("pdftk: a password, mv over", &["pdftk"], |desk| {
        desk.script(
            "find . -name '*.pdf' | head -15 | while read -r f; \
            do pdftk \"$f\" output \"$f.p\" user_pw cabinet && mv \"$f.p\" \"$f\"; done",
        )
    }),
    Alike::new(
        "OCR over scans (ocrmypdf)",
        &["ocrmypdf", "img2pdf", "tesseract"],
        |desk| {
            desk.types("mkdir Scans")?;
            desk.script(
                "n=0; find . -name '*.jpg' | head -4 | while read -r f; do n=$((n+1)); \
                img2pdf --rotation=ifvalid -o Scans/scan-$n.pdf \"$f\"; done",
            )?;
            desk.script("for f in Scans/*.pdf; do ocrmypdf -q --image-dpi 150 --jobs 1 --tesseract-timeout 20 \
                \"$f\" \"$f\"; done")
        },
    ),
    Alike::new("metadata taken out (mat2 --inplace)", &["mat2"], |desk| {
        let files = [
            desk.files(".jpg", 30)?,
            desk.files(".docx", 30)?,
            desk.files(".png", 20)?,
        ];
        desk.types_with("mat2 --inplace --unknown-members omit", &files.concat())
    }),
    Alike::new("vim over fifteen notes", &["vim"], |desk| {
        let notes = [desk.files(".txt", 15)?, desk.files(".xml", 8)?].concat();
        for path in notes {
            let job = Job::new("vim -es -u NONE", &desk.folder());
            let job = job.words(["-c", "set backup writebackup swapfile"]);
            desk.runs(job.words(["-c", "%s/e/E/g", "-c", "wq"]).word(path).or(1))?;
        }
        Ok(())
    }),
    Alike::new("Emacs over fifteen notes", &["emacs"], |desk| {
        let notes = [desk.files(".txt", 15)?, desk.files(".csv", 8)?].concat();
        let lisp = "(dolist (f command-line-args-left) (find-file f) (goto-char (point-min)) (insert \"Revu\\n\") \
        (save-buffer))";
        let job = Job::new("emacs --batch --eval", &desk.folder()).word(lisp);
        desk.runs(job.words(notes.iter().map(|path| desk_path(desk, path))))
    }),
    Alike::new(
        "LibreOffice: ODS and XLSX to CSV, deleted",
        &["soffice"],
        |desk| {
            let tables = [desk.files(".ods", 20)?, desk.files(".xlsx", 20)?].concat();
            let profile = format!(
                "-env:UserInstallation=file://{}/office",
                desk.home().display()
            );
            let job = Job::new("soffice --headless", &desk.folder()).word(profile);
            let job = job.words(["--convert-to", "csv", "--outdir", "Tables"]);
            desk.runs(job.words(&tables))?;
            desk.types_with("rm", &tables)
        },
    ),
    Alike::new("a browser's profile (Firefox)", &["firefox-esr"], |desk| {
        desk.types("mkdir Profil")?;
        let pages = desk.files(".html", 3)?;
        for page in pages {
            let url = format!("file://{}", desk.folder().join(page).display());
            let line = "firefox-esr --headless --no-remote --profile Profil --screenshot page.png";
            desk.runs(Job::new(line, &desk.folder()).word(url))?;
        }
        Ok(())
    }),
    Alike::new(
        "60 DICOM imported, index rewritten",
        &["dcmmkdir", "dcmodify"],
        dicom,
    ),
    Alike::new(
        "a virtual disk (mkfs, debugfs)",
        &["mkfs.ext4", "debugfs"],
        |desk| {
            desk.script(
            "truncate -s 64M disque.img; mkfs.ext4 -q -F disque.img; n=0; find . -name '*.pdf' -o -name '*.jpg' | \
            head -40 | \
             while read -r f; do n=$((n+1)); cp \"$f\" /tmp/hygie-dbg.$$; \
             debugfs -w -R \"write /tmp/hygie-dbg.$$ f$n\" disque.img 2>/dev/null; done; rm -f /tmp/hygie-dbg.$$",
        )
        },
    ),
];

/// As a viewer of dental images does: each goes into a folder by number, and the index is written anew.
fn dicom(desk: &mut Desk) -> Result<()> {
    desk.script(
        "mkdir -p Radios/IMAGES; n=0; for r in 1 2 3 4; do find . -name '*.dcm' -not -path './Radios/*' | \
        head -15 | while read -r f; do \
         n=$((n+1)); cp \"$f\" Radios/IMAGES/I$r$n; dcmodify -nb -ie -gin Radios/IMAGES/I$r$n; done; done",
    )?;
    desk.script(
        "cd Radios; f=+I; for i in IMAGES/*; do dcmmkdir -q -Pgp $f \"$i\"; f='+I +A'; done",
    )
}

fn desk_path(desk: &Desk, path: &std::path::Path) -> std::path::PathBuf {
    desk.folder().join(path)
}
