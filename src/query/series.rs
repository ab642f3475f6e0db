//! Samples of a metric filter over all log events.

use super::engine::failed;
use super::group::FieldPath;
use crate::base::BitSet;
use crate::filter::eval::{Messages, allowed_positions, select_paths};
use crate::filter::predicate::{Scalar, Selector};
use crate::metric::Collector;
use crate::model::coverage::CLOUDWATCH_LIMIT_BYTES;
use crate::model::metric::MetricFilter;
use crate::model::partial::SeriesPart;
use crate::model::query::QueryError;
use crate::pattern::cloudwatch::{self, Pattern, ValueRef};
use crate::store::{Segment, Shard, UNDATED};

/// Milliseconds in a minute.
const MINUTE: i64 = crate::base::time::MINUTE;

/// Reads a filter pattern.
pub fn parse(pattern: &str) -> Result<Pattern, QueryError> {
    cloudwatch::parse(pattern).map_err(|error| failed(error.message))
}

/// Where a metric value or dimension comes from.
enum Source {
    Number(f64),
    Fields(Vec<FieldPath>),
    Space(String),
}

/// What `filter` publishes; `matched` holds the rows of each segment that match its pattern.
///
/// Duplicates are not log events unless they are kept. Events without a time make no sample.
pub fn series(
    shard: &Shard,
    filter: &MetricFilter,
    matched: &[BitSet],
    keep_duplicates: bool,
    messages: &dyn Messages,
) -> Result<SeriesPart, QueryError> {
    let pattern = parse(&filter.filter_pattern)?;
    let transformation = filter.metric_transformations.first().cloned().unwrap_or_default();
    let source = |text: &str| -> Result<Source, QueryError> {
        Ok(match cloudwatch::value_reference(text, &pattern).map_err(|error| failed(error.message))? {
            ValueRef::Number(number) => Source::Number(number),
            ValueRef::Selector(selector) => Source::Fields(paths(&selector, shard)),
            ValueRef::Field(field) => Source::Space(field.to_string()),
        })
    };
    let value = source(&transformation.metric_value)?;
    let dimensions = transformation.dimensions.values().map(|text| source(text)).collect::<Result<Vec<_>, _>>()?;
    let by_token = std::iter::once(&value).chain(&dimensions).any(|source| matches!(source, Source::Space(_)));

    let mut collector = Collector::new(dimensions.len());
    // Those alone that CloudTrail does not send to CloudWatch Logs. There hardly are any.
    let mut oversize: Option<Collector> = None;
    for (segment, matched) in shard.segments().iter().zip(matched) {
        let live = |row: usize| keep_duplicates || !segment.duplicates.contains(row);
        for (row, &time) in segment.times.iter().enumerate() {
            if time != UNDATED && live(row) {
                collector.log_event(time.div_euclid(MINUTE));
            }
        }
        let mut large = BitSet::new(segment.len());
        large.or_where(&segment.lengths, |length| length > CLOUDWATCH_LIMIT_BYTES);
        for row in large.iter().filter(|row| live(*row)) {
            let oversize = oversize.get_or_insert_with(|| Collector::new(dimensions.len()));
            if segment.times[row] != UNDATED {
                oversize.log_event(segment.times[row].div_euclid(MINUTE));
            }
        }
        let mut rows = matched.clone();
        if !keep_duplicates {
            rows.and_not(&segment.duplicates);
        }
        if by_token {
            let Some(space) = pattern.space_pattern() else {
                return Err(failed("The value needs a space-delimited pattern.".into()));
            };
            let mut add = |row: usize, message: &str| {
                let tokens = space.extract(message).unwrap_or_default();
                add_row(&mut collector, shard, segment, row, &value, &dimensions, &tokens);
                if let Some(oversize) = oversize.as_mut().filter(|_| large.contains(row)) {
                    add_row(oversize, shard, segment, row, &value, &dimensions, &tokens);
                }
            };
            messages.read(segment, &rows, &mut add).map_err(failed)?;
        } else {
            for row in rows.iter() {
                add_row(&mut collector, shard, segment, row, &value, &dimensions, &[]);
            }
            rows.and(&large);
            if let Some(oversize) = &mut oversize {
                rows.iter().for_each(|row| add_row(oversize, shard, segment, row, &value, &dimensions, &[]));
            }
        }
    }
    let oversize = oversize.map(|oversize| Box::new(oversize.finish()));
    Ok(SeriesPart { oversize, ..collector.finish() })
}

fn add_row(
    collector: &mut Collector,
    shard: &Shard,
    segment: &Segment,
    row: usize,
    value: &Source,
    dimensions: &[Source],
    tokens: &[(String, String)],
) {
    let time = segment.times[row];
    if time == UNDATED {
        return collector.matched_undated();
    }
    let value = match value {
        Source::Number(number) => Some(*number),
        source => text(source, shard, segment, row, tokens).and_then(|text| text.trim().parse().ok()),
    };
    let dimensions = (!dimensions.is_empty())
        .then(|| dimensions.iter().map(|source| text(source, shard, segment, row, tokens)).collect::<Option<Vec<_>>>())
        .flatten();
    collector.matched(time.div_euclid(MINUTE), value, dimensions);
}

/// The text a source has in one row: the first scalar value, or the token.
fn text(source: &Source, shard: &Shard, segment: &Segment, row: usize, tokens: &[(String, String)]) -> Option<String> {
    match source {
        Source::Number(number) => Some(number.to_string()),
        Source::Space(key) => tokens.iter().find(|(name, _)| name == key).map(|(_, text)| text.clone()),
        Source::Fields(fields) => fields.iter().find_map(|field| {
            let column = segment.column(field.path)?;
            let allowed = |entry: &usize| {
                field.positions.as_ref().is_none_or(|set| set.contains(column.position(*entry) as usize))
            };
            column.rows.entries(row).filter(allowed).find_map(|entry| {
                column.with(entry, shard.dictionary(field.path), |value| match value {
                    Scalar::Null => None,
                    value => value.text().map(|text| text.into_owned()),
                })
            })
        }),
    }
}

fn paths(selector: &Selector, shard: &Shard) -> Vec<FieldPath> {
    select_paths(selector, shard.paths())
        .into_iter()
        .map(|(path, indices)| FieldPath {
            path,
            positions: indices.iter().any(Option::is_some).then(|| allowed_positions(&indices, shard.paths())),
        })
        .collect()
}
