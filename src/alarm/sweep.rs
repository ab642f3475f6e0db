//! Many alarms on one metric at once: what would have fired with another threshold or another M of N.

use super::outcome::Outcome;
use super::plan::Data;
use super::timeline::Options;
use super::validate::{is_valid, validate};
use crate::model::alarm::MetricAlarm;
use crate::model::series::Sliding;
use std::collections::BTreeMap;

/// Evaluates `alarm` with the period of `sliding` and each of `m_of_n` (datapoints to alarm and evaluation periods) and
/// `thresholds` in place of its own. A row for each of `m_of_n` holds an outcome for each threshold, exactly that of
/// [`evaluate`](super::evaluate); `None` for an alarm that is not valid.
///
/// Costs less than a nanosecond for each minute and alarm. Other periods are other metrics, and so other sweeps.
pub fn sweep(
    alarm: &MetricAlarm,
    sliding: &Sliding,
    thresholds: &[f64],
    m_of_n: &[(u32, u32)],
    options: Options,
) -> Vec<Vec<Option<Outcome>>> {
    let with = |&(m, n): &(u32, u32), threshold: f64| MetricAlarm {
        period: sliding.period_s,
        threshold,
        evaluation_periods: n,
        datapoints_to_alarm: Some(m),
        ..alarm.clone()
    };
    let valid = |alarm: MetricAlarm| Some(alarm).filter(|alarm| is_valid(&validate(alarm)));
    let rows: Vec<Vec<Option<MetricAlarm>>> =
        m_of_n.iter().map(|pair| thresholds.iter().map(|&threshold| valid(with(pair, threshold))).collect()).collect();
    let Some(longest) = rows.iter().flatten().flatten().max_by_key(|alarm| alarm.evaluation_periods) else {
        return vec![vec![None; thresholds.len()]; m_of_n.len()];
    };
    let data = Data::new(longest, sliding, longest.evaluation_periods);
    let breaching: Vec<_> =
        thresholds.iter().map(|&threshold| data.breaching(longest.comparison_operator, threshold)).collect();
    // All alarms of a row have the same N and M, and those of other rows often the same N.
    let mut plans = BTreeMap::new();
    for alarm in rows.iter().filter_map(|alarms| alarms.iter().flatten().next()) {
        plans.entry(alarm.evaluation_periods).or_insert_with(|| data.plan(alarm, options));
    }
    let row = |alarms: &Vec<Option<MetricAlarm>>| {
        let rules = alarms.iter().flatten().next().and_then(|alarm| {
            let plan = plans.get(&alarm.evaluation_periods)?.as_ref()?;
            Some(plan.rules(alarm))
        });
        let cell = |(alarm, breaching): (&Option<MetricAlarm>, &Vec<_>)| {
            alarm.as_ref().map(|_| {
                let mut outcome = Outcome::default();
                if let Some(rules) = &rules {
                    rules.walk(breaching, |span, transition| outcome.add(span, transition));
                }
                outcome
            })
        };
        alarms.iter().zip(&breaching).map(cell).collect()
    };
    rows.iter().map(row).collect()
}
