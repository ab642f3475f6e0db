//! Finding events that several files (and so several shards) hold: same eventID.
//!
//! Shards compare identifiers once after a load, not per query. Each shard sends its identifiers, split by
//! value into one part per shard; each shard finds the repeats in its part of everybody's identifiers. The
//! copy that comes first in the dropped files stays; the outcome does not depend on the number of shards.

use super::plain::parse_uuid;
use sha2::{Digest, Sha256};

/// An eventID in 16 bytes: a UUID as it is, anything else by the start of its SHA-256.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventId(pub [u8; 16]);

impl EventId {
    /// Reads the text of an `eventID`.
    pub fn new(text: &str) -> Self {
        Self(text.as_bytes().try_into().ok().and_then(parse_uuid).unwrap_or_else(|| {
            let mut id = [0; 16];
            id.copy_from_slice(&Sha256::digest(text.as_bytes())[..16]);
            id
        }))
    }
}

/// One identifier and where it stands. Two rows of the same file and entry are always in the same shard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct IdEntry {
    /// The identifier.
    pub id: EventId,
    /// Number of the dropped file.
    pub file: u32,
    /// Number of the archive entry in it.
    pub entry: u32,
    /// Row in its shard.
    pub row: u32,
}

/// Bytes of an [`IdEntry`] on the wire.
const ENTRY_BYTES: usize = 28;

/// Splits identifiers by value into `parts` byte strings.
pub fn partition(entries: impl Iterator<Item = IdEntry>, parts: usize) -> Vec<Vec<u8>> {
    let mut split = vec![Vec::new(); parts];
    for entry in entries {
        let part = u64::from_le_bytes(std::array::from_fn(|i| entry.id.0[i + 8])) % parts as u64;
        let bytes = &mut split[part as usize];
        bytes.extend_from_slice(&entry.id.0);
        bytes.extend_from_slice(&entry.file.to_le_bytes());
        bytes.extend_from_slice(&entry.entry.to_le_bytes());
        bytes.extend_from_slice(&entry.row.to_le_bytes());
    }
    split
}

/// Given one part of every shard's identifiers, the rows of each shard that repeat an earlier one.
pub fn losers(parts: &[Vec<u8>]) -> Vec<Vec<u32>> {
    let mut all: Vec<(IdEntry, u32)> = Vec::with_capacity(parts.iter().map(|part| part.len() / ENTRY_BYTES).sum());
    for (shard, part) in parts.iter().enumerate() {
        for bytes in part.chunks_exact(ENTRY_BYTES) {
            let number = |at: usize| u32::from_le_bytes(std::array::from_fn(|i| bytes[at + i]));
            let id = EventId(std::array::from_fn(|i| bytes[i]));
            all.push((IdEntry { id, file: number(16), entry: number(20), row: number(24) }, shard as u32));
        }
    }
    all.sort_unstable();
    let mut rows = vec![Vec::new(); parts.len()];
    for pair in all.windows(2) {
        if pair[0].0.id == pair[1].0.id {
            rows[pair[1].1 as usize].push(pair[1].0.row);
        }
    }
    rows.iter_mut().for_each(|rows| rows.sort_unstable());
    rows
}
