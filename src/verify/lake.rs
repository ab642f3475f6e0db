//! The sign file of a CloudTrail Lake query: hashes of its result files as they lie in the bucket, compressed.

use super::audit::Proof;
use super::hex;
use super::keys::PublicKeys;
use crate::base::EpochMs;
use crate::model::attachment::Attachment;
use serde::Deserialize;

/// One `result_sign.json`.
pub(super) struct LakeSignature {
    /// Path as dropped.
    pub(super) path: String,
    pub(super) complete: EpochMs,
    pub(super) fields: Fields,
    pub(super) proof: Proof,
}

/// What stands in it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Fields {
    #[serde(default)]
    pub(super) region: String,
    pub(super) files: Vec<ResultFile>,
    hash_algorithm: String,
    signature_algorithm: String,
    query_complete_time: String,
    hash_signature: String,
    pub(super) public_key_fingerprint: String,
}

/// A result file that it vouches for.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ResultFile {
    pub(super) file_hash_value: String,
    pub(super) file_name: String,
}

impl LakeSignature {
    /// Reads a sign file. The error says for people what is wrong with it.
    pub(super) fn read(attachment: &Attachment) -> Result<Self, String> {
        let fields: Fields =
            serde_json::from_str(&attachment.json).map_err(|error| format!("it is not a sign file: {error}"))?;
        let algorithms = (fields.hash_algorithm.as_str(), fields.signature_algorithm.as_str());
        if algorithms != ("SHA-256", "SHA256withRSA") {
            return Err("it names an algorithm that CloudTrail does not use".to_owned());
        }
        if fields.files.iter().any(|file| file.file_hash_value.len() > hex::HASH_DIGITS) {
            return Err("it states a hash that is longer than one of SHA-256".to_owned());
        }
        let complete = EpochMs::parse(&fields.query_complete_time).ok_or("its time is not a time")?;
        Ok(Self { path: attachment.path.clone(), complete, fields, proof: Proof::None })
    }

    /// The signature is over the hashes alone, with spaces between them.
    pub(super) fn prove(&mut self, keys: &PublicKeys) {
        let hashes: Vec<&str> = self.fields.files.iter().map(|file| file.file_hash_value.as_str()).collect();
        let (text, signature) = (hashes.join(" "), &self.fields.hash_signature);
        self.proof =
            keys.prove(&self.fields.public_key_fingerprint, self.complete, |key| key.verifies(&text, signature));
    }
}
