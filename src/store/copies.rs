//! What a shard knows of its own rows when shards look for events that several of them hold (see [`dedup`](super::dedup)).

use super::{Column, CopyEntry, Dictionary, EventId, IdEntry, PathId, PathTree, Plain, Segment, Shard, Values};
use crate::base::BitSet;
use crate::model::fields::EVENT_ID;
use crate::model::value::Scalar;
use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, Hasher};

impl Shard {
    /// The eventIDs of all sealed rows that have one.
    pub fn event_ids(&self) -> impl Iterator<Item = IdEntry> + '_ {
        self.segments().iter().flat_map(|segment| {
            self.segment_ids(segment).into_iter().map(|(row, id)| IdEntry { id, row: segment.base + row as u32 })
        })
    }

    /// The eventIDs of the rows of a segment that have one.
    fn segment_ids(&self, segment: &Segment) -> Vec<(usize, EventId)> {
        let mut ids = Vec::with_capacity(segment.len());
        let mut add = |path: PathId, column: &Column, is_wanted: &dyn Fn(usize) -> bool| {
            let dictionary = self.dictionary(path);
            column.rows.for_each(|entry, row| {
                if let Some(id) = event_id(column, entry, dictionary).filter(|_| is_wanted(row)) {
                    ids.push((row, id));
                }
            });
        };
        let paths = EVENT_ID.map(|key| self.paths().child(PathTree::ROOT, key));
        let mut columns = paths.into_iter().filter_map(|path| Some((path?, segment.column(path?)?)));
        if let Some((path, first)) = columns.next() {
            add(path, first, &|_| true);
            columns.for_each(|(path, column)| add(path, column, &|row| first.rows.entries(row).is_empty()));
        }
        ids
    }

    /// These rows as far as they have eventIDs, each with a hash of all its columns: the same in every shard for records
    /// with the same members and values, in whatever order and however they are spelt. What is no column, below the
    /// depth limit or beyond the limit of paths, is not in it.
    pub fn copies(&self, rows: impl Iterator<Item = u32>) -> Vec<CopyEntry> {
        let mut wanted: Vec<BitSet> = self.segments().iter().map(|segment| BitSet::new(segment.len())).collect();
        for row in rows {
            if let Some((at, row)) = self.place(row) {
                wanted[at].insert(row);
            }
        }
        let mut positions = HashMap::new();
        let mut copies = Vec::new();
        for (segment, wanted) in self.segments().iter().zip(&wanted).filter(|(_, wanted)| !wanted.is_none()) {
            let contents = self.contents(segment, wanted, &mut positions);
            for (row, id) in self.segment_ids(segment).into_iter().filter(|(row, _)| wanted.contains(*row)) {
                let document = segment.documents[row];
                let is_partial = self.partial(document).is_some();
                let (file, entry) = (self.document(document).file, self.document(document).entry);
                let (row, content) = (segment.base + row as u32, contents[row]);
                copies.push(CopyEntry { id, is_partial, file, entry, row, content });
            }
        }
        copies
    }

    /// The sum of the hashes of all entries of each row that is wanted.
    fn contents(&self, segment: &Segment, wanted: &BitSet, positions: &mut HashMap<u32, u64>) -> Vec<u64> {
        let state = self.hash_state();
        let mut contents = vec![0_u64; segment.len()];
        // `@principal` is made of the others.
        for (path, column) in segment.columns().filter(|(path, _)| *path != PathTree::PRINCIPAL) {
            let dictionary = self.dictionary(path);
            let path = state.hash_one(self.paths().text(path));
            column.rows.for_each_in(wanted, |entry, row| {
                let mut hasher = state.build_hasher();
                path.hash(&mut hasher);
                let position = column.position(entry);
                if position != PathTree::NO_POSITION {
                    let indices = || state.hash_one(self.paths().position(position));
                    positions.entry(position).or_insert_with(indices).hash(&mut hasher);
                }
                column.with(entry, dictionary, |value| hash_value(value, &mut hasher));
                contents[row] = contents[row].wrapping_add(hasher.finish());
            });
        }
        contents
    }
}

/// Numbers that are the same are the same however they are spelt.
fn hash_value(value: Scalar<'_>, hasher: &mut impl Hasher) {
    match value {
        Scalar::Null => 0_u8.hash(hasher),
        Scalar::Bool(value) => (1_u8, value).hash(hasher),
        Scalar::Int(number) => (2_u8, number).hash(hasher),
        Scalar::Float(number) if (number as i64) as f64 == number => (2_u8, number as i64).hash(hasher),
        Scalar::Float(number) => (3_u8, number.to_bits()).hash(hasher),
        Scalar::Str(text) => (4_u8, text).hash(hasher),
        Scalar::Object => 5_u8.hash(hasher),
        Scalar::Array => 6_u8.hash(hasher),
    }
}

/// The eventID that an entry stands for, if it is text.
#[inline]
fn event_id(column: &Column, entry: usize, dictionary: &Dictionary) -> Option<EventId> {
    match &column.values {
        Values::Plain { plain: Plain::Uuid(uuids), exceptions } if exceptions.is_empty() => Some(EventId(uuids[entry])),
        _ => column.with(entry, dictionary, |value| match value {
            Scalar::Str(text) if !text.is_empty() => Some(EventId::new(text)),
            _ => None,
        }),
    }
}
