//! Tables: Excel, LibreOffice, and the text that programs exchange.

use std::fmt::Write;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Formula, Workbook, XlsxError};

use super::{escaped, office};
use crate::MARK;
use crate::dice::Dice;
use crate::people::Day;
use crate::place::Place;

struct Row {
    day: Day,
    patient: String,
    act: &'static str,
    cents: u32,
}

pub(super) fn xlsx(dice: &mut Dice, place: &Place) -> Vec<u8> {
    workbook(&rows(dice, place)).expect("a table of plain cells in memory")
}

fn workbook(rows: &[Row]) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let made = ExcelDateTime::from_ymd(2024, 1, 1)?;
    workbook.set_properties(
        &DocProperties::new()
            .set_title("Honoraires")
            .set_comment(MARK)
            .set_creation_datetime(&made),
    );
    let bold = Format::new().set_bold();
    let money = Format::new().set_num_format("#,##0.00 €");
    let sheet = workbook.add_worksheet();
    sheet.set_name("Honoraires")?;
    sheet.write_with_format(0, 0, MARK, &bold)?;
    for (column, head) in (0..).zip(HEADS) {
        sheet.write_with_format(1, column, head, &bold)?;
    }
    let mut last = 2;
    for (at, row) in (2..).zip(rows) {
        sheet.write(at, 0, row.day.french())?;
        sheet.write(at, 1, &row.patient)?;
        sheet.write(at, 2, row.act)?;
        sheet.write_with_format(at, 3, f64::from(row.cents) / 100.0, &money)?;
        last = at + 1;
    }
    sheet.write_formula(last, 3, Formula::new(format!("=SUM(D3:D{last})")))?;
    workbook.save_to_buffer()
}

pub(super) fn ods(dice: &mut Dice, place: &Place) -> Vec<u8> {
    let cell = |text: &str| {
        format!(
            "<table:table-cell office:value-type=\"string\"><text:p>{}</text:p></table:table-cell>",
            escaped(text)
        )
    };
    let heads: String = HEADS.into_iter().map(cell).collect();
    let mut table = format!(
        "<table:table-row>{}</table:table-row><table:table-row>{heads}</table:table-row>",
        cell(MARK)
    );
    for row in rows(dice, place) {
        let (euros, cents) = (row.cents / 100, row.cents % 100);
        let _infallible = write!(
            table,
            "<table:table-row>{}{}{}<table:table-cell office:value-type=\"float\" office:value=\"{euros}.{cents:02}\"><text:p>{euros},{cents:02}</text:p></table:table-cell></table:table-row>",
            cell(&row.day.french()),
            cell(&row.patient),
            cell(row.act)
        );
    }
    let body = format!(
        "<office:spreadsheet><table:table table:name=\"Honoraires\"><table:table-column table:number-columns-repeated=\"4\"/>{table}</table:table></office:spreadsheet>"
    );
    office::open_document(
        "application/vnd.oasis.opendocument.spreadsheet",
        "Honoraires",
        &body,
        None,
    )
}

/// Semicolons and commas, as Excel in French wants them.
pub(super) fn csv(dice: &mut Dice, place: &Place) -> Vec<u8> {
    let mut table = format!("{}\r\n", HEADS.join(";"));
    let _infallible = write!(table, "01/01/2019;{MARK};aucun;0,00\r\n");
    for row in rows(dice, place) {
        let (euros, cents) = (row.cents / 100, row.cents % 100);
        let _infallible = write!(
            table,
            "{};{};{};{euros},{cents:02}\r\n",
            row.day.french(),
            row.patient,
            row.act
        );
    }
    table.into_bytes()
}

fn rows(dice: &mut Dice, place: &Place) -> Vec<Row> {
    (0..dice.between(80, 900))
        .map(|_| Row {
            day: Day::new(dice, place.day.year, place.day.year + 1),
            patient: format!("FICTIF-{:05}", dice.between(1, 900)),
            act: dice.pick::<&str>(ACTS),
            cents: dice.between(2_500, 9_000),
        })
        .collect()
}

const HEADS: [&str; 4] = ["Date", "Patient", "Acte", "Montant"];
const ACTS: &[&str] = &[
    "Consultation G",
    "Visite à domicile",
    "Téléconsultation",
    "Échographie",
    "ECG",
    "Vaccination",
];
