//! How two patterns differ, read off their trees: by which rule of the language, and which condition shows how much it
//! comes to when it is counted.

use super::ast::{Expr, ExprKind, JsonCondition, JsonTest, Pattern, ValueKind};
use super::parse;
use crate::filter::predicate::{Comparison, Glob, Selector, Step};
use crate::pattern::Span;

/// One difference between two patterns.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// A rule of the language, or who asks what.
    pub rule: String,
    /// What shows how much it comes to.
    pub condition: Condition,
}

/// What shows how much a [`Difference`] comes to.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// None: the sets themselves are the numbers.
    None,
    /// A condition that one of the patterns has.
    Asked(String),
    /// A field is missing, which fails a `!=`.
    Missing {
        /// The field.
        selector: String,
        /// Whose condition it is.
        by_a: bool,
    },
}

/// Reads the differences off two patterns; none of one that cannot be read.
pub fn differences(a: &str, b: &str) -> Vec<Difference> {
    let (Ok(a), Ok(b)) = (parse(a), parse(b)) else { return Vec::new() };
    match (&a, &b) {
        (Pattern::Json(a), Pattern::Json(b)) => of_json(a, b),
        _ if a.print() == b.print() => Vec::new(),
        (Pattern::Json(_), _) => vec![uncounted("A asks about fields, B about the text of the whole message.")],
        (_, Pattern::Json(_)) => vec![uncounted("A asks about the text of the whole message, B about fields.")],
        _ => vec![uncounted("Both ask about the text of the whole message.")],
    }
}

fn uncounted(rule: impl Into<String>) -> Difference {
    Difference { rule: rule.into(), condition: Condition::None }
}

fn asked(rule: impl Into<String>, condition: &JsonCondition) -> Difference {
    Difference { rule: rule.into(), condition: Condition::Asked(text(condition)) }
}

/// The text of a condition.
fn text(condition: &JsonCondition) -> String {
    let text = Pattern::Json(Expr::leaf(Span::default(), condition.clone())).print();
    text.trim_start_matches("{ ").trim_end_matches(" }").to_owned()
}

fn of_json(a: &Expr<JsonCondition>, b: &Expr<JsonCondition>) -> Vec<Difference> {
    let (mut only_a, mut only_b) = (leaves(a), leaves(b));
    only_a.retain(|condition| match only_b.iter().position(|other| text(other) == text(condition)) {
        Some(at) => {
            only_b.remove(at);
            false
        }
        None => true,
    });
    let mut found = Vec::new();
    if only_a.is_empty() && only_b.is_empty() {
        let (first, second) = (Pattern::Json(a.clone()).print(), Pattern::Json(b.clone()).print());
        if first != second {
            let why = if is_mixed(a) || is_mixed(b) {
                "&& binds tighter than ||, unless there are parentheses. "
            } else {
                ""
            };
            found.push(uncounted(format!("{why}The conditions are the same, A reads {first}, B reads {second}.")));
        }
        return found;
    }
    for condition in only_a {
        match only_b.iter().position(|other| rule(&condition, other).is_some()) {
            Some(at) => {
                let other = only_b.remove(at);
                found.push(asked(rule(&condition, &other).unwrap_or_default(), &condition));
                found.push(asked("", &other));
                found.extend(missing(&condition, true));
                found.extend(missing(&other, false));
            }
            None => {
                found.push(asked("Only A asks this.", &condition));
                found.extend(missing(&condition, true));
            }
        }
    }
    for condition in only_b {
        found.push(asked("Only B asks this.", &condition));
        found.extend(missing(&condition, false));
    }
    found
}

fn leaves(expr: &Expr<JsonCondition>) -> Vec<JsonCondition> {
    let mut leaves = Vec::new();
    expr.for_each(&mut |condition| leaves.push(condition.clone()));
    leaves
}

/// Whether there is `&&` inside `||` without parentheses.
fn is_mixed(expr: &Expr<JsonCondition>) -> bool {
    match &expr.kind {
        ExprKind::Or(items) => {
            let bare = |item: &Expr<_>| matches!(item.kind, ExprKind::And(_)) && !item.is_parenthesised();
            items.iter().any(|item| bare(item) || is_mixed(item))
        }
        ExprKind::And(items) => items.iter().any(is_mixed),
        ExprKind::Leaf(_) => false,
    }
}

/// The trap of `!=`.
fn missing(condition: &JsonCondition, by_a: bool) -> Option<Difference> {
    matches!(condition.test, JsonTest::Compare(Comparison::NotEqual, _)).then(|| Difference {
        rule: format!("{} holds on no event that lacks the field.", text(condition)),
        condition: Condition::Missing { selector: condition.selector.to_string(), by_a },
    })
}

/// The rule by which two conditions that look alike differ.
fn rule(a: &JsonCondition, b: &JsonCondition) -> Option<String> {
    if a.selector != b.selector {
        let same_test = text(&JsonCondition { selector: b.selector.clone(), ..a.clone() }) == text(b);
        return same_test.then(|| of_selectors(&a.selector, &b.selector)).flatten();
    }
    let (JsonTest::Compare(first, left), JsonTest::Compare(second, right)) = (&a.test, &b.test) else { return None };
    if let (ValueKind::Number(_), ValueKind::Quoted(_)) | (ValueKind::Quoted(_), ValueKind::Number(_)) =
        (&left.kind, &right.kind)
    {
        return (first == second)
            .then(|| "Without quotes a number is compared by value, in quotes by its digits.".to_owned());
    }
    let (left, right) = (left.kind.text()?, right.kind.text()?);
    if first != second {
        let equality = |comparison: &Comparison| matches!(comparison, Comparison::Equal | Comparison::NotEqual);
        let opposite = left == right && equality(first) && equality(second);
        return opposite.then(|| format!("One asks for “{left}”, the other for any other value."));
    }
    if left != right && left.eq_ignore_ascii_case(right) {
        return Some(format!("Letter case counts: “{left}” and “{right}” are two values."));
    }
    let (first, second) = (Glob::parse(left), Glob::parse(right));
    let wide = |wide: &Glob, narrow: &Glob| *wide != Glob::literal(&wide.text) && wide.matches(&narrow.text);
    let taken = |wide: &str, narrow: &str| {
        Some(format!("* at the ends of a value stands for anything: “{wide}” takes in “{narrow}” and more."))
    };
    match (wide(&first, &second), wide(&second, &first)) {
        (true, false) => taken(left, right),
        (false, true) => taken(right, left),
        _ => None,
    }
}

fn of_selectors(a: &Selector, b: &Selector) -> Option<String> {
    let is_element = |step: &Step| matches!(step, Step::Index(_) | Step::AnyElement);
    if a.steps.len() == b.steps.len()
        && a.steps.iter().zip(&b.steps).all(|(a, b)| a == b || is_element(a) && is_element(b))
    {
        return Some("[0] is the first element of an array, [*] any of them.".into());
    }
    let (a, b) = (a.to_string(), b.to_string());
    a.eq_ignore_ascii_case(&b).then(|| format!("Letter case counts in names, too: {a} and {b} are two fields."))
}
