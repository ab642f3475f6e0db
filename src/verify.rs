//! Whether log files are as CloudTrail delivered them: digest files, their chain and their signatures, and the hashes of
//! what was dropped.
//!
//! Entry point: [`Audit`]. It is given what lies beside the events ([`Attachment`](crate::model::attachment::Attachment)s)
//! and judges one signature a step; [`Audit::finish`] compares the files with the digests and gives a [`Report`]: one verdict
//! for each log file, each digest file and each hour, with the reason.
//!
//! A verdict says no more than follows. A digest file is [`Valid`](Verdict::Valid) when a signature of it verifies with a
//! key that was dropped, or when its hash stands in a valid one; whose keys they are is for whoever dropped them to know.
//! Where the signature of a digest file comes from does not matter: it covers the digest's time, place and hash by itself.
//!
//! Sources: the CloudTrail user guide, "CloudTrail digest file structure", "Custom implementations of CloudTrail log file
//! integrity validation" and "Validate CloudTrail Lake saved query results".

mod advice;
mod audit;
mod chain;
mod digest;
mod files;
mod hex;
mod keys;
mod lake;
pub mod names;
mod report;
mod signatures;

pub use audit::Audit;
pub use report::{Advice, Break, Chain, Counts, DigestFile, File, Hour, Key, Report, SignFile, Verdict};
