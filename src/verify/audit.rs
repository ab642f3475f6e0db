//! The work of verification, in steps: one signature each.

use super::chain::{self, Judged};
use super::digest::Digest;
use super::keys::PublicKeys;
use super::lake::LakeSignature;
use super::report::{Key, Report};
use super::signatures::{self, Signature};
use super::{advice, files, names};
use crate::model::attachment::{Attachment, AttachmentKind};
use crate::model::query::StreamHash;
use std::collections::{HashMap, HashSet};

/// Signatures that are tried for one digest file. Genuine ones have one or two; a made-up set could name thousands.
const TRIED: usize = 16;
/// Signatures without the name of their object that are tried for each digest file that nothing else signs.
const TRIED_UNNAMED: usize = 64;

/// What signatures say about a digest or sign file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Proof {
    /// Not looked at, or there is no signature.
    None,
    /// One verifies with this key.
    Valid(usize),
    /// One verifies with this key, which was not valid then.
    KeyNotValid(usize),
    /// There is one, but no key of that fingerprint.
    NoKey,
    /// There are signatures and keys, and none fits.
    Invalid,
}

/// A verification in progress.
pub struct Audit {
    pub(super) digests: Vec<Judged>,
    /// Digest files that cannot be read: path and reason.
    pub(super) malformed: Vec<(String, String)>,
    /// Bucket and key of each digest file that others follow, with the signatures that those say it has: [`TRIED`]
    /// different ones at most.
    followed: HashMap<(String, String), Vec<String>>,
    /// The signatures that were dropped with the key of their digest file, likewise.
    by_object: HashMap<String, Vec<String>>,
    pub(super) sign_files: Vec<LakeSignature>,
    pub(super) keys: PublicKeys,
    signatures: Vec<Signature>,
    /// Signatures without the name of their object that fit a digest file.
    fitting: HashSet<usize>,
    problems: Vec<String>,
    next: usize,
}

impl Audit {
    /// Reads everything that has to do with integrity; the rest is passed over.
    pub fn new<'a>(attachments: impl IntoIterator<Item = &'a Attachment>) -> Self {
        let (mut digests, mut malformed, mut seen) = (Vec::new(), Vec::new(), HashSet::new());
        let (mut sign_files, mut signatures) = (Vec::new(), Vec::new());
        let (mut keys, mut problems) = (PublicKeys::default(), Vec::new());
        let mut problem = |path: &str, reason: &str| problems.push(format!("{path}: {reason}."));
        for attachment in attachments {
            let path = &attachment.path;
            match attachment.kind {
                AttachmentKind::Digest => match Digest::read(attachment) {
                    Ok(digest) if seen.insert((digest.sha256, names::file_name(path).to_owned())) => {
                        digests.push(Judged { digest, proof: Proof::None });
                    }
                    Ok(_) => {}
                    Err(reason) => malformed.push((path.clone(), reason)),
                },
                AttachmentKind::LakeSignature => match LakeSignature::read(attachment) {
                    Ok(sign_file) => sign_files.push(sign_file),
                    Err(reason) => problem(path, &reason),
                },
                AttachmentKind::PublicKeys => {
                    if let Err(reason) = keys.add(attachment) {
                        problem(path, &reason);
                    }
                }
                AttachmentKind::ObjectMetadata => match signatures::read(attachment) {
                    found if found.is_empty() => problem(path, "there is no signature of a digest file in it"),
                    found => signatures.extend(found),
                },
                _ => {}
            }
        }
        digests.sort_by(|a, b| chain::order(&a.digest).cmp(&chain::order(&b.digest)));
        let mut followed: HashMap<_, Vec<String>> = HashMap::new();
        for Judged { digest, .. } in &digests {
            if let Some((bucket, object)) = digest.previous() {
                let own = followed.entry((bucket.to_owned(), object.to_owned())).or_default();
                digest.fields.previous_digest_signature.iter().for_each(|signature| try_too(own, signature));
            }
        }
        let mut by_object: HashMap<_, Vec<String>> = HashMap::new();
        for signature in &signatures {
            if let Some(object) = &signature.object {
                try_too(by_object.entry(object.clone()).or_default(), &signature.hex);
            }
        }
        Self {
            digests,
            malformed,
            followed,
            by_object,
            sign_files,
            keys,
            signatures,
            fitting: HashSet::new(),
            problems,
            next: 0,
        }
    }

    /// Whether there is anything that says how files should be.
    pub fn has_work(&self) -> bool {
        !(self.digests.is_empty() && self.malformed.is_empty() && self.sign_files.is_empty())
    }

    /// Judges the signature of one more digest or sign file; false when all are judged.
    pub fn step(&mut self) -> bool {
        let index = self.next;
        self.next += 1;
        if index < self.digests.len() {
            let (proof, unnamed) = self.prove(index);
            self.digests[index].proof = proof;
            self.fitting.extend(unnamed);
        } else if let Some(sign_file) = self.sign_files.get_mut(index - self.digests.len()) {
            sign_file.prove(&self.keys);
        }
        self.next < self.digests.len() + self.sign_files.len()
    }

    /// The paths of the digest files that could be read, as dropped.
    pub fn digest_paths(&self) -> impl Iterator<Item = &str> {
        self.digests.iter().map(|judged| judged.digest.path.as_str())
    }

    /// Digest and sign files judged so far, and all of them.
    pub fn progress(&self) -> (usize, usize) {
        let all = self.digests.len() + self.sign_files.len();
        (self.next.min(all), all)
    }

    /// The signatures that digest files state which name this one as the one before them; `None`: there are none.
    pub(super) fn followed(&self, digest: &Digest) -> Option<&[String]> {
        let (bucket, object) = digest.object();
        self.followed.get(&(bucket.to_owned(), object.to_owned())).map(Vec::as_slice)
    }

    /// What signatures say about a digest file, and which one without a name it was that fits.
    fn prove(&self, index: usize) -> (Proof, Option<usize>) {
        let digest = &self.digests[index].digest;
        let text = digest.signed_text();
        let prove = |signatures: &[String]| {
            let fingerprint = &digest.fields.digest_public_key_fingerprint;
            self.keys.prove(fingerprint, digest.to, |key| signatures.iter().any(|hex| key.verifies(&text, hex)))
        };
        let own = self.own_signatures(digest);
        let proof = if own.is_empty() { Proof::None } else { prove(&own) };
        if matches!(proof, Proof::Valid(_) | Proof::KeyNotValid(_)) || self.followed(digest).is_some() {
            return (proof, None);
        }
        let unnamed = self.signatures.iter().enumerate().filter(|(_, signature)| signature.object.is_none());
        for (number, signature) in unnamed.take(TRIED_UNNAMED) {
            match prove(std::slice::from_ref(&signature.hex)) {
                fits @ (Proof::Valid(_) | Proof::KeyNotValid(_)) => return (fits, Some(number)),
                Proof::NoKey => return (Proof::NoKey, Some(number)),
                // Nothing says that it is of this file.
                Proof::Invalid | Proof::None => {}
            }
        }
        (proof, None)
    }

    /// The signatures that are said to be of this digest file.
    fn own_signatures(&self, digest: &Digest) -> Vec<String> {
        let mut own = self.by_object.get(digest.object().1).cloned().unwrap_or_default();
        self.followed(digest).into_iter().flatten().for_each(|signature| try_too(&mut own, signature));
        own
    }

    /// Signatures that were dropped without the name of a digest file and fit none.
    fn stray(&self) -> impl Iterator<Item = String> {
        let unnamed = self.signatures.iter().enumerate().filter(|(_, signature)| signature.object.is_none());
        let stray = unnamed.filter(|(number, _)| !self.fitting.contains(number));
        stray.map(|(_, signature)| format!("{}: its signature fits no digest file that needs one.", signature.path))
    }

    /// Compares the files that were dropped with what the digest and sign files say; `unnamed` are the paths of those with
    /// events whose names no such file can have in it. All [steps](Self::step) have been
    /// taken. What `keeps` says no to, by its object key, was not to be read, so it is not missing.
    pub fn finish(&self, streams: &[StreamHash], unnamed: &[String], keeps: &dyn Fn(&str) -> bool) -> Report {
        let problems = self.problems.iter().cloned().chain(self.stray()).collect();
        let mut report = Report { problems, ..Report::default() };
        let verdicts = chain::judge(self, keeps, &mut report);
        files::judge(self, &verdicts, (streams, unnamed), keeps, &mut report);
        chain::hours(&mut report);
        report.keys = self.keys_used(&report);
        advice::write(self, &mut report);
        report
    }

    fn keys_used(&self, report: &Report) -> Vec<Key> {
        let mut used: HashMap<&str, u64> = HashMap::new();
        let proven = report.digests.iter().map(|digest| (&digest.key, digest.verdict));
        let proven = proven.chain(report.sign_files.iter().map(|file| (&file.key, file.verdict)));
        for (key, verdict) in proven {
            if verdict == super::Verdict::Valid
                && let Some(fingerprint) = key
            {
                *used.entry(fingerprint).or_default() += 1;
            }
        }
        let row = |key: &super::keys::PublicKey| Key {
            fingerprint: key.fingerprint.clone(),
            from: key.from,
            to: key.to,
            path: key.path.clone(),
            used: used.get(key.fingerprint.as_str()).copied().unwrap_or_default(),
            problem: key.rsa.as_ref().err().cloned(),
        };
        self.keys.iter().map(row).collect()
    }
}

/// Adds a signature to those that are tried for one digest file.
fn try_too(own: &mut Vec<String>, signature: &String) {
    if own.len() < TRIED && !own.contains(signature) {
        own.push(signature.clone());
    }
}
