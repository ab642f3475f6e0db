//! Tokens of JSON, in any text: parser, syntax colours and completion share them.

use super::ast::OPERATORS;
use crate::pattern::TokenKind;
use std::ops::Range;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lexeme {
    ObjectOpen,
    ObjectClose,
    ArrayOpen,
    ArrayClose,
    Colon,
    Comma,
    Text {
        closed: bool,
    },
    /// Letters, digits and signs: numbers, `true`, `false`, `null` and what is none of them.
    Word,
    /// A character that has no place in JSON.
    Unknown,
}

/// A token and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub span: Range<usize>,
    pub lexeme: Lexeme,
}

/// All tokens of a text.
pub(super) fn lex(text: &str) -> impl Iterator<Item = Token> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        at += text[at..].len() - text[at..].trim_start_matches([' ', '\t', '\n', '\r']).len();
        let rest = &text[at..];
        let first = rest.chars().next()?;
        let (lexeme, len) = match first {
            '{' => (Lexeme::ObjectOpen, 1),
            '}' => (Lexeme::ObjectClose, 1),
            '[' => (Lexeme::ArrayOpen, 1),
            ']' => (Lexeme::ArrayClose, 1),
            ':' => (Lexeme::Colon, 1),
            ',' => (Lexeme::Comma, 1),
            '"' => {
                let (len, closed) = crate::pattern::text::scan_quoted(rest);
                (Lexeme::Text { closed }, len)
            }
            _ if is_word(first) => (Lexeme::Word, rest.find(|c| !is_word(c)).unwrap_or(rest.len())),
            _ => (Lexeme::Unknown, first.len_utf8()),
        };
        let span = at..at + len;
        at = span.end;
        Some(Token { span, lexeme })
    })
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '+' | '-' | '.' | '_' | '$')
}

/// Whether a text begins like an event pattern: a brace and then a quoted name. No other pattern does.
pub fn starts(text: &str) -> bool {
    text.strip_prefix('{').is_some_and(|rest| rest.trim_start().starts_with('"'))
}

/// Length in bytes of the object that `text` begins with; `None` if it is never closed.
pub fn extent(text: &str) -> Option<usize> {
    let mut depth = 0usize;
    for token in lex(text) {
        match token.lexeme {
            Lexeme::ObjectOpen => depth += 1,
            Lexeme::ObjectClose if depth <= 1 => return Some(token.span.end),
            Lexeme::ObjectClose => depth -= 1,
            _ => {}
        }
    }
    None
}

/// Pieces of a pattern for syntax colours, in order. Works on any text.
pub fn tokens(pattern: &str) -> Vec<(Range<usize>, TokenKind)> {
    let all: Vec<Token> = lex(pattern).collect();
    // Whether each open object stands in an array: there, names are operators.
    let (mut open, mut kinds) = (Vec::new(), Vec::with_capacity(all.len()));
    let mut in_array = false;
    for (at, token) in all.iter().enumerate() {
        let is_name = matches!(all.get(at + 1), Some(Token { lexeme: Lexeme::Colon, .. }));
        let text = &pattern[token.span.clone()];
        let kind = match token.lexeme {
            Lexeme::ObjectOpen | Lexeme::ArrayOpen => {
                open.push(in_array);
                in_array = token.lexeme == Lexeme::ArrayOpen || in_array;
                TokenKind::Punctuation
            }
            Lexeme::ObjectClose | Lexeme::ArrayClose => {
                in_array = open.pop().unwrap_or(false);
                TokenKind::Punctuation
            }
            Lexeme::Colon | Lexeme::Comma => TokenKind::Punctuation,
            Lexeme::Text { closed: false } | Lexeme::Unknown => TokenKind::Error,
            Lexeme::Text { .. } if is_name && text == "\"$or\"" => TokenKind::Operator,
            Lexeme::Text { .. } if is_name => {
                let is_operator = in_array && OPERATORS.contains(&text.trim_matches('"'));
                if is_operator { TokenKind::Operator } else { TokenKind::Field }
            }
            Lexeme::Text { .. } => TokenKind::Text,
            Lexeme::Word if matches!(text, "true" | "false" | "null") => TokenKind::Keyword,
            Lexeme::Word if super::json::is_number(text) => TokenKind::Number,
            Lexeme::Word => TokenKind::Error,
        };
        kinds.push((token.span.clone(), kind));
    }
    kinds
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_operators_and_values_have_their_colours() {
        let pattern = r#"{"a": ["x", {"prefix": 1e3}, nil], "$or": "#;
        let kinds: Vec<_> = tokens(pattern).into_iter().map(|(span, kind)| (&pattern[span], kind)).collect();
        let of = |text: &str| kinds.iter().find(|(found, _)| *found == text).map(|(_, kind)| *kind);
        assert_eq!(of("\"a\""), Some(TokenKind::Field));
        assert_eq!(of("\"prefix\""), Some(TokenKind::Operator));
        assert_eq!(of("1e3"), Some(TokenKind::Number));
        assert_eq!(of("nil"), Some(TokenKind::Error));
        assert_eq!(of("\"$or\""), Some(TokenKind::Operator));
    }

    #[test]
    fn the_object_ends_with_its_own_brace() {
        assert_eq!(extent(r#"{"a}": {"b": [1]}} x"#), Some(18));
        assert_eq!(extent(r#"{"a": ["#), None);
        assert!(starts("{ \"a\"") && !starts("{ $.a") && !starts("{}"));
    }
}
