//! What is attached, by its content: names are what the sender wants one to believe.
//! Opens no more than the table of contents of an archive, and reads no document for its words.

use hygie_kind::{EDGE, Kind, look};

use super::{
    archive, bounds,
    code::{self, Points},
    html, pdf, plain,
};
use crate::message::{Body, File, Is};

/// Reads something attached, by itself.
#[cfg(test)]
pub(super) fn read(name: &str, bytes: &[u8]) -> File {
    read_of(name, bytes, &mut Points::of_a_message())
}

/// Reads something attached to a message of which so much is still looked at.
pub(super) fn read_of(name: &str, bytes: &[u8], points: &mut Points) -> File {
    let head = &bytes[..bytes.len().min(EDGE)];
    let tail = &bytes[bytes.len() - bytes.len().min(EDGE)..];
    let (kind, _) = look(head, tail);
    let mut file = File {
        name: name.to_owned(),
        size: bytes.len() as u64,
        is: is(kind, name, bytes),
        holds: Vec::new(),
        sealed: kind == Kind::Sealed,
        macros: None,
        body: Body::default(),
    };
    match file.is {
        Is::Web => file.body = html::read(&String::from_utf8_lossy(points.take_page(bytes))),
        Is::Calendar => file.body = plain::read(&unfolded(bytes)),
        Is::Text => {}
        Is::Archive | Is::Office | Is::Sealed => archive::read(&mut file, bytes),
        Is::Picture => file.body.links = code::links(bytes, points),
        Is::Pdf => pdf::read(&mut file, bytes, points),
        Is::Script if ends_with(name, &[".url"]) => {
            file.body = plain::read(&String::from_utf8_lossy(head));
        }
        Is::Script | Is::Media | Is::Disk | Is::Program | Is::Other => {}
    }
    file
}

fn is(kind: Kind, name: &str, bytes: &[u8]) -> Is {
    if is_disk(bytes) || ends_with(name, DISKS) {
        return Is::Disk;
    }
    if bytes.starts_with(b"L\0\0\0\x01\x14\x02\0") || bytes.starts_with(ONENOTE) {
        return Is::Script;
    }
    // Torn or packed so that nothing else of it can be recognised, a system would still try to run it.
    if bytes.starts_with(b"MZ") || bytes.starts_with(b"\x7fELF") || bytes.starts_with(b"#!") {
        return Is::Program;
    }
    match kind {
        Kind::Program => Is::Program,
        Kind::Pdf => Is::Pdf,
        Kind::Compound if ends_with(name, &[".msi", ".msp"]) => Is::Script,
        Kind::Office | Kind::Compound => Is::Office,
        Kind::Jpeg | Kind::Png | Kind::Image => Is::Picture,
        Kind::Dicom | Kind::Media => Is::Media,
        Kind::Archive if ends_with(name, &[".jar", ".apk", ".xpi"]) => Is::Program,
        Kind::Archive | Kind::Compressed => Is::Archive,
        Kind::Sealed => Is::Sealed,
        Kind::Database => Is::Other,
        Kind::Text | Kind::Unknown | Kind::Empty => text(kind, name, bytes),
    }
}

fn text(kind: Kind, name: &str, bytes: &[u8]) -> Is {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(EDGE)]).to_ascii_lowercase();
    let start = head.trim_start_matches(['\u{feff}', ' ', '\r', '\n', '\t']);
    if start.starts_with("begin:vcalendar") {
        Is::Calendar
    } else if ends_with(name, SCRIPTS) {
        Is::Script
    } else if [
        "<!doctype html",
        "<html",
        "<svg",
        "<head",
        "<script",
        "<body",
        "<meta",
    ]
    .iter()
    .any(|tag| start.starts_with(tag))
        || head.contains("<script")
        || head.contains("<html")
        || ends_with(name, &[".html", ".htm", ".shtml", ".xhtml", ".mht", ".svg"])
    {
        Is::Web
    } else if kind == Kind::Text {
        Is::Text
    } else {
        Is::Other
    }
}

fn is_disk(bytes: &[u8]) -> bool {
    bytes.get(0x8001..0x8006) == Some(b"CD001")
        || bytes.starts_with(b"vhdxfile")
        || bytes.starts_with(b"conectix")
        || bytes.len() > 512 && bytes[bytes.len() - 512..].starts_with(b"conectix")
}

/// Whether a name has one of these endings.
pub(crate) fn ends_with(name: &str, endings: &[&str]) -> bool {
    let name = name.trim_end_matches(['.', ' ']).to_ascii_lowercase();
    endings.iter().any(|ending| name.ends_with(ending))
}

/// Lines of a calendar are folded at 75 bytes, also in the midst of an address.
fn unfolded(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(bounds::TEXT)]);
    text.replace("\r\n ", "").replace("\n ", "")
}

/// Endings of what Windows runs or obeys.
pub(crate) const SCRIPTS: &[&str] = &[
    ".js",
    ".jse",
    ".vbs",
    ".vbe",
    ".wsf",
    ".wsh",
    ".hta",
    ".bat",
    ".cmd",
    ".ps1",
    ".psm1",
    ".lnk",
    ".url",
    ".scr",
    ".pif",
    ".reg",
    ".msi",
    ".msp",
    ".cpl",
    ".one",
    ".chm",
    ".iqy",
    ".slk",
    ".sct",
    ".vb",
    ".application",
    ".appref-ms",
    ".settingcontent-ms",
    ".library-ms",
    ".search-ms",
    ".rdp",
    ".xll",
];
/// Endings of programs.
pub(crate) const PROGRAMS: &[&str] = &[
    ".exe", ".com", ".dll", ".jar", ".apk", ".appx", ".msix", ".dmg",
];
const DISKS: &[&str] = &[".iso", ".img", ".vhd", ".vhdx", ".udf"];
const ONENOTE: &[u8] = b"\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d\xae\xb1\x53\x78\xd0\x29\x96\xd3";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_decides() {
        for (name, bytes, wanted) in [
            ("facture.pdf", &b"%PDF-1.7\n"[..], Is::Pdf),
            (
                "facture.pdf",
                b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0",
                Is::Program,
            ),
            ("facture.txt", b"bonjour tout le monde", Is::Text),
            ("facture.txt", b"<!DOCTYPE html><p>x", Is::Web),
            ("facture", b"\xef\xbb\xbf  <script>x</script>", Is::Web),
            ("facture.pdf.js", b"var a = 1;", Is::Script),
            ("rdv.bin", b"BEGIN:VCALENDAR\r\n", Is::Calendar),
            ("a.gif", b"GIF89a\x01\0\x01\0\0\0\0;", Is::Picture),
            ("scan.iso", b"anything", Is::Disk),
            ("lien.pdf", b"L\0\0\0\x01\x14\x02\0rest", Is::Script),
            ("", b"", Is::Other),
        ] {
            assert_eq!(read(name, bytes).is, wanted, "{name}");
        }
    }

    #[test]
    fn links_of_documents_are_found() {
        let pdf = b"%PDF-1.4\n<< /Type /Annot /A << /S /URI /URI (https://a.example/x) >> >> /URI(b.example)";
        let targets: Vec<String> = read("a.pdf", pdf)
            .body
            .links
            .into_iter()
            .map(|link| link.target)
            .collect();
        assert_eq!(targets, ["https://a.example/x", "b.example"]);
        let ics = b"BEGIN:VCALENDAR\r\nDESCRIPTION:see https://a.exa\r\n mple/join now\r\n";
        assert_eq!(
            read("a.ics", ics).body.links[0].target,
            "https://a.example/join"
        );
        let web = b"<html><form action=https://c.example><input type=password>";
        let file = read("a.htm", web);
        assert_eq!(
            (file.body.page.password_fields, file.body.links.len()),
            (1, 1)
        );
    }
}
