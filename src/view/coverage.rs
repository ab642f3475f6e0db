//! Coverage as the screen shows it: a grid of accounts and Regions by time, its gaps, and what is not in an archive.

use super::state::TimeRange;
use crate::base::EpochMs;
use crate::base::time::{DAY, HOUR};
use crate::model::coverage::{Cell, CoveragePart, Kinds, Place};
use crate::view::format;

/// Places shown at most, those with the most events.
pub const SHOWN: usize = 100;

/// Columns at most.
const COLUMNS: i64 = 400;

/// A column is at least so wide, in CSS pixels.
const NARROWEST: f64 = 3.0;

/// The AWS Regions of the commercial partition (docs.aws.amazon.com, "AWS Regions", November 2026).
pub const REGIONS: [&str; 34] = [
    "af-south-1",
    "ap-east-1",
    "ap-east-2",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-south-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "ca-central-1",
    "ca-west-1",
    "eu-central-1",
    "eu-central-2",
    "eu-north-1",
    "eu-south-1",
    "eu-south-2",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "mx-central-1",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
];

/// Length of a column over `range` on `width` pixels: an hour while there is room, else some hours or whole days.
pub fn step(range: TimeRange, width: f64) -> i64 {
    let most = ((width / NARROWEST) as i64).clamp(1, COLUMNS);
    let fits = |step: &i64| range.millis() / step < most;
    let hours = [HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY];
    hours.into_iter().find(fits).unwrap_or_else(|| (range.millis() / DAY / most + 1) * DAY)
}

/// `hour`, `3 hours`, `day`, `12 days`
pub fn step_name(step: i64) -> String {
    match (step / DAY, step / HOUR) {
        (1, _) => "day".into(),
        (0, 1) => "hour".into(),
        (0, hours) => format!("{hours} hours"),
        (days, _) => format!("{days} days"),
    }
}

/// What is known of one account in one Region.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Account; empty when events do not say.
    pub account: String,
    /// Region, likewise.
    pub region: String,
    /// Everything that is known.
    pub place: Place,
    /// Hours between its first and its last one, those included.
    pub hours: u64,
    /// Hours among them with a file or an event.
    pub covered: u64,
    /// Times without a file or an event, each of whole hours, in order.
    pub gaps: Vec<TimeRange>,
}

impl Row {
    fn new(account: &str, region: &str, place: &Place) -> Self {
        let (mut covered, mut gaps) = (0, Vec::new());
        let (mut first, mut next) = (None, 0);
        for hour in hours(place) {
            covered += 1;
            if first.is_none() {
                first = Some(hour);
            } else if hour > next {
                gaps.push(TimeRange { from: EpochMs(next * HOUR), to: EpochMs(hour * HOUR) });
            }
            next = hour + 1;
        }
        let hours = first.map_or(0, |first| (next - first) as u64);
        Self { account: account.into(), region: region.into(), place: place.clone(), hours, covered, gaps }
    }

    /// What is in the column that begins at `start`.
    pub fn cell(&self, start: EpochMs) -> Cell {
        self.place.cells.get(&start.0).copied().unwrap_or_default()
    }

    /// Whether nothing is there from `start` on for `step` though there is something before and after.
    pub fn is_gap(&self, start: EpochMs, step: i64) -> bool {
        let at = self.gaps.partition_point(|gap| gap.to.0 < start.0.saturating_add(step));
        self.gaps.get(at).is_some_and(|gap| gap.from <= start && start.0 + step <= gap.to.0)
    }

    /// The Region, no longer than a Region's name is.
    pub fn short_region(&self) -> String {
        short(&self.region, "no Region")
    }

    /// The account, likewise.
    pub fn short_account(&self) -> String {
        short(&self.account, "no account")
    }

    /// `111122223333 eu-west-1`, in words where events do not say.
    pub fn name(&self) -> String {
        format!("{} {}", self.short_account(), self.short_region())
    }

    /// Median and maximum of the time from event to delivery: `5 m, at most 12 m`; `None` without file names.
    pub fn lag(&self) -> Option<String> {
        let (median, longest) = (self.place.median_lag()?, self.place.longest_lag?);
        let median = match median {
            0 => "under 1 m".into(),
            crate::model::coverage::LAG_MINUTES => "over 3 h".into(),
            minutes => format::duration(i64::from(minutes) * 60_000),
        };
        let longest = if longest < 60_000 { "under 1 m".into() } else { format::duration(longest) };
        Some(if longest == median { median } else { format!("{median}, at most {longest}") })
    }
}

/// The beginning of a text from a log, or another one in place of none.
fn short(text: &str, other: &str) -> String {
    const LONGEST: usize = 16;
    match text.char_indices().nth(LONGEST) {
        _ if text.is_empty() => other.to_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Hours of a place with a file or an event, since the epoch, in order.
fn hours(place: &Place) -> impl Iterator<Item = i64> + '_ {
    place
        .hours
        .iter()
        .flat_map(|(day, mask)| (0..24).filter(move |hour| mask & (1 << hour) != 0).map(move |hour| day * 24 + hour))
}

/// The grid.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Coverage {
    /// By account, then Region; those with the most events when there are too many.
    pub rows: Vec<Row>,
    /// Places that are not shown.
    pub hidden: usize,
    /// Most events of a cell.
    pub most: u64,
    /// Hours in which anything is known of anybody, of how many.
    pub covered: u64,
    /// Hours from the first to the last.
    pub hours: u64,
    /// Regions of the commercial partition without any file or event.
    pub unseen: Vec<&'static str>,
}

impl Coverage {
    /// Puts an answer in order.
    pub fn new(part: &CoveragePart) -> Self {
        let mut places: Vec<_> = part.places.iter().collect();
        let hidden = places.len().saturating_sub(SHOWN);
        if hidden > 0 {
            places.sort_by_key(|(_, place)| std::cmp::Reverse(place.events));
            places.truncate(SHOWN);
            places.sort_by_key(|(name, _)| *name);
        }
        let rows: Vec<Row> =
            places.into_iter().map(|((account, region), place)| Row::new(account, region, place)).collect();
        let most = rows.iter().flat_map(|row| row.place.cells.values()).map(|cell| cell.events).max().unwrap_or(0);
        let mut all = Place::default();
        for place in part.places.values() {
            for (day, hours) in &place.hours {
                *all.hours.entry(*day).or_default() |= hours;
            }
        }
        let all = Row::new("", "", &all);
        let is_seen = |region: &&str| part.places.keys().any(|(_, known)| known == region);
        let unseen = REGIONS.into_iter().filter(|region| !is_seen(region)).collect();
        Self { rows, hidden, most, covered: all.covered, hours: all.hours, unseen }
    }

    /// End of the last cell.
    pub fn end(&self, step: i64) -> Option<EpochMs> {
        let last = self.rows.iter().filter_map(|row| row.place.cells.keys().next_back()).max()?;
        Some(EpochMs(last + step))
    }

    /// How strongly a cell is drawn, 1 to 4; 0 without events. By orders of magnitude: one busy hour should not hide all others.
    pub fn level(&self, events: u64) -> usize {
        if events == 0 {
            return 0;
        }
        let share = ((events as f64).ln_1p() / (self.most as f64).ln_1p() * 4.0).ceil();
        (share as usize).clamp(1, 4)
    }
}

/// What cannot be seen in what is loaded, a sentence each; only what is true of it.
pub fn missing(part: &CoveragePart, coverage: &Coverage) -> Vec<String> {
    let Kinds { events, undated, data, read_only, says_read_only, global, oversize } = part.kinds;
    let mut said = Vec::new();
    if events == 0 {
        return said;
    }
    if coverage.covered < coverage.hours {
        said.push(format!(
            "Only {} of {} hours have a file or an event. CloudTrail writes no file when nothing happened, so a gap may be quiet or lost.",
            format::count(coverage.covered),
            format::count(coverage.hours)
        ));
    }
    if data == 0 {
        said.push(
            "No data events: reads and writes of S3 objects, calls of Lambda functions and the like cannot be seen."
                .into(),
        );
    }
    if says_read_only > 0 && read_only == 0 {
        said.push("No read-only events: who looked at, listed or described something cannot be seen. The console’s Event history leaves them out by default, and so may a trail.".into());
    }
    if global == 0 {
        said.push("No events of IAM, Organizations, CloudFront or Route 53: these services record in us-east-1 only, so a trail of another Region, or one without global service events, lacks them.".into());
    }
    if oversize > 0 {
        said.push(format!(
            "{} larger than 256 KB: CloudTrail never sends such an event to CloudWatch Logs, so no metric filter there would have seen it.",
            format::plural(oversize, "event is", "events are")
        ));
    }
    if undated > 0 {
        let events =
            format::plural(undated, "event without a readable time stands", "events without a readable time stand");
        said.push(format!("{events} in no hour."));
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hour(number: i64) -> EpochMs {
        EpochMs(number * HOUR)
    }

    fn place(hours: &[i64], events: u64) -> Place {
        let mut place = Place { events, ..Place::default() };
        for hour in hours {
            *place.hours.entry(hour.div_euclid(24)).or_default() |= 1 << hour.rem_euclid(24);
            place.cells.entry(hour * HOUR).or_default().events = events;
        }
        place
    }

    fn part(places: &[(&str, &str, Place)]) -> CoveragePart {
        let mut part = CoveragePart::default();
        for (account, region, place) in places {
            part.kinds.events += place.events;
            part.places.insert(((*account).into(), (*region).into()), place.clone());
        }
        part
    }

    #[test]
    fn gaps_are_whole_hours_between_the_first_and_the_last() {
        let row = Row::new("1", "eu-west-1", &place(&[22, 23, 26, 50], 5));
        assert_eq!((row.hours, row.covered), (29, 4));
        assert_eq!(row.gaps, [TimeRange { from: hour(24), to: hour(26) }, TimeRange { from: hour(27), to: hour(50) }]);
        let gaps: Vec<i64> = (20..52).filter(|at| row.is_gap(hour(*at), HOUR)).collect();
        assert_eq!(gaps, [24, 25].into_iter().chain(27..50).collect::<Vec<_>>());
        assert!(!row.is_gap(hour(24), DAY), "the day has an event at two");
        assert_eq!(Row::new("1", "x", &place(&[], 5)).gaps, []);
    }

    #[test]
    fn columns_are_hours_while_there_is_room() {
        let days = |days: i64| TimeRange { from: EpochMs(0), to: EpochMs(days * DAY) };
        let steps = [1, 14, 16, 30, 365, 3_650].map(|span| step(days(span), 1_200.0) / HOUR);
        assert_eq!(steps, [1, 1, 1, 2, 24, 240]);
        assert!([1, 14, 400, 40_000].iter().all(|span| days(*span).millis() / step(days(*span), 300.0) <= 100));
        assert_eq!([HOUR, 3 * HOUR, DAY, 12 * DAY].map(step_name), ["hour", "3 hours", "day", "12 days"]);
    }

    #[test]
    fn many_places_leave_those_with_the_most_events() {
        let names: Vec<String> = (0..150).map(|number| format!("{number:012}")).collect();
        let places: Vec<_> = names
            .iter()
            .enumerate()
            .map(|(at, name)| (name.as_str(), "eu-west-1", place(&[1], at as u64 + 1)))
            .collect();
        let coverage = Coverage::new(&part(&places));
        assert_eq!((coverage.rows.len(), coverage.hidden, coverage.most), (SHOWN, 50, 150));
        assert_eq!(coverage.rows[0].account, names[50]);
        assert!(coverage.rows.is_sorted_by_key(|row| row.account.clone()));
        assert!(!coverage.unseen.contains(&"eu-west-1") && coverage.unseen.contains(&"us-east-1"));
        assert_eq!([0, 1, 12, 150].map(|events| coverage.level(events)), [0, 1, 3, 4]);
    }

    #[test]
    fn only_what_is_true_is_said() {
        let mut part = part(&[("1", "eu-west-1", place(&[1, 2, 4], 9))]);
        part.kinds = Kinds { says_read_only: 9, ..part.kinds };
        let says = |part: &CoveragePart| missing(part, &Coverage::new(part));
        let beginnings = |said: Vec<String>| said.iter().map(|said| said[..12].to_owned()).collect::<Vec<_>>();
        assert_eq!(beginnings(says(&part)), ["Only 3 of 4 ", "No data even", "No read-only", "No events of"]);
        part.places.insert(("1".into(), "us-east-1".into()), place(&[3], 9));
        part.kinds = Kinds { events: 9, undated: 1, data: 1, read_only: 1, says_read_only: 1, global: 1, oversize: 2 };
        assert_eq!(beginnings(says(&part)), ["2 events are", "1 event with"]);
        assert_eq!(says(&CoveragePart::default()), Vec::<String>::new());
    }

    #[test]
    fn the_lag_is_said_in_minutes() {
        let mut place = place(&[1], 3);
        assert_eq!(Row::new("1", "x", &place).lag(), None);
        place.lags = [(0, 1), (5, 3), (crate::model::coverage::LAG_MINUTES, 1)].into();
        place.longest_lag = Some(4 * HOUR);
        assert_eq!(Row::new("1", "x", &place).lag().as_deref(), Some("5 m, at most 4 h"));
        (place.lags, place.longest_lag) = ([(0, 1)].into(), Some(0));
        assert_eq!(Row::new("1", "x", &place).lag().as_deref(), Some("under 1 m"));
    }

    #[test]
    fn names_from_logs_are_cut() {
        let row = Row::new("", &"é".repeat(1_000), &place(&[1], 1));
        assert_eq!(row.name(), format!("no account {}…", "é".repeat(16)));
    }
}
