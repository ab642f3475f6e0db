//! The values of a sort field as numbers: equal values have equal ranks, larger values larger ones.
//!
//! Comparing ranks instead of values makes sorting, and picking a first page, independent of what the values are.
//! Ranks belong to a field, not to a scope, so one set serves every search typed while the table is sorted by it.

use super::group::FieldPath;
use crate::model::query::SortValue;
use crate::model::value::Scalar;
use crate::store::{Plain, Segment, Shard, Values};
use std::cmp::Ordering;

/// Rank of a row without a value; objects and arrays have none.
const ABSENT: u32 = 0;

/// The rank of each row of a shard.
pub struct Ranks {
    field: String,
    path: Option<FieldPath>,
    ranks: Vec<u32>,
}

impl Ranks {
    /// Ranks the values of a field by its text `field`, which reaches `paths`; the first one counts.
    pub fn new(shard: &Shard, field: &str, paths: Vec<FieldPath>) -> Self {
        let path = paths.into_iter().next();
        let ranks = match &path {
            None => vec![ABSENT; shard.len()],
            Some(path) if is_coded(shard, path) => by_code(shard, path),
            Some(path) => by_value(shard, path),
        };
        Self { field: field.into(), path, ranks }
    }

    /// Whether these are the ranks of that field over that many rows.
    pub fn is_for(&self, field: &str, shard_len: usize) -> bool {
        self.field == field && self.ranks.len() == shard_len
    }

    /// The rank of a row.
    #[inline]
    pub fn of(&self, row: u32) -> u32 {
        self.ranks[row as usize]
    }

    /// The value of a row.
    pub fn value(&self, shard: &Shard, segment: &Segment, row: usize) -> SortValue {
        match self.path.as_ref().and_then(|path| key(shard, segment, row, path)) {
            Some(Key::Number(number)) => SortValue::Number(number),
            Some(key) => SortValue::Text(key.text()),
            None => SortValue::Absent,
        }
    }

    /// Heap bytes held.
    pub fn heap_bytes(&self) -> usize {
        self.ranks.capacity() * 4
    }
}

/// A value to sort by, without copying it: numbers come before texts, as in [`SortValue`].
#[derive(Clone, Copy)]
enum Key<'s> {
    Number(f64),
    Text(&'s str),
    /// Texts in the order of these bytes, and of these numbers.
    Uuid(&'s Plain, u32, u128),
    Time(&'s Plain, u32, u32),
}

impl Key<'_> {
    fn text(self) -> String {
        match self {
            Self::Number(number) => number.to_string(),
            Self::Text(text) => text.into(),
            Self::Uuid(plain, entry, _) | Self::Time(plain, entry, _) => {
                plain.with(entry as usize, |text| text.to_owned())
            }
        }
    }

    fn compare(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => a.total_cmp(b),
            (Self::Number(_), _) => Ordering::Less,
            (_, Self::Number(_)) => Ordering::Greater,
            (Self::Text(a), Self::Text(b)) => a.cmp(b),
            (Self::Uuid(_, _, a), Self::Uuid(_, _, b)) => a.cmp(b),
            (Self::Time(_, _, a), Self::Time(_, _, b)) => a.cmp(b),
            (a, b) => a.text().cmp(&b.text()),
        }
    }
}

/// The first value of a field in one row.
fn key<'s>(shard: &'s Shard, segment: &'s Segment, row: usize, path: &FieldPath) -> Option<Key<'s>> {
    let column = segment.column(path.path)?;
    let allowed = |entry: &usize| {
        path.positions.as_ref().is_none_or(|allowed| allowed.contains(column.position(*entry) as usize))
    };
    let entry = column.rows.entries(row).find(allowed)?;
    match (&column.values, column.code(entry)) {
        (_, Some(code)) => key_of(shard.dictionary(path.path).value(code)),
        (Values::Plain { plain, .. }, None) => Some(match plain {
            Plain::Uuid(uuids) => Key::Uuid(plain, entry as u32, u128::from_be_bytes(uuids[entry])),
            Plain::Time(seconds) => Key::Time(plain, entry as u32, seconds[entry]),
            Plain::Text { ends, arena } => {
                Key::Text(&arena[entry.checked_sub(1).map_or(0, |before| ends[before])..ends[entry]])
            }
        }),
        (Values::Codes(_), None) => None,
    }
}

fn key_of(value: Scalar<'_>) -> Option<Key<'_>> {
    Some(match value {
        Scalar::Int(number) => Key::Number(number as f64),
        Scalar::Float(number) => Key::Number(number),
        Scalar::Str(text) => Key::Text(text),
        Scalar::Null => Key::Text("null"),
        Scalar::Bool(true) => Key::Text("true"),
        Scalar::Bool(false) => Key::Text("false"),
        Scalar::Object | Scalar::Array => return None,
    })
}

/// Whether all values have codes and the first entry of a row is the first value.
fn is_coded(shard: &Shard, path: &FieldPath) -> bool {
    let mut columns = shard.segments().iter().filter_map(|segment| segment.column(path.path));
    path.positions.is_none() && columns.all(|column| matches!(column.values, Values::Codes(_)))
}

/// Sorts the dictionary and looks the rows' codes up.
fn by_code(shard: &Shard, path: &FieldPath) -> Vec<u32> {
    let dictionary = shard.dictionary(path.path);
    let keyed = (0..dictionary.len() as u32).filter_map(|code| Some((key_of(dictionary.value(code))?, code)));
    let mut rank_of = vec![ABSENT; dictionary.len()];
    rank(keyed.collect(), &mut rank_of);
    let mut ranks = vec![ABSENT; shard.len()];
    for segment in shard.segments() {
        let Some(column) = segment.column(path.path) else { continue };
        if let Values::Codes(codes) = &column.values {
            let mut previous = usize::MAX;
            column.rows.for_each(|entry, row| {
                if row != previous {
                    ranks[segment.base as usize + row] = rank_of[codes.get(entry) as usize];
                }
                previous = row;
            });
        }
    }
    ranks
}

/// Sorts the values of all rows.
fn by_value(shard: &Shard, path: &FieldPath) -> Vec<u32> {
    let mut keyed = Vec::new();
    for segment in shard.segments().iter().filter(|segment| segment.column(path.path).is_some()) {
        let row = |row| Some((key(shard, segment, row, path)?, segment.base + row as u32));
        keyed.extend((0..segment.len()).filter_map(row));
    }
    let mut ranks = vec![ABSENT; shard.len()];
    rank(keyed, &mut ranks);
    ranks
}

/// Writes the rank of each key to its place.
fn rank(mut keyed: Vec<(Key<'_>, u32)>, ranks: &mut [u32]) {
    keyed.sort_unstable_by(|a, b| a.0.compare(&b.0));
    let mut rank = ABSENT + 1;
    for (at, (key, place)) in keyed.iter().enumerate() {
        rank += u32::from(at > 0 && key.compare(&keyed[at - 1].0) != Ordering::Equal);
        ranks[*place as usize] = rank;
    }
}
