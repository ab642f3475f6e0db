//! Tree to predicate.

use super::ast::{
    Expr, ExprKind, JsonCondition, JsonTest, Pattern, Role, SpaceCondition as Condition, SpaceItem, SpaceItemKind,
    Term, Value, ValueKind,
};
use super::regex;
use crate::filter::predicate::{
    Field, Glob, MessageTest, Operand, Predicate, Regex, SpaceCondition, SpaceField, SpacePattern, Test, number,
};

impl Pattern {
    /// What the pattern asks of an event.
    pub fn lower(&self) -> Predicate {
        match self {
            Self::Terms(terms) => lower_terms(terms),
            Self::Regex { regex, .. } => lower_regex(regex),
            Self::Json(expr) => lower_json(expr),
            Self::Space(items) => match lower_space(items) {
                pattern if pattern.head.is_empty() && pattern.tail.is_empty() && pattern.ellipsis => {
                    Predicate::Const(true)
                }
                pattern => Predicate::Message(MessageTest::Fields(pattern)),
            },
        }
    }

    /// The fields of a space-delimited pattern, for value extraction.
    pub fn space_pattern(&self) -> Option<SpacePattern> {
        match self {
            Self::Space(items) => Some(lower_space(items)),
            _ => None,
        }
    }
}

/// A regular expression over the message. What can be told by looking for text is: the engine reads a message only if
/// the text that any match contains is there.
fn lower_regex(regex: &Regex) -> Predicate {
    let matches = Predicate::Message(MessageTest::Matches(regex.clone()));
    let branches = regex::branches(regex.source());
    let contain = |text: fn(&str) -> Option<String>| {
        let texts: Option<Vec<String>> = branches.iter().map(|branch| text(branch).filter(|t| !t.is_empty())).collect();
        texts.map(|texts| any(texts.into_iter().map(|text| Predicate::Message(MessageTest::Contains(text))).collect()))
    };
    match (contain(regex::literal), contain(regex::required)) {
        (Some(literals), _) => literals,
        (None, Some(needed)) => Predicate::And(vec![needed, matches]),
        (None, None) => matches,
    }
}

/// Terms are ANDed; `?` terms are ORed, and ignored beside any other (cases `mf-term-12` to `mf-term-14`). One blank
/// term alone matches everything (case `mf-term-21`).
fn lower_terms(terms: &[Term]) -> Predicate {
    let contains = |term: &Term| Predicate::Message(MessageTest::Contains(term.text.clone()));
    if let [only] = terms
        && only.role != Role::Excluded
        && only.text.trim().is_empty()
    {
        return Predicate::Const(true);
    }
    if !terms.is_empty() && terms.iter().all(|term| term.role == Role::Optional) {
        return any(terms.iter().map(contains).collect());
    }
    let wanted = terms.iter().filter(|term| term.role != Role::Optional);
    all(wanted
        .map(|term| match term.role {
            Role::Excluded => Predicate::Not(Box::new(contains(term))),
            _ => contains(term),
        })
        .collect())
}

fn lower_json(expr: &Expr<JsonCondition>) -> Predicate {
    match &expr.kind {
        ExprKind::Or(items) => Predicate::Or(items.iter().map(lower_json).collect()),
        ExprKind::And(items) => Predicate::And(items.iter().map(lower_json).collect()),
        ExprKind::Leaf(condition) => {
            let test = match &condition.test {
                JsonTest::Compare(comparison, value) => Test::Compare(*comparison, operand(value)),
                JsonTest::IsNull => Test::IsNull,
                JsonTest::IsBool(value) => Test::IsBool(*value),
                JsonTest::NotExists => Test::NotExists,
            };
            Predicate::Field(Field::Path(condition.selector.clone()), test)
        }
    }
}

fn operand(value: &Value) -> Operand {
    match &value.kind {
        ValueKind::Number(text) => Operand::Number(number(text).unwrap_or(f64::NAN), text.clone()),
        ValueKind::Bare(text) | ValueKind::Quoted(text) => Operand::Text(Glob::parse(text)),
        ValueKind::Regex(regex) => match regex::literal(regex.source()) {
            Some(text) => Operand::Text(Glob { text, open_start: true, open_end: true }),
            None => Operand::Regex(regex.clone()),
        },
    }
}

/// `[]` matches everything (case `mf-space-08`), as `[...]` does.
fn lower_space(items: &[SpaceItem]) -> SpacePattern {
    let ellipsis = items.iter().position(|item| item.kind == SpaceItemKind::Ellipsis);
    let (head, tail) = match ellipsis {
        Some(at) => (&items[..at], &items[at + 1..]),
        None => (items, &items[..0]),
    };
    SpacePattern {
        head: head.iter().map(space_field).collect(),
        ellipsis: ellipsis.is_some() || items.is_empty(),
        tail: tail.iter().map(space_field).collect(),
    }
}

fn space_field(item: &SpaceItem) -> SpaceField {
    let (name, condition) = match &item.kind {
        SpaceItemKind::Ellipsis | SpaceItemKind::Unnamed => (None, SpaceCondition::Any),
        SpaceItemKind::Named(name) => (Some(name.clone()), SpaceCondition::Any),
        SpaceItemKind::Condition(name, expr) => (Some(name.clone()), space_condition(expr)),
    };
    SpaceField { name, condition }
}

fn space_condition(expr: &Expr<Condition>) -> SpaceCondition {
    match &expr.kind {
        ExprKind::Or(items) => SpaceCondition::Or(items.iter().map(space_condition).collect()),
        ExprKind::And(items) => SpaceCondition::And(items.iter().map(space_condition).collect()),
        ExprKind::Leaf(leaf) => SpaceCondition::Compare(leaf.comparison, operand(&leaf.value)),
    }
}

/// Conjunction; of nothing it is true, of one that one.
fn all(mut items: Vec<Predicate>) -> Predicate {
    if items.len() > 1 { Predicate::And(items) } else { items.pop().unwrap_or(Predicate::Const(true)) }
}

/// Disjunction; of one it is that one.
fn any(mut items: Vec<Predicate>) -> Predicate {
    if items.len() > 1 { Predicate::Or(items) } else { items.pop().unwrap_or(Predicate::Const(false)) }
}
