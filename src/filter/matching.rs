//! What a test says about one value: the truth table of CloudWatch's JSON patterns, text matching of
//! messages, and the tokeniser of space-delimited patterns.
//!
//! Pure functions without a data model: the columnar evaluator calls them once per distinct value, the
//! JSON-walking one once per selected value, so both agree by construction. Absence is not a value:
//! evaluators answer [`Test::NotExists`] themselves.

use super::predicate::{
    Comparison, MessageTest, Operand, Scalar, SpaceCondition, SpaceField, SpacePattern, Test, number,
};
use memchr::{memchr2_iter, memmem};

impl Test {
    /// Whether one selected value passes.
    ///
    /// CloudWatch Logs User Guide, "Filter pattern syntax for metric filters" (cases `mf-json-*`, `mf-num-*`,
    /// `mf-wild-*`): `=` and `!=` are both false on `null`, objects and arrays, order is defined for numbers only.
    /// [`Test::NotExists`] is false here, because a value was selected.
    pub fn matches(&self, value: Scalar) -> bool {
        match self {
            Self::Compare(comparison, operand) => match comparison {
                Comparison::Equal => equals(operand, value) == Some(true),
                Comparison::NotEqual => equals(operand, value) == Some(false),
                _ => match value {
                    Scalar::Int(left) => ordered(*comparison, left as f64, operand),
                    Scalar::Float(left) => ordered(*comparison, left, operand),
                    _ => false,
                },
            },
            Self::IsNull => matches!(value, Scalar::Null),
            Self::IsBool(wanted) => matches!(value, Scalar::Bool(found) if found == *wanted),
            Self::NotExists => false,
            Self::OneOf(texts) => value.text().is_some_and(|text| texts.iter().any(|wanted| *wanted == text)),
        }
    }
}

/// Whether the value equals the operand; `None` where neither `=` nor `!=` holds.
fn equals(operand: &Operand, value: Scalar) -> Option<bool> {
    match (value, operand) {
        (Scalar::Null | Scalar::Object | Scalar::Array, _) => None,
        // `= *` asks for any scalar; other comparisons with a boolean are IS TRUE and IS FALSE.
        (Scalar::Bool(_), Operand::Text(glob)) => glob.is_any().then_some(true),
        (Scalar::Bool(_), _) => None,
        (Scalar::Str(left), Operand::Number(_, right)) => Some(left == right),
        (Scalar::Int(left), Operand::Number(right, _)) => Some(left as f64 == *right),
        (Scalar::Float(left), Operand::Number(right, _)) => Some(left == *right),
        (_, Operand::Text(glob)) => value.text().map(|text| glob.matches(&text)),
        (_, Operand::Regex(regex)) => value.text().map(|text| regex.is_match(&text)),
    }
}

/// `<`, `<=`, `>`, `>=`: numbers only.
fn ordered(comparison: Comparison, left: f64, operand: &Operand) -> bool {
    let Operand::Number(right, _) = operand else { return false };
    match comparison {
        Comparison::Less => left < *right,
        Comparison::LessOrEqual => left <= *right,
        Comparison::Greater => left > *right,
        Comparison::GreaterOrEqual => left >= *right,
        Comparison::Equal | Comparison::NotEqual => false,
    }
}

impl MessageTest {
    /// Whether the raw log message passes (cases `mf-term-*`, `mf-rx-*`, `mf-space-*`).
    pub fn matches(&self, message: &str) -> bool {
        match self {
            Self::Contains(text) => memmem::find(message.as_bytes(), text.as_bytes()).is_some(),
            Self::Matches(regex) => regex.is_match(message),
            Self::Fields(pattern) => pattern.matches(message),
        }
    }
}

impl SpacePattern {
    /// Whether the message splits into fields that pass: as many as there are, or at least as many with `...`.
    pub fn matches(&self, message: &str) -> bool {
        self.fit(message).is_some()
    }

    /// The fields of a matching message, as TestMetricFilter's `extractedValues` names them: `$name` for a
    /// named field, `$1`, `$2` … (position in the message) for others. `None` when it does not match
    /// (API reference, TestMetricFilter; cases `met-ext-*`).
    pub fn extract(&self, message: &str) -> Option<Vec<(String, String)>> {
        let tokens = self.fit(message)?;
        let tail_from = tokens.len() - self.tail.len();
        let name = |at: usize| {
            let field = if at >= tail_from { self.tail.get(at - tail_from) } else { self.head.get(at) };
            field.and_then(|field| field.name.as_deref())
        };
        let key = |at: usize| name(at).map_or_else(|| format!("${}", at + 1), |name| format!("${name}"));
        Some(tokens.iter().enumerate().map(|(at, token)| (key(at), (*token).to_owned())).collect())
    }

    /// The message's fields, if they pass.
    fn fit<'m>(&self, message: &'m str) -> Option<Vec<&'m str>> {
        let needed = self.head.len() + self.tail.len();
        let limit = if self.ellipsis { usize::MAX } else { needed + 1 };
        let found: Vec<&str> = tokens(message).take(limit).collect();
        if found.len() < needed || (!self.ellipsis && found.len() != needed) {
            return None;
        }
        let tail = &found[found.len() - self.tail.len()..];
        let passes =
            |fields: &[SpaceField], texts: &[&str]| fields.iter().zip(texts).all(|(f, t)| f.condition.matches(t));
        (passes(&self.head, &found) && passes(&self.tail, tail)).then_some(found)
    }
}

impl SpaceCondition {
    /// Whether one field's text passes. Two numbers compare as numbers, anything else as text.
    fn matches(&self, token: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Compare(Comparison::Equal, operand) => token_equals(operand, token),
            Self::Compare(Comparison::NotEqual, operand) => !token_equals(operand, token),
            Self::Compare(comparison, operand) => number(token).is_some_and(|left| ordered(*comparison, left, operand)),
            Self::And(all) => all.iter().all(|one| one.matches(token)),
            Self::Or(any) => any.iter().any(|one| one.matches(token)),
        }
    }
}

fn token_equals(operand: &Operand, token: &str) -> bool {
    match operand {
        Operand::Number(right, text) => number(token).map_or(token == text, |left| left == *right),
        Operand::Text(glob) => glob.matches(token),
        Operand::Regex(regex) => regex.is_match(token),
    }
}

/// Splits a message into fields: white space separates, text in `"…"` or `[…]` is one field without the delimiters.
///
/// A delimiter in the middle of a field is literal, one that is never closed runs to the end of the message.
pub fn tokens(message: &str) -> impl Iterator<Item = &str> {
    let mut rest = message;
    std::iter::from_fn(move || {
        rest = rest.trim_ascii_start();
        let (token, after) = match rest.as_bytes().first()? {
            b'"' => delimited(&rest[1..], '"'),
            b'[' => delimited(&rest[1..], ']'),
            _ => rest.split_at(rest.find(|c: char| c.is_ascii_whitespace()).unwrap_or(rest.len())),
        };
        rest = after;
        Some(token)
    })
}

fn delimited(text: &str, close: char) -> (&str, &str) {
    text.split_once(close).unwrap_or((text, ""))
}

/// Whether `text` contains `lower` (which is lower case already), ignoring case. Free text of the search bar.
pub fn contains_ignoring_case(text: &str, lower: &str) -> bool {
    if !text.is_ascii() {
        return text.to_lowercase().contains(lower);
    }
    let (text, lower) = (text.as_bytes(), lower.as_bytes());
    let Some((&first, rest)) = lower.split_first() else { return true };
    let Some(last_start) = text.len().checked_sub(lower.len()) else { return false };
    memchr2_iter(first, first.to_ascii_uppercase(), &text[..=last_start])
        .any(|at| text[at + 1..at + lower.len()].eq_ignore_ascii_case(rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filter::predicate::Glob;

    #[test]
    fn message_fields_lose_their_delimiters() {
        let split = |text| tokens(text).collect::<Vec<_>>();
        assert_eq!(split(r#" a [b c]  "d e" f"g "#), ["a", "b c", "d e", "f\"g"]);
        assert_eq!(split("\"open [end"), ["open [end"]);
        assert_eq!(split("\"\" x"), ["", "x"]);
        assert_eq!(split(" \t\n"), Vec::<&str>::new());
    }

    #[test]
    fn free_text_ignores_case_in_any_script() {
        assert!(contains_ignoring_case("ConsoleLOGIN", "login"));
        assert!(contains_ignoring_case("Straße ÄÖ", "äö"));
        assert!(contains_ignoring_case("x", ""));
        assert!(!contains_ignoring_case("log", "login"));
        assert!(!contains_ignoring_case("login", "logín"));
    }

    #[test]
    fn presence_is_any_scalar() {
        let any = Test::Compare(Comparison::Equal, Operand::Text(Glob::parse("*")));
        for value in [Scalar::Bool(false), Scalar::Int(0), Scalar::Float(0.5), Scalar::Str("")] {
            assert!(any.matches(value), "{value:?}");
        }
        for value in [Scalar::Null, Scalar::Object, Scalar::Array] {
            assert!(!any.matches(value), "{value:?}");
        }
    }

    #[test]
    fn a_text_choice_sees_every_scalar_by_its_text() {
        let test = Test::OneOf(vec!["true".into(), "12".into(), "null".into(), "0.5".into(), "x".into()]);
        for value in [Scalar::Bool(true), Scalar::Int(12), Scalar::Null, Scalar::Float(0.5), Scalar::Str("x")] {
            assert!(test.matches(value), "{value:?}");
        }
        assert!(!test.matches(Scalar::Object) && !test.matches(Scalar::Bool(false)) && !test.matches(Scalar::Str("")));
    }
}
