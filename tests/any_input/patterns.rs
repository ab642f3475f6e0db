//! Any text as a filter pattern and as a search: everything the editors do with what is typed.

use trailscope::filter::naive;
use trailscope::pattern::cloudwatch::{self, value_reference};
use trailscope::pattern::search;

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

/// Everything the search front end does with a text.
pub fn any_search(text: &str) {
    let mut end = 0;
    for (range, _) in search::tokens(text) {
        assert!(
            end <= range.start && range.start < range.end && text.get(range.clone()).is_some(),
            "{text:?} {range:?}"
        );
        end = range.end;
    }
    for cursor in 0..=text.len() {
        if let Some(found) = search::completion(text, cursor) {
            assert!(text.get(found.replace).is_some(), "{text:?}");
        }
    }
    match search::parse(text) {
        Ok(query) => {
            assert!(query.clauses.iter().all(|clause| text.get(clause.span.range()).is_some()), "{text:?}");
            assert_eq!(search::parse(&query.print()).as_ref(), Ok(&query), "{text:?} printed {:?}", query.print());
            naive::matches_message(&query.lower(), "{\"a\":{\"b\":\"x\"}}");
        }
        Err(error) => assert!(text.get(error.span.clone()).is_some(), "{text:?} {error:?}"),
    }
}
