//! Any text as an event pattern: everything the editor does with what is typed, and the answer for an event.

use serde_json::Value;
use trailscope::filter::naive;
use trailscope::pattern::eventbridge::near::near_misses;
use trailscope::pattern::eventbridge::{self, envelope, explain, matching};

/// A record with something in arrays, and names with dots.
const RECORD: &str = r#"{"eventSource":"s3.amazonaws.com","eventType":"AwsApiCall","a":[{"b":1,"c":"x"},{"b":"10.0.0.7"},
    [{"b":null}],2.5],"a.b":true,"d":{"e":{},"f":[],"g":"é"}}"#;

/// Everything the event pattern front end does with a text.
pub fn any_event_pattern(text: &str) {
    let mut end = 0;
    for (range, _) in eventbridge::tokens(text) {
        assert!(
            end <= range.start && range.start < range.end && text.get(range.clone()).is_some(),
            "{text:?} {range:?}"
        );
        end = range.end;
    }
    for cursor in 0..=text.len() {
        if let Some(found) = eventbridge::completion(text, cursor) {
            assert!(text.get(found.replace).is_some(), "{text:?}");
        }
    }
    match eventbridge::parse(text) {
        Ok(pattern) => {
            for lint in eventbridge::check(&pattern, text) {
                assert!(text.get(lint.span).is_some(), "{text:?}");
            }
            for printed in [pattern.print(), pattern.pretty()] {
                let again =
                    eventbridge::parse(&printed).unwrap_or_else(|error| panic!("{text:?} {printed:?} {error:?}"));
                assert_eq!(again.fields, pattern.fields, "{text:?} printed {printed:?}");
            }
            let record: Value = serde_json::from_str(RECORD).unwrap();
            let event = envelope::wrap(&record);
            let is_match = matching::matches(&pattern, &event);
            assert_eq!(explain(&pattern, &event).matches, is_match, "{text:?}");
            assert_eq!(naive::matches(&pattern.lower(), &record, ""), is_match, "{text:?}");
            let _ = near_misses(&pattern);
        }
        Err(error) => assert!(text.get(error.span.clone()).is_some(), "{text:?} {error:?}"),
    }
}
