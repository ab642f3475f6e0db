//! The same alarm under other circumstances, side by side: without a default value and with 0, with events delivered at
//! once and later.

use super::replay::replay;
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
}

impl Change {
    /// What it is called.
    pub fn label(self) -> String {
        match self {
            Self::Default(None) => "No default value".into(),
            Self::Default(Some(value)) => format!("Default value {value}"),
            Self::Delay(0) => "Delivered at once".into(),
            Self::Delay(minutes) => format!("Delivered after {minutes} minutes"),
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

/// All outcomes; none when the alarm is not valid. A metric with dimensions has no default value.
pub fn outcomes(backtest: &Backtest, part: &SeriesPart, dimensions: &[String], delay_minutes: u32) -> Vec<Outcome> {
    let metric = backtest.filter.metric_transformations.first();
    let default = metric.and_then(|metric| metric.default_value);
    let takes_default = metric.is_some_and(|metric| metric.dimensions.is_empty());
    let Some(now) = replay(backtest, part, dimensions, delay_minutes) else { return Vec::new() };
    let defaults = [None, Some(0.0)].into_iter().chain(default.filter(|value| *value != 0.0).map(Some));
    let mut delays = DELAYS.to_vec();
    if !delays.contains(&delay_minutes) {
        delays.push(delay_minutes);
    }
    let changes = defaults.filter(|_| takes_default).map(Change::Default).chain(delays.into_iter().map(Change::Delay));
    changes
        .filter_map(|change| {
            let (mut changed, mut delay) = (backtest.clone(), delay_minutes);
            match change {
                Change::Default(value) => changed.filter.metric_transformations.first_mut()?.default_value = value,
                Change::Delay(minutes) => delay = minutes,
            }
            let then = replay(&changed, part, dimensions, delay)?;
            Some(Outcome {
                change,
                is_set: match change {
                    Change::Default(value) => value == default,
                    Change::Delay(minutes) => minutes == delay_minutes,
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

/// `first detected 5 m later; 3 fires instead of 4`
fn difference(now: &Timeline, then: &Timeline) -> String {
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
        let noun = if then.fires() == 1 { "fire" } else { "fires" };
        format!("{} {noun} instead of {}", then.fires(), now.fires())
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
        let list = outcomes(&backtest(|_| {}), &part(), &[], 0);
        let (now, late) = (of(&list, Change::Delay(0)), of(&list, Change::Delay(15)));
        assert!(now.is_set && !late.is_set);
        assert_eq!(late.first.unwrap().0 - now.first.unwrap().0, 15 * 60_000);
        assert_eq!((now.fires, now.difference.as_str()), (2, ""));
        assert_eq!(late.difference, "first detected 15 m later");
        // What is chosen already is what the others are compared with.
        let list = outcomes(&backtest(|_| {}), &part(), &[], 5);
        assert_eq!(of(&list, Change::Delay(0)).difference, "first detected 5 m earlier");
    }

    #[test]
    fn a_default_of_zero_ends_insufficient_data_and_wakes_alarms_on_silence() {
        let resting = backtest(|backtest| backtest.alarm.treat_missing_data = TreatMissingData::Missing);
        let list = outcomes(&resting, &part(), &[], 0);
        let (none, zero) = (of(&list, Change::Default(None)), of(&list, Change::Default(Some(0.0))));
        assert!(none.insufficient_s > 8 * 3_600 && zero.insufficient_s < 3_600, "{list:?}");
        let silence = backtest(|backtest| {
            backtest.alarm.comparison_operator = ComparisonOperator::LessThanThreshold;
            backtest.alarm.treat_missing_data = TreatMissingData::NotBreaching;
        });
        let list = outcomes(&silence, &part(), &[], 0);
        assert_eq!(of(&list, Change::Default(None)).fires, 0);
        assert!(of(&list, Change::Default(Some(0.0))).difference.ends_with("instead of 0"), "{list:?}");
    }

    #[test]
    fn a_metric_with_dimensions_has_no_default_value() {
        let with = backtest(|backtest| {
            backtest.filter.metric_transformations[0].dimensions = [("a".to_owned(), "$.a".to_owned())].into();
        });
        let list = outcomes(&with, &part(), &[], 0);
        assert_eq!(list.iter().map(|outcome| outcome.change).collect::<Vec<_>>(), DELAYS.map(Change::Delay));
    }
}
