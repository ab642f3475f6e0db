//! What verification came to, as values for the page, for the command line and as JSON.

use crate::base::EpochMs;
use serde::{Serialize, Serializer};
use std::collections::BTreeMap;

/// What is known about one file. The names are stable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Its bytes are not those that were hashed or signed.
    Modified,
    /// A digest or sign file names it; it was not dropped.
    Missing,
    /// There is a signature and the key for it, but they do not fit the file.
    InvalidSignature,
    /// It cannot be what it should be: damaged, or not of the form that AWS writes.
    Malformed,
    /// Genuine, but it lies under the name of another file.
    Moved,
    /// Only a digest or sign file vouches for it that is itself not genuine.
    InvalidDigest,
    /// A log file from hours for which digest files are there, and none names it: of another trail, or added.
    Extra,
    /// Its hash fits, but nothing signs the digest file that says so.
    Unsigned,
    /// There is a signature, but not the key to verify it with.
    NoKey,
    /// The signature fits a key that was not valid at that time.
    KeyNotValid,
    /// A log file of an hour whose digest file was not dropped.
    NotCovered,
    /// It was left out when the files were read, by choice.
    NotRead,
    /// Proven to be as AWS delivered it.
    Valid,
}

impl Verdict {
    /// All, gravest first.
    pub const ALL: [Self; 13] = [
        Self::Modified,
        Self::Missing,
        Self::InvalidSignature,
        Self::Malformed,
        Self::Moved,
        Self::InvalidDigest,
        Self::Extra,
        Self::Unsigned,
        Self::NoKey,
        Self::KeyNotValid,
        Self::NotCovered,
        Self::NotRead,
        Self::Valid,
    ];

    /// Whether it says that something is not as it should be, rather than that it is not known.
    pub fn is_wrong(self) -> bool {
        self <= Self::InvalidDigest
    }

    /// In words, as they stand after a number.
    pub fn words(self) -> &'static str {
        match self {
            Self::Modified => "modified",
            Self::Missing => "missing",
            Self::InvalidSignature => "with an invalid signature",
            Self::Malformed => "malformed",
            Self::Moved => "moved",
            Self::InvalidDigest => "with an invalid digest file",
            Self::Extra => "named by no digest file",
            Self::Unsigned => "unsigned",
            Self::NoKey => "without a key",
            Self::KeyNotValid => "with a key out of its time",
            Self::NotCovered => "not covered",
            Self::NotRead => "not read",
            Self::Valid => "valid",
        }
    }
}

/// How many files have which verdict.
pub type Counts = BTreeMap<Verdict, u64>;

/// Everything that was found out.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Report {
    /// In one or two sentences.
    pub summary: String,
    /// Log files and Lake results.
    pub files_by_verdict: Counts,
    /// Digest files.
    pub digests_by_verdict: Counts,
    /// What to drop, or to run, to get further.
    pub advice: Vec<Advice>,
    /// What was dropped for verification and cannot be used.
    pub problems: Vec<String>,
    /// Digest files as they follow on each other, for each account, Region and trail.
    pub chains: Vec<Chain>,
    /// Each hour of each chain, in order.
    pub hours: Vec<Hour>,
    /// Digest files in the order of their chains and times, those that are missing among them.
    pub digests: Vec<DigestFile>,
    /// Sign files of Lake queries.
    pub sign_files: Vec<SignFile>,
    /// Log files and Lake results, the gravest verdicts first.
    pub files: Vec<File>,
    /// Public keys.
    pub keys: Vec<Key>,
}

/// What would get verification further.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Advice {
    /// What to drop.
    pub text: String,
    /// The command that makes it, in one line.
    pub command: Option<String>,
}

/// The digest files of one trail in one Region.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Chain {
    /// Account as the digest files' names have it.
    pub account: String,
    /// Region that the digest files are about.
    pub region: String,
    /// Name of the trail, or the folder where the names are of another form.
    pub trail: String,
    /// Whether these are backfill digests.
    pub backfill: bool,
    /// Start of the first.
    #[serde(serialize_with = "time")]
    pub from: EpochMs,
    /// End of the last.
    #[serde(serialize_with = "time")]
    pub to: EpochMs,
    /// How many there are.
    pub digests: u64,
    /// Whether the first is the first of its trail; otherwise earlier ones exist that were not dropped.
    pub begins: bool,
    /// Where it does not hold together.
    pub breaks: Vec<Break>,
}

/// A place where a chain does not hold together.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Break {
    /// End of the digest before it.
    #[serde(serialize_with = "time")]
    pub from: EpochMs,
    /// Start of the digest after it.
    #[serde(serialize_with = "time")]
    pub to: EpochMs,
    /// [`Verdict::Missing`] when digest files are missing, [`Verdict::NotCovered`] when none need have been written.
    pub verdict: Verdict,
    /// Why, in a sentence.
    pub reason: String,
}

/// One digest file.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DigestFile {
    /// Index of its chain; none when it is malformed.
    pub chain: Option<usize>,
    /// Path as dropped; none when it is missing.
    pub path: Option<String>,
    /// Bucket and key.
    pub object: String,
    /// What is known about it.
    pub verdict: Verdict,
    /// Why, in a sentence.
    pub reason: String,
    /// Start of the time it covers; none when it is missing or malformed.
    #[serde(serialize_with = "optional_time")]
    pub from: Option<EpochMs>,
    /// End of the time it covers.
    #[serde(serialize_with = "optional_time")]
    pub to: Option<EpochMs>,
    /// SHA-256 that the next digest file states.
    pub expected: Option<String>,
    /// SHA-256 of what was dropped.
    pub found: Option<String>,
    /// Fingerprint of the key that signs it.
    pub key: Option<String>,
    /// The log files it names.
    pub files: Counts,
}

/// One stretch of a chain.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Hour {
    /// Index of its chain.
    pub chain: usize,
    /// Start.
    #[serde(serialize_with = "time")]
    pub from: EpochMs,
    /// End.
    #[serde(serialize_with = "time")]
    pub to: EpochMs,
    /// The gravest verdict about its digest file and the log files that it names; [`Verdict::Missing`] where digest
    /// files are missing, [`Verdict::NotCovered`] where none was written.
    pub verdict: Verdict,
    /// In words.
    pub reason: String,
}

/// One log file or Lake result.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct File {
    /// Path as dropped; none when it is missing.
    pub path: Option<String>,
    /// Bucket and key, or the name in the sign file; none where nothing names it.
    pub object: Option<String>,
    /// What is known about it.
    pub verdict: Verdict,
    /// Why, in a sentence.
    pub reason: String,
    /// SHA-256 as stated.
    pub expected: Option<String>,
    /// SHA-256 of what was dropped.
    pub found: Option<String>,
    /// Path of the digest or sign file that names it.
    pub stated_by: Option<String>,
}

/// The sign file of a Lake query.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SignFile {
    /// Path as dropped.
    pub path: String,
    /// Region of the query.
    pub region: String,
    /// When the query was complete.
    #[serde(serialize_with = "time")]
    pub complete: EpochMs,
    /// What is known about it.
    pub verdict: Verdict,
    /// Why, in a sentence.
    pub reason: String,
    /// Fingerprint of the key that signs it.
    pub key: Option<String>,
}

/// A public key.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Key {
    /// MD5 of the key.
    pub fingerprint: String,
    /// Start of its validity, if known.
    #[serde(serialize_with = "optional_time")]
    pub from: Option<EpochMs>,
    /// End of its validity, if known.
    #[serde(serialize_with = "optional_time")]
    pub to: Option<EpochMs>,
    /// The file it came in.
    pub path: String,
    /// How many digest and sign files it verified.
    pub used: u64,
    /// Why it cannot be used.
    pub problem: Option<String>,
}

impl Report {
    /// Whether anything is not as it should be.
    pub fn is_wrong(&self) -> bool {
        self.wrong() > 0
    }

    /// How many files are not as they should be.
    pub fn wrong(&self) -> u64 {
        let counted = self.files_by_verdict.iter().chain(&self.digests_by_verdict);
        let counted: u64 = counted.filter(|(verdict, _)| verdict.is_wrong()).map(|(_, count)| count).sum();
        counted + self.sign_files.iter().filter(|file| file.verdict.is_wrong()).count() as u64
    }

    /// Whether everything is proven. False where nothing was there to be proven.
    pub fn is_proven(&self) -> bool {
        self.verdicts().next().is_some() && self.verdicts().all(|verdict| verdict == Verdict::Valid)
    }

    fn verdicts(&self) -> impl Iterator<Item = Verdict> {
        let signs = self.sign_files.iter().map(|file| file.verdict);
        self.files_by_verdict.keys().chain(self.digests_by_verdict.keys()).copied().chain(signs)
    }
}

fn time<S: Serializer>(time: &EpochMs, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&time.to_rfc3339())
}

fn optional_time<S: Serializer>(time: &Option<EpochMs>, serializer: S) -> Result<S::Ok, S::Error> {
    time.map(EpochMs::to_rfc3339).serialize(serializer)
}
