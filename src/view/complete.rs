//! What the completion list offers at a place of a search or pattern.

use super::code::Choice;
use super::format;
use crate::model::partial::{CatalogPart, GroupPart};
use crate::pattern::{Completion, CompletionKind};

/// Choices listed at most.
pub const LISTED: usize = 12;

/// The field whose values are wanted and what is typed of the value, when the place is a value.
pub fn wanted_values(place: Option<&Completion>) -> Option<(String, String)> {
    match &place?.kind {
        CompletionKind::Value { path, prefix } => Some((path.clone(), prefix.clone())),
        CompletionKind::Path(_) | CompletionKind::Keyword(_) => None,
    }
}

/// The choices at a place: fields of the catalog, those that start with what is typed first, then the most
/// common; values of the field, the most frequent first; key words as the language lists them.
pub fn choices(place: &Completion, catalog: Option<&CatalogPart>, values: Option<&GroupPart>) -> Vec<Choice> {
    let choice = |label: &str, detail: String| Choice {
        span: place.replace.clone(),
        text: place.insert(label),
        label: label.into(),
        detail,
    };
    match &place.kind {
        CompletionKind::Keyword(words) => words.iter().map(|word| choice(word, String::new())).collect(),
        CompletionKind::Path(prefix) => {
            let wanted = prefix.to_lowercase();
            let paths = catalog.iter().flat_map(|catalog| &catalog.paths);
            let mut found: Vec<(bool, u64, &str)> = paths
                .filter(|(path, _)| path.to_lowercase().contains(&wanted))
                .map(|(path, count)| (!path.to_lowercase().starts_with(&wanted), *count, path.as_str()))
                .collect();
            found.sort_by(|a, b| (a.0, b.1, a.2).cmp(&(b.0, a.1, b.2)));
            found.into_iter().take(LISTED).map(|(_, count, path)| choice(path, format::short_count(count))).collect()
        }
        CompletionKind::Value { .. } => {
            let values = values.iter().flat_map(|part| &part.values);
            let mut found: Vec<(u64, &str)> =
                values.filter_map(|(value, tally)| Some((tally.count, value.as_deref()?))).collect();
            found.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)));
            found.into_iter().take(LISTED).map(|(count, value)| choice(value, format::short_count(count))).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::partial::Tally;
    use crate::pattern::{cloudwatch, search};

    fn labels(choices: &[Choice]) -> Vec<&str> {
        choices.iter().map(|choice| choice.label.as_str()).collect()
    }

    #[test]
    fn fields_that_start_with_what_is_typed_come_first() {
        let paths = [("eventName", 9), ("userIdentity.type", 5), ("errorCode", 2), ("eventVersion", 10)];
        let paths = paths.map(|(path, count)| (path.to_owned(), count)).into();
        let catalog = CatalogPart { paths, ..CatalogPart::default() };
        let found = |query: &str| choices(&search::completion(query, query.len()).unwrap(), Some(&catalog), None);
        assert_eq!(labels(&found("event")), ["eventVersion", "eventName"]);
        assert_eq!(labels(&found("e")), ["eventVersion", "eventName", "errorCode", "userIdentity.type"]);
        assert_eq!(found("x event")[0].text, "eventVersion:");
    }

    #[test]
    fn frequent_values_come_first() {
        let tally = |count| Tally { count, ..Tally::default() };
        let part = GroupPart {
            values: [(None, tally(99)), (Some("Get Object".into()), tally(2)), (Some("List".into()), tally(7))].into(),
            events: 108,
            ..GroupPart::default()
        };
        let pattern = "{ $.eventName = ";
        let place = cloudwatch::completion(pattern, pattern.len()).unwrap();
        assert_eq!(wanted_values(Some(&place)), Some(("eventName".into(), String::new())));
        let found = choices(&place, None, Some(&part));
        assert_eq!(labels(&found), ["List", "Get Object"]);
        assert_eq!(found[1].text, "\"Get Object\"");
    }
}
