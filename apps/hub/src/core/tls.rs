//! The console's certificate: asked of the signer, taken up again while the hub serves, renewed before it ends.
//! The hub holds the key of its own server alone; the authorities' are the signer's.

use std::{net::IpAddr, path::PathBuf, sync::Arc, time::Duration};

use axum_server::tls_rustls::RustlsConfig;
use hygie_model::{DeviceId, Wall};
use hygie_store::PracticeFacts;

use super::hub::Hub;
use crate::{
    authority::{
        AskError, AuthorityTold, ConsoleName, PracticeLabel, Question, Rename, Reply,
        ServerIdentity, SignerDoor, devices_and_newcomers,
    },
    web::fault::Fault,
};

/// Where certificates come from, and what serves with them.
#[derive(Clone)]
pub(crate) struct Tls {
    door: SignerDoor,
    folder: PathBuf,
    /// None in tests, which have no network.
    serving: Option<RustlsConfig>,
    /// With which devices are met; none in tests.
    devices: Option<RustlsConfig>,
}

impl Tls {
    /// Not serving yet.
    pub(crate) fn new(signer: PathBuf, folder: PathBuf) -> Self {
        Self {
            door: SignerDoor::new(signer),
            folder,
            serving: None,
            devices: None,
        }
    }

    /// Asks for the certificate of whatever name the console has, and makes it ready to serve.
    ///
    /// # Errors
    /// The signer does not answer, and no certificate is kept that still holds.
    pub(crate) async fn begin(
        &mut self,
        practice: Option<&PracticeFacts>,
        now: Wall,
    ) -> Result<RustlsConfig, AskError> {
        let known = self.name(practice, Rename::Refused).await;
        let config = match self.config(now).await {
            Ok(config) => config,
            // Without any certificate the reason is why there was no authority.
            Err(error) => return Err(known.err().unwrap_or(error)),
        };
        let serving = RustlsConfig::from_config(Arc::new(config));
        self.serving = Some(serving.clone());
        Ok(serving)
    }

    /// Makes ready to meet devices: the same certificate, and whoever shows one is looked up in the devices' authority.
    ///
    /// # Errors
    /// As [`Tls::begin`].
    pub(crate) async fn begin_devices(&mut self, now: Wall) -> Result<RustlsConfig, AskError> {
        let serving = RustlsConfig::from_config(Arc::new(self.devices_config(now).await?));
        self.devices = Some(serving.clone());
        Ok(serving)
    }

    /// Has the authority speak for the practice's console.
    ///
    /// # Errors
    /// The signer does not answer or refuses.
    pub(crate) async fn name(
        &self,
        practice: Option<&PracticeFacts>,
        rename: Rename,
    ) -> Result<AuthorityTold, AskError> {
        let question = Question::Console {
            practice: practice.and_then(|facts| PracticeLabel::new(&facts.name).ok()),
            name: practice.and_then(|facts| ConsoleName::new(&facts.host).ok()),
            addresses: LOOPBACK.to_vec(),
            rename,
        };
        match self.ask(question).await? {
            Reply::Authority { console } => Ok(console),
            Reply::Certificate { .. }
            | Reply::Revocations { .. }
            | Reply::Authorities { .. }
            | Reply::Refused { .. } => Err(AskError::Answer),
        }
    }

    /// Serves with the certificate of the present authority from the next connection on.
    ///
    /// # Errors
    /// The signer does not answer.
    pub(crate) async fn renew(&self, now: Wall) -> Result<(), AskError> {
        let config = self.config(now).await?;
        if let Some(serving) = &self.serving {
            serving.reload_from_config(Arc::new(config));
        }
        if let Some(devices) = &self.devices {
            devices.reload_from_config(Arc::new(self.devices_config(now).await?));
        }
        Ok(())
    }

    /// The authority that browsers are asked to trust.
    ///
    /// # Errors
    /// The signer does not answer.
    pub(crate) async fn authority(&self) -> Result<Option<AuthorityTold>, AskError> {
        match self.ask(Question::Authorities {}).await? {
            Reply::Authorities { console, .. } => Ok(console),
            Reply::Certificate { .. }
            | Reply::Revocations { .. }
            | Reply::Authority { .. }
            | Reply::Refused { .. } => Err(AskError::Answer),
        }
    }

    /// Asks the signer.
    ///
    /// # Errors
    /// It does not answer, or refuses.
    /// Has a device's certificates count no longer, for ever.
    ///
    /// # Errors
    /// The signer does not answer.
    pub(crate) async fn revoke(&self, device: DeviceId) -> Result<(), AskError> {
        self.ask(Question::Revoke { device: device.0 }).await?;
        Ok(())
    }

    pub(crate) async fn ask(&self, question: Question) -> Result<Reply, AskError> {
        let door = self.door.clone();
        blocking(move || door.ask(&question)).await
    }

    async fn devices_config(&self, now: Wall) -> Result<rustls::ServerConfig, AskError> {
        let Reply::Authorities { devices, .. } = self.ask(Question::Authorities {}).await? else {
            return Err(AskError::Answer);
        };
        let Reply::Revocations { list } = self.ask(Question::Revocations {}).await? else {
            return Err(AskError::Answer);
        };
        let known = devices_and_newcomers(&devices.certificate, &list)?;
        let (door, folder) = (self.door.clone(), self.folder.clone());
        let identity = blocking(move || ServerIdentity::kept(&door, &folder, now)).await?;
        let mut config = identity.into_config(Some(known))?;
        config.alpn_protocols = vec![b"h2".to_vec()];
        Ok(config)
    }

    async fn config(&self, now: Wall) -> Result<rustls::ServerConfig, AskError> {
        let (door, folder) = (self.door.clone(), self.folder.clone());
        let identity = blocking(move || ServerIdentity::kept(&door, &folder, now)).await?;
        let mut config = identity.into_config(None)?;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(config)
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, AskError> + Send + 'static,
) -> Result<T, AskError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| AskError::Silent(std::io::Error::other(error)))?
}

/// Looks each hour whether the certificate is to be renewed; a signer that is silent is asked again.
pub(crate) async fn keep_fresh(hub: Hub) {
    loop {
        tokio::time::sleep(HOUR).await;
        if let Err(error) = hub.tls.renew(hub.now()).await {
            crate::web::frame::log(&Fault::Signer(error.to_string()));
        }
    }
}

const HOUR: Duration = Duration::from_secs(60 * 60);
/// Where the console is reached without any name.
const LOOPBACK: [IpAddr; 2] = [
    IpAddr::V4(std::net::Ipv4Addr::LOCALHOST),
    IpAddr::V6(std::net::Ipv6Addr::LOCALHOST),
];
