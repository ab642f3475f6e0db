//! All alarms of the lab at a glance: the lines of the table, their order, and what they come to in one sentence.

use super::format;
use super::verdict::{Outcome, Recommended, Verdict};
use std::cmp::Ordering;

/// Lines shown at first, and added at a time: each has a drawing of its own.
pub const PAGE: usize = 50;

/// One alarm.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Id in the list.
    pub id: u32,
    /// Name there.
    pub name: String,
    /// Its condition, or the rule of a composite alarm.
    pub condition: String,
    /// `None` while it is not known.
    pub verdict: Option<Verdict>,
    /// Why it will not be known.
    pub error: Option<String>,
    /// Beside the nearest control.
    pub recommended: Option<Recommended>,
}

/// What the table can be sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// Name.
    Name,
    /// The verdict, the gravest first.
    Verdict,
    /// How often it fires, the most often first.
    Rate,
    /// Time in ALARM, the longest first.
    InAlarm,
    /// When it fired last, the newest first.
    Fired,
    /// How near it came, the nearest first.
    NearMiss,
    /// How much it differs from the control, the most first.
    Control,
}

/// Sorts by a column, or against it; what is not known stays at the end, equals are by name.
pub fn sort(lines: &mut [Line], by: Column, turned: bool) {
    lines.sort_by(|a, b| {
        let ends = is_known(by, b).cmp(&is_known(by, a));
        let order = compare(by, a, b);
        ends.then(if turned { order.reverse() } else { order }).then_with(|| a.name.cmp(&b.name))
    });
}

fn is_known(by: Column, line: &Line) -> bool {
    let verdict = line.verdict.as_ref();
    match by {
        Column::Name => true,
        Column::Verdict | Column::Rate | Column::InAlarm => verdict.is_some(),
        Column::Fired => verdict.is_some_and(|verdict| verdict.fired.is_some()),
        Column::NearMiss => verdict.is_some_and(|verdict| verdict.near_miss.is_some()),
        Column::Control => line.recommended.is_some(),
    }
}

fn compare(by: Column, a: &Line, b: &Line) -> Ordering {
    let verdicts = a.verdict.as_ref().zip(b.verdict.as_ref());
    let of = |order: fn(&Verdict, &Verdict) -> Ordering| verdicts.map_or(Ordering::Equal, |(a, b)| order(a, b));
    match by {
        Column::Name => a.name.to_lowercase().cmp(&b.name.to_lowercase()),
        Column::Verdict => of(|a, b| rank(a.outcome).cmp(&rank(b.outcome)).then(b.fires().cmp(&a.fires()))),
        Column::Rate => of(|a, b| b.fires().cmp(&a.fires())),
        Column::InAlarm => of(|a, b| b.alarm_seconds.cmp(&a.alarm_seconds)),
        Column::Fired => of(|a, b| b.fired.map(|(_, last)| last).cmp(&a.fired.map(|(_, last)| last))),
        Column::NearMiss => of(|a, b| {
            let lacking = |verdict: &Verdict| verdict.near_miss.map(|miss| miss.needed - miss.breaching);
            let distance = |verdict: &Verdict| verdict.near_miss.map_or(f64::INFINITY, |miss| miss.distance);
            lacking(a).cmp(&lacking(b)).then(distance(a).total_cmp(&distance(b)))
        }),
        Column::Control => {
            let differences = |line: &Line| line.recommended.as_ref().map_or(0, |found| found.phrases().len());
            differences(b).cmp(&differences(a))
        }
    }
}

/// Place of an outcome among the others, however often it fires.
fn rank(outcome: Outcome) -> Outcome {
    if let Outcome::Fires(_) = outcome { Outcome::Fires(0) } else { outcome }
}

/// `12 alarms: 3 fire, 1 is always in ALARM, 2 never fire, 5 cannot fire; 1 still running`
pub fn summary(lines: &[Line]) -> String {
    let alarms = format::plural(lines.len() as u64, "alarm", "alarms");
    let known = lines.iter().filter_map(|line| line.verdict.as_ref());
    let count = |wanted: Outcome| known.clone().filter(|verdict| rank(verdict.outcome) == wanted).count() as u64;
    let kinds = [
        (Outcome::Fires(0), "fires", "fire"),
        (Outcome::AlwaysInAlarm, "is always in ALARM", "are always in ALARM"),
        (Outcome::NeverFires, "never fires", "never fire"),
        (Outcome::NoData, "has no data", "have no data"),
        (Outcome::CannotFire, "cannot fire", "cannot fire"),
        (Outcome::Refused, "would be refused", "would be refused"),
    ];
    let parts = kinds.into_iter().map(|(outcome, one, many)| (count(outcome), one, many));
    let parts: Vec<String> =
        parts.filter(|(count, ..)| *count > 0).map(|(count, one, many)| format::plural(count, one, many)).collect();
    let running = lines.iter().filter(|line| line.verdict.is_none() && line.error.is_none()).count() as u64;
    let running = (running > 0).then(|| format!("{} still running", format::count(running)));
    match (parts.is_empty(), running) {
        (true, None) => alarms,
        (true, Some(running)) => format!("{alarms}: {running}"),
        (false, None) => format!("{alarms}: {}", parts.join(", ")),
        (false, Some(running)) => format!("{alarms}: {}; {running}", parts.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::EpochMs;
    use crate::view::verdict::NearMiss;

    fn line(id: u32, outcome: Option<Outcome>, value: Option<f64>) -> Line {
        let verdict = outcome.map(|outcome| Verdict {
            outcome,
            alarm_seconds: u64::from(id) * 60,
            near_miss: value.map(|value| NearMiss {
                time: EpochMs(0),
                breaching: 0,
                needed: 1,
                value,
                distance: 9.0 - value,
            }),
            ..Verdict::refused(String::new())
        });
        Line { id, name: format!("alarm {id}"), condition: String::new(), verdict, error: None, recommended: None }
    }

    fn lines() -> Vec<Line> {
        vec![
            line(1, Some(Outcome::Fires(2)), None),
            line(2, None, None),
            line(3, Some(Outcome::NeverFires), Some(4.0)),
            line(4, Some(Outcome::CannotFire), None),
            line(5, Some(Outcome::Fires(7)), None),
            line(6, Some(Outcome::NeverFires), Some(8.0)),
        ]
    }

    fn order(by: Column, turned: bool) -> Vec<u32> {
        let mut lines = lines();
        sort(&mut lines, by, turned);
        lines.iter().map(|line| line.id).collect()
    }

    #[test]
    fn each_column_sorts_and_what_is_not_known_stays_last() {
        assert_eq!(order(Column::Verdict, false), [4, 3, 6, 5, 1, 2]);
        assert_eq!(order(Column::Verdict, true), [1, 5, 3, 6, 4, 2]);
        assert_eq!(order(Column::Rate, false), [5, 1, 3, 4, 6, 2]);
        assert_eq!(order(Column::InAlarm, false), [6, 5, 4, 3, 1, 2]);
        assert_eq!(order(Column::NearMiss, false)[..2], [6, 3]);
        assert_eq!(order(Column::NearMiss, true)[..2], [3, 6]);
        assert_eq!(order(Column::Name, true), [6, 5, 4, 3, 2, 1]);
    }

    #[test]
    fn the_sentence_counts_each_verdict_and_what_still_runs() {
        assert_eq!(summary(&lines()), "6 alarms: 2 fire, 2 never fire, 1 cannot fire; 1 still running");
        assert_eq!(summary(&lines()[..1]), "1 alarm: 1 fires");
        assert_eq!(summary(&lines()[1..2]), "1 alarm: 1 still running");
    }
}
