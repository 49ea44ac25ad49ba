//! Hostile messages cost bounded memory: each is read with every allocation counted, beside what was handed in.

#![expect(clippy::unwrap_used, reason = "a test may fail where it stands")]

use std::io::{Cursor, Write};

use hygie_phish::{Authenticated, Intel, Memory, Practice, judge, parse};
use peak_alloc::PeakAlloc;

#[global_allocator]
static COUNTED: PeakAlloc = PeakAlloc;

/// What one message may need, over its own bytes.
const MOST: usize = 50 << 20;

#[test]
fn no_message_needs_more_than_fifty_megabytes() {
    let intel = Intel::new(Practice::default());
    let mut above = Vec::new();
    for (name, raw) in hostile() {
        let before = COUNTED.current_usage();
        COUNTED.reset_peak_usage();
        let message = parse::mail(&raw);
        let verdict = judge(&message, Authenticated::Unknown, &intel, &Memory::new(), 0);
        let needed = COUNTED.peak_usage() - before;
        if needed > MOST {
            above.push(format!("{name}: {} MB", needed >> 20));
        }
        assert!((0.0..=1.0).contains(&verdict.score));
    }
    assert!(above.is_empty(), "{above:?}");
}

fn hostile() -> Vec<(&'static str, Vec<u8>)> {
    let head = "From: a@b.example\r\nSubject: x\r\n";
    let coded = "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB\r\n";
    let mixed = format!("{head}Content-Type: multipart/mixed; boundary=x\r\n\r\n");
    let part = |name: &str, content: &[u8]| {
        let mut raw = format!(
            "{mixed}--x\r\nContent-Type: application/octet-stream; name={name}\r\n\
             Content-Disposition: attachment\r\nContent-Transfer-Encoding: binary\r\n\r\n"
        )
        .into_bytes();
        raw.extend(content);
        raw.extend(b"\r\n--x--\r\n");
        raw
    };
    let times = |text: &str, bytes: usize| text.repeat(bytes / text.len());
    vec![
        ("a hundred megabytes", {
            let kind = "Content-Transfer-Encoding: base64\r\n\r\n";
            (head.to_owned() + kind + &times(coded, 100 << 20)).into_bytes()
        }),
        ("a hundred megabytes of page", {
            let kind = "Content-Type: text/html\r\n\r\n";
            (head.to_owned() + kind + &times("<p><a href=https://a.example>x</a>", 100 << 20))
                .into_bytes()
        }),
        ("every reading of sixteen megabytes", {
            let odd = "Content-Type: text/plain; boundary=a; boundary=b\r\nContent-Type: text/html\r\n \r\nX: \0\rY: z\r\n\r\n";
            (head.to_owned() + odd + &times("<b>word</b> ", 16 << 20)).into_bytes()
        }),
        (
            "parts",
            (mixed.clone() + &times("--x\r\nContent-Type: text/html\r\n\r\n<p>x\r\n", 16 << 20))
                .into_bytes(),
        ),
        (
            "headers",
            (times("X-A: b\r\n", 16 << 20) + "\r\nx").into_bytes(),
        ),
        (
            "addresses",
            format!("From: {}\r\n\r\nx", times("a@b.example, ", 8 << 20)).into_bytes(),
        ),
        (
            "messages in messages",
            times("Content-Type: message/rfc822\r\n\r\n", 16 << 20).into_bytes(),
        ),
        ("messages as files in messages as files", nested()),
        (
            "an archive that is a bomb",
            part("a.docm", &bomb("word/vbaProject.bin")),
        ),
        ("an archive of many names", part("a.zip", &many_names())),
        ("a document that is a bomb", part("a.pdf", &document_bomb())),
        ("a picture that is a bomb", part("a.png", &picture())),
        ("an Outlook message of sixteen megabytes", outlook()),
    ]
}

fn nested() -> Vec<u8> {
    let mut inner = b"From: a@b.example\r\nSubject: x\r\n\r\n".to_vec();
    inner.extend(b"word ".repeat(1 << 21));
    for _ in 0..6 {
        let mut outer =
            b"From: a@b.example\r\nContent-Type: application/octet-stream; name=a.eml\r\n\
            Content-Disposition: attachment\r\n\r\n"
                .to_vec();
        outer.extend(inner);
        inner = outer;
    }
    inner
}

fn bomb(name: &str) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    writer.start_file(name, options).unwrap();
    for _ in 0..256 {
        writer.write_all(&vec![0; 1 << 20]).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn many_names() -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for number in 0..50_000 {
        let options = zip::write::SimpleFileOptions::default();
        writer.start_file(format!("{number}.txt"), options).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn document_bomb() -> Vec<u8> {
    let mut document = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n".to_vec();
    let mut writer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    for _ in 0..256 {
        writer.write_all(&vec![b' '; 1 << 20]).unwrap();
    }
    let packed = writer.finish().unwrap();
    for number in 9..12 {
        document.extend(
            format!(
                "{number} 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length {} >>\nstream\n",
                packed.len()
            )
            .bytes(),
        );
        document.extend(&packed);
        document.extend(b"\nendstream\nendobj\n");
    }
    document.extend(b"trailer << /Root 1 0 R >>\n");
    document
}

fn picture() -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image::GrayImage::new(4000, 4000)
        .write_to(&mut bytes, image::ImageFormat::Png)
        .unwrap();
    bytes.into_inner()
}

fn outlook() -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    for (name, content) in [
        ("/__properties_version1.0", vec![0; 32]),
        ("/__substg1.0_10130102", b"<p>word ".repeat(2 << 20)),
    ] {
        file.create_stream(name)
            .unwrap()
            .write_all(&content)
            .unwrap();
    }
    file.flush().unwrap();
    file.into_inner().into_inner()
}
