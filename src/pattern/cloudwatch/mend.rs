//! The change that ends a warning: the pattern as it was probably meant, as text.
//!
//! Law: what is offered parses, and the warning is gone (`tests/lint.rs`). So a change is tried before it is offered;
//! where none is sure there is none. Text that has nothing to do with the warning stays as it is written, but for
//! operators: these are changed in the tree, and the tree is printed.

use super::ast::{
    Expr, ExprKind, JsonCondition, JsonTest, Pattern, Role, SpaceItem, SpaceItemKind, Term, Value, ValueKind,
};
use super::{Lint, LintCode, check, parse};
use crate::filter::predicate::{Comparison, Selector};
use crate::pattern::text;
use std::ops::Range;

/// A change of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mend {
    /// What it does, in a few words.
    pub label: String,
    /// The pattern after it.
    pub pattern: String,
}

/// The change that ends `lint`, one of the warnings about `pattern`.
pub fn mend(pattern: &str, lint: &Lint) -> Option<Mend> {
    let tree = parse(pattern).ok()?;
    let found = pattern.get(lint.span.clone())?;
    let replaced = |label: String, text: &str| {
        let pattern = spliced(pattern, &lint.span, text)?;
        Some(Mend { label, pattern })
    };
    let written = |text: &str| replaced(format!("Write {text}"), text);
    let mended = match lint.code {
        LintCode::NegationInOr => {
            let Pattern::Json(expr) = &tree else { return None };
            let pattern = Pattern::Json(exclusions_apart(expr, &lint.span)).print();
            Some(Mend { label: "Join the exclusion by &&".into(), pattern })
        }
        LintCode::MixedOperators => replaced("Write the parentheses".into(), &format!("({found})")),
        LintCode::BooleanAsText | LintCode::NullAsText => {
            let (condition, comparison) = json_condition(&tree, &lint.span)?;
            let test = match (lint.code, comparison) {
                (LintCode::NullAsText, Comparison::Equal) => "IS NULL",
                (LintCode::NullAsText, _) => return None,
                (_, Comparison::Equal | Comparison::NotEqual) => {
                    let is_true = found.eq_ignore_ascii_case("true") == (comparison == Comparison::Equal);
                    if is_true { "IS TRUE" } else { "IS FALSE" }
                }
                _ => return None,
            };
            retest(pattern, condition, test)
        }
        LintCode::NeverTrue => {
            let (condition, Comparison::NotEqual) = json_condition(&tree, &lint.span)? else { return None };
            retest(pattern, condition, "NOT EXISTS")
        }
        LintCode::NoNumber => value(&tree, &lint.span)?.kind.text().and_then(written),
        LintCode::SingleQuotes => written(&text::quote(found.trim_matches('\''))),
        LintCode::Backslash => written(&text::quote(value(&tree, &lint.span)?.kind.text()?)),
        LintCode::UnquotedSymbols => {
            let term = term(&tree, &lint.span)?;
            let sign = match term.role {
                Role::Required => "",
                Role::Optional => "?",
                Role::Excluded => "-",
            };
            written(&format!("{sign}{}", text::quote(&term.text)))
        }
        LintCode::MissingBraces => {
            Some(Mend { label: "Write the braces".into(), pattern: format!("{{ {} }}", pattern.trim()) })
        }
        LintCode::OptionalIgnored
        | LintCode::InnerWildcard
        | LintCode::FieldAsText
        | LintCode::WordOperator
        | LintCode::UndocumentedRegex
        | LintCode::DuplicateName => None,
    }?;
    let left = check(&parse(&mended.pattern).ok()?);
    let same = |lints: &[Lint]| lints.iter().filter(|other| other.code == lint.code).count();
    (same(&left) < same(&check(&tree))).then_some(mended)
}

/// The pattern with other text at a place.
pub fn spliced(pattern: &str, at: &Range<usize>, text: &str) -> Option<String> {
    Some(format!("{}{text}{}", pattern.get(..at.start)?, pattern.get(at.end..)?))
}

/// The pattern with another test in a condition that compares.
pub fn retest(pattern: &str, condition: &JsonCondition, test: &str) -> Option<Mend> {
    let JsonTest::Compare(_, value) = &condition.test else { return None };
    let all = condition.selector_span.start..value.span.end;
    let text = format!("{} {test}", pattern.get(condition.selector_span.range())?);
    Some(Mend { label: format!("Write {text}"), pattern: spliced(pattern, &all, &text)? })
}

/// The pattern in which a condition that compares holds where its field is absent, too.
pub fn or_absent(pattern: &str, condition: &JsonCondition) -> Option<String> {
    let JsonTest::Compare(_, value) = &condition.test else { return None };
    let (start, end) = (condition.selector_span.start, value.span.end);
    let (before, after) = (pattern.get(..start)?.trim_end(), pattern.get(end..)?.trim_start());
    // Brackets directly around it are about nothing else.
    let is_alone = before.ends_with(['(', '{']) && after.starts_with([')', '}']);
    let text = format!("{} || {} NOT EXISTS", pattern.get(start..end)?, condition.selector);
    spliced(pattern, &(start..end), &if is_alone { text } else { format!("({text})") })
}

/// The tree in which the alternatives that `span` is one of stand apart from the exclusions among them:
/// `a || b || c != d` as `(a || b) && c != d`. What says "or missing" about an excluded field stays with it.
fn exclusions_apart(expr: &Expr<JsonCondition>, span: &Range<usize>) -> Expr<JsonCondition> {
    let within = |items: &[Expr<JsonCondition>]| items.iter().map(|item| exclusions_apart(item, span)).collect();
    let items = match &expr.kind {
        ExprKind::Leaf(_) => return expr.clone(),
        ExprKind::And(items) => return Expr::and(expr.span, within(items)),
        ExprKind::Or(items) if items.iter().any(|item| item.span.range() == *span) => items,
        ExprKind::Or(items) => return Expr::or(expr.span, within(items)),
    };
    let excluded: Vec<_> = items.iter().filter_map(|item| Some((item, excluded(item)?))).collect();
    let is_excluded = |selector: &Selector| excluded.iter().any(|(_, condition)| condition.selector == *selector);
    let missing_of = |item: &Expr<JsonCondition>| match &item.kind {
        ExprKind::Leaf(condition)
            if matches!(condition.test, JsonTest::NotExists | JsonTest::IsNull | JsonTest::IsBool(_)) =>
        {
            Some(condition.selector.clone())
        }
        _ => None,
    };
    let kept = items.iter().filter(|item| {
        self::excluded(item).is_none() && !missing_of(item).is_some_and(|selector| is_excluded(&selector))
    });
    let kept: Vec<_> = kept.cloned().collect();
    let exclusions = excluded.iter().map(|(item, condition)| {
        let missing = items.iter().filter(|other| missing_of(other).is_some_and(|it| it == condition.selector));
        Expr::or(item.span, std::iter::once(*item).chain(missing).cloned().collect())
    });
    let all = (!kept.is_empty()).then(|| Expr::or(expr.span, kept)).into_iter().chain(exclusions);
    Expr::and(expr.span, all.collect())
}

/// The condition of a leaf that says `!=`.
fn excluded(item: &Expr<JsonCondition>) -> Option<&JsonCondition> {
    match &item.kind {
        ExprKind::Leaf(condition @ JsonCondition { test: JsonTest::Compare(Comparison::NotEqual, _), .. }) => {
            Some(condition)
        }
        _ => None,
    }
}

/// The JSON condition whose value stands at `span`.
fn json_condition<'a>(tree: &'a Pattern, span: &Range<usize>) -> Option<(&'a JsonCondition, Comparison)> {
    let Pattern::Json(expr) = tree else { return None };
    let mut found = None;
    expr.for_each(&mut |condition| {
        if let JsonTest::Compare(comparison, value) = &condition.test
            && value.span.range() == *span
        {
            found = Some((condition, *comparison));
        }
    });
    found
}

/// The value at `span`.
fn value<'a>(tree: &'a Pattern, span: &Range<usize>) -> Option<&'a Value> {
    match tree {
        Pattern::Json(_) => match &json_condition(tree, span)?.0.test {
            JsonTest::Compare(_, value) => Some(value),
            _ => None,
        },
        Pattern::Space(items) => items.iter().find_map(|item| value_of_item(item, span)),
        Pattern::Terms(_) | Pattern::Regex { .. } => None,
    }
}

fn value_of_item<'a>(item: &'a SpaceItem, span: &Range<usize>) -> Option<&'a Value> {
    let SpaceItemKind::Condition(_, expr) = &item.kind else { return None };
    let mut found = None;
    expr.for_each(&mut |condition| {
        if condition.value.span.range() == *span {
            found = Some(&condition.value);
        }
    });
    found.filter(|value| !matches!(value.kind, ValueKind::Regex(_)))
}

fn term<'a>(tree: &'a Pattern, span: &Range<usize>) -> Option<&'a Term> {
    let Pattern::Terms(terms) = tree else { return None };
    terms.iter().find(|term| term.span.range() == *span)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The pattern after the change for its first warning.
    fn mended(pattern: &str) -> Option<String> {
        let lint = check(&parse(pattern).unwrap()).into_iter().next().unwrap();
        mend(pattern, &lint).map(|mend| mend.pattern)
    }

    #[test]
    fn exclusions_are_joined_by_and_and_the_rest_stays() {
        for (pattern, expected) in [
            ("{ $.a = x || $.b != y }", "{ $.a = x && $.b != y }"),
            ("{ $.a = x || $.b = y || $.c != z }", "{ ($.a = x || $.b = y) && $.c != z }"),
            ("{ $.a != x || $.a != y }", "{ $.a != x && $.a != y }"),
            ("{ $.a = x || $.b != y || $.b NOT EXISTS }", "{ $.a = x && ($.b != y || $.b NOT EXISTS) }"),
            ("{ $.a = x || $.b != true || $.b IS FALSE }", "{ $.a = x && ($.b != true || $.b IS FALSE) }"),
            ("{ $.e = 1 && ($.a = x || $.b != y) }", "{ $.e = 1 && $.a = x && $.b != y }"),
            ("{ ($.a = x && $.d = 1) || $.b != y }", "{ $.a = x && $.d = 1 && $.b != y }"),
            (
                "{ $.a != x || $.a != y || $.a NOT EXISTS }",
                "{ ($.a != x || $.a NOT EXISTS) && ($.a != y || $.a NOT EXISTS) }",
            ),
        ] {
            assert_eq!(mended(pattern).as_deref(), Some(expected), "{pattern}");
        }
    }

    #[test]
    fn other_changes_touch_nothing_but_their_place() {
        for (pattern, expected) in [
            ("{ $.a = x||$.b = y && $.c = z }", "{ $.a = x||($.b = y && $.c = z) }"),
            ("{($.a = true)}", "{($.a IS TRUE)}"),
            ("{ $.a != true }", "{ $.a IS FALSE }"),
            ("{ $.a = null }", "{ $.a IS NULL }"),
            ("{ $.a != * }", "{ $.a NOT EXISTS }"),
            ("{ $.a > \"5\" }", "{ $.a > 5 }"),
            ("{ $.a = 'x' }", "{ $.a = \"x\" }"),
            (r#"{ $.a = "C:\tmp" }"#, r#"{ $.a = "C:\\tmp" }"#),
            ("-a.b c", "-\"a.b\" c"),
            ("$.eventName = x", "{ $.eventName = x }"),
        ] {
            assert_eq!(mended(pattern).as_deref(), Some(expected), "{pattern}");
        }
    }

    #[test]
    fn a_condition_holds_where_its_field_is_absent_too() {
        for (pattern, expected) in [
            ("{ $.a != x }", "{ $.a != x || $.a NOT EXISTS }"),
            ("{($.a!=\"x\")&&$.b = y}", "{($.a!=\"x\" || $.a NOT EXISTS)&&$.b = y}"),
            ("{ $.a != x && $.b = y }", "{ ($.a != x || $.a NOT EXISTS) && $.b = y }"),
            ("{ ($.a != x && $.b = y) }", "{ (($.a != x || $.a NOT EXISTS) && $.b = y) }"),
        ] {
            let Pattern::Json(expr) = parse(pattern).unwrap() else { panic!("{pattern}") };
            let mut first = None;
            expr.for_each(&mut |condition| first = first.or(Some(condition)));
            assert_eq!(or_absent(pattern, first.unwrap()).as_deref(), Some(expected), "{pattern}");
        }
    }

    #[test]
    fn where_nothing_is_sure_nothing_is_offered() {
        for pattern in ["?a ?b c", "{ $.a = $.b }", "{ $.a = x && $.a = y }", "ERROR OR WARN", "{ $.a > x }"] {
            assert_eq!(mended(pattern), None, "{pattern}");
        }
    }
}
