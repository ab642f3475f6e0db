//! One log file: its path, as CloudTrail names it, and its gzipped content.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::company::ACCOUNT;
use super::random::Random;
use crate::base::EpochMs;

/// One log file of the trail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// `AWSLogs/ACCOUNT/CloudTrail/REGION/YYYY/MM/DD/ACCOUNT_CloudTrail_REGION_YYYYMMDDTHHmmZ_UNIQUE.json.gz`
    pub path: String,
    /// Its gzipped content.
    pub bytes: Vec<u8>,
}

/// The path of a file that is delivered at `delivered`.
pub(super) fn path(region: &str, delivered: EpochMs, random: &mut Random) -> String {
    let at = delivered.civil();
    let unique = random.text(16, b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");
    let (year, month, day) = (at.year, at.month, at.day);
    let (hour, minute) = (at.hour, at.minute);
    format!(
        "AWSLogs/{ACCOUNT}/CloudTrail/{region}/{year:04}/{month:02}/{day:02}/{ACCOUNT}_CloudTrail_{region}_\
         {year:04}{month:02}{day:02}T{hour:02}{minute:02}Z_{unique}.json.gz"
    )
}

/// The content of one file as it grows.
#[derive(Default)]
pub(super) struct Content {
    json: Vec<u8>,
    count: usize,
}

impl Content {
    /// Adds one record.
    pub(super) fn push(&mut self, record: &str) {
        self.json.extend_from_slice(if self.count == 0 { b"{\"Records\":[" } else { b"," });
        self.json.extend_from_slice(record.as_bytes());
        self.count += 1;
    }

    /// Number of records.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// The gzipped bytes; empty content is not for this.
    pub(super) fn close(mut self, level: u32) -> Vec<u8> {
        self.json.extend_from_slice(b"]}");
        let mut encoder = GzEncoder::new(Vec::new(), Compression::new(level));
        // Writing to memory does not fail; if it did, the file would be empty and reported as such on reading.
        encoder.write_all(&self.json).and_then(|()| encoder.finish()).unwrap_or_default()
    }
}
