//! The hostile messages. They are made anew each time and lie in no repository; none links anywhere but to `.example`.

use std::io::{Result, Write};

use super::packed;

type Make = fn(&mut dyn Write, usize) -> Result<()>;

/// Each with its name.
pub(super) const ALL: [(&str, Make); 36] = [
    ("(an ordinary message, to compare with)", ordinary),
    ("100 MB of text", long_text),
    ("100 MB of base64, one attachment", long_attachment),
    ("100 MB on one line", long_line),
    ("text after 15 MB of padding", padded),
    ("a zip of zeros: 1 GB in 1 MB", zip_bomb),
    (
        "an Office document whose macros are 1 GB of zeros",
        macro_bomb,
    ),
    ("a zip of 60,000 names", many_names),
    ("a zip in a zip, 200 deep", nested_zips),
    ("multipart in multipart, 10,000 deep", deep_parts),
    ("10,000 parts of one multipart", many_parts),
    ("one boundary at every depth", same_boundary),
    ("1,000,000 headers", many_headers),
    ("a header of 10 MB", long_header),
    ("a subject of 200,000 encoded words", encoded_words),
    ("200,000 senders", many_senders),
    ("100,000 pieces of one file name", pieces_of_a_name),
    ("message in message, 10,000 deep", matryoshka),
    ("5 messages in each of 5, 6 deep", tree_of_messages),
    ("broken MIME, 4 MB of it", broken),
    ("HTML 200,000 elements deep", deep_page),
    ("HTML with 200,000 attributes on a tag", many_attributes),
    ("HTML with 500,000 conditional comments", comments),
    ("HTML with 8 MB of open quotes", open_quotes),
    ("HTML with styles of 4 MB", long_styles),
    ("8 pages with 400 links each to another host", many_links),
    ("40 attached pages with 400 long links each", many_pages),
    ("links in links: http://http://...", links_in_links),
    ("dots and @ that could be addresses", almost_addresses),
    ("letters that look like others, 2 MB", look_alikes),
    ("invisible and stacked signs, 4 MB", invisible),
    ("a phrase of traps, 100,000 times", phrases),
    ("a picture of 4,000 by 4,000 corners of codes", big_code),
    ("40 such pictures", many_codes),
    ("a PDF of 8 MB of almost links", pdf_links),
    ("a PDF whose stream is 1 GB of zeros", pdf_bomb),
];

const HEAD: &str = "From: Zoe <zoe@labo.example>\r\nTo: a@b.example\r\nSubject: Votre colis\r\nMIME-Version: 1.0\r\n";

fn ordinary(out: &mut dyn Write, _: usize) -> Result<()> {
    write!(
        out,
        "{HEAD}\r\nBonjour,\r\nle compte rendu est en ligne : https://www.labo.example/r\r\n"
    )
}

fn again(out: &mut dyn Write, what: &[u8], bytes: usize) -> Result<()> {
    let some = what.repeat((64 * 1024 / what.len()).max(1));
    let mut left = bytes;
    while left > 0 {
        let now = some.len().min(left);
        out.write_all(&some[..now])?;
        left -= now;
    }
    Ok(())
}

fn long_text(out: &mut dyn Write, large: usize) -> Result<()> {
    write!(out, "{HEAD}\r\n")?;
    again(
        out,
        b"Votre colis attend, voir https://colis.example/x avant ce soir.\r\n",
        large << 20,
    )
}

fn long_attachment(out: &mut dyn Write, large: usize) -> Result<()> {
    mixed(out)?;
    attachment(out, "facture.bin", "application/octet-stream")?;
    again(
        out,
        b"QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB\r\n",
        large << 20,
    )?;
    write!(out, "\r\n--q--\r\n")
}

fn long_line(out: &mut dyn Write, large: usize) -> Result<()> {
    write!(out, "{HEAD}\r\n")?;
    again(out, b"a b.", large << 20)
}

/// What deceives stands behind what bores.
fn padded(out: &mut dyn Write, large: usize) -> Result<()> {
    mixed(out)?;
    attachment(out, "photo.bin", "application/octet-stream")?;
    again(
        out,
        b"QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB\r\n",
        (15 << 20).min(large << 20),
    )?;
    write!(
        out,
        "\r\n--q\r\nContent-Type: text/html\r\n\r\n<p>Votre compte sera suspendu sous 24 heures.</p>\
         <a href=\"http://192.0.2.1/ameli\">https://www.ameli.fr/connexion</a>\r\n--q--\r\n"
    )
}

fn mixed(out: &mut dyn Write) -> Result<()> {
    write!(
        out,
        "{HEAD}Content-Type: multipart/mixed; boundary=q\r\n\r\n--q\r\n\r\nBonjour\r\n"
    )
}

fn attachment(out: &mut dyn Write, name: &str, kind: &str) -> Result<()> {
    write!(
        out,
        "\r\n--q\r\nContent-Type: {kind}; name=\"{name}\"\r\nContent-Disposition: attachment; filename=\"{name}\"\r\n\
         Content-Transfer-Encoding: base64\r\n\r\n"
    )
}

fn one_file(out: &mut dyn Write, name: &str, kind: &str, content: &[u8]) -> Result<()> {
    mixed(out)?;
    attachment(out, name, kind)?;
    packed::base64(out, content)?;
    write!(out, "\r\n--q--\r\n")
}

fn zip_bomb(out: &mut dyn Write, large: usize) -> Result<()> {
    one_file(
        out,
        "a.zip",
        "application/zip",
        &packed::zip_of_zeros("facture.exe", large * 10)?,
    )
}

fn macro_bomb(out: &mut dyn Write, large: usize) -> Result<()> {
    let zip = packed::zip_of_zeros("word/vbaProject.bin", large * 10)?;
    one_file(
        out,
        "a.docm",
        "application/vnd.ms-word.document.macroEnabled.12",
        &zip,
    )
}

fn many_names(out: &mut dyn Write, _: usize) -> Result<()> {
    one_file(
        out,
        "a.zip",
        "application/zip",
        &packed::zip_of_names(60_000)?,
    )
}

fn nested_zips(out: &mut dyn Write, _: usize) -> Result<()> {
    one_file(out, "a.zip", "application/zip", &packed::nested(200)?)
}

fn deep_parts(out: &mut dyn Write, _: usize) -> Result<()> {
    write!(out, "{HEAD}")?;
    for depth in 0..10_000 {
        write!(
            out,
            "Content-Type: multipart/mixed; boundary=b{depth}\r\n\r\n--b{depth}\r\n"
        )?;
    }
    write!(out, "\r\nBonjour\r\n")
}

fn many_parts(out: &mut dyn Write, _: usize) -> Result<()> {
    mixed(out)?;
    again(
        out,
        b"\r\n--q\r\nContent-Type: text/html\r\n\r\n<a href=https://a.example/x>x</a>",
        600_000,
    )
}

fn same_boundary(out: &mut dyn Write, _: usize) -> Result<()> {
    write!(out, "{HEAD}")?;
    again(
        out,
        b"Content-Type: multipart/mixed; boundary=q\r\n\r\n--q\r\n",
        1 << 20,
    )
}

fn many_headers(out: &mut dyn Write, _: usize) -> Result<()> {
    write!(out, "{HEAD}")?;
    again(out, b"X: y\r\n", 6_000_000)?;
    write!(out, "\r\nBonjour\r\n")
}

fn long_header(out: &mut dyn Write, _: usize) -> Result<()> {
    write!(out, "{HEAD}X-Long: ")?;
    again(out, b"abc \r\n ", 10 << 20)?;
    write!(out, "\r\n\r\nBonjour\r\n")
}

fn encoded_words(out: &mut dyn Write, _: usize) -> Result<()> {
    write!(out, "From: a@b.example\r\nSubject:")?;
    again(out, b" =?utf-8?q?=C3=A9t=C3=A9?=\r\n", 200_000 * 26)?;
    write!(out, "\r\n\r\nBonjour\r\n")
}

fn many_senders(out: &mut dyn Write, _: usize) -> Result<()> {
    write!(out, "Subject: x\r\nFrom: ")?;
    for number in 0..200_000 {
        write!(out, "Ameli <a{number}@b{number}.example>,\r\n ")?;
    }
    write!(out, "z@z.example\r\n\r\nBonjour\r\n")
}

fn pieces_of_a_name(out: &mut dyn Write, _: usize) -> Result<()> {
    write!(out, "{HEAD}Content-Type: application/pdf")?;
    for number in 0..100_000 {
        write!(out, ";\r\n name*{number}*=utf-8''a%20")?;
    }
    write!(out, "\r\n\r\n%PDF-1.4\r\n")
}

fn matryoshka(out: &mut dyn Write, _: usize) -> Result<()> {
    for _ in 0..10_000 {
        write!(
            out,
            "From: a@b.example\r\nSubject: x\r\nContent-Type: message/rfc822\r\n\r\n"
        )?;
    }
    write!(out, "\r\nBonjour\r\n")
}

fn tree_of_messages(out: &mut dyn Write, _: usize) -> Result<()> {
    fn grow(out: &mut dyn Write, depth: usize) -> Result<()> {
        write!(
            out,
            "From: a@b.example\r\nSubject: x\r\nContent-Type: multipart/mixed; boundary=q{depth}\r\n\r\n"
        )?;
        for _ in 0..5 {
            write!(out, "--q{depth}\r\n")?;
            if depth > 0 {
                write!(out, "Content-Type: message/rfc822\r\n\r\n")?;
                grow(out, depth - 1)?;
            } else {
                write!(
                    out,
                    "Content-Type: text/html\r\n\r\n<a href=https://a.example>x</a>"
                )?;
            }
            write!(out, "\r\n")?;
        }
        write!(out, "--q{depth}--\r\n")
    }
    grow(out, 6)
}

fn broken(out: &mut dyn Write, _: usize) -> Result<()> {
    const PIECES: [&str; 12] = [
        "\r\n--q\r\n",
        "Content-Type: ",
        "multipart/mixed; boundary=q",
        "\r\n\r\n",
        "text/html;charset=\"",
        "=?utf-8?b?",
        "\0\u{fffd}",
        "<a href='",
        "Content-Transfer-Encoding: base64\r\n",
        "message/rfc822",
        ";\r\n\t",
        "?=\u{e9}\n",
    ];
    write!(out, "{HEAD}")?;
    let mut dice = 1_u64;
    let mut bytes = 0;
    while bytes < 4 << 20 {
        dice = dice
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let piece = PIECES[usize::try_from(dice >> 33).unwrap_or(0) % PIECES.len()];
        out.write_all(piece.as_bytes())?;
        bytes += piece.len();
    }
    Ok(())
}

fn page(out: &mut dyn Write) -> Result<()> {
    write!(out, "{HEAD}Content-Type: text/html; charset=utf-8\r\n\r\n")
}

fn deep_page(out: &mut dyn Write, _: usize) -> Result<()> {
    page(out)?;
    again(out, b"<div style='color:#fff'><b>", 100_000 * 27)?;
    write!(out, "Bonjour")?;
    again(out, b"</i>", 400_000)
}

fn many_attributes(out: &mut dyn Write, _: usize) -> Result<()> {
    page(out)?;
    write!(out, "<a ")?;
    for number in 0..200_000 {
        write!(out, "a{number}=x ")?;
    }
    write!(out, "href=https://a.example>x</a>")
}

fn comments(out: &mut dyn Write, _: usize) -> Result<()> {
    page(out)?;
    again(
        out,
        b"<!--[if mso]><a href=https://a.example>x<![endif]-->",
        500_000 * 52,
    )
}

fn open_quotes(out: &mut dyn Write, _: usize) -> Result<()> {
    page(out)?;
    again(out, b"<a href=\"x' <!-- &amp &#x &lt", 8 << 20)
}

fn long_styles(out: &mut dyn Write, _: usize) -> Result<()> {
    page(out)?;
    for _ in 0..40 {
        write!(out, "<p style='")?;
        again(out, b"color:rgb(1,2,3);font-size:0.1em;", 100_000)?;
        write!(out, "'>x")?;
    }
    Ok(())
}

fn links(out: &mut dyn Write, page: usize, length: usize) -> Result<()> {
    for number in 0..400 {
        let filling = "\u{2}x".repeat(length / 2);
        write!(
            out,
            "<a href='https://amel1-{page}-{number}.example/{filling}'>https://www.ameli.fr/{number}</a>\r\n"
        )?;
    }
    Ok(())
}

fn many_links(out: &mut dyn Write, _: usize) -> Result<()> {
    mixed(out)?;
    for number in 0..8 {
        write!(out, "\r\n--q\r\nContent-Type: text/html\r\n\r\n")?;
        links(out, number, 0)?;
    }
    Ok(())
}

fn many_pages(out: &mut dyn Write, _: usize) -> Result<()> {
    mixed(out)?;
    for number in 0..40 {
        write!(
            out,
            "\r\n--q\r\nContent-Type: text/html\r\nContent-Disposition: attachment; filename=a{number}.html\r\n\r\n"
        )?;
        links(out, number, 800)?;
    }
    Ok(())
}

fn links_in_links(out: &mut dyn Write, _: usize) -> Result<()> {
    mixed(out)?;
    for _ in 0..8 {
        write!(out, "\r\n--q\r\nContent-Type: text/plain\r\n\r\n")?;
        again(out, b"http://", 200_000)?;
    }
    Ok(())
}

fn almost_addresses(out: &mut dyn Write, _: usize) -> Result<()> {
    mixed(out)?;
    for piece in [
        "a.", "a@", "www.", "(((", "a.fr:", "x@y.", "a.b/", "-.", "\u{e9}.",
    ] {
        write!(
            out,
            "\r\n--q\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
        )?;
        again(out, piece.as_bytes(), 200_000)?;
    }
    Ok(())
}

fn look_alikes(out: &mut dyn Write, _: usize) -> Result<()> {
    write!(out, "{HEAD}Content-Type: text/plain; charset=utf-8\r\n\r\n")?;
    again(
        out,
        "\u{430}m\u{435}li \u{1d5ba}\u{1d5bb} \u{fb03} ".as_bytes(),
        2 << 20,
    )
}

fn invisible(out: &mut dyn Write, _: usize) -> Result<()> {
    write!(out, "{HEAD}Content-Type: text/plain; charset=utf-8\r\n\r\n")?;
    again(
        out,
        "a\u{200b}\u{301}\u{302}\u{303}\u{ad}".as_bytes(),
        4 << 20,
    )
}

fn phrases(out: &mut dyn Write, _: usize) -> Result<()> {
    write!(out, "{HEAD}\r\n")?;
    again(
        out,
        b"urgent urgent compte suspendu cliquez ici ",
        100_000 * 42,
    )
}

fn big_code(out: &mut dyn Write, _: usize) -> Result<()> {
    one_file(out, "code.png", "image/png", &packed::corners(4000)?)
}

fn many_codes(out: &mut dyn Write, _: usize) -> Result<()> {
    let picture = packed::corners(4000)?;
    mixed(out)?;
    for number in 0..40 {
        attachment(out, &format!("{number}.png"), "image/png")?;
        packed::base64(out, &picture)?;
    }
    write!(out, "\r\n--q--\r\n")
}

fn pdf_links(out: &mut dyn Write, _: usize) -> Result<()> {
    let mut pdf = b"%PDF-1.7\n".to_vec();
    again(
        &mut pdf,
        b"/URI /URI ( /UR /URI (https://a.example/x",
        8 << 20,
    )?;
    one_file(out, "a.pdf", "application/pdf", &pdf)
}

fn pdf_bomb(out: &mut dyn Write, large: usize) -> Result<()> {
    one_file(
        out,
        "a.pdf",
        "application/pdf",
        &packed::pdf_of_zeros(large * 10)?,
    )
}
