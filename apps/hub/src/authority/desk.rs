//! What the signer answers: it holds the authorities and the register, and keeps each change before it counts.

use std::{net::IpAddr, path::Path};

use hygie_model::Wall;
use uuid::Uuid;

use super::{
    ca::{CaError, ConsoleAuthority, DeviceAuthority},
    certificate::{Holder, ProvenKey, RequestError},
    keeper::{Keeper, KeeperError},
    names::{Allowed, ConsoleName, PracticeLabel},
    register::{Issued, Made, NotNoted, Register},
    words::{AuthorityTold, Question, Refusal, Rename, Reply},
};

/// Where questions are answered, one after the other.
#[derive(Debug)]
pub(super) struct Desk {
    keeper: Keeper,
    register: Register,
    console: Option<ConsoleAuthority>,
    devices: Option<DeviceAuthority>,
}

/// Why a question is not answered: the hub hears the reason, the signer's own log all of it.
#[derive(Debug, thiserror::Error)]
pub(super) enum Trouble {
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error(transparent)]
    Keeper(#[from] KeeperError),
    #[error(transparent)]
    Ca(#[from] CaError),
    #[error("a request for a certificate: {0}")]
    Request(#[from] RequestError),
}

impl Desk {
    /// Takes up what the folder holds; an empty one becomes a fresh start, half a one an error.
    pub(super) fn open(folder: &Path) -> Result<Self, KeeperError> {
        let keeper = Keeper::take(folder)?;
        let console = load(&keeper, CONSOLE, ConsoleAuthority::from_pem)?;
        let devices = load(&keeper, DEVICES, DeviceAuthority::from_pem)?;
        let kept: Option<Register> = match keeper.read(REGISTER)? {
            Some(text) => {
                Some(serde_json::from_str(&text).map_err(|error| keeper.damaged(REGISTER, error))?)
            }
            // Without it a revoked device would be welcome again.
            None if console.is_some() || devices.is_some() => {
                return Err(KeeperError::Missing(keeper.path(REGISTER)));
            }
            None => None,
        };
        let register = kept.clone().unwrap_or_default();
        for (made, here, name) in [
            (register.console, console.is_some(), CONSOLE),
            (register.devices, devices.is_some(), DEVICES),
        ] {
            if made == Made::Once && !here {
                return Err(KeeperError::Missing(keeper.path(name)));
            }
        }
        let mut desk = Self {
            keeper,
            register,
            console,
            devices,
        };
        // Also where a power cut came between an authority and its line in the register.
        let noted = desk.marked();
        if kept.as_ref() != Some(&noted) {
            desk.note(noted)?;
        }
        Ok(desk)
    }

    /// Answers one question.
    pub(super) fn answer(&mut self, question: Question, now: Wall) -> Result<Reply, Trouble> {
        match question {
            Question::Console {
                practice,
                name,
                addresses,
                rename,
            } => self.console(practice.as_ref(), name, &addresses, rename, now),
            Question::ServerCertificate { csr } => {
                let console = self.console.as_ref().ok_or(Refusal::NoConsole)?;
                let key = ProvenKey::read(&csr, Holder::Server)?;
                let chain = console.sign(&key, now)?;
                Ok(Reply::Certificate { chain })
            }
            Question::DeviceCertificate { csr, device } => self.device(&csr, device, now),
            Question::Revoke { device } => {
                let next = self.register.clone().without(device, now)?;
                self.note(next)?;
                self.revocations(now)
            }
            Question::Revocations {} => self.revocations(now),
            Question::Authorities {} => {
                let devices = self.devices(now)?;
                let devices = AuthorityTold {
                    certificate: devices.certificate_pem(),
                    fingerprint: devices.fingerprint(),
                    name: None,
                    until: devices.until(),
                };
                let console = self.console.as_ref().map(tell);
                Ok(Reply::Authorities { console, devices })
            }
        }
    }

    fn console(
        &mut self,
        practice: Option<&PracticeLabel>,
        name: Option<ConsoleName>,
        addresses: &[IpAddr],
        rename: Rename,
        now: Wall,
    ) -> Result<Reply, Trouble> {
        let wanted = Allowed::new(name, addresses).map_err(|_| Refusal::Addresses)?;
        if let Some(present) = &self.console {
            let alive = present.until() > now;
            if alive && present.allowed().covers(&wanted) {
                let console = tell(present);
                return Ok(Reply::Authority { console });
            }
            // Before a name is chosen nobody's browser was told to trust it for good.
            if present.allowed().name().is_some() && rename == Rename::Refused {
                let why = if alive {
                    Refusal::OtherName
                } else {
                    Refusal::Expired
                };
                return Err(why.into());
            }
        }
        let made = ConsoleAuthority::make(practice, wanted, now)?;
        self.keeper.write(CONSOLE, &made.to_pem())?;
        let console = tell(self.console.insert(made));
        let noted = self.marked();
        self.note(noted)?;
        Ok(Reply::Authority { console })
    }

    fn device(&mut self, csr: &str, device: Uuid, now: Wall) -> Result<Reply, Trouble> {
        self.register.admits(device, now)?;
        let key = ProvenKey::read(csr, Holder::Device)?;
        let signed = self.devices(now)?.sign(&key, device, now)?;
        let issued = Issued {
            serial: signed.serial,
            device,
            until: signed.until,
        };
        // Before it leaves: what is not in the register could never be revoked.
        let next = self.register.clone().with(issued, now)?;
        self.note(next)?;
        Ok(Reply::Certificate { chain: signed.pem })
    }

    fn revocations(&mut self, now: Wall) -> Result<Reply, Trouble> {
        let revoked = self.register.revocations(now);
        let list = self.devices(now)?.revocations(&revoked, now)?;
        Ok(Reply::Revocations { list })
    }

    /// The devices' authority, made when it is needed first.
    fn devices(&mut self, now: Wall) -> Result<&DeviceAuthority, Trouble> {
        if self.devices.is_none() {
            let made = DeviceAuthority::make(now)?;
            self.keeper.write(DEVICES, &made.to_pem())?;
            self.devices = Some(made);
            let noted = self.marked();
            self.note(noted)?;
        }
        Ok(self.devices.as_ref().ok_or(Refusal::Failed)?)
    }

    /// The register, with a line for each authority that is here.
    fn marked(&self) -> Register {
        let made = |here| if here { Made::Once } else { Made::Never };
        let mut next = self.register.clone();
        next.console = made(self.console.is_some());
        next.devices = made(self.devices.is_some());
        next
    }

    /// Keeps the register, then goes by it.
    fn note(&mut self, next: Register) -> Result<(), KeeperError> {
        let text =
            serde_json::to_string(&next).map_err(|error| self.keeper.damaged(REGISTER, error))?;
        self.keeper.write(REGISTER, &text)?;
        self.register = next;
        Ok(())
    }
}

impl Trouble {
    /// What the hub hears of it.
    pub(super) fn refusal(&self) -> Refusal {
        match self {
            Self::Refused(why) => *why,
            Self::Request(_) => Refusal::Request,
            Self::Ca(CaError::Clock(_)) => Refusal::Clock,
            Self::Ca(CaError::Expired) => Refusal::Expired,
            Self::Ca(
                CaError::Library(_) | CaError::Certificate | CaError::Key | CaError::Random,
            )
            | Self::Keeper(_) => Refusal::Failed,
        }
    }
}

impl From<NotNoted> for Trouble {
    fn from(why: NotNoted) -> Self {
        Self::Refused(match why {
            NotNoted::Revoked => Refusal::Revoked,
            NotNoted::Full => Refusal::Full,
        })
    }
}

fn tell(console: &ConsoleAuthority) -> AuthorityTold {
    AuthorityTold {
        certificate: console.certificate_pem(),
        fingerprint: console.fingerprint(),
        name: console.allowed().name().cloned(),
        until: console.until(),
    }
}

fn load<T>(
    keeper: &Keeper,
    name: &str,
    read: impl FnOnce(&str) -> Result<T, CaError>,
) -> Result<Option<T>, KeeperError> {
    let Some(text) = keeper.read(name)? else {
        return Ok(None);
    };
    read(&text)
        .map(Some)
        .map_err(|error| keeper.damaged(name, error))
}

pub(super) const CONSOLE: &str = "console.pem";
pub(super) const DEVICES: &str = "devices.pem";
pub(super) const REGISTER: &str = "register.json";
