//! What contributes most to an alarm, and what excluding it would do.

use super::lab::{delivered_in, events_behind};
use crate::alarm::Timeline;
use crate::model::alarm::{AlarmState, MetricAlarm};
use crate::model::partial::GroupPart;
use crate::model::tuning::ContributorsPart;

/// The fields that are looked at and what they are called. All of them are fields of the record, so that each value can
/// be excluded by a clause.
pub const FIELDS: [(&str, &str); 8] = [
    ("userIdentity.arn", "Principal"),
    ("eventSource", "Source service"),
    ("eventName", "Event name"),
    ("sourceIPAddress", "Source IP address"),
    ("errorCode", "Error code"),
    ("userIdentity.invokedBy", "Calling service"),
    ("recipientAccountId", "Account"),
    ("awsRegion", "Region"),
];

/// Values shown of a field.
const ROWS: usize = 6;

/// The most frequent values of one field.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranking {
    /// The field.
    pub field: &'static str,
    /// What it is called.
    pub label: &'static str,
    /// The most frequent first.
    pub rows: Vec<Row>,
    /// Further values.
    pub more: u64,
}

/// One value.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The value; `None` is "without the field".
    pub value: Option<String>,
    /// Events that have it.
    pub count: u64,
    /// Part of all events looked at, 0 to 1.
    pub share: f64,
    /// Whether there may be more: some worker had too many values to name them all.
    pub at_least: bool,
}

/// The values by field. Fields that no event has are left out; those in which one value stands out come first.
pub fn rankings(part: &ContributorsPart) -> Vec<Ranking> {
    let mut rankings: Vec<Ranking> =
        FIELDS.into_iter().zip(&part.fields).filter_map(|(field, group)| ranking(field, group, part.events)).collect();
    let top = |ranking: &Ranking| ranking.rows.first().map_or(0, |row| row.count);
    rankings.sort_by_key(|ranking| std::cmp::Reverse(top(ranking)));
    rankings
}

fn ranking((field, label): (&'static str, &'static str), group: &GroupPart, events: u64) -> Option<Ranking> {
    let mut rows: Vec<Row> = group
        .values
        .iter()
        .map(|(value, tally)| Row {
            value: value.clone(),
            count: tally.count,
            share: tally.count as f64 / events.max(1) as f64,
            at_least: group.rest > 0,
        })
        .collect();
    rows.iter().any(|row| row.value.is_some()).then_some(())?;
    rows.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
    let more = (rows.len().saturating_sub(ROWS)) as u64 + group.omitted;
    rows.truncate(ROWS);
    Some(Ranking { field, label, rows, more })
}

/// The times whose events led into ALARM and kept it, ascending and disjoint, in epoch milliseconds.
/// `delay_minutes` is how long after its time an event is delivered.
pub fn alarm_times(alarm: &MetricAlarm, timeline: &Timeline, delay_minutes: u32) -> Vec<(i64, i64)> {
    let mut times: Vec<(i64, i64)> = Vec::new();
    for span in timeline.spans.iter().filter(|span| span.state == AlarmState::Alarm) {
        let range = delivered_in(events_behind(alarm, *span), delay_minutes);
        let (from, to) = (range.from.0, range.to.0);
        match times.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => times.push((from, to)),
        }
    }
    times
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alarm::Span;
    use crate::base::EpochMs;
    use crate::model::partial::Tally;

    fn group(values: &[(Option<&str>, u64)]) -> GroupPart {
        let tally = |count| Tally { count, ..Tally::default() };
        GroupPart {
            values: values.iter().map(|(value, count)| (value.map(String::from), tally(*count))).collect(),
            ..GroupPart::default()
        }
    }

    #[test]
    fn the_loudest_value_comes_first() {
        let mut fields = vec![GroupPart::default(); FIELDS.len()];
        fields[1] = group(&[(Some("s3"), 3), (Some("ec2"), 5), (None, 2)]);
        fields[2] = group(&[(Some("GetObject"), 9), (Some("Other"), 1)]);
        fields[4] = group(&[(None, 10)]);
        let rankings = rankings(&ContributorsPart { events: 10, fields });
        let tops: Vec<_> =
            rankings.iter().map(|ranking| (ranking.label, ranking.rows[0].value.as_deref().unwrap())).collect();
        assert_eq!(tops, [("Event name", "GetObject"), ("Source service", "ec2")]);
        assert_eq!(rankings[1].rows.iter().map(|row| row.count).collect::<Vec<_>>(), [5, 3, 2]);
        assert_eq!(rankings[0].rows[0].share, 0.9);
    }

    #[test]
    fn times_in_alarm_are_joined_with_the_periods_before_them() {
        let span = |state, from: i64, to: i64| Span { state, from: EpochMs(from * 60_000), to: EpochMs(to * 60_000) };
        let spans = vec![
            span(AlarmState::Alarm, 100, 110),
            span(AlarmState::Ok, 110, 112),
            span(AlarmState::Alarm, 112, 120),
            span(AlarmState::Ok, 120, 200),
            span(AlarmState::Alarm, 200, 201),
        ];
        let timeline = Timeline { spans, ..Timeline::default() };
        let minutes =
            |list: Vec<(i64, i64)>| list.into_iter().map(|(a, b)| (a / 60_000, b / 60_000)).collect::<Vec<_>>();
        assert_eq!(minutes(alarm_times(&MetricAlarm::default(), &timeline, 0)), [(95, 120), (195, 201)]);
        assert_eq!(minutes(alarm_times(&MetricAlarm::default(), &timeline, 5)), [(90, 115), (190, 196)]);
    }
}
