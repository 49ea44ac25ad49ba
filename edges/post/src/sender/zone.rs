//! The caller's answers, as a cache of mail-auth's that knows everything: its own resolver never runs, so that nothing here
//! waits or opens anything.

use std::{
    borrow::Borrow,
    cell::{Cell, RefCell},
    collections::HashMap,
    hash::{Hash, Hasher},
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    pin::pin,
    str::FromStr,
    sync::Arc,
    task::{Context, Poll, Waker},
    time::Instant,
};

use hickory_resolver::{
    TokioResolver,
    config::{ResolveHosts, ResolverConfig, ResolverOpts},
    net::runtime::TokioRuntimeProvider,
    proto::op::ResponseCode,
};
use mail_auth::{
    DnsError, DnssecStatus, Error, MX, MessageAuthenticator, Parameters, RecordSet, ResolverCache,
    Txt,
    common::{parse::TxtRecordParser, verify::DomainKey},
    dmarc::Dmarc,
    spf::Spf,
};

use super::{Kind, Name, Names, Question, Reply};

/// Without servers, and without the system's certificates and lists of hosts, for which a shut-in process would be ended.
pub(super) fn authenticator() -> Option<MessageAuthenticator> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .ok()?
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth();
    let config = ResolverConfig::from_parts(None, Vec::new(), Vec::new());
    let runtime = TokioRuntimeProvider::default();
    let mut options = ResolverOpts::default();
    options.use_hosts_file = ResolveHosts::Never;
    TokioResolver::builder_with_config(config, runtime)
        .with_options(options)
        .with_tls_config(tls)
        .build()
        .ok()
        .map(MessageAuthenticator)
}

/// Everything is answered at once; what waits would wait for ever.
pub(super) fn done<F: Future>(future: F) -> Option<F::Output> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => Some(output),
        Poll::Pending => None,
    }
}

pub(super) fn with<'x, 'n, P>(
    params: P,
    zone: &'x Zone<'n>,
) -> Parameters<'x, P, Zone<'n>, Zone<'n>, Zone<'n>, Zone<'n>, Zone<'n>> {
    Parameters {
        params,
        cache_txt: Some(zone),
        cache_mx: Some(zone),
        cache_ptr: Some(zone),
        cache_ipv4: Some(zone),
        cache_ipv6: Some(zone),
    }
}

/// The caller's answers, as mail-auth's cache that knows everything.
pub(super) struct Zone<'a> {
    names: &'a dyn Names,
    asked: RefCell<HashMap<Question, Reply>>,
    /// Somebody did not answer: nothing bad follows from what was not found.
    pub(super) was_silent: Cell<bool>,
}

impl<'a> Zone<'a> {
    pub(super) fn new(names: &'a dyn Names) -> Self {
        Self {
            names,
            asked: RefCell::default(),
            was_silent: Cell::new(false),
        }
    }

    fn ask(&self, name: Option<Name>, kind: Kind) -> Reply {
        let reply = match name.map(|name| Question { name, kind }) {
            None => Reply::Silent,
            Some(question) => {
                let mut asked = self.asked.borrow_mut();
                let answer = || self.names.ask(&question);
                asked.entry(question.clone()).or_insert_with(answer).clone()
            }
        };
        if reply == Reply::Silent {
            self.was_silent.set(true);
        }
        reply
    }

    fn text(&self, name: Option<Name>) -> Txt {
        let Some(name) = name else {
            return silent();
        };
        let is_key = name.as_str().contains("._domainkey.");
        let is_policy = name.as_str().starts_with("_dmarc.");
        match self.ask(Some(name), Kind::Txt) {
            Reply::Silent => silent(),
            Reply::Nothing => nothing(),
            Reply::Found(records) if is_key => first::<DomainKey>(&records),
            Reply::Found(records) if is_policy => first::<Dmarc>(&records),
            Reply::Found(records) => self.rules(&records),
        }
    }

    /// Rules that make names out of the sender's address would tell it to whoever wrote them; they stay unasked.
    fn rules(&self, records: &[String]) -> Txt {
        let mut rules = records.iter().filter(|record| {
            let start = record.split_whitespace().next().unwrap_or_default();
            start.eq_ignore_ascii_case("v=spf1")
        });
        match (rules.next(), rules.next()) {
            (None, _) => nothing(),
            (Some(_), Some(_)) => Txt::Error(Error::ParseError),
            (Some(rules), None) => {
                let lower = rules.to_lowercase();
                if lower.contains('%') || lower.contains("exists:") || lower.contains("ptr") {
                    self.was_silent.set(true);
                    return silent();
                }
                Spf::parse(rules.as_bytes()).into()
            }
        }
    }

    fn addresses<A: FromStr>(&self, name: Option<Name>, kind: Kind) -> RecordSet<A> {
        let found = match self.ask(name, kind) {
            Reply::Found(records) => records,
            Reply::Nothing | Reply::Silent => Vec::new(),
        };
        set(found.iter().filter_map(|one| one.parse().ok()))
    }
}

fn first<R: TxtRecordParser + Into<Txt>>(records: &[String]) -> Txt {
    let mut read = records.iter().map(|record| R::parse(record.as_bytes()));
    let first = read.find(Result::is_ok);
    first
        .unwrap_or(Err(Error::Dns(DnsError::InvalidRecordType)))
        .into()
}

fn set<T>(records: impl Iterator<Item = T>) -> RecordSet<T> {
    RecordSet {
        rrset: records.collect(),
        dnssec_status: DnssecStatus::Indeterminate,
    }
}

fn silent() -> Txt {
    Txt::Error(Error::Dns(DnsError::Resolver(String::new())))
}

fn nothing() -> Txt {
    Txt::Error(Error::Dns(DnsError::RecordNotFound(ResponseCode::NXDomain)))
}

impl ResolverCache<Box<str>, Txt> for Zone<'_> {
    fn get<Q>(&self, key: &Q) -> Option<Txt>
    where
        Box<str>: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        Some(self.text(written(key)))
    }

    fn remove<Q>(&self, _: &Q) -> Option<Txt>
    where
        Box<str>: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        None
    }

    fn insert(&self, _: Box<str>, _: Txt, _: Instant) {}
}

impl ResolverCache<Box<str>, RecordSet<MX>> for Zone<'_> {
    fn get<Q>(&self, key: &Q) -> Option<RecordSet<MX>>
    where
        Box<str>: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        let found = match self.ask(written(key), Kind::Mx) {
            Reply::Found(records) => records,
            Reply::Nothing | Reply::Silent => Vec::new(),
        };
        let servers = found.iter().filter_map(|record| {
            let (preference, name) = record.split_once(' ')?;
            Some(MX {
                exchanges: Box::new([name.into()]),
                preference: preference.parse().ok()?,
            })
        });
        let mut servers: Vec<MX> = servers.collect();
        servers.sort_by_key(|server| server.preference);
        Some(set(servers.into_iter()))
    }

    fn remove<Q>(&self, _: &Q) -> Option<RecordSet<MX>>
    where
        Box<str>: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        None
    }

    fn insert(&self, _: Box<str>, _: RecordSet<MX>, _: Instant) {}
}

impl ResolverCache<Box<str>, RecordSet<Ipv4Addr>> for Zone<'_> {
    fn get<Q>(&self, key: &Q) -> Option<RecordSet<Ipv4Addr>>
    where
        Box<str>: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        Some(self.addresses(written(key), Kind::A))
    }

    fn remove<Q>(&self, _: &Q) -> Option<RecordSet<Ipv4Addr>>
    where
        Box<str>: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        None
    }

    fn insert(&self, _: Box<str>, _: RecordSet<Ipv4Addr>, _: Instant) {}
}

impl ResolverCache<Box<str>, RecordSet<Ipv6Addr>> for Zone<'_> {
    fn get<Q>(&self, key: &Q) -> Option<RecordSet<Ipv6Addr>>
    where
        Box<str>: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        Some(self.addresses(written(key), Kind::Aaaa))
    }

    fn remove<Q>(&self, _: &Q) -> Option<RecordSet<Ipv6Addr>>
    where
        Box<str>: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        None
    }

    fn insert(&self, _: Box<str>, _: RecordSet<Ipv6Addr>, _: Instant) {}
}

/// Nobody is asked who has an address: rules that want to know are not followed.
impl ResolverCache<IpAddr, RecordSet<Box<str>>> for Zone<'_> {
    fn get<Q>(&self, _: &Q) -> Option<RecordSet<Box<str>>>
    where
        IpAddr: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        self.was_silent.set(true);
        Some(set(std::iter::empty()))
    }

    fn remove<Q>(&self, _: &Q) -> Option<RecordSet<Box<str>>>
    where
        IpAddr: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        None
    }

    fn insert(&self, _: IpAddr, _: RecordSet<Box<str>>, _: Instant) {}
}

/// A cache is handed a key that can be compared and hashed, and not read: what it puts into a hasher is its text, which is
/// believed once it compares as the same.
fn written<Q>(key: &Q) -> Option<Name>
where
    Box<str>: Borrow<Q>,
    Q: Hash + Eq + ?Sized,
{
    let mut heard = Heard(Vec::new());
    key.hash(&mut heard);
    let text = std::str::from_utf8(heard.0.strip_suffix(&[0xff])?).ok()?;
    let text: Box<str> = text.into();
    let is_it = Borrow::<Q>::borrow(&text) == key;
    is_it.then(|| Name::of(&text)).flatten()
}

struct Heard(Vec<u8>);

impl Hasher for Heard {
    fn finish(&self) -> u64 {
        0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }
}
