//! The states of a composite alarm over a history, from those of its children.

use super::{Rule, alarm_name};
use crate::alarm::timeline::{Span, Timeline, Transition};
use crate::base::EpochMs;
use crate::base::time::MINUTE;
use crate::model::alarm::AlarmState;
use std::collections::HashMap;

/// The life of a composite alarm whose children are `children`, over the time from one instant to another.
///
/// It is created at `from`, in INSUFFICIENT_DATA, and evaluated a minute later for the first time, then whenever a child
/// changes state. Undocumented: what a child is before its history begins; we choose INSUFFICIENT_DATA, as it has just
/// been created. After the end of its history a child stays as it was. Like a metric alarm, it stops before it would enter
/// ALARM after the end of the log, because nobody knows what its children become then.
pub fn timeline(rule: &Rule, children: &HashMap<&str, &Timeline>, from: EpochMs, to: EpochMs) -> Timeline {
    let first = EpochMs(from.0 + MINUTE);
    let named: HashMap<&str, &Timeline> = rule
        .names()
        .iter()
        .filter_map(|name| Some((alarm_name(&name.text), *children.get(alarm_name(&name.text))?)))
        .collect();
    let mut states: HashMap<&str, AlarmState> = HashMap::new();
    let mut changes: Vec<(EpochMs, &str, AlarmState)> = Vec::new();
    for (name, timeline) in &named {
        changes.extend(timeline.spans.iter().map(|span| (span.from, *name, span.state)));
    }
    let log_end = named.values().filter_map(|child| child.log_end).max();
    // A multi-day alarm enters ALARM minutes after the hour it looks at, which may be after the end of the log.
    let fired = named.values().flat_map(|child| &child.transitions).filter(|change| change.to == AlarmState::Alarm);
    let last_fired = fired.map(|change| change.time).max();
    let last_to_raise = log_end.map(|end| last_fired.unwrap_or(end).max(end));
    changes.sort_unstable_by_key(|(time, name, _)| (*time, *name));

    let mut open = Span { state: AlarmState::InsufficientData, from, to: from };
    let mut out = Timeline { log_end, ..Timeline::default() };
    let mut end = to;
    let mut at = 0;
    let mut time = first;
    loop {
        while let Some((changed, name, state)) = changes.get(at).filter(|(changed, ..)| *changed <= time) {
            debug_assert!(*changed <= time);
            states.insert(name, *state);
            at += 1;
        }
        if time > to {
            break;
        }
        let state = rule.state(&|name| states.get(alarm_name(name)).copied().unwrap_or_default());
        if state != open.state {
            if state == AlarmState::Alarm && last_to_raise.is_some_and(|last| time > last) {
                end = time;
                break;
            }
            out.spans.push(Span { to: time, ..open });
            out.transitions.push(Transition { time, data_end: time, from: open.state, to: state });
            open = Span { state, from: time, to: time };
        }
        match changes.get(at) {
            Some((next, ..)) => time = *next,
            None => break,
        }
    }
    out.spans.push(Span { to: end.max(open.from), ..open });
    out
}

/// The children whose change made a composite alarm change at `time`, with the states they entered, by name; all of
/// them at its first evaluation.
pub fn triggering_children<'a>(
    rule: &'a Rule,
    children: &HashMap<&str, &Timeline>,
    time: EpochMs,
) -> Vec<(&'a str, AlarmState, EpochMs)> {
    let mut names: Vec<&str> = rule.names().iter().map(|name| alarm_name(&name.text)).collect();
    names.sort_unstable();
    names.dedup();
    let span_at = |name: &str| {
        let spans = &children.get(name)?.spans;
        spans[..spans.partition_point(|span| span.from <= time)].last()
    };
    let at_all: Vec<_> =
        names.iter().filter_map(|name| span_at(name).map(|span| (*name, span.state, span.from))).collect();
    let just: Vec<_> = at_all.iter().copied().filter(|(.., from)| *from == time).collect();
    if just.is_empty() { at_all } else { just }
}
