//! Tricks that disguise the text or its links; a reader sees what they saw before.

use super::{Lure, Trick};

pub(super) const TRICKS: &[(&str, Trick)] = &[
    ("look-alike letters", |lure| lure.with_words(look_alike)),
    ("invisible signs in words", |lure| {
        lure.with_words(|word| between(word, "\u{200b}"))
    }),
    ("soft hyphens in words", |lure| {
        lure.with_words(|word| between(word, "&shy;"))
    }),
    ("letters by their number", |lure| lure.with_words(by_number)),
    ("comments in words", |lure| {
        lure.with_words(|word| between(word, "<!-- ok -->"))
    }),
    ("hidden words in words", |lure| {
        lure.with_words(|word| between(word, "<span style=\"display:none\">zq</span>"))
    }),
    ("words written backwards and turned", |lure| {
        lure.with_words(turned)
    }),
    ("base 64", |lure| {
        encoded(lure, "base64", &base64(lure.page.as_bytes()))
    }),
    ("quoted-printable, cut everywhere", |lure| {
        encoded(lure, "quoted-printable", &quoted(&lure.page))
    }),
    ("all text in a picture", |lure| {
        let target = &lure.target;
        lure.with(&format!(
            "<a href=\"{target}\"><img src=\"https://pictures.example/a.png\" width=\"600\" height=\"800\"></a>"
        ))
    }),
    ("a salad of words below", |lure| {
        lure.with(&format!("{}<p>{}</p>", lure.page, SALAD.repeat(10)))
    }),
    ("an ordinary letter below", |lure| {
        lure.with(&format!(
            "{}{}<p>{}</p>",
            lure.page,
            "<br>".repeat(60),
            ORDINARY.repeat(6)
        ))
    }),
    ("an ordinary letter hidden above", |lure| {
        lure.with(&format!(
            "<div style=\"display:none\">{}</div>{}",
            ORDINARY.repeat(6),
            lure.page
        ))
    }),
    ("a known site that sends on", |lure| {
        let through = format!("https://www.google.com/url?q={}", lure.target);
        lure.with(&lure.page.replace(&lure.target, &through))
    }),
    (
        "a known name before the host, and letters by their number",
        |lure| {
            let host = lure.target.trim_start_matches("https://");
            let host = host.replacen('e', "%65", 1);
            let odd = format!("https://www.service-public.fr%2Fcompte@{host}");
            lure.with(&lure.page.replace(&lure.target, &odd))
        },
    ),
    (
        "a slash the other way and a line end in the address",
        |lure| {
            let odd = lure
                .target
                .replacen("https://", "https:\\\\", 1)
                .replacen(".e", ".\ne", 1);
            lure.with(&lure.page.replace(&lure.target, &odd))
        },
    ),
    ("the kind said twice", |lure| {
        let heads = &lure.heads;
        format!(
            "{heads}Content-Type: text/html; charset=utf-8\r\nContent-Type: application/octet-stream\r\n\r\n{}",
            lure.page
        )
        .into_bytes()
    }),
    ("an encoding that is none", |lure| {
        encoded(lure, "base64x", &base64(lure.page.as_bytes()))
    }),
    ("the boundary said twice", |lure| {
        let (heads, page) = (&lure.heads, &lure.page);
        format!(
            "{heads}Content-Type: multipart/mixed; boundary=a; boundary=b\r\n\r\n--a\r\n\r\nBonjour\r\n--b\r\n\
             Content-Type: text/html; charset=utf-8\r\n\r\n{page}\r\n--b--\r\n--a--\r\n"
        )
        .into_bytes()
    }),
    ("behind the last boundary", |lure| {
        let (heads, page) = (&lure.heads, &lure.page);
        format!(
            "{heads}Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n\r\nBonjour\r\n--a--\r\n--a\r\n\
             Content-Type: text/html; charset=utf-8\r\n\r\n{page}\r\n"
        )
        .into_bytes()
    }),
];

fn look_alike(word: &str) -> String {
    let swap = |letter| match letter {
        'a' => 'а',
        'e' => 'е',
        'o' => 'о',
        'p' => 'р',
        'c' => 'с',
        'i' => 'і',
        'x' => 'х',
        other => other,
    };
    word.chars().map(swap).collect()
}

fn between(word: &str, sign: &str) -> String {
    let letters: Vec<String> = word.chars().map(String::from).collect();
    let trimmed = word.trim_end().chars().count();
    let (word, blank) = letters.split_at(trimmed);
    word.join(sign) + &blank.concat()
}

fn by_number(word: &str) -> String {
    word.chars().fold(String::new(), |text, letter| {
        if letter.is_alphabetic() {
            format!("{text}&#{};", u32::from(letter))
        } else {
            text + &letter.to_string()
        }
    })
}

fn turned(word: &str) -> String {
    let trimmed = word.trim_end();
    let backwards: String = trimmed.chars().rev().collect();
    format!("\u{202e}{backwards}\u{202c}{}", &word[trimmed.len()..])
}

fn encoded(lure: &Lure, name: &str, body: &str) -> Vec<u8> {
    let heads = &lure.heads;
    format!(
        "{heads}MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\
         Content-Transfer-Encoding: {name}\r\n\r\n{body}"
    )
    .into_bytes()
}

pub(super) fn base64(bytes: &[u8]) -> String {
    let text = data_encoding::BASE64.encode(bytes);
    let mut lines = String::new();
    for (at, letter) in text.chars().enumerate() {
        if at > 0 && at % 76 == 0 {
            lines.push_str("\r\n");
        }
        lines.push(letter);
    }
    lines
}

fn quoted(text: &str) -> String {
    let mut lines = String::new();
    for (at, byte) in text.bytes().enumerate() {
        if at > 0 && at % 3 == 0 {
            lines.push_str("=\r\n");
        }
        lines += &format!("={byte:02X}");
    }
    lines
}

const SALAD: &str = "jardin marée compote vélo nuage tricot armoire lundi cerise forêt papier lampe garden tide bicycle \
                     cloud wardrobe cherry forest paper lamp river spoon ";
const ORDINARY: &str = "Bonjour Claire, merci pour votre message. La réunion de jeudi à quatorze heures me convient, je viendrai \
                        avec le compte rendu de la dernière fois. Thank you for the minutes, see you on Thursday. ";
