//! Why a state was entered, in the words of CloudWatch's notifications (the exact wording is not contractual).

use super::evaluation::periods;
use super::timeline::Transition;
use crate::base::EpochMs;
use crate::model::alarm::{AlarmState, MetricAlarm, TreatMissingData};
use crate::model::series::{Point, Sliding};

/// Datapoints listed in a text; further ones are counted only.
const LISTED: usize = 10;

/// Text and numbers behind a transition.
#[derive(Clone, Debug, PartialEq)]
pub struct Reason {
    /// One sentence.
    pub text: String,
    /// The datapoints that decided: the newest N of the evaluation range that are not missing, newest first.
    pub datapoints: Vec<Point>,
}

/// Explains a transition of `alarm` on the values it was evaluated on.
pub fn explain(alarm: &MetricAlarm, sliding: &Sliding, transition: &Transition) -> Reason {
    let n = alarm.evaluation_periods as usize;
    let datapoints = datapoints(alarm, sliding, transition.data_end);
    let missing = n - datapoints.len().min(n);
    let treated = match alarm.treat_missing_data {
        TreatMissingData::Breaching => Some("Breaching"),
        TreatMissingData::NotBreaching => Some("NonBreaching"),
        TreatMissingData::Missing | TreatMissingData::Ignore => None,
    };
    let filled = treated
        .filter(|_| missing > 0)
        .map(|how| format!("{missing} missing {} treated as [{how}]", datapoint_was(missing)));
    let breaches = |point: &&Point| alarm.comparison_operator.breaches(point.value, alarm.threshold, alarm.threshold);
    let (operator, threshold) = (alarm.comparison_operator.words(), alarm.threshold);
    let m = alarm.datapoints_to_alarm();

    let text = if transition.to == AlarmState::InsufficientData {
        format!("Insufficient Data: {n} {} unknown.", datapoint_was(n))
    } else if datapoints.is_empty() {
        let filled = filled.map(|filled| format!(" and {filled}")).unwrap_or_default();
        format!("Threshold Crossed: no datapoints were received for {n} {}{filled}.", plural(n, "period", "periods"))
    } else {
        let filled = filled.map(|filled| format!(" and {filled}")).unwrap_or_default();
        if transition.to == AlarmState::Alarm {
            let breaching: Vec<&Point> = datapoints.iter().filter(breaches).collect();
            let count = breaching.len();
            format!(
                "Threshold Crossed: {count} out of the last {n} {} [{}] {} {operator} the threshold ({threshold:?}){filled} \
                 (minimum {m} {} for {} -> ALARM transition).",
                plural(n, "datapoint", "datapoints"),
                list(&breaching),
                plural(count, "was", "were"),
                plural(m as usize, "datapoint", "datapoints"),
                transition.from.as_str(),
            )
        } else {
            let inside: Vec<&Point> = datapoints.iter().filter(|point| !breaches(point)).collect();
            let count = inside.len();
            format!(
                "Threshold Crossed: {count} {} [{}] {} not {operator} the threshold ({threshold:?}){filled}.",
                plural(count, "datapoint", "datapoints"),
                list(&inside),
                plural(count, "was", "were"),
            )
        }
    };
    Reason { text, datapoints }
}

/// The newest N real datapoints of the evaluation range that ends at `data_end`, newest first.
fn datapoints(alarm: &MetricAlarm, sliding: &Sliding, data_end: EpochMs) -> Vec<Point> {
    periods(alarm, sliding, data_end)
        .iter()
        .rev()
        .filter(|period| period.counts())
        .filter_map(|period| period.point)
        .collect()
}

fn list(points: &[&Point]) -> String {
    let mut text: Vec<String> = points
        .iter()
        .take(LISTED)
        .map(|point| {
            let c = point.start.civil();
            let (date, time) = ((c.day, c.month, c.year.rem_euclid(100)), (c.hour, c.minute, c.second));
            format!(
                "{:?} ({:02}/{:02}/{:02} {:02}:{:02}:{:02})",
                point.value, date.0, date.1, date.2, time.0, time.1, time.2
            )
        })
        .collect();
    if points.len() > LISTED {
        text.push(format!("and {} more", points.len() - LISTED));
    }
    text.join(", ")
}

fn datapoint_was(count: usize) -> &'static str {
    plural(count, "datapoint was", "datapoints were")
}

fn plural<'a>(count: usize, one: &'a str, many: &'a str) -> &'a str {
    if count == 1 { one } else { many }
}
