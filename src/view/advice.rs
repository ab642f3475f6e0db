//! What is worth knowing about a backtest beyond whether CloudWatch accepts it: alarms that cannot fire, always do, or
//! see nothing, each with the change that would help.

use super::{format, lab};
use crate::alarm::Timeline;
use crate::metric::Samples;
use crate::model::alarm::{AlarmState, Backtest, ComparisonOperator, TreatMissingData};
use crate::model::metric::MetricTransformation;
use crate::model::series::Sliding;
use crate::model::statistic::Statistic;

/// One thing to know.
#[derive(Clone, Debug, PartialEq)]
pub struct Advice {
    /// One or two sentences.
    pub text: String,
    /// What a button says, and the backtest after it.
    pub fix: Option<(String, Backtest)>,
}

/// Part of the history in ALARM from which on an alarm says nothing any more.
pub(super) const ALWAYS: f64 = 0.9;

/// The part of a history that is spent in ALARM.
pub(super) fn part_in_alarm(timeline: &Timeline) -> f64 {
    let all: u64 = timeline.spans.iter().map(|span| span.seconds()).sum();
    timeline.seconds_in(AlarmState::Alarm) as f64 / all.max(1) as f64
}

/// Everything worth knowing, the gravest first. `sliding` and `timeline` are those of the backtest's alarm.
pub fn advise(backtest: &Backtest, samples: &Samples, sliding: &Sliding, timeline: &Timeline) -> Vec<Advice> {
    let metric = backtest.filter.metric_transformations.first().cloned().unwrap_or_default();
    let values = values(&metric, samples);
    let found = [
        cannot_fire(backtest, values)
            .or_else(|| below_nothing(backtest, values))
            .or_else(|| never_fires(backtest, sliding, timeline)),
        all_must_match(backtest, &metric),
        always_fires(backtest, values, timeline),
        silence_unnoticed(backtest, &metric),
        rests_without_data(backtest, &metric, timeline),
        super::spelling::advise(backtest),
    ];
    found.into_iter().flatten().collect()
}

/// The smallest and largest sample there can be: of a constant metric value by itself, else as the history has it.
fn values(metric: &MetricTransformation, samples: &Samples) -> Option<(f64, f64)> {
    let extremes = |values: &mut dyn Iterator<Item = f64>| {
        let start = (f64::INFINITY, f64::NEG_INFINITY);
        let (min, max) = values.fold(start, |(min, max), value| (min.min(value), max.max(value)));
        (min <= max).then_some((min, max))
    };
    match metric.metric_value.parse::<f64>() {
        Ok(value) => extremes(&mut [Some(value), metric.default_value].into_iter().flatten()),
        Err(_) => extremes(&mut samples.iter().flat_map(|(_, values)| values.iter().map(|(value, _)| *value))),
    }
}

fn change(
    backtest: &Backtest,
    label: impl Into<String>,
    edit: impl FnOnce(&mut Backtest),
) -> Option<(String, Backtest)> {
    let mut changed = backtest.clone();
    edit(&mut changed);
    Some((label.into(), changed))
}

/// Statistics that lie between the smallest and the largest sample: they do not count events.
fn is_between_samples(statistic: Statistic) -> bool {
    matches!(statistic, Statistic::Average | Statistic::Minimum | Statistic::Maximum | Statistic::Percentile(_))
}

/// The statistic stays between samples that are all on the right side of the threshold.
fn cannot_fire(backtest: &Backtest, values: Option<(f64, f64)>) -> Option<Advice> {
    let alarm = &backtest.alarm;
    let (min, max) = values.filter(|_| is_between_samples(alarm.statistic()))?;
    let breaches = |value: f64| alarm.comparison_operator.breaches(value, alarm.threshold, alarm.threshold);
    if breaches(min) || breaches(max) || alarm.treat_missing_data == TreatMissingData::Breaching {
        return None;
    }
    let between = if min == max {
        format!("always {}", format::number(min))
    } else {
        format!("never below {} nor above {}", format::number(min), format::number(max))
    };
    Some(Advice {
        text: format!(
            "This alarm can never fire: the {} of these samples is {between}, however many events match. Sum counts them.",
            alarm.statistic()
        ),
        fix: change(backtest, "Use Sum", |backtest| lab::set_statistic(&mut backtest.alarm, Statistic::Sum)),
    })
}

/// No sum of samples that are never negative is on the right side of the threshold.
fn below_nothing(backtest: &Backtest, values: Option<(f64, f64)>) -> Option<Advice> {
    let alarm = &backtest.alarm;
    let counts = match alarm.statistic() {
        Statistic::SampleCount => true,
        Statistic::Sum => values.is_some_and(|(min, _)| min >= 0.0),
        _ => false,
    };
    let unreachable = match alarm.comparison_operator {
        ComparisonOperator::LessThanThreshold => alarm.threshold <= 0.0,
        ComparisonOperator::LessThanOrEqualToThreshold => alarm.threshold < 0.0,
        _ => false,
    };
    if !counts || !unreachable || alarm.treat_missing_data == TreatMissingData::Breaching {
        return None;
    }
    Some(Advice {
        text: format!("This alarm can never fire: the {} of these samples is never below 0.", alarm.statistic()),
        fix: change(backtest, "Use < 1", |backtest| {
            backtest.alarm.comparison_operator = ComparisonOperator::LessThanThreshold;
            backtest.alarm.threshold = 1.0;
        }),
    })
}

/// A constant whose average reaches the threshold only where there is no sample of the default value.
fn all_must_match(backtest: &Backtest, metric: &MetricTransformation) -> Option<Advice> {
    let alarm = &backtest.alarm;
    let (value, default) = (metric.metric_value.parse::<f64>().ok()?, metric.default_value?);
    let is_reached_by_all = default < value
        && alarm.threshold == value
        && alarm.comparison_operator == ComparisonOperator::GreaterThanOrEqualToThreshold;
    if !is_reached_by_all || !matches!(alarm.statistic(), Statistic::Average | Statistic::Minimum) {
        return None;
    }
    let (value, default) = (format::number(value), format::number(default));
    Some(Advice {
        text: format!(
            "The {} of the constant {value} is {value} only while nothing publishes the default {default}, however many \
             events match. Sum counts them.",
            alarm.statistic()
        ),
        fix: change(backtest, "Use Sum", |backtest| lab::set_statistic(&mut backtest.alarm, Statistic::Sum)),
    })
}

/// There are datapoints, but none breaches.
fn never_fires(backtest: &Backtest, sliding: &Sliding, timeline: &Timeline) -> Option<Advice> {
    let alarm = &backtest.alarm;
    let values = || sliding.runs.iter().flat_map(|run| run.values.iter().copied()).filter(|value| !value.is_nan());
    let breaches = |value: f64| alarm.comparison_operator.breaches(value, alarm.threshold, alarm.threshold);
    if timeline.fires() > 0 || values().any(breaches) {
        return None;
    }
    let (extreme, nearest) = match alarm.comparison_operator {
        ComparisonOperator::GreaterThanThreshold | ComparisonOperator::GreaterThanOrEqualToThreshold => {
            ("highest", values().fold(f64::NEG_INFINITY, f64::max))
        }
        _ => ("lowest", values().fold(f64::INFINITY, f64::min)),
    };
    if !nearest.is_finite() || nearest == 0.0 {
        return None;
    }
    let inclusive = matches!(
        alarm.comparison_operator,
        ComparisonOperator::GreaterThanOrEqualToThreshold | ComparisonOperator::LessThanOrEqualToThreshold
    );
    let label = format!("Use {} {}", lab::sign(alarm.comparison_operator), format::number(nearest));
    Some(Advice {
        text: format!(
            "The {extreme} {} of any {} is {}.",
            alarm.statistic(),
            lab::period_label(alarm.period),
            format::number(nearest)
        ),
        fix: inclusive.then(|| change(backtest, label, |backtest| backtest.alarm.threshold = nearest)).flatten(),
    })
}

fn always_fires(backtest: &Backtest, values: Option<(f64, f64)>, timeline: &Timeline) -> Option<Advice> {
    let part = part_in_alarm(timeline);
    if part < ALWAYS {
        return None;
    }
    let is_reached_by_none = match backtest.alarm.comparison_operator {
        ComparisonOperator::GreaterThanOrEqualToThreshold => backtest.alarm.threshold <= 0.0,
        ComparisonOperator::GreaterThanThreshold => backtest.alarm.threshold < 0.0,
        _ => false,
    };
    let counts_nothing = is_reached_by_none && values.is_some_and(|(min, _)| min >= 0.0);
    let percent = format::share((part * 1_000.0) as u64, 1_000);
    Some(Advice {
        text: if counts_nothing {
            "This alarm is always in ALARM: zero events are enough for it.".into()
        } else {
            format!("In ALARM {percent} of the time: who is always warned is not warned.")
        },
        fix: counts_nothing
            .then(|| {
                change(backtest, "Use ≥ 1", |backtest| {
                    backtest.alarm.comparison_operator = ComparisonOperator::GreaterThanOrEqualToThreshold;
                    backtest.alarm.threshold = 1.0;
                })
            })
            .flatten(),
    })
}

/// An alarm on too little that never sees zero, because nothing is published when nothing happens.
fn silence_unnoticed(backtest: &Backtest, metric: &MetricTransformation) -> Option<Advice> {
    let asks_for_less = matches!(
        backtest.alarm.comparison_operator,
        ComparisonOperator::LessThanThreshold | ComparisonOperator::LessThanOrEqualToThreshold
    );
    let sees_silence =
        metric.default_value.is_some() || backtest.alarm.treat_missing_data == TreatMissingData::Breaching;
    if !asks_for_less || sees_silence {
        return None;
    }
    let fix = metric.dimensions.is_empty().then(|| {
        change(backtest, "Publish 0 by default", |backtest| {
            if let Some(metric) = backtest.filter.metric_transformations.first_mut() {
                metric.default_value = Some(0.0);
            }
        })
    });
    Some(Advice {
        text:
            "Without a default value the filter publishes nothing when nothing matches, so this alarm does not notice \
               silence."
                .into(),
        fix: fix.flatten(),
    })
}

/// Between matches the alarm has no data and says so.
fn rests_without_data(backtest: &Backtest, metric: &MetricTransformation, timeline: &Timeline) -> Option<Advice> {
    let rests = backtest.alarm.treat_missing_data == TreatMissingData::Missing
        && metric.default_value.is_none()
        && timeline.seconds_in(AlarmState::InsufficientData) > timeline.seconds_in(AlarmState::Ok);
    rests.then(|| Advice {
        text: "Between matches this alarm rests in INSUFFICIENT_DATA, not in OK.".into(),
        fix: change(backtest, "Treat missing data as good", |backtest| {
            backtest.alarm.treat_missing_data = TreatMissingData::NotBreaching;
        }),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alarm::{Options, evaluate};
    use crate::metric::{Collector, sliding};

    /// A day of log events with a match in every hundredth minute.
    fn advice(edit: impl FnOnce(&mut Backtest)) -> Vec<Advice> {
        let mut backtest = Backtest::default();
        backtest.filter.metric_transformations = vec![MetricTransformation::default()];
        edit(&mut backtest);
        let metric = backtest.filter.metric_transformations[0].clone();
        let mut collector = Collector::new(0);
        for minute in 0..1_440 {
            collector.log_event(minute);
            if minute % 100 == 0 {
                collector.matched(minute, Some(metric.metric_value.parse().unwrap_or(3.0)), None);
            }
        }
        let samples = Samples::new(&collector.finish(), &[], metric.default_value);
        let sliding = sliding(&samples, backtest.alarm.statistic(), backtest.alarm.period);
        let timeline = evaluate(&backtest.alarm, &sliding, Options::default()).unwrap();
        advise(&backtest, &samples, &sliding, &timeline)
    }

    fn texts(list: &[Advice]) -> Vec<&str> {
        list.iter().map(|advice| advice.text.as_str()).collect()
    }

    #[test]
    fn a_usual_alarm_needs_no_advice() {
        assert_eq!(advice(|_| {}), []);
    }

    #[test]
    fn an_average_of_ones_never_reaches_ten() {
        for statistic in ["Average", "Maximum", "p99"] {
            let list = advice(|backtest| {
                lab::set_statistic(&mut backtest.alarm, statistic.parse().unwrap());
                backtest.alarm.threshold = 10.0;
            });
            assert!(list[0].text.starts_with("This alarm can never fire"), "{list:?}");
            assert_eq!(list[0].fix.as_ref().unwrap().1.alarm.statistic(), Statistic::Sum);
        }
        let list = advice(|backtest| {
            lab::set_statistic(&mut backtest.alarm, Statistic::Average);
            backtest.filter.metric_transformations[0].metric_value = "$.bytes".into();
            backtest.filter.metric_transformations[0].default_value = Some(0.0);
            backtest.alarm.threshold = 4.0;
        });
        assert!(list[0].text.contains("never below 0 nor above 3"), "{list:?}");
    }

    #[test]
    fn a_threshold_out_of_reach_is_named_with_the_nearest() {
        let list = advice(|backtest| backtest.alarm.threshold = 10.0);
        assert_eq!(texts(&list), ["The highest Sum of any 5 minutes is 1."]);
        let (label, fixed) = list[0].fix.clone().unwrap();
        assert_eq!((label.as_str(), fixed.alarm.threshold), ("Use ≥ 1", 1.0));
    }

    #[test]
    fn zero_events_are_not_enough() {
        let list = advice(|backtest| {
            backtest.filter.metric_transformations[0].default_value = Some(0.0);
            backtest.alarm.threshold = 0.0;
        });
        assert_eq!(texts(&list), ["This alarm is always in ALARM: zero events are enough for it."]);
        assert_eq!(list[0].fix.as_ref().unwrap().1.alarm.threshold, 1.0);
    }

    #[test]
    fn more_than_less_than_nothing_is_always() {
        let list = advice(|backtest| {
            backtest.filter.metric_transformations[0].default_value = Some(0.0);
            backtest.alarm.comparison_operator = ComparisonOperator::GreaterThanThreshold;
            backtest.alarm.threshold = -1.0;
        });
        assert_eq!(texts(&list), ["This alarm is always in ALARM: zero events are enough for it."]);
        let fixed = &list[0].fix.as_ref().unwrap().1.alarm;
        assert_eq!(
            (fixed.comparison_operator, fixed.threshold),
            (ComparisonOperator::GreaterThanOrEqualToThreshold, 1.0)
        );
    }

    #[test]
    fn no_count_is_below_zero() {
        let list = advice(|backtest| {
            backtest.filter.metric_transformations[0].default_value = Some(0.0);
            backtest.alarm.comparison_operator = ComparisonOperator::LessThanThreshold;
            backtest.alarm.threshold = 0.0;
        });
        assert_eq!(texts(&list), ["This alarm can never fire: the Sum of these samples is never below 0."]);
        assert_eq!(list[0].fix.as_ref().unwrap().1.alarm.threshold, 1.0);
    }

    #[test]
    fn an_average_of_ones_and_zeros_is_no_count() {
        let average = |threshold: f64, default| {
            advice(|backtest| {
                lab::set_statistic(&mut backtest.alarm, Statistic::Average);
                backtest.filter.metric_transformations[0].default_value = default;
                backtest.alarm.threshold = threshold;
            })
        };
        let list = average(1.0, Some(0.0));
        let told = list.iter().find(|advice| advice.text.contains("of the constant 1 is 1 only while")).unwrap();
        assert_eq!(told.fix.as_ref().unwrap().1.alarm.statistic(), Statistic::Sum);
        for sound in [average(0.1, Some(0.0)), average(1.0, None)] {
            assert!(sound.iter().all(|advice| !advice.text.contains("of the constant")), "{sound:?}");
        }
    }

    #[test]
    fn silence_and_missing_data_are_noticed() {
        let list = advice(|backtest| {
            backtest.alarm.comparison_operator = ComparisonOperator::LessThanThreshold;
            backtest.alarm.treat_missing_data = TreatMissingData::NotBreaching;
        });
        let silent = list.iter().find(|advice| advice.text.contains("does not notice")).unwrap();
        assert_eq!(silent.fix.as_ref().unwrap().1.filter.metric_transformations[0].default_value, Some(0.0));
        let list = advice(|backtest| backtest.alarm.treat_missing_data = TreatMissingData::Missing);
        assert_eq!(texts(&list), ["Between matches this alarm rests in INSUFFICIENT_DATA, not in OK."]);
        let fixed = &list[0].fix.as_ref().unwrap().1;
        assert_eq!(fixed.alarm.treat_missing_data, TreatMissingData::NotBreaching);
    }
}
