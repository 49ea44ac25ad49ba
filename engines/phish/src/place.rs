//! Where an address leads: its host, who could have registered it, what is odd in how it is written.
//! Reads what a browser would read; never asks a name server.

use url::{Host, Url};

/// A place on the web.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// `https` and the like.
    pub(crate) scheme: String,
    /// The host in ASCII.
    pub(crate) host: String,
    /// The host as people see it.
    pub(crate) seen: String,
    /// The part that somebody registered; the host where that is all.
    pub(crate) registered: String,
    /// The host is a number.
    pub(crate) number: bool,
    /// Not the port of its scheme.
    pub(crate) port: Option<u16>,
    /// A name stands before the host, as in `https://bank.example@trap.example`.
    pub(crate) user: bool,
    /// What comes after the host.
    pub(crate) rest: String,
}

impl Place {
    /// Where a target leads, if it leads to a web page.
    pub(crate) fn of(target: &str) -> Option<Self> {
        let url = match Url::parse(target) {
            Ok(url) if url.cannot_be_a_base() && !is_scheme(url.scheme()) => {
                Url::parse(&format!("http://{target}")).ok()?
            }
            Ok(url) => url,
            Err(_) => Url::parse(&format!("http://{}", target.trim_start_matches('/'))).ok()?,
        };
        let (host, number) = match url.host()? {
            Host::Domain(name) => (name.trim_end_matches('.').to_owned(), false),
            Host::Ipv4(ip) => (ip.to_string(), true),
            Host::Ipv6(ip) => (ip.to_string(), true),
        };
        let (seen, _) = idna::domain_to_unicode(&host);
        Some(Self {
            scheme: url.scheme().to_owned(),
            registered: if number {
                host.clone()
            } else {
                registered(&host)
            },
            seen,
            host,
            number,
            port: url.port(),
            user: !url.username().is_empty(),
            rest: target
                .split_once("://")
                .map_or(target, |(_, rest)| rest)
                .split_once(['/', '?', '#'])
                .map(|(_, rest)| rest.to_owned())
                .unwrap_or_default(),
        })
    }

    /// The host is one of these domains or stands below it; `example.com/path` wants that path too.
    pub(crate) fn is_in(&self, domains: &[String]) -> bool {
        domains.iter().any(|domain| match domain.split_once('/') {
            Some((host, path)) => is_below(&self.host, host) && self.rest.starts_with(path),
            None => is_below(&self.host, domain),
        })
    }
}

/// The part of a host that somebody registered: `impots.gouv.fr` of `www.impots.gouv.fr`.
pub(crate) fn registered(host: &str) -> String {
    psl::domain_str(host).unwrap_or(host).to_owned()
}

/// The ending under which a name was registered.
pub(crate) fn ending(host: &str) -> &str {
    psl::suffix_str(host).unwrap_or_default()
}

/// The word that somebody registered: `ameli` of `www.ameli.fr`.
pub(crate) fn label(host: &str) -> &str {
    let name = psl::domain_str(host).unwrap_or(host);
    let ending = psl::suffix_str(name).map_or(0, |ending| ending.len() + 1);
    name.get(..name.len().saturating_sub(ending))
        .filter(|label| !label.is_empty())
        .unwrap_or(name)
}

/// The host is the domain or stands below it.
pub(crate) fn is_below(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain)
        .is_some_and(|before| before.is_empty() || before.ends_with('.'))
}

/// The host of an e-mail address, in small letters.
pub(crate) fn host_of(address: &str) -> Option<String> {
    let (_, host) = address.rsplit_once('@')?;
    let host = host.trim_end_matches(['.', '>', ' ']).to_ascii_lowercase();
    (!host.is_empty()).then_some(host)
}

/// `www.example.com:8080/x` parses as a scheme `www.example.com`; no real scheme has a dot.
fn is_scheme(scheme: &str) -> bool {
    !scheme.contains('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_read_as_a_browser_does() {
        for (target, host, registered, number, port, user) in [
            (
                "https://www.impots.gouv.fr/x",
                "www.impots.gouv.fr",
                "impots.gouv.fr",
                false,
                None,
                false,
            ),
            (
                "WWW.Ameli.FR",
                "www.ameli.fr",
                "ameli.fr",
                false,
                None,
                false,
            ),
            (
                "http://0x7f.1/x",
                "127.0.0.1",
                "127.0.0.1",
                true,
                None,
                false,
            ),
            (
                "https://bank.example@trap.example:8443/",
                "trap.example",
                "trap.example",
                false,
                Some(8443),
                true,
            ),
            (
                "trap.example:8080/x",
                "trap.example",
                "trap.example",
                false,
                Some(8080),
                false,
            ),
            (
                "//trap.example/x",
                "trap.example",
                "trap.example",
                false,
                None,
                false,
            ),
        ] {
            let place = Place::of(target).unwrap_or_else(|| panic!("{target}"));
            assert_eq!(
                (
                    &*place.host,
                    &*place.registered,
                    place.number,
                    place.port,
                    place.user
                ),
                (host, registered, number, port, user),
                "{target}"
            );
        }
        for no in [
            "",
            "mailto:a@b.example",
            "tel:0102",
            "javascript:x",
            "cid:1",
            "data:text/html,x",
        ] {
            assert!(Place::of(no).is_none(), "{no}: {:?}", Place::of(no));
        }
    }

    #[test]
    fn names_are_cut_where_they_were_registered() {
        assert_eq!(label("www.ameli.fr"), "ameli");
        assert_eq!(label("a.b.co.uk"), "b");
        assert_eq!(label("localhost"), "localhost");
        assert_eq!(ending("x.us.com"), "us.com");
        assert_eq!(host_of("A@B.Example."), Some("b.example".into()));
        assert!(is_below("a.ameli.fr", "ameli.fr") && !is_below("xameli.fr", "ameli.fr"));
    }
}
