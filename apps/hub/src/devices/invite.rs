//! A code for one device, for a short time: all that the device needs to find this hub and to know it.

use std::time::Duration;

use hygie_identity::secret::{CODE_BYTES, Code, Purpose};
use hygie_model::PersonId;
use hygie_store::{Digest, Enrolment, PracticeFacts};
use hygie_wire::{Authority, EnrolmentCode, Host, Secret};
use rustls::pki_types::{CertificateDer, pem::PemObject};

use super::known::fingerprint;
use crate::{
    core::{Hub, chance, journal::Note},
    web::fault::Fault,
};

/// Makes a code for a device that will be called `name`. `by` nobody: from the command line.
///
/// # Errors
/// The signer or the database does not answer.
pub(crate) async fn invite(
    hub: &Hub,
    facts: &PracticeFacts,
    name: &str,
    by: Option<PersonId>,
) -> Result<EnrolmentCode, Fault> {
    let authority = hub.authority().await?;
    let authority = CertificateDer::from_pem_slice(authority.certificate.as_bytes())
        .map_err(|_| Fault::broken("the console's authority"))?;
    let address = hub.devices.ip();
    // Where it listens everywhere, only the console's name says where that is.
    let host = if address.is_unspecified() {
        Host::name(&facts.host).ok_or(Fault::broken("the console's name"))?
    } else {
        Host::Address(address)
    };
    let random: [u8; CODE_BYTES] = chance::bytes()?;
    let now = hub.now();
    let practice = hub.of(facts);
    let note = Note {
        person: by,
        ..Note::default()
    };
    let note = note.with("name", name);
    hub.journal
        .tell(practice, "device.invited", note, now)
        .await?;
    let digest = Code::of(random).digest(Purpose::Enrolment);
    let enrolment = Enrolment {
        code: Digest(*digest.as_bytes()),
        name: name.to_owned(),
        made: now,
        by,
        expires: now.after(LIFE),
    };
    practice.add_enrolment(&enrolment).await?;
    Ok(EnrolmentCode {
        host,
        port: hub.devices.port(),
        authority: Authority(fingerprint(&authority).0),
        secret: Secret(random),
    })
}

/// Long enough to walk to the other device.
pub(crate) const LIFE: Duration = Duration::from_secs(30 * 60);
