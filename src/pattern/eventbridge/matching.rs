//! The reference matcher: an event pattern on one event as JSON. Slow and obviously right.
//!
//! As in aws/event-ruler the event becomes a list of leaves, each with its dotted path and the array elements it lies
//! in, `$or` is multiplied out, and a leaf is sought for every field so that no two lie in different elements of the
//! same array. [`Pattern::lower`] must give the same answer for a record in its envelope.

use super::ast::{Content, Field, Fields, Member, Pattern, ValueKind, Values, joined};
use super::lower::test;
use crate::model::value::Scalar;
use serde_json::Value;
use std::collections::BTreeMap;

/// A leaf of an event.
pub(super) struct Leaf<'e> {
    pub path: String,
    pub value: Scalar<'e>,
    /// Number of each array of containers it lies in, and the index of the element.
    elements: BTreeMap<usize, usize>,
}

/// Whether the event, envelope and all, matches.
pub fn matches(pattern: &Pattern, event: &Value) -> bool {
    let leaves = leaves(event);
    combinations(&pattern.fields, None).iter().any(|fields| fits(fields, &leaves, &BTreeMap::new()))
}

/// Every choice of alternatives as fields with their paths.
fn combinations<'p>(fields: &'p Fields, outer: Option<&str>) -> Vec<Vec<(String, &'p Values)>> {
    let mut all = vec![Vec::new()];
    for member in &fields.members {
        let choices = match member {
            Member::Or { alternatives, .. } => {
                alternatives.iter().flat_map(|fields| combinations(fields, outer)).collect()
            }
            Member::Field(Field { name, content: Content::Fields(fields), .. }) => {
                combinations(fields, Some(&joined(outer, name)))
            }
            Member::Field(Field { name, content: Content::Values(values), .. }) => {
                vec![vec![(joined(outer, name), values)]]
            }
        };
        all = all.iter().flat_map(|before| choices.iter().map(move |choice| [&before[..], choice].concat())).collect();
    }
    all
}

/// Whether there is a leaf for each field that agrees with the elements chosen so far.
fn fits(fields: &[(String, &Values)], leaves: &[Leaf], chosen: &BTreeMap<usize, usize>) -> bool {
    let Some(((path, values), rest)) = fields.split_first() else { return true };
    let mut at_path = leaves.iter().filter(|leaf| leaf.path == *path).peekable();
    if at_path.peek().is_none() {
        return values.alternatives.iter().any(|value| value.kind == ValueKind::Exists(false))
            && fits(rest, leaves, chosen);
    }
    at_path.filter(|leaf| passes(values, leaf.value)).any(|leaf| {
        let agrees = leaf.elements.iter().all(|(array, index)| chosen.get(array).is_none_or(|known| known == index));
        let mut both = chosen.clone();
        both.extend(&leaf.elements);
        agrees && fits(rest, leaves, &both)
    })
}

/// Whether a leaf has one of the values.
pub(super) fn passes(values: &Values, leaf: Scalar<'_>) -> bool {
    values.alternatives.iter().filter_map(test).any(|test| test.matches(leaf))
}

/// All leaves of an event.
pub(super) fn leaves(event: &Value) -> Vec<Leaf<'_>> {
    let mut walk = Walk { arrays: 0, elements: BTreeMap::new(), leaves: Vec::new() };
    walk.value(event, None);
    walk.leaves
}

struct Walk<'e> {
    arrays: usize,
    elements: BTreeMap<usize, usize>,
    leaves: Vec<Leaf<'e>>,
}

impl<'e> Walk<'e> {
    fn value(&mut self, value: &'e Value, path: Option<&str>) {
        let leaf = match value {
            Value::Object(members) => {
                members.iter().for_each(|(name, member)| self.value(member, Some(&joined(path, name))));
                return;
            }
            Value::Array(items) => return self.array(items, path),
            Value::Null => Scalar::Null,
            Value::Bool(value) => Scalar::Bool(*value),
            Value::Number(number) => {
                number.as_i64().map_or_else(|| Scalar::Float(number.as_f64().unwrap_or(f64::NAN)), Scalar::Int)
            }
            Value::String(text) => Scalar::Str(text),
        };
        let path = path.unwrap_or_default().to_owned();
        self.leaves.push(Leaf { path, value: leaf, elements: self.elements.clone() });
    }

    /// Only elements with something inside are chosen between; plain values of an array stand beside each other.
    fn array(&mut self, items: &'e [Value], path: Option<&str>) {
        let array = self.arrays;
        self.arrays += 1;
        for (index, item) in items.iter().enumerate() {
            if item.is_object() || item.is_array() {
                self.elements.insert(array, index);
            }
            self.value(item, path);
            self.elements.remove(&array);
        }
    }
}
