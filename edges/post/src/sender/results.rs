//! `Authentication-Results` (RFC 8601): what a server found. No maintained crate reads them (mail-auth writes them alone), so
//! this does: words, `=` and comments, within bounds; what it does not understand says nothing.

use super::{Standing, is_aligned};

/// The name that a mail server of the practice's signs its results with.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Server(String);

impl Server {
    /// The server's name, where it is one: as a host's, such as `mx.cabinet.example`.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        super::Name::of(text.trim()).map(|name| Self(name.into()))
    }

    /// As it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// It is that host, or one of the same machines: below it, or beside it.
    pub(super) fn is_of(&self, host: &str) -> bool {
        let host = host.to_lowercase();
        let below = |domain: &str| {
            host.strip_suffix(domain)
                .is_some_and(|before| before.is_empty() || before.ends_with('.'))
        };
        let beside = self.0.split_once('.').map(|(_, rest)| rest);
        below(&self.0)
            || beside
                // What anybody may have a name below is nobody's.
                .filter(|rest| psl::domain_str(rest).is_some_and(|owned| rest.ends_with(owned)))
                .is_some_and(below)
    }
}

impl TryFrom<String> for Server {
    type Error = super::names::NoName;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::of(&text).ok_or(super::names::NoName)
    }
}

impl From<Server> for String {
    fn from(server: Server) -> Self {
        server.0
    }
}

/// One header.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Results {
    /// Who says so.
    pub(super) by: String,
    methods: Vec<Method>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Method {
    name: String,
    result: String,
    properties: Vec<(String, String)>,
    comments: String,
}

impl Method {
    fn property(&self, name: &str) -> Option<&str> {
        let mut all = self.properties.iter();
        all.find(|(one, _)| one == name)
            .map(|(_, value)| &value[..])
    }

    /// The domain that it is about.
    fn domain(&self, name: &str) -> Option<&str> {
        let value = self.property(name)?;
        Some(value.rsplit_once('@').map_or(value, |(_, domain)| domain))
    }

    fn has_no_policy(&self) -> bool {
        let comments: String = self.comments.split_whitespace().collect();
        self.property("policy.dmarc") == Some("none")
            || comments.starts_with("p=none")
            || comments.contains("(p=none")
    }
}

/// Reads a header's value; `None` where it is none.
pub(super) fn read(value: &[u8]) -> Option<Results> {
    let value = String::from_utf8_lossy(&value[..value.len().min(LONGEST)]).to_lowercase();
    let mut parts = cut(&value).into_iter();
    let by = match parts.next()?.into_iter().find_map(Token::word)? {
        // Some leave their name out, and begin with the first result.
        by if by.contains('.') => by,
        _ => return None,
    };
    let methods = parts.take(MOST).filter_map(|tokens| method(&tokens));
    Some(Results {
        by,
        methods: methods.collect(),
    })
}

/// What trusted servers say of that domain; `None` where they say nothing of it. What a higher header says of a method counts
/// before what a lower one says.
pub(super) fn standing(told: &[Results], from: &str) -> Option<Standing> {
    let first = |name: &str| {
        told.iter()
            .find(|one| one.methods.iter().any(|method| method.name == name))
    };
    let methods = |name: &'static str| {
        let header = first(name).into_iter();
        header.flat_map(move |one| one.methods.iter().filter(move |method| method.name == name))
    };
    let is_about = |method: &Method| {
        method
            .domain("header.from")
            .is_none_or(|domain| is_aligned(domain, from))
    };
    let forwarded = methods("arc").any(|one| one.result == "pass");
    if let Some(dmarc) = methods("dmarc").find(|one| is_about(one)) {
        match &dmarc.result[..] {
            "pass" | "bestguesspass" => return Some(Standing::Proven),
            "fail" if !dmarc.has_no_policy() && !forwarded => return Some(Standing::Refused),
            "fail" => return Some(Standing::Unknown),
            // There is no policy: what follows says what can be said.
            _ => {}
        }
    }
    let is_ours = |method: &Method, names: &[&str]| {
        let mut domains = names.iter().filter_map(|name| method.domain(name));
        method.result == "pass"
            && domains
                .next()
                .is_some_and(|domain| is_aligned(domain, from))
    };
    let signed = methods("dkim").any(|one| is_ours(one, &["header.d", "header.i"]));
    let sent = methods("spf").any(|one| is_ours(one, &["smtp.mailfrom"]));
    if signed || sent {
        return Some(Standing::Proven);
    }
    if first("dkim").is_some() && methods("dkim").all(|one| one.result == "none") {
        return Some(Standing::Unsigned);
    }
    let looked = |name: &'static str| methods(name).any(|one| !one.result.ends_with("error"));
    (looked("dkim") && looked("spf")).then_some(Standing::Unknown)
}

fn method(tokens: &[Token]) -> Option<Method> {
    let mut method = Method::default();
    let mut at = 0;
    while at < tokens.len() && method.properties.len() < MOST {
        match &tokens[at..] {
            [Token::Word(name), Token::Equal, Token::Word(value), ..] => {
                if method.name.is_empty() {
                    // A method may have a version.
                    name.split('/').next()?.clone_into(&mut method.name);
                    method.result.clone_from(value);
                } else {
                    method.properties.push((name.clone(), value.clone()));
                }
                at += 3;
            }
            [Token::Comment(text), ..] => {
                method.comments.push_str(text);
                at += 1;
            }
            _ => at += 1,
        }
    }
    (!method.name.is_empty()).then_some(method)
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Word(String),
    Equal,
    Comment(String),
}

impl Token {
    fn word(self) -> Option<String> {
        match self {
            Self::Word(word) => Some(word),
            Self::Equal | Self::Comment(_) => None,
        }
    }
}

/// Cuts a value at each `;` that is in no comment and no quotes.
fn cut(value: &str) -> Vec<Vec<Token>> {
    let mut parts = vec![Vec::new()];
    let mut word = String::new();
    let mut signs = value.chars();
    while let Some(sign) = signs.next() {
        match sign {
            '"' => word.push_str(&quoted(&mut signs)),
            '(' => {
                end(&mut word, &mut parts);
                let comment = comment(&mut signs);
                push(&mut parts, Token::Comment(comment));
            }
            ';' => {
                end(&mut word, &mut parts);
                parts.push(Vec::new());
            }
            '=' => {
                end(&mut word, &mut parts);
                push(&mut parts, Token::Equal);
            }
            sign if sign.is_whitespace() => end(&mut word, &mut parts),
            sign => word.push(sign),
        }
    }
    end(&mut word, &mut parts);
    parts
}

fn end(word: &mut String, parts: &mut [Vec<Token>]) {
    if !word.is_empty() {
        push(parts, Token::Word(std::mem::take(word)));
    }
}

fn push(parts: &mut [Vec<Token>], token: Token) {
    if let Some(last) = parts.last_mut() {
        last.push(token);
    }
}

fn quoted(signs: &mut std::str::Chars<'_>) -> String {
    let mut text = String::new();
    while let Some(sign) = signs.next() {
        match sign {
            '"' => break,
            '\\' => text.extend(signs.next()),
            sign => text.push(sign),
        }
    }
    text
}

fn comment(signs: &mut std::str::Chars<'_>) -> String {
    let mut text = String::new();
    let mut depth = 1_u32;
    while let Some(sign) = signs.next() {
        match sign {
            '(' => depth = depth.saturating_add(1),
            ')' => depth -= 1,
            '\\' => text.extend(signs.next()),
            _ => {}
        }
        if depth == 0 {
            break;
        }
        text.push(sign);
    }
    text
}

/// Of a header's value, in bytes.
const LONGEST: usize = 16 * 1024;
/// Methods of a header, properties of a method.
const MOST: usize = 50;

#[cfg(test)]
mod tests {
    use super::*;

    fn said(values: &[&str], from: &str) -> Option<Standing> {
        let told: Vec<Results> = values
            .iter()
            .map(|value| read(value.as_bytes()).unwrap())
            .collect();
        standing(&told, from)
    }

    #[test]
    fn what_servers_write_is_understood() {
        for (value, standing) in [
            (
                "mx.google.com; dkim=pass header.i=@labo.example header.s=s1 header.b=\"a=b;c\"; spf=pass (google.com: \
                 domain of a@labo.example designates 192.0.2.1 as permitted sender) smtp.mailfrom=a@labo.example; \
                 dmarc=pass (p=NONE sp=NONE dis=NONE) header.from=labo.example",
                Some(Standing::Proven),
            ),
            (
                "mx.x.example 1; dmarc=fail header.from=labo.example",
                Some(Standing::Refused),
            ),
            (
                "mx.x.example; DMARC = Fail (p=reject dis=none) header.from=labo.example",
                Some(Standing::Refused),
            ),
            // Its owner asks nothing of those who receive it.
            (
                "mx.x.example; dmarc=fail (p=NONE sp=NONE dis=NONE) header.from=labo.example",
                Some(Standing::Unknown),
            ),
            (
                "mx.x.example; dmarc=fail policy.dmarc=none header.from=labo.example",
                Some(Standing::Unknown),
            ),
            // A list changed it on the way, and the server believed the list.
            (
                "mx.x.example; arc=pass; dmarc=fail (p=reject) header.from=labo.example",
                Some(Standing::Unknown),
            ),
            (
                "mx.x.example; dmarc=none; dkim=pass header.d=mail.labo.example",
                Some(Standing::Proven),
            ),
            (
                "mx.x.example; dkim=fail header.d=other.example; dkim=pass header.d=labo.example",
                Some(Standing::Proven),
            ),
            (
                "mx.x.example; spf=pass smtp.mailfrom=labo.example",
                Some(Standing::Proven),
            ),
            // Somebody else's domain is proven, not this one.
            (
                "mx.x.example; dkim=pass header.d=other.example; spf=pass smtp.mailfrom=other.example",
                Some(Standing::Unknown),
            ),
            ("mx.x.example; dmarc=pass header.from=other.example", None),
            (
                "mx.x.example; dkim=temperror header.d=labo.example; spf=none",
                None,
            ),
            ("mx.x.example; none", None),
            ("mx.x.example", None),
            (
                "mx.x.example; (dmarc=pass) x=y (dmarc=pass; dkim=pass)",
                None,
            ),
            ("mx.x.example; reason=\"dmarc=pass; dmarc=pass\"", None),
            ("mx.x.example; dmarc=pass(((", Some(Standing::Proven)),
            ("mx.x.example;;;==;dmarc==pass", None),
        ] {
            assert_eq!(said(&[value], "labo.example"), standing, "{value}");
        }
        assert_eq!(
            read(b"spf=pass smtp.mailfrom=labo.example; dkim=none"),
            None
        );
        assert_eq!(read(b""), None);
        assert_eq!(read(b";;"), None);
    }

    #[test]
    fn a_public_suffix_is_nobodys() {
        assert_eq!(
            said(&["mx.x.example; dkim=pass header.d=co.uk"], "bank.co.uk"),
            None
        );
        assert_eq!(
            said(
                &["mx.x.example; dkim=pass header.d=evil.co.uk"],
                "bank.co.uk"
            ),
            None
        );
    }

    #[test]
    fn the_higher_header_says_it() {
        let fail = "mx.x.example; dmarc=fail (p=reject)";
        let pass = "mx.x.example; dmarc=pass; dkim=pass header.d=labo.example";
        assert_eq!(said(&[fail, pass], "labo.example"), Some(Standing::Refused));
        assert_eq!(said(&[pass, fail], "labo.example"), Some(Standing::Proven));
    }

    #[test]
    fn a_server_is_known_by_its_name_and_its_neighbours() {
        let server = Server::of(" MX.Cabinet.example ").unwrap();
        for (host, is_of) in [
            ("mx.cabinet.example", true),
            ("in1.mx.cabinet.example", true),
            ("MX2.cabinet.example", true),
            ("cabinet.example", true),
            ("xcabinet.example", false),
            ("example", false),
            ("mx.example", false),
        ] {
            assert_eq!(server.is_of(host), is_of, "{host}");
        }
        assert!(!Server::of("orange.fr").unwrap().is_of("free.fr"));
        assert!(
            Server::of("orange.fr")
                .unwrap()
                .is_of("mwinf5c48.orange.fr")
        );
        assert!(Server::of("localhost").is_none());
    }
}
