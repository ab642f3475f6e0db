//! The states of an alarm over a whole history.

use super::plan::Data;
use super::validate::{Problem, is_valid, validate};
use super::window::HOURLY_OFFSET_MINUTES;
use crate::base::EpochMs;
use crate::base::time::SECOND;
use crate::model::alarm::{AlarmState, MetricAlarm};
use crate::model::series::Sliding;

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
    /// End of the log, after which ALARM is not entered. `None` when there was no log event.
    pub log_end: Option<EpochMs>,
}

impl Timeline {
    /// Seconds spent in a state.
    pub fn seconds_in(&self, state: AlarmState) -> u64 {
        self.spans.iter().filter(|span| span.state == state).map(Span::seconds).sum()
    }

    /// When the evaluation ended. `None` when there was no log event.
    pub fn end(&self) -> Option<EpochMs> {
        self.spans.last().map(|span| span.to)
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
    let mut timeline = Timeline { log_end: sliding.log_end(), ..Timeline::default() };
    let data = Data::new(alarm, sliding, alarm.evaluation_periods);
    let breaching = data.breaching(alarm.comparison_operator, alarm.threshold);
    if let Some(plan) = data.plan(alarm, options) {
        plan.rules(alarm).walk(&breaching, |span, transition| {
            timeline.spans.push(span);
            timeline.transitions.extend(transition);
        });
    }
    Ok(timeline)
}
