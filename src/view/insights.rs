//! Times with more calls or errors than usual, as the timeline shows them.

use super::chart::{Frame, Ink, Primitive, Rect, TimeScale};
use super::format;
use super::search::{Edit, edit};
use super::state::TimeRange;
use crate::base::EpochMs;
use crate::base::time::MINUTE;
use crate::insights::Insight;
use std::cmp::Ordering;

/// Height of the lane, and of the bar of an insight in it, in CSS pixels.
const LANE: f64 = 5.0;
/// Narrowest bar in CSS pixels.
const LEAST_WIDTH: f64 = 3.0;

/// Who found it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// CloudTrail Insights, in records of the archive.
    Recorded,
    /// This page, by its own test.
    Computed,
}

impl Origin {
    /// In words.
    pub fn label(self) -> &'static str {
        match self {
            Self::Recorded => "recorded",
            Self::Computed => "computed",
        }
    }
}

/// An insight and who found it.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// What was found.
    pub insight: Insight,
    /// By whom.
    pub origin: Origin,
}

impl Found {
    /// `ListUsers AccessDenied`
    pub fn title(&self) -> String {
        let key = &self.insight.key;
        key.error.as_ref().map_or_else(|| key.name.clone(), |error| format!("{} {error}", key.name))
    }

    /// `3.8 errors a minute instead of 0.02`
    pub fn rate(&self) -> String {
        let what = if self.insight.key.error.is_some() { "errors" } else { "calls" };
        format!("{} {what} a minute instead of {}", rounded(self.insight.average), rounded(self.insight.baseline))
    }

    /// `×190`, `new`
    pub fn ratio(&self) -> String {
        let Insight { average, baseline, .. } = &self.insight;
        if *baseline > 0.0 { format!("×{}", rounded(average / baseline)) } else { "new".into() }
    }

    /// The time of it; one that goes on lasts a minute at least.
    pub fn range(&self, end: EpochMs) -> TimeRange {
        let least = EpochMs(self.insight.start.0 + MINUTE);
        TimeRange { from: self.insight.start, to: self.insight.end.unwrap_or(end).max(least) }
    }

    /// The search for its events.
    pub fn search(&self) -> String {
        let key = &self.insight.key;
        let fields = [
            ("recipientAccountId", Some(&key.account)),
            ("awsRegion", Some(&key.region)),
            ("eventSource", Some(&key.source)),
            ("eventName", Some(&key.name)),
            ("errorCode", key.error.as_ref()),
        ];
        let wanted =
            fields.into_iter().filter_map(|(field, value)| Some((field, value.filter(|value| !value.is_empty())?)));
        wanted.fold(String::new(), |search, (field, value)| edit(&search, Edit::Only, field, Some(value)))
    }
}

/// Three digits that count.
fn rounded(value: f64) -> String {
    match value.abs() {
        size if size >= 100.0 => format::number(value.round()),
        size if size >= 10.0 => format::number((value * 10.0).round() / 10.0),
        size if size >= 0.1 || size == 0.0 => format::number((value * 100.0).round() / 100.0),
        _ => format::number((value * 10_000.0).round() / 10_000.0),
    }
}

/// Those recorded and those computed, in order of time. What CloudTrail recorded is not said twice: a computed one that
/// overlaps with it is left out.
pub fn all(recorded: Vec<Insight>, computed: Vec<Insight>) -> Vec<Found> {
    let overlaps = |insight: &Insight| {
        recorded.iter().any(|known| {
            known.key == insight.key
                && insight.end.is_none_or(|end| known.start < end)
                && known.end.is_none_or(|end| insight.start < end)
        })
    };
    let computed: Vec<Insight> = computed.into_iter().filter(|insight| !overlaps(insight)).collect();
    let found = |origin| move |insight| Found { insight, origin };
    let mut all: Vec<Found> = recorded
        .into_iter()
        .map(found(Origin::Recorded))
        .chain(computed.into_iter().map(found(Origin::Computed)))
        .collect();
    all.sort_by(|a, b| match a.insight.start.cmp(&b.insight.start) {
        Ordering::Equal => a.insight.key.cmp(&b.insight.key),
        order => order,
    });
    all
}

/// The bars above the histogram: recorded ones fill the lane, computed ones are an outline in it.
pub fn bars(found: &[Found], end: EpochMs, time: &TimeScale, frame: &Frame) -> Vec<Primitive> {
    let rect = |found: &Found| {
        let range = found.range(end);
        let left = time.x(range.from).max(frame.left);
        let right = time.x(range.to).min(frame.right());
        let is_seen = range.from < time.range.to && range.to > time.range.from;
        is_seen.then(|| Rect {
            x: left,
            y: frame.top - LANE - 1.0,
            width: (right - left).max(LEAST_WIDTH),
            height: LANE,
        })
    };
    let of = |origin| found.iter().filter(move |found| found.origin == origin).filter_map(rect).collect::<Vec<Rect>>();
    let halves = of(Origin::Computed).into_iter().map(|rect| Rect { y: rect.y + LANE - 2.0, height: 2.0, ..rect });
    vec![
        Primitive::Fill { rects: of(Origin::Recorded), ink: Ink::Insight },
        Primitive::Fill { rects: halves.collect(), ink: Ink::Insight },
    ]
}

/// Those that a time lies in.
pub fn at(found: &[Found], time: EpochMs, end: EpochMs) -> impl Iterator<Item = &Found> {
    found.iter().filter(move |found| found.range(end).contains(time))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::rates::RateKey;

    fn insight(name: &str, start: i64, end: Option<i64>, baseline: f64, average: f64) -> Insight {
        let key = RateKey { name: name.into(), source: "iam.amazonaws.com".into(), ..RateKey::default() };
        Insight { key, start: EpochMs(start), end: end.map(EpochMs), baseline, average }
    }

    #[test]
    fn numbers_read_well() {
        let found =
            |baseline, average| Found { insight: insight("a", 0, None, baseline, average), origin: Origin::Computed };
        assert_eq!(found(0.0023, 3.8125).rate(), "3.81 calls a minute instead of 0.0023");
        assert_eq!(
            [found(0.02, 3.8).ratio(), found(0.0, 3.8).ratio(), found(2.0, 2_690.0).ratio()],
            ["×190", "new", "×1,345"]
        );
    }

    #[test]
    fn what_cloudtrail_recorded_is_not_said_twice() {
        let recorded = vec![insight("a", 1_000, Some(2_000), 1.0, 9.0)];
        let computed = vec![
            insight("a", 1_500, Some(2_500), 1.0, 9.0),
            insight("a", 2_000, Some(2_500), 1.0, 9.0),
            insight("b", 1_500, None, 1.0, 9.0),
        ];
        let found = all(recorded, computed);
        let shapes: Vec<_> = found.iter().map(|found| (found.insight.start.0, found.origin)).collect();
        assert_eq!(shapes, [(1_000, Origin::Recorded), (1_500, Origin::Computed), (2_000, Origin::Computed)]);
    }

    #[test]
    fn the_search_finds_its_events() {
        let mut insight = insight("List Users", 0, None, 1.0, 9.0);
        insight.key.error = Some("AccessDenied".into());
        let search = Found { insight, origin: Origin::Computed }.search();
        assert_eq!(search, "eventSource:iam.amazonaws.com eventName:\"List Users\" errorCode:AccessDenied");
    }
}
