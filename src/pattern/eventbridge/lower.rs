//! Tree to predicate on records.
//!
//! Fields whose paths begin with different names cannot lie in one array, so each group of fields that begin alike is
//! lowered for itself, and an `$or` beside others stays an alternative. Only where `$or` and other fields begin alike are
//! its alternatives multiplied out, as the service does with all of them.

use super::ast::{Content, Excluded, Field, Fields, Literal, Member, Pattern, Text, Value, ValueKind, Values, joined};
use super::envelope::{self, Place};
use super::{address, wildcard};
use crate::filter::predicate::{Comparison, LeafCondition, LeafTest, Predicate};
use crate::model::value::Scalar;
use std::collections::BTreeSet;

impl Pattern {
    /// What the pattern asks of a CloudTrail record that EventBridge delivers.
    pub fn lower(&self) -> Predicate {
        lower_all(items(&self.fields, None))
    }

    /// What it asks, member by member: each can be missed alone. Conditions that must be met in one array element are
    /// not held together.
    pub fn members(&self) -> Vec<Item> {
        items(&self.fields, None)
    }
}

/// What is asked of one field, or an `$or`.
#[derive(Clone, Debug)]
pub enum Item {
    /// Values for a field.
    Field {
        /// Its path in the envelope.
        path: String,
        /// The values.
        values: Values,
    },
    /// Alternatives.
    Or(Vec<Vec<Item>>),
}

impl Item {
    /// What it asks, by itself.
    pub fn lower(&self) -> Predicate {
        lower_all(vec![self.clone()])
    }

    /// The names with which the paths of records begin that it looks at.
    fn heads(&self) -> BTreeSet<String> {
        match self {
            Self::Field { path, .. } => match envelope::place(path) {
                Place::Record { path, .. } => [path.split('.').next().unwrap_or_default().to_owned()].into(),
                Place::Constant(_) | Place::Nowhere => BTreeSet::new(),
            },
            Self::Or(alternatives) => alternatives.iter().flatten().flat_map(Self::heads).collect(),
        }
    }
}

fn items(fields: &Fields, outer: Option<&str>) -> Vec<Item> {
    let mut found = Vec::new();
    for member in &fields.members {
        match member {
            Member::Or { alternatives, .. } => {
                found.push(Item::Or(alternatives.iter().map(|fields| items(fields, outer)).collect()));
            }
            Member::Field(Field { name, content: Content::Fields(fields), .. }) => {
                found.extend(items(fields, Some(&joined(outer, name))));
            }
            Member::Field(Field { name, content: Content::Values(values), .. }) => {
                found.push(Item::Field { path: joined(outer, name), values: values.clone() });
            }
        }
    }
    found
}

/// All of the items, those that look into the same arrays together.
fn lower_all(items: Vec<Item>) -> Predicate {
    let mut groups: Vec<(BTreeSet<String>, Vec<Item>)> = Vec::new();
    for item in items {
        let (mut heads, mut members) = (item.heads(), vec![item]);
        let (linked, apart) = groups.into_iter().partition(|(known, _)| !known.is_disjoint(&heads));
        groups = apart;
        for (known, others) in Vec::into_iter(linked) {
            heads.extend(known);
            members.splice(0..0, others);
        }
        groups.push((heads, members));
    }
    let mut all: Vec<Predicate> = groups.into_iter().map(|(_, group)| lower_group(group)).collect();
    if all.len() > 1 { Predicate::And(all) } else { all.pop().unwrap_or(Predicate::Const(true)) }
}

fn lower_group(mut group: Vec<Item>) -> Predicate {
    if let [Item::Or(alternatives)] = group.as_mut_slice() {
        return Predicate::Or(std::mem::take(alternatives).into_iter().map(lower_all).collect());
    }
    let mut any: Vec<Predicate> = combinations(&group).into_iter().map(together).collect();
    if any.len() > 1 { Predicate::Or(any) } else { any.pop().unwrap_or(Predicate::Const(false)) }
}

/// Every choice of alternatives as plain fields.
fn combinations(items: &[Item]) -> Vec<Vec<(&str, &Values)>> {
    items.iter().fold(vec![Vec::new()], |before, item| {
        let choices: Vec<Vec<(&str, &Values)>> = match item {
            Item::Field { path, values } => vec![vec![(path, values)]],
            Item::Or(alternatives) => alternatives.iter().flat_map(|items| combinations(items)).collect(),
        };
        before.iter().flat_map(|fields| choices.iter().map(move |choice| [&fields[..], choice].concat())).collect()
    })
}

/// Fields that have to be met in the same array elements.
fn together(fields: Vec<(&str, &Values)>) -> Predicate {
    let mut conditions = Vec::new();
    let mut constant = true;
    for (path, values) in fields {
        let tests: Vec<LeafTest> = values.alternatives.iter().filter_map(test).collect();
        let absent = values.alternatives.iter().any(|value| value.kind == ValueKind::Exists(false));
        match envelope::place(path) {
            Place::Record { path, view, default } => {
                let absent = match default {
                    Some(default) => tests.iter().any(|test| test.matches(Scalar::Str(default))),
                    None => absent,
                };
                conditions.push(LeafCondition { path: path.to_owned(), view, tests, absent });
            }
            Place::Constant(text) => constant &= tests.iter().any(|test| test.matches(Scalar::Str(text))),
            Place::Nowhere => constant &= absent,
        }
    }
    match (constant, conditions.is_empty()) {
        (false, _) => Predicate::Const(false),
        (true, true) => Predicate::Const(true),
        (true, false) => Predicate::Leaves(conditions),
    }
}

/// What a value asks of a leaf; `None` for `{"exists": false}`, which asks that there is none.
pub(super) fn test(value: &Value) -> Option<LeafTest> {
    Some(match &value.kind {
        ValueKind::Literal(literal) => literal_test(literal),
        ValueKind::Prefix(Text { text, ignore_case: false }) => LeafTest::Prefix(text.clone()),
        ValueKind::Prefix(Text { text, ignore_case: true }) => LeafTest::PrefixIgnoringCase(text.to_lowercase()),
        ValueKind::Suffix(Text { text, ignore_case: false }) => LeafTest::Suffix(text.clone()),
        ValueKind::Suffix(Text { text, ignore_case: true }) => LeafTest::SuffixIgnoringCase(text.to_lowercase()),
        ValueKind::EqualsIgnoreCase(text) => LeafTest::TextIgnoringCase(text.to_lowercase()),
        ValueKind::Wildcard(text) => wildcard_test(text),
        ValueKind::AnythingBut(excluded) => LeafTest::AnythingBut(excluded_tests(excluded)),
        ValueKind::Numeric(bounds) => range(bounds),
        ValueKind::Cidr(text) => match address::network(text) {
            Ok((base, bits)) => LeafTest::Network { base, bits },
            Err(_) => LeafTest::Text(text.clone()),
        },
        ValueKind::Exists(true) => LeafTest::Exists,
        ValueKind::Exists(false) => return None,
    })
}

fn literal_test(literal: &Literal) -> LeafTest {
    match literal {
        Literal::Text(text) => text.parse().map_or_else(|_| LeafTest::Text(text.clone()), LeafTest::Address),
        Literal::Number(text) => LeafTest::Number(number(text)),
        Literal::Bool(value) => LeafTest::Bool(*value),
        Literal::Null => LeafTest::Null,
    }
}

fn excluded_tests(excluded: &Excluded) -> Vec<LeafTest> {
    let of = |texts: &[String], test: fn(String) -> LeafTest| texts.iter().cloned().map(test).collect();
    match excluded {
        Excluded::Literals(literals) => literals.iter().map(literal_test).collect(),
        Excluded::Prefix(texts) => of(texts, LeafTest::Prefix),
        Excluded::Suffix(texts) => of(texts, LeafTest::Suffix),
        Excluded::EqualsIgnoreCase(texts) => of(texts, |text| LeafTest::TextIgnoringCase(text.to_lowercase())),
        Excluded::Wildcard(texts) => of(texts, |text| wildcard_test(&text)),
    }
}

fn wildcard_test(text: &str) -> LeafTest {
    LeafTest::Wildcard(wildcard::pieces(text).unwrap_or_else(|_| vec![text.to_owned()]))
}

fn range(bounds: &[(Comparison, String)]) -> LeafTest {
    let (mut lower, mut upper) = (None, None);
    for (comparison, text) in bounds {
        let bound = number(text);
        match comparison {
            Comparison::Greater => lower = Some((bound, false)),
            Comparison::GreaterOrEqual => lower = Some((bound, true)),
            Comparison::Less => upper = Some((bound, false)),
            Comparison::LessOrEqual => upper = Some((bound, true)),
            _ => (lower, upper) = (Some((bound, true)), Some((bound, true))),
        }
    }
    LeafTest::Range { lower, upper }
}

/// The parser lets only finite numbers in.
fn number(text: &str) -> f64 {
    text.parse().unwrap_or(f64::NAN)
}
