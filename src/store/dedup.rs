//! Finding events that several files (and so several shards) hold: same eventID.
//!
//! Shards compare identifiers once after a load, not per query. Each shard sends its identifiers, split by
//! value into one part per shard; each shard finds the repeats in its part of everybody's identifiers. A full record
//! stays rather than a partial one, then the copy that comes first in the dropped files; the outcome does not depend
//! on the number of shards.

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
    /// The record has some of the event's fields only.
    pub is_partial: bool,
    /// Number of the dropped file.
    pub file: u32,
    /// Number of the archive entry in it.
    pub entry: u32,
    /// Row in its shard.
    pub row: u32,
}

/// Bytes of an [`IdEntry`] on the wire.
const ENTRY_BYTES: usize = 28;
/// The bit of a file's number that says that the record is partial: nobody drops so many files.
const PARTIAL: u32 = 1 << 31;

/// Splits identifiers, about `expected` of them, by value into `parts` byte strings.
pub fn partition(entries: impl Iterator<Item = IdEntry>, expected: usize, parts: usize) -> Vec<Vec<u8>> {
    // A little more than an even share: growing would copy everything and leave holes in memory.
    let share = expected / parts.max(1);
    let capacity = (share + share / 64 + 64) * ENTRY_BYTES;
    let mut split: Vec<Vec<u8>> = (0..parts).map(|_| Vec::with_capacity(capacity)).collect();
    for entry in entries {
        let part = u64::from_le_bytes(std::array::from_fn(|i| entry.id.0[i + 8])) % parts as u64;
        let mut bytes = [0; ENTRY_BYTES];
        bytes[..16].copy_from_slice(&entry.id.0);
        let file = entry.file | if entry.is_partial { PARTIAL } else { 0 };
        bytes[16..20].copy_from_slice(&file.to_le_bytes());
        bytes[20..24].copy_from_slice(&entry.entry.to_le_bytes());
        bytes[24..].copy_from_slice(&entry.row.to_le_bytes());
        split[part as usize].extend_from_slice(&bytes);
    }
    split
}

fn read(bytes: &[u8; ENTRY_BYTES]) -> IdEntry {
    let number = |at: usize| u32::from_le_bytes(std::array::from_fn(|i| bytes[at + i]));
    let id = EventId(std::array::from_fn(|i| bytes[i]));
    let file = number(16);
    let (file, is_partial) = (file & !PARTIAL, file & PARTIAL != 0);
    IdEntry { id, is_partial, file, entry: number(20), row: number(24) }
}

/// Given one part of every shard's identifiers, the rows of each shard that repeat an earlier one.
///
/// Sorts by the first half of the identifier, which nearly always differs where the whole does, so that one integer
/// is compared; runs that agree in it are sorted as a whole. Sorting, because no choice of identifiers makes it slow.
pub fn losers(parts: &[Vec<u8>]) -> Vec<Vec<u32>> {
    let entries = |part: usize| parts[part].as_chunks::<ENTRY_BYTES>().0;
    let mut order: Vec<(u64, u32, u32)> = Vec::with_capacity((0..parts.len()).map(|part| entries(part).len()).sum());
    for shard in 0..parts.len() {
        let half = |bytes: &[u8; ENTRY_BYTES]| u64::from_be_bytes(std::array::from_fn(|i| bytes[i]));
        order.extend(entries(shard).iter().zip(0..).map(|(bytes, at)| (half(bytes), shard as u32, at)));
    }
    order.sort_unstable_by_key(|(half, ..)| *half);
    let mut rows = vec![Vec::new(); parts.len()];
    for run in order.chunk_by(|a, b| a.0 == b.0).filter(|run| run.len() > 1) {
        let mut run: Vec<(IdEntry, u32)> =
            run.iter().map(|&(_, shard, at)| (read(&entries(shard as usize)[at as usize]), shard)).collect();
        run.sort_unstable();
        for pair in run.windows(2).filter(|pair| pair[0].0.id == pair[1].0.id) {
            rows[pair[1].1 as usize].push(pair[1].0.row);
        }
    }
    rows.iter_mut().for_each(|rows| rows.sort_unstable());
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(high: u8, low: u8, file: u32, row: u32) -> IdEntry {
        let mut id = [0; 16];
        (id[7], id[15]) = (high, low);
        IdEntry { id: EventId(id), is_partial: false, file, entry: 0, row }
    }

    #[test]
    fn a_full_record_stays_rather_than_a_partial_one() {
        let partial = |file, row| IdEntry { is_partial: true, ..entry(1, 1, file, row) };
        let ids = [partial(0, 0), entry(1, 1, 4, 1), partial(1, 2), entry(1, 1, 3, 3)];
        assert_eq!(losers(&partition(ids.into_iter(), 4, 1)), [[0, 1, 2]]);
        assert_eq!(losers(&partition([partial(2, 0), partial(1, 1)].into_iter(), 2, 1)), [[0]]);
    }

    #[test]
    fn the_copy_in_the_first_file_stays() {
        // Identifiers that agree in one half only, in either, and as a whole.
        let shards = [
            vec![entry(1, 1, 5, 0), entry(1, 2, 5, 1), entry(2, 1, 5, 2), entry(3, 3, 7, 3), entry(3, 3, 7, 4)],
            vec![entry(1, 1, 2, 0), entry(2, 1, 6, 1), entry(3, 3, 6, 2), entry(4, 4, 6, 3)],
        ];
        for parts in 1..4 {
            let split: Vec<_> = shards.iter().map(|ids| partition(ids.iter().copied(), ids.len(), parts)).collect();
            let mut found = vec![Vec::new(), Vec::new()];
            for part in 0..parts {
                let part: Vec<Vec<u8>> = split.iter().map(|shard| shard[part].clone()).collect();
                losers(&part).into_iter().zip(&mut found).for_each(|(rows, all)| all.extend(rows));
            }
            found.iter_mut().for_each(|rows| rows.sort_unstable());
            assert_eq!(found, [vec![0, 3, 4], vec![1]], "{parts} parts");
        }
    }
}
