//! Letters, tables, PDFs, word files, databases.

use std::path::Path;

use anyhow::{Context, Result};

use super::zip::zip;
use crate::Noise;

pub(super) fn rtf(noise: &mut Noise, size: usize) -> Vec<u8> {
    let mut text = String::from(
        "{\\rtf1\\ansi\\ansicpg1252\\deff0{\\fonttbl{\\f0 Times New Roman;}}\\f0\\fs24 ",
    );
    for character in noise.prose(size).chars() {
        match character {
            '\n' => text.push_str("\\par\n"),
            ascii if ascii.is_ascii() => text.push(ascii),
            other => text.push_str(&format!("\\u{}?", u32::from(other))),
        }
    }
    text.push('}');
    text.into_bytes()
}

pub(super) fn html(noise: &mut Noise, size: usize) -> Vec<u8> {
    let body = noise.prose(size).replace("\n\n", "</p>\n<p>");
    format!("<!DOCTYPE html>\n<html lang=\"fr\"><head><meta charset=\"utf-8\"><title>Résultats</title></head>\n<body><p>{body}</p></body></html>\n").into_bytes()
}

pub(super) fn csv(noise: &mut Noise, size: usize) -> Vec<u8> {
    let mut table = String::from("date;heure;patient;motif;durée\r\n");
    while table.len() < size {
        let (day, hour, patient) = (1 + noise.below(28), 8 + noise.below(11), noise.below(9000));
        let motive = noise.pick(&[
            "consultation",
            "renouvellement",
            "vaccin",
            "\"suivi; bilan\"",
        ]);
        table.push_str(&format!(
            "2025-03-{day:02};{hour:02}:30;P{patient:05};{motive};20\r\n"
        ));
    }
    table.into_bytes()
}

/// One page of text with a correct cross-reference table.
pub(super) fn pdf(noise: &mut Noise, size: usize) -> Vec<u8> {
    let mut page = String::from("BT /F1 10 Tf 50 800 Td 12 TL\n");
    for line in noise.prose(size).lines() {
        let plain: String = line
            .chars()
            .filter(|character| character.is_ascii() && !"()\\".contains(*character))
            .collect();
        page.push_str(&format!("({plain}) Tj T*\n"));
    }
    page.push_str("ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>".to_owned(),
        format!("<< /Length {} >>\nstream\n{page}\nendstream", page.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut document = String::from("%PDF-1.4\n");
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (number, object) in objects.iter().enumerate() {
        table.push_str(&format!("{:010} 00000 n \n", document.len()));
        document.push_str(&format!("{} 0 obj\n{object}\nendobj\n", number + 1));
    }
    let start = document.len();
    document.push_str(&table);
    document.push_str(&format!(
        "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n",
        objects.len() + 1
    ));
    document.into_bytes()
}

pub(super) fn docx(noise: &mut Noise, size: usize) -> Vec<u8> {
    let text = noise
        .prose(size)
        .replace("\n\n", "</w:t></w:r></w:p><w:p><w:r><w:t>");
    let document = format!(
        "{XML}<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>"
    );
    let types = format!(
        "{XML}<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/></Types>"
    );
    let relations = format!(
        "{XML}<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"word/document.xml\"/></Relationships>"
    );
    zip(&[
        ("[Content_Types].xml", types.as_bytes()),
        ("_rels/.rels", relations.as_bytes()),
        ("word/document.xml", document.as_bytes()),
    ])
}

/// A database with two tables and an index, in rollback-journal mode, nothing beside it.
pub(super) fn database(noise: &mut Noise, path: &Path, size: usize) -> Result<()> {
    let mut open =
        rusqlite::Connection::open(path).with_context(|| format!("make {}", path.display()))?;
    open.execute_batch(
        "PRAGMA journal_mode = DELETE; PRAGMA synchronous = OFF;
         CREATE TABLE patient (id INTEGER PRIMARY KEY, nom TEXT NOT NULL, naissance TEXT);
         CREATE TABLE consultation (id INTEGER PRIMARY KEY, patient INTEGER REFERENCES patient, note TEXT);
         CREATE INDEX par_patient ON consultation (patient);",
    )?;
    let all = open.transaction()?;
    for id in 1..=20 + i64::try_from(size)? / 200 {
        let born = format!(
            "19{:02}-{:02}-{:02}",
            noise.below(100),
            1 + noise.below(12),
            1 + noise.below(28)
        );
        all.execute(
            "INSERT INTO patient VALUES (?1, ?2, ?3)",
            (id, format!("Patient {id}"), born),
        )?;
        all.execute(
            "INSERT INTO consultation VALUES (?1, ?1, ?2)",
            (id, noise.prose(60)),
        )?;
    }
    all.commit()?;
    open.close()
        .map_err(|(_, error)| error)
        .context("close the database")
}

const XML: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>";
