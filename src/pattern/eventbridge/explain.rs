//! Why an event matches or not: field by field, what was asked and what the event has.

use super::ast::{Content, Field, Fields, Member, Pattern, joined};
use super::matching::{Leaf, Leaves, allows_absence, leaves, matches, passes, tests};
use crate::pattern::Span;
use serde_json::Value;

/// Values of an event named at most.
const NAMED: usize = 4;

/// What became of one field, or of an `$or`.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// Dotted path in the envelope; `$or` for alternatives.
    pub path: String,
    /// Where the pattern names it.
    pub span: Span,
    /// Whether it is met.
    pub met: bool,
    /// The values asked for, as written.
    pub wanted: Vec<String>,
    /// What the event has there, as text; empty if it has nothing.
    pub found: Vec<String>,
    /// The alternatives of an `$or`.
    pub alternatives: Vec<Vec<Verdict>>,
}

/// What a pattern says about an event.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// Whether the event matches.
    pub matches: bool,
    /// Each field, in the order of the pattern.
    pub verdicts: Vec<Verdict>,
}

impl Explanation {
    /// The first field that is not met.
    pub fn first_failing(&self) -> Option<&Verdict> {
        self.verdicts.iter().find(|verdict| !verdict.met)
    }

    /// Whether each field is met by itself, but not all in the same array elements.
    pub fn is_apart(&self) -> bool {
        !self.matches && self.verdicts.iter().all(|verdict| verdict.met)
    }
}

/// Explains the answer for an event, envelope and all.
pub fn explain(pattern: &Pattern, event: &Value) -> Explanation {
    let verdicts = verdicts(&pattern.fields, None, &leaves(event));
    // Looking for agreeing elements is only worth it if everything else is right.
    let matches = verdicts.iter().all(|verdict| verdict.met) && matches(pattern, event);
    Explanation { matches, verdicts }
}

fn verdicts(fields: &Fields, outer: Option<&str>, leaves: &Leaves<'_>) -> Vec<Verdict> {
    let of_member = |member: &Member| match member {
        Member::Or { span, alternatives } => {
            let alternatives: Vec<Vec<Verdict>> =
                alternatives.iter().map(|fields| verdicts(fields, outer, leaves)).collect();
            let met = alternatives.iter().any(|fields| fields.iter().all(|verdict| verdict.met));
            let (wanted, found) = (Vec::new(), Vec::new());
            vec![Verdict { path: "$or".into(), span: *span, met, wanted, found, alternatives }]
        }
        Member::Field(Field { name, content: Content::Fields(fields), .. }) => {
            verdicts(fields, Some(&joined(outer, name)), leaves)
        }
        Member::Field(Field { name, name_span, content: Content::Values(values) }) => {
            let path = joined(outer, name);
            let at_path = leaves.get(&path).map(Vec::as_slice).unwrap_or_default();
            let tests = tests(values);
            let met =
                at_path.iter().any(|leaf| passes(&tests, leaf.value)) || (at_path.is_empty() && allows_absence(values));
            let text = |leaf: &Leaf<'_>| leaf.value.text().unwrap_or_default().into_owned();
            vec![Verdict {
                met,
                span: *name_span,
                wanted: values.alternatives.iter().map(|value| value.print()).collect(),
                found: at_path.iter().take(NAMED).map(text).collect(),
                alternatives: Vec::new(),
                path,
            }]
        }
    };
    fields.members.iter().flat_map(of_member).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::eventbridge::parse;
    use serde_json::json;

    #[test]
    fn the_first_failing_field_is_named_with_what_is_there() {
        let pattern = parse(r#"{"source": ["aws.iam"], "detail": {"eventName": ["A", {"prefix": "B"}]}}"#).unwrap();
        let explanation = explain(&pattern, &json!({"source": "aws.iam", "detail": {"eventName": "C"}}));
        let failing = explanation.first_failing().unwrap();
        assert_eq!((failing.path.as_str(), failing.found.as_slice()), ("detail.eventName", &["C".to_owned()][..]));
        assert_eq!(failing.wanted, ["\"A\"", "{\"prefix\": \"B\"}"]);
    }

    #[test]
    fn fields_met_in_different_elements_are_told_apart() {
        let pattern = parse(r#"{"detail": {"a": {"x": [1], "y": [2]}}}"#).unwrap();
        let event = json!({"detail": {"a": [{"x": 1, "y": 0}, {"x": 0, "y": 2}]}});
        assert!(explain(&pattern, &event).is_apart());
    }
}
