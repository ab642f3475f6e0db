//! Completion in the search bar.

use super::scan::{RawClause, RawKind, clauses};
use crate::pattern::completion::{Completion, CompletionKind, Language};
use crate::pattern::{cloudwatch, eventbridge, path, text};
use std::ops::Range;

/// What can be completed at byte `cursor` of a query that is being typed.
pub fn completion(query: &str, cursor: usize) -> Option<Completion> {
    if !query.is_char_boundary(cursor) {
        return None;
    }
    let touched = clauses(query).find(|clause| clause.start <= cursor && cursor <= clause.body.end);
    match touched {
        Some(clause) if cursor >= clause.body.start => inside(query, cursor, clause),
        Some(_) => None,
        None => Some(path_at(cursor..cursor, "")),
    }
}

fn path_at(replace: Range<usize>, prefix: &str) -> Completion {
    Completion { replace, kind: CompletionKind::Path(prefix.to_owned()), language: Language::Search }
}

fn inside(query: &str, cursor: usize, clause: RawClause) -> Option<Completion> {
    let body = clause.body;
    match clause.kind {
        RawKind::Phrase { .. } => None,
        RawKind::Word => {
            let typed = &query[body.start..cursor];
            let plausible = !typed.contains(':') && !typed.contains('/');
            plausible.then(|| path_at(body.clone(), typed))
        }
        RawKind::Pattern | RawKind::EventPattern => {
            let (pattern, cursor) = (&query[body.clone()], cursor - body.start);
            let found = match clause.kind {
                RawKind::EventPattern => eventbridge::completion(pattern, cursor),
                _ => cloudwatch::completion(pattern, cursor),
            }?;
            let replace = found.replace.start + body.start..found.replace.end + body.start;
            Some(Completion { replace, ..found })
        }
        RawKind::Field { path, .. } if cursor <= path.end => {
            // The colon is replaced too, since a chosen path brings its own.
            Some(path_at(path.start..path.end + 1, &query[path.start..cursor]))
        }
        RawKind::Field { field, values, .. } => {
            let value = values.into_iter().find(|value| value.range.start <= cursor && cursor <= value.range.end)?;
            let typed = match value.quoted {
                Some(quoted) if quoted.range.start < cursor => {
                    text::unquote(&query[quoted.range.start..cursor.min(quoted.range.end)])
                }
                Some(_) => String::new(),
                None => query[value.range.start..cursor].trim_start_matches(['*', '<', '>', '=']).to_owned(),
            };
            let kind = CompletionKind::Value { path: path::print(&field), prefix: typed };
            Some(Completion { replace: value.range, kind, language: Language::Search })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `|` marks the cursor.
    fn at(marked: &str) -> Option<(String, CompletionKind)> {
        let cursor = marked.find('|').unwrap();
        let query = marked.replacen('|', "", 1);
        completion(&query, cursor).map(|found| (query[found.replace].to_owned(), found.kind))
    }

    #[test]
    fn the_place_decides_the_kind() {
        let path = |prefix: &str| CompletionKind::Path(prefix.into());
        let value = |path: &str, prefix: &str| CompletionKind::Value { path: path.into(), prefix: prefix.into() };
        for (marked, replaced, kind) in [
            ("|", "", path("")),
            ("a |", "", path("")),
            ("-event|Na", "eventNa", path("event")),
            ("event|Name:x", "eventName:", path("event")),
            ("eventName:|", "", value("eventName", "")),
            ("eventName:Con|sole b", "Console", value("eventName", "Con")),
            ("~-a.b:x,\"y z|\" c", "\"y z\"", value("a.b", "y z")),
            ("x { $.us| } y", "$.us", path("us")),
        ] {
            assert_eq!(at(marked), Some((replaced.to_owned(), kind)), "{marked}");
        }
        for marked in ["\"x|\"", "arn:aws|", "|-a"] {
            assert_eq!(at(marked), None, "{marked}");
        }
    }

    #[test]
    fn choices_are_spelled_for_the_search_bar() {
        let insert = |query: &str, choice| completion(query, query.len()).unwrap().insert(choice);
        assert_eq!(insert("ev", "eventName"), "eventName:");
        assert_eq!(insert("a:", "x"), "x");
        assert_eq!(insert("a:", "x y*"), "\"x y*\"");
    }
}
