//! The events of metric filters: their values field by field, and what two filters have in common.
//!
//! Both work on the rows that filters were evaluated to already: a union or intersection of bit sets a segment.

use super::group::{FieldPath, Wish, group};
use super::scope::Selected;
use crate::base::BitSet;
use crate::base::time::MINUTE;
use crate::model::tuning::{ComparisonPart, ContributorsPart, Sets};
use crate::store::{Segment, Shard, UNDATED};

/// Values of a field that a shard names at most.
const VALUES: usize = 1_000;

/// One of three counts.
type Count = fn(&mut Sets) -> &mut u64;

/// What the `matched` rows are by each of the fields. `spans`, ascending and disjoint, leaves only their times.
pub fn contributors(
    shard: &Shard,
    matched: &[BitSet],
    keep_duplicates: bool,
    spans: Option<&[(i64, i64)]>,
    fields: &[Vec<FieldPath>],
) -> ContributorsPart {
    let select = |(segment, matched): (&Segment, &BitSet)| {
        let mut rows = live(segment, matched, keep_duplicates);
        if let Some(spans) = spans {
            let mut inside = BitSet::new(segment.len());
            inside.or_where(&segment.times, |time| time != UNDATED && is_inside(spans, time));
            rows.and(&inside);
        }
        Selected { count: rows.count(), rows }
    };
    let selected: Vec<Selected> = shard.segments().iter().zip(matched).map(select).collect();
    let wish = Wish { contains: "", limit: VALUES, named: &[], spans: false };
    ContributorsPart {
        events: selected.iter().map(|selected| selected.count as u64).sum(),
        fields: fields.iter().map(|field| group(shard, &selected, field, &wish)).collect(),
    }
}

fn is_inside(spans: &[(i64, i64)], time: i64) -> bool {
    let after = spans.partition_point(|&(from, _)| from <= time);
    spans[..after].last().is_some_and(|&(_, to)| time < to)
}

/// What the rows of two filters have in common, and on how many of them each of the conditions holds.
pub fn compare(
    shard: &Shard,
    (a, b): (&[BitSet], &[BitSet]),
    conditions: &[&[BitSet]],
    keep_duplicates: bool,
) -> ComparisonPart {
    let mut part = ComparisonPart { conditions: vec![Sets::default(); conditions.len()], ..ComparisonPart::default() };
    for (number, segment) in shard.segments().iter().enumerate() {
        let (Some(a), Some(b)) = (a.get(number), b.get(number)) else { continue };
        let (a, b) = (live(segment, a, keep_duplicates), live(segment, b, keep_duplicates));
        let (mut only_a, mut both, mut only_b) = (a.clone(), a.clone(), b.clone());
        only_a.and_not(&b);
        both.and(&b);
        only_b.and_not(&a);
        let sets: [(&BitSet, Count); 3] =
            [(&only_a, |sets| &mut sets.only_a), (&both, |sets| &mut sets.both), (&only_b, |sets| &mut sets.only_b)];
        for (rows, of) in sets {
            *of(&mut part.events) += rows.count() as u64;
            for row in rows.iter().filter(|&row| segment.times[row] != UNDATED) {
                *of(part.minutes.entry(segment.times[row].div_euclid(MINUTE)).or_default()) += 1;
            }
            for (condition, counts) in conditions.iter().zip(&mut part.conditions) {
                if let Some(holds) = condition.get(number) {
                    let mut rows = rows.clone();
                    rows.and(holds);
                    *of(counts) += rows.count() as u64;
                }
            }
        }
    }
    part
}

/// The rows that are log events: duplicates are not, unless they are kept.
fn live(segment: &Segment, rows: &BitSet, keep_duplicates: bool) -> BitSet {
    let mut rows = rows.clone();
    if !keep_duplicates {
        rows.and_not(&segment.duplicates);
    }
    rows
}
