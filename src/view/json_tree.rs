//! One record as a tree of lines, members in the order of the file.

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// A JSON value that keeps the order of its members.
#[derive(Clone, Debug, PartialEq)]
pub enum Json {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number, as text.
    Number(String),
    /// A string, unescaped.
    Text(String),
    /// Elements in order.
    Array(Vec<Json>),
    /// Members in order, repeated keys included.
    Object(Vec<(String, Json)>),
}

/// What kind of value a line shows, for its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Bool,
    /// A number.
    Number,
    /// A string.
    Text,
    /// An array with this many elements.
    Array(usize),
    /// An object with this many members.
    Object(usize),
}

/// One line of the tree: a leaf, or the head of an object or array.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Nesting depth, 0 for members of the record.
    pub depth: usize,
    /// Key, or index in its array.
    pub key: String,
    /// Field path for searches, columns and facets; array elements as `[*]`: `resources[*].ARN`.
    pub field: String,
    /// CloudWatch selector of exactly this value: `$.resources[0].ARN`.
    pub selector: String,
    /// What kind of value.
    pub kind: Kind,
    /// The value as text; empty for objects and arrays.
    pub text: String,
}

/// Reads one record. `Err` says in words what is wrong with it.
pub fn parse(raw: &str) -> Result<Json, String> {
    serde_json::from_str(raw).map_err(|error| format!("This record is not valid JSON: {error}"))
}

/// All lines, depth first, in the order of the file.
pub fn lines(record: &Json) -> Vec<Line> {
    let mut out = Vec::new();
    match record {
        Json::Object(_) | Json::Array(_) => children(record, 0, "", "$", &mut out),
        leaf => push(leaf, 0, "", "", "$", &mut out),
    }
    out
}

/// The text at a top-level key, if it is a string.
pub fn text_at<'a>(record: &'a Json, path: &[&str]) -> Option<&'a str> {
    let mut at = record;
    for key in path {
        let Json::Object(members) = at else { return None };
        at = &members.iter().rev().find(|(name, _)| name == key)?.1;
    }
    match at {
        Json::Text(text) => Some(text),
        _ => None,
    }
}

fn children(value: &Json, depth: usize, field: &str, selector: &str, out: &mut Vec<Line>) {
    match value {
        Json::Object(members) => {
            for (key, member) in members {
                let step = if is_plain(key) { format!(".{key}") } else { format!("['{key}']") };
                let field = format!("{field}{step}");
                push(member, depth, key, field.trim_start_matches('.'), &format!("{selector}{step}"), out);
            }
        }
        Json::Array(elements) => {
            for (index, element) in elements.iter().enumerate() {
                let (field, selector) = (format!("{field}[*]"), format!("{selector}[{index}]"));
                push(element, depth, &index.to_string(), &field, &selector, out);
            }
        }
        _ => {}
    }
}

fn push(value: &Json, depth: usize, key: &str, field: &str, selector: &str, out: &mut Vec<Line>) {
    let (kind, text) = match value {
        Json::Null => (Kind::Null, "null".to_owned()),
        Json::Bool(value) => (Kind::Bool, value.to_string()),
        Json::Number(text) => (Kind::Number, text.clone()),
        Json::Text(text) => (Kind::Text, text.clone()),
        Json::Array(elements) => (Kind::Array(elements.len()), String::new()),
        Json::Object(members) => (Kind::Object(members.len()), String::new()),
    };
    out.push(Line { depth, key: key.into(), field: field.into(), selector: selector.into(), kind, text });
    children(value, depth + 1, field, selector, out);
}

/// Whether a key needs no brackets in a selector.
fn is_plain(key: &str) -> bool {
    !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;

        impl<'de> Visitor<'de> for Reader {
            type Value = Json;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON value")
            }

            fn visit_unit<E>(self) -> Result<Json, E> {
                Ok(Json::Null)
            }

            fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
                Ok(Json::Bool(value))
            }

            fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
                Ok(Json::Number(value.to_string()))
            }

            fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
                Ok(Json::Number(value.to_string()))
            }

            fn visit_f64<E>(self, value: f64) -> Result<Json, E> {
                Ok(Json::Number(value.to_string()))
            }

            fn visit_str<E>(self, value: &str) -> Result<Json, E> {
                Ok(Json::Text(value.to_owned()))
            }

            fn visit_string<E>(self, value: String) -> Result<Json, E> {
                Ok(Json::Text(value))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Json, A::Error> {
                let mut elements = Vec::new();
                while let Some(element) = seq.next_element()? {
                    elements.push(element);
                }
                Ok(Json::Array(elements))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Json, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Json::Object(members))
            }
        }

        deserializer.deserialize_any(Reader)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_keep_the_order_and_name_their_path() {
        let record = parse(r#"{"z":1,"a":{"b.c":[true,{"d":null}],"e":"x"},"n":[]}"#).unwrap();
        let lines: Vec<_> = lines(&record)
            .iter()
            .map(|line| format!("{} {} {} {}", line.depth, line.field, line.selector, line.text))
            .collect();
        assert_eq!(
            lines,
            [
                "0 z $.z 1",
                "0 a $.a ",
                "1 a['b.c'] $.a['b.c'] ",
                "2 a['b.c'][*] $.a['b.c'][0] true",
                "2 a['b.c'][*] $.a['b.c'][1] ",
                "3 a['b.c'][*].d $.a['b.c'][1].d null",
                "1 a.e $.a.e x",
                "0 n $.n ",
            ]
        );
    }

    #[test]
    fn values_are_found_by_path() {
        let record = parse(r#"{"eventID":"e1","userIdentity":{"accessKeyId":"AKIA"},"n":1}"#).unwrap();
        assert_eq!(text_at(&record, &["eventID"]), Some("e1"));
        assert_eq!(text_at(&record, &["userIdentity", "accessKeyId"]), Some("AKIA"));
        assert_eq!(text_at(&record, &["n"]), None);
        assert_eq!(text_at(&record, &["eventID", "x"]), None);
    }

    #[test]
    fn damaged_records_are_explained() {
        assert!(parse("{\"a\":").unwrap_err().starts_with("This record is not valid JSON"));
    }
}
