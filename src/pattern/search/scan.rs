//! Finds clauses and their parts in any text, well-formed or not; parser, syntax colours and completion share it.

use crate::filter::predicate::{Field, number};
use crate::pattern::{TokenKind, cloudwatch, eventbridge, path, text};
use std::ops::Range;

use crate::model::query::{PRINCIPAL, SIZE};

/// A clause as it stands in the text.
pub(super) struct RawClause {
    pub start: usize,
    pub disabled: bool,
    pub exclude: bool,
    /// What follows the signs.
    pub body: Range<usize>,
    pub kind: RawKind,
}

pub(super) enum RawKind {
    Word,
    Phrase { closed: bool },
    Pattern,
    EventPattern,
    Field { field: Field, path: Range<usize>, values: Vec<RawValue> },
}

/// A value: `core` between optional wildcards.
pub(super) struct RawValue {
    pub range: Range<usize>,
    /// The quotes and what is between them; `None` for a bare value.
    pub quoted: Option<Quoted>,
}

pub(super) struct Quoted {
    pub range: Range<usize>,
    pub closed: bool,
    /// Text directly after the closing quote and wildcard, which has no place there.
    pub junk: Range<usize>,
}

/// All clauses of a text.
pub(super) fn clauses(text: &str) -> impl Iterator<Item = RawClause> {
    let mut at = 0;
    std::iter::from_fn(move || {
        at += text[at..].len() - text[at..].trim_start().len();
        let clause = (at < text.len()).then(|| clause(text, at))?;
        at = clause.body.end;
        Some(clause)
    })
}

fn clause(text: &str, start: usize) -> RawClause {
    let mut at = start;
    let mut sign = |sign: char| {
        let after = text[at..].strip_prefix(sign).and_then(|rest| rest.chars().next());
        let found = after.is_some_and(|c| !c.is_whitespace());
        at += usize::from(found);
        found
    };
    let (disabled, exclude) = (sign('~'), sign('-'));
    let rest = &text[at..];
    let (kind, end) = if rest.starts_with('"') {
        let (len, closed) = text::scan_quoted(rest);
        (RawKind::Phrase { closed }, at + len)
    } else if eventbridge::starts(rest) {
        (RawKind::EventPattern, at + eventbridge::extent(rest).unwrap_or(rest.len()))
    } else if rest.starts_with('{') {
        (RawKind::Pattern, at + cloudwatch::json_extent(rest).unwrap_or(rest.len()))
    } else if let Some((field, len)) = field_prefix(rest) {
        let (values, end) = values(text, at + len + 1);
        (RawKind::Field { field, path: at..at + len, values }, end)
    } else {
        (RawKind::Word, at + word_len(rest))
    };
    RawClause { start, disabled, exclude, body: at..end, kind }
}

fn word_len(rest: &str) -> usize {
    rest.find(char::is_whitespace).unwrap_or(rest.len())
}

/// The field that `rest` begins with, if a colon follows it and the whole does not look like free text.
pub(super) fn field_prefix(rest: &str) -> Option<(Field, usize)> {
    let (field, len) =
        match [(PRINCIPAL, Field::Principal), (SIZE, Field::Size)].into_iter().find(|(name, _)| rest.starts_with(name))
        {
            Some((name, field)) => (field, name.len()),
            None => {
                let (selector, len) = path::prefix(rest);
                (!selector.steps.is_empty()).then_some((Field::Path(selector), len))?
            }
        };
    let value = rest[len..].strip_prefix(':')?;
    (!looks_like_text(&rest[..len], &value[..word_len(value)])).then_some((field, len))
}

/// Whether `left:right` is more likely one piece of text than a field and a value. `$` or `@` in front
/// settles it.
fn looks_like_text(left: &str, right: &str) -> bool {
    if left.starts_with(['$', '@']) {
        return false;
    }
    let first = left.as_bytes().first().copied().unwrap_or_default();
    let scheme = matches!(left, "arn" | "urn" | "http" | "https") || right.starts_with("//");
    let hex = |s: &str| s.bytes().all(|byte| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.' | b'/'));
    let address = hex(left) && hex(right) && right.contains(':');
    let unique_id =
        left.len() >= 16 && first == b'A' && left.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    scheme || first.is_ascii_digit() || right.starts_with(':') || address || unique_id
}

fn values(text: &str, mut at: usize) -> (Vec<RawValue>, usize) {
    let mut values = Vec::new();
    loop {
        let value = value(text, at);
        at = value.range.end;
        values.push(value);
        if !text[at..].starts_with(',') {
            return (values, at);
        }
        at += 1;
    }
}

fn value(text: &str, start: usize) -> RawValue {
    let rest = &text[start..];
    let run =
        |from: usize| text[from..].find(|c: char| c == ',' || c.is_whitespace()).map_or(text.len(), |len| from + len);
    let star = usize::from(rest.starts_with("*\""));
    if !rest[star..].starts_with('"') {
        return RawValue { range: start..run(start), quoted: None };
    }
    let (len, closed) = text::scan_quoted(&rest[star..]);
    let quotes = start + star..start + star + len;
    let stars_end = quotes.end + usize::from(text[quotes.end..].starts_with('*'));
    let end = run(stars_end);
    RawValue { range: start..end, quoted: Some(Quoted { range: quotes, closed, junk: stars_end..end }) }
}

/// Pieces of a query for syntax colours, in order. Works on any text.
pub fn tokens(query: &str) -> Vec<(Range<usize>, TokenKind)> {
    let mut tokens = Vec::new();
    for clause in clauses(query) {
        if clause.start < clause.body.start {
            tokens.push((clause.start..clause.body.start, TokenKind::Operator));
        }
        let body = clause.body;
        match clause.kind {
            RawKind::Word => tokens.push((body, TokenKind::Text)),
            RawKind::Phrase { closed } => tokens.push((body, if closed { TokenKind::Text } else { TokenKind::Error })),
            RawKind::Pattern | RawKind::EventPattern => {
                let is_event = matches!(clause.kind, RawKind::EventPattern);
                let of_language = if is_event { eventbridge::tokens } else { cloudwatch::tokens };
                let inner = of_language(&query[body.clone()]);
                tokens.extend(inner.into_iter().map(|(at, kind)| (body.start + at.start..body.start + at.end, kind)));
            }
            RawKind::Field { path, values, .. } => {
                tokens.push((path.end..path.end + 1, TokenKind::Punctuation));
                tokens.push((path, TokenKind::Field));
                for value in values {
                    if query[..value.range.start].ends_with(',') {
                        tokens.push((value.range.start - 1..value.range.start, TokenKind::Punctuation));
                    }
                    value_tokens(query, value, &mut tokens);
                }
            }
        }
    }
    tokens.retain(|(range, _)| !range.is_empty());
    tokens.sort_by_key(|(range, _)| range.start);
    tokens
}

fn value_tokens(query: &str, value: RawValue, tokens: &mut Vec<(Range<usize>, TokenKind)>) {
    let Some(quoted) = value.quoted else {
        let text = &query[value.range.clone()];
        let operator = text.bytes().take_while(|byte| b"<>=".contains(byte)).count();
        let split = value.range.start + if text.starts_with(['<', '>']) { operator } else { 0 };
        let kind = if number(&query[split..value.range.end]).is_some() { TokenKind::Number } else { TokenKind::Text };
        tokens.extend([(value.range.start..split, TokenKind::Operator), (split..value.range.end, kind)]);
        return;
    };
    let kind = if quoted.closed { TokenKind::Text } else { TokenKind::Error };
    tokens.extend([(value.range.start..quoted.junk.start, kind), (quoted.junk, TokenKind::Error)]);
}
