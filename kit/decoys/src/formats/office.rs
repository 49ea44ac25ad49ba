//! Letters of Word and LibreOffice: XML in an archive.

use super::{archive::zip, escaped};
use crate::MARK;
use crate::prose::Letter;

/// Office Open XML in Word's order of parts, as little of it as Word and LibreOffice ask for, with the document's properties.
pub(super) fn docx(letter: &Letter, thumbnail: &[u8]) -> Vec<u8> {
    let paragraphs: String = letter
        .paragraphs
        .iter()
        .map(|one| {
            format!(
                "<w:p><w:r><w:t xml:space=\"preserve\">{}</w:t></w:r></w:p>",
                escaped(one)
            )
        })
        .collect();
    let document = format!(
        "{XML}<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>{paragraphs}<w:sectPr><w:pgSz w:w=\"11906\" w:h=\"16838\"/></w:sectPr></w:body></w:document>"
    );
    let core = format!(
        "{XML}<cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:title>{}</dc:title><dc:description>{MARK}</dc:description></cp:coreProperties>",
        escaped(&letter.title)
    );
    zip(&[
        ("[Content_Types].xml", format!("{XML}{TYPES}").as_bytes()),
        ("_rels/.rels", format!("{XML}{RELATIONS}").as_bytes()),
        ("word/document.xml", document.as_bytes()),
        ("docProps/core.xml", core.as_bytes()),
        ("docProps/thumbnail.jpeg", thumbnail),
    ])
}

/// OpenDocument text.
pub(super) fn odt(letter: &Letter, thumbnail: &[u8]) -> Vec<u8> {
    let paragraphs: String = letter
        .paragraphs
        .iter()
        .map(|one| format!("<text:p>{}</text:p>", escaped(one)))
        .collect();
    let body = format!("<office:text>{paragraphs}</office:text>");
    open_document(
        "application/vnd.oasis.opendocument.text",
        &letter.title,
        &body,
        Some(thumbnail),
    )
}

/// The package that OpenDocument texts and tables share.
pub(super) fn open_document(
    mime: &str,
    title: &str,
    body: &str,
    thumbnail: Option<&[u8]>,
) -> Vec<u8> {
    let content = format!(
        "{XML}<office:document-content {SPACES} office:version=\"1.3\"><office:body>{body}</office:body></office:document-content>"
    );
    let meta = format!(
        "{XML}<office:document-meta {SPACES} office:version=\"1.3\"><office:meta><dc:title>{}</dc:title><dc:description>{MARK}</dc:description></office:meta></office:document-meta>",
        escaped(title)
    );
    let manifest = format!(
        "{XML}<manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\" manifest:version=\"1.3\"><manifest:file-entry manifest:full-path=\"/\" manifest:version=\"1.3\" manifest:media-type=\"{mime}\"/><manifest:file-entry manifest:full-path=\"content.xml\" manifest:media-type=\"text/xml\"/><manifest:file-entry manifest:full-path=\"meta.xml\" manifest:media-type=\"text/xml\"/></manifest:manifest>"
    );
    let mut members = vec![
        ("mimetype", mime.as_bytes()),
        ("content.xml", content.as_bytes()),
        ("meta.xml", meta.as_bytes()),
    ];
    members.extend(thumbnail.map(|thumbnail| ("Thumbnails/thumbnail.png", thumbnail)));
    members.push(("META-INF/manifest.xml", manifest.as_bytes()));
    zip(&members)
}

const XML: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>";
const TYPES: &str = "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/><Default Extension=\"jpeg\" ContentType=\"image/jpeg\"/><Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/><Override PartName=\"/docProps/core.xml\" ContentType=\"application/vnd.openxmlformats-package.core-properties+xml\"/></Types>";
const RELATIONS: &str = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"word/document.xml\"/><Relationship Id=\"rId2\" Type=\"http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties\" Target=\"docProps/core.xml\"/><Relationship Id=\"rId3\" Type=\"http://schemas.openxmlformats.org/package/2006/relationships/metadata/thumbnail\" Target=\"docProps/thumbnail.jpeg\"/></Relationships>";
const SPACES: &str = "xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"";
