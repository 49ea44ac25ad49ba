//! What the server that received a mail says of its sender (`Authentication-Results`, RFC 8601), as `edges/post` would
//! hand it to the judge. Old mail has none, and is judged without.

use hygie_phish::Authenticated;
use hygie_phish::parse::read_mail;

/// Of the first such header, which the last server put there.
#[must_use]
pub fn vouched(raw: &[u8]) -> Authenticated {
    let text = String::from_utf8_lossy(&raw[..raw.len().min(HEAD)]).replace("\r\n", "\n");
    let head = text
        .split("\n\n")
        .next()
        .unwrap_or_default()
        .replace("\n\t", " ")
        .replace("\n ", " ");
    let Some(found) = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("authentication-results")
            .then(|| value.to_ascii_lowercase())
    }) else {
        return Authenticated::Unknown;
    };
    let from = read_mail(raw).sender().and_then(|one| {
        one.address
            .rsplit_once('@')
            .map(|(_, host)| host.to_ascii_lowercase())
    });
    let Some(from) = from else {
        return Authenticated::Unknown;
    };
    if found.contains("dmarc=fail") {
        return Authenticated::Refused;
    }
    // A comment within may hold a semicolon, so methods are told apart by their names.
    let signed = found.split("dkim=").skip(1).any(|method| {
        let domain = method
            .split("header.d=")
            .nth(1)
            .or_else(|| method.split("header.i=@").nth(1))
            .unwrap_or_default();
        let end = domain.find([' ', ';', '\t']).unwrap_or(domain.len());
        method.starts_with("pass") && is_aligned(&from, &domain[..end])
    });
    if found.contains("dmarc=pass") || signed {
        Authenticated::Proven
    } else if found.contains("dkim=none") && !found.contains("dkim=pass") {
        Authenticated::Unsigned
    } else {
        Authenticated::Unknown
    }
}

/// One is the other or stands below it, and neither is a public suffix' worth of letters.
fn is_aligned(from: &str, domain: &str) -> bool {
    let below = |one: &str, two: &str| {
        one == two
            || one
                .strip_suffix(two)
                .is_some_and(|before| before.ends_with('.'))
    };
    domain.contains('.') && (below(from, domain) || below(domain, from))
}

const HEAD: usize = 64 << 10;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_server_found_is_read() {
        for (found, wanted) in [
            (
                "mx; dmarc=pass header.from=b.example",
                Authenticated::Proven,
            ),
            (
                "mx;\n dkim=pass (2048-bit key; unprotected) header.d=b.example header.i=@b.example",
                Authenticated::Proven,
            ),
            (
                "mx; dkim=fail header.d=b.example; dkim=pass header.d=other.example",
                Authenticated::Unknown,
            ),
            (
                "mx; dkim=pass header.d=other.example",
                Authenticated::Unknown,
            ),
            (
                "mx; spf=fail; dmarc=fail action=none",
                Authenticated::Refused,
            ),
            (
                "mx; dkim=none (message not signed)",
                Authenticated::Unsigned,
            ),
            ("mx; none", Authenticated::Unknown),
        ] {
            let raw = format!("Authentication-Results: {found}\nFrom: a@mail.b.example\n\nx\n");
            assert_eq!(vouched(raw.as_bytes()), wanted, "{found}");
        }
        assert_eq!(vouched(b"From: a@b.example\n\nx"), Authenticated::Unknown);
    }
}
