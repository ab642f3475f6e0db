//! Near misses: events that meet all fields of a pattern but one.
//!
//! Each is a search: the other fields as event patterns of their own, and the one without. What is asked of fields in one
//! array is asked of each by itself here; events that meet all of them in different elements are a near miss, too.

use super::ast::Pattern;
use super::envelope::{Place, place};
use super::lower::Item;
use crate::filter::predicate::{Field, Selector, Step};
use crate::pattern::path;

/// The events that miss one field only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NearMiss {
    /// Path of the field in the envelope; `$or` for alternatives.
    pub path: String,
    /// The search for these events.
    pub search: String,
    /// The field of the record whose values tell them apart, where there is one.
    pub field: Option<String>,
}

/// All kinds of near misses, in the order of the pattern. A pattern of one field has none: everything would be one.
pub fn near_misses(pattern: &Pattern) -> Vec<NearMiss> {
    let items = pattern.members();
    if items.len() < 2 {
        return Vec::new();
    }
    let texts: Vec<String> = items.iter().map(Item::print).collect();
    let mut found: Vec<NearMiss> = items
        .iter()
        .enumerate()
        .map(|(missed, item)| {
            let clause = |(at, text): (usize, &String)| if at == missed { format!("-{text}") } else { text.clone() };
            let search = texts.iter().enumerate().map(clause).collect::<Vec<_>>().join(" ");
            match item {
                Item::Field { path, .. } => NearMiss { path: path.clone(), search, field: field(path) },
                Item::Or(_) => NearMiss { path: "$or".into(), search, field: None },
            }
        })
        .collect();
    let search = format!("{} -{}", texts.join(" "), pattern.print());
    found.push(NearMiss { path: "the same array element".into(), search, field: None });
    found
}

/// The field of the record that a path of the envelope is about.
fn field(path: &str) -> Option<String> {
    let Place::Record { path, .. } = place(path) else { return None };
    let steps = path.split('.').map(|name| Step::Key(name.to_owned())).collect();
    Some(path::print(&Field::Path(Selector { steps })))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::eventbridge::parse;
    use crate::pattern::search;

    #[test]
    fn each_field_can_be_missed_alone() {
        let text =
            r#"{"source": ["aws.iam"], "detail": {"eventName": [{"prefix": "Put"}], "$or": [{"a": [1]}, {"b": [2]}]}}"#;
        let found = near_misses(&parse(text).unwrap());
        let paths: Vec<_> = found.iter().map(|miss| miss.path.as_str()).collect();
        assert_eq!(paths, ["source", "detail.eventName", "$or", "the same array element"]);
        assert_eq!(found[0].field.as_deref(), Some("eventSource"));
        for miss in &found {
            let query = search::parse(&miss.search).unwrap_or_else(|error| panic!("{}: {error}", miss.search));
            assert_eq!(query.clauses.iter().filter(|clause| clause.exclude).count(), 1);
        }
        assert_eq!(near_misses(&parse(r#"{"source": ["aws.iam"]}"#).unwrap()), []);
    }
}
