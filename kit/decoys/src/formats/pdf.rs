//! PDF: reports with text that can be searched, and scans of paper.

use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use pdf_writer::types::TextRenderingMode;
use pdf_writer::{Content, Filter, Finish, Name, Pdf, Rect, Ref, Str, TextStr};

use super::picture::Jpeg;
use crate::MARK;
use crate::prose::Letter;

/// As many pages of text as the letter needs.
pub(super) fn report(letter: &Letter) -> Vec<u8> {
    let lines = wrapped(letter);
    let pages: Vec<Page> = lines
        .chunks(LINES)
        .map(|lines| Page { lines, scan: None })
        .collect();
    document(letter, &pages)
}

/// One page that is a picture, the text invisible behind it, as a scanner with recognition makes it.
pub(super) fn scan(letter: &Letter, page: &Jpeg) -> Vec<u8> {
    let lines = wrapped(letter);
    let lines = lines.get(..LINES.min(lines.len())).unwrap_or_default();
    document(
        letter,
        &[Page {
            lines,
            scan: Some(page),
        }],
    )
}

struct Page<'a> {
    lines: &'a [String],
    scan: Option<&'a Jpeg>,
}

fn document(letter: &Letter, pages: &[Page<'_>]) -> Vec<u8> {
    let mut pdf = Pdf::new();
    let [catalog, tree, font, info, image] = [1, 2, 3, 4, 5].map(Ref::new);
    let number = |at: usize| i32::try_from(at).expect("a letter has few pages");
    let page_at = |at: usize| Ref::new(FIRST_PAGE + 2 * number(at));
    pdf.catalog(catalog).pages(tree);
    pdf.document_info(info)
        .title(TextStr(&letter.title))
        .subject(TextStr(MARK))
        .producer(TextStr("Hygie, documents d'exercice"));
    pdf.pages(tree)
        .kids((0..pages.len()).map(page_at))
        .count(number(pages.len()));
    pdf.type1_font(font)
        .base_font(Name(b"Helvetica"))
        .encoding_predefined(Name(b"WinAnsiEncoding"));
    for (at, page) in pages.iter().enumerate() {
        let content = Ref::new(page_at(at).get() + 1);
        let mut one = pdf.page(page_at(at));
        one.media_box(A4).parent(tree).contents(content);
        let mut resources = one.resources();
        resources.fonts().pair(FONT, font);
        if page.scan.is_some() {
            resources.x_objects().pair(IMAGE, image);
        }
        resources.finish();
        one.finish();
        let packed = packed(&drawn(page));
        pdf.stream(content, &packed).filter(Filter::FlateDecode);
        if let Some(scan) = page.scan {
            let mut object = pdf.image_xobject(image, &scan.bytes);
            object.filter(Filter::DctDecode);
            object.width(i32::try_from(scan.width).unwrap_or(1));
            object.height(i32::try_from(scan.height).unwrap_or(1));
            object.color_space().device_rgb();
            object.bits_per_component(8);
        }
    }
    pdf.finish()
}

fn drawn(page: &Page<'_>) -> Vec<u8> {
    let mut content = Content::new();
    if page.scan.is_some() {
        content.save_state();
        content.transform([A4.x2, 0.0, 0.0, A4.y2, 0.0, 0.0]);
        content.x_object(IMAGE);
        content.restore_state();
    }
    content.begin_text();
    if page.scan.is_some() {
        content.set_text_rendering_mode(TextRenderingMode::Invisible);
    }
    content
        .set_font(FONT, 10.0)
        .set_leading(13.0)
        .next_line(50.0, 790.0);
    for line in page.lines {
        content.show(Str(&windows_1252(line)));
        content.next_line_using_leading();
    }
    content.end_text();
    content.finish().into_vec()
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).expect("memory takes every write");
    encoder.finish().expect("memory takes every write")
}

/// Lines of at most 95 characters.
fn wrapped(letter: &Letter) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in &letter.paragraphs {
        let mut line = String::new();
        for word in paragraph.split(' ') {
            if line.chars().count() + word.chars().count() > 95 {
                lines.push(std::mem::take(&mut line));
            }
            line.push_str(word);
            line.push(' ');
        }
        lines.extend([line, String::new()]);
    }
    lines
}

/// French needs little beyond Latin-1.
fn windows_1252(text: &str) -> Vec<u8> {
    text.chars()
        .map(|character| match character {
            'Œ' => 0x8C,
            'œ' => 0x9C,
            '—' => 0x97,
            other => u8::try_from(u32::from(other)).unwrap_or(b'?'),
        })
        .collect()
}

const A4: Rect = Rect {
    x1: 0.0,
    y1: 0.0,
    x2: 595.0,
    y2: 842.0,
};
const FONT: Name<'static> = Name(b"F1");
const IMAGE: Name<'static> = Name(b"Im1");
const LINES: usize = 55;
const FIRST_PAGE: i32 = 6;
