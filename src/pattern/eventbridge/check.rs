//! Warnings about patterns that are valid but probably say something else than meant.

use super::ast::{Content, Excluded, Field, Fields, Literal, Member, Pattern, ValueKind, Values, joined};
use super::envelope::{FIELDS, Place, place};
use super::{MAX_CHARS, wildcard};
use crate::filter::predicate::DETAIL_TYPES;
use crate::pattern::Span;
use std::ops::Range;

/// The other spelling of the sign-in events' type, which the user guide lists.
const SIGNIN: &str = "AWS Console Signin via CloudTrail";

/// Asterisks in one text from which on the service may find it too complex. Undocumented: we choose to warn.
const MANY_STARS: usize = 4;

/// Integers up to here are exact (Comparison operators, "Numeric matching").
const EXACT: i128 = 1 << 53;

/// One warning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lint {
    /// Bytes of the pattern it is about.
    pub span: Range<usize>,
    /// What the pattern does, in one sentence.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
}

/// All warnings about a pattern and the text it was read from, in the order of the text.
pub fn check(pattern: &Pattern, text: &str) -> Vec<Lint> {
    let mut lints = Lints(Vec::new());
    let chars = text.chars().count();
    if chars > MAX_CHARS {
        let message =
            format!("{chars} characters; a rule's pattern has at most {MAX_CHARS} unless the quota is raised");
        lints.add(pattern.fields.span, message, "");
    }
    for span in &pattern.replaced {
        lints.add(*span, "this is ignored: the same name stands again below, and the last one counts", "");
    }
    lints.top(&pattern.fields);
    lints.twice(&pattern.fields, None, &mut Vec::new());
    pattern.fields.for_each(None, &mut |path, field, values| lints.values(path, field, values));
    lints.0.sort_by_key(|lint| (lint.span.start, lint.span.end));
    lints.0
}

struct Lints(Vec<Lint>);

impl Lints {
    fn add(&mut self, span: Span, message: impl Into<String>, help: impl Into<String>) {
        let help = Some(help.into()).filter(|help: &String| !help.is_empty());
        self.0.push(Lint { span: span.range(), message: message.into(), help });
    }

    /// Fields that no event has.
    fn top(&mut self, fields: &Fields) {
        for member in &fields.members {
            match member {
                Member::Or { alternatives, .. } => alternatives.iter().for_each(|fields| self.top(fields)),
                Member::Field(field) if !FIELDS.contains(&field.name.split('.').next().unwrap_or_default()) => {
                    let message = format!("no event has “{}” beside source and detail", field.name);
                    self.add(field.name_span, message, "fields of the CloudTrail record stand inside detail");
                }
                Member::Field(_) => {}
            }
        }
    }

    /// One field asked twice, which the service does not document.
    fn twice(&mut self, fields: &Fields, outer: Option<&str>, known: &mut Vec<String>) {
        for member in &fields.members {
            match member {
                Member::Or { alternatives, .. } => {
                    for fields in alternatives {
                        self.twice(fields, outer, &mut known.clone());
                    }
                }
                Member::Field(Field { name, name_span, content }) => {
                    let path = joined(outer, name);
                    match content {
                        Content::Fields(fields) => self.twice(fields, Some(&path), known),
                        Content::Values(_) if known.contains(&path) => {
                            let message = "this field is asked twice; both are required here, the service may take one";
                            self.add(*name_span, message, "");
                        }
                        Content::Values(_) => known.push(path),
                    }
                }
            }
        }
    }

    fn values(&mut self, path: &str, field: &Field, values: &Values) {
        match (path, place(path)) {
            ("id", _) => {
                self.add(field.name_span, "EventBridge makes the id itself; here it is the record’s eventID", "")
            }
            ("resources", _) => {
                self.add(field.name_span, "events from CloudTrail have no resources: the list is empty", "");
            }
            ("detail", _) => self.add(field.name_span, "detail is an object, and only values can match", ""),
            ("version" | "detail-type" | "source", _) => self.envelope(path, values),
            (_, Place::Nowhere | Place::Constant(_) | Place::Record { .. }) => {}
        }
        let excludes = |kind: &ValueKind| matches!(kind, ValueKind::AnythingBut(_) | ValueKind::Exists(false));
        let negated = values.alternatives.iter().find(|value| matches!(value.kind, ValueKind::AnythingBut(_)));
        if let Some(value) = negated
            && values.alternatives.iter().any(|value| !excludes(&value.kind))
        {
            let message = "values are alternatives: beside others, this one matches nearly every event";
            self.add(value.span, message, "leave the other values out, or put them into the anything-but");
        }
        for value in &values.alternatives {
            match &value.kind {
                ValueKind::Wildcard(text) => self.stars(value.span, std::slice::from_ref(text)),
                ValueKind::AnythingBut(Excluded::Wildcard(texts)) => self.stars(value.span, texts),
                ValueKind::Literal(Literal::Number(text)) => self.number(value.span, text),
                ValueKind::Numeric(bounds) => bounds.iter().for_each(|(_, text)| self.number(value.span, text)),
                _ => {}
            }
        }
    }

    /// Texts that the envelope never has.
    fn envelope(&mut self, path: &str, values: &Values) {
        let literals = values.alternatives.iter().filter_map(|value| match &value.kind {
            ValueKind::Literal(Literal::Text(text)) => Some((value.span, text.as_str())),
            _ => None,
        });
        for (span, text) in literals {
            match path {
                "source" if text.ends_with(".amazonaws.com") => {
                    let service = text.trim_end_matches(".amazonaws.com");
                    self.add(span, "source is not the record’s eventSource", format!("write \"aws.{service}\""));
                }
                "detail-type" if text == SIGNIN => {
                    let other = DETAIL_TYPES[1].1;
                    if !values.alternatives.iter().any(|value| value.print().contains(other)) {
                        let message = "AWS lists this spelling, but events come with another one";
                        self.add(span, message, format!("add \"{other}\""));
                    }
                }
                "detail-type"
                    if text.contains("CloudTrail") && !DETAIL_TYPES.iter().any(|(_, known)| *known == text) =>
                {
                    self.add(span, "no event from CloudTrail has this detail-type", "");
                }
                _ => {}
            }
        }
    }

    fn stars(&mut self, span: Span, texts: &[String]) {
        if texts.iter().any(|text| wildcard::stars(text) >= MANY_STARS) {
            self.add(span, "the service may refuse so many asterisks in one text as too complex", "");
        }
    }

    fn number(&mut self, span: Span, text: &str) {
        if text.parse::<i128>().is_ok_and(|number| number.abs() > EXACT) {
            self.add(span, "beyond 2^53 integers are compared as the nearest double", "");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::eventbridge::parse;

    #[test]
    fn what_never_matches_is_pointed_at() {
        for (text, at, part) in [
            (r#"{"eventName": ["X"]}"#, "\"eventName\"", "beside source and detail"),
            (r#"{"source": ["iam.amazonaws.com"]}"#, "\"iam.amazonaws.com\"", "not the record"),
            (r#"{"detail-type": ["AWS Console Signin via CloudTrail"]}"#, "\"AWS Console Signin", "another one"),
            (r#"{"source": ["a"], "source": ["b"]}"#, "\"source\"", "ignored"),
            (r#"{"detail": {"a": ["x", {"anything-but": "y"}]}}"#, "{\"anything-but", "nearly every"),
            (r#"{"detail": {"a": {"b": [1]}, "a.b": [2]}}"#, "\"a.b\"", "twice"),
            (r#"{"detail": {"a": [{"wildcard": "a*b*c*d*e"}]}}"#, "{\"wildcard", "too complex"),
            (r#"{"detail": {"a": [9007199254740993]}}"#, "9007199254740993", "2^53"),
        ] {
            let lints = check(&parse(text).unwrap(), text);
            assert!(lints.len() == 1 && lints[0].message.contains(part), "{text}: {lints:?}");
            assert_eq!(lints[0].span.start, text.find(at).unwrap(), "{text}");
        }
        let fine = r#"{"source": ["aws.iam"], "detail": {"a": [{"anything-but": "x"}, {"exists": false}]}}"#;
        assert_eq!(check(&parse(fine).unwrap(), fine), []);
    }
}
