//! A trail of our own with digest files, signed with a key made for these tests, in the shape that CloudTrail writes.

use std::collections::VecDeque;
use std::io::Write;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use md5::Md5;
use rsa::pkcs1::{DecodeRsaPrivateKey, EncodeRsaPublicKey};
use rsa::{Pkcs1v15Sign, PrivateKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use trailscope::ingest::{BytesSource, Job, Limits, Reader, Step};
use trailscope::model::attachment::Attachment;
use trailscope::model::query::StreamHash;
use trailscope::query::Evidence;
use trailscope::verify::{Audit, Report};

pub const BUCKET: &str = "trail-bucket";

/// A key pair with the times between which it is valid.
pub struct Key {
    pub private: PrivateKey,
    pub from: &'static str,
    pub to: &'static str,
}

impl Key {
    pub fn a() -> Self {
        Self::read(include_str!("key-a.pem"))
    }

    pub fn b() -> Self {
        Self::read(include_str!("key-b.pem"))
    }

    fn read(pem: &str) -> Self {
        let private = PrivateKey::from_pkcs1_pem(pem).unwrap();
        Self { private, from: "2024-01-01T00:00:00Z", to: "2024-12-31T00:00:00Z" }
    }

    fn der(&self) -> Vec<u8> {
        self.private.as_public_key().to_pkcs1_der().unwrap().as_bytes().to_vec()
    }

    pub fn fingerprint(&self) -> String {
        hex(&Md5::digest(self.der()))
    }

    pub fn sign(&self, text: &str) -> String {
        hex(&self.private.sign(Pkcs1v15Sign::new::<Sha256>(), &Sha256::digest(text)).unwrap())
    }

    /// As `aws cloudtrail list-public-keys` prints it.
    pub fn list(&self) -> Value {
        json!({"PublicKeyList": [{
            "Value": STANDARD.encode(self.der()),
            "ValidityStartTime": self.from,
            "ValidityEndTime": self.to,
            "Fingerprint": self.fingerprint(),
        }]})
    }
}

/// One digest file as it was written.
#[derive(Clone)]
pub struct Written {
    pub object: String,
    pub text: String,
    pub signature: String,
}

/// What is dropped: paths and bytes.
#[derive(Clone, Default)]
pub struct Dropped(pub Vec<(String, Vec<u8>)>);

/// A trail, hour after hour.
pub struct Trail {
    pub key: Key,
    pub hour: u32,
    pub digests: Vec<Written>,
    pub logs: Vec<(String, Vec<u8>)>,
    /// Added to the names of digest files.
    pub suffix: &'static str,
}

impl Trail {
    /// With so many hours, two log files in each.
    pub fn of(hours: u32) -> Self {
        let mut trail = Self { key: Key::a(), hour: 0, digests: Vec::new(), logs: Vec::new(), suffix: "" };
        (0..hours).for_each(|_| trail.next_hour(true));
        trail
    }

    /// Writes an hour; `linked` if its digest follows on the one before.
    pub fn next_hour(&mut self, linked: bool) {
        let hour = self.hour;
        self.hour += 1;
        let logs: Vec<(String, Vec<u8>)> = (0..2).map(|number| log(hour, number, self.suffix)).collect();
        let previous = self.digests.last().filter(|_| linked);
        let files = logs.iter().map(|(object, bytes)| {
            json!({"s3Bucket": BUCKET, "s3Object": object, "hashValue": hex(&Sha256::digest(bytes)),
                "hashAlgorithm": "SHA-256"})
        });
        let end = format!("2024-05-01T{:02}:00:07Z", hour + 1);
        let object = digest_object(hour + 1, self.suffix);
        let digest = json!({
            "awsAccountId": "111122223333",
            "digestStartTime": format!("2024-05-01T{hour:02}:00:07Z"),
            "digestEndTime": end,
            "digestS3Bucket": BUCKET,
            "digestS3Object": object,
            "digestPublicKeyFingerprint": self.key.fingerprint(),
            "digestSignatureAlgorithm": "SHA256withRSA",
            "previousDigestS3Bucket": previous.map(|_| BUCKET),
            "previousDigestS3Object": previous.map(|digest| &digest.object),
            "previousDigestHashValue": previous.map(|digest| hex(&Sha256::digest(&digest.text))),
            "previousDigestHashAlgorithm": "SHA-256",
            "previousDigestSignature": previous.map(|digest| &digest.signature),
            "logFiles": files.collect::<Vec<_>>(),
        });
        // Odd, but what was hashed are these bytes and no others.
        let text = digest.to_string().replacen('{', "{\n\t ", 1).replace(",\"", " ,\r\n\"").replace('/', "\\/");
        let before = previous.map_or("null", |digest| &digest.signature);
        let hash = hex(&Sha256::digest(&text));
        let signature = self.key.sign(&format!("{end}\n{BUCKET}/{object}\n{hash}\n{before}"));
        self.digests.push(Written { object, text, signature });
        self.logs.extend(logs);
    }

    /// Everything that was delivered, compressed.
    pub fn delivered(&self) -> Dropped {
        let digests = self.digests.iter().map(|digest| (&digest.object, digest.text.as_bytes()));
        let logs = self.logs.iter().map(|(object, bytes)| (object, bytes.as_slice()));
        Dropped(digests.chain(logs).map(|(object, bytes)| (object.clone(), gzip(bytes))).collect())
    }

    /// The same with the key and the newest signature as `head-object` prints it.
    pub fn with_proof(&self) -> Dropped {
        let newest = self.digests.last().unwrap();
        self.delivered().and("keys.json", &self.key.list()).and("head.json", &head_object(&newest.signature))
    }
}

impl Dropped {
    pub fn and(mut self, path: &str, json: &Value) -> Self {
        self.0.push((path.to_owned(), json.to_string().into_bytes()));
        self
    }

    pub fn without(mut self, path: &str) -> Self {
        let before = self.0.len();
        self.0.retain(|(known, _)| known != path);
        assert_eq!(self.0.len(), before - 1, "{path} was there");
        self
    }

    /// With other content, compressed, under a path that is there.
    pub fn with(mut self, path: &str, content: &[u8]) -> Self {
        let file = self.0.iter_mut().find(|(known, _)| known == path).unwrap();
        file.1 = gzip(content);
        self
    }

    /// Reads and verifies all of it.
    pub fn verify(&self) -> Report {
        self.verify_part(&|_| true)
    }

    /// The same where not everything was to be read.
    pub fn verify_part(&self, keeps: &dyn Fn(&str) -> bool) -> Report {
        let mut evidence = Evidence::default();
        for (path, bytes) in &self.0 {
            let mut jobs = VecDeque::from([Job::whole(path.as_str())]);
            while let Some(job) = jobs.pop_front() {
                let mut reader = Reader::open(job, Limits::default());
                loop {
                    match reader.step(&BytesSource(bytes.as_slice()), &mut evidence) {
                        Step::More(_) => {}
                        Step::Split(parts) => break jobs.extend(parts),
                        Step::Done(_) => break,
                    }
                }
            }
        }
        let found = evidence.finish();
        verify(&found.attachments, (&found.streams, &found.unnamed), keeps)
    }
}

pub fn verify(
    attachments: &[Attachment],
    (streams, unnamed): (&[StreamHash], &[String]),
    keeps: &dyn Fn(&str) -> bool,
) -> Report {
    let mut audit = Audit::new(attachments);
    while audit.step() {}
    audit.finish(streams, unnamed, keeps)
}

pub fn head_object(signature: &str) -> Value {
    json!({"ContentLength": 1, "ETag": "\"0\"", "Metadata": {
        "signature": signature, "signature-algorithm": "SHA256withRSA",
    }})
}

fn log(hour: u32, number: u32, suffix: &str) -> (String, Vec<u8>) {
    let unique = format!("{hour:08}{number:08}{}", suffix.replace('_', ""));
    let name = format!("111122223333_CloudTrail_eu-west-1_20240501T{hour:02}30Z_{unique}.json.gz");
    let object = format!("AWSLogs/111122223333/CloudTrail/eu-west-1/2024/05/01/{name}");
    let record = format!("{{\"eventVersion\" :\"1.08\",\n\"eventID\":\"{unique}\"}}");
    (object, format!("{{\"Records\":\t[{record}] }}\n").into_bytes())
}

fn digest_object(hour: u32, suffix: &str) -> String {
    let name =
        format!("111122223333_CloudTrail-Digest_eu-west-1_my_trail_eu-west-1_20240501T{hour:02}0007Z{suffix}.json.gz");
    format!("AWSLogs/111122223333/CloudTrail-Digest/eu-west-1/2024/05/01/{name}")
}

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
