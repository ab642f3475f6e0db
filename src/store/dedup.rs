//! Finding events that several files (and so several shards) hold: same eventID, same content.
//!
//! Shards compare identifiers once after a load, not per query, in two rounds. Each shard sends its identifiers, split
//! by value into one part per shard; each shard finds the ones that occur more than once in its part of everybody's.
//! Of those rows only, the content is compared in the same way. Of copies that say the same, the one that comes first
//! in the dropped files stays; copies that say something else stay as well and are in conflict: a record that was made
//! up cannot take the place of the one whose eventID it bears. A partial record cannot be compared with others: it
//! stays only where no other has its eventID. The outcome does not depend on the number of shards.

use super::plain::parse_uuid;
use sha2::{Digest, Sha256};
use std::collections::HashSet;

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

    /// Which of `parts` parts compares it.
    fn part(&self, parts: usize) -> usize {
        (u64::from_le_bytes(std::array::from_fn(|i| self.0[i + 8])) % parts as u64) as usize
    }
}

/// One identifier and the row of its shard that has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct IdEntry {
    /// The identifier.
    pub id: EventId,
    /// Row in its shard.
    pub row: u32,
}

/// A row whose identifier other rows have, too. Two rows of the same file and entry are always in the same shard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CopyEntry {
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
    /// Hash of what the record says; see [`Shard::copies`](super::Shard::copies).
    pub content: u64,
}

/// What became of a row that others share their identifier with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// Another row that stays says the same.
    Duplicate,
    /// It stays, and so does another one that says something else.
    Conflict,
}

/// Bytes of an [`IdEntry`] on the wire.
const ID_BYTES: usize = 20;
/// Bytes of a [`CopyEntry`] on the wire.
const COPY_BYTES: usize = 36;
/// The bit of a file's number that says that the record is partial: nobody drops so many files.
const PARTIAL: u32 = 1 << 31;
/// The bit of a row's number that says that it is in conflict: no shard has so many rows.
const CONFLICT: u32 = 1 << 31;

/// Splits identifiers, about `expected` of them, by value into `parts` byte strings.
pub fn partition(entries: impl Iterator<Item = IdEntry>, expected: usize, parts: usize) -> Vec<Vec<u8>> {
    // A little more than an even share: growing would copy everything and leave holes in memory.
    let share = expected / parts.max(1);
    let capacity = (share + share / 64 + 64) * ID_BYTES;
    let mut split: Vec<Vec<u8>> = (0..parts).map(|_| Vec::with_capacity(capacity)).collect();
    for IdEntry { id, row } in entries {
        let mut bytes = [0; ID_BYTES];
        bytes[..16].copy_from_slice(&id.0);
        bytes[16..].copy_from_slice(&row.to_le_bytes());
        split[id.part(parts)].extend_from_slice(&bytes);
    }
    split
}

/// Splits rows that share their identifiers with others as [`partition`] does.
pub fn partition_copies(entries: impl Iterator<Item = CopyEntry>, parts: usize) -> Vec<Vec<u8>> {
    let mut split = vec![Vec::new(); parts];
    for CopyEntry { id, is_partial, file, entry, row, content } in entries {
        let mut bytes = [0; COPY_BYTES];
        let file = file | if is_partial { PARTIAL } else { 0 };
        bytes[..16].copy_from_slice(&id.0);
        bytes[16..20].copy_from_slice(&file.to_le_bytes());
        bytes[20..24].copy_from_slice(&entry.to_le_bytes());
        bytes[24..28].copy_from_slice(&row.to_le_bytes());
        bytes[28..].copy_from_slice(&content.to_le_bytes());
        split[id.part(parts)].extend_from_slice(&bytes);
    }
    split
}

/// The number of up to eight bytes that stand at `at`.
fn number<const N: usize>(bytes: &[u8], at: usize) -> u64 {
    (0..N).fold(0, |number, i| number | u64::from(bytes[at + i]) << (8 * i))
}

fn read_id(bytes: &[u8; ID_BYTES]) -> IdEntry {
    IdEntry { id: EventId(std::array::from_fn(|i| bytes[i])), row: number::<4>(bytes, 16) as u32 }
}

fn read_copy(bytes: &[u8; COPY_BYTES]) -> CopyEntry {
    let file = number::<4>(bytes, 16) as u32;
    CopyEntry {
        id: EventId(std::array::from_fn(|i| bytes[i])),
        is_partial: file & PARTIAL != 0,
        file: file & !PARTIAL,
        entry: number::<4>(bytes, 20) as u32,
        row: number::<4>(bytes, 24) as u32,
        content: number::<8>(bytes, 28),
    }
}

/// Given one part of every shard's identifiers, the rows of each shard whose identifier another row has as well. On the
/// wire; see [`read_rows`].
///
/// Sorts by the first half of the identifier, which nearly always differs where the whole does, so that one integer
/// is compared; runs that agree in it are sorted as a whole. Sorting, because no choice of identifiers makes it slow.
pub fn repeated(parts: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let entries = |part: usize| parts[part].as_chunks::<ID_BYTES>().0;
    let mut order: Vec<(u64, u32, u32)> = Vec::with_capacity((0..parts.len()).map(|part| entries(part).len()).sum());
    for shard in 0..parts.len() {
        let half = |bytes: &[u8; ID_BYTES]| u64::from_be_bytes(std::array::from_fn(|i| bytes[i]));
        order.extend(entries(shard).iter().zip(0..).map(|(bytes, at)| (half(bytes), shard as u32, at)));
    }
    order.sort_unstable_by_key(|(half, ..)| *half);
    let mut rows = vec![Vec::new(); parts.len()];
    for run in order.chunk_by(|a, b| a.0 == b.0).filter(|run| run.len() > 1) {
        let mut run: Vec<(IdEntry, u32)> =
            run.iter().map(|&(_, shard, at)| (read_id(&entries(shard as usize)[at as usize]), shard)).collect();
        run.sort_unstable();
        for same in run.chunk_by(|(a, _), (b, _)| a.id == b.id).filter(|same| same.len() > 1) {
            same.iter().for_each(|(entry, shard)| rows[*shard as usize].extend_from_slice(&entry.row.to_le_bytes()));
        }
    }
    rows
}

/// The rows of one shard that [`repeated`] found.
pub fn read_rows(bytes: &[u8]) -> impl Iterator<Item = u32> + '_ {
    bytes.as_chunks::<4>().0.iter().map(|bytes| u32::from_le_bytes(*bytes))
}

/// Given one part of every shard's [`repeated`] rows with their content, what becomes of the rows of each shard; rows
/// of which nothing is said stay as they are. On the wire; see [`read_fates`].
pub fn judge(parts: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let mut copies: Vec<(CopyEntry, usize)> = Vec::new();
    for (shard, part) in parts.iter().enumerate() {
        copies.extend(part.as_chunks::<COPY_BYTES>().0.iter().map(|bytes| (read_copy(bytes), shard)));
    }
    copies.sort_unstable();
    let mut fates = vec![Vec::new(); parts.len()];
    let mut tell = |(copy, shard): &(CopyEntry, usize), bit: u32| {
        fates[*shard].extend_from_slice(&(copy.row | bit).to_le_bytes());
    };
    for same in copies.chunk_by(|(a, _), (b, _)| a.id == b.id) {
        // Full records come first.
        let mut contents = HashSet::new();
        let stays: Vec<bool> = (0..)
            .zip(same)
            .map(|(at, (copy, _))| if copy.is_partial { at == 0 } else { contents.insert(copy.content) })
            .collect();
        let in_conflict = stays.iter().filter(|stays| **stays).count() > 1;
        for (copy, stays) in same.iter().zip(stays) {
            match stays {
                false => tell(copy, 0),
                true if in_conflict => tell(copy, CONFLICT),
                true => {}
            }
        }
    }
    fates
}

/// What [`judge`] says about the rows of one shard.
pub fn read_fates(bytes: &[u8]) -> impl Iterator<Item = (u32, Fate)> + '_ {
    read_rows(bytes).map(|row| (row & !CONFLICT, if row & CONFLICT == 0 { Fate::Duplicate } else { Fate::Conflict }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn copy(high: u8, low: u8, file: u32, row: u32) -> CopyEntry {
        let mut id = [0; 16];
        (id[7], id[15]) = (high, low);
        CopyEntry { id: EventId(id), is_partial: false, file, entry: 0, row, content: 7 }
    }

    /// What becomes of the rows of each shard, in both rounds.
    fn fates(shards: &[Vec<CopyEntry>], parts: usize) -> Vec<Vec<(u32, Fate)>> {
        let part_of = |split: &[Vec<Vec<u8>>], part: usize| -> Vec<Vec<u8>> {
            split.iter().map(|shard| shard[part].clone()).collect()
        };
        let id = |copy: &CopyEntry| IdEntry { id: copy.id, row: copy.row };
        let ids: Vec<_> = shards.iter().map(|rows| partition(rows.iter().map(id), rows.len(), parts)).collect();
        let mut asked: Vec<HashSet<u32>> = vec![HashSet::new(); shards.len()];
        for part in 0..parts {
            let found = repeated(&part_of(&ids, part));
            found.iter().zip(&mut asked).for_each(|(rows, all)| all.extend(read_rows(rows)));
        }
        let copies: Vec<_> = shards
            .iter()
            .zip(asked)
            .map(|(rows, asked)| partition_copies(rows.iter().copied().filter(|copy| asked.contains(&copy.row)), parts))
            .collect();
        let mut found = vec![Vec::new(); shards.len()];
        for part in 0..parts {
            let fates = judge(&part_of(&copies, part));
            fates.iter().zip(&mut found).for_each(|(fates, all): (_, &mut Vec<_>)| all.extend(read_fates(fates)));
        }
        found.iter_mut().for_each(|fates| fates.sort_unstable());
        found
    }

    fn duplicates(rows: &[u32]) -> Vec<(u32, Fate)> {
        rows.iter().map(|row| (*row, Fate::Duplicate)).collect()
    }

    #[test]
    fn a_full_record_stays_rather_than_a_partial_one() {
        let partial = |file, row| CopyEntry { is_partial: true, content: 8, ..copy(1, 1, file, row) };
        let rows = [partial(0, 0), copy(1, 1, 4, 1), partial(1, 2), copy(1, 1, 3, 3)];
        assert_eq!(fates(&[rows.to_vec()], 1), [duplicates(&[0, 1, 2])]);
        assert_eq!(fates(&[vec![partial(2, 0), partial(1, 1)]], 1), [duplicates(&[0])]);
    }

    #[test]
    fn the_copy_in_the_first_file_stays() {
        // Identifiers that agree in one half only, in either, and as a whole.
        let shards = [
            vec![copy(1, 1, 5, 0), copy(1, 2, 5, 1), copy(2, 1, 5, 2), copy(3, 3, 7, 3), copy(3, 3, 7, 4)],
            vec![copy(1, 1, 2, 0), copy(2, 1, 6, 1), copy(3, 3, 6, 2), copy(4, 4, 6, 3)],
        ];
        for parts in 1..4 {
            assert_eq!(fates(&shards, parts), [duplicates(&[0, 3, 4]), duplicates(&[1])], "{parts} parts");
        }
    }

    #[test]
    fn copies_that_say_something_else_stay() {
        let other = |file, row| CopyEntry { content: 9, ..copy(1, 1, file, row) };
        let partial = |file, row| CopyEntry { is_partial: true, content: 8, ..copy(1, 1, file, row) };
        let shards = [
            vec![copy(1, 1, 5, 0), other(0, 1), copy(1, 1, 6, 2), copy(2, 1, 5, 3)],
            vec![partial(1, 0), other(3, 1), copy(2, 1, 6, 2)],
        ];
        for parts in 1..4 {
            let first = [(0, Fate::Conflict), (1, Fate::Conflict), (2, Fate::Duplicate)];
            assert_eq!(fates(&shards, parts), [first.to_vec(), duplicates(&[0, 1, 2])], "{parts} parts");
        }
    }
}
