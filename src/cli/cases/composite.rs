//! Kinds of `alarm-evaluation.json` that concern composite alarms.

use super::{Compared, Ran};
use crate::alarm::composite::check;
use crate::alarm::dispatch::dispatch;
use crate::alarm::suppression::Suppression;
use crate::alarm::{Span, Timeline, Transition};
use crate::base::EpochMs;
use crate::base::time::SECOND;
use crate::model::alarm::AlarmState;
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
pub struct CompositeRule {
    alarm_rule: String,
    states: BTreeMap<String, AlarmState>,
    expect: AlarmState,
}

pub fn rule(case: &CompositeRule) -> Ran {
    let rule = check(&case.alarm_rule, |name| case.states.contains_key(name)).map_err(|error| error.to_string())?;
    let got = rule.state(&|name| case.states.get(name).copied().unwrap_or_default());
    Ok(Compared::texts(case.expect.as_str(), got.as_str()))
}

#[derive(Deserialize)]
pub struct CompositeSuppression {
    wait_period: u32,
    extension_period: u32,
    composite_changes: Vec<(i64, AlarmState)>,
    suppressor_changes: Vec<(i64, AlarmState)>,
    expect_actions: Vec<(i64, AlarmState)>,
}

pub fn suppression(case: &CompositeSuppression) -> Ran {
    let composite = timeline(&case.composite_changes);
    let suppressor = timeline(&case.suppressor_changes);
    let suppression =
        Suppression { suppressor: &suppressor, wait_s: case.wait_period, extension_s: case.extension_period };
    let dispatches = dispatch(&composite, true, Some(suppression), &[]);
    let ran = composite.transitions.iter().zip(&dispatches);
    let got: Vec<(i64, AlarmState)> =
        ran.filter_map(|(transition, dispatch)| Some((dispatch.runs?.0 / SECOND, transition.to))).collect();
    Ok(Compared::equal(&case.expect_actions, &got))
}

/// Changes at whole seconds of an alarm that was in OK before.
fn timeline(changes: &[(i64, AlarmState)]) -> Timeline {
    let mut timeline = Timeline::default();
    let mut open = Span { state: AlarmState::Ok, from: EpochMs(-SECOND), to: EpochMs(-SECOND) };
    for &(second, state) in changes {
        let time = EpochMs(second * SECOND);
        timeline.spans.push(Span { to: time, ..open });
        timeline.transitions.push(Transition { time, data_end: time, from: open.state, to: state });
        open = Span { state, from: time, to: time };
    }
    timeline.spans.push(open);
    timeline
}
