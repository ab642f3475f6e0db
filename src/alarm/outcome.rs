//! What a timeline comes to: how often an alarm fires, how long, when first.

use super::timeline::{Span, Timeline, Transition};
use crate::base::EpochMs;
use crate::model::alarm::AlarmState;

/// The ALARMs of a history in numbers, as [`Timeline`] counts them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// How often ALARM was entered.
    pub fires: usize,
    /// Seconds in ALARM.
    pub alarm_seconds: u64,
    /// The longest time in ALARM, the first of several.
    pub longest_alarm: Option<Span>,
    /// When ALARM was entered first.
    pub first_alarm: Option<EpochMs>,
}

impl Outcome {
    /// Of a whole timeline.
    pub fn of(timeline: &Timeline) -> Self {
        let mut outcome = Self::default();
        let transitions = timeline.transitions.iter().copied().map(Some).chain([None]);
        timeline.spans.iter().zip(transitions).for_each(|(span, transition)| outcome.add(*span, transition));
        outcome
    }

    /// Adds the next span and the change of state that ended it.
    pub(super) fn add(&mut self, span: Span, transition: Option<Transition>) {
        if span.state == AlarmState::Alarm {
            self.alarm_seconds += span.seconds();
            self.longest_alarm =
                self.longest_alarm.filter(|longest| longest.seconds() >= span.seconds()).or(Some(span));
        }
        if let Some(transition) = transition.filter(|transition| transition.to == AlarmState::Alarm) {
            self.fires += 1;
            self.first_alarm.get_or_insert(transition.time);
        }
    }
}
