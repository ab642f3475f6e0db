//! Clauses added to a pattern by its tree: "and only this value", "but not this value".
//!
//! Law: a pattern with an exclusion matches what it matched before, but for the events that have the value; with an
//! inclusion, only those that have it (`tests/tuning.rs`). The trap is `!=`, which holds on no event that lacks
//! the field, so an exclusion says `NOT EXISTS` besides (metric filters, truth table; case `mf-miss-01` and its
//! neighbours). One thing no clause can say: events in which the field holds an object or an array fail `!=` too.

use super::ast::{Expr, JsonCondition, JsonTest, Pattern, Value, ValueKind};
use super::parse;
use crate::filter::predicate::{Comparison, Glob, Selector, Step};
use crate::pattern::{Span, path};

/// Members of an event whose content is up to the service, so that `null` can stand for any value in them.
const FREE_FORM: [&str; 4] = ["requestParameters", "responseElements", "additionalEventData", "serviceEventDetails"];

/// What a clause says about a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clause {
    /// And only events that have it.
    Only,
    /// But no events that have it.
    Not,
}

/// The pattern with a clause about a field's value, as text; `None` is "without the field".
///
/// Errors: one sentence that says why the clause cannot be written.
pub fn with_clause(pattern: &str, clause: Clause, selector: &str, value: Option<&str>) -> Result<String, String> {
    let selector = path::parse_selector(selector).map_err(|error| error.message)?;
    let is_many = selector.steps.iter().any(|step| matches!(step, Step::AnyKey | Step::AnyElement));
    if is_many && clause == Clause::Not {
        return Err("a condition with * holds if any element satisfies it, so none can exclude by one element".into());
    }
    if value.is_some_and(|value| Glob::parse(value) != Glob::literal(value)) {
        return Err("* at the end of a value is always a wildcard, so this value alone cannot be named".into());
    }
    let tree = parse(pattern).map_err(|error| format!("the pattern cannot be read: {}", error.message))?;
    let added = match (clause, value) {
        (Clause::Only, Some(value)) => only(&selector, value),
        (Clause::Only, None) => leaf(&selector, JsonTest::NotExists),
        (Clause::Not, Some(value)) => not(&selector, value),
        (Clause::Not, None) => leaf(&selector, compare(Comparison::Equal, ValueKind::Bare("*".into()))),
    };
    let joined = match tree {
        Pattern::Json(before) => Expr::and(Span::default(), vec![before, added]),
        Pattern::Terms(terms) if terms.iter().all(|term| term.text.trim().is_empty()) => added,
        _ => return Err("only patterns over JSON fields take clauses about fields".into()),
    };
    let text = Pattern::Json(joined).print();
    parse(&text).map(|_| text).map_err(|error| format!("the pattern would be refused: {}", error.message))
}

/// The member of `userIdentity` that a value of `@principal` is from, as its form shows.
pub fn principal_member(value: &str) -> &'static str {
    if value.ends_with(".amazonaws.com") {
        "invokedBy"
    } else if value.len() == 12 && value.bytes().all(|byte| byte.is_ascii_digit()) {
        "accountId"
    } else if value.starts_with("AIDA") || value.starts_with("AROA") {
        "principalId"
    } else if value.starts_with("arn:") {
        "arn"
    } else {
        "userName"
    }
}

/// What a value's text can have been: a boolean or `null` is no text to CloudWatch.
fn only(selector: &Selector, value: &str) -> Expr<JsonCondition> {
    let text = leaf(selector, compare(Comparison::Equal, spelled(value)));
    let other = match value {
        "true" => JsonTest::IsBool(true),
        "false" => JsonTest::IsBool(false),
        "null" => JsonTest::IsNull,
        _ => return text,
    };
    Expr::or(Span::default(), vec![leaf(selector, other), text])
}

fn not(selector: &Selector, value: &str) -> Expr<JsonCondition> {
    let mut kept = vec![leaf(selector, compare(Comparison::NotEqual, spelled(value)))];
    if let Ok(value) = value.parse::<bool>() {
        kept.push(leaf(selector, JsonTest::IsBool(!value)));
    }
    kept.push(leaf(selector, JsonTest::NotExists));
    let is_free = matches!(selector.steps.first(), Some(Step::Key(key)) if FREE_FORM.contains(&key.as_str()));
    if is_free && value != "null" {
        kept.push(leaf(selector, JsonTest::IsNull));
    }
    Expr::or(Span::default(), kept)
}

/// One condition.
pub(in crate::pattern) fn leaf(selector: &Selector, test: JsonTest) -> Expr<JsonCondition> {
    let condition = JsonCondition { selector: selector.clone(), selector_span: Span::default(), test };
    Expr::leaf(Span::default(), condition)
}

/// A comparison with a value.
pub(in crate::pattern) fn compare(comparison: Comparison, kind: ValueKind) -> JsonTest {
    JsonTest::Compare(comparison, Value { span: Span::default(), kind })
}

/// In quotes: numbers compare by their text that way, whether the event has them as numbers or as text.
fn spelled(value: &str) -> ValueKind {
    ValueKind::Quoted(value.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOT_EXISTS: &str = "$.errorCode NOT EXISTS";

    #[test]
    fn clauses_join_with_the_right_parentheses() {
        for (pattern, clause, expected) in [
            ("", Clause::Only, "{ $.errorCode = \"X\" }".to_owned()),
            ("{ $.a = b }", Clause::Only, "{ $.a = b && $.errorCode = \"X\" }".into()),
            ("{ $.a = b || $.c = d }", Clause::Only, "{ ($.a = b || $.c = d) && $.errorCode = \"X\" }".into()),
            ("", Clause::Not, format!("{{ $.errorCode != \"X\" || {NOT_EXISTS} }}")),
            ("{ $.a = b }", Clause::Not, format!("{{ $.a = b && ($.errorCode != \"X\" || {NOT_EXISTS}) }}")),
        ] {
            assert_eq!(with_clause(pattern, clause, "$.errorCode", Some("X")), Ok(expected), "{pattern}");
        }
    }

    #[test]
    fn values_that_are_no_text_and_no_value_at_all() {
        let clause = |clause, selector: &str, value| with_clause("", clause, selector, value).unwrap();
        assert_eq!(
            clause(Clause::Not, "$.readOnly", Some("true")),
            "{ $.readOnly != \"true\" || $.readOnly IS FALSE || $.readOnly NOT EXISTS }"
        );
        assert_eq!(clause(Clause::Only, "$.readOnly", Some("true")), "{ $.readOnly IS TRUE || $.readOnly = \"true\" }");
        assert_eq!(clause(Clause::Only, "$.errorCode", None), "{ $.errorCode NOT EXISTS }");
        assert_eq!(clause(Clause::Not, "$.errorCode", None), "{ $.errorCode = * }");
        assert!(clause(Clause::Not, "$.requestParameters.key", Some("a")).contains("key IS NULL"));
    }

    #[test]
    fn what_cannot_be_said_is_refused_in_words() {
        let refused = |pattern: &str, clause, selector: &str, value: &str| {
            with_clause(pattern, clause, selector, Some(value)).unwrap_err()
        };
        assert!(refused("", Clause::Not, "$.resources[*].ARN", "x").contains("any element"));
        assert!(refused("", Clause::Only, "$.eventName", "Get*").contains("wildcard"));
        assert!(refused("ERROR", Clause::Not, "$.eventName", "x").contains("JSON fields"));
        assert!(refused("{ $.a == b }", Clause::Not, "$.eventName", "x").contains("cannot be read"));
        assert!(refused("{ $.a = b }", Clause::Not, "$.eventName", &"x".repeat(1_024)).contains("refused"));
    }
}
