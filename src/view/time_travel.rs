//! One evaluation of an alarm in words: what was looked at, which rule applied, what followed.

use super::format::{number, plural};
use crate::alarm::evaluation::{Evaluation, Role, Rule};
use crate::base::EpochMs;
use crate::model::alarm::{AlarmState, MetricAlarm};

/// What a period's datapoint counts as.
pub fn role(role: Role) -> &'static str {
    match role {
        Role::Breaching => "breaching",
        Role::NotBreaching => "not breaching",
        Role::Missing => "missing",
        Role::NotReached => "not looked at",
    }
}

/// Why it does, for a tooltip.
pub fn role_reason(role: Role, alarm: &MetricAlarm) -> String {
    let operator = alarm.comparison_operator.words();
    let threshold = number(alarm.threshold);
    match role {
        Role::Breaching => format!("The value is {operator} {threshold}"),
        Role::NotBreaching => format!("The value is not {operator} {threshold}"),
        Role::Missing => "No sample arrived in this period".into(),
        Role::NotReached => format!("The newest {} datapoints were found before", alarm.evaluation_periods),
    }
}

/// The rule that decided and what it came to: two sentences.
pub fn rule(evaluation: &Evaluation, alarm: &MetricAlarm) -> String {
    let (n, m) = (alarm.evaluation_periods, alarm.datapoints_to_alarm());
    let needed = format!("{m} needed for ALARM");
    let breach = |count: u32| format!("{} of {n} breach", count);
    let periods = |count: u32| plural(u64::from(count), "period", "periods");
    let missing = |count: u32| plural(u64::from(count), "missing datapoint counts", "missing datapoints count");
    let breaching = evaluation.breaching;
    match evaluation.rule {
        Rule::TooFewSamples => format!(
            "A datapoint has too few samples for {} to mean anything, and the alarm ignores such periods. The state is kept.",
            alarm.statistic()
        ),
        Rule::Enough => format!(
            "{}, so missing data plays no part. {}, {needed}.",
            if n == 1 { "There is a datapoint".to_owned() } else { format!("There are {n} datapoints") },
            breach(breaching)
        ),
        Rule::FilledAsBreaching(filled) => format!(
            "{} as breaching. With {} that breach that makes {} of {n}, {needed}.",
            missing(filled),
            breaching,
            breaching + filled
        ),
        Rule::FilledAsNotBreaching(filled) => {
            format!("{} as not breaching. {}, {needed}.", missing(filled), breach(breaching))
        }
        Rule::NoData => {
            let what = if evaluation.after == evaluation.before && evaluation.after != AlarmState::InsufficientData {
                "missing data is ignored, so the state is kept"
            } else {
                "missing data is not filled in"
            };
            format!("There is no datapoint in {}, and {what}.", periods(evaluation.periods.len() as u32))
        }
        Rule::Reached => format!("Missing data is left out. {breaching} breach all the same, {needed}."),
        Rule::SomeInside => {
            format!(
                "Missing data is left out. {breaching} breach, {needed}, and at least one datapoint is inside the threshold."
            )
        }
        Rule::AllBreachLong(age) => format!(
            "Missing data is left out. Every datapoint there is breaches, and the oldest is {} old, at least the {m} needed.",
            periods(age)
        ),
        Rule::Premature(age) => format!(
            "Missing data is left out. Every datapoint there is breaches, but the oldest is only {} old: fresh data after a silence does not raise the alarm, {needed}.",
            periods(age)
        ),
    }
}

/// `OK → ALARM`, `stays OK`
pub fn outcome(evaluation: &Evaluation) -> String {
    if evaluation.before == evaluation.after {
        format!("stays {}", evaluation.after.as_str())
    } else {
        format!("{} → {}", evaluation.before.as_str(), evaluation.after.as_str())
    }
}

/// A time as it is typed, in UTC or in minutes after it: `2024-03-13 02:34`, with or without seconds. `offset_ms` is the
/// zone's distance from UTC.
pub fn typed(text: &str, offset_ms: i64) -> Option<EpochMs> {
    let text = text.trim().replacen(' ', "T", 1);
    let text = if text.matches(':').count() == 1 { format!("{text}:00") } else { text };
    let is_local = !text.ends_with('Z');
    let time = EpochMs::parse(&if is_local { format!("{text}Z") } else { text })?;
    Some(if is_local { EpochMs(time.0 - offset_ms) } else { time })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alarm::{Options, evaluate, look};
    use crate::metric::{Collector, Samples, sliding};
    use crate::model::alarm::TreatMissingData;
    use crate::model::statistic::Statistic;

    /// One event in each of these minutes; the log goes on for half an hour.
    fn words(minutes: &[i64], at: i64, treatment: TreatMissingData) -> (String, String) {
        let mut collector = Collector::new(0);
        (0..30).for_each(|minute| collector.log_event(minute));
        minutes.iter().for_each(|minute| collector.matched(*minute, Some(1.0), None));
        let samples = Samples::new(&collector.finish(), &[], None);
        let alarm = MetricAlarm {
            period: 60,
            evaluation_periods: 3,
            datapoints_to_alarm: Some(2),
            treat_missing_data: treatment,
            ..MetricAlarm::default()
        };
        let sliding = sliding(&samples, Statistic::Sum, 60);
        let timeline = evaluate(&alarm, &sliding, Options::default()).unwrap();
        let evaluation = look(&alarm, &sliding, &timeline, Options::default(), EpochMs(at * 60_000)).unwrap();
        (rule(&evaluation, &alarm), outcome(&evaluation))
    }

    #[test]
    fn rules_read_as_what_they_do() {
        use TreatMissingData::{Breaching, Ignore, Missing, NotBreaching};
        let of = |minutes: &[i64], at, treatment| {
            let (rule, outcome) = words(minutes, at, treatment);
            format!("{rule} {outcome}")
        };
        assert_eq!(
            of(&[7, 8, 9], 10, NotBreaching),
            "There are 3 datapoints, so missing data plays no part. 3 of 3 breach, 2 needed for ALARM. stays ALARM"
        );
        assert_eq!(
            of(&[9], 10, NotBreaching),
            "2 missing datapoints count as not breaching. 1 of 3 breach, 2 needed for ALARM. stays OK"
        );
        assert_eq!(
            of(&[9], 10, Breaching),
            "2 missing datapoints count as breaching. With 1 that breach that makes 3 of 3, 2 needed for ALARM. stays ALARM"
        );
        assert_eq!(
            of(&[9], 10, Missing),
            "Missing data is left out. Every datapoint there is breaches, but the oldest is only 1 period old: fresh data after a silence does not raise the alarm, 2 needed for ALARM. INSUFFICIENT_DATA → OK"
        );
        assert_eq!(
            of(&[9], 11, Missing),
            "Missing data is left out. Every datapoint there is breaches, and the oldest is 2 periods old, at least the 2 needed. OK → ALARM"
        );
        assert_eq!(
            of(&[], 11, Missing),
            "There is no datapoint in 5 periods, and missing data is not filled in. stays INSUFFICIENT_DATA"
        );
        assert_eq!(
            of(&[3, 4, 5], 20, Ignore),
            "There is no datapoint in 5 periods, and missing data is ignored, so the state is kept. stays ALARM"
        );
    }

    #[test]
    fn a_time_is_read_as_it_is_typed() {
        let at = EpochMs::parse("2024-03-13T02:34:00Z");
        assert_eq!(typed(" 2024-03-13 02:34 ", 0), at);
        assert_eq!(typed("2024-03-13 03:34:00", 3_600_000), at);
        assert_eq!(typed("2024-03-13T02:34:00Z", 3_600_000), at);
        assert_eq!(typed("yesterday", 0), None);
    }
}
