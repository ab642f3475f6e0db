//! Composite alarms, suppressors and mute rules against evaluations that follow the documentation step by step.

#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use std::collections::HashMap;
use trailscope::alarm::composite::{Amount, Name, Rule, completion, parse, timeline, tokens, triggering_children};
use trailscope::alarm::dispatch::{Hold, dispatch};
use trailscope::alarm::mute::Mute;
use trailscope::alarm::suppression::Suppression;
use trailscope::alarm::{Span, Timeline, Transition};
use trailscope::base::EpochMs;
use trailscope::model::alarm::AlarmState;
use trailscope::model::composite::{AlarmMuteRule, MuteSchedule, MuteTargets, Schedule};

const MINUTE: i64 = 60_000;

fn states() -> impl Strategy<Value = AlarmState> {
    prop::sample::select(vec![AlarmState::Ok, AlarmState::Alarm, AlarmState::InsufficientData])
}

fn names(pattern: &'static str) -> impl Strategy<Value = Name> {
    pattern.prop_map(|text| Name { text, span: Default::default() })
}

fn rules(pattern: &'static str) -> impl Strategy<Value = Rule> {
    let amount = prop_oneof![(0u32..4).prop_map(Amount::Count), (0u32..120).prop_map(Amount::Percent)];
    let leaf = prop_oneof![
        any::<bool>().prop_map(Rule::Constant),
        (states(), names(pattern)).prop_map(|(state, name)| Rule::State(state, name)),
        (amount, any::<bool>(), states(), prop::collection::vec(names(pattern), 1..5))
            .prop_map(|(amount, not, state, names)| Rule::AtLeast { amount, not, state, names }),
    ];
    leaf.prop_recursive(5, 40, 4, |inner| {
        prop_oneof![
            inner.clone().prop_map(|rule| Rule::Not(Box::new(rule))),
            prop::collection::vec(inner.clone(), 2..4).prop_map(Rule::And),
            prop::collection::vec(inner, 2..4).prop_map(Rule::Or),
        ]
    })
}

/// A timeline that begins at minute `start` and changes at some minutes.
fn timelines() -> impl Strategy<Value = Timeline> {
    (0i64..5, prop::collection::btree_map(5i64..60, states(), 0..8)).prop_map(|(start, changes)| {
        let mut timeline = Timeline::default();
        let mut open = Span { state: AlarmState::InsufficientData, from: EpochMs(start * MINUTE), to: EpochMs(0) };
        for (minute, state) in changes {
            if state != open.state {
                let time = EpochMs(minute * MINUTE);
                timeline.spans.push(Span { to: time, ..open });
                timeline.transitions.push(Transition { time, data_end: time, from: open.state, to: state });
                open = Span { state, from: time, to: time };
            }
        }
        timeline.spans.push(Span { to: EpochMs(60 * MINUTE), ..open });
        timeline
    })
}

/// What an alarm is at an instant, before its history and after it, too.
fn state_at(timeline: &Timeline, time: EpochMs) -> AlarmState {
    timeline.spans.iter().rev().find(|span| span.from <= time).map_or(AlarmState::InsufficientData, |span| span.state)
}

/// When actions run, second by second, in the words of "Alarm suppression".
fn suppressed_naively(
    composite: &Timeline,
    suppressor: &Timeline,
    wait: i64,
    extension: i64,
) -> Vec<(i64, AlarmState)> {
    let mut ran = Vec::new();
    let (mut in_alarm, mut waits_until, mut extends_until, mut owed) = (false, None, None, false);
    for second in 0..200 * 60i64 {
        let time = EpochMs(second * 1_000);
        let before = EpochMs(time.0 - 1);
        let settle = |waits: &mut Option<i64>, extends: &mut Option<i64>, owed: &mut bool, ran: &mut Vec<_>, state| {
            if *waits == Some(second) {
                ran.push((second, state));
                *waits = None;
            }
            if *extends == Some(second) {
                if *owed {
                    ran.push((second, state));
                }
                (*extends, *owed) = (None, false);
            }
        };
        settle(&mut waits_until, &mut extends_until, &mut owed, &mut ran, state_at(composite, before));
        let now = state_at(suppressor, time) == AlarmState::Alarm;
        if now && !in_alarm {
            owed |= waits_until.is_some();
            (waits_until, extends_until) = (None, None);
        }
        if !now && in_alarm {
            extends_until = Some(second + extension);
            settle(&mut waits_until, &mut extends_until, &mut owed, &mut ran, state_at(composite, before));
        }
        in_alarm = now;
        if let Some(change) = composite.transitions.iter().find(|change| change.time == time) {
            if in_alarm || extends_until.is_some() {
                owed = true;
            } else {
                waits_until = Some(second + wait);
                settle(&mut waits_until, &mut extends_until, &mut owed, &mut ran, change.to);
            }
        }
    }
    ran
}

proptest! {
    #[test]
    fn what_is_printed_is_read_back(rule in rules("[ -~é]{1,6}")) {
        let text = rule.to_string();
        prop_assert_eq!(parse(&text).map_err(|error| format!("{error} in {text}")), Ok(rule));
    }

    #[test]
    fn any_text_is_read_or_refused(
        text in prop_oneof![
            "\\PC{0,40}",
            "((ALARM|OK|AT_LEAST|NOT|AND|OR|TRUE|\\(|\\)|,|2|50%|\"|a|\\\\| ){0,30})",
        ],
        cursor in 0usize..60,
    ) {
        if let Err(error) = parse(&text) {
            prop_assert!(error.span.start <= error.span.end && error.span.end <= text.len());
        }
        let mut end = 0;
        for (span, _) in tokens(&text) {
            prop_assert!(end <= span.start && span.end <= text.len());
            end = span.end;
        }
        if let Some(place) = completion(&text, cursor) {
            prop_assert!(text.get(place.replace).is_some());
        }
    }

    #[test]
    fn a_timeline_is_the_rule_at_every_minute(
        rule in rules("[ab]"),
        (a, b) in (timelines(), timelines()),
    ) {
        let children = HashMap::from([("a", &a), ("b", &b)]);
        let (from, to) = (EpochMs(0), EpochMs(70 * MINUTE));
        let got = timeline(&rule, &children, from, to);
        for minute in 0..70 {
            let time = EpochMs(minute * MINUTE);
            let expected = if minute == 0 {
                AlarmState::InsufficientData
            } else if rule.holds(&|name| state_at(children[name], time)) {
                AlarmState::Alarm
            } else {
                AlarmState::Ok
            };
            prop_assert_eq!(got.state_at(time), Some(expected), "minute {}", minute);
        }
        prop_assert_eq!(got.spans.len(), got.transitions.len() + 1);
        prop_assert_eq!((got.spans[0].from, got.spans[got.spans.len() - 1].to), (from, to));
        for spans in got.spans.windows(2) {
            prop_assert!(spans[0].to == spans[1].from && spans[0].state != spans[1].state);
        }
        for transition in &got.transitions {
            for (name, state, since) in triggering_children(&rule, &children, transition.time) {
                prop_assert_eq!(state, state_at(children[name], transition.time));
                prop_assert!(since <= transition.time);
            }
        }
    }

    #[test]
    fn after_the_end_of_the_log_no_rule_raises_the_alarm(
        rule in rules("[ab]"),
        (a, mut b) in (timelines(), timelines()),
        end in 5i64..70,
    ) {
        let (from, to, log_end) = (EpochMs(0), EpochMs(70 * MINUTE), EpochMs(end * MINUTE));
        let all = timeline(&rule, &HashMap::from([("a", &a), ("b", &b)]), from, to);
        b.log_end = Some(log_end);
        let children = HashMap::from([("a", &a), ("b", &b)]);
        let got = timeline(&rule, &children, from, to);
        // An alarm in the rule that is still raised, as a multi-day alarm may be, raises this one, too.
        let named: Vec<&str> = rule.names().iter().map(|name| name.text.as_str()).collect();
        let fired = named.iter().flat_map(|name| &children[name].transitions);
        let fired = fired.filter(|change| change.to == AlarmState::Alarm).map(|change| change.time);
        let last = if named.contains(&"b") { fired.fold(log_end, EpochMs::max) } else { to };
        let unknown = all.transitions.iter().position(|change| change.to == AlarmState::Alarm && change.time > last);
        prop_assert_eq!(&got.transitions[..], &all.transitions[..unknown.unwrap_or(all.transitions.len())]);
        let stopped = unknown.map_or(to, |at| all.transitions[at].time);
        prop_assert_eq!(got.spans.last().unwrap().to, stopped);
        prop_assert_eq!(got.spans.len(), got.transitions.len() + 1);
    }

    #[test]
    fn suppressed_actions_run_as_documented(
        (composite, suppressor) in (timelines(), timelines()),
        wait in prop::sample::select(vec![0i64, 1, 60, 90, 240]),
        extension in prop::sample::select(vec![0i64, 1, 60, 90, 240]),
    ) {
        let suppression =
            Suppression { suppressor: &suppressor, wait_s: wait as u32, extension_s: extension as u32 };
        let dispatches = dispatch(&composite, true, Some(suppression), &[]);
        let ran: Vec<(i64, AlarmState)> = composite
            .transitions
            .iter()
            .zip(&dispatches)
            .filter_map(|(change, dispatch)| Some((dispatch.runs?.0 / 1_000, change.to)))
            .collect();
        prop_assert_eq!(ran, suppressed_naively(&composite, &suppressor, wait, extension));
    }

    #[test]
    fn muted_actions_run_at_the_end_of_the_window_if_the_state_lasts(
        composite in timelines(),
        (begin, length) in (0u32..50, 1u32..30),
    ) {
        let rule = AlarmMuteRule {
            name: "night".into(),
            rule: MuteSchedule {
                schedule: Schedule {
                    expression: format!("at(1970-01-01T00:{begin:02})"),
                    duration: format!("PT{length}M"),
                    timezone: None,
                },
            },
            mute_targets: MuteTargets::default(),
            ..AlarmMuteRule::default()
        };
        let mute = Mute::new(&rule, |_| None).unwrap();
        let (begin, end) = (i64::from(begin), i64::from(begin + length));
        for (at, result) in dispatch(&composite, true, None, &[&mute]).iter().enumerate() {
            let minute = composite.transitions[at].time.0 / MINUTE;
            let left = composite.transitions.get(at + 1).map_or(i64::MAX, |next| next.time.0 / MINUTE);
            let expected = match minute {
                _ if !(begin..end).contains(&minute) => Some(minute),
                _ if left > end => Some(end),
                _ => None,
            };
            prop_assert_eq!(result.runs.map(|time| time.0 / MINUTE), expected);
            prop_assert_eq!(matches!(result.held, Some(Hold::Muted { .. })), (begin..end).contains(&minute));
        }
    }
}
