//! Any text as the rule of a composite alarm: everything the editor does with what is typed, and the states it makes.

use std::collections::HashMap;
use trailscope::alarm::composite::{check, completion, parse, timeline, tokens};
use trailscope::alarm::{Span, Timeline};
use trailscope::base::EpochMs;
use trailscope::model::alarm::AlarmState;

/// Everything the front end of composite alarms does with a text. There are the alarms a and b.
pub fn any_alarm_rule(text: &str) {
    let mut end = 0;
    for (range, _) in tokens(text) {
        assert!(
            end <= range.start && range.start < range.end && text.get(range.clone()).is_some(),
            "{text:?} {range:?}"
        );
        end = range.end;
    }
    for cursor in 0..=text.len() {
        if let Some(place) = completion(text, cursor) {
            assert!(text.get(place.replace).is_some(), "{text:?}");
        }
    }
    let is_known = |name: &str| name == "a" || name == "b";
    if let Err(error) = check(text, is_known) {
        assert!(text.get(error.span.clone()).is_some(), "{text:?} {error:?}");
    }
    let rule = match parse(text) {
        Ok(rule) => rule,
        Err(error) => {
            assert!(text.get(error.span.clone()).is_some(), "{text:?} {error:?}");
            return;
        }
    };
    let printed = rule.to_string();
    assert_eq!(parse(&printed).as_ref(), Ok(&rule), "{text:?} printed {printed:?}");
    let span = |state, from, to| Span { state, from: EpochMs(from), to: EpochMs(to) };
    let a = Timeline {
        spans: vec![span(AlarmState::Ok, 0, 60_000), span(AlarmState::Alarm, 60_000, 180_000)],
        ..Timeline::default()
    };
    let b = Timeline { spans: vec![span(AlarmState::InsufficientData, 0, 180_000)], ..Timeline::default() };
    let states = timeline(&rule, &HashMap::from([("a", &a), ("b", &b)]), EpochMs(0), EpochMs(240_000));
    assert_eq!(states.transitions.len() + 1, states.spans.len(), "{text:?}");
    assert!(states.spans.windows(2).all(|two| two[0].to == two[1].from && two[0].state != two[1].state), "{text:?}");
}
