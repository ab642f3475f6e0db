//! One evaluation: the datapoints of the evaluation range → a state.
//!
//! "Configuring how CloudWatch alarms treat missing data"; cases `al-t1*`, `al-t2*`, `al-prem-*`, `al-full-*`,
//! `al-enough-*`, `al-fill-*`.
//!
//! The more datapoints breach, the nearer an alarm is to ALARM. So the rules are written as [`Steps`]: from how many on
//! what happens. Nothing in them depends on the threshold, which is why they are worked out once and then serve any
//! threshold.

use crate::model::alarm::{AlarmState, TreatMissingData};

/// One datapoint of the evaluation range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Datapoint {
    /// Outside the threshold.
    Breaching,
    /// Inside the threshold.
    NotBreaching,
    /// No data.
    Missing,
}

/// What an evaluation knows about its datapoints whatever the threshold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Datapoints in the evaluation range that are not missing, N at most.
    pub real: u32,
    /// Age of the oldest of the newest N that are not missing, the newest period of the range being 1; 0 when all are
    /// missing.
    pub oldest_age: u32,
}

/// What an evaluation leads to, by the number of breaching datapoints among the newest N that are not missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Steps {
    /// From so many on: ALARM.
    pub alarm: u32,
    /// From so many on, but fewer than `alarm`: the state is kept.
    pub keep: u32,
    /// With fewer than both: this state.
    pub calm: AlarmState,
}

impl Steps {
    /// More datapoints than there can be.
    const NEVER: u32 = u32::MAX;

    /// The state is kept whatever breaches.
    pub const KEEP: Self = Self { alarm: Self::NEVER, keep: 0, calm: AlarmState::Ok };

    /// Of an alarm with `n` evaluation periods and `m` datapoints to alarm.
    #[inline]
    pub fn new(known: Known, n: u32, m: u32, treatment: TreatMissingData) -> Self {
        use TreatMissingData::{Breaching, Ignore, Missing, NotBreaching};
        let Known { real, oldest_age } = known;
        let alarm_from = |alarm| Self { alarm, keep: alarm, calm: AlarmState::Ok };
        match treatment {
            _ if real >= n => alarm_from(m),
            // Only the shortfall is filled; every real datapoint of the range counts, however old.
            Breaching => alarm_from(m.saturating_sub(n - real)),
            NotBreaching => alarm_from(m),
            Missing if real == 0 => Self { calm: AlarmState::InsufficientData, ..alarm_from(Self::NEVER) },
            // When all real datapoints breach, but too few for M: ALARM only when the oldest is M periods old, so that one
            // fresh datapoint after a silence does not raise the alarm prematurely. OK otherwise is our choice.
            Missing if oldest_age >= m => alarm_from(m.min(real)),
            Missing => alarm_from(m),
            // In the same case, and when there are none at all.
            Ignore => Self { keep: m.min(real), ..alarm_from(m) },
        }
    }

    /// The state with so many breaching datapoints, `None` to keep the present one.
    pub fn state(&self, breaching: u32) -> Option<AlarmState> {
        if breaching >= self.alarm {
            Some(AlarmState::Alarm)
        } else if breaching >= self.keep {
            None
        } else {
            Some(self.calm)
        }
    }
}

/// State after one evaluation of `points` (oldest first, the whole evaluation range).
pub fn evaluate(points: &[Datapoint], n: u32, m: u32, treatment: TreatMissingData, current: AlarmState) -> AlarmState {
    let mut known = Known::default();
    let mut breaching = 0;
    let real = (1..).zip(points.iter().rev()).filter(|(_, point)| **point != Datapoint::Missing);
    for (age, point) in real.take(n as usize) {
        known = Known { real: known.real + 1, oldest_age: age };
        breaching += u32::from(*point == Datapoint::Breaching);
    }
    Steps::new(known, n, m, treatment).state(breaching).unwrap_or(current)
}
