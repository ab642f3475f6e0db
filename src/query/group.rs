//! Events per value of a field.

use crate::base::BitSet;
use crate::filter::matching::contains_ignoring_case;
use crate::model::partial::{GroupPart, Merge, Tally};
use crate::store::{PathId, Shard, UNDATED, Values};
use hashbrown::HashMap;

/// One path of a field, with the array positions its indices allow.
pub struct FieldPath {
    /// The column.
    pub path: PathId,
    /// Allowed positions; `None` allows all.
    pub positions: Option<BitSet>,
}

/// Counts `rows` (one set per segment) by the values of a field. An event counts once per distinct value;
/// objects and arrays have no value. At most `limit` values, the most frequent ones, that contain `contains`.
pub fn group(shard: &Shard, rows: &[BitSet], field: &[FieldPath], contains: &str, limit: usize) -> GroupPart {
    let mut part = GroupPart::default();
    let mut values: HashMap<String, Tally> = HashMap::new();
    let mut present: Vec<BitSet> = rows.iter().map(|rows| BitSet::new(rows.len())).collect();
    part.events = rows.iter().map(|rows| rows.count() as u64).sum();
    for target in field {
        let dictionary = shard.dictionary(target.path);
        let mut tallies: Vec<Tally> = vec![Tally::default(); dictionary.len()];
        let mut last_row: Vec<u32> = vec![u32::MAX; dictionary.len()];
        for ((segment, rows), present) in shard.segments().iter().zip(rows).zip(&mut present) {
            let Some(column) = segment.column(target.path) else { continue };
            let wanted = |entry: usize, row: usize| {
                rows.contains(row)
                    && target.positions.as_ref().is_none_or(|allowed| allowed.contains(column.position(entry) as usize))
            };
            column.rows.for_each(|entry, row| {
                if !wanted(entry, row) {
                    return;
                }
                let code = match &column.values {
                    Values::Codes(codes) => Some(codes.get(entry)),
                    Values::Plain { exceptions, .. } => {
                        exceptions.binary_search_by_key(&(entry as u32), |e| e.0).ok().map(|at| exceptions[at].1)
                    }
                };
                let one = tally(segment.times[row]);
                match code {
                    Some(code) if dictionary.value(code).is_container() => {}
                    Some(code) => {
                        present.insert(row);
                        let global = segment.base + row as u32;
                        if last_row[code as usize] != global {
                            last_row[code as usize] = global;
                            tallies[code as usize].merge(one);
                        }
                    }
                    None => {
                        present.insert(row);
                        column.with(entry, dictionary, |value| {
                            if let Some(text) = value.text() {
                                values.entry_ref(text.as_ref()).or_default().merge(one);
                            }
                        });
                    }
                }
            });
        }
        for (code, tally) in tallies.into_iter().enumerate().filter(|(_, tally)| tally.count > 0) {
            if let Some(text) = dictionary.value(code as u32).text() {
                values.entry_ref(text.as_ref()).or_default().merge(tally);
            }
        }
    }
    let needle = contains.to_lowercase();
    part.values = values
        .into_iter()
        .filter(|(value, _)| contains_ignoring_case(value, &needle))
        .map(|(value, tally)| (Some(value), tally))
        .collect();
    if needle.is_empty() {
        let mut absent = Tally::default();
        for ((segment, rows), present) in shard.segments().iter().zip(rows).zip(&present) {
            rows.iter().filter(|&row| !present.contains(row)).for_each(|row| absent.merge(tally(segment.times[row])));
        }
        if absent.count > 0 {
            part.values.insert(None, absent);
        }
    }
    part.keep_top(limit);
    part
}

fn tally(time: i64) -> Tally {
    if time == UNDATED { Tally { count: 1, ..Tally::default() } } else { Tally { count: 1, first: time, last: time } }
}
