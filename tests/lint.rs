//! What is said about filter patterns: nothing about the patterns of the control pack on any data set, whatever the
//! number of workers; and what is said otherwise ends with the change that is offered.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "worker_laws/hall.rs"]
mod hall;
#[path = "ingest/shared_data.rs"]
mod shared_data;

use hall::{Hall, files};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};
use std::cell::RefCell;
use std::path::{Path, PathBuf};
use trailscope::base::number::grouped;
use trailscope::controls;
use trailscope::model::fields::{FieldPart, FieldQuestion, FieldsPart};
use trailscope::model::partial::CatalogPart;
use trailscope::model::query::{Answer, Query, Scope};
use trailscope::pattern::cloudwatch::parse;
use trailscope::sample::builtin;
use trailscope::view::lint::{Finding, of_events, of_text, questions};
use trailscope::worker::pool::merged;

/// What is rightly said about patterns of the pack, on any data: how the pattern begins, what is said.
///
/// Both are spellings of “unauthorized API calls” that the pack lists as traps. The first, of the CIS benchmark 1.4 and
/// others, joins its exclusions by `||`, so that it matches nearly every event. The second joins them by `&&` but leaves
/// out the parentheses around the alternatives, so that the exclusions concern the second one only.
const TRUE_FINDINGS: [(&str, &str); 2] = [
    (
        "{ ($.errorCode = \"*UnauthorizedOperation\") || ($.errorCode = \"AccessDenied*\") || ($.sourceIPAddress!=",
        "joined by ||, this negated condition alone matches nearly every event",
    ),
    (
        "{ ($.errorCode =\"*UnauthorizedOperation\") || ($.errorCode =\"AccessDenied*\") && ($.sourceIPAddress!=",
        "&& binds tighter than ||: this part is taken together",
    ),
];

fn fields(hall: &mut Hall, questions: Vec<FieldQuestion>) -> FieldsPart {
    let answers = hall.ask(Query::Fields(questions), None);
    merged(answers, |answer| if let Answer::Fields(part) = answer { Some(part) } else { None })
}

fn catalog(hall: &mut Hall) -> CatalogPart {
    let answers = hall.ask(Query::Catalog, None);
    merged(answers, |answer| if let Answer::Catalog(part) = answer { Some(part) } else { None })
}

fn findings(hall: &mut Hall, catalog: &CatalogPart, pattern: &str) -> Vec<Finding> {
    let part = fields(hall, questions(pattern));
    of_text(pattern).into_iter().chain(of_events(pattern, &part, catalog)).collect()
}

/// All patterns that the pack names.
fn presets() -> Vec<&'static str> {
    let of = |control: &'static controls::Control| {
        control.spellings.iter().map(|spelling| spelling.pattern.as_str()).chain(control.prowler.pattern.as_deref())
    };
    controls::all().iter().flat_map(of).collect()
}

/// What is said about the patterns of the pack and is not listed as true.
fn false_alarms(name: &str, hall: &mut Hall) -> Vec<String> {
    let catalog = catalog(hall);
    let mut said = Vec::new();
    for pattern in presets() {
        for finding in findings(hall, &catalog, pattern) {
            let is_true = |(start, text): &(&str, &str)| pattern.starts_with(start) && finding.text == *text;
            if !TRUE_FINDINGS.iter().any(is_true) {
                said.push(format!("{name}: {} – {pattern}", finding.text));
            }
        }
    }
    said
}

fn files_below(path: &Path) -> Vec<PathBuf> {
    if path.is_file() {
        return vec![path.to_path_buf()];
    }
    let mut entries: Vec<_> = std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    entries.iter().flat_map(|entry| files_below(entry)).collect()
}

#[test]
fn nothing_is_said_about_the_control_pack_on_the_sample() {
    let files: Vec<_> = builtin().map(|file| (file.path, file.bytes)).collect();
    let mut hall = Hall::loaded(2, 3, &files);
    assert!(presets().len() > 15);
    assert_eq!(false_alarms("sample", &mut hall), Vec::<String>::new());
}

#[test]
fn nothing_is_said_about_the_control_pack_on_real_data() {
    let Some(data) = shared_data::data("nothing_is_said_about_the_control_pack_on_real_data") else { return };
    let mut said = Vec::new();
    let mut events = 0;
    for set in ["originals", "derived"].iter().flat_map(|part| std::fs::read_dir(data.join(part)).unwrap()) {
        let path = set.unwrap().path();
        let files: Vec<_> = files_below(&path)
            .into_iter()
            .map(|file| (file.display().to_string(), std::fs::read(&file).unwrap()))
            .collect();
        let mut hall = Hall::loaded(2, 5, &files);
        events += hall.count(&Scope::default()).events;
        said.extend(false_alarms(path.file_name().unwrap().to_str().unwrap(), &mut hall));
    }
    assert!(events > 10_000, "{events}");
    assert_eq!(said, Vec::<String>::new());
}

/// Events of which each kind of finding can be true.
fn events() -> Vec<Value> {
    let names = ["ConsoleLogin", "consoleLogin", "GetObject", "PutObject", "AssumeRole"];
    let event = |number: usize| {
        let mut event = json!({
            "eventID": format!("00000000-0000-4000-8000-{number:012}"),
            "eventTime": "2024-05-01T10:00:00Z",
            "eventName": names[number % names.len()],
            "userAgent": format!("agent number {number} of the test, of a text that nobody else has"),
            "readOnly": number.is_multiple_of(2),
            "requestParameters": {
                "size": number,
                "port": number.to_string(),
                "flag": null,
                "mixed": if number.is_multiple_of(3) { json!(true) } else { json!("True") },
                "list": [{ "name": "Alpha" }, { "name": if number == 7 { json!("beta") } else { json!(4) } }],
            },
        });
        if number.is_multiple_of(4) {
            event["errorCode"] = json!(if number.is_multiple_of(8) { "consolelogin" } else { "Other" });
        }
        event
    };
    (0..60).map(event).collect()
}

fn hall(workers: usize) -> Hall {
    let file = |(number, events): (usize, &[Value])| {
        (format!("{number}.json"), json!({ "Records": events }).to_string().into_bytes())
    };
    let events = events();
    let files: Vec<_> = events.chunks(7).enumerate().map(file).collect();
    Hall::loaded(workers, 1, &files)
}

/// The values of a path, `[*]` and `[0]` included.
fn values<'a>(event: &'a Value, path: &str) -> Vec<&'a Value> {
    path.split('.').fold(vec![event], |values, key| {
        let (key, step) =
            key.split_once('[').map_or((key, None), |(key, step)| (key, Some(step.trim_end_matches(']'))));
        let inner = values.into_iter().filter_map(|value| value.get(key));
        match step {
            None => inner.collect(),
            Some("*") => inner.flat_map(|list| list.as_array().into_iter().flatten()).collect(),
            Some(at) => inner.filter_map(|list| list.get(at.parse::<usize>().unwrap())).collect(),
        }
    })
}

#[test]
fn fields_are_what_the_events_say_whatever_the_number_of_workers() {
    let asked = [
        ("eventName", "consolelogin"),
        ("eventName", "GETOBJECT"),
        ("eventName", "console*"),
        ("eventName", "ConsoleLogin"),
        ("userAgent", "*NUMBER 7 OF*"),
        ("userAgent", "*number 7 of*"),
        ("readOnly", "true"),
        ("requestParameters", "x"),
        ("requestParameters.size", ""),
        ("requestParameters.port", "12"),
        ("requestParameters.flag", "null"),
        ("requestParameters.mixed", "TRUE"),
        ("requestParameters.list[*].name", "BETA"),
        ("requestParameters.list[0].name", "BETA"),
        ("requestParameters.list[1].name", "alpha"),
        ("requestParameters.list.name", "alpha"),
        ("nothing", "x"),
    ];
    let same = |text: &str, other: &str| text != other && text.eq_ignore_ascii_case(other);
    let naive = |&(field, text): &(&str, &str)| {
        let mut part = FieldPart::default();
        for value in events().iter().flat_map(|event| values(event, field).into_iter().cloned().collect::<Vec<_>>()) {
            part.is_present = true;
            part.has_numbers |= value.is_number();
            part.has_booleans |= value.is_boolean();
            part.has_texts |= value.is_string();
            let (Some(value), false) = (value.as_str(), text.is_empty()) else { continue };
            let inner = text.trim_matches('*');
            let places = match (text.starts_with('*'), text.ends_with('*')) {
                (true, true) => 0..(value.len() + 1).saturating_sub(inner.len()),
                (false, true) => 0..usize::from(value.len() >= inner.len()),
                _ => 0..usize::from(value.len() == inner.len()),
            };
            let mut spellings = places.map(|at| &value[at..at + inner.len()]);
            part.matches |= spellings.clone().any(|spelling| spelling == inner);
            part.spellings.extend(spellings.find(|spelling| same(spelling, inner)).map(str::to_owned));
        }
        part
    };
    let expected: Vec<FieldPart> = asked.iter().map(naive).collect();
    for workers in 1..4 {
        let questions =
            asked.map(|(field, text)| FieldQuestion { field: field.into(), text: text.into(), among: None });
        let part = fields(&mut hall(workers), questions.to_vec());
        for ((asked, expected), found) in asked.iter().zip(&expected).zip(&part.fields) {
            // The search for other letters ends with the first value that matches.
            let spellings = if expected.matches { &found.spellings } else { &expected.spellings };
            let expected = FieldPart { spellings: spellings.clone(), ..expected.clone() };
            assert_eq!(*found, expected, "{asked:?} of {workers} workers");
        }
        assert_eq!(part.fields.len(), asked.len());
    }
    let told = hall(2).ask(
        Query::Fields(vec![FieldQuestion { field: "eventName".into(), text: "x".into(), among: None }; 200]),
        None,
    );
    let told: FieldsPart = merged(told, |answer| if let Answer::Fields(part) = answer { Some(part) } else { None });
    assert_eq!(told.fields.len(), 64);
}

#[test]
fn events_that_have_a_field_are_counted_whatever_the_number_of_workers() {
    let get = "{ $.eventName = GetObject }";
    let asked = [
        ("errorCode", ""),
        ("errorCode", get),
        ("requestParameters.flag", ""),
        ("requestParameters.list", ""),
        ("requestParameters.list[*].name", get),
        ("requestParameters.list[2].name", ""),
        ("nothing", get),
    ];
    for workers in 1..4 {
        let question = |&(field, among): &(&str, &str)| FieldQuestion {
            field: field.into(),
            text: String::new(),
            among: Some(among.into()),
        };
        let part = fields(&mut hall(workers), asked.iter().map(question).collect());
        for ((field, among), part) in asked.iter().zip(&part.fields) {
            let is_among = |event: &Value| among.is_empty() || event["eventName"] == "GetObject";
            let events: Vec<_> = events().into_iter().filter(is_among).collect();
            let having = events.iter().filter(|event| !values(event, field).is_empty()).count();
            assert_eq!((part.events, part.having), (events.len() as u64, having as u64), "{field} {among}");
        }
    }
}

#[test]
fn an_exclusion_of_a_field_that_most_events_lack_is_told_and_its_change_finds_them() {
    let files: Vec<_> = builtin().map(|file| (file.path, file.bytes)).collect();
    let mut hall = Hall::loaded(2, 3, &files);
    let catalog = catalog(&mut hall);
    let matched =
        |hall: &mut Hall, pattern: &str| hall.count(&Scope { pattern: pattern.into(), ..Scope::default() }).matched;
    let of = |pattern: &str| pattern.to_owned();
    for (pattern, mended, among, lacking) in [
        (
            "{ $.errorCode != \"AccessDenied\" }",
            "{ $.errorCode != \"AccessDenied\" || $.errorCode NOT EXISTS }",
            of(""),
            "{ $.errorCode NOT EXISTS }",
        ),
        (
            "{ $.eventSource = \"s3.amazonaws.com\" && $.errorCode != \"AccessDenied\" && $.errorCode != \"NoSuchKey\" }",
            "{ $.eventSource = \"s3.amazonaws.com\" && ($.errorCode != \"AccessDenied\" || $.errorCode NOT EXISTS) \
             && ($.errorCode != \"NoSuchKey\" || $.errorCode NOT EXISTS) }",
            of("{ $.eventSource = \"s3.amazonaws.com\" }"),
            "{ $.eventSource = \"s3.amazonaws.com\" && $.errorCode NOT EXISTS }",
        ),
    ] {
        let (lacking, all) = (matched(&mut hall, lacking), matched(&mut hall, &among));
        let [Finding { text, fix: Some(fix) }] = &findings(&mut hall, &catalog, pattern)[..] else {
            panic!("{pattern}")
        };
        assert_eq!(fix.pattern, mended);
        assert!(text.contains(&format!(" {} of ", grouped(lacking))) && text.contains(&grouped(all)), "{text}");
        assert_eq!(matched(&mut hall, mended), matched(&mut hall, pattern) + lacking, "{pattern}");
        assert_eq!(findings(&mut hall, &catalog, mended), [], "{mended}");
    }
    for pattern in [
        "{ $.eventName != \"GetObject\" }",
        "{ $.errorCode = * && $.errorCode != \"AccessDenied\" }",
        "{ $.eventName = ConsoleLogin && $.additionalEventData.MFAUsed != \"Yes\" }",
        "{ $.userIdentity.type = AssumedRole && $.userIdentity.sessionContext.attributes.mfaAuthenticated != \"true\" }",
    ] {
        assert_eq!(findings(&mut hall, &catalog, pattern), [], "{pattern}");
    }
}

fn condition() -> impl Strategy<Value = String> {
    let selector = prop::sample::select(vec![
        "$.eventName",
        "$.eventname",
        "$.eventNam",
        "$.errorCode",
        "$.readOnly",
        "$.requestParameters.size",
        "$.requestParameters.port",
        "$.requestParameters.prot",
        "$.requestParameters.mixed",
        "$.requestParameters.list.name",
        "$.requestParameters.list[0].name",
        "$.requestParameters.list[*].name",
        "$.size",
        "$.unknown.thing",
        "$.requestParameters",
    ]);
    let test = prop::sample::select(vec![
        "= consolelogin",
        "= \"CONSOLELOGIN\"",
        "!= \"getobject*\"",
        "= \"*Object\"",
        "= *OBJECT*",
        "= alpha",
        "= 12",
        "> 12",
        ">= \"12\"",
        "= true",
        "!= \"true\"",
        "= null",
        "!= *",
        "= 'x'",
        "!= Other",
        "IS TRUE",
        "IS NULL",
        "NOT EXISTS",
        "= %^Get%",
    ]);
    (selector, test).prop_map(|(selector, test)| format!("{selector} {test}"))
}

/// Patterns with every trap.
fn pattern() -> impl Strategy<Value = String> {
    let operator = prop::sample::select(vec!["&&", "||"]);
    let join = |(left, operator, right): (String, &str, String)| format!("{left} {operator} {right}");
    let some = prop_oneof![
        condition(),
        (condition(), operator.clone(), condition()).prop_map(move |parts| format!("({})", join(parts))),
    ];
    let two = (some.clone(), operator.clone(), some.clone()).prop_map(join);
    prop_oneof![some.clone(), two.clone(), (two, operator, some).prop_map(join)].prop_map(|all| format!("{{ {all} }}"))
}

#[test]
fn a_change_ends_what_it_is_offered_for() {
    let hall = RefCell::new(hall(2));
    let catalog = catalog(&mut hall.borrow_mut());
    let seen = RefCell::new(std::collections::BTreeMap::<String, u32>::new());
    let mut runner = TestRunner::new(Config { cases: 3_000, ..Config::default() });
    let law = |pattern: String| {
        if parse(&pattern).is_err() {
            return Ok(());
        }
        let before = findings(&mut hall.borrow_mut(), &catalog, &pattern);
        for finding in &before {
            let Some(fix) = &finding.fix else { continue };
            *seen.borrow_mut().entry(fix.label.clone()).or_default() += 1;
            prop_assert_ne!(&fix.pattern, &pattern);
            prop_assert!(parse(&fix.pattern).is_ok(), "{} became {}", pattern, fix.pattern);
            let after = findings(&mut hall.borrow_mut(), &catalog, &fix.pattern);
            let same = |list: &[Finding]| list.iter().filter(|other| other.text == finding.text).count();
            prop_assert!(same(&after) < same(&before), "{}: {} became {}", finding.text, pattern, fix.pattern);
        }
        Ok(())
    };
    runner.run(&pattern(), law).unwrap();
    let seen = seen.into_inner();
    for label in [
        "Join the exclusion by &&",
        "Use $.eventName",
        "Match all of them",
        "Use “Alpha”",
        "Write $.readOnly IS FALSE",
        "Add $.errorCode NOT EXISTS",
    ] {
        assert!(seen.contains_key(label), "{label} was never offered: {seen:?}");
    }
}

#[test]
fn the_files_of_the_other_laws_have_nothing_against_their_patterns() {
    let mut hall = Hall::loaded(2, 1, &files());
    let catalog = catalog(&mut hall);
    for pattern in
        ["{ $.eventName = GetObject && $.requestParameters.size > 3 }", "{ $.resources[*].ARN = \"*common\" }"]
    {
        assert_eq!(findings(&mut hall, &catalog, pattern), [], "{pattern}");
    }
}
