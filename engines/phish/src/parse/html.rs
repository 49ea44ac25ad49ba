//! What a page shows, what it hides and where it leads, in one pass over its tags.
//! Runs nothing, loads nothing, and never goes back: its work is linear in what it reads.

use html5gum::{DefaultEmitter, HtmlString, StartTag, Token, Tokenizer};

use super::{bounds, plain, style};
use crate::message::{Body, By, Link, Page};

/// Reads a page.
pub(crate) fn read(html: &str) -> Body {
    let kept = bounds::beginning(html, bounds::HTML);
    let mut reader = Reader::new();
    reader.body.page.cut = kept.len() < html.len();
    reader.tags(kept, Depth::Page);
    reader.finish()
}

/// A page, or what it holds for one program alone (`<!--[if mso]>`).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Depth {
    Page,
    Conditional,
}

struct Reader {
    body: Body,
    open: Vec<Open>,
    link: Option<usize>,
    raw: Raw,
}

/// An element that is open.
struct Open {
    name: Vec<u8>,
    hidden: bool,
    ground: style::Ground,
}

/// What the text between tags is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Raw {
    Words,
    Script,
    Skipped,
}

impl Reader {
    fn new() -> Self {
        let page = Page {
            html: true,
            ..Page::default()
        };
        Self {
            body: Body {
                page,
                ..Body::default()
            },
            open: Vec::new(),
            link: None,
            raw: Raw::Words,
        }
    }

    fn tags(&mut self, html: &str, depth: Depth) {
        let mut emitter = DefaultEmitter::default();
        emitter.naively_switch_states(true);
        for token in Tokenizer::new_with_emitter(html, emitter) {
            let Ok(token) = token;
            match token {
                Token::StartTag(tag) => self.start(&tag),
                Token::EndTag(tag) => self.end(&tag.name),
                Token::String(text) => self.words(&text),
                Token::Comment(text) if depth == Depth::Page => self.comment(&text),
                Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
            }
        }
    }

    fn start(&mut self, tag: &StartTag<()>) {
        let name: &[u8] = &tag.name;
        self.raw = match name {
            b"script" => Raw::Script,
            b"style" | b"title" | b"head" | b"noscript" => Raw::Skipped,
            _ => Raw::Words,
        };
        self.count(tag);
        let own = attribute(tag, b"style").unwrap_or_default();
        self.body.page.stretched |= style::is_stretched(&own);
        if BLOCKS.contains(&name) {
            self.line();
        }
        match name {
            b"a" | b"area" => self.anchor(tag),
            b"form" => self.leads(attribute(tag, b"action"), By::Form),
            b"button" => self.leads(attribute(tag, b"formaction"), By::Form),
            b"iframe" | b"embed" => self.leads(attribute(tag, b"src"), By::Refresh),
            b"meta" => {
                let refresh = attribute(tag, b"http-equiv")
                    .is_some_and(|is| is.eq_ignore_ascii_case("refresh"));
                let to = attribute(tag, b"content")
                    .filter(|_| refresh)
                    .and_then(|content| content.split_once('=').map(|(_, to)| to.to_owned()));
                self.leads(
                    to.map(|to| to.trim_matches(['\'', '"', ' ']).to_owned()),
                    By::Refresh,
                );
            }
            b"base" => self.body.page.base |= attribute(tag, b"href").is_some(),
            _ => {}
        }
        if !VOID.contains(&name) && self.open.len() < DEEPEST {
            let above = self.open.last();
            let shown = style::of(tag, above.map_or(style::Ground::White, |open| open.ground));
            self.open.push(Open {
                name: name.to_vec(),
                hidden: above.is_some_and(|open| open.hidden) || shown.hidden,
                ground: shown.ground,
            });
        }
    }

    fn count(&mut self, tag: &StartTag<()>) {
        let page = &mut self.body.page;
        match &tag.name[..] {
            b"img" if style::is_seen(tag) => {
                page.pictures = page.pictures.saturating_add(1);
                if self.link.is_some() {
                    page.linked_pictures = page.linked_pictures.saturating_add(1);
                    if let Some(alt) = attribute(tag, b"alt") {
                        self.say(&alt);
                    }
                }
            }
            b"input" | b"textarea" | b"select" => {
                let kind = attribute(tag, b"type").unwrap_or_default();
                if kind.eq_ignore_ascii_case("password") {
                    page.password_fields = page.password_fields.saturating_add(1);
                } else if !["hidden", "submit", "button", "image"]
                    .iter()
                    .any(|other| kind.eq_ignore_ascii_case(other))
                {
                    page.fields = page.fields.saturating_add(1);
                }
            }
            b"script" => page.scripts = page.scripts.saturating_add(1),
            _ => {}
        }
        let unpacks = tag
            .attributes
            .iter()
            .any(|(name, value)| name.starts_with(b"on") && unpacks(value));
        self.body.page.smuggles |= unpacks;
    }

    fn anchor(&mut self, tag: &StartTag<()>) {
        self.close_link();
        let target = attribute(tag, b"href").or_else(|| attribute(tag, b"xlink:href"));
        let before = self.body.links.len();
        self.leads(target, By::Anchor);
        if self.body.links.len() > before {
            self.link = Some(before);
        }
    }

    fn leads(&mut self, target: Option<String>, by: By) {
        let Some(target) = target.filter(|to| !to.is_empty() && !to.starts_with('#')) else {
            return;
        };
        if self.body.links.len() >= bounds::LINKS {
            self.body.page.cut = true;
            return;
        }
        let at = self.body.text.len();
        self.body.links.push(Link {
            target: plain::target(&target),
            start: at,
            end: at,
            by,
        });
    }

    fn close_link(&mut self) {
        if let Some(link) = self.link.take() {
            self.body.links[link].end = self.body.text.len();
        }
    }

    fn end(&mut self, name: &HtmlString) {
        if name.as_slice() == b"a" {
            self.close_link();
        }
        if matches!(
            &name[..],
            b"script" | b"style" | b"title" | b"head" | b"noscript"
        ) {
            self.raw = Raw::Words;
        }
        if BLOCKS.contains(&&name[..]) {
            self.line();
        }
        let near = self.open.len().saturating_sub(NEAR);
        if let Some(at) = self.open[near..]
            .iter()
            .rposition(|open| open.name == ***name)
        {
            self.open.truncate(near + at);
        }
    }

    fn words(&mut self, bytes: &[u8]) {
        match self.raw {
            Raw::Words => self.say(&String::from_utf8_lossy(bytes)),
            Raw::Script => self.body.page.smuggles |= unpacks(bytes),
            Raw::Skipped => {
                self.body.page.stretched |= style::is_stretched(&String::from_utf8_lossy(bytes));
            }
        }
    }

    /// White space is one space, as on a screen.
    fn say(&mut self, words: &str) {
        let hidden = self.open.last().is_some_and(|open| open.hidden);
        let text = if hidden {
            &mut self.body.hidden
        } else {
            &mut self.body.text
        };
        for letter in words.chars() {
            if text.len() >= bounds::TEXT {
                self.body.page.cut = true;
                return;
            }
            if !letter.is_whitespace() {
                text.push(letter);
            } else if !text.is_empty() && !text.ends_with([' ', '\n']) {
                text.push(' ');
            }
        }
    }

    fn line(&mut self) {
        let text = &mut self.body.text;
        if text.ends_with(' ') {
            text.pop();
        }
        if !text.is_empty() && !text.ends_with('\n') && text.len() < bounds::TEXT {
            text.push('\n');
        }
    }

    fn comment(&mut self, text: &[u8]) {
        if text.starts_with(b"[if") {
            let shown = self.body.text.len();
            self.tags(&String::from_utf8_lossy(text), Depth::Conditional);
            self.close_link();
            // Its words stand a second time in the page; only its links count.
            self.body.text.truncate(shown);
        }
    }

    fn finish(mut self) -> Body {
        self.close_link();
        let text = self.body.text.trim_end().len();
        self.body.text.truncate(text);
        for link in &mut self.body.links {
            link.start = link.start.min(text);
            link.end = link.end.clamp(link.start, text);
        }
        let more = plain::links(&self.body.text, &self.body.links);
        self.body.links.extend(more);
        self.body
    }
}

/// The value of an attribute.
pub(super) fn attribute(tag: &StartTag<()>, name: &[u8]) -> Option<String> {
    let value = tag.attributes.get(name)?;
    Some(String::from_utf8_lossy(value).trim().to_owned())
}

fn unpacks(script: &[u8]) -> bool {
    UNPACKERS
        .iter()
        .any(|word| script.windows(word.len()).any(|part| part == *word))
}

/// How a script makes a file out of its own text.
const UNPACKERS: [&[u8]; 6] = [
    b"atob(",
    b"createObjectURL",
    b"msSaveOrOpenBlob",
    b"fromCharCode",
    b"unescape(",
    b"new Blob",
];

const BLOCKS: &[&[u8]] = &[
    b"br",
    b"p",
    b"div",
    b"tr",
    b"li",
    b"table",
    b"h1",
    b"h2",
    b"h3",
    b"h4",
    b"ul",
    b"ol",
    b"hr",
    b"center",
    b"blockquote",
    b"section",
    b"header",
    b"footer",
    b"form",
    b"pre",
];

const VOID: &[&[u8]] = &[
    b"br", b"img", b"hr", b"meta", b"link", b"input", b"area", b"base", b"col", b"embed",
    b"source", b"track", b"wbr",
];

/// Elements within elements whose look is followed.
const DEEPEST: usize = 1000;
/// How far back the start of an element is looked for.
const NEAR: usize = 40;

#[cfg(test)]
mod tests {
    use super::*;

    fn link(body: &Body, at: usize) -> (&str, &str) {
        let link = &body.links[at];
        (&link.target, &body.text[link.start..link.end])
    }

    #[test]
    fn words_and_links_are_as_on_a_screen() {
        let body = read(
            "<html><head><title>x</title><style>a{}</style></head><body><p>Bonjour&nbsp;Madame,\n \
             <b>votre</b> colis</p><a href=' https://a.example/p?x=1&amp;y=2 '>Suivre <i>mon</i> colis</a><br>fin",
        );
        assert_eq!(
            body.text,
            "Bonjour Madame, votre colis\nSuivre mon colis\nfin"
        );
        assert_eq!(
            link(&body, 0),
            ("https://a.example/p?x=1&y=2", "Suivre mon colis")
        );
        assert!(body.hidden.is_empty() && body.page.html && !body.page.cut);
    }

    #[test]
    fn what_is_hidden_is_told_apart() {
        for hidden in [
            "<div style='display:none'>lettuce</div>",
            "<span style=\"FONT-SIZE: 0px\">lettuce</span>",
            "<p style='color:#fff'>lettuce</p>",
            "<p hidden>lettuce</p>",
            "<div style='display: none'><p><b>let</b>tuce</p></div>",
            "<table bgcolor=#000000><tr><td style='color:#010101'>lettuce</td></table>",
            "<div style='max-height:0;overflow:hidden'>lettuce</div>",
            "<div style='opacity:0'>lettuce</div>",
        ] {
            let body = read(&format!("<p>Hello</p>{hidden}<p>there</p>"));
            assert_eq!(body.hidden, "lettuce", "{hidden}");
            assert_eq!(body.text, "Hello\nthere", "{hidden}");
        }
        for shown in [
            "<p style='color:#fff;background:#123'>lettuce</p>",
            "<td background=x.png><p style='color:#fff'>lettuce</p>",
            "<p style='font-size:10px'>lettuce</p>",
            "<p style='color:white;background-image:url(x)'>lettuce</p>",
        ] {
            assert!(read(shown).hidden.is_empty(), "{shown}");
        }
    }

    #[test]
    fn forms_scripts_and_pictures_are_counted() {
        let body = read(
            "<form action=https://a.example><input name=a><input type=Password><input type=hidden></form>\
             <script>var b = new Blob([atob('x')])</script><img src=a width=600><img src=b width=1 height=1>\
             <a href=https://b.example><img src=c alt='Open it'></a><meta http-equiv=Refresh content='0; url=https://c.example'>",
        );
        let page = body.page;
        assert_eq!((page.password_fields, page.fields, page.scripts), (1, 1, 1));
        assert_eq!((page.pictures, page.linked_pictures), (2, 1));
        assert!(page.smuggles);
        let by: Vec<By> = body.links.iter().map(|link| link.by).collect();
        assert_eq!(by, [By::Form, By::Anchor, By::Refresh]);
        assert_eq!(body.links[2].target, "https://c.example");
        assert_eq!(link(&body, 1).1, "Open it");
    }

    #[test]
    fn links_for_outlook_alone_count() {
        let body = read("a<!--[if mso]><a href='https://a.example'>x</a><![endif]-->b");
        assert_eq!(body.text, "ab");
        assert_eq!(body.links.len(), 1);
    }

    #[test]
    fn a_plain_address_is_a_link_too() {
        let body = read(
            "<p>voir https://a.example/x et <a href=https://b.example>https://b.example</a></p>",
        );
        let targets: Vec<&str> = body.links.iter().map(|link| &*link.target).collect();
        assert_eq!(targets, ["https://b.example", "https://a.example/x"]);
    }

    #[test]
    fn broken_pages_are_read() {
        for html in [
            "<",
            "<a",
            "<a href",
            "<a href='x",
            "</a></a>",
            "<!--",
            "<p <p <p",
            "&#x0;&bad;",
            "<a href=x><a href=y>z",
        ] {
            read(html);
        }
        let deep = "<div>".repeat(100_000) + "x" + &"</b>".repeat(100_000);
        assert_eq!(read(&deep).text, "x");
        let many = "<a href=https://a.example>x</a>".repeat(1000);
        let body = read(&many);
        assert!(body.page.cut && body.links.len() == bounds::LINKS);
    }
}
