//! Messages as Outlook keeps them, written here, in the letters of several countries, and broken ones.

use std::io::Write;

use proptest::prelude::*;

use super::*;
use crate::message::{By, Is};
use crate::parse::read_mail;

/// A message that is being written.
pub(crate) struct Writer {
    file: CompoundFile<Cursor<Vec<u8>>>,
}

impl Writer {
    pub(crate) fn new() -> Self {
        let file = CompoundFile::create(Cursor::new(Vec::new())).unwrap();
        let mut writer = Self { file };
        writer.fixed(ROOT, TOP, &[]);
        writer
    }

    pub(crate) fn put(&mut self, at: &str, id: u16, kind: u16, bytes: &[u8]) -> &mut Self {
        let path = format!("{at}__substg1.0_{id:04X}{kind:04X}");
        self.file
            .create_stream(path)
            .unwrap()
            .write_all(bytes)
            .unwrap();
        self
    }

    pub(crate) fn text(&mut self, at: &str, id: u16, text: &str) -> &mut Self {
        let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        self.put(at, id, UNICODE, &wide)
    }

    fn fixed(&mut self, at: &str, head: usize, values: &[(u16, u64)]) -> &mut Self {
        let mut bytes = vec![0; head];
        for (id, value) in values {
            bytes.extend([3, 0]);
            bytes.extend(id.to_le_bytes());
            bytes.extend([6, 0, 0, 0]);
            bytes.extend(value.to_le_bytes());
        }
        let path = format!("{at}{PROPERTIES}");
        self.file
            .create_stream(path)
            .unwrap()
            .write_all(&bytes)
            .unwrap();
        self
    }

    pub(crate) fn folder(&mut self, at: &str) -> &mut Self {
        self.file.create_storage(at).unwrap();
        self
    }

    pub(crate) fn done(self) -> Vec<u8> {
        let mut file = self.file;
        file.flush().unwrap();
        file.into_inner().into_inner()
    }
}

fn ordinary() -> Writer {
    let mut writer = Writer::new();
    writer
        .text(ROOT, SUBJECT, "Été : votre bilan")
        .text(ROOT, AUTHOR.name, "Zoé Petit")
        .text(ROOT, AUTHOR.address, "/O=LABO/OU=EX/CN=RECIPIENTS/CN=ZOE")
        .text(ROOT, AUTHOR.smtp, "zoe@labo.example")
        .text(ROOT, BODY, "Bonjour, voir https://labo.example/r");
    writer
}

fn read_of(writer: Writer) -> Mail {
    read_mail(&writer.done())
}

#[test]
fn a_message_of_the_same_house_has_no_headers_and_is_read() {
    let mut writer = ordinary();
    let to = "/__recip_version1.0_#00000000/";
    writer.folder(to).text(to, RECEIVER.name, "Accueil").text(
        to,
        RECEIVER.smtp,
        "accueil@cabinet.example",
    );
    let mail = read_of(writer);
    assert_eq!(mail.from[0].name, "Zoé Petit");
    assert_eq!(mail.from[0].address, "zoe@labo.example");
    assert_eq!(mail.to[0].address, "accueil@cabinet.example");
    assert_eq!(mail.subject, "Été : votre bilan");
    assert_eq!(mail.bodies[0].links[0].target, "https://labo.example/r");
    assert!(mail.oddities.is_empty(), "{:?}", mail.oddities);
}

#[test]
fn headers_that_travelled_are_read_as_a_mail_s_own() {
    let mut writer = Writer::new();
    writer.text(
        ROOT,
        HEADERS,
        "Microsoft Mail Internet Headers Version 2.0\r\nReceived: from x by y\r\nFrom: =?utf-8?q?Zo=C3=A9?= <zoe@labo.example>\r\n\
         To: a@cabinet.example\r\nReply-To: z@other.example\r\nReturn-Path: <b@bounce.example>\r\nIn-Reply-To: <1@b>\r\n\
         Date: Mon, 30 Nov 2026 10:00:00 +0100\r\nContent-Type: multipart/alternative; boundary=x\r\nSubject: Bilan\r\n\r\n",
    );
    writer
        .text(ROOT, SUBJECT, "Bilan")
        .text(ROOT, AUTHOR.name, "Zoé")
        .text(ROOT, AUTHOR.smtp, "ZOE@labo.example");
    let mail = read_of(writer);
    assert_eq!(
        (mail.from.len(), &*mail.from[0].address),
        (1, "zoe@labo.example")
    );
    assert_eq!(mail.reply_to[0].address, "z@other.example");
    assert_eq!(mail.return_path.as_deref(), Some("b@bounce.example"));
    assert_eq!((mail.answers, mail.date), (true, Some(1_796_029_200)));
    assert!(mail.oddities.is_empty(), "{:?}", mail.oddities);
}

#[test]
fn a_sender_who_is_shown_and_one_who_travelled_are_both_kept() {
    let mut writer = Writer::new();
    writer
        .text(
            ROOT,
            HEADERS,
            "From: Ameli <a@trap.example>\r\nSubject: x\r\n",
        )
        .text(ROOT, AUTHOR.name, "Ameli")
        .text(ROOT, AUTHOR.smtp, "contact@assurance-maladie.fr");
    let mail = read_of(writer);
    let from: Vec<&str> = mail.from.iter().map(|one| &*one.address).collect();
    assert_eq!(from, ["contact@assurance-maladie.fr", "a@trap.example"]);
    assert_eq!(mail.oddities, [Oddity::TwiceSaid]);
}

#[test]
fn letters_of_other_countries_are_read_by_their_number() {
    for (code, bytes, text) in [
        (1252, &b"\xc9t\xe9 \x80"[..], "Été €"),
        (1251, b"\xcf\xf0\xe8\xe2\xe5\xf2", "Привет"),
        (932, b"\x93\xfa\x96{", "日本"),
        (65001, "Été".as_bytes(), "Été"),
        (28605, b"\xa4", "€"),
        (0, b"\xe9", "é"),
        (99_999, b"\xe9", "é"),
    ] {
        let mut writer = Writer::new();
        writer
            .file
            .remove_stream(format!("{ROOT}{PROPERTIES}"))
            .unwrap();
        writer
            .fixed(
                ROOT,
                TOP,
                &[(MESSAGE_CODE, code), (SUBMITTED, 134_405_028_000_000_000)],
            )
            .put(ROOT, SUBJECT, NARROW, bytes)
            .put(ROOT, BODY, NARROW, bytes)
            .put(ROOT, AUTHOR.address, NARROW, b"a@b.example");
        let mail = read_of(writer);
        assert_eq!(mail.subject, text, "{code}");
        assert_eq!(mail.bodies[0].text, text, "{code}");
        assert_eq!(mail.date, Some(1_796_029_200));
    }
}

#[test]
fn each_form_of_the_text_is_read_and_the_same_page_once() {
    let page = "<p>Votre carte expire</p><a href=https://a.example/x>Voir</a>";
    let rtf = |page: &str| {
        let rtf = format!("{{\\rtf1\\ansi\\fromhtml1 {{\\*\\htmltag64 {page}}}}}");
        compressed_rtf::compress_rtf(&rtf).unwrap()
    };
    let mut writer = ordinary();
    writer
        .put(ROOT, HTML, BINARY, page.as_bytes())
        .put(ROOT, RTF, BINARY, &rtf(page));
    let mail = read_of(writer);
    assert_eq!(mail.bodies.len(), 2, "{:?}", mail.bodies);
    assert_eq!(mail.bodies[0].links[0].target, "https://a.example/x");
    assert!(mail.bodies[1].text.starts_with("Bonjour"));
    let mut writer = ordinary();
    writer.put(ROOT, HTML, BINARY, page.as_bytes()).put(
        ROOT,
        RTF,
        BINARY,
        &rtf("<a href=https://other.example>Voir</a>"),
    );
    let mail = read_of(writer);
    let targets: Vec<&str> = mail
        .bodies
        .iter()
        .map(|body| &*body.links[0].target)
        .collect();
    assert_eq!(
        targets,
        [
            "https://a.example/x",
            "https://other.example",
            "https://labo.example/r"
        ]
    );
}

#[test]
fn files_and_messages_within_are_kept() {
    let mut writer = ordinary();
    let at = |number: usize| format!("/__attach_version1.0_#{number:08X}/");
    let (file, inner, eml) = (at(0), at(1), at(2));
    let embedded = format!("{inner}__substg1.0_3701000D/");
    writer
        .folder(&file)
        .text(&file, LONG_NAME, "facture.pdf.exe")
        .put(&file, DATA, BINARY, b"MZ\x90\0");
    writer.folder(&inner).folder(&embedded);
    writer
        .fixed(&embedded, EMBEDDED, &[])
        .text(&embedded, SUBJECT, "inner")
        .text(&embedded, BODY, "inner words");
    writer.folder(&eml).text(&eml, NAME, "lettre.eml").put(
        &eml,
        DATA,
        BINARY,
        b"Subject: deeper\r\n\r\ndeeper words",
    );
    let whole = writer.done();
    let mail = read_mail(&whole);
    assert_eq!(mail.files.len(), 1);
    assert_eq!(
        (&*mail.files[0].name, mail.files[0].is),
        ("facture.pdf.exe", Is::Program)
    );
    let subjects: Vec<&str> = mail.attached.iter().map(|one| &*one.subject).collect();
    assert_eq!(subjects, ["inner", "deeper"]);
    assert_eq!(mail.attached[0].bodies[0].text, "inner words");
    // And the whole as something attached to a mail that travelled.
    let mut raw = b"From: a@b.example\r\nContent-Type: application/vnd.ms-outlook; name=x.msg\r\n\
                    Content-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        .to_vec();
    raw.extend(base64(&whole));
    let mail = read_mail(&raw);
    assert_eq!(mail.attached[0].subject, "Été : votre bilan");
    assert_eq!(mail.attached[0].attached.len(), 2);
}

fn base64(bytes: &[u8]) -> Vec<u8> {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = Vec::new();
    for three in bytes.chunks(3) {
        let number = three
            .iter()
            .fold(0_u32, |sum, byte| sum << 8 | u32::from(*byte));
        let number = number << (8 * (3 - three.len()));
        for at in 0..4 {
            let letter = LETTERS[(number >> (18 - 6 * at)) as usize & 63];
            text.push(if at <= three.len() { letter } else { b'=' });
        }
        if text.len() % 78 == 76 {
            text.extend(b"\r\n");
        }
    }
    text
}

#[test]
fn where_an_answer_would_go_is_read() {
    let entry = |wide: bool| {
        let words = "Zoé\0SMTP\0z@other.example\0";
        let mut entry = vec![0; 4];
        entry.extend(ONE_OFF);
        entry.extend([0, 0, 1, if wide { 0x90 } else { 0x10 }]);
        if wide {
            entry.extend(words.encode_utf16().flat_map(u16::to_le_bytes));
        } else {
            entry.extend(encoding_rs::WINDOWS_1252.encode(words).0.as_ref());
        }
        entry
    };
    let mut list = vec![2, 0, 0, 0, 0, 0, 0, 0];
    for entry in [entry(true), entry(false)] {
        list.extend(u32::try_from(entry.len()).unwrap().to_le_bytes());
        list.extend(&entry);
        list.resize(8 + (list.len() - 8).next_multiple_of(4), 0);
    }
    let people = one_offs(&list);
    assert_eq!(people.len(), 2, "{people:?}");
    assert!(
        people
            .iter()
            .all(|one| one.name == "Zoé" && one.address == "z@other.example")
    );
    for cut in 0..list.len() {
        one_offs(&list[..cut]);
    }
}

#[test]
fn other_compound_files_and_broken_ones_are_no_messages() {
    let mut other = CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    other.create_stream("/WordDocument").unwrap();
    other.flush().unwrap();
    assert!(!is_message(&other.into_inner().into_inner()));
    let whole = ordinary().done();
    assert!(is_message(&whole));
    for cut in (0..whole.len()).step_by(97) {
        let _ = read_mail(&whole[..cut]);
    }
}

#[test]
fn messages_in_messages_end_here_too() {
    let mut writer = ordinary();
    let mut at = ROOT.to_owned();
    for _ in 0..bounds::DEPTH + 3 {
        at = format!("{at}__attach_version1.0_#00000000/");
        writer.folder(&at);
        at = format!("{at}__substg1.0_3701000D/");
        writer
            .folder(&at)
            .fixed(&at, EMBEDDED, &[])
            .text(&at, SUBJECT, "x");
    }
    let mail = read_of(writer);
    assert!(mail.oddities.contains(&Oddity::TooDeep));
}

#[test]
fn a_text_in_plain_rtf_alone_is_read() {
    let mut writer = Writer::new();
    let rtf =
        r#"{\rtf1\ansi Bonjour {\field{\*\fldinst{HYPERLINK "https://b.example"}}{\fldrslt ici}}}"#;
    writer.put(
        ROOT,
        RTF,
        BINARY,
        &compressed_rtf::compress_rtf(rtf).unwrap(),
    );
    let mail = read_of(writer);
    assert_eq!(mail.bodies[0].text, "Bonjour ici");
    assert_eq!(
        (&*mail.bodies[0].links[0].target, mail.bodies[0].links[0].by),
        ("https://b.example", By::Anchor)
    );
}

#[test]
#[ignore = "writes the seeds of the fuzz target"]
fn seeds() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/seeds/outlook");
    std::fs::create_dir_all(folder).unwrap();
    let mut writer = ordinary();
    let at = "/__attach_version1.0_#00000000/";
    let rtf = r#"{\rtf1\ansi\fromhtml1 {\*\htmltag64 <p>}x\u8364?\'e9{\field{\*\fldinst{HYPERLINK "https://b.example"}}{\fldrslt y}}}"#;
    writer
        .folder(at)
        .text(at, LONG_NAME, "a.eml")
        .put(at, DATA, BINARY, b"Subject: x\r\n\r\ny")
        .put(ROOT, HTML, BINARY, b"<p>x</p>")
        .put(
            ROOT,
            RTF,
            BINARY,
            &compressed_rtf::compress_rtf(rtf).unwrap(),
        )
        .text(ROOT, HEADERS, "From: a@b.example\r\n");
    std::fs::write(format!("{folder}/whole"), writer.done()).unwrap();
    std::fs::write(format!("{folder}/plain"), ordinary().done()).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig { fork: false, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn any_broken_message_is_read(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20)) {
        let mut raw = ordinary().done();
        for (at, byte) in changes {
            let at = at.index(raw.len());
            raw[at] = byte;
        }
        let _ = read_mail(&raw);
    }
}
