//! The system's own resolver, for whoever may reach a network: each question is bounded in time, and asked of the whole name,
//! not of one below the machine's own domain.

use std::{io, net::SocketAddr, time::Duration};

use hickory_resolver::{
    TokioResolver,
    config::{ConnectionConfig, NameServerConfig, ResolveHosts, ResolverConfig, ResolverOpts},
    net::{DnsError, NetError, runtime::TokioRuntimeProvider},
    proto::{
        op::ResponseCode,
        rr::{Name, RData, RecordType},
    },
    system_conf::read_system_conf,
};
use tokio::runtime::Runtime;

use super::{Kind, Names, Question, Reply};

/// The resolver that the system is set to.
pub struct System {
    runtime: Runtime,
    resolver: TokioResolver,
}

/// It cannot be asked.
#[derive(Debug, thiserror::Error)]
pub enum NoSystem {
    /// Which servers there are could not be read.
    #[error("the system's resolver is not known: {0}; see /etc/resolv.conf")]
    Unknown(Box<NetError>),
    /// Nothing could be set up to ask with.
    #[error("nothing could be set up to ask the domain name system with: {0}")]
    Runtime(#[from] io::Error),
}

impl From<NetError> for NoSystem {
    fn from(error: NetError) -> Self {
        Self::Unknown(Box::new(error))
    }
}

impl System {
    /// As the system is set.
    ///
    /// # Errors
    /// It is not, or no thread could be started.
    pub fn new() -> Result<Self, NoSystem> {
        let (config, options) = read_system_conf()?;
        Self::of(config, options)
    }

    /// One server alone.
    ///
    /// # Errors
    /// No thread could be started.
    pub fn at(server: SocketAddr) -> Result<Self, NoSystem> {
        let roads = [ConnectionConfig::udp(), ConnectionConfig::tcp()].map(|mut road| {
            road.port = server.port();
            road
        });
        let server = NameServerConfig::new(server.ip(), true, roads.to_vec());
        let config = ResolverConfig::from_parts(None, Vec::new(), vec![server]);
        Self::of(config, ResolverOpts::default())
    }

    fn of(config: ResolverConfig, mut options: ResolverOpts) -> Result<Self, NoSystem> {
        options.timeout = TRY;
        options.attempts = 1;
        options.use_hosts_file = ResolveHosts::Never;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let resolver = TokioResolver::builder_with_config(config, TokioRuntimeProvider::default())
            .with_options(options)
            .build()?;
        Ok(Self { runtime, resolver })
    }
}

impl Names for System {
    fn ask(&self, question: &Question) -> Reply {
        let Ok(mut name) = Name::from_ascii(question.name.as_str()) else {
            return Reply::Silent;
        };
        name.set_fqdn(true);
        let kind = match question.kind {
            Kind::Txt => RecordType::TXT,
            Kind::A => RecordType::A,
            Kind::Aaaa => RecordType::AAAA,
            Kind::Mx => RecordType::MX,
        };
        let asked = async { tokio::time::timeout(WAIT, self.resolver.lookup(name, kind)).await };
        match self.runtime.block_on(asked) {
            Ok(Ok(found)) => {
                let records = found.answers().iter().filter_map(|one| written(&one.data));
                match records.collect::<Vec<_>>() {
                    none if none.is_empty() => Reply::Nothing,
                    records => Reply::Found(records),
                }
            }
            Ok(Err(NetError::Dns(DnsError::NoRecordsFound(none))))
                if is_told(none.response_code) =>
            {
                Reply::Nothing
            }
            Ok(Err(_)) | Err(_) => Reply::Silent,
        }
    }
}

/// It said that there is none, and not that it does not know.
fn is_told(code: ResponseCode) -> bool {
    code == ResponseCode::NoError || code == ResponseCode::NXDomain
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "dozens of kinds of records, of which four are asked for"
)]
fn written(data: &RData) -> Option<String> {
    match data {
        RData::TXT(text) => {
            let whole: Vec<u8> = text.txt_data.concat();
            Some(String::from_utf8_lossy(&whole).into_owned())
        }
        RData::A(address) => Some(address.0.to_string()),
        RData::AAAA(address) => Some(address.0.to_string()),
        RData::MX(server) => {
            let name = server.exchange.to_lowercase().to_ascii();
            Some(format!("{} {name}", server.preference))
        }
        _ => None,
    }
}

/// For one server's answer, and for all of them.
const TRY: Duration = Duration::from_millis(1200);
const WAIT: Duration = Duration::from_millis(1500);
