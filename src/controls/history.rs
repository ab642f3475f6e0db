//! What the recommended alarm on each of several patterns would have done.

use crate::alarm::{Options, Timeline, evaluate};
use crate::base::EpochMs;
use crate::metric::{Samples, sliding};
use crate::model::alarm::MetricAlarm;
use crate::model::matches::MatchesPart;
use crate::model::partial::{MinuteSamples, SeriesPart};
use std::collections::BTreeMap;

/// One pattern over the history.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    /// Events that match.
    pub events: u64,
    /// Those among them without a time: no alarm sees them.
    pub undated: u64,
    /// Time of the first.
    pub first: Option<EpochMs>,
    /// Time of the last.
    pub last: Option<EpochMs>,
    /// The earliest ones: when, and their eventID.
    pub earliest: Vec<(EpochMs, String)>,
    /// The alarm's states.
    pub timeline: Timeline,
}

/// Evaluates the recommended alarm (Sum over 5 minutes, at least 1) on the count of each pattern, with the default value
/// 0 as the pack's filters have it. In the order of the patterns, each when it is asked for: it takes a moment over months.
pub fn histories(mut part: MatchesPart) -> impl Iterator<Item = History> {
    let alarm = MetricAlarm::default();
    let mut log_minutes = std::mem::take(&mut part.log_minutes);
    let one = 1f64.to_bits();
    part.patterns.into_iter().map(move |matches| {
        let counted = matches
            .minutes
            .iter()
            .map(|(minute, count)| (*minute, MinuteSamples { values: BTreeMap::from([(one, *count)]) }));
        let mut series = SeriesPart {
            series: BTreeMap::from([(Vec::new(), counted.collect())]),
            log_minutes: std::mem::take(&mut log_minutes),
            matched_minutes: matches.minutes,
            undated: matches.undated,
            ..SeriesPart::default()
        };
        let samples = Samples::new(&series, &[], Some(0.0));
        let timeline = evaluate(&alarm, &sliding(&samples, alarm.statistic(), alarm.period), Options::default());
        log_minutes = std::mem::take(&mut series.log_minutes);
        History {
            events: matches.events,
            undated: matches.undated,
            first: matches.first,
            last: matches.last,
            earliest: matches.earliest,
            timeline: timeline.unwrap_or_default(),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::matches::PatternMatches;

    #[test]
    fn each_pattern_has_the_alarm_of_its_own_matches() {
        let of = |minutes: &[i64]| PatternMatches {
            events: minutes.len() as u64,
            minutes: minutes.iter().map(|minute| (*minute, 1)).collect(),
            ..PatternMatches::default()
        };
        let part = MatchesPart {
            log_minutes: (0..600).map(|minute| (minute, 3)).collect(),
            patterns: vec![of(&[]), of(&[100, 300]), of(&[100, 101])],
            shown: 0,
        };
        let fires: Vec<usize> = histories(part).map(|history| history.timeline.fires()).collect();
        assert_eq!(fires, [0, 2, 1]);
    }
}
