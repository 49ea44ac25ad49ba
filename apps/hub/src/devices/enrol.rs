//! A newcomer with a code becomes a device: its key is signed, its certificate kept, the code used up; all of it once.

use axum::{Json, extract::State, extract::rejection::JsonRejection};
use data_encoding::HEXLOWER;
use hygie_identity::secret::{Code, Purpose};
use hygie_model::{DeviceId, Wall};
use hygie_store::{Certificate, Digest, NewDevice};
use hygie_wire::{Enrol, Enrolled, Refusal};
use rustls::pki_types::{CertificateDer, pem::PemObject};
use x509_parser::{certificate::X509Certificate, prelude::FromDer};

use super::{denied::Denied, known::fingerprint, signals::short};
use crate::{
    authority::{AskError, Question, Refusal as Signers, Reply},
    core::{Hub, chance, journal::Note},
    web::fault::Fault,
};

pub(super) async fn enrol(
    State(hub): State<Hub>,
    asked: Result<Json<Enrol>, JsonRejection>,
) -> Result<Json<Enrolled>, Denied> {
    let Json(asked) = asked?;
    let wrong = || Denied(Refusal::Code);
    let practice = hub.practice().await?.ok_or_else(wrong)?;
    let practice = hub.of(&practice);
    let code = digest(&asked.secret).ok_or_else(wrong)?;
    let now = hub.now();
    let Some(enrolment) = practice.enrolment(code, now).await? else {
        return Err(wrong());
    };
    let device = DeviceId(chance::number()?);
    let (chain, certificate) = sign(&hub, asked.csr, device).await?;
    let note = Note {
        person: enrolment.by,
        ..Note::default()
    };
    let note = note.on(device).with("name", enrolment.name.as_str());
    hub.journal
        .tell(practice, "device.enrolled", note, now)
        .await?;
    let new = NewDevice {
        id: device,
        name: enrolment.name.clone(),
        version: short(&asked.version),
        certificate,
    };
    // Of two who bring it at once one is let in; the other's certificate is known to nobody.
    if !practice.enrol(code, &new, now).await? {
        return Err(wrong());
    }
    Ok(Json(Enrolled {
        device: device.0,
        name: enrolment.name,
        chain,
    }))
}

/// Has a device's key signed: the chain in PEM, and what the database keeps of its certificate.
pub(super) async fn sign(
    hub: &Hub,
    csr: String,
    device: DeviceId,
) -> Result<(String, Certificate), Denied> {
    let question = Question::DeviceCertificate {
        csr,
        device: device.0,
    };
    let chain = match hub.tls.ask(question).await {
        Ok(Reply::Certificate { chain }) => chain,
        Err(AskError::Refused(Signers::Unclear | Signers::TooLong | Signers::Request)) => {
            return Err(Denied(Refusal::Unreadable));
        }
        Ok(_) => return Err(Fault::Signer("another answer".to_owned()).into()),
        Err(error) => return Err(Fault::Signer(error.to_string()).into()),
    };
    let certificate = certificate(&chain).ok_or(Fault::broken("a signed certificate"))?;
    Ok((chain, certificate))
}

fn digest(secret: &str) -> Option<Digest> {
    let bytes = HEXLOWER.decode(secret.as_bytes()).ok()?;
    let code = Code::of(bytes.try_into().ok()?);
    Some(Digest(*code.digest(Purpose::Enrolment).as_bytes()))
}

/// What the database keeps of a signed certificate.
fn certificate(chain: &str) -> Option<Certificate> {
    let own = CertificateDer::from_pem_slice(chain.as_bytes()).ok()?;
    let (_, read) = X509Certificate::from_der(&own).ok()?;
    let seconds = read.validity().not_after.timestamp();
    Some(Certificate {
        fingerprint: fingerprint(&own),
        expires: Wall(seconds.checked_mul(1_000_000_000)?),
    })
}
