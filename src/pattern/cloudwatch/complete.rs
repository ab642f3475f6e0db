//! Completion in JSON patterns. The other kinds of pattern have nothing to offer: their words come from messages.

use super::lexer::{Class, Dialect, Lexeme, Token, classify, lex};
use crate::pattern::completion::{Completion, CompletionKind, Language};
use crate::pattern::{path, text};

const AFTER_SELECTOR: [&str; 10] = ["=", "!=", "<", "<=", ">", ">=", "IS TRUE", "IS FALSE", "IS NULL", "NOT EXISTS"];
const AFTER_CONDITION: [&str; 2] = ["&&", "||"];
const AFTER_IS: [&str; 3] = ["TRUE", "FALSE", "NULL"];

/// What can be completed at byte `cursor` of a pattern that is being typed.
pub fn completion(pattern: &str, cursor: usize) -> Option<Completion> {
    if classify(pattern) != Class::Json || !pattern.is_char_boundary(cursor) {
        return None;
    }
    // Only what stands before the cursor decides; the token under it is replaced as a whole.
    let tokens = lex(&pattern[..cursor], Dialect::Json);
    let (last, before) = match tokens.split_last() {
        Some((last, before)) if last.end == cursor && is_open(last) => (Some(*last), before),
        _ => (None, tokens.as_slice()),
    };
    let start = last.map_or(cursor, |token| token.start);
    let typed = &pattern[start..cursor];
    let kind = match before.last().map(|token| token.lexeme) {
        None => return None,
        Some(Lexeme::Open | Lexeme::ParenOpen | Lexeme::And | Lexeme::Or) => {
            let path = typed.trim_start_matches('$').trim_start_matches('.');
            CompletionKind::Path(path.to_owned())
        }
        Some(Lexeme::Selector) => keywords(&AFTER_SELECTOR, typed)?,
        Some(Lexeme::Compare(_)) if matches!(last, Some(Token { lexeme: Lexeme::Regex { .. }, .. })) => return None,
        Some(Lexeme::Compare(_)) => {
            let selector = before.get(before.len().checked_sub(2)?)?;
            let field = path::parse(&pattern[selector.start..selector.end]).ok()?;
            let prefix = if typed.starts_with('"') { text::unquote(typed) } else { typed.to_owned() };
            CompletionKind::Value { path: path::print(&field), prefix }
        }
        Some(Lexeme::Word) => match before.last().map(|token| &pattern[token.start..token.end]) {
            Some("IS") => keywords(&AFTER_IS, typed)?,
            Some("NOT") => keywords(&["EXISTS"], typed)?,
            _ => keywords(&AFTER_CONDITION, typed)?,
        },
        Some(Lexeme::Quoted { .. } | Lexeme::Bare | Lexeme::Regex { .. } | Lexeme::ParenClose) => {
            keywords(&AFTER_CONDITION, typed)?
        }
        Some(_) => return None,
    };
    let end = token_end(pattern, start, cursor);
    Some(Completion { replace: start..end, kind, language: Language::CloudWatch })
}

/// Where the token at `start` ends, if it goes on behind the cursor. An opening quote that someone is just typing pairs
/// with a later quote by accident; a rest with operators in it is not taken for the rest of a value.
fn token_end(pattern: &str, start: usize, cursor: usize) -> usize {
    let token = lex(pattern, Dialect::Json).into_iter().find(|token| token.start == start && token.end > cursor);
    match token {
        Some(Token { lexeme: Lexeme::Quoted { closed }, end, .. }) => {
            let accidental = !closed || pattern[cursor..end].contains(['&', '|', '=', '}']);
            if accidental { cursor } else { end }
        }
        Some(Token { lexeme: Lexeme::Selector | Lexeme::Word | Lexeme::Bare, end, .. }) => end,
        _ => cursor,
    }
}

/// Whether a token that ends at the cursor is still being typed.
fn is_open(token: &Token) -> bool {
    match token.lexeme {
        Lexeme::Selector | Lexeme::Word | Lexeme::Bare | Lexeme::Unknown => true,
        Lexeme::Quoted { closed } | Lexeme::Regex { closed } => !closed,
        _ => false,
    }
}

fn keywords(all: &[&'static str], typed: &str) -> Option<CompletionKind> {
    let typed = typed.to_ascii_uppercase();
    let fitting: Vec<&'static str> = all.iter().copied().filter(|keyword| keyword.starts_with(&typed)).collect();
    (!fitting.is_empty()).then_some(CompletionKind::Keyword(fitting))
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
            ("{ |", "", path("")),
            ("{ $|", "$", path("")),
            ("{ $.user| = x }", "$.user", path("user")),
            ("{ $.us|er = x }", "$.user", path("us")),
            ("{ $.userIdentity.| }", "$.userIdentity.", path("userIdentity.")),
            ("{ event|", "event", path("event")),
            ("{ ($.a = 1) && |", "", path("")),
            ("{ $.a = |", "", value("a", "")),
            ("{ $.a['b c'] = Con|sole && $.x = 1 }", "Console", value("a['b c']", "Con")),
            ("{ $.a = \"say \\\"h|", "\"say \\\"h", value("a", "say \"h")),
            ("{ $.a = \"Con|sole\" }", "\"Console\"", value("a", "Con")),
            ("{ $.a = \"Con| && $.b = \"x\" }", "\"Con", value("a", "Con")),
            ("{ $.a = \"Con| }", "\"Con", value("a", "Con")),
            ("{ $.a I|", "I", CompletionKind::Keyword(vec!["IS TRUE", "IS FALSE", "IS NULL"])),
            ("{ $.a IS |", "", CompletionKind::Keyword(vec!["TRUE", "FALSE", "NULL"])),
            ("{ $.a NOT |", "", CompletionKind::Keyword(vec!["EXISTS"])),
            ("{ $.a = \"x\" |", "", CompletionKind::Keyword(vec!["&&", "||"])),
            ("{ $.a IS NULL & |", "", CompletionKind::Keyword(vec![])),
        ] {
            let expected =
                Some((replaced.to_owned(), kind)).filter(|(_, kind)| *kind != CompletionKind::Keyword(vec![]));
            assert_eq!(at(marked), expected, "{marked}");
        }
        for marked in ["|", "ERR|", "[a, |", "{ $.a = 1 }|", "{ $.a = %x|"] {
            assert_eq!(at(marked), None, "{marked}");
        }
    }

    #[test]
    fn choices_are_spelled_for_the_pattern() {
        let insert = |marked: &str, choice| {
            let cursor = marked.find('|').unwrap();
            completion(&marked.replacen('|', "", 1), cursor).unwrap().insert(choice)
        };
        assert_eq!(insert("{ $|", "requestParameters['a.b']"), "$.requestParameters['a.b']");
        assert_eq!(insert("{ $.a = |", "say \"hi\""), r#""say \"hi\"""#);
        assert_eq!(insert("{ $.a = |", "12"), "12");
    }
}
