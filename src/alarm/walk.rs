//! From what each evaluation leads to, to the states of an alarm over time.
//!
//! The evaluations of a history are numbered: number × time between evaluations is the instant at which their newest
//! period ends. A [`Walker`] takes them 64 at a time and stops only where the state changes, so that its cost is that of
//! the changes.

use super::timeline::{Options, Span, Transition};
use super::window::{Schedule, evaluation_frequency_s, evaluation_range};
use crate::base::EpochMs;
use crate::base::time::{MINUTE, SECOND};
use crate::model::alarm::{AlarmState, MetricAlarm};
use crate::model::series::{Run, Sliding};

/// When an alarm is evaluated over the history in a [`Sliding`].
///
/// The history begins with the first minute of log events. After the last one evaluation goes on until the evaluation
/// range has passed, as if nothing more arrived.
#[derive(Clone, Copy, Debug)]
pub(super) struct History {
    schedule: Schedule,
    start: EpochMs,
    initial_state: AlarmState,
    /// First and last evaluation.
    first: i64,
    last: i64,
    /// Nobody knows what happened after the end of the log: no later evaluation may raise the alarm.
    last_to_raise: i64,
    /// Ticks from one evaluation to the next.
    stride: i64,
}

/// The evaluations that can see a datapoint of a run.
#[derive(Clone, Copy, Debug)]
pub(super) struct Evaluations {
    /// Number of the first.
    pub first: i64,
    /// Index in the run of the tick at which its newest period ends.
    pub first_tick: usize,
    /// Ticks from one to the next.
    pub stride: usize,
    /// How many there are.
    pub len: usize,
}

/// What up to 64 consecutive evaluations lead to, the earliest in the lowest bit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Leads {
    /// Evaluations that lead to ALARM.
    pub alarm: u64,
    /// Those, and the ones that keep the state.
    pub alarm_or_keep: u64,
    /// Of all others, those that lead to INSUFFICIENT_DATA instead of OK.
    pub insufficient: u64,
}

impl History {
    /// Of a valid alarm; `None` when there was no log event.
    pub(super) fn new(alarm: &MetricAlarm, sliding: &Sliding, options: Options) -> Option<Self> {
        let (first_minute, _) = sliding.log_minutes?;
        let schedule = Schedule::new(alarm.period, alarm.evaluation_periods, options.hourly_offset);
        let step_ms = i64::from(sliding.step_s) * SECOND;
        let start = EpochMs(first_minute * MINUTE);
        let log_end = sliding.log_end()?;
        let reach = i64::from(evaluation_range(alarm.evaluation_periods)) * i64::from(alarm.period) * SECOND;
        Some(Self {
            schedule,
            start,
            initial_state: options.initial_state,
            first: schedule.number_at(schedule.at_or_after(EpochMs(start.0 + step_ms))),
            last: schedule.number_at(schedule.at_or_after(EpochMs(log_end.0 + reach + step_ms))),
            last_to_raise: schedule.number_at(log_end),
            stride: i64::from(evaluation_frequency_s(alarm.period, alarm.evaluation_periods) / sliding.step_s.max(1)),
        })
    }

    /// The evaluations that can see a datapoint of `run`, which ends `tail` ticks after its last value.
    pub(super) fn evaluations(&self, run: &Run, tail: usize) -> Evaluations {
        let end = run.first_end + (run.values.len() + tail) as i64;
        // Rounded up: the first evaluation at a tick or later.
        let number = |tick: i64| -(-tick).div_euclid(self.stride);
        let first = number(run.first_end).max(self.first);
        Evaluations {
            first,
            first_tick: (first * self.stride - run.first_end) as usize,
            stride: self.stride as usize,
            len: usize::try_from(number(end).min(self.last + 1) - first).unwrap_or(0),
        }
    }

    /// Begins to walk. `record` gets each span when it ends, and the change of state that ended it.
    pub(super) fn walk<F: FnMut(Span, Option<Transition>)>(
        self,
        without_data: Option<AlarmState>,
        record: F,
    ) -> Walker<F> {
        let open = Span { state: self.initial_state, from: self.start, to: self.start };
        Walker { history: self, without_data, next: self.first, open, stopped: None, record }
    }
}

/// Walks through a history.
pub(super) struct Walker<F> {
    history: History,
    /// What an evaluation without any datapoint leads to.
    without_data: Option<AlarmState>,
    /// The next evaluation.
    next: i64,
    /// The present state and since when.
    open: Span,
    /// When the walk ended early.
    stopped: Option<EpochMs>,
    record: F,
}

impl<F: FnMut(Span, Option<Transition>)> Walker<F> {
    /// Goes on to evaluation `number`; those before it see no datapoint, so one is like the other.
    pub(super) fn skip_to(&mut self, number: i64) {
        if self.next < number {
            if let Some(state) = self.without_data {
                self.enter(state, self.next);
            }
            self.next = number;
        }
    }

    /// Takes the next `count` evaluations, 64 at most.
    #[inline]
    pub(super) fn take(&mut self, leads: Leads, count: usize) {
        let Leads { alarm, alarm_or_keep, insufficient } = leads;
        let mut ahead = u64::MAX >> (64 - count);
        loop {
            let elsewhere = match self.open.state {
                AlarmState::Ok => alarm | insufficient,
                AlarmState::Alarm => !alarm_or_keep,
                AlarmState::InsufficientData => alarm | !(alarm_or_keep | insufficient),
            };
            let changes = elsewhere & ahead;
            if changes == 0 {
                break;
            }
            let first = changes & changes.wrapping_neg();
            let state = match () {
                () if alarm & first != 0 => AlarmState::Alarm,
                () if insufficient & first != 0 => AlarmState::InsufficientData,
                () => AlarmState::Ok,
            };
            self.enter(state, self.next + i64::from(first.trailing_zeros()));
            ahead &= !(first | (first - 1));
        }
        self.next += count as i64;
    }

    fn enter(&mut self, state: AlarmState, number: i64) {
        if state == self.open.state || self.stopped.is_some() {
            return;
        }
        let time = self.history.schedule.time_of(number);
        if state == AlarmState::Alarm && number > self.history.last_to_raise {
            self.stopped = Some(time);
            return;
        }
        let data_end = self.history.schedule.data_end(time);
        let transition = Transition { time, data_end, from: self.open.state, to: state };
        (self.record)(Span { to: time, ..self.open }, Some(transition));
        self.open = Span { state, from: time, to: time };
    }

    /// Goes on to the end of the history.
    pub(super) fn finish(mut self) {
        self.skip_to(self.history.last + 1);
        let end = self.stopped.unwrap_or_else(|| self.history.schedule.time_of(self.history.last));
        (self.record)(Span { to: end, ..self.open }, None);
    }
}
