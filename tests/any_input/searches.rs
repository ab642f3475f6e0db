//! Any text as a search: everything the search bar does with what is typed.

use trailscope::filter::naive;
use trailscope::pattern::search;

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
