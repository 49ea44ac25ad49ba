//! Tricks that move the trap into something attached; the text around it says nothing.

use std::io::Cursor;

use image::{GrayImage, ImageFormat, Luma};
use qrcode::{Color, QrCode};

use super::disguise::base64;
use super::{Lure, Trick};

pub(super) const TRICKS: &[(&str, Trick)] = &[
    ("in an attached message", |lure| {
        let inner = String::from_utf8_lossy(&lure.with(&lure.page)).into_owned();
        attached(
            lure,
            "message/rfc822",
            "",
            inner.as_bytes(),
            Form::AsIs,
            BLAND,
        )
    }),
    ("in a message attached as a file", |lure| {
        let inner = lure.with(&lure.page);
        attached(
            lure,
            "application/octet-stream",
            "lettre.eml",
            &inner,
            Form::Base64,
            BLAND,
        )
    }),
    ("in an appointment", |lure| {
        let target = &lure.target;
        let meeting = format!(
            "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:Rendez-vous\r\nDESCRIPTION:{target}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
        );
        attached(
            lure,
            "text/calendar",
            "rdv.ics",
            meeting.as_bytes(),
            Form::Base64,
            BLAND,
        )
    }),
    ("in an attached page with a form", |lure| {
        let target = &lure.target;
        let page = format!(
            "<html><body>{}<form action=\"{target}\"><input type=\"password\"></form></body></html>",
            lure.page
        );
        attached(
            lure,
            "text/html",
            "dossier.html",
            page.as_bytes(),
            Form::Base64,
            BLAND,
        )
    }),
    ("in an attached page that unpacks a file", |lure| {
        let page = "<html><script>var b=new Blob([atob('TVqQAA')]);location=URL.createObjectURL(b)</script></html>";
        attached(
            lure,
            "text/html",
            "dossier.html",
            page.as_bytes(),
            Form::Base64,
            BLAND,
        )
    }),
    ("as a code in a picture", |lure| {
        attached(
            lure,
            "image/png",
            "code.png",
            &png(&code(&lure.target)),
            Form::Base64,
            SCAN,
        )
    }),
    ("as a code in a document", |lure| {
        let document = document(&code(&lure.target));
        attached(
            lure,
            "application/pdf",
            "dossier.pdf",
            &document,
            Form::Base64,
            SCAN,
        )
    }),
    ("as a link in a packed document", |lure| {
        let object = format!("4 0 << /A << /S /URI /URI ({}) >> >>", lure.target);
        let mut document =
            b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n".to_vec();
        let packed = zlib(object.as_bytes());
        document.extend(
            format!("9 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length {} >>\nstream\n", packed.len()).bytes(),
        );
        document.extend(packed);
        document.extend(b"\nendstream\nendobj\ntrailer << /Root 1 0 R >>\n");
        attached(
            lure,
            "application/pdf",
            "dossier.pdf",
            &document,
            Form::Base64,
            BLAND,
        )
    }),
    ("in a locked archive, the key in the text", |lure| {
        attached(
            lure,
            "application/zip",
            "dossier.zip",
            &locked(),
            Form::Base64,
            KEY,
        )
    }),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    AsIs,
    Base64,
}

fn attached(lure: &Lure, kind: &str, name: &str, bytes: &[u8], form: Form, text: &str) -> Vec<u8> {
    let heads = &lure.heads;
    let (how, content) = match form {
        Form::AsIs => ("8bit", String::from_utf8_lossy(bytes).into_owned()),
        Form::Base64 => ("base64", base64(bytes)),
    };
    let named = if name.is_empty() {
        String::new()
    } else {
        format!("; name=\"{name}\"\r\nContent-Disposition: attachment; filename=\"{name}\"")
    };
    format!(
        "{heads}MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=qq\r\n\r\n--qq\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n--qq\r\nContent-Type: {kind}{named}\r\n\
         Content-Transfer-Encoding: {how}\r\n\r\n{content}\r\n--qq--\r\n"
    )
    .into_bytes()
}

fn code(target: &str) -> GrayImage {
    let Ok(code) = QrCode::new(target) else {
        return GrayImage::new(1, 1);
    };
    let (side, colors) = (code.width(), code.to_colors());
    let whole = u32::try_from((side + 8) * 4).unwrap_or(1);
    GrayImage::from_fn(whole, whole, |x, y| {
        let (x, y) = ((x / 4) as usize, (y / 4) as usize);
        let inside = (4..side + 4).contains(&x) && (4..side + 4).contains(&y);
        let dark = inside && colors.get((y - 4) * side + x - 4) == Some(&Color::Dark);
        Luma([if dark { 0 } else { 255 }])
    })
}

fn png(picture: &GrayImage) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    // Into memory: there is nothing that could fail.
    let _ = picture.write_to(&mut bytes, ImageFormat::Png);
    bytes.into_inner()
}

fn document(picture: &GrayImage) -> Vec<u8> {
    let packed = zlib(picture.as_raw());
    let mut document =
        b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n4 0 obj\n".to_vec();
    document.extend(
        format!(
            "<< /Subtype /Image /Width {} /Height {} /BitsPerComponent 8 /ColorSpace /DeviceGray /Filter /FlateDecode \
             /Length {} >>\nstream\n",
            picture.width(),
            picture.height(),
            packed.len()
        )
        .bytes(),
    );
    document.extend(packed);
    document.extend(b"\nendstream\nendobj\ntrailer << /Root 1 0 R >>\n");
    document
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write as _;
    let mut writer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    let _ = writer.write_all(bytes);
    writer.finish().unwrap_or_default()
}

/// One file in a zip, with the flag that says that it is encrypted.
fn locked() -> Vec<u8> {
    let name = b"dossier.exe";
    let mut local = b"PK\x03\x04\x14\0\x01\0\0\0\0\0\0\0".to_vec();
    let mut table = b"PK\x01\x02\x14\0\x14\0\x01\0\0\0\0\0\0\0".to_vec();
    let sizes = [0, 0, 0, 0, 16, 0, 0, 0, 16, 0, 0, 0, 11, 0, 0, 0];
    local.extend(sizes);
    local.extend(name);
    local.extend([0x5a; 16]);
    table.extend(sizes);
    table.extend([0; 14]);
    table.extend(name);
    let at = u8::try_from(local.len()).unwrap_or(0);
    let size = u8::try_from(table.len()).unwrap_or(0);
    let mut end = b"PK\x05\x06\0\0\0\0\x01\0\x01\0".to_vec();
    end.extend([size, 0, 0, 0, at, 0, 0, 0, 0, 0]);
    [local, table, end].concat()
}

const BLAND: &str = "Bonjour,\r\nVous trouverez le document en pièce jointe.\r\nCordialement";
const SCAN: &str = "Bonjour,\r\nMerci de scanner le code en pièce jointe.\r\nCordialement";
const KEY: &str =
    "Bonjour,\r\nLe document est en pièce jointe. Mot de passe : 4821\r\nCordialement";
