//! The evaluation of an alarm over a whole [`Sliding`], divided by what each part depends on, so that whoever tries many
//! alarms on one metric does each part once: [`Data`] the metric, [`Plan`] N, [`Rules`] M, [`Data::breaching`] the threshold.

use super::lookback::{Datapoints, Lookback, Rule, Totals};
use super::missing_data::{Known, Steps};
use super::timeline::{Options, Span, Transition};
use super::walk::History;
use super::window::{enough_samples, evaluation_range, low_sample_percentile};
use crate::model::alarm::{AlarmState, ComparisonOperator, MetricAlarm};
use crate::model::series::Sliding;

/// The datapoints of a metric.
pub(super) struct Data<'a> {
    sliding: &'a Sliding,
    runs: Vec<Datapoints<'a>>,
}

impl<'a> Data<'a> {
    /// For alarms that differ from `alarm` only in threshold, M and N, the latter being `longest` at most.
    pub(super) fn new(alarm: &MetricAlarm, sliding: &'a Sliding, longest: u32) -> Self {
        debug_assert_eq!(alarm.period, sliding.period_s, "sliding values of another period");
        let is_low = low_sample_percentile(alarm)
            .map(|percent| move |samples: u32| !enough_samples(percent, u64::from(samples)));
        let period = sliding.period_ticks() as usize;
        let runs = sliding.runs.iter().map(|run| Datapoints::new(run, period, tail(longest, period), is_low)).collect();
        Self { sliding, runs }
    }

    /// The datapoints that breach a threshold, or the band beside them.
    pub(super) fn breaching(&self, operator: ComparisonOperator, threshold: f64) -> Vec<Totals> {
        if operator.needs_band() {
            return self.runs.iter().map(|run| run.outside_band(operator)).collect();
        }
        let breaches = |value| operator.breaches(value, threshold, threshold);
        self.runs.iter().map(|run| run.breaching(breaches)).collect()
    }

    /// When an alarm with the N of `alarm` is evaluated and where it looks; `None` when there was no log event.
    pub(super) fn plan(&self, alarm: &MetricAlarm, options: Options) -> Option<Plan<'_>> {
        let n = alarm.evaluation_periods;
        let history = History::new(alarm, self.sliding, options)?;
        let tail = tail(n, self.sliding.period_ticks() as usize);
        let runs = self.runs.iter().map(|run| Lookback::new(run, n, history.evaluations(run.run, tail))).collect();
        Some(Plan { history, runs })
    }
}

/// Ticks after the last value of a run whose evaluations still see a datapoint of it.
fn tail(n: u32, period: usize) -> usize {
    (evaluation_range(n) as usize).saturating_sub(1) * period
}

/// When and where an alarm looks.
pub(super) struct Plan<'d> {
    history: History,
    runs: Vec<Lookback<'d>>,
}

impl Plan<'_> {
    /// The rules of `alarm`, which has the N of this plan.
    pub(super) fn rules(&self, alarm: &MetricAlarm) -> Rules<'_> {
        let (n, m) = (alarm.evaluation_periods, alarm.datapoints_to_alarm());
        let treatment = alarm.treat_missing_data;
        let runs = self.runs.iter().map(|lookback| Rule::new(lookback, n, m, treatment)).collect();
        let without_data = Steps::new(Known::default(), n, m, treatment).state(0);
        Rules { history: self.history, without_data, runs }
    }
}

/// What an alarm does with what it sees.
pub(super) struct Rules<'p> {
    history: History,
    without_data: Option<AlarmState>,
    runs: Vec<Rule<'p>>,
}

impl Rules<'_> {
    /// Goes through the history. `record` gets each span when it ends, and the change of state that ended it.
    pub(super) fn walk(&self, breaching: &[Totals], record: impl FnMut(Span, Option<Transition>)) {
        let mut walker = self.history.walk(self.without_data, record);
        for (rule, breaching) in self.runs.iter().zip(breaching) {
            walker.skip_to(rule.first());
            for (leads, count) in rule.leads(breaching) {
                walker.take(leads, count);
            }
        }
        walker.finish();
    }
}
