//! Searches to CloudWatch filter patterns.
//!
//! Clauses on fields become conditions of a JSON pattern, joined by `&&`; free text alone becomes terms. Two traps: `!=` holds
//! on no event that lacks the field, so an exclusion says `NOT EXISTS` besides; and a search compares texts, `true` and `null`
//! included, which CloudWatch asks for by `IS` (metric filters, truth table). What CloudTrail always writes as text needs no
//! more than that. Of other fields, no condition tells that one holds an object or a list.

use super::{Converted, Lost, to_cloudwatch};
use crate::filter::predicate::{Comparison, Field, Glob, Selector, Step};
use crate::pattern::cloudwatch::ast::{Expr, JsonCondition, JsonTest, Pattern, Role, Term, ValueKind};
use crate::pattern::cloudwatch::edit::{compare, leaf, principal_member};
use crate::pattern::search::{Clause, ClauseKind, FieldTest, FieldValue, SearchQuery};
use crate::pattern::{Span, cloudwatch, eventbridge, path};

/// Fields that hold text in every record that has them (CloudTrail User Guide, "CloudTrail record contents" and
/// "userIdentity element").
const TEXTS: &[&str] = &[
    "eventVersion",
    "eventTime",
    "eventSource",
    "eventName",
    "awsRegion",
    "sourceIPAddress",
    "userAgent",
    "errorCode",
    "errorMessage",
    "requestID",
    "eventID",
    "eventType",
    "apiVersion",
    "recipientAccountId",
    "sharedEventID",
    "vpcEndpointId",
    "vpcEndpointAccountId",
    "eventCategory",
    "userIdentity.type",
    "userIdentity.principalId",
    "userIdentity.arn",
    "userIdentity.accountId",
    "userIdentity.accessKeyId",
    "userIdentity.userName",
    "userIdentity.invokedBy",
    "userIdentity.identityProvider",
    "userIdentity.sessionContext.attributes.creationDate",
    "userIdentity.sessionContext.attributes.mfaAuthenticated",
    "userIdentity.sessionContext.sessionIssuer.type",
    "userIdentity.sessionContext.sessionIssuer.principalId",
    "userIdentity.sessionContext.sessionIssuer.arn",
    "userIdentity.sessionContext.sessionIssuer.accountId",
    "userIdentity.sessionContext.sessionIssuer.userName",
    "tlsDetails.tlsVersion",
    "tlsDetails.cipherSuite",
    "tlsDetails.clientProvidedHostHeader",
];

/// Fields that are true or false.
const FLAGS: &[&str] = &["readOnly", "managementEvent"];

/// Fields that hold objects or lists.
const CONTAINERS: &[&str] = &[
    "userIdentity",
    "userIdentity.sessionContext",
    "userIdentity.sessionContext.attributes",
    "userIdentity.sessionContext.sessionIssuer",
    "requestParameters",
    "responseElements",
    "additionalEventData",
    "serviceEventDetails",
    "resources",
    "insightDetails",
    "tlsDetails",
    "addendum",
];

/// What a field holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Flag,
    Container,
    /// Up to the service.
    Anything,
}

type Condition = Expr<JsonCondition>;

pub(super) fn of_search(text: &str, query: &SearchQuery) -> Result<Converted, String> {
    let asked: Vec<&Clause> = query.clauses.iter().filter(|clause| !clause.disabled && !is_idle(clause)).collect();
    match asked.as_slice() {
        // Both match every event.
        [] => return Ok(Converted::default()),
        // A filter pattern stays as it is written.
        [Clause { span, exclude: false, kind: ClauseKind::Pattern(_), .. }] => {
            return Ok(Converted { text: text[span.range()].to_owned(), lost: Vec::new() });
        }
        _ => {}
    }
    let mut lost = Lost::default();
    let pattern = match terms(&asked) {
        Some(terms) => {
            lost.add("Terms mind upper and lower case, and find names and numbers, too");
            Pattern::Terms(terms)
        }
        None => {
            let all: Vec<Condition> = asked.iter().filter_map(|clause| of_clause(clause, &mut lost)).collect();
            if all.is_empty() {
                return Err(format!("Nothing of this search can be said as a metric filter. {}", lost.0.join(". ")));
            }
            Pattern::Json(Expr::and(Span::default(), all))
        }
    };
    let text = pattern.print();
    // The limits of a pattern are the parser's.
    cloudwatch::parse(&text).map_err(|error| error.message)?;
    Ok(Converted { text, lost: lost.0 })
}

/// Whether it asks nothing, as text without a character does.
fn is_idle(clause: &Clause) -> bool {
    !clause.exclude && matches!(&clause.kind, ClauseKind::Text(text) if text.is_empty())
}

/// The terms of a search for nothing but text.
fn terms(clauses: &[&Clause]) -> Option<Vec<Term>> {
    let term = |clause: &&Clause| {
        let ClauseKind::Text(text) = &clause.kind else { return None };
        let role = if clause.exclude { Role::Excluded } else { Role::Required };
        // A term looks at the message, in which text stands as JSON has it.
        let written = serde_json::to_string(text).ok()?;
        let text = written[1..written.len() - 1].to_owned();
        Some(Term { span: Span::default(), role, text, quoted: true })
    };
    clauses.iter().map(term).collect()
}

fn of_clause(clause: &Clause, lost: &mut Lost) -> Option<Condition> {
    let printed = clause.print();
    let said = match (&clause.kind, clause.exclude) {
        (ClauseKind::Pattern(Pattern::Json(expr)), false) => Ok(expr.clone()),
        (ClauseKind::EventPattern(pattern), false) => of_event_pattern(pattern, lost),
        (ClauseKind::Pattern(_) | ClauseKind::EventPattern(_), _) => Err("CloudWatch has no NOT ( … )"),
        (ClauseKind::Text(_), _) => Err("beside conditions, CloudWatch looks for text only in a field that is named"),
        (ClauseKind::Field(field, test), exclude) => of_field(field, test, exclude, &printed, lost),
    };
    said.map_err(|why| lost.add(format!("{printed} is left out: {why}"))).ok()
}

fn of_event_pattern(pattern: &eventbridge::Pattern, lost: &mut Lost) -> Result<Condition, &'static str> {
    let nothing = "none of its conditions can be said";
    let converted = to_cloudwatch::of_event_pattern(pattern).map_err(|_| nothing)?;
    converted.lost.into_iter().for_each(|note| lost.add(note));
    match cloudwatch::parse(&converted.text) {
        Ok(Pattern::Json(expr)) => Ok(expr),
        _ => Err(nothing),
    }
}

fn of_field(
    field: &Field,
    test: &FieldTest,
    exclude: bool,
    printed: &str,
    lost: &mut Lost,
) -> Result<Condition, &'static str> {
    let selector = match (field, test) {
        (Field::Path(selector), _) => selector,
        (Field::Principal, FieldTest::Values(values)) => return of_principal(values, exclude, printed, lost),
        (Field::Principal, _) => return Err("@principal is no field of the record"),
        (Field::Size, _) => return Err("the size of a record cannot be asked there"),
    };
    let wildcards = selector.steps.iter().filter(|step| matches!(step, Step::AnyKey | Step::AnyElement)).count();
    if wildcards > 1 {
        return Err("a selector has at most one wildcard");
    }
    if wildcards > 0 && exclude && *test != FieldTest::Exists {
        return Err("a condition with * holds if any element satisfies it, so none can exclude by one element");
    }
    let kind = kind(selector);
    match (test, exclude) {
        (FieldTest::Exists, true) => Ok(leaf(selector, JsonTest::NotExists)),
        (FieldTest::Exists, false) => exists(selector, kind, printed, lost),
        (FieldTest::Compare(comparison, number), false) => {
            Ok(leaf(selector, compare(*comparison, ValueKind::Number(number.clone()))))
        }
        (FieldTest::Compare(comparison, number), true) => {
            lost.add(format!("{printed}: CloudWatch passes over events in which the field holds no number"));
            let opposite = leaf(selector, compare(opposite(*comparison), ValueKind::Number(number.clone())));
            Ok(any(vec![opposite, leaf(selector, JsonTest::NotExists)]))
        }
        (FieldTest::Values(values), false) => found(selector, &values.iter().collect::<Vec<_>>()),
        (FieldTest::Values(values), true) => {
            if matches!(kind, Kind::Container | Kind::Anything) {
                let note = "CloudWatch passes over events in which the field holds an object, a list or a boolean";
                lost.add(format!("{printed}: {note}"));
            }
            excluded(selector, &values.iter().collect::<Vec<_>>())
        }
    }
}

/// `@principal` stands for several fields of the record; which one a value is from shows in its form.
fn of_principal(
    values: &[FieldValue],
    exclude: bool,
    printed: &str,
    lost: &mut Lost,
) -> Result<Condition, &'static str> {
    let mut conditions = Vec::new();
    for value in values {
        let member = match value {
            FieldValue::Wildcard(Glob { open_start: true, .. }) => "arn",
            FieldValue::Wildcard(Glob { text, .. }) | FieldValue::Literal(text) => principal_member(text),
        };
        lost.add(format!("{printed}: @principal is no field of the record, userIdentity.{member} is asked for it"));
        let steps = ["userIdentity", member].map(|name| Step::Key(name.to_owned())).to_vec();
        let of_value = if exclude { excluded } else { found };
        conditions.push(of_value(&Selector { steps }, &[value])?);
    }
    Ok(if exclude { Expr::and(Span::default(), conditions) } else { any(conditions) })
}

fn exists(selector: &Selector, kind: Kind, printed: &str, lost: &mut Lost) -> Result<Condition, &'static str> {
    let scalar = leaf(selector, compare(Comparison::Equal, ValueKind::Bare("*".into())));
    match kind {
        Kind::Text | Kind::Flag => Ok(scalar),
        Kind::Container => Err("CloudWatch cannot ask whether an object or a list is there"),
        Kind::Anything => {
            lost.add(format!("{printed}: CloudWatch passes over events in which the field holds an object or a list"));
            Ok(any(vec![scalar, leaf(selector, JsonTest::IsNull)]))
        }
    }
}

/// The field has one of the values, by its text.
fn found(selector: &Selector, values: &[&FieldValue]) -> Result<Condition, &'static str> {
    let globs = globs(values)?;
    let is_text = kind(selector) == Kind::Text;
    let words = words().into_iter().filter(|(word, _)| !is_text && is_any(&globs, word));
    let mut alternatives: Vec<Condition> = words.map(|(_, test)| leaf(selector, test)).collect();
    alternatives.extend(globs.iter().map(|glob| leaf(selector, compare(Comparison::Equal, spelled(glob)))));
    Ok(any(alternatives))
}

/// The field has none of the values, or is not there.
fn excluded(selector: &Selector, values: &[&FieldValue]) -> Result<Condition, &'static str> {
    let globs = globs(values)?;
    let kind = kind(selector);
    let others = globs.iter().map(|glob| leaf(selector, compare(Comparison::NotEqual, spelled(glob)))).collect();
    let mut kept = vec![Expr::and(Span::default(), others)];
    let names_a_flag = is_any(&globs, "true") || is_any(&globs, "false");
    kept.extend(words().into_iter().filter_map(|(word, test)| {
        let can_be = match (&test, kind) {
            (_, Kind::Text) => false,
            (JsonTest::IsNull, kind) => kind != Kind::Flag,
            (_, kind) => kind == Kind::Flag || names_a_flag,
        };
        (can_be && !is_any(&globs, word)).then(|| leaf(selector, test))
    }));
    kept.push(leaf(selector, JsonTest::NotExists));
    Ok(any(kept))
}

/// Values that are neither text nor number, by their texts.
fn words() -> [(&'static str, JsonTest); 3] {
    [("true", JsonTest::IsBool(true)), ("false", JsonTest::IsBool(false)), ("null", JsonTest::IsNull)]
}

fn globs(values: &[&FieldValue]) -> Result<Vec<Glob>, &'static str> {
    let glob = |value: &&FieldValue| {
        let glob = match value {
            FieldValue::Literal(text) => Glob::literal(text),
            FieldValue::Wildcard(glob) => glob.clone(),
        };
        (Glob::parse(&written(&glob)) == glob).then_some(glob)
    };
    let all: Option<Vec<Glob>> = values.iter().map(glob).collect();
    all.ok_or("* at the end of a value is always a wildcard")
}

fn is_any(globs: &[Glob], text: &str) -> bool {
    globs.iter().any(|glob| glob.matches(text))
}

/// In quotes: a number, too, is compared by its text that way.
fn spelled(glob: &Glob) -> ValueKind {
    ValueKind::Quoted(written(glob))
}

fn written(glob: &Glob) -> String {
    let star = |open: bool| if open { "*" } else { "" };
    format!("{}{}{}", star(glob.open_start), glob.text, star(glob.open_end))
}

fn any(alternatives: Vec<Condition>) -> Condition {
    Expr::or(Span::default(), alternatives)
}

fn opposite(comparison: Comparison) -> Comparison {
    match comparison {
        Comparison::Less => Comparison::GreaterOrEqual,
        Comparison::LessOrEqual => Comparison::Greater,
        Comparison::Greater => Comparison::LessOrEqual,
        Comparison::GreaterOrEqual => Comparison::Less,
        Comparison::Equal => Comparison::NotEqual,
        Comparison::NotEqual => Comparison::Equal,
    }
}

fn kind(selector: &Selector) -> Kind {
    let path = path::print(&Field::Path(selector.clone()));
    let kinds = [(TEXTS, Kind::Text), (FLAGS, Kind::Flag), (CONTAINERS, Kind::Container)];
    kinds.into_iter().find(|(paths, _)| paths.contains(&path.as_str())).map_or(Kind::Anything, |(_, kind)| kind)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::convert::filter_of_search;

    /// The pattern of a search of which nothing is lost.
    fn exact(search: &str) -> String {
        let Converted { text, lost } = filter_of_search(search).unwrap_or_else(|error| panic!("{search}: {error}"));
        assert_eq!(lost, [""; 0], "{search}");
        assert_eq!(cloudwatch::check(&cloudwatch::parse(&text).unwrap()), [], "{text}");
        text
    }

    #[test]
    fn clauses_become_conditions() {
        for (search, pattern) in [
            ("", ""),
            ("~eventName:x \"\"", ""),
            ("errorCode:AccessDenied", r#"{ $.errorCode = "AccessDenied" }"#),
            ("-errorCode:AccessDenied", r#"{ $.errorCode != "AccessDenied" || $.errorCode NOT EXISTS }"#),
            (
                "-errorCode:A*,B eventName:x",
                r#"{ (($.errorCode != "A*" && $.errorCode != "B") || $.errorCode NOT EXISTS) && $.eventName = "x" }"#,
            ),
            (
                "eventName:Put*,Delete* eventSource:s3.amazonaws.com",
                r#"{ ($.eventName = "Put*" || $.eventName = "Delete*") && $.eventSource = "s3.amazonaws.com" }"#,
            ),
            (r#"errorMessage:*"not \"that\" é"*"#, r#"{ $.errorMessage = "*not \"that\" é*" }"#),
            ("errorCode:*", "{ $.errorCode = * }"),
            ("-errorCode:*", "{ $.errorCode NOT EXISTS }"),
            ("-requestParameters:*", "{ $.requestParameters NOT EXISTS }"),
            ("readOnly:true", r#"{ $.readOnly IS TRUE || $.readOnly = "true" }"#),
            ("-readOnly:true", r#"{ $.readOnly != "true" || $.readOnly IS FALSE || $.readOnly NOT EXISTS }"#),
            ("requestParameters.x:null", r#"{ $.requestParameters.x IS NULL || $.requestParameters.x = "null" }"#),
            ("requestParameters.port:443", r#"{ $.requestParameters.port = "443" }"#),
            ("requestParameters.port:>=1e3", "{ $.requestParameters.port >= 1e3 }"),
            ("resources[*].ARN:x,y", r#"{ $.resources[*].ARN = "x" || $.resources[*].ARN = "y" }"#),
            ("requestParameters['a.b'][0]:x", r#"{ $.requestParameters['a.b'][0] = "x" }"#),
            ("$.arn:x", r#"{ $.arn = "x" }"#),
        ] {
            assert_eq!(exact(search), pattern, "{search}");
        }
    }

    #[test]
    fn a_pattern_stays_as_it_is_written() {
        assert_eq!(exact(" {$.a=x&&$.b!=%y%} "), "{$.a=x&&$.b!=%y%}");
        assert_eq!(exact("~eventName:y {($.a = x)}"), "{($.a = x)}");
        assert_eq!(exact("{$.a=x||$.b=y} eventName:z"), r#"{ ($.a = x || $.b = y) && $.eventName = "z" }"#);
        assert_eq!(
            exact(r#"{"source": ["aws.iam"]} errorCode:x"#),
            r#"{ $.eventSource = "iam.amazonaws.com" && $.errorCode = "x" }"#
        );
    }

    #[test]
    fn what_is_not_the_same_is_said() {
        let converted = |search: &str| {
            let Converted { text, lost } = filter_of_search(search).unwrap_or_else(|error| panic!("{search}: {error}"));
            assert_eq!(lost.len(), 1, "{search}: {lost:?}");
            text
        };
        for (search, pattern) in [
            ("alice -Bob", r#""alice" -"Bob""#),
            (r#""say \"x\"""#, r#""say \\\"x\\\"""#),
            ("alice eventName:x", r#"{ $.eventName = "x" }"#),
            ("@size:>5 eventName:x", r#"{ $.eventName = "x" }"#),
            ("-{ $.a = x } eventName:x", r#"{ $.eventName = "x" }"#),
            ("-resources[*].ARN:y eventName:x", r#"{ $.eventName = "x" }"#),
            ("*.*:y eventName:x", r#"{ $.eventName = "x" }"#),
            (r#"errorCode:"a*",b eventName:x"#, r#"{ $.eventName = "x" }"#),
            ("requestParameters:* eventName:x", r#"{ $.eventName = "x" }"#),
            ("requestParameters.a:*", "{ $.requestParameters.a = * || $.requestParameters.a IS NULL }"),
            (
                "-requestParameters.a:x",
                r#"{ $.requestParameters.a != "x" || $.requestParameters.a IS NULL || $.requestParameters.a NOT EXISTS }"#,
            ),
            ("-requestParameters.a:>5", "{ $.requestParameters.a <= 5 || $.requestParameters.a NOT EXISTS }"),
            ("@principal:arn:aws:iam::1:user/a", r#"{ $.userIdentity.arn = "arn:aws:iam::1:user/a" }"#),
            ("-@principal:alice", r#"{ $.userIdentity.userName != "alice" || $.userIdentity.userName NOT EXISTS }"#),
        ] {
            assert_eq!(converted(search), pattern, "{search}");
        }
    }

    #[test]
    fn what_cannot_be_said_is_refused() {
        let error = |search: &str| filter_of_search(search).unwrap_err();
        assert!(error("@size:>5").ends_with("@size:>5 is left out: the size of a record cannot be asked there"));
        assert!(error(&format!("eventName:{}", "x".repeat(1024))).contains("at most 1024 characters"));
        assert!(error("resources[*].ARN:a,b,c,d").contains("at most 3 selectors with a wildcard"));
        assert!(error("{ $.a = %x% } { $.b = %y% } { $.c = %z% }").contains("at most 2 regular expressions"));
        assert!(filter_of_search("{ $.a == x }").is_err() && filter_of_search("eventName:").is_err());
    }
}
