//! Text to clauses.

use super::scan::{RawClause, RawKind, RawValue, clauses};
use super::{Clause, ClauseKind, FieldTest, FieldValue, MAX_BYTES, SearchQuery};
use crate::filter::predicate::{Comparison, Glob, number};
use crate::pattern::{PatternError, Span, cloudwatch, eventbridge, text};

/// Reads a query.
pub fn parse(query: &str) -> Result<SearchQuery, PatternError> {
    if query.len() > MAX_BYTES {
        return Err(PatternError::new(0..query.len(), format!("a search has at most {MAX_BYTES} bytes")));
    }
    clauses(query).map(|raw| clause(query, raw)).collect::<Result<_, _>>().map(|clauses| SearchQuery { clauses })
}

fn clause(query: &str, raw: RawClause) -> Result<Clause, PatternError> {
    let body = &query[raw.body.clone()];
    let kind = match raw.kind {
        // Free text is found anywhere in a value, so wildcards at its ends say nothing.
        RawKind::Word => ClauseKind::Text(body.trim_matches('*').to_owned()),
        RawKind::Phrase { closed: true } => ClauseKind::Text(text::unquote(body)),
        RawKind::Phrase { closed: false } => return Err(PatternError::new(raw.body, "the quote is never closed")),
        RawKind::Pattern => ClauseKind::Pattern(cloudwatch::parse_json_at(query, raw.body.start, raw.body.end)?),
        RawKind::EventPattern => {
            let pattern = eventbridge::parse(body).map_err(|error| error.shifted(raw.body.start))?;
            ClauseKind::EventPattern(pattern)
        }
        RawKind::Field { field, path, values } => {
            let test = field_test(query, &values).map_err(|error| match values.as_slice() {
                [only] if only.range.is_empty() => {
                    let name = &query[path];
                    error.help(format!("{name}:* finds events with the field, -{name}:* those without"))
                }
                _ => error,
            })?;
            ClauseKind::Field(field, test)
        }
    };
    let span = Span { start: raw.start, end: raw.body.end };
    Ok(Clause { span, disabled: raw.disabled, exclude: raw.exclude, kind })
}

fn field_test(query: &str, values: &[RawValue]) -> Result<FieldTest, PatternError> {
    if let [only] = values
        && only.quoted.is_none()
        && let Some((comparison, operand)) = comparison(&query[only.range.clone()])
    {
        if number(operand).is_none() {
            let message = "a number is missing after the operator";
            return Err(
                PatternError::new(only.range.clone(), message).help("text that begins with < or > needs quotes")
            );
        }
        return Ok(FieldTest::Compare(comparison, operand.to_owned()));
    }
    let values: Vec<Option<FieldValue>> = values.iter().map(|raw| value(query, raw)).collect::<Result<_, _>>()?;
    // One alternative that is always true makes the others idle.
    Ok(values.into_iter().collect::<Option<Vec<_>>>().map_or(FieldTest::Exists, FieldTest::Values))
}

/// Splits `>=5` into operator and operand.
fn comparison(text: &str) -> Option<(Comparison, &str)> {
    [
        ("<=", Comparison::LessOrEqual),
        (">=", Comparison::GreaterOrEqual),
        ("<", Comparison::Less),
        (">", Comparison::Greater),
    ]
    .into_iter()
    .find_map(|(symbol, comparison)| Some((comparison, text.strip_prefix(symbol)?)))
}

/// One value; `None` for a wildcard that matches everything.
fn value(query: &str, raw: &RawValue) -> Result<Option<FieldValue>, PatternError> {
    let whole = &query[raw.range.clone()];
    let glob = match &raw.quoted {
        Some(quoted) if !quoted.closed => {
            return Err(PatternError::new(quoted.range.clone(), "the quote is never closed"));
        }
        Some(quoted) if !quoted.junk.is_empty() => {
            let message = "a comma or a space is missing after the closing quote";
            return Err(PatternError::new(quoted.junk.clone(), message));
        }
        Some(quoted) => Glob {
            text: text::unquote(&query[quoted.range.clone()]),
            open_start: quoted.range.start > raw.range.start,
            open_end: quoted.range.end < raw.range.end,
        },
        None if whole.is_empty() => return Err(PatternError::new(raw.range.clone(), "a value is missing here")),
        None if comparison(whole).is_some() => {
            let message = "a comparison cannot be one of several values";
            return Err(PatternError::new(raw.range.clone(), message).help("text that begins with < or > needs quotes"));
        }
        None => Glob::parse(whole),
    };
    Ok(match glob {
        Glob { text, open_start: false, open_end: false } => Some(FieldValue::Literal(text)),
        glob if glob.text.is_empty() => None,
        glob => Some(FieldValue::Wildcard(glob)),
    })
}
