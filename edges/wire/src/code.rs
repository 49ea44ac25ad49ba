//! The code with which a device joins: where the hub is, by which authority it is known, and 80 random bits.
//! One text, to be pasted, typed or read off a screen; a slip of the finger is noticed before anything is asked.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

/// All that a device needs to find its hub and to be let in, once.
#[derive(Clone, PartialEq, Eq)]
pub struct EnrolmentCode {
    /// Where the hub is.
    pub host: Host,
    /// The port of devices.
    pub port: u16,
    /// By which it is known.
    pub authority: Authority,
    /// What lets the device in.
    pub secret: Secret,
}

/// An address or a name on the network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Host {
    /// An address.
    Address(IpAddr),
    /// A name of letters, digits, dashes and dots.
    Name(String),
}

/// SHA-256 of the certificate of the authority that signs the hub's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Authority(pub [u8; 32]);

/// 80 random bits. Not printed by accident.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Secret(pub [u8; SECRET]);

/// Why a text is no code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// Signs that no code has, or too few or too many of them.
    #[error(
        "this is not an enrolment code: signs are missing or wrong; copy all of it from the hub's page"
    )]
    Unreadable,
    /// It was read, and one of its signs is another one.
    #[error("a sign of the enrolment code is wrong; copy it from the hub's page again")]
    Mistyped,
    /// Of a later program.
    #[error("the enrolment code is of a newer Hygie; update Hygie on this device")]
    Newer,
}

impl EnrolmentCode {
    /// Reads what somebody typed or pasted: small letters, spaces, dashes, line ends, O for 0 and l for 1 do no harm.
    ///
    /// # Errors
    /// It is no code.
    pub fn parse(typed: &str) -> Result<Self, CodeError> {
        if typed.len() > LONGEST {
            return Err(CodeError::Unreadable);
        }
        let bytes = hygie_letters::read(typed).ok_or(CodeError::Unreadable)?;
        let (body, sum) = bytes
            .split_last_chunk::<SUM>()
            .ok_or(CodeError::Unreadable)?;
        if *sum != check(body) {
            return Err(CodeError::Mistyped);
        }
        let mut body = Bytes(body);
        match body.take::<1>()? {
            [VERSION] => {}
            _ => return Err(CodeError::Newer),
        }
        let secret = Secret(body.take()?);
        let authority = Authority(body.take()?);
        let port = u16::from_be_bytes(body.take()?);
        let host = match body.take::<1>()? {
            [4] => Host::Address(Ipv4Addr::from(body.take::<4>()?).into()),
            [6] => Host::Address(Ipv6Addr::from(body.take::<16>()?).into()),
            [NAME] => {
                let name = std::str::from_utf8(std::mem::take(&mut body.0))
                    .map_err(|_| CodeError::Unreadable)?;
                Host::name(name).ok_or(CodeError::Unreadable)?
            }
            _ => return Err(CodeError::Newer),
        };
        if !body.0.is_empty() || port == 0 {
            return Err(CodeError::Unreadable);
        }
        Ok(Self {
            host,
            port,
            authority,
            secret,
        })
    }

    /// The text: capitals and digits that are not mistaken for each other, in groups of four. It is a secret.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut bytes = vec![VERSION];
        bytes.extend(self.secret.0);
        bytes.extend(self.authority.0);
        bytes.extend(self.port.to_be_bytes());
        match &self.host {
            Host::Address(IpAddr::V4(address)) => {
                bytes.push(4);
                bytes.extend(address.octets());
            }
            Host::Address(IpAddr::V6(address)) => {
                bytes.push(6);
                bytes.extend(address.octets());
            }
            Host::Name(name) => {
                bytes.push(NAME);
                bytes.extend(name.as_bytes());
            }
        }
        bytes.extend(check(&bytes));
        hygie_letters::write(&bytes)
    }
}

impl Host {
    /// A name, if it can be one.
    #[must_use]
    pub fn name(name: &str) -> Option<Self> {
        let is_label = |label: &str| {
            (1..=63).contains(&label.len())
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label
                    .bytes()
                    .all(|sign| sign.is_ascii_alphanumeric() || sign == b'-')
        };
        let good = name.len() <= LONGEST_NAME && name.split('.').all(is_label);
        good.then(|| Self::Name(name.to_ascii_lowercase()))
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(address) => address.fmt(f),
            Self::Name(name) => f.write_str(name),
        }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl fmt::Debug for EnrolmentCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EnrolmentCode({}:{}, …)", self.host, self.port)
    }
}

/// What is left to be read.
struct Bytes<'b>(&'b [u8]);

impl Bytes<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], CodeError> {
        let (taken, rest) = self.0.split_first_chunk().ok_or(CodeError::Unreadable)?;
        self.0 = rest;
        Ok(*taken)
    }
}

/// Against slips of the finger alone: what a forger types he knows.
fn check(bytes: &[u8]) -> [u8; SUM] {
    let [a, b, c, ..] = *blake3::hash(bytes).as_bytes();
    [a, b, c]
}

const VERSION: u8 = 1;
const NAME: u8 = 1;
const SECRET: usize = 10;
const SUM: usize = 3;
/// More than any code with spaces between its groups.
const LONGEST: usize = 512;
const LONGEST_NAME: usize = 120;

#[cfg(test)]
mod tests {
    use super::*;

    fn code(host: Host) -> EnrolmentCode {
        EnrolmentCode {
            host,
            port: 8444,
            authority: Authority([0xa5; 32]),
            secret: Secret([7; SECRET]),
        }
    }

    fn hosts() -> [Host; 4] {
        [
            Host::Address(Ipv4Addr::new(192, 168, 1, 20).into()),
            Host::Address("fe80::1".parse().unwrap()),
            Host::name("Hygie-Cabinet.local").unwrap(),
            Host::name(&format!("{0}.{0}", "a".repeat(59))).unwrap(),
        ]
    }

    #[test]
    fn a_code_is_read_back_however_it_is_typed() {
        for host in hosts() {
            let code = code(host);
            let text = code.to_text();
            for typed in [
                text.clone(),
                text.to_lowercase(),
                text.replace('-', ""),
                format!("  {}\n", text.replace('-', " ")),
                text.replace('0', "o").replace('1', "l"),
            ] {
                assert_eq!(EnrolmentCode::parse(&typed), Ok(code.clone()), "{typed}");
            }
        }
    }

    #[test]
    fn its_form_stays() {
        let text = code(hosts()[0].clone()).to_text();
        assert_eq!(
            text,
            "043G-E1R7-0W3G-E1R7-0YJT-B9D5-MPJT-B9D5-MPJT-B9D5-MPJT-B9D5-MPJT-B9D5-MPJT-B9D5-MPJT-A87W-0K0A-\
             G08M-EJWR-6",
        );
    }

    #[test]
    fn what_is_no_code_is_refused() {
        let text = code(hosts()[0].clone()).to_text();
        for bad in [
            "",
            "hello",
            "ÀÀÀÀ",
            "0000-0000",
            &text[1..],
            &text[..text.len() - 1],
            &format!("{text}0"),
            &format!("{text}{text}"),
            &" ".repeat(LONGEST + 1),
        ] {
            assert!(EnrolmentCode::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn one_wrong_sign_is_noticed_wherever_it_is() {
        let text = code(hosts()[2].clone()).to_text();
        for (at, sign) in text.char_indices().filter(|(_, sign)| *sign != '-') {
            for other in "0123456789ABCDEFGHJKMNPQRSTVWXYZ".chars() {
                if other != sign {
                    let mut wrong = text.clone();
                    wrong.replace_range(at..=at, &other.to_string());
                    assert!(EnrolmentCode::parse(&wrong).is_err(), "{wrong}");
                }
            }
        }
    }

    #[test]
    fn a_sum_that_is_right_does_not_make_a_code() {
        let with_sum = |mut bytes: Vec<u8>| {
            bytes.extend(check(&bytes));
            EnrolmentCode::parse(&hygie_letters::write(&bytes))
        };
        let head = |version: u8, port: u16| {
            let mut bytes = vec![version];
            bytes.extend([0; 42]);
            bytes.extend(port.to_be_bytes());
            bytes
        };
        let whole =
            |version, port, rest: &[u8]| with_sum([head(version, port), rest.to_vec()].concat());
        assert!(whole(VERSION, 1, &[4, 127, 0, 0, 1]).is_ok());
        assert_eq!(whole(2, 1, &[4, 127, 0, 0, 1]), Err(CodeError::Newer));
        assert_eq!(whole(VERSION, 1, &[9, 127, 0, 0, 1]), Err(CodeError::Newer));
        for (port, rest) in [
            (0, &[4, 127, 0, 0, 1][..]),
            (1, &[4, 127, 0, 0]),
            (1, &[4, 127, 0, 0, 1, 1]),
            (1, &[6, 0]),
            (1, &[NAME]),
            (1, b"\x01a b"),
            (1, b"\x01-a"),
            (1, b"\x01a..b"),
            (1, b"\x01\xff"),
            (1, &[]),
        ] {
            assert_eq!(
                whole(VERSION, port, rest),
                Err(CodeError::Unreadable),
                "{rest:?}"
            );
        }
    }

    #[test]
    fn a_secret_does_not_print_itself() {
        let code = code(hosts()[0].clone());
        assert_eq!(format!("{code:?}"), "EnrolmentCode(192.168.1.20:8444, …)");
        assert_eq!(format!("{:?}", code.secret), "Secret(…)");
    }
}
