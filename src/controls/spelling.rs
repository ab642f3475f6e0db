//! Whether a filter pattern is what a checker wants.
//!
//! Security Hub demands the prescribed text. White space and redundant parentheses are undocumented: we tell such a text
//! apart as equivalent. Prowler looks for each condition by a regular expression: older releases in a fixed order, later ones
//! in any order; other conditions beside them do not matter to it.

use super::Control;
use crate::pattern::cloudwatch::ast::JsonTest;
use crate::pattern::cloudwatch::{Pattern, parse, symbol};

/// How a pattern relates to a prescribed text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Likeness {
    /// The same text.
    Exact,
    /// The same but for white space and redundant parentheses.
    Equivalent,
    /// Another text.
    Differs,
}

/// What Prowler makes of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProwlerVerdict {
    /// Every release accepts it.
    Accepted,
    /// All conditions are there, in another order: older releases do not accept it.
    OtherOrder,
    /// These conditions are missing.
    Lacks(Vec<String>),
}

/// Compares a pattern with a prescribed text.
pub fn likeness(pattern: &str, prescribed: &str) -> Likeness {
    if pattern == prescribed {
        return Likeness::Exact;
    }
    match (parse(pattern), parse(prescribed)) {
        (Ok(ours), Ok(theirs)) if ours.print() == theirs.print() => Likeness::Equivalent,
        _ => Likeness::Differs,
    }
}

/// What Security Hub makes of it; `None` when it has no such control.
pub fn security_hub(control: &Control, pattern: &str) -> Option<Likeness> {
    control.security_hub.as_ref().map(|_| likeness(pattern, control.pattern()))
}

/// What Prowler makes of it.
pub fn prowler(control: &Control, pattern: &str) -> ProwlerVerdict {
    let wanted = conditions(control.prowler.pattern.as_deref().unwrap_or_else(|| control.pattern()));
    let there = conditions(pattern);
    let missing: Vec<String> = wanted.iter().filter(|condition| !there.contains(condition)).cloned().collect();
    if !missing.is_empty() {
        return ProwlerVerdict::Lacks(missing);
    }
    let mut rest = there.iter();
    if wanted.iter().all(|condition| rest.any(|other| other == condition)) {
        ProwlerVerdict::Accepted
    } else {
        ProwlerVerdict::OtherOrder
    }
}

/// The conditions of a JSON pattern in the order of the text, without quotes: `eventName = CreateTrail`. None of a
/// pattern of another kind or of one that is not valid.
pub(super) fn conditions(pattern: &str) -> Vec<String> {
    let mut found = Vec::new();
    if let Ok(Pattern::Json(expr)) = parse(pattern) {
        expr.for_each(&mut |condition| {
            let span = condition.selector_span;
            let selector = pattern.get(span.start..span.end).unwrap_or_default();
            found.push(words(selector.strip_prefix("$.").unwrap_or(selector), &condition.test));
        });
    }
    found
}

fn words(selector: &str, test: &JsonTest) -> String {
    match test {
        JsonTest::Compare(comparison, value) => {
            let text = value.kind.text().map_or_else(|| "%…%".into(), str::to_owned);
            format!("{selector} {} {text}", symbol(*comparison))
        }
        JsonTest::IsNull => format!("{selector} IS NULL"),
        JsonTest::IsBool(value) => format!("{selector} IS {}", if *value { "TRUE" } else { "FALSE" }),
        JsonTest::NotExists => format!("{selector} NOT EXISTS"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::controls::{all, by_key};

    #[test]
    fn white_space_and_redundant_parentheses_are_equivalent_all_else_differs() {
        let control = by_key("cloudtrail_configuration_changes").unwrap();
        let text = control.pattern();
        assert_eq!(security_hub(control, text), Some(Likeness::Exact));
        let roomy = text.replace('(', "( ").replace("||", "  ||\n").replace('=', " = ");
        assert_eq!(security_hub(control, &roomy), Some(Likeness::Equivalent));
        let bare = text.replace(['(', ')'], "");
        assert_eq!(security_hub(control, &bare), Some(Likeness::Equivalent));
        let quoted = text.replace("CreateTrail", "\"CreateTrail\"");
        assert_eq!(security_hub(control, &quoted), Some(Likeness::Differs));
        let more = text.replace('}', " || ($.eventName=PutEventSelectors)}");
        assert_eq!(security_hub(control, &more), Some(Likeness::Differs));
        assert_eq!(security_hub(control, "{ not a pattern"), Some(Likeness::Differs));
        assert_eq!(security_hub(by_key("organizations_changes").unwrap(), text), None);
    }

    #[test]
    fn prowler_does_not_mind_quotes_nor_more_conditions_but_missing_names() {
        let control = by_key("cloudtrail_configuration_changes").unwrap();
        let quoted = control.pattern().replace("CreateTrail", "\"CreateTrail\"");
        let more = quoted.replace('}', " || ($.eventName=PutEventSelectors)}");
        assert_eq!(prowler(control, &more), ProwlerVerdict::Accepted);
        let turned = "{($.eventName=UpdateTrail) || ($.eventName=CreateTrail) || ($.eventName=DeleteTrail) || ($.eventName=StartLogging) || ($.eventName=StopLogging)}";
        assert_eq!(prowler(control, turned), ProwlerVerdict::OtherOrder);
        let short = "{($.eventName=CreateTrail) || ($.eventName=UpdateTrail)}";
        let ProwlerVerdict::Lacks(missing) = prowler(control, short) else { panic!() };
        assert_eq!(missing, ["eventName = DeleteTrail", "eventName = StartLogging", "eventName = StopLogging"]);
    }

    #[test]
    fn every_recommended_pattern_but_that_of_organizations_passes_both() {
        for control in all() {
            let verdict = prowler(control, control.pattern());
            if control.key == "organizations_changes" {
                assert!(matches!(verdict, ProwlerVerdict::Lacks(missing) if missing.len() == 3));
                assert_eq!(prowler(control, control.prowler.pattern.as_deref().unwrap()), ProwlerVerdict::Accepted);
            } else {
                assert_eq!(verdict, ProwlerVerdict::Accepted, "{}", control.key);
                assert_eq!(security_hub(control, control.pattern()), Some(Likeness::Exact));
            }
        }
    }
}
