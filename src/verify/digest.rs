//! A digest file as CloudTrail wrote it, and the text its signature covers.

use super::hex;
use crate::base::EpochMs;
use crate::model::attachment::Attachment;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

/// The only algorithms CloudTrail uses.
const SIGNATURE_ALGORITHM: &str = "SHA256withRSA";
const HASH_ALGORITHM: &str = "SHA-256";

/// Bytes of the longest bucket name and object key that S3 knows (S3 user guide, "General purpose bucket naming rules":
/// 63, before 2018 in us-east-1 up to 255; "Naming Amazon S3 objects").
const LONGEST_BUCKET: usize = 255;
const LONGEST_KEY: usize = 1_024;

/// One digest file that could be read.
pub(super) struct Digest {
    /// Path as dropped.
    pub(super) path: String,
    /// Of the file's bytes after decompression.
    pub(super) sha256: [u8; 32],
    pub(super) from: EpochMs,
    pub(super) to: EpochMs,
    pub(super) fields: Fields,
}

/// What stands in it. Owned by whoever could write to the bucket, until a signature has been verified.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Fields {
    pub(super) digest_start_time: String,
    pub(super) digest_end_time: String,
    pub(super) digest_s3_bucket: String,
    pub(super) digest_s3_object: String,
    pub(super) digest_public_key_fingerprint: String,
    #[serde(default)]
    digest_signature_algorithm: Option<String>,
    /// Null in the first digest file of a trail, and in the first after log file validation was off.
    #[serde(default)]
    pub(super) previous_digest_s3_bucket: Option<String>,
    #[serde(default)]
    pub(super) previous_digest_s3_object: Option<String>,
    #[serde(default)]
    pub(super) previous_digest_hash_value: Option<String>,
    #[serde(default)]
    previous_digest_hash_algorithm: Option<String>,
    #[serde(default)]
    pub(super) previous_digest_signature: Option<String>,
    #[serde(default)]
    pub(super) log_files: Vec<LogFile>,
}

/// A log file that the digest vouches for.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LogFile {
    pub(super) s3_bucket: String,
    pub(super) s3_object: String,
    pub(super) hash_value: String,
    #[serde(default)]
    hash_algorithm: Option<String>,
}

impl Digest {
    /// Reads a digest file. The error says for people what is wrong with it.
    pub(super) fn read(attachment: &Attachment) -> Result<Self, String> {
        if !attachment.whole {
            return Err("the file holds more or less than one digest; CloudTrail writes exactly one".to_owned());
        }
        let fields: Fields =
            serde_json::from_str(&attachment.json).map_err(|error| format!("it is not a digest file: {error}"))?;
        let time = |text: &str| EpochMs::parse(text).ok_or_else(|| "its start or end is not a time".to_owned());
        let (from, to) = (time(&fields.digest_start_time)?, time(&fields.digest_end_time)?);
        if from > to {
            return Err("it ends before it starts".to_owned());
        }
        fields.check_algorithms()?;
        fields.check_lengths()?;
        let sha256 = Sha256::digest(attachment.json.as_bytes()).into();
        Ok(Self { path: attachment.path.clone(), sha256, from, to, fields })
    }

    /// What a signature of this digest file signs: when, where, what, and the signature before it.
    pub(super) fn signed_text(&self) -> String {
        let Fields { digest_end_time, digest_s3_bucket, digest_s3_object, previous_digest_signature, .. } =
            &self.fields;
        let previous = previous_digest_signature.as_deref().unwrap_or("null");
        let hash = hex::encode(&self.sha256);
        format!("{digest_end_time}\n{digest_s3_bucket}/{digest_s3_object}\n{hash}\n{previous}")
    }

    /// Bucket and key of the object this is.
    pub(super) fn object(&self) -> (&str, &str) {
        (&self.fields.digest_s3_bucket, &self.fields.digest_s3_object)
    }

    /// Bucket and key of the digest file before it, if there is one.
    pub(super) fn previous(&self) -> Option<(&str, &str)> {
        let Fields { previous_digest_s3_bucket, previous_digest_s3_object, digest_s3_bucket, .. } = &self.fields;
        let object = previous_digest_s3_object.as_deref()?;
        Some((previous_digest_s3_bucket.as_deref().unwrap_or(digest_s3_bucket), object))
    }

    /// The digest file before it and the hash that it states of that.
    pub(super) fn states(&self) -> Option<((&str, &str), &str)> {
        self.previous().zip(self.fields.previous_digest_hash_value.as_deref())
    }
}

impl Fields {
    fn check_algorithms(&self) -> Result<(), String> {
        let hashes = self.log_files.iter().map(|log| &log.hash_algorithm).chain([&self.previous_digest_hash_algorithm]);
        let other = (self.digest_signature_algorithm.iter().find(|name| *name != SIGNATURE_ALGORITHM))
            .or_else(|| hashes.flatten().find(|name| *name != HASH_ALGORITHM));
        match other {
            Some(name) => Err(format!("it names the algorithm {name:?}, which CloudTrail does not use")),
            None => Ok(()),
        }
    }

    /// The report repeats hashes and names, once for every file that bears a name: what is none of them is not let in.
    fn check_lengths(&self) -> Result<(), String> {
        let logs = &self.log_files;
        let mut hashes = logs.iter().map(|log| &log.hash_value).chain(&self.previous_digest_hash_value);
        let buckets = logs.iter().map(|log| &log.s3_bucket).chain([&self.digest_s3_bucket]);
        let keys = logs.iter().map(|log| &log.s3_object).chain([&self.digest_s3_object]);
        let longer = |than: usize| move |text: &String| text.len() > than;
        if hashes.any(longer(hex::HASH_DIGITS)) {
            return Err("it states a hash that is longer than one of SHA-256".to_owned());
        }
        if buckets.chain(&self.previous_digest_s3_bucket).any(longer(LONGEST_BUCKET))
            || keys.chain(&self.previous_digest_s3_object).any(longer(LONGEST_KEY))
        {
            return Err("it names an object by a bucket or key that is longer than S3 allows".to_owned());
        }
        Ok(())
    }
}
