//! When the actions of a composite alarm run that has a suppressor ("Alarm suppression"; cases `al-sup-*`).
//!
//! Only actions are held back: states change and events are sent as ever. A change of state waits for the suppressor
//! to enter ALARM; while the suppressor is in ALARM, and for the extension after it, changes are held; at the end of the
//! extension the actions of the state then in force run. What falls on the same instant: first what was waited for, then the
//! suppressor, then the composite alarm.

use super::timeline::Timeline;
use crate::base::EpochMs;
use crate::base::time::SECOND;
use crate::model::alarm::AlarmState;

/// What held actions back, in the words of `ActionsSuppressedBy`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SuppressedBy {
    /// The suppressor could still enter ALARM.
    WaitPeriod,
    /// The suppressor was in ALARM.
    Alarm,
    /// The suppressor had just left ALARM.
    ExtensionPeriod,
}

impl SuppressedBy {
    /// AWS's spelling.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::WaitPeriod => "WaitPeriod",
            Self::Alarm => "Alarm",
            Self::ExtensionPeriod => "ExtensionPeriod",
        }
    }
}

/// A suppressor and its periods.
#[derive(Clone, Copy, Debug)]
pub struct Suppression<'a> {
    /// The states of the suppressor.
    pub suppressor: &'a Timeline,
    /// Seconds waited for it to enter ALARM.
    pub wait_s: u32,
    /// Seconds waited after it has left ALARM.
    pub extension_s: u32,
}

/// What became of the actions of one change of state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// What held them back when the state changed.
    pub by: SuppressedBy,
    /// When they ran after all.
    pub runs: Option<EpochMs>,
}

/// What is waited for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Pending {
    Wait,
    Extension,
}

/// For each of the times at which the composite alarm changes state (ascending), what becomes of its actions.
pub fn suppress(changes: &[EpochMs], suppression: Suppression) -> Vec<Held> {
    let turns: Vec<(EpochMs, bool)> =
        suppression.suppressor.spans.iter().map(|span| (span.from, span.state == AlarmState::Alarm)).collect();
    let later = |time: EpochMs, seconds: u32| EpochMs(time.0.saturating_add(i64::from(seconds) * SECOND));
    let mut held: Vec<Held> = Vec::with_capacity(changes.len());
    let mut turn = turns.iter().copied().peekable();
    let mut change = changes.iter().copied().peekable();
    let mut in_alarm = false;
    let mut pending: Option<(EpochMs, Pending)> = None;
    // Whether the last change's actions are owed at the end of the extension.
    let mut owed = false;
    loop {
        let next = [pending.map(|(time, _)| time), turn.peek().map(|(time, _)| *time), change.peek().copied()];
        let Some(now) = next.into_iter().flatten().min() else { break };
        if let Some((time, kind)) = pending.filter(|(time, _)| *time == now) {
            pending = None;
            if let Some(last) = held.last_mut().filter(|_| kind == Pending::Wait || owed) {
                last.runs = Some(time);
            }
            owed = false;
        } else if let Some((_, alarm)) = turn.next_if(|(time, _)| *time == now) {
            match (in_alarm, alarm) {
                (false, true) => {
                    owed |= pending.is_some_and(|(_, kind)| kind == Pending::Wait);
                    pending = None;
                }
                (true, false) => pending = Some((later(now, suppression.extension_s), Pending::Extension)),
                _ => {}
            }
            in_alarm = alarm;
        } else if change.next_if(|time| *time == now).is_some() {
            let by = match pending {
                _ if in_alarm => SuppressedBy::Alarm,
                Some((_, Pending::Extension)) => SuppressedBy::ExtensionPeriod,
                _ => SuppressedBy::WaitPeriod,
            };
            if by == SuppressedBy::WaitPeriod {
                pending = Some((later(now, suppression.wait_s), Pending::Wait));
            } else {
                owed = true;
            }
            held.push(Held { by, runs: None });
        }
    }
    held
}
