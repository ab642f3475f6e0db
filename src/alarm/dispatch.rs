//! When the actions of each change of state run, and what kept them from it: `ActionsEnabled`, mute rules, a suppressor.
//!
//! A mute rule takes precedence over a suppressor. When a window ends and the alarm is still in a state whose actions
//! were muted, they run then ("Alarm Mute Rules").

use super::mute::{Mute, Window};
use super::suppression::{SuppressedBy, Suppression, suppress};
use super::timeline::Timeline;
use crate::base::EpochMs;

/// Windows that follow each other while actions wait, at most.
const WINDOWS_MAX: usize = 1_000;

/// Why actions did not run at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hold {
    /// `ActionsEnabled` is false.
    Disabled,
    /// A mute rule was in force.
    Muted {
        /// Its name.
        rule: String,
        /// Its window.
        window: Window,
    },
    /// The suppressor, or the wait for it.
    Suppressed(SuppressedBy),
}

/// What became of the actions of one change of state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dispatch {
    /// What held them back.
    pub held: Option<Hold>,
    /// When they ran, if they did.
    pub runs: Option<EpochMs>,
}

/// For each change of state of an alarm, what becomes of its actions. `mutes` are the rules about this alarm.
pub fn dispatch(
    timeline: &Timeline,
    actions_enabled: bool,
    suppression: Option<Suppression>,
    mutes: &[&Mute],
) -> Vec<Dispatch> {
    let times: Vec<EpochMs> = timeline.transitions.iter().map(|transition| transition.time).collect();
    let suppressed = suppression.map(|suppression| suppress(&times, suppression));
    times
        .iter()
        .enumerate()
        .map(|(at, &time)| {
            if !actions_enabled {
                return Dispatch { held: Some(Hold::Disabled), runs: None };
            }
            let held = suppressed.as_ref().map(|held| held[at]);
            let wanted = held.map_or(Some(time), |held| held.runs);
            let muted_at_once = muted(mutes, time);
            let left_at = times.get(at + 1).copied();
            let (muted_later, runs) = match wanted {
                None => (None, None),
                Some(wanted) => after_mutes(mutes, wanted, left_at),
            };
            // A suppressor whose wait merely delays is no reason for not running.
            let by_suppressor = held.map(|held| Hold::Suppressed(held.by));
            Dispatch { held: muted_at_once.or(muted_later).or(by_suppressor), runs }
        })
        .collect()
}

/// The rule that mutes at `time`.
fn muted(mutes: &[&Mute], time: EpochMs) -> Option<Hold> {
    mutes.iter().find_map(|mute| mute.window_at(time).map(|window| Hold::Muted { rule: mute.name.clone(), window }))
}

/// What mutes actions that are to run at `wanted`, and when they run: at the end of the last window, unless the state has
/// been left by then.
fn after_mutes(mutes: &[&Mute], wanted: EpochMs, left_at: Option<EpochMs>) -> (Option<Hold>, Option<EpochMs>) {
    let first = muted(mutes, wanted);
    let mut runs = wanted;
    for _ in 0..WINDOWS_MAX {
        match muted(mutes, runs) {
            Some(Hold::Muted { window, .. }) => runs = window.to,
            _ => break,
        }
    }
    let is_kept = first.is_none() || left_at.is_none_or(|left| left > runs);
    (first, is_kept.then_some(runs))
}
