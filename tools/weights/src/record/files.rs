//! The files of a practice in their real formats: small, made up, and different from one another.

use std::io::Cursor;

use image::{ExtendedColorType, ImageEncoder, codecs::jpeg::JpegEncoder, codecs::png::PngEncoder};
use miniz_oxide::deflate::{compress_to_vec, compress_to_vec_zlib};

use super::cipher::Chance;

/// French sentences about nobody.
pub(super) fn prose(chance: &mut Chance, words: usize) -> String {
    let mut text = String::new();
    for word in 0..words {
        text.push_str(chance.pick(WORDS));
        match chance.below(12) {
            0 => text.push_str(".\n"),
            1 => text.push_str(&format!(" {} ", chance.below(2000))),
            _ => text.push(' '),
        }
        if word % 60 == 59 {
            text.push('\n');
        }
    }
    text
}

pub(super) fn table(chance: &mut Chance, rows: usize) -> String {
    let mut text = "date;code;montant;praticien;libelle\n".to_owned();
    for row in 0..rows {
        text.push_str(&format!(
            "2024-{:02}-{:02};{};{},{:02};DR{};{}\n",
            1 + row % 12,
            1 + chance.below(28),
            chance.pick(WORDS),
            chance.below(300),
            chance.below(100),
            chance.below(9),
            chance.pick(WORDS)
        ));
    }
    text
}

/// An OpenDocument text, or an Office Open XML workbook.
pub(super) fn office(chance: &mut Chance, words: usize, picture: bool) -> Vec<u8> {
    let body = format!(
        "<?xml version=\"1.0\"?><office:document-content><text:p>{}</text:p></office:document-content>",
        prose(chance, words)
    );
    let styles = format!(
        "<?xml version=\"1.0\"?><office:styles>{}</office:styles>",
        table(chance, 30)
    );
    let mut entries = vec![
        (
            "mimetype".to_owned(),
            b"application/vnd.oasis.opendocument.text".to_vec(),
            true,
        ),
        ("content.xml".to_owned(), body.into_bytes(), false),
        ("styles.xml".to_owned(), styles.into_bytes(), false),
    ];
    if picture {
        entries.push(("Pictures/1.jpg".to_owned(), photo(chance, 160, 80), true));
    }
    zip(&entries)
}

/// A ZIP; the last of each entry says whether it is only stored.
pub(super) fn zip(entries: &[(String, Vec<u8>, bool)]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (name, bytes, stored) in entries {
        let packed = if *stored {
            bytes.clone()
        } else {
            compress_to_vec(bytes, 6)
        };
        let mut common = vec![
            20,
            0,
            0,
            0,
            if *stored { 0 } else { 8 },
            0,
            0,
            0,
            0x21,
            0x58,
        ];
        common.extend(crc(bytes).to_le_bytes());
        common.extend(le(packed.len()));
        common.extend(le(bytes.len()));
        common.extend(&le(name.len())[..2]);
        common.extend([0, 0]);
        directory.extend(b"PK\x01\x02\x14\0");
        directory.extend(&common);
        directory.extend([0; 10]);
        directory.extend(le(out.len()));
        directory.extend(name.as_bytes());
        out.extend(b"PK\x03\x04");
        out.extend(&common);
        out.extend(name.as_bytes());
        out.extend(packed);
    }
    let start = out.len();
    out.extend(&directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend(&le(entries.len())[..2]);
    out.extend(&le(entries.len())[..2]);
    out.extend(le(directory.len()));
    out.extend(le(start));
    out.extend([0, 0]);
    out
}

/// A PDF of some pages; packed as most are, or not.
pub(super) fn pdf(chance: &mut Chance, pages: usize, packed: bool) -> Vec<u8> {
    let mut out = b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n".to_vec();
    let mut places = Vec::new();
    for page in 0..pages {
        places.push(out.len());
        let text = format!("BT /F1 11 Tf 50 780 Td ({}) Tj ET", prose(chance, 350));
        let (body, filter) = if packed {
            (
                compress_to_vec_zlib(text.as_bytes(), 6),
                "/Filter /FlateDecode ",
            )
        } else {
            (text.into_bytes(), "")
        };
        out.extend(
            format!(
                "{} 0 obj\n<< {filter}/Length {} >>\nstream\n",
                page + 1,
                body.len()
            )
            .bytes(),
        );
        out.extend(body);
        out.extend(b"\nendstream\nendobj\n");
    }
    let start = out.len();
    out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", pages + 1).bytes());
    for place in places {
        out.extend(format!("{place:010} 00000 n \n").bytes());
    }
    out.extend(
        format!(
            "trailer\n<< /Size {} >>\nstartxref\n{start}\n%%EOF\n",
            pages + 1
        )
        .bytes(),
    );
    out
}

/// Something like a photograph: soft shapes and the noise of a sensor.
pub(super) fn pixels(chance: &mut Chance, side: u32) -> Vec<u8> {
    let noise = chance.bytes((side * side * 3) as usize);
    let (x0, y0) = (chance.below(side as usize), chance.below(side as usize));
    let mut rgb = Vec::with_capacity(noise.len());
    for y in 0..side as usize {
        for x in 0..side as usize {
            let far = (x.abs_diff(x0) + y.abs_diff(y0)) * 255 / (2 * side as usize);
            for channel in 0..3 {
                let grain = noise[(y * side as usize + x) * 3 + channel] / 24;
                rgb.push(
                    u8::try_from((far * (channel + 2) / 4).min(240))
                        .unwrap_or(240)
                        .saturating_add(grain),
                );
            }
        }
    }
    rgb
}

pub(super) fn photo(chance: &mut Chance, side: u32, quality: u8) -> Vec<u8> {
    jpeg(&pixels(chance, side), side, quality)
}

pub(super) fn jpeg(rgb: &[u8], side: u32, quality: u8) -> Vec<u8> {
    let mut out = Vec::new();
    JpegEncoder::new_with_quality(Cursor::new(&mut out), quality)
        .encode(rgb, side, side, ExtendedColorType::Rgb8)
        .expect("a buffer takes any image");
    out
}

/// Opens an image and writes it as JPEG again, turned, as batch tools do.
pub(super) fn turn_jpeg(bytes: &[u8], quality: u8) -> Vec<u8> {
    let image = image::load_from_memory(bytes)
        .expect("we wrote it")
        .rotate90()
        .into_rgb8();
    jpeg(image.as_raw(), image.width(), quality)
}

pub(super) fn png(chance: &mut Chance, side: u32) -> Vec<u8> {
    let rgb = pixels(chance, side);
    let mut out = Vec::new();
    PngEncoder::new(Cursor::new(&mut out))
        .write_image(&rgb, side, side, ExtendedColorType::Rgb8)
        .expect("a buffer takes any image");
    out
}

/// A DICOM file of one slice, 12 bits in 16.
pub(super) fn dicom(chance: &mut Chance, side: usize) -> Vec<u8> {
    let mut out = vec![0; 128];
    out.extend(b"DICM");
    for (group, element, text) in [
        (8, 0x60, "CT"),
        (0x10, 0x10, "EXEMPLE^PATIENT "),
        (0x10, 0x20, "000000 "),
        (8, 0x20, "20240318"),
    ] {
        out.extend(u16::to_le_bytes(group));
        out.extend(u16::to_le_bytes(element));
        out.extend(b"LO");
        out.extend(&le(text.len())[..2]);
        out.extend(text.as_bytes());
    }
    out.extend(b"\xe0\x7f\x10\x00OW\0\0");
    out.extend(le(side * side * 2));
    let noise = chance.bytes(side * side);
    for (index, grain) in noise.iter().enumerate() {
        let value =
            (index % side) * (index / side) * 3000 / (side * side) + usize::from(grain / 16);
        out.extend(&le(value)[..2]);
    }
    out
}

/// An old Word file: a compound file with text in UTF-16.
pub(super) fn compound(chance: &mut Chance, words: usize) -> Vec<u8> {
    let mut out = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    out.resize(28, 0);
    out.extend(b"\xfe\xff\x09\0");
    out.resize(1536, 0xff);
    out.extend(
        prose(chance, words)
            .encode_utf16()
            .flat_map(u16::to_le_bytes),
    );
    out.resize(out.len().next_multiple_of(512), 0);
    out
}

pub(super) fn mail(chance: &mut Chance, attached: &[u8]) -> String {
    format!(
        "From: cabinet@cabinet.example\nTo: confrere@hopital.example\nSubject: {}\nContent-Type: multipart/mixed\n\n{}\n\n{}\n",
        chance.pick(WORDS),
        prose(chance, 120),
        base64(attached)
    )
}

/// A film: the frame of MP4 and packed bytes.
pub(super) fn film(chance: &mut Chance, len: usize) -> Vec<u8> {
    let mut out = b"\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41\0\0\0\x08free".to_vec();
    out.extend(le(len).into_iter().rev());
    out.extend(b"mdat");
    out.extend(
        compress_to_vec(prose(chance, len / 3).as_bytes(), 9)
            .into_iter()
            .take(len),
    );
    out
}

/// An executable: the magic, then bytes of some structure.
pub(super) fn program(chance: &mut Chance, len: usize) -> Vec<u8> {
    let mut out = b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0\x3e\0\x01\0\0\0".to_vec();
    while out.len() < len {
        out.extend([
            0x48,
            0x8b,
            0x45,
            u8::try_from(chance.below(64)).unwrap_or(0),
        ]);
        out.extend(chance.bytes(2));
    }
    out
}

pub(super) fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for (index, three) in bytes.chunks(3).enumerate() {
        let group = three
            .iter()
            .fold(0_u32, |all, &byte| all << 8 | u32::from(byte))
            << (8 * (3 - three.len()));
        for slot in 0..4 {
            text.push(char::from(
                LETTERS[(group >> (18 - 6 * slot) & 63) as usize],
            ));
        }
        if index % 19 == 18 {
            text.push('\n');
        }
    }
    text
}

fn le(number: usize) -> [u8; 4] {
    u32::try_from(number)
        .expect("the files are small")
        .to_le_bytes()
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |mut crc, &byte| {
        crc ^= u32::from(byte);
        for _ in 0..8 {
            crc = crc >> 1 ^ (0xedb8_8320 & (crc & 1).wrapping_neg());
        }
        crc
    })
}

const WORDS: &[&str] = &[
    "le",
    "patient",
    "présente",
    "une",
    "douleur",
    "depuis",
    "trois",
    "semaines",
    "sans",
    "fièvre",
    "examen",
    "clinique",
    "retrouve",
    "tension",
    "normale",
    "auscultation",
    "cardiaque",
    "régulière",
    "radiographie",
    "montre",
    "épaule",
    "genou",
    "droit",
    "gauche",
    "prescription",
    "antalgique",
    "kinésithérapie",
    "contrôle",
    "dans",
    "deux",
    "mois",
    "confrère",
    "merci",
    "de",
    "votre",
    "confiance",
    "bien",
    "cordialement",
    "et",
    "traitement",
    "en",
    "cours",
    "arrêt",
    "de",
    "travail",
    "certificat",
    "ordonnance",
    "analyse",
    "sang",
    "glycémie",
    "cholestérol",
    "vaccin",
    "rappel",
    "allergie",
    "pénicilline",
    "antécédents",
    "chirurgie",
];
