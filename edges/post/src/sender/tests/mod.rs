//! Mails that are signed, broken, forged and passed on, against a zone of the tests' own.

mod asked;
mod signed;
mod trusted;

use std::{cell::RefCell, collections::BTreeMap};

use base64::{Engine, engine::general_purpose::STANDARD};
use hygie_model::Wall;
use mail_auth::{
    common::{
        crypto::{Ed25519Key, RsaKey, Sha256},
        headers::HeaderWriter,
    },
    dkim::DkimSigner,
};
use ring::{digest, signature::KeyPair};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer, pem::PemObject};

use super::*;

/// A zone: what it has, whom it is silent of, and what was asked.
#[derive(Default)]
struct Zone {
    records: BTreeMap<(String, &'static str), Vec<String>>,
    silent: Vec<&'static str>,
    asked: RefCell<Vec<String>>,
}

impl Zone {
    fn with(mut self, name: &str, kind: &'static str, record: &str) -> Self {
        let at = (name.to_owned(), kind);
        self.records.entry(at).or_default().push(record.to_owned());
        self
    }

    /// Labo.example's key, and what it wants of those who receive mail.
    fn of_labo(policy: &str) -> Self {
        let zone = Self::default().with("ed._domainkey.labo.example", "txt", &ed_record());
        if policy.is_empty() {
            zone
        } else {
            zone.with("_dmarc.labo.example", "txt", policy)
        }
    }

    fn silent(mut self, name: &'static str) -> Self {
        self.silent.push(name);
        self
    }

    fn asked(&self) -> Vec<String> {
        self.asked.borrow().clone()
    }
}

impl Names for Zone {
    fn ask(&self, question: &Question) -> Reply {
        let name = question.name.as_str();
        self.asked.borrow_mut().push(name.to_owned());
        if self.silent.iter().any(|one| name.ends_with(one)) {
            return Reply::Silent;
        }
        let kind = match question.kind {
            Kind::Txt => "txt",
            Kind::A => "a",
            Kind::Aaaa => "aaaa",
            Kind::Mx => "mx",
        };
        let found = self.records.get(&(name.to_owned(), kind)).cloned();
        found.map_or(Reply::Nothing, Reply::Found)
    }
}

fn ed() -> Ed25519Key {
    Ed25519Key::from_seed_and_public_key(&SEED, pair().public_key().as_ref()).unwrap()
}

fn pair() -> ring::signature::Ed25519KeyPair {
    ring::signature::Ed25519KeyPair::from_seed_unchecked(&SEED).unwrap()
}

fn ed_record() -> String {
    format!(
        "v=DKIM1; k=ed25519; p={}",
        STANDARD.encode(pair().public_key().as_ref())
    )
}

fn rsa() -> RsaKey<Sha256> {
    let pem = include_str!("rsa-of-a-test.pem");
    let der = PrivatePkcs8KeyDer::from_pem_slice(pem.as_bytes()).unwrap();
    RsaKey::from_key_der(PrivateKeyDer::Pkcs8(der)).unwrap()
}

/// Signed by labo.example, as mail servers do.
fn signed(mail: &str) -> String {
    let signer = DkimSigner::from_key(ed())
        .domain("labo.example")
        .selector("ed")
        .headers(["From", "To", "Subject"]);
    signer.sign(mail.as_bytes()).unwrap().to_header() + mail
}

/// Signed by hand, with whatever else is to stand in the signature: over its `From` alone, and the body as it is.
fn signed_by_hand(mail: &str, more: &str) -> String {
    let (head, body) = mail.split_once("\r\n\r\n").unwrap();
    let length = more
        .split("l=")
        .nth(1)
        .and_then(|rest| rest.split(';').next());
    let covered = length.map_or(body, |length| &body[..length.parse().unwrap()]);
    let hash = STANDARD.encode(digest::digest(&digest::SHA256, covered.as_bytes()).as_ref());
    let names = if more.contains("h=") { "" } else { "h=from; " };
    let line = format!(
        "DKIM-Signature: v=1; a=ed25519-sha256; c=simple/simple; d=labo.example; s=ed; {names}{more} bh={hash}; b="
    );
    let wanted = if more.contains("h=") {
        "Subject:"
    } else {
        "From:"
    };
    let header = head
        .split("\r\n")
        .filter(|one| one.starts_with(wanted))
        .last();
    let header = header.unwrap();
    let whole = format!("{header}\r\n{line}");
    let digest = digest::digest(&digest::SHA256, whole.as_bytes());
    let signature = STANDARD.encode(pair().sign(digest.as_ref()).as_ref());
    format!("{line}{signature}\r\n{mail}")
}

/// Came over this address, at this practice's server.
fn received(ip: &str, mail_from: &str, mail: &str) -> String {
    format!(
        "Return-Path: <{mail_from}>\r\nReceived: from out.labo.example (out.labo.example [{ip}])\r\n\tby \
         mx.cabinet.example (Postfix) with ESMTPS id 4Z\r\n\tfor <a@cabinet.example>; Mon, 30 Nov 2026 10:00:00 +0100\r\n{mail}"
    )
}

fn cabinet() -> Vec<Server> {
    vec![Server::of("mx.cabinet.example").unwrap()]
}

fn said(mail: &str, zone: &Zone) -> Standing {
    standing(mail.as_bytes(), &cabinet(), Some(zone), NOW)
}

const SEED: [u8; 32] = [7; 32];
/// An hour after the tests' mails.
const NOW: Wall = Wall(1_796_032_800 * 1_000_000_000);
const MAIL: &str = "From: Labo <zoe@labo.example>\r\nTo: a@cabinet.example\r\nSubject: Bilan\r\nDate: Mon, 30 Nov 2026 \
                    10:00:00 +0100\r\n\r\nBonjour, voici le bilan.\r\n";
const REJECT: &str = "v=DMARC1; p=reject";
