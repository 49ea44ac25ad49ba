//! Devices of a practice: what they are, whom their certificates let in, when they were heard.
//! A retired one keeps its row and its signals; it never comes back under the same number.

use hygie_model::{DeviceId, Wall};

use crate::{
    Digest, Json, Practice, Seq, StoreError,
    practice::{PracticeTx, known},
    value::{Row, args},
};

/// A device that comes in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDevice {
    /// Which: a new number at each enrolment, for it counts its signals from 1.
    pub id: DeviceId,
    /// How people call it.
    pub name: String,
    /// The program's version.
    pub version: String,
    /// The certificate that it got.
    pub certificate: Certificate,
}

/// A certificate of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// SHA-256 or BLAKE3 of it, as the hub names certificates.
    pub fingerprint: Digest,
    /// Until when it is good.
    pub expires: Wall,
}

/// A device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// Which.
    pub id: DeviceId,
    /// How people call it.
    pub name: String,
    /// Since when.
    pub enrolled: Wall,
    /// When it was last heard.
    pub seen: Option<Wall>,
    /// When it was retired.
    pub retired: Option<Wall>,
    /// The program's version.
    pub version: String,
    /// The state of its protection, as it told it last.
    pub state: Json,
    /// Up to which number its signals are kept.
    pub seq: Seq,
}

impl Practice<'_> {
    /// Adds a device without a code: the hub's own machine.
    ///
    /// # Errors
    /// Its number or certificate is taken; the practice is unknown.
    pub async fn add_device(&self, new: &NewDevice, now: Wall) -> Result<(), StoreError> {
        let mut tx = self.begin("adding the device").await?;
        add(&mut tx, new, now).await?;
        tx.commit().await
    }

    /// All devices, retired ones too, by name.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn devices(&self) -> Result<Vec<Device>, StoreError> {
        let rows = self.rows(READING, ALL, args![]).await?;
        rows.iter().map(device).collect()
    }

    /// One device.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn device(&self, id: DeviceId) -> Result<Option<Device>, StoreError> {
        let row = self.one(READING, ONE, args![id]).await?;
        row.as_ref().map(device).transpose()
    }

    /// The device that this certificate lets in now: neither expired, nor revoked, nor the device retired.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn device_of_certificate(
        &self,
        fingerprint: Digest,
        now: Wall,
    ) -> Result<Option<Device>, StoreError> {
        let args = args![fingerprint, now];
        let row = self.one(READING, OF_CERTIFICATE, args).await?;
        row.as_ref().map(device).transpose()
    }

    /// Gives it another name.
    ///
    /// # Errors
    /// It is unknown.
    pub async fn rename_device(&self, id: DeviceId, name: &str) -> Result<(), StoreError> {
        let doing = "renaming the device";
        known(self.change(doing, RENAME, args![id, name]).await?, doing)
    }

    /// Notes that it was heard without a signal.
    ///
    /// # Errors
    /// It is unknown.
    pub async fn hear_device(&self, id: DeviceId, now: Wall) -> Result<(), StoreError> {
        let doing = "noting that the device was heard";
        known(self.change(doing, HEAR, args![id, now]).await?, doing)
    }

    /// Lets a device in with a further certificate. The former one stays good until it is revoked or expires, so that
    /// a device that dies in between is not locked out.
    ///
    /// # Errors
    /// The device is unknown, the certificate is there.
    pub async fn add_certificate(
        &self,
        id: DeviceId,
        certificate: &Certificate,
        now: Wall,
    ) -> Result<(), StoreError> {
        let args = args![certificate.fingerprint, id, now, certificate.expires];
        self.change("keeping the certificate", CERTIFY, args)
            .await
            .map(drop)
    }

    /// Revokes all certificates of a device but one; how many.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn revoke_certificates(
        &self,
        id: DeviceId,
        but: Option<Digest>,
        now: Wall,
    ) -> Result<u64, StoreError> {
        // No certificate has the digest zero.
        let but = but.unwrap_or(Digest([0; 32]));
        self.change("revoking certificates", REVOKE, args![id, now, but])
            .await
    }

    /// Revokes the certificates of a device that are older than this one, which it has used; how many.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn revoke_older_certificates(
        &self,
        id: DeviceId,
        than: Digest,
        now: Wall,
    ) -> Result<u64, StoreError> {
        self.change("revoking certificates", REVOKE_OLDER, args![id, now, than])
            .await
    }

    /// How many certificates a device got since then.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn certificates_since(&self, id: DeviceId, since: Wall) -> Result<u64, StoreError> {
        let row = self.one(READING, CERTIFICATES, args![id, since]).await?;
        row.as_ref().map_or(Ok(0), |row| row.get(0))
    }

    /// Retires a device: no certificate lets it in, no command waits for it.
    ///
    /// # Errors
    /// It is unknown, or was retired.
    pub async fn retire_device(&self, id: DeviceId, now: Wall) -> Result<(), StoreError> {
        let doing = "retiring the device";
        let mut tx = self.begin(doing).await?;
        known(tx.change(RETIRE, args![id, now]).await?, doing)?;
        tx.change(REVOKE, args![id, now, Digest([0; 32])]).await?;
        tx.change(EXPIRE_COMMANDS, args![id, now]).await?;
        tx.commit().await
    }
}

pub(super) async fn add(tx: &mut PracticeTx, new: &NewDevice, now: Wall) -> Result<(), StoreError> {
    let args = args![new.id, &new.name, now, &new.version];
    tx.change(ADD, args).await?;
    let certificate = &new.certificate;
    let args = args![certificate.fingerprint, new.id, now, certificate.expires];
    tx.change(CERTIFY, args).await.map(drop)
}

fn device(row: &Row) -> Result<Device, StoreError> {
    Ok(Device {
        id: row.get(0)?,
        name: row.get(1)?,
        enrolled: row.get(2)?,
        seen: row.get(3)?,
        retired: row.get(4)?,
        version: row.get(5)?,
        state: row.get(6)?,
        seq: row.get(7)?,
    })
}

const READING: &str = "reading devices";

const ADD: &str = "
    INSERT INTO device (practice, device, name, enrolled, version, state, seq)
    VALUES ($1, $2, $3, $4, $5, '{}', 0)";
const CERTIFY: &str = "
    INSERT INTO certificate (practice, fingerprint, device, issued, expires)
    VALUES ($1, $2, $3, $4, $5)";
const ALL: &str = "
    SELECT device, name, enrolled, seen, retired, version, state, seq FROM device
    WHERE practice = $1 ORDER BY name, device";
const ONE: &str = "
    SELECT device, name, enrolled, seen, retired, version, state, seq FROM device
    WHERE practice = $1 AND device = $2";
const OF_CERTIFICATE: &str = "
    SELECT d.device, d.name, d.enrolled, d.seen, d.retired, d.version, d.state, d.seq
    FROM certificate c JOIN device d ON d.practice = c.practice AND d.device = c.device
    WHERE c.practice = $1 AND c.fingerprint = $2 AND c.revoked IS NULL AND c.expires > $3
        AND d.retired IS NULL";
const RENAME: &str = "UPDATE device SET name = $3 WHERE practice = $1 AND device = $2";
const HEAR: &str = "
    UPDATE device SET seen = CASE WHEN seen > $3 THEN seen ELSE $3 END
    WHERE practice = $1 AND device = $2";
const REVOKE: &str = "
    UPDATE certificate SET revoked = $3
    WHERE practice = $1 AND device = $2 AND fingerprint <> $4 AND revoked IS NULL";
const REVOKE_OLDER: &str = "
    UPDATE certificate SET revoked = $3
    WHERE practice = $1 AND device = $2 AND revoked IS NULL AND issued < (
        SELECT issued FROM certificate WHERE practice = $1 AND fingerprint = $4)";
const CERTIFICATES: &str = "
    SELECT COUNT(*) FROM certificate WHERE practice = $1 AND device = $2 AND issued > $3";
const RETIRE: &str = "
    UPDATE device SET retired = $3 WHERE practice = $1 AND device = $2 AND retired IS NULL";
const EXPIRE_COMMANDS: &str = "
    UPDATE command SET expires = $3
    WHERE practice = $1 AND device = $2 AND done IS NULL AND expires > $3";
