//! The reference evaluator: walks parsed JSON, one event at a time. Slow and obviously right.
//!
//! The columnar evaluator must agree with it on every event; the command-line case runner uses it on raw
//! messages. Nothing here is meant for the page's hot path.

use super::elements::{Leaf, meet_all};
use super::matching::contains_ignoring_case;
use super::predicate::{Field, LeafCondition, Predicate, Scalar, Selector, Step, Test};
use crate::base::{BitSet, EpochMs};
use serde_json::Value;

/// Members of `userIdentity` that say who acted, the first present one counts (`@principal`).
const PRINCIPAL_MEMBERS: [&str; 5] = ["arn", "principalId", "invokedBy", "accountId", "userName"];

/// Whether an event passes. `message` is the text that message tests look at.
pub fn matches(predicate: &Predicate, event: &Value, message: &str) -> bool {
    evaluate(predicate, Some(event), message)
}

/// Whether a raw log message passes. A message that is not one JSON object or array has no fields: no test of a
/// field holds on it, not even `NOT EXISTS` (cases `mf-nojson-*`). The last of two equal member names counts.
pub fn matches_message(predicate: &Predicate, message: &str) -> bool {
    evaluate(predicate, parse_message(message).as_ref(), message)
}

/// The JSON object or array a log message consists of, if it does.
pub fn parse_message(message: &str) -> Option<Value> {
    serde_json::from_str(message).ok().filter(|value: &Value| value.is_object() || value.is_array())
}

fn evaluate(predicate: &Predicate, event: Option<&Value>, message: &str) -> bool {
    match predicate {
        Predicate::Const(answer) => *answer,
        Predicate::And(all) => all.iter().all(|one| evaluate(one, event, message)),
        Predicate::Or(any) => any.iter().any(|one| evaluate(one, event, message)),
        Predicate::Not(inner) => !evaluate(inner, event, message),
        Predicate::Field(Field::Size, test) => test.matches(Scalar::Int(message.len() as i64)),
        Predicate::Leaves(conditions) => event.is_some_and(|event| leaves_meet(conditions, event)),
        Predicate::Field(field, test) => event.is_some_and(|event| field_passes(field, test, event)),
        Predicate::Message(test) => test.matches(message),
        Predicate::AnyText(lower) => event.is_some_and(|event| any_text(event, lower)),
        Predicate::Time(from, to) => event.and_then(time).is_some_and(|time| *from <= time && time < *to),
    }
}

/// When an event was; one that sums up others, when its window began.
fn time(event: &Value) -> Option<EpochMs> {
    let read = |value: Option<&Value>| value?.as_str().and_then(EpochMs::parse);
    read(event.get("eventTime")).or_else(|| read(event.pointer("/timeWindow/windowStart")))
}

fn field_passes(field: &Field, test: &Test, event: &Value) -> bool {
    let selected = match field {
        Field::Path(selector) => select(selector, event),
        Field::Principal => principal(event).into_iter().collect(),
        Field::Size => Vec::new(),
    };
    match test {
        Test::NotExists => selected.is_empty(),
        _ => selected.into_iter().any(|value| test.matches(scalar(value))),
    }
}

/// Whether all conditions are met by leaves of the same array elements.
fn leaves_meet(conditions: &[LeafCondition], event: &Value) -> bool {
    let mut walk =
        Walk { conditions, arrays: 0, elements: Vec::new(), seen: BitSet::new(conditions.len()), leaves: Vec::new() };
    walk.value(event, None, false);
    let Walk { seen, mut leaves, .. } = walk;
    let mut absent = BitSet::new(conditions.len());
    let allowed = conditions.iter().enumerate().filter(|(_, condition)| condition.absent);
    allowed.filter(|(number, _)| !seen.contains(*number)).for_each(|(number, _)| absent.insert(number));
    leaves.push(Leaf { elements: Vec::new(), meets: absent });
    meet_all(&leaves, conditions.len())
}

/// Goes through the leaves of a document.
struct Walk<'c> {
    conditions: &'c [LeafCondition],
    /// Arrays entered so far: the next one's number.
    arrays: u32,
    /// Where the walk is: arrays and indices.
    elements: Vec<(u32, u32)>,
    /// The conditions for whose path there was a leaf.
    seen: BitSet,
    leaves: Vec<Leaf>,
}

impl Walk<'_> {
    fn value(&mut self, value: &Value, path: Option<&str>, is_element: bool) {
        match value {
            Value::Object(members) => members.iter().for_each(|(name, member)| {
                let path = path.map_or_else(|| name.clone(), |path| format!("{path}.{name}"));
                self.value(member, Some(&path), false);
            }),
            Value::Array(items) => {
                let array = self.arrays;
                self.arrays += 1;
                for (index, item) in items.iter().enumerate() {
                    self.elements.push((array, index as u32));
                    self.value(item, path, true);
                    self.elements.pop();
                }
            }
            leaf => self.leaf(scalar(leaf), path.unwrap_or_default(), is_element),
        }
    }

    fn leaf(&mut self, value: Scalar<'_>, path: &str, is_element: bool) {
        let mut meets = BitSet::new(self.conditions.len());
        for (number, condition) in self.conditions.iter().enumerate().filter(|(_, condition)| condition.path == path) {
            self.seen.insert(number);
            if condition.passes(value) {
                meets.insert(number);
            }
        }
        // A leaf that is itself an element can be chosen whatever else is.
        let elements = self.elements[..self.elements.len() - usize::from(is_element)].to_vec();
        self.leaves.push(Leaf { elements, meets });
    }
}

/// The value of the derived field `@principal`: the first of `userIdentity`'s arn, principalId, invokedBy,
/// accountId, userName that is a non-empty string.
pub fn principal(event: &Value) -> Option<&Value> {
    let identity = event.get("userIdentity")?;
    PRINCIPAL_MEMBERS
        .iter()
        .filter_map(|name| identity.get(name))
        .find(|value| value.as_str().is_some_and(|s| !s.is_empty()))
}

/// The values a selector selects, in document order. A step that does not fit the value selects nothing: an index
/// outside arrays, a member outside objects (cases `mf-json-13`, `mf-cmp-06`).
pub fn select<'a>(selector: &Selector, event: &'a Value) -> Vec<&'a Value> {
    selector.steps.iter().fold(vec![event], |values, step| {
        values
            .into_iter()
            .flat_map(|value| match (step, value) {
                (Step::Key(key), Value::Object(members)) => members.get(key).into_iter().collect(),
                (Step::Index(index), Value::Array(items)) => items.get(*index as usize).into_iter().collect(),
                (Step::AnyKey, Value::Object(members)) => members.values().collect(),
                (Step::AnyElement, Value::Array(items)) => items.iter().collect(),
                _ => Vec::new(),
            })
            .collect()
    })
}

/// A JSON value as tests see it: i64 when integral and in range, else a double.
pub fn scalar(value: &Value) -> Scalar<'_> {
    match value {
        Value::Null => Scalar::Null,
        Value::Bool(value) => Scalar::Bool(*value),
        Value::Number(number) => {
            number.as_i64().map_or_else(|| Scalar::Float(number.as_f64().unwrap_or(f64::NAN)), Scalar::Int)
        }
        Value::String(text) => Scalar::Str(text),
        Value::Array(_) => Scalar::Array,
        Value::Object(_) => Scalar::Object,
    }
}

fn any_text(value: &Value, lower: &str) -> bool {
    match value {
        Value::String(text) => contains_ignoring_case(text, lower),
        Value::Array(items) => items.iter().any(|item| any_text(item, lower)),
        Value::Object(members) => members.values().any(|member| any_text(member, lower)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn key(name: &str) -> Step {
        Step::Key(name.into())
    }

    #[test]
    fn selection_follows_the_kind_of_value() {
        let event = json!({"a": {"b": [1, {"c": 2}], "d": "x"}, "0": 5});
        let select = |steps: Vec<Step>| select(&Selector { steps }, &event).into_iter().cloned().collect::<Vec<_>>();
        assert_eq!(select(vec![key("a"), key("b"), Step::Index(1), key("c")]), [json!(2)]);
        assert_eq!(select(vec![key("a"), key("b"), Step::AnyElement, key("c")]), [json!(2)]);
        assert_eq!(select(vec![key("a"), Step::AnyKey]), [json!([1, {"c": 2}]), json!("x")]);
        assert!(select(vec![key("a"), key("b"), key("c")]).is_empty(), "a member of an array");
        assert!(select(vec![Step::Index(0)]).is_empty(), "an index of an object");
        assert!(select(vec![key("a"), Step::AnyElement]).is_empty());
    }

    #[test]
    fn the_principal_is_the_first_name_there_is() {
        let event = json!({"userIdentity": {"accountId": "1", "invokedBy": "ec2.amazonaws.com", "arn": null}});
        assert_eq!(principal(&event), Some(&json!("ec2.amazonaws.com")));
        assert_eq!(principal(&json!({"userIdentity": {}})), None);
    }

    #[test]
    fn the_last_of_two_equal_names_counts() {
        let path = Field::Path(Selector { steps: vec![key("a")] });
        let is_two = Predicate::Field(path, Test::OneOf(vec!["2".into()]));
        assert!(matches_message(&is_two, r#"{"a":1,"a":2}"#));
        assert!(!matches_message(&is_two, r#"{"a":2,"a":1}"#));
        assert!(!matches_message(&is_two, r#"{"a":2} trailing"#));
    }

    #[test]
    fn time_ranges_are_half_open() {
        let range = Predicate::Time(EpochMs(0), EpochMs(1000));
        assert!(matches(&range, &json!({"eventTime": "1970-01-01T00:00:00Z"}), ""));
        assert!(!matches(&range, &json!({"eventTime": "1970-01-01T00:00:01Z"}), ""));
        assert!(!matches(&range, &json!({}), ""));
    }
}
