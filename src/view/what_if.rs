//! The same alarm under other circumstances, side by side: without a default value and with 0, with events delivered at
//! once and later, with and without the events that are too large for CloudWatch Logs.

use super::format;
use super::replay::{matches, replay};
use crate::alarm::Timeline;
use crate::alarm::headline::duration;
use crate::base::EpochMs;
use crate::model::alarm::{AlarmState, Backtest};
use crate::model::partial::SeriesPart;

/// Delays offered, in minutes. CloudTrail delivers to CloudWatch Logs within about 5 minutes on average (CloudTrail User
/// Guide, "Sending events to CloudWatch Logs").
pub const DELAYS: [u32; 3] = [0, 5, 15];

/// What is changed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Change {
    /// The default value of the metric.
    Default(Option<f64>),
    /// Minutes between an event and its delivery.
    Delay(u32),
    /// Whether the events that are too large for CloudWatch Logs are left out.
    ExcludeOversize(bool),
}

/// What reaches the log group of all alarms, and when.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Delivery {
    /// Minutes between an event and its delivery.
    pub delay_minutes: u32,
    /// Without the events that are too large for CloudWatch Logs.
    pub exclude_oversize: bool,
}

impl Change {
    /// What it is called.
    pub fn label(self) -> String {
        match self {
            Self::Default(None) => "No default value".into(),
            Self::Default(Some(value)) => format!("Default value {value}"),
            Self::Delay(0) => "Delivered at once".into(),
            Self::Delay(minutes) => format!("Delivered after {minutes} minutes"),
            Self::ExcludeOversize(false) => "Events over 256 KB count".into(),
            Self::ExcludeOversize(true) => "Events over 256 KB left out".into(),
        }
    }
}

/// What the alarm would have done.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// Under which change.
    pub change: Change,
    /// Whether that is how it is set now.
    pub is_set: bool,
    /// Entries into ALARM.
    pub fires: usize,
    /// Seconds in ALARM.
    pub alarm_s: u64,
    /// Seconds in INSUFFICIENT_DATA.
    pub insufficient_s: u64,
    /// When ALARM was first entered.
    pub first: Option<EpochMs>,
    /// The difference from how it is set now; empty for none.
    pub difference: String,
}

/// How many matching events are too large for CloudWatch Logs, in words; empty if there is no such event.
pub fn oversize_note(part: &SeriesPart) -> String {
    let Some(large) = &part.oversize else { return String::new() };
    let (matching, all) = (matches(large), matches(part));
    format!(
        "{} of {} {} larger than 256 KB. CloudTrail does not send such events to CloudWatch Logs, so no metric filter sees them.",
        format::count(matching),
        format::plural(all, "matching event", "matching events"),
        if matching == 1 { "is" } else { "are" },
    )
}

/// All outcomes; none when the alarm is not valid. A metric with dimensions has no default value. `part` holds the samples
/// of all events. Large events are compared where there are some.
pub fn outcomes(backtest: &Backtest, part: &SeriesPart, dimensions: &[String], delivery: Delivery) -> Vec<Outcome> {
    let Delivery { delay_minutes, exclude_oversize } = delivery;
    let small = part.without_oversize();
    let seen = |exclude: bool| if exclude { &small } else { part };
    let metric = backtest.filter.metric_transformations.first();
    let default = metric.and_then(|metric| metric.default_value);
    let takes_default = metric.is_some_and(|metric| metric.dimensions.is_empty());
    let Some(now) = replay(backtest, seen(exclude_oversize), dimensions, delay_minutes) else { return Vec::new() };
    let defaults = [None, Some(0.0)].into_iter().chain(default.filter(|value| *value != 0.0).map(Some));
    let mut delays = DELAYS.to_vec();
    if !delays.contains(&delay_minutes) {
        delays.push(delay_minutes);
    }
    let sizes = [false, true].into_iter().filter(|_| part.oversize.is_some());
    let changes = defaults
        .filter(|_| takes_default)
        .map(Change::Default)
        .chain(delays.into_iter().map(Change::Delay))
        .chain(sizes.map(Change::ExcludeOversize));
    changes
        .filter_map(|change| {
            let (mut changed, mut delay, mut exclude) = (backtest.clone(), delay_minutes, exclude_oversize);
            match change {
                Change::Default(value) => changed.filter.metric_transformations.first_mut()?.default_value = value,
                Change::Delay(minutes) => delay = minutes,
                Change::ExcludeOversize(oversize) => exclude = oversize,
            }
            let then = replay(&changed, seen(exclude), dimensions, delay)?;
            Some(Outcome {
                change,
                is_set: match change {
                    Change::Default(value) => value == default,
                    Change::Delay(minutes) => minutes == delay_minutes,
                    Change::ExcludeOversize(exclude) => exclude == exclude_oversize,
                },
                fires: then.fires(),
                alarm_s: then.seconds_in(AlarmState::Alarm),
                insufficient_s: then.seconds_in(AlarmState::InsufficientData),
                first: first(&then),
                difference: difference(&now, &then),
            })
        })
        .collect()
}

/// When ALARM was first entered.
fn first(timeline: &Timeline) -> Option<EpochMs> {
    timeline.transitions.iter().find(|change| change.to == AlarmState::Alarm).map(|change| change.time)
}

/// What is different afterwards, empty for nothing: `first detected 5 m later; 3 fires instead of 4`
pub fn difference(now: &Timeline, then: &Timeline) -> String {
    let detection = match (first(now), first(then)) {
        (Some(now), Some(then)) if then > now => {
            Some(format!("first detected {} later", duration(then.0.abs_diff(now.0) / 1_000)))
        }
        (Some(now), Some(then)) if then < now => {
            Some(format!("first detected {} earlier", duration(then.0.abs_diff(now.0) / 1_000)))
        }
        (Some(_), None) => Some("never detected".into()),
        _ => None,
    };
    let fires = (now.fires() != then.fires()).then(|| {
        let then = format::plural(then.fires() as u64, "fire", "fires");
        format!("{then} instead of {}", format::count(now.fires() as u64))
    });
    [detection, fires].into_iter().flatten().collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::Collector;
    use crate::model::alarm::{ComparisonOperator, TreatMissingData};
    use crate::model::metric::MetricTransformation;

    /// Ten hours of log events with a match at 100 and 300 minutes.
    fn part() -> SeriesPart {
        let mut collector = Collector::new(0);
        for minute in 0..600 {
            collector.log_event(minute);
            if minute == 100 || minute == 300 {
                collector.matched(minute, Some(1.0), None);
            }
        }
        collector.finish()
    }

    fn backtest(edit: impl FnOnce(&mut Backtest)) -> Backtest {
        let mut backtest = Backtest::default();
        backtest.filter.metric_transformations = vec![MetricTransformation::default()];
        backtest.alarm.threshold = 1.0;
        edit(&mut backtest);
        backtest
    }

    fn of(outcomes: &[Outcome], change: Change) -> &Outcome {
        outcomes.iter().find(|outcome| outcome.change == change).unwrap()
    }

    #[test]
    fn delivery_delays_the_detection() {
        let list = outcomes(&backtest(|_| {}), &part(), &[], Delivery::default());
        let (now, late) = (of(&list, Change::Delay(0)), of(&list, Change::Delay(15)));
        assert!(now.is_set && !late.is_set);
        assert_eq!(late.first.unwrap().0 - now.first.unwrap().0, 15 * 60_000);
        assert_eq!((now.fires, now.difference.as_str()), (2, ""));
        assert_eq!(late.difference, "first detected 15 m later");
        // What is chosen already is what the others are compared with.
        let list = outcomes(&backtest(|_| {}), &part(), &[], Delivery { delay_minutes: 5, ..Delivery::default() });
        assert_eq!(of(&list, Change::Delay(0)).difference, "first detected 5 m earlier");
    }

    #[test]
    fn a_default_of_zero_ends_insufficient_data_and_wakes_alarms_on_silence() {
        let resting = backtest(|backtest| backtest.alarm.treat_missing_data = TreatMissingData::Missing);
        let list = outcomes(&resting, &part(), &[], Delivery::default());
        let (none, zero) = (of(&list, Change::Default(None)), of(&list, Change::Default(Some(0.0))));
        assert!(none.insufficient_s > 8 * 3_600 && zero.insufficient_s < 3_600, "{list:?}");
        let silence = backtest(|backtest| {
            backtest.alarm.comparison_operator = ComparisonOperator::LessThanThreshold;
            backtest.alarm.treat_missing_data = TreatMissingData::NotBreaching;
        });
        let list = outcomes(&silence, &part(), &[], Delivery::default());
        assert_eq!(of(&list, Change::Default(None)).fires, 0);
        assert!(of(&list, Change::Default(Some(0.0))).difference.ends_with("instead of 0"), "{list:?}");
    }

    #[test]
    fn what_only_a_large_event_fires_is_not_detected_without_it() {
        let mut collector = Collector::new(0);
        collector.log_event(100);
        collector.matched(100, Some(1.0), None);
        let large = SeriesPart { oversize: Some(Box::new(collector.finish())), ..part() };
        let list = outcomes(&backtest(|_| {}), &large, &[], Delivery::default());
        let (with, without) = (of(&list, Change::ExcludeOversize(false)), of(&list, Change::ExcludeOversize(true)));
        assert!(with.is_set && !without.is_set);
        assert_eq!((with.fires, without.fires), (2, 1));
        assert_eq!(without.difference, "first detected 3 h 20 m later; 1 fire instead of 2");
        assert!(oversize_note(&large).starts_with("1 of 2 matching events is larger than 256 KB"));
        // Set so, the others are compared with that.
        let list = outcomes(&backtest(|_| {}), &large, &[], Delivery { exclude_oversize: true, ..Delivery::default() });
        assert_eq!(
            of(&list, Change::ExcludeOversize(false)).difference,
            "first detected 3 h 20 m earlier; 2 fires instead of 1"
        );
        assert_eq!(oversize_note(&part()), "");
    }

    #[test]
    fn a_metric_with_dimensions_has_no_default_value() {
        let with = backtest(|backtest| {
            backtest.filter.metric_transformations[0].dimensions = [("a".to_owned(), "$.a".to_owned())].into();
        });
        let list = outcomes(&with, &part(), &[], Delivery::default());
        assert_eq!(list.iter().map(|outcome| outcome.change).collect::<Vec<_>>(), DELAYS.map(Change::Delay));
    }
}
