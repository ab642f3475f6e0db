//! The insights that CloudTrail recorded: a record when each begins, another one when it is over.

use super::Insight;
use crate::base::EpochMs;
use crate::model::query::Row;
use crate::model::rates::RateKey;
use std::collections::BTreeMap;

/// The fields that [`recorded`] reads, in order.
pub const FIELDS: [&str; 10] = [
    "sharedEventID",
    "insightDetails.state",
    "recipientAccountId",
    "awsRegion",
    "insightDetails.eventSource",
    "insightDetails.eventName",
    "insightDetails.insightType",
    "insightDetails.errorCode",
    "insightDetails.insightContext.statistics.baseline.average",
    "insightDetails.insightContext.statistics.insight.average",
];

/// Pairs records by `sharedEventID`, in order of time. The record of the end has the averages of the whole insight. An
/// end whose beginning is not in the archive is left out: nothing says when it began.
pub fn recorded(rows: &[Row]) -> Vec<Insight> {
    let mut found: BTreeMap<&str, Insight> = BTreeMap::new();
    let mut ends: BTreeMap<&str, &Row> = BTreeMap::new();
    for row in rows {
        let text = |at: usize| row.cells.get(at).and_then(Option::as_deref).unwrap_or_default();
        let (Some(time), id) = (row.time, text(0)) else { continue };
        match text(1) {
            "Start" => {
                let is_error = text(6) == "ApiErrorRateInsight";
                let key = RateKey {
                    account: text(2).into(),
                    region: text(3).into(),
                    source: text(4).into(),
                    name: text(5).into(),
                    error: is_error.then(|| text(7).to_owned()),
                };
                let (baseline, average) = averages(row);
                found.insert(id, Insight { key, start: time, end: None, baseline, average });
            }
            "End" => {
                ends.insert(id, row);
            }
            _ => {}
        }
    }
    for (id, insight) in &mut found {
        if let Some(row) = ends.get(id) {
            insight.end = row.time.map(|end| EpochMs(end.0.max(insight.start.0)));
            (insight.baseline, insight.average) = averages(row);
        }
    }
    let mut list: Vec<Insight> = found.into_values().collect();
    list.sort_by(|a, b| a.start.cmp(&b.start).then_with(|| a.key.cmp(&b.key)));
    list
}

/// Baseline and insight, per minute.
fn averages(row: &Row) -> (f64, f64) {
    let number = |at: usize| row.cells.get(at).and_then(|cell| cell.as_ref()?.parse().ok()).unwrap_or(0.0);
    (number(8), number(9))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(time: i64, id: &str, state: &str, average: &str) -> Row {
        let cells = [
            id,
            state,
            "111122223333",
            "us-east-1",
            "ec2.amazonaws.com",
            "RunInstances",
            "ApiCallRateInsight",
            "",
            "0.02",
            average,
        ];
        let cells = cells.iter().map(|text| (!text.is_empty()).then(|| (*text).to_owned())).collect();
        Row { time: Some(EpochMs(time)), error: false, cells }
    }

    #[test]
    fn two_records_are_one_insight() {
        let rows = [
            row(900, "b", "Start", "3"),
            row(500, "a", "End", "12.5"),
            row(100, "a", "Start", "9"),
            row(700, "c", "End", "1"),
        ];
        let found = recorded(&rows);
        let shapes: Vec<_> = found.iter().map(|insight| (insight.start.0, insight.end, insight.average)).collect();
        assert_eq!(shapes, [(100, Some(EpochMs(500)), 12.5), (900, None, 3.0)]);
        assert_eq!(
            (found[0].key.name.as_str(), found[0].key.error.as_ref(), found[0].baseline),
            ("RunInstances", None, 0.02)
        );
    }
}
