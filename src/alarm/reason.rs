//! Why a state was entered, in the words of CloudWatch's notifications (the exact wording is not contractual).

use super::evaluation::{Period, Role, periods};
use super::timeline::Transition;
use crate::base::EpochMs;
use crate::model::alarm::{AlarmState, ComparisonOperator, MetricAlarm, TreatMissingData};
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
    let counted = counted(alarm, sliding, transition.data_end);
    let datapoints: Vec<Point> = counted.iter().filter_map(|period| period.point).collect();
    let of = |role: Role| -> Vec<&Point> {
        counted.iter().filter(|period| period.role == role).filter_map(|period| period.point.as_ref()).collect()
    };
    let missing = n - datapoints.len().min(n);
    let treated = match alarm.treat_missing_data {
        TreatMissingData::Breaching => Some("Breaching"),
        TreatMissingData::NotBreaching => Some("NonBreaching"),
        TreatMissingData::Missing | TreatMissingData::Ignore => None,
    };
    let filled = treated
        .filter(|_| missing > 0)
        .map(|how| format!("{missing} missing {} treated as [{how}]", datapoint_was(missing)));
    let operator = alarm.comparison_operator.words();
    let threshold = limit(alarm, &counted);
    let m = alarm.datapoints_to_alarm();

    let text = if transition.to == AlarmState::InsufficientData {
        format!("Insufficient Data: {n} {} unknown.", datapoint_was(n))
    } else if datapoints.is_empty() {
        let filled = filled.map(|filled| format!(" and {filled}")).unwrap_or_default();
        format!("Threshold Crossed: no datapoints were received for {n} {}{filled}.", plural(n, "period", "periods"))
    } else {
        let filled = filled.map(|filled| format!(" and {filled}")).unwrap_or_default();
        if transition.to == AlarmState::Alarm {
            let breaching = of(Role::Breaching);
            let count = breaching.len();
            format!(
                "Threshold Crossed: {count} out of the last {n} {} [{}] {} {operator} {threshold}{filled} \
                 (minimum {m} {} for {} -> ALARM transition).",
                plural(n, "datapoint", "datapoints"),
                list(&breaching),
                plural(count, "was", "were"),
                plural(m as usize, "datapoint", "datapoints"),
                transition.from.as_str(),
            )
        } else {
            let inside = of(Role::NotBreaching);
            let count = inside.len();
            format!(
                "Threshold Crossed: {count} {} [{}] {} not {operator} {threshold}{filled}.",
                plural(count, "datapoint", "datapoints"),
                list(&inside),
                plural(count, "was", "were"),
            )
        }
    };
    Reason { text, datapoints }
}

/// The periods with the newest N real datapoints of the evaluation range that ends at `data_end`, newest first.
fn counted(alarm: &MetricAlarm, sliding: &Sliding, data_end: EpochMs) -> Vec<Period> {
    let mut periods = periods(alarm, sliding, data_end);
    periods.retain(Period::counts);
    periods.reverse();
    periods
}

/// What datapoints are compared with; of a band, which moves, the edges at the newest one.
fn limit(alarm: &MetricAlarm, counted: &[Period]) -> String {
    use ComparisonOperator as C;
    let newest = counted.first().map(|period| period.edges).unwrap_or((alarm.threshold, alarm.threshold));
    match alarm.comparison_operator {
        C::LessThanLowerThreshold => format!("the lower edge of the band ({:?})", newest.0),
        C::GreaterThanUpperThreshold => format!("the upper edge of the band ({:?})", newest.1),
        C::LessThanLowerOrGreaterThanUpperThreshold => {
            format!("the expected values ({:?} to {:?})", newest.0, newest.1)
        }
        _ => format!("the threshold ({:?})", alarm.threshold),
    }
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
