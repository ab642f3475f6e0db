//! One evaluation: the datapoints of the evaluation range → a state.
//!
//! "Configuring how CloudWatch alarms treat missing data"; cases `al-t1*`, `al-t2*`, `al-prem-*`, `al-full-*`,
//! `al-enough-*`, `al-fill-*`.

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

/// All that an evaluation depends on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Datapoints that are not missing, in the whole evaluation range.
    pub real: u32,
    /// Breaching ones among the newest N of those.
    pub breaching: u32,
    /// Age of the oldest of those, the newest period of the range being 1; 0 when all are missing.
    pub oldest_age: u32,
}

impl Summary {
    /// Of the datapoints of an evaluation range, oldest first.
    pub fn of(points: &[Datapoint], evaluation_periods: u32) -> Self {
        let mut summary = Self::default();
        for (age, point) in (1..).zip(points.iter().rev()) {
            if *point != Datapoint::Missing {
                summary.breaching += u32::from(*point == Datapoint::Breaching && summary.real < evaluation_periods);
                summary.real += 1;
                summary.oldest_age = age;
            }
        }
        summary
    }

    /// The state this leads to, `None` to keep the present one. `n` evaluation periods, `m` datapoints to alarm.
    pub fn verdict(&self, n: u32, m: u32, treatment: TreatMissingData) -> Option<AlarmState> {
        use TreatMissingData::{Breaching, Ignore, Missing, NotBreaching};
        let alarm_if = |alarm| Some(if alarm { AlarmState::Alarm } else { AlarmState::Ok });
        if self.real >= n {
            return alarm_if(self.breaching >= m);
        }
        match treatment {
            // Only the shortfall is filled; every real datapoint of the range counts, however old.
            Breaching => alarm_if(self.breaching + (n - self.real) >= m),
            NotBreaching => alarm_if(self.breaching >= m),
            Missing if self.real == 0 => Some(AlarmState::InsufficientData),
            Ignore if self.real == 0 => None,
            Missing | Ignore if self.breaching >= m => Some(AlarmState::Alarm),
            Missing | Ignore if self.breaching < self.real => Some(AlarmState::Ok),
            // All real datapoints breach, too few for M: ALARM only when the oldest is M periods old, so that one fresh
            // datapoint after a silence does not raise the alarm prematurely. OK otherwise is our choice.
            Missing => alarm_if(self.oldest_age >= m),
            Ignore => None,
        }
    }
}

/// State after one evaluation of `points` (oldest first, the whole evaluation range).
pub fn evaluate(points: &[Datapoint], n: u32, m: u32, treatment: TreatMissingData, current: AlarmState) -> AlarmState {
    Summary::of(points, n).verdict(n, m, treatment).unwrap_or(current)
}
