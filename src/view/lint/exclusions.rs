//! The conditions with `!=` of a pattern, each with the events that it is there to sort: `!=` is false where the field is
//! absent, so that an exclusion of a field that most of them lack leaves most of them out.
//!
//! It sorts the events on which the conditions joined to it by `&&` hold. Other exclusions are not among these: two of
//! one field leave out the same events, and either would hide that of the other. Not in the list is a condition beside
//! which an alternative says that the field, or what it is in, may be absent; one that stands among alternatives about
//! other fields, of which the text alone [tells](crate::pattern::cloudwatch::check) more; and one that is never true.

use crate::filter::predicate::{Comparison, Glob, Selector};
use crate::model::fields::AMONG_MAX;
use crate::pattern::cloudwatch::Pattern;
use crate::pattern::cloudwatch::ast::{Expr, ExprKind, JsonCondition, JsonTest};

/// One condition with `!=`.
pub(super) struct Exclusion<'a> {
    /// The condition.
    pub condition: &'a JsonCondition,
    /// The filter pattern that the events match which it sorts; empty for all events.
    pub among: String,
}

/// Those of a pattern, in the order of the text; [`AMONG_MAX`] at most.
pub(super) fn exclusions(expr: &Expr<JsonCondition>) -> Vec<Exclusion<'_>> {
    let mut found = Vec::new();
    add(expr, &[], &[], &mut found);
    found.truncate(AMONG_MAX);
    found
}

/// `beside` are the conditions joined by `&&`, `absent` the fields of which an alternative says that they may be absent.
fn add<'a>(
    expr: &'a Expr<JsonCondition>,
    beside: &[&'a Expr<JsonCondition>],
    absent: &[&'a Selector],
    found: &mut Vec<Exclusion<'a>>,
) {
    match &expr.kind {
        ExprKind::And(items) => {
            for (at, item) in items.iter().enumerate() {
                let others = items.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, other)| other);
                let others = others.filter(|other| !excludes(other));
                add(item, &beside.iter().copied().chain(others).collect::<Vec<_>>(), absent, found);
            }
        }
        ExprKind::Or(items) => {
            let missing = items.iter().filter_map(|item| match &item.kind {
                ExprKind::Leaf(JsonCondition { selector, test: JsonTest::NotExists, .. }) => Some(selector),
                _ => None,
            });
            let absent: Vec<_> = absent.iter().copied().chain(missing).collect();
            let is_about = |item: &Expr<JsonCondition>, selector: &Selector| matches!(&item.kind, ExprKind::Leaf(other) if other.selector == *selector);
            for item in items {
                let is_alternative = matches!(&item.kind, ExprKind::Leaf(condition)
                    if !items.iter().all(|other| is_about(other, &condition.selector)));
                if !is_alternative {
                    add(item, beside, &absent, found);
                }
            }
        }
        ExprKind::Leaf(condition) => {
            let may_be_absent = absent.iter().any(|field| condition.selector.steps.starts_with(&field.steps));
            if is_exclusion(condition) && !may_be_absent {
                let beside: Vec<_> = beside.iter().map(|&item| item.clone()).collect();
                let is_all = beside.is_empty();
                let among = (!is_all).then(|| Pattern::Json(Expr::and(expr.span, beside)).print());
                found.push(Exclusion { condition, among: among.unwrap_or_default() });
            }
        }
    }
}

fn is_exclusion(condition: &JsonCondition) -> bool {
    let JsonTest::Compare(Comparison::NotEqual, value) = &condition.test else { return false };
    !value.kind.text().is_some_and(|text| Glob::parse(text).is_any())
}

fn excludes(expr: &Expr<JsonCondition>) -> bool {
    let mut found = false;
    expr.for_each(&mut |condition| found |= matches!(condition.test, JsonTest::Compare(Comparison::NotEqual, _)));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::cloudwatch::parse;

    fn found(pattern: &str) -> Vec<(String, String)> {
        let Pattern::Json(expr) = parse(pattern).unwrap() else { panic!("{pattern}") };
        let told = exclusions(&expr).into_iter();
        told.map(|exclusion| (exclusion.condition.selector.to_string(), exclusion.among)).collect()
    }

    #[test]
    fn an_exclusion_sorts_the_events_that_the_conditions_beside_it_leave() {
        for (pattern, expected) in [
            ("{ $.a != x }", &[("$.a", "")][..]),
            ("{ $.b = y && $.a != x }", &[("$.a", "{ $.b = y }")]),
            ("{ $.b = y && ($.c = z || ($.a != x && $.d = 1)) }", &[("$.a", "{ $.b = y && $.d = 1 }")]),
            ("{ ($.b = y || $.c = z) && $.a != x }", &[("$.a", "{ $.b = y || $.c = z }")]),
            ("{ $.a != x && $.a != y && $.b != z }", &[("$.a", ""), ("$.a", ""), ("$.b", "")]),
            ("{ $.a != x && ($.b != y || $.b NOT EXISTS) }", &[("$.a", "")]),
            ("{ $.a != x || $.a IS NULL }", &[("$.a", "")]),
        ] {
            let expected: Vec<_> = expected.iter().map(|&(field, among)| (field.into(), among.into())).collect();
            assert_eq!(found(pattern), expected, "{pattern}");
        }
    }

    #[test]
    fn what_minds_the_absence_or_is_told_by_the_text_is_left_out() {
        for pattern in [
            "{ $.a != x || $.a NOT EXISTS }",
            "{ $.b = y && ($.a.c != x || $.a NOT EXISTS) }",
            "{ ($.a != x && $.b = y) || $.a NOT EXISTS }",
            "{ $.b = y || $.a != x }",
            "{ $.a != * }",
            "{ $.a = x }",
        ] {
            assert_eq!(found(pattern), [], "{pattern}");
        }
    }
}
