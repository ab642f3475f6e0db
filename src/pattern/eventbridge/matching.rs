//! The reference matcher: an event pattern on one event as JSON. Slow and obviously right.
//!
//! As in aws/event-ruler the event becomes a list of leaves, each with its dotted path and the array elements it lies
//! in, `$or` is multiplied out, and a leaf is sought for every field so that no two lie in different elements of the
//! same array. [`Pattern::lower`] must give the same answer for a record in its envelope. The leaf is sought by
//! [`filter::elements`](crate::filter::elements), which does not try combinations, so no event and pattern take long.

use super::ast::{Content, Field, Fields, Member, Pattern, ValueKind, Values, joined};
use super::lower::test;
use crate::base::BitSet;
use crate::filter::elements::{self, meet_all};
use crate::filter::predicate::LeafTest;
use crate::model::value::Scalar;
use serde_json::Value;
use std::collections::BTreeMap;

/// A leaf of an event.
pub(super) struct Leaf<'e> {
    pub value: Scalar<'e>,
    /// The arrays of containers it lies in, outermost first: the number of each, and the index of the element.
    elements: Vec<(u32, u32)>,
}

/// The leaves of an event by their dotted paths.
pub(super) type Leaves<'e> = BTreeMap<String, Vec<Leaf<'e>>>;

/// Whether the event, envelope and all, matches.
pub fn matches(pattern: &Pattern, event: &Value) -> bool {
    let mut search = Search { leaves: leaves(event), places: Vec::new() };
    let combinations = search.combinations(&pattern.fields, None);
    combinations.iter().any(|fields| search.fits(fields))
}

struct Search<'e> {
    leaves: Leaves<'e>,
    /// Of each field of the pattern the array elements in which it is met.
    places: Vec<Vec<Vec<(u32, u32)>>>,
}

impl Search<'_> {
    /// Every choice of alternatives as numbers of fields.
    fn combinations(&mut self, fields: &Fields, outer: Option<&str>) -> Vec<Vec<usize>> {
        let mut all = vec![Vec::new()];
        for member in &fields.members {
            let choices = match member {
                Member::Or { alternatives, .. } => {
                    alternatives.iter().flat_map(|fields| self.combinations(fields, outer)).collect()
                }
                Member::Field(Field { name, content: Content::Fields(fields), .. }) => {
                    self.combinations(fields, Some(&joined(outer, name)))
                }
                Member::Field(Field { name, content: Content::Values(values), .. }) => {
                    let places = met(values, self.leaves.get(&joined(outer, name)));
                    self.places.push(places);
                    vec![vec![self.places.len() - 1]]
                }
            };
            all = all
                .iter()
                .flat_map(|before| choices.iter().map(move |choice| [&before[..], choice].concat()))
                .collect();
        }
        all
    }

    /// Whether the fields are met in elements that agree.
    fn fits(&self, fields: &[usize]) -> bool {
        if fields.iter().any(|field| self.places[*field].is_empty()) {
            return false;
        }
        let places = fields.iter().enumerate().flat_map(|(number, field)| {
            self.places[*field].iter().map(move |place| {
                let mut meets = BitSet::new(fields.len());
                meets.insert(number);
                elements::Leaf { elements: place.clone(), meets }
            })
        });
        meet_all(&places.collect::<Vec<_>>(), fields.len())
    }
}

/// The array elements with a leaf that has one of the values. What need not be there is met outside of all arrays.
fn met(values: &Values, leaves: Option<&Vec<Leaf<'_>>>) -> Vec<Vec<(u32, u32)>> {
    let tests = tests(values);
    match leaves {
        None if allows_absence(values) => vec![Vec::new()],
        None => Vec::new(),
        Some(leaves) => {
            leaves.iter().filter(|leaf| passes(&tests, leaf.value)).map(|leaf| leaf.elements.clone()).collect()
        }
    }
}

/// What the values ask of a leaf.
pub(super) fn tests(values: &Values) -> Vec<LeafTest> {
    values.alternatives.iter().filter_map(test).collect()
}

/// Whether a leaf has one of the values.
pub(super) fn passes(tests: &[LeafTest], leaf: Scalar<'_>) -> bool {
    tests.iter().any(|test| test.matches(leaf))
}

/// Whether an event without the field is one that is asked for.
pub(super) fn allows_absence(values: &Values) -> bool {
    values.alternatives.iter().any(|value| value.kind == ValueKind::Exists(false))
}

/// All leaves of an event.
pub(super) fn leaves(event: &Value) -> Leaves<'_> {
    let mut walk = Walk { arrays: 0, elements: Vec::new(), leaves: Leaves::new() };
    walk.value(event, None);
    walk.leaves
}

struct Walk<'e> {
    arrays: u32,
    elements: Vec<(u32, u32)>,
    leaves: Leaves<'e>,
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
        let leaf = Leaf { value: leaf, elements: self.elements.clone() };
        self.leaves.entry(path.unwrap_or_default().to_owned()).or_default().push(leaf);
    }

    /// Only elements with something inside are chosen between; plain values of an array stand beside each other.
    fn array(&mut self, items: &'e [Value], path: Option<&str>) {
        let array = self.arrays;
        self.arrays += 1;
        for (index, item) in items.iter().enumerate() {
            let is_container = item.is_object() || item.is_array();
            if is_container {
                self.elements.push((array, index as u32));
            }
            self.value(item, path);
            if is_container {
                self.elements.pop();
            }
        }
    }
}
