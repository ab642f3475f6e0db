//! The states of an alarm over a whole history.
//!
//! Evaluations that lie a whole number of periods apart share their datapoints, so the ticks of a run are walked in `period`
//! interleaved classes; each keeps running totals and every evaluation costs the same, whatever N is.

use super::missing_data::Summary;
use super::validate::{Problem, is_valid, validate};
use super::window::{HOURLY_OFFSET_MINUTES, Schedule, enough_samples, evaluation_range, low_sample_percentile};
use crate::base::EpochMs;
use crate::base::time::{MINUTE, SECOND};
use crate::model::alarm::{AlarmState, MetricAlarm};
use crate::model::series::{Run, Sliding};

/// What can be chosen about an evaluation besides the alarm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// State at the beginning of the history; a new alarm is in INSUFFICIENT_DATA (PutMetricAlarm, case `al-init-1`).
    pub initial_state: AlarmState,
    /// Minute of the hour in which multi-day alarms are evaluated.
    pub hourly_offset: i64,
}

impl Default for Options {
    fn default() -> Self {
        Self { initial_state: AlarmState::default(), hourly_offset: HOURLY_OFFSET_MINUTES }
    }
}

/// A change of state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transition {
    /// When the evaluation took place.
    pub time: EpochMs,
    /// End of the newest period it looked at.
    pub data_end: EpochMs,
    /// State before.
    pub from: AlarmState,
    /// State after.
    pub to: AlarmState,
}

/// A time in one state, `[from, to)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The state.
    pub state: AlarmState,
    /// When it was entered.
    pub from: EpochMs,
    /// When it was left, or the end of the evaluation.
    pub to: EpochMs,
}

impl Span {
    /// Length in seconds.
    pub fn seconds(&self) -> u64 {
        u64::try_from((self.to.0 - self.from.0) / SECOND).unwrap_or(0)
    }
}

/// The life of an alarm over a history.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Timeline {
    /// Changes of state in order.
    pub transitions: Vec<Transition>,
    /// States in order, without gaps; one more than transitions, empty when there was no log event.
    pub spans: Vec<Span>,
}

impl Timeline {
    /// Seconds spent in a state.
    pub fn seconds_in(&self, state: AlarmState) -> u64 {
        self.spans.iter().filter(|span| span.state == state).map(Span::seconds).sum()
    }

    /// How often ALARM was entered.
    pub fn fires(&self) -> usize {
        self.transitions.iter().filter(|transition| transition.to == AlarmState::Alarm).count()
    }

    /// The longest time in ALARM, the first of several.
    pub fn longest_alarm(&self) -> Option<Span> {
        let alarms = self.spans.iter().filter(|span| span.state == AlarmState::Alarm);
        alarms.copied().reduce(|longest, span| if span.seconds() > longest.seconds() { span } else { longest })
    }

    /// The state in force at `time`, if the history covers it.
    pub fn state_at(&self, time: EpochMs) -> Option<AlarmState> {
        let after = self.spans.partition_point(|span| span.from <= time);
        self.spans[..after].last().filter(|span| time < span.to).map(|span| span.state)
    }
}

/// Evaluates `alarm` over the history in `sliding`, which must have been made for the alarm's period and statistic.
///
/// The history begins with the first minute of log events. After the last one, evaluation goes on as if nothing more
/// arrived, until the evaluation range has passed, so that the last ALARM can end; but it stops before it would enter ALARM,
/// because nobody knows what happened after the end of the log. Errors: the alarm is not valid.
pub fn evaluate(alarm: &MetricAlarm, sliding: &Sliding, options: Options) -> Result<Timeline, Vec<Problem>> {
    let problems = validate(alarm);
    if !is_valid(&problems) {
        return Err(problems);
    }
    debug_assert_eq!(alarm.period, sliding.period_s, "sliding values of another period");
    let Some((first_minute, last_minute)) = sliding.log_minutes else {
        return Ok(Timeline::default());
    };
    let step_ms = i64::from(sliding.step_s) * SECOND;
    let schedule = Schedule::new(alarm.period, alarm.evaluation_periods, options.hourly_offset);
    let log_start = EpochMs(first_minute * MINUTE);
    let log_end = EpochMs((last_minute + 1) * MINUTE);
    let reach = i64::from(evaluation_range(alarm.evaluation_periods)) * i64::from(alarm.period) * SECOND;
    let end = schedule.at_or_after(EpochMs(log_end.0 + reach + step_ms));
    let no_data =
        Summary::default().verdict(alarm.evaluation_periods, alarm.datapoints_to_alarm(), alarm.treat_missing_data);

    let mut history = History::new(log_start, options.initial_state);
    let mut runs = sliding.runs.iter().map(|run| RunVerdicts::new(alarm, sliding, run));
    let mut current_run: Option<RunVerdicts> = None;
    let mut time = schedule.at_or_after(EpochMs(log_start.0 + step_ms));
    while time <= end {
        let data_end = schedule.data_end(time);
        let tick = data_end.0.div_euclid(step_ms);
        while current_run.as_ref().is_none_or(|run| run.last() < tick) {
            current_run = runs.next();
            if current_run.is_none() {
                break;
            }
        }
        let in_run = current_run.as_ref().filter(|run| run.first <= tick);
        let state = in_run.map_or(no_data, |run| run.verdicts[(tick - run.first) as usize]).unwrap_or(history.state());
        if state == AlarmState::Alarm && history.state() != state && data_end > log_end {
            break;
        }
        history.enter(state, time, data_end);
        // Without data one evaluation is like the next: go on where data is.
        let next = match (in_run, &current_run) {
            (Some(_), _) => EpochMs(time.0 + 1),
            (None, Some(run)) => EpochMs((time.0 + 1).max(run.first * step_ms)),
            (None, None) => EpochMs(end.0.max(time.0 + 1)),
        };
        time = schedule.at_or_after(next);
    }
    Ok(history.finish(time.min(end)))
}

/// The state each evaluation of one run leads to; `None` keeps the state.
struct RunVerdicts {
    first: i64,
    verdicts: Vec<Option<AlarmState>>,
}

impl RunVerdicts {
    /// The last tick whose evaluation still sees a datapoint of the run.
    fn last(&self) -> i64 {
        self.first + self.verdicts.len() as i64 - 1
    }

    fn new(alarm: &MetricAlarm, sliding: &Sliding, run: &Run) -> Self {
        let (n, m) = (alarm.evaluation_periods, alarm.datapoints_to_alarm());
        let period = sliding.period_ticks() as usize;
        let range = evaluation_range(n) as usize;
        let len = run.values.len() + (range - 1) * period;
        let low_samples = low_sample_percentile(alarm);
        let mut verdicts = vec![None; len];
        // Of the real datapoints of one class: position, breaching ones before, ones with too few samples before.
        let mut positions: Vec<usize> = Vec::new();
        let mut breaching = vec![0u32];
        let mut low = vec![0u32];
        for class in 0..period.min(len) {
            positions.clear();
            breaching.truncate(1);
            low.truncate(1);
            let mut oldest = 0;
            for (position, at) in (class..len).step_by(period).enumerate() {
                let real = positions.len();
                if let Some(&value) = run.values.get(at).filter(|value| !value.is_nan()) {
                    let breaches = alarm.comparison_operator.breaches(value, alarm.threshold, alarm.threshold);
                    let is_low = low_samples.is_some_and(|p| !enough_samples(p, u64::from(run.sample_counts[at])));
                    positions.push(position);
                    breaching.push(breaching[real] + u32::from(breaches));
                    low.push(low[real] + u32::from(is_low));
                }
                while oldest < positions.len() && positions[oldest] + range <= position {
                    oldest += 1;
                }
                let known = positions.len();
                let newest = known - (known - oldest).min(n as usize);
                let summary = Summary {
                    real: (known - oldest) as u32,
                    breaching: breaching[known] - breaching[newest],
                    oldest_age: positions.get(oldest).map_or(0, |first| (position - first + 1) as u32),
                };
                if low[known] == low[newest] {
                    verdicts[at] = summary.verdict(n, m, alarm.treat_missing_data);
                }
            }
        }
        Self { first: run.first_end, verdicts }
    }
}

/// Builds a timeline state by state.
struct History {
    timeline: Timeline,
    open: Span,
}

impl History {
    fn new(start: EpochMs, state: AlarmState) -> Self {
        Self { timeline: Timeline::default(), open: Span { state, from: start, to: start } }
    }

    fn state(&self) -> AlarmState {
        self.open.state
    }

    fn enter(&mut self, state: AlarmState, time: EpochMs, data_end: EpochMs) {
        if state != self.open.state {
            self.timeline.transitions.push(Transition { time, data_end, from: self.open.state, to: state });
            self.timeline.spans.push(Span { to: time, ..self.open });
            self.open = Span { state, from: time, to: time };
        }
    }

    fn finish(mut self, end: EpochMs) -> Timeline {
        self.timeline.spans.push(Span { to: end, ..self.open });
        self.timeline
    }
}
