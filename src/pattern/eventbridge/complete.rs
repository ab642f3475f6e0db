//! Completion in event patterns: fields of the envelope and of the record, their values, operators.

use super::ast::{OPERATORS, joined};
use super::envelope::{FIELDS, Place, place};
use super::lexer::{Lexeme, lex};
use crate::filter::predicate::{DETAIL_TYPES, LeafView, Selector, Step};
use crate::pattern::completion::{Completion, CompletionKind, Language};
use crate::pattern::path;
use std::ops::Range;

/// Something open before the cursor.
enum Open {
    /// An object, and the name whose value is being written in it.
    Object(Option<String>),
    Array,
}

/// What can be completed at byte `cursor` of a pattern that is being typed.
pub fn completion(pattern: &str, cursor: usize) -> Option<Completion> {
    if !pattern.is_char_boundary(cursor) {
        return None;
    }
    let (mut open, mut typed) = (Vec::new(), cursor..cursor);
    let mut last_text: Option<Range<usize>> = None;
    let mut ended = false;
    for token in lex(&pattern[..cursor]) {
        let text = last_text.take();
        ended = matches!(token.lexeme, Lexeme::Text { closed: true } | Lexeme::ObjectClose | Lexeme::ArrayClose);
        match token.lexeme {
            Lexeme::ObjectOpen => open.push(Open::Object(None)),
            Lexeme::ArrayOpen => open.push(Open::Array),
            Lexeme::ObjectClose | Lexeme::ArrayClose => drop(open.pop()),
            Lexeme::Colon => {
                if let (Some(Open::Object(name)), Some(text)) = (open.last_mut(), text) {
                    *name = serde_json::from_str(&pattern[text]).ok();
                }
            }
            Lexeme::Comma => {
                if let Some(Open::Object(name)) = open.last_mut() {
                    *name = None;
                }
            }
            Lexeme::Text { closed: true } => last_text = Some(token.span),
            Lexeme::Text { closed: false } | Lexeme::Word if token.span.end == cursor => typed = token.span,
            _ => {}
        }
    }
    if ended {
        return None;
    }
    let prefix = pattern[typed.clone()].trim_start_matches('"').to_owned();
    let names: Vec<&str> = open
        .iter()
        .filter_map(|open| if let Open::Object(Some(name)) = open { Some(name.as_str()) } else { None })
        .collect();
    let replace = typed.start..end_of_token(pattern, &typed, cursor);
    let in_array = open.iter().position(|open| matches!(open, Open::Array));
    let keywords = |all: Vec<&'static str>, language| {
        let fitting: Vec<_> = all.into_iter().filter(|word| word.contains(&prefix)).collect();
        (!fitting.is_empty()).then(|| Completion {
            replace: replace.clone(),
            kind: CompletionKind::Keyword(fitting),
            language,
        })
    };
    let or_names: Vec<&str> = names.iter().copied().filter(|name| *name != "$or").collect();
    match open.last()? {
        Open::Object(None) if in_array.is_some() && names.last() != Some(&"$or") => {
            keywords(OPERATORS.to_vec(), Language::EventOperator)
        }
        Open::Object(None) => field_at(&or_names, &prefix, replace.clone(), &keywords),
        _ => {
            // The names inside the array are operators.
            let outside =
                in_array.map_or(0, |at| open[..at].iter().filter(|open| matches!(open, Open::Object(Some(_)))).count());
            let path = names
                .get(..outside)?
                .iter()
                .filter(|name| **name != "$or")
                .fold(None, |path: Option<String>, name| Some(joined(path.as_deref(), name)))?;
            value_at(&path, &prefix, replace.clone(), &keywords)
        }
    }
}

type Keywords<'k> = &'k dyn Fn(Vec<&'static str>, Language) -> Option<Completion>;

fn field_at(names: &[&str], prefix: &str, replace: Range<usize>, keywords: Keywords) -> Option<Completion> {
    let [first, inner @ ..] = names else { return keywords(FIELDS.to_vec(), Language::EventField(0)) };
    if *first != "detail" {
        return None;
    }
    let outer = Selector { steps: inner.iter().map(|name| Step::Key((*name).to_owned())).collect() };
    let outer = if inner.is_empty() {
        String::new()
    } else {
        format!("{}.", path::print(&crate::filter::predicate::Field::Path(outer)))
    };
    let kind = CompletionKind::Path(format!("{outer}{prefix}"));
    Some(Completion { replace, kind, language: Language::EventField(inner.len()) })
}

fn value_at(path: &str, prefix: &str, replace: Range<usize>, keywords: Keywords) -> Option<Completion> {
    let Place::Record { path, view, .. } = place(path) else { return None };
    if view == LeafView::DetailType {
        return keywords(DETAIL_TYPES.iter().map(|(_, text)| *text).collect(), Language::EventValue(LeafView::AsIs));
    }
    let prefix = if view == LeafView::Source { prefix.trim_start_matches("aws.") } else { prefix };
    let steps = path.split('.').map(|name| Step::Key(name.to_owned())).collect();
    let path = path::print(&crate::filter::predicate::Field::Path(Selector { steps }));
    Some(Completion {
        replace,
        kind: CompletionKind::Value { path, prefix: prefix.to_owned() },
        language: Language::EventValue(view),
    })
}

/// Where the token under the cursor ends. A quote just opened pairs with a later one by accident.
fn end_of_token(pattern: &str, typed: &Range<usize>, cursor: usize) -> usize {
    let rest = &pattern[cursor..];
    let len = rest.find(|c: char| c.is_whitespace() || ",:{}[]\"".contains(c)).unwrap_or(rest.len());
    let quote =
        usize::from(!typed.is_empty() && rest[len..].starts_with('"') && pattern[typed.clone()].starts_with('"'));
    cursor + len + quote
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `|` marks the cursor.
    fn at(marked: &str) -> Option<(String, CompletionKind)> {
        let cursor = marked.find('|').unwrap();
        let pattern = marked.replacen('|', "", 1);
        completion(&pattern, cursor).map(|found| (pattern[found.replace].to_owned(), found.kind))
    }

    #[test]
    fn the_place_decides_the_kind() {
        let path = |prefix: &str| CompletionKind::Path(prefix.into());
        let value = |path: &str, prefix: &str| CompletionKind::Value { path: path.into(), prefix: prefix.into() };
        for (marked, replaced, kind) in [
            ("{\"so|\"}", "\"so\"", CompletionKind::Keyword(vec!["source", "resources"])),
            ("{\"detail\": {\"ev|", "\"ev", path("ev")),
            ("{\"detail\": {\"userIdentity\": {\"ty|\"", "\"ty\"", path("userIdentity.ty")),
            ("{\"detail\": {\"eventName\": [\"A\", |", "", value("eventName", "")),
            ("{\"detail\": {\"eventName\": [{\"prefix\": \"Del|", "\"Del", value("eventName", "Del")),
            ("{\"source\": [\"aws.ia|", "\"aws.ia", value("eventSource", "ia")),
            ("{\"detail\": {\"a\": [{\"pre|", "\"pre", CompletionKind::Keyword(vec!["prefix"])),
            ("{\"$or\": [{\"so|", "\"so", CompletionKind::Keyword(vec!["source", "resources"])),
        ] {
            assert_eq!(at(marked), Some((replaced.to_owned(), kind)), "{marked}");
        }
        for marked in ["|", "{\"source\"|", "{\"source\": [\"x\"]|"] {
            assert_eq!(at(marked), None, "{marked}");
        }
    }

    #[test]
    fn choices_are_spelled_as_json() {
        let insert = |pattern: &str, choice| completion(pattern, pattern.len()).unwrap().insert(choice);
        assert_eq!(insert("{\"detail\": {\"", "userIdentity.type"), "\"userIdentity\": {\"type\": [\"\"]}");
        assert_eq!(insert("{\"detail\": {\"resources\": {\"", "resources[*].ARN"), "\"ARN\": [\"\"]");
        assert_eq!(insert("{\"source\": [\"", "iam.amazonaws.com"), "\"aws.iam\"");
        assert_eq!(insert("{\"", "detail"), "\"detail\": {}");
        assert_eq!(insert("{\"detail\": {\"n\": [", "12"), "\"12\"");
        assert_eq!(insert("{\"detail\": {\"n\": [{", "exists"), "\"exists\": true");
    }
}
