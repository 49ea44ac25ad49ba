//! A letter: what its alerts say, whom to call, and the way to the console. In the practice's language, without a file's name.

use hygie_alert::{Alert, Weight};
use hygie_model::letter::{LONGEST_SUBJECT, LONGEST_TEXT, Letter};
use hygie_store::PracticeFacts;
use hygie_text::{Args, console::Alerts};

use super::{
    said::{self, Names},
    wishes,
};
use crate::{
    core::Hub,
    pages::settings::help::{self, Help},
    web::{fault::Fault, speech::Speech},
};

/// Writes it.
///
/// # Errors
/// The database does not answer.
pub(super) async fn write(
    hub: &Hub,
    facts: &PracticeFacts,
    alerts: &[Alert],
) -> Result<Letter, Fault> {
    let practice = hub.of(facts);
    let wishes = wishes::of(practice).await?;
    let speech = hub.catalogs.speech(wishes.language());
    let names = Names::of(practice).await?;
    let help = help::known(practice).await?;
    let link = format!("https://{}:{}/alerts", facts.host, hub.port);
    Ok(text(&speech, &names, alerts, (&facts.name, &link, help)))
}

pub(super) fn text(
    speech: &Speech,
    names: &Names,
    alerts: &[Alert],
    (practice, link, help): (&str, &str, Option<Help>),
) -> Letter {
    let is_now = |alert: &Alert| alert.weight == Weight::Now && alert.ended.is_none();
    let subject = if alerts.iter().any(is_now) {
        speech.word(Alerts::SubjectNow)
    } else {
        let count = Args::new().count("alerts", alerts.len() as u64);
        speech.say(Alerts::Subject, &count)
    };
    let opens = Args::new().nested("practice", said::plain(practice));
    let mut parts = vec![speech.say(Alerts::LetterOpens, &opens)];
    for alert in alerts {
        let told = said::title(speech, names, alert);
        let mut lines = vec![told.what];
        lines.extend(said::course(speech, alert));
        lines.extend(told.to_do.filter(|_| alert.ended.is_none()));
        parts.push(lines.join("\n"));
    }
    let link = Args::new().nested("link", link.to_owned());
    parts.push(speech.say(Alerts::LetterLink, &link));
    if let Some(help) = help {
        let args = Args::new()
            .nested("name", said::plain(&help.name))
            .text("phone", &help.phone);
        parts.push(speech.say(Alerts::LetterCall, &args));
    }
    parts.push(speech.word(Alerts::LetterRead));
    parts.push(speech.word(Alerts::LetterPromise));
    Letter {
        subject: cut(subject, LONGEST_SUBJECT),
        text: cut(parts.join("\n\n"), LONGEST_TEXT),
    }
}

fn cut(text: String, most: usize) -> String {
    let end = text.floor_char_boundary(most);
    text[..end].to_owned()
}

#[cfg(test)]
mod tests {
    use hygie_alert::What;
    use hygie_model::{DeviceId, Role};
    use hygie_store::{Certificate, Digest, NewDevice};
    use serde_json::json;
    use uuid::Uuid;

    use super::*;
    use crate::web::testing::{Console, NOW};

    const HOSTILE: [&str; 6] = [
        "/srv/patients/Dupont/IRM cérébrale.pdf",
        "C:\\Patients\\Dupont.docx",
        "a\r\nBcc: all@example.org\r\n\r\n<script>",
        "\u{202e}fdp.tiurb\u{2066}\u{0}\u{7}",
        "{ $name } { $device } %s ${x}",
        "../../../etc/passwd\n\n.\nQUIT",
    ];

    fn alert(what: What, bad: &str, who: &str, ended: bool) -> Alert {
        let alert = json!({
            "number": 1, "thing": { "what": what.name(), "who": who }, "bad": bad, "weight": "now",
            "since": NOW, "raised": NOW, "rung": NOW, "times": 3, "last": NOW,
            "ended": ended.then_some(NOW), "read": null, "first": "waits", "second": "waits", "rings": 0,
        });
        serde_json::from_value(alert).unwrap()
    }

    #[tokio::test]
    async fn whatever_a_name_holds_a_letter_stays_plain() {
        for (number, hostile) in (200_u128..).zip(HOSTILE) {
            let console = Console::new().await;
            let facts = console.hub.practice().await.unwrap().unwrap();
            let practice = console.hub.of(&facts);
            console.add(number, hostile, Role::Assistant).await;
            let device = NewDevice {
                id: DeviceId(Uuid::from_u128(number)),
                name: hostile.to_owned(),
                version: "1".to_owned(),
                certificate: Certificate {
                    fingerprint: Digest([7; 32]),
                    expires: NOW.after(std::time::Duration::from_secs(9)),
                },
            };
            practice.add_device(&device, NOW).await.unwrap();
            let names = Names::of(practice).await.unwrap();
            let id = Uuid::from_u128(number).to_string();
            let whos = [
                id.clone(),
                format!("{id} 7"),
                "here".to_owned(),
                hostile.to_owned(),
            ];
            for language in hygie_text::Language::ALL {
                let speech = console.hub.catalogs.speech(language);
                for what in What::ALL {
                    for bad in ["trouble", "silent", "away"] {
                        for who in &whos {
                            for ended in [false, true] {
                                let alerts = [alert(what, bad, who, ended)];
                                let help = Help {
                                    name: hostile.to_owned(),
                                    phone: "01 99 00 12 34".to_owned(),
                                };
                                let about = (hostile, "LINK", Some(help));
                                is_plain(&text(&speech, &names, &alerts, about));
                            }
                        }
                    }
                }
            }
        }
    }

    fn is_plain(letter: &Letter) {
        let Letter { subject, text } = letter;
        assert!(!subject.is_empty() && !subject.contains(['\r', '\n']));
        assert!(text.contains("LINK") && text.len() < LONGEST_TEXT);
        for whole in [subject, text] {
            let bad = |sign: char| {
                (sign.is_control() && sign != '\n')
                    || ('\u{202a}'..='\u{202e}').contains(&sign)
                    || ('\u{2066}'..='\u{2069}').contains(&sign)
                    || "/\\<>@{}$%".contains(sign)
            };
            assert!(!whole.contains(bad), "{whole:?}");
            for ending in [".pdf", ".docx", "Bcc:", "\n.\n"] {
                assert!(!whole.contains(ending), "{whole:?}");
            }
        }
    }

    #[test]
    fn a_long_letter_ends_between_two_letters() {
        assert_eq!(cut("été".to_owned(), 4), "ét");
        assert_eq!(cut("été".to_owned(), 99), "été");
    }
}
