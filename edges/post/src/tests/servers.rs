//! Servers for these tests: certificates of an authority made for each, and Debian's aiosmtpd as mail server.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
};

use hygie_model::{Wall, letter::Letter};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::CertificateDer;
use uuid::Uuid;

use crate::Trust;

/// 2026-11-24 08:12 UTC.
pub(super) const NOW: Wall = Wall(1_795_507_920_000_000_000);
pub(super) const PASSWORD: &str = "Iris et Lys 7!";

pub(super) fn id() -> Uuid {
    Uuid::from_u128(0x2026_1124)
}

pub(super) fn letter() -> Letter {
    Letter {
        subject: "Hygie : un programme a été arrêté sur le poste « Accueil », et ses modifications attendent votre avis"
            .to_owned(),
        text: "Ouvrez Hygie sur le poste du cabinet.\n.\nÀ bientôt.\n".to_owned(),
    }
}

/// An authority, and a server's certificate by it.
#[derive(Clone)]
pub(super) struct Papers {
    pub(super) authority: CertificateDer<'static>,
    pub(super) chain: String,
    pub(super) key: String,
}

impl Papers {
    pub(super) fn of(names: &[&str]) -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let key = KeyPair::generate().unwrap();
        let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        let own = CertificateParams::new(names).unwrap();
        let own = own.signed_by(&key, &issuer).unwrap();
        Self {
            authority: issuer.der().clone(),
            chain: own.pem() + &issuer.pem(),
            key: key.serialize_pem(),
        }
    }

    pub(super) fn trust(&self) -> Trust {
        Trust::only([self.authority.clone()]).unwrap()
    }
}

/// A mail server that ends with its test.
pub(super) struct MailServer {
    child: Child,
    folder: tempfile::TempDir,
    pub(super) port: u16,
}

impl MailServer {
    pub(super) fn start(mode: &str, papers: &Papers) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("chain.pem"), &papers.chain).unwrap();
        fs::write(folder.path().join("key.pem"), &papers.key).unwrap();
        let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/tests/smtpd.py");
        // Debian's own, which has the module; another python may stand before it.
        let mut child = Command::new("/usr/bin/python3")
            .arg("-I")
            .arg(script)
            .arg(folder.path())
            .arg(mode)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let stdout = child.stdout.take().unwrap();
        BufReader::new(stdout).read_line(&mut line).unwrap();
        let port = line.trim().parse();
        Self {
            port: port.expect("the mail server did not start: is python3-aiosmtpd installed?"),
            child,
            folder,
        }
    }

    /// The commands that came.
    pub(super) fn commands(&self) -> Vec<String> {
        let text = fs::read_to_string(self.folder.path().join("commands")).unwrap();
        text.lines().map(str::to_owned).collect()
    }

    /// The letter of that number, with its envelope.
    pub(super) fn kept(&self, number: usize) -> Option<(String, serde_json::Value)> {
        let letter = fs::read(self.folder.path().join(format!("{number}.eml"))).ok()?;
        let envelope = fs::read(self.folder.path().join(format!("{number}.json"))).unwrap();
        Some((
            String::from_utf8(letter).unwrap(),
            serde_json::from_slice(&envelope).unwrap(),
        ))
    }

    /// What Debian's own mail library reads in it: subject, text, and the names of the headers.
    pub(super) fn read(&self, number: usize) -> serde_json::Value {
        let done = Command::new("/usr/bin/python3")
            .args(["-I", "-c", READ])
            .arg(self.folder.path().join(format!("{number}.eml")))
            .output()
            .unwrap();
        assert!(done.status.success(), "{done:?}");
        serde_json::from_slice(&done.stdout).unwrap()
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

const READ: &str = "
import email, email.policy, json, sys
with open(sys.argv[1], 'rb') as file:
    letter = email.message_from_binary_file(file, policy=email.policy.default)
print(json.dumps({
    'subject': letter['subject'], 'text': letter.get_content(), 'headers': sorted(letter.keys()),
    'id': letter['message-id'], 'date': letter['date'], 'from': letter['from'], 'to': letter['to'],
    'auto': letter['auto-submitted'],
}))
";
