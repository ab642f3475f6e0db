//! CloudTrail's public keys, from the output of `aws cloudtrail list-public-keys`.

use super::audit::Proof;
use super::hex;
use crate::base::EpochMs;
use crate::base::time::HOUR;
use crate::model::attachment::Attachment;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use md5::Md5;
use rsa::pkcs1::DecodeRsaPublicKey;
use rsa::{Pkcs1v15Sign, PublicKey as RsaKey};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;

/// Milliseconds within which a digest file is signed after its end: when keys change in between, by the new one. aws-cli
/// allows as much (aws/aws-cli#10072).
pub(super) const DELAY: i64 = 2 * HOUR;
/// Bytes of the longest signature that is looked at: RSA with 8192 bits.
const LONGEST_SIGNATURE: usize = 1024;

/// One key.
pub(super) struct PublicKey {
    /// MD5 of the key's DER form, in hexadecimal: how digest files name their key.
    pub(super) fingerprint: String,
    /// When it is valid, as far as the list says so.
    pub(super) from: Option<EpochMs>,
    pub(super) to: Option<EpochMs>,
    /// The file it came in.
    pub(super) path: String,
    /// The key, or why it cannot be used.
    pub(super) rsa: Result<RsaKey, String>,
}

/// All keys, by fingerprint.
#[derive(Default)]
pub(super) struct PublicKeys {
    keys: Vec<PublicKey>,
    by_fingerprint: HashMap<String, Vec<usize>>,
}

/// AWS's tools and its documentation disagree about the case of first letters.
#[derive(Deserialize)]
struct List {
    #[serde(alias = "PublicKeyList", rename = "publicKeyList")]
    keys: Vec<Text>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Text {
    #[serde(alias = "value")]
    value: String,
    #[serde(alias = "fingerprint")]
    fingerprint: String,
    #[serde(alias = "validityStartTime", default)]
    validity_start_time: Option<Time>,
    #[serde(alias = "validityEndTime", default)]
    validity_end_time: Option<Time>,
}

/// Version 2 of the AWS CLI prints times, version 1 seconds.
#[derive(Deserialize)]
#[serde(untagged)]
enum Time {
    Text(String),
    Seconds(f64),
}

impl Time {
    fn instant(&self) -> Option<EpochMs> {
        match self {
            Self::Text(text) => EpochMs::parse(text),
            Self::Seconds(seconds) => Some(EpochMs((seconds * 1_000.0) as i64)),
        }
    }
}

impl PublicKeys {
    /// Adds the keys of one file. The error says for people why there are none in it.
    pub(super) fn add(&mut self, attachment: &Attachment) -> Result<(), String> {
        let list: List =
            serde_json::from_str(&attachment.json).map_err(|error| format!("it is not a list of keys: {error}"))?;
        for text in list.keys {
            let fingerprint = text.fingerprint.to_ascii_lowercase();
            let time = |time: &Option<Time>| time.as_ref().and_then(Time::instant);
            let (from, to) = (time(&text.validity_start_time), time(&text.validity_end_time));
            let known = self.by_fingerprint.entry(fingerprint.clone()).or_default();
            if known.iter().any(|&key| (self.keys[key].from, self.keys[key].to) == (from, to)) {
                continue;
            }
            known.push(self.keys.len());
            let rsa = rsa_key(&text.value, &fingerprint);
            self.keys.push(PublicKey { fingerprint, from, to, path: attachment.path.clone(), rsa });
        }
        Ok(())
    }

    /// Whether there is one of this fingerprint that can be used.
    pub(super) fn has(&self, fingerprint: &str) -> bool {
        self.prove(fingerprint, EpochMs(0), |_| false) != Proof::NoKey
    }

    /// All of them, in the order they came.
    pub(super) fn iter(&self) -> impl Iterator<Item = &PublicKey> {
        self.keys.iter()
    }

    /// What the keys with a fingerprint say: `verifies` is asked for each, of which there is more than one if the same
    /// was listed with different times.
    pub(super) fn prove(&self, fingerprint: &str, time: EpochMs, verifies: impl Fn(&PublicKey) -> bool) -> Proof {
        let found = self.by_fingerprint.get(&fingerprint.to_ascii_lowercase()).into_iter().flatten();
        let mut usable = found.copied().filter(|&key| self.keys[key].rsa.is_ok()).peekable();
        if usable.peek().is_none() {
            return Proof::NoKey;
        }
        // Mostly the same key with other times: what it verifies is found out once.
        let mut last: Option<(usize, bool)> = None;
        let mut fits = |key: usize| {
            let known = last.filter(|(other, _)| self.keys[*other].rsa == self.keys[key].rsa);
            let fits = known.map_or_else(|| verifies(&self.keys[key]), |(_, fits)| fits);
            last = Some((key, fits));
            fits
        };
        let fitting: Vec<usize> = usable.filter(|&key| fits(key)).collect();
        match fitting.iter().find(|&&key| self.keys[key].is_valid_at(time)) {
            Some(&key) => Proof::Valid(key),
            None => fitting.first().map_or(Proof::Invalid, |&key| Proof::KeyNotValid(key)),
        }
    }

    /// One of them.
    pub(super) fn get(&self, key: usize) -> &PublicKey {
        &self.keys[key]
    }
}

impl PublicKey {
    /// Whether the key may sign what ended at this time. An end of validity that the list does not name is no end.
    pub(super) fn is_valid_at(&self, time: EpochMs) -> bool {
        self.from.is_none_or(|from| from.0 <= time.0 + DELAY) && self.to.is_none_or(|to| time <= to)
    }

    /// Whether `signature` (hexadecimal) is this key's under `text`: RSASSA-PKCS1-v1_5 with SHA-256.
    pub(super) fn verifies(&self, text: &str, signature: &str) -> bool {
        let (Ok(rsa), Some(signature)) = (&self.rsa, hex::decode(signature, LONGEST_SIGNATURE)) else { return false };
        rsa.verify(Pkcs1v15Sign::new::<Sha256>(), &Sha256::digest(text), &signature).is_ok()
    }
}

/// The key that `value` is in base64: DER of a PKCS #1 `RSAPublicKey`.
fn rsa_key(value: &str, fingerprint: &str) -> Result<RsaKey, String> {
    let der = STANDARD.decode(value.trim()).map_err(|_| "its value is not base64".to_owned())?;
    if hex::encode(&Md5::digest(&der)) != fingerprint {
        return Err("its fingerprint is not that of its value".to_owned());
    }
    RsaKey::from_pkcs1_der(&der).map_err(|_| "its value is not an RSA public key".to_owned())
}
