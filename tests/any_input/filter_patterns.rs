//! Any text as a filter pattern: everything the editor does with what is typed.

use trailscope::filter::naive;
use trailscope::pattern::cloudwatch::{self, value_reference};

/// Everything the CloudWatch front end does with a text.
pub fn any_filter_pattern(text: &str) {
    let mut end = 0;
    for (range, _) in cloudwatch::tokens(text) {
        assert!(
            end <= range.start && range.start < range.end && text.get(range.clone()).is_some(),
            "{text:?} {range:?}"
        );
        end = range.end;
    }
    for cursor in 0..=text.len() {
        if let Some(found) = cloudwatch::completion(text, cursor) {
            assert!(text.get(found.replace).is_some(), "{text:?}");
        }
    }
    match cloudwatch::parse(text) {
        Ok(pattern) => {
            for lint in cloudwatch::check(&pattern) {
                assert!(text.get(lint.span).is_some(), "{text:?}");
            }
            assert_eq!(cloudwatch::parse(&pattern.print()).as_ref(), Ok(&pattern), "{text:?}");
            naive::matches_message(&pattern.lower(), text);
            let _ = value_reference(text, &pattern);
        }
        Err(error) => assert!(text.get(error.span.clone()).is_some(), "{text:?} {error:?}"),
    }
}
