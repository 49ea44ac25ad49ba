//! What health software exchanges: HL7 2.5 results and CDA R2 documents.

use std::fmt::Write;

use super::escaped;
use crate::MARK;
use crate::dice::Dice;
use crate::place::Place;
use crate::prose::Letter;

/// An ORU^R01 message; segments end with a carriage return.
pub(super) fn hl7(dice: &mut Dice, place: &Place) -> Vec<u8> {
    let (person, day) = (&place.person, place.day);
    let when = format!("{}{}", day.plain(), day.time());
    let mut message = format!(
        "MSH|^~\\&|LABO FICTIF|BIOLOGIE|CABINET|TROIS-FICTIFS|{when}||ORU^R01^ORU_R01|{:08}|P|2.5|||||FRA|UNICODE UTF-8\rPID|1||{}^^^CABINET^PI||{}^{}^^^{}||{}|{}\rOBR|1|||NFS^Hémogramme|||{when}\rNTE|1||{MARK}\r",
        dice.between(0, 99_999_999),
        person.id(),
        person.last.to_uppercase(),
        person.first,
        person.title,
        person.born.plain(),
        person.sex()
    );
    for number in 1..dice.between(12, 60) {
        let (code, name, unit, low, high) = *dice.pick(TESTS);
        let value = dice.between(low, high);
        let _infallible = write!(
            message,
            "OBX|{number}|NM|{code}^{name}^LN||{}.{}|{unit}|{low}-{high}|N|||F|||{when}\r",
            value,
            dice.between(0, 10)
        );
    }
    message.into_bytes()
}

/// A document with its header and one section for each paragraph.
pub(super) fn cda(dice: &mut Dice, place: &Place) -> Vec<u8> {
    let (person, day) = (&place.person, place.day);
    let letter = Letter::new(dice, place, 5_000);
    let sections: String = letter
        .paragraphs
        .iter()
        .map(|one| format!("      <component><section><title>{MARK}</title><text>{}</text></section></component>\n", escaped(one)))
        .collect();
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<!-- {MARK} -->
<ClinicalDocument xmlns="urn:hl7-org:v3">
  <typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>
  <id root="2.25.{}"/>
  <code code="11506-3" codeSystem="2.16.840.1.113883.6.1" displayName="Note de progression"/>
  <title>{}</title>
  <effectiveTime value="{}{}+0100"/>
  <confidentialityCode code="N" codeSystem="2.16.840.1.113883.5.25"/>
  <languageCode code="fr-FR"/>
  <recordTarget><patientRole><id root="2.25.1" extension="{}"/>
    <patient><name><given>{}</given><family>{}</family></name><administrativeGenderCode code="{}" codeSystem="2.16.840.1.113883.5.1"/><birthTime value="{}"/></patient>
  </patientRole></recordTarget>
  <author><time value="{}"/><assignedAuthor><id root="2.25.2"/><assignedPerson><name>{}</name></assignedPerson></assignedAuthor></author>
  <custodian><assignedCustodian><representedCustodianOrganization><id root="2.25.3"/></representedCustodianOrganization></assignedCustodian></custodian>
  <component>
    <structuredBody>
{sections}    </structuredBody>
  </component>
</ClinicalDocument>
"#,
        dice.word(),
        escaped(&letter.title),
        day.plain(),
        day.time(),
        person.id(),
        person.first,
        escaped(&person.last.to_uppercase()),
        person.sex(),
        person.born.plain(),
        day.plain(),
        place.doctor
    )
    .into_bytes()
}

const TESTS: &[(&str, &str, &str, u32, u32)] = &[
    ("718-7", "Hémoglobine", "g/dL", 9, 18),
    ("777-3", "Plaquettes", "10*9/L", 120, 450),
    ("6690-2", "Leucocytes", "10*9/L", 3, 14),
    ("14682-9", "Créatinine", "umol/L", 45, 130),
    ("1988-5", "CRP", "mg/L", 1, 90),
    ("2951-2", "Sodium", "mmol/L", 132, 148),
    ("2823-3", "Potassium", "mmol/L", 3, 6),
    ("4548-4", "HbA1c", "%", 4, 11),
];
