//! What each fact about the loaded events makes of a pattern, and what its change makes of the pattern.

use super::*;

/// What is there: a field, the kinds of its values, its texts.
const EVENTS: [(&str, &[&str]); 6] = [
    ("eventName", &["ConsoleLogin", "GetObject", "getObject"]),
    ("eventSource", &["s3.amazonaws.com"]),
    ("userIdentity", &["{}"]),
    ("userIdentity.userName", &["alice"]),
    ("readOnly", &["true", "false"]),
    ("requestParameters.count", &["12"]),
];

fn catalog() -> CatalogPart {
    let paths = EVENTS.iter().map(|(path, values)| ((*path).to_owned(), values.len() as u64)).collect();
    CatalogPart { paths, ..CatalogPart::default() }
}

/// How many events the question is about; those of one event source are few.
fn asked(question: &FieldQuestion) -> u64 {
    question.among.as_deref().map_or(0, |among| if among.is_empty() { 12_000 } else { 3 })
}

/// The answer of a data set of that.
fn answer(question: &FieldQuestion) -> FieldPart {
    let Some((_, values)) = EVENTS.iter().find(|(path, _)| *path == question.field) else {
        return FieldPart { events: asked(question), ..FieldPart::default() };
    };
    let glob = Glob::parse(&question.text);
    let events = asked(question);
    let having = if question.field == "userIdentity.userName" { events / 3 } else { events };
    let mut part = FieldPart { is_present: true, events, having, ..FieldPart::default() };
    for &value in *values {
        part.has_booleans |= value.parse::<bool>().is_ok();
        part.has_numbers |= value.parse::<i64>().is_ok();
        if value.chars().all(|c| c.is_alphabetic() || c == '.' || c == '3') && value.parse::<bool>().is_err() {
            part.has_texts = true;
            part.matches |= glob.matches(value);
            let len = glob.text.len();
            let spelling = value.get(..len).filter(|start| start.eq_ignore_ascii_case(&glob.text) && len > 0);
            if !glob.matches(value) && (glob.open_end || len == value.len()) {
                part.spellings.extend(spelling.map(str::to_owned));
            }
        }
    }
    part
}

fn findings(pattern: &str) -> Vec<Finding> {
    let part = FieldsPart { fields: questions(pattern).iter().map(answer).collect() };
    of_events(pattern, &part, &catalog())
}

/// The only finding, its label and the pattern after it; the finding is gone then.
fn fixed(pattern: &str) -> (String, String, String) {
    let [Finding { text, fix: Some(fix) }] = &findings(pattern)[..] else {
        panic!("{pattern}: {:?}", findings(pattern))
    };
    assert_eq!(findings(&fix.pattern), [], "{}", fix.pattern);
    (text.clone(), fix.label.clone(), fix.pattern.clone())
}

#[test]
fn a_field_that_no_event_has_gives_way_to_the_nearest() {
    let (text, label, pattern) = fixed("{ $.eventname = ConsoleLogin || ($.eventname = \"GetObject\") }");
    assert_eq!(text, "No loaded event has $.eventname, so this condition never holds; there is $.eventName.");
    assert_eq!(
        (label.as_str(), pattern.as_str()),
        ("Use $.eventName", "{ $.eventName = ConsoleLogin || ($.eventName = \"GetObject\") }")
    );
    let (text, _, pattern) = fixed("{ $.userName NOT EXISTS }");
    assert!(text.contains("NOT EXISTS holds on all of them"), "{text}");
    assert_eq!(pattern, "{ $.userIdentity.userName NOT EXISTS }");
    let only_told = findings("{ $.requestParameters.nothing = x }");
    assert_eq!(only_told.len(), 1);
    assert_eq!(only_told[0].fix, None);
}

#[test]
fn fields_that_may_just_not_have_occurred_are_left_alone() {
    for pattern in [
        "{ $.errorCode = \"AccessDenied*\" || $.userIdentity.sessionContext.attributes.mfaAuthenticated != \"true\" }",
        "{ $.resources[*].ARN = x }",
        "{ $.requestParameters.nothing NOT EXISTS }",
        "[a, b = x]",
        "word",
        "{ not a pattern",
    ] {
        assert_eq!(findings(pattern), [], "{pattern}");
    }
    let only_among_alternatives = "{ $.eventName = ConsoleLogin || $.additionalEventData.MFAUsed != \"Yes\" }";
    assert_eq!(findings(only_among_alternatives), [], "the text alone tells");
    let mut catalog = catalog();
    catalog.partial = [(vec!["eventTime".to_owned()], 3)].into();
    let pattern = "{ $.requestParameters.nothing = x }";
    let part = FieldsPart { fields: vec![FieldPart::default()] };
    assert_eq!(of_events(pattern, &part, &catalog), [], "told by the note on events without the field");
    assert_eq!(of_events(pattern, &part, &CatalogPart::default()), [], "nothing is loaded");
}

#[test]
fn an_exclusion_of_a_field_that_most_events_lack_is_told() {
    let (text, label, pattern) = fixed("{ $.userIdentity.userName != alice }");
    assert_eq!(
        text,
        "$.userIdentity.userName is absent from 8,000 of 12,000 events, and != is false where it is absent."
    );
    assert_eq!(label, "Add $.userIdentity.userName NOT EXISTS");
    assert_eq!(pattern, "{ $.userIdentity.userName != alice || $.userIdentity.userName NOT EXISTS }");
    // Also of a field that may just not have occurred.
    let (text, _, pattern) =
        fixed("{ $.eventSource = \"s3.amazonaws.com\" && ($.errorCode != A) && $.errorCode != \"B\" }");
    assert_eq!(
        text,
        "$.errorCode is absent from 3 of the 3 events that the conditions beside it hold on, and != is false where it is absent."
    );
    assert_eq!(
        pattern,
        "{ $.eventSource = \"s3.amazonaws.com\" && ($.errorCode != A || $.errorCode NOT EXISTS) && ($.errorCode != \"B\" || $.errorCode NOT EXISTS) }"
    );
    for sound in [
        "{ $.eventName != ConsoleLogin }",
        "{ $.userIdentity.userName = alice }",
        "{ $.userIdentity.userName != alice || $.userIdentity NOT EXISTS }",
    ] {
        assert_eq!(findings(sound), [], "{sound}");
    }
    let told = findings("{ $.eventname != ConsoleLogin }");
    assert_eq!(told.len(), 1, "that no event has the field says all: {told:?}");
    let pattern = "{ $.errorCode != A }";
    let half = |having| FieldsPart { fields: vec![FieldPart { events: 6, having, ..FieldPart::default() }] };
    assert_eq!(of_events(pattern, &half(3), &catalog()), [], "half is not most");
    assert_eq!(of_events(pattern, &half(2), &catalog()).len(), 1);
    let mut catalog = catalog();
    catalog.partial = [(vec!["eventTime".to_owned()], 3)].into();
    assert_eq!(of_events(pattern, &half(2), &catalog), [], "told by the note on events without the field");
}

#[test]
fn letters_have_to_be_those_of_the_events() {
    let (text, label, pattern) = fixed("{ ($.eventName=consolelogin) && $.eventSource = * }");
    assert_eq!(
        text,
        "No loaded event has “consolelogin” in $.eventName, but “ConsoleLogin”: the case of letters counts."
    );
    assert_eq!(
        (label.as_str(), pattern.as_str()),
        ("Use “ConsoleLogin”", "{ ($.eventName=ConsoleLogin) && $.eventSource = * }")
    );
    assert_eq!(fixed("{ $.eventName = \"console*\" }").2, "{ $.eventName = \"Console*\" }");
    let (_, label, pattern) = fixed("{ $.eventName = GETOBJECT }");
    assert_eq!((label.as_str(), pattern.as_str()), ("Match all of them", "{ $.eventName = %^[Gg]etObject$% }"));
    assert_eq!(fixed("{ $.eventSource = S3.amazonaws* }").2, "{ $.eventSource = s3.amazonaws* }");
    for sound in ["{ $.eventName = ConsoleLogin || $.eventName = consolelogin }", "{ $.eventName = NoSuchCall }"] {
        assert_eq!(findings(sound), [], "{sound}");
    }
}

#[test]
fn comparisons_are_of_the_kind_of_the_values() {
    let list = findings("{ $.eventName > 5 }");
    assert_eq!(
        list[0].text,
        "$.eventName > 5 compares numbers, but in the loaded events $.eventName holds text only, so it is never true."
    );
    assert_eq!(findings("{ $.requestParameters.count > 5 }"), []);
    assert_eq!(fixed("{ $.readOnly = \"true\" }").2, "{ $.readOnly IS TRUE }");
    assert_eq!(fixed("{ $.readOnly != \"true\" }").2, "{ $.readOnly IS FALSE }");
    assert_eq!(findings("{ $.readOnly = true }"), [], "the text alone tells");
    assert_eq!(findings("{ $.readOnly = * }"), []);
    assert!(findings("{ $.userIdentity = x }")[0].text.contains("objects, arrays or null only"));
}

#[test]
fn what_the_text_shows_has_its_change() {
    let list = of_text("{ $.a = x || $.b != y }");
    assert_eq!(list.len(), 1);
    assert_eq!(list[0].fix.as_ref().unwrap().pattern, "{ $.a = x && $.b != y }");
    assert_eq!(of_text("{ not a pattern"), []);
}
