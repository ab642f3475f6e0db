//! Splits a pattern into lexemes. Never fails: what has no place becomes [`Lexeme::Unknown`] and what is not closed
//! runs to the end, so that the same lexemes serve the parser, syntax colours and completion while someone types.

use crate::filter::predicate::{Comparison, number};
use crate::pattern::{TokenKind, path, text};
use std::ops::Range;

/// Which bracketed language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    Json,
    Space,
}

/// A piece of a JSON or space-delimited pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lexeme {
    Open,
    Close,
    ParenOpen,
    ParenClose,
    And,
    Or,
    Compare(Comparison),
    /// `$` and everything that looks like steps, well-formed or not.
    Selector,
    /// A keyword or the name of a space field.
    Word,
    Quoted {
        closed: bool,
    },
    Regex {
        closed: bool,
    },
    /// A bare value after a comparison operator.
    Bare,
    Comma,
    Ellipsis,
    Unknown,
}

/// A lexeme and where it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub start: usize,
    pub end: usize,
    pub lexeme: Lexeme,
}

/// What a pattern is, by its first character (section "classification": white space at the ends does not count).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    Terms,
    Regex,
    Json,
    Space,
}

/// Classifies a pattern.
pub(super) fn classify(pattern: &str) -> Class {
    match pattern.trim_start().chars().next() {
        Some('{') => Class::Json,
        Some('[') => Class::Space,
        Some('%') => Class::Regex,
        _ => Class::Terms,
    }
}

/// Lexemes of a JSON or space-delimited pattern, one after the other.
struct Lexer<'t> {
    text: &'t str,
    dialect: Dialect,
    at: usize,
    after_operator: bool,
}

impl Iterator for Lexer<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        let rest = self.text[self.at..].trim_start();
        let start = self.text.len() - rest.len();
        let value = if self.after_operator { bare_value(rest, self.dialect) } else { None };
        let (lexeme, len) = if rest.is_empty() { None } else { value.or_else(|| Some(lexeme(rest, self.dialect))) }?;
        self.at = start + len;
        self.after_operator = matches!(lexeme, Lexeme::Compare(_));
        Some(Token { start, end: self.at, lexeme })
    }
}

/// All lexemes of a JSON or space-delimited pattern.
pub(super) fn lex(text: &str, dialect: Dialect) -> Vec<Token> {
    Lexer { text, dialect, at: 0, after_operator: false }.collect()
}

/// A bare value; operators right after an operator (`==`) are one unknown lexeme.
fn bare_value(rest: &str, dialect: Dialect) -> Option<(Lexeme, usize)> {
    let operators = rest.bytes().take_while(|byte| b"=<>!".contains(byte)).count();
    if operators > 0 {
        return Some((Lexeme::Unknown, operators));
    }
    let len = rest.find(|c| !is_bare(c, dialect)).unwrap_or(rest.len());
    (len > 0).then_some((Lexeme::Bare, len))
}

/// Whether a character may stand in a bare value. Characters beyond ASCII are let through for the parser to refuse.
pub(super) fn is_bare(c: char, dialect: Dialect) -> bool {
    let bracket = match dialect {
        Dialect::Json => matches!(c, '{' | '}'),
        Dialect::Space => matches!(c, '[' | ']'),
    };
    !bracket && !c.is_whitespace() && !matches!(c, '(' | ')' | '&' | '|' | '"' | '%' | ',')
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

fn lexeme(rest: &str, dialect: Dialect) -> (Lexeme, usize) {
    let bytes = rest.as_bytes();
    let next = |byte| bytes.get(1) == Some(&byte);
    match bytes[0] {
        b'{' if dialect == Dialect::Json => (Lexeme::Open, 1),
        b'}' if dialect == Dialect::Json => (Lexeme::Close, 1),
        b'[' if dialect == Dialect::Space => (Lexeme::Open, 1),
        b']' if dialect == Dialect::Space => (Lexeme::Close, 1),
        b'(' => (Lexeme::ParenOpen, 1),
        b')' => (Lexeme::ParenClose, 1),
        b',' => (Lexeme::Comma, 1),
        b'&' if next(b'&') => (Lexeme::And, 2),
        b'|' if next(b'|') => (Lexeme::Or, 2),
        b'=' => (Lexeme::Compare(Comparison::Equal), 1),
        b'!' if next(b'=') => (Lexeme::Compare(Comparison::NotEqual), 2),
        b'<' if next(b'=') => (Lexeme::Compare(Comparison::LessOrEqual), 2),
        b'<' => (Lexeme::Compare(Comparison::Less), 1),
        b'>' if next(b'=') => (Lexeme::Compare(Comparison::GreaterOrEqual), 2),
        b'>' => (Lexeme::Compare(Comparison::Greater), 1),
        b'.' if rest.starts_with("...") => (Lexeme::Ellipsis, 3),
        b'$' => (Lexeme::Selector, selector_len(rest)),
        b'"' => {
            let (len, closed) = text::scan_quoted(rest);
            (Lexeme::Quoted { closed }, len)
        }
        b'%' => {
            let end = rest[1..].find('%');
            (Lexeme::Regex { closed: end.is_some() }, end.map_or(rest.len(), |end| end + 2))
        }
        byte if is_name(byte) => (Lexeme::Word, bytes.iter().take_while(|byte| is_name(**byte)).count()),
        _ => (Lexeme::Unknown, rest.chars().next().map_or(1, char::len_utf8)),
    }
}

/// The well-formed steps, and what follows them directly if it looks like an attempt at another one.
fn selector_len(rest: &str) -> usize {
    let len = path::prefix(rest).1;
    let tail = &rest[len..];
    if !tail.starts_with(['.', '[']) {
        return len;
    }
    let end = |c: char| c.is_whitespace() || "=!<>()&|,{}\"%".contains(c);
    len + tail.find(end).unwrap_or(tail.len())
}

/// Length of the JSON pattern that `text` begins with (it begins with `{`): up to the first `}` that is not inside
/// quotes, a regular expression or a key in brackets. `None` if there is no such brace.
pub fn json_extent(text: &str) -> Option<usize> {
    let mut lexer = Lexer { text, dialect: Dialect::Json, at: 0, after_operator: false };
    lexer.find(|token| token.lexeme == Lexeme::Close).map(|token| token.end)
}

/// Pieces of a pattern for syntax colours, in order; white space lies between them. Works on any text, a pattern that
/// is being typed included.
pub fn tokens(pattern: &str) -> Vec<(Range<usize>, TokenKind)> {
    match classify(pattern) {
        Class::Json => colours(pattern, Dialect::Json),
        Class::Space => colours(pattern, Dialect::Space),
        Class::Regex => {
            let start = pattern.len() - pattern.trim_start().len();
            vec![(start..pattern.trim_end().len(), TokenKind::Regex)]
        }
        Class::Terms => term_spans(pattern)
            .flat_map(|term| {
                let sign = (term.sign > 0).then(|| (term.start..term.start + term.sign, TokenKind::Operator));
                let kind = if term.closed { TokenKind::Text } else { TokenKind::Error };
                sign.into_iter().chain([(term.start + term.sign..term.end, kind)])
            })
            .collect(),
    }
}

fn colours(pattern: &str, dialect: Dialect) -> Vec<(Range<usize>, TokenKind)> {
    let colour = |token: &Token| match token.lexeme {
        Lexeme::Open | Lexeme::Close | Lexeme::ParenOpen | Lexeme::ParenClose => TokenKind::Punctuation,
        Lexeme::Comma | Lexeme::Ellipsis if dialect == Dialect::Space => TokenKind::Punctuation,
        Lexeme::And | Lexeme::Or | Lexeme::Compare(_) => TokenKind::Operator,
        Lexeme::Selector if dialect == Dialect::Json => TokenKind::Field,
        Lexeme::Word if dialect == Dialect::Space => TokenKind::Field,
        Lexeme::Word if is_keyword(&pattern[token.start..token.end]) => TokenKind::Keyword,
        Lexeme::Quoted { .. } => TokenKind::Text,
        Lexeme::Regex { .. } => TokenKind::Regex,
        Lexeme::Bare if number(&pattern[token.start..token.end]).is_some() => TokenKind::Number,
        Lexeme::Bare => TokenKind::Text,
        _ => TokenKind::Error,
    };
    lex(pattern, dialect).iter().map(|token| (token.start..token.end, colour(token))).collect()
}

/// Whether a word is a keyword of JSON patterns.
pub(super) fn is_keyword(word: &str) -> bool {
    matches!(word, "IS" | "NULL" | "TRUE" | "FALSE" | "NOT" | "EXISTS")
}

/// A term as it stands in the text.
pub(super) struct TermSpan {
    pub start: usize,
    /// Length of the `?` or `-` in front: 0 or 1.
    pub sign: usize,
    pub end: usize,
    pub quoted: bool,
    /// False: the quote is never closed.
    pub closed: bool,
}

/// The terms of a text. A quoted one ends at its closing quote, any other one at white space.
pub(super) fn term_spans(text: &str) -> impl Iterator<Item = TermSpan> {
    let mut at = 0;
    std::iter::from_fn(move || {
        at += text[at..].len() - text[at..].trim_start().len();
        let rest = &text[at..];
        let word = |rest: &str| rest.find(char::is_whitespace).unwrap_or(rest.len());
        // A sign with nothing behind it is a word.
        let sign = usize::from(rest.starts_with(['?', '-']) && word(rest) > 1);
        let body = &rest[sign..];
        let quoted = body.starts_with('"');
        let (len, closed) = if quoted { text::scan_quoted(body) } else { (word(body), true) };
        let start = at;
        at += sign + len;
        (!rest.is_empty()).then_some(TermSpan { start, sign, end: at, quoted, closed })
    })
}
