//! Tuning a metric filter: an exclusion takes out what it says and nothing else; what contributes to a filter and what two
//! filters have in common is what the events say, whatever the number of workers.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "worker_laws/hall.rs"]
mod hall;

use hall::{Hall, files};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use trailscope::base::EpochMs;
use trailscope::filter::naive;
use trailscope::model::query::{Answer, Query, Scope};
use trailscope::model::tuning::{ComparisonPart, ContributorsPart, Sets};
use trailscope::pattern::cloudwatch::edit::{Clause, with_clause};
use trailscope::pattern::cloudwatch::parse;
use trailscope::worker::pool::merged;

const PATTERNS: [&str; 6] = [
    "",
    "{ $.errorCode = \"*Denied\" || $.eventName = \"Get*\" && $.readOnly IS TRUE }",
    "{ ($.eventName = GetObject || $.eventName = PutObject) && $.errorCode NOT EXISTS }",
    "{ $.userIdentity.invokedBy != \"s3.amazonaws.com\" }",
    "{ $.requestParameters.size > 3 || $.requestParameters.size IS NULL }",
    "{ $.errorCode = \"AccessDenied\" }",
];

/// A value, or nothing at all.
fn field(values: &'static [&'static str]) -> impl Strategy<Value = Option<Value>> {
    prop::option::of(prop::sample::select(values).prop_map(|text| json!(text)))
}

/// Events whose fields are present or not, and of the kinds that their values have.
fn event() -> impl Strategy<Value = Value> {
    let size = prop_oneof![
        Just(None),
        Just(Some(Value::Null)),
        (0..6u32).prop_map(|size| Some(json!(size))),
        prop::sample::select(vec!["4", "large", "null"]).prop_map(|size| Some(json!(size))),
    ];
    (
        field(&["AccessDenied", "Client.AccessDenied", "Throttling"]),
        field(&["GetObject", "getobject", "PutObject"]),
        field(&["s3.amazonaws.com", "ec2.amazonaws.com"]),
        prop::option::of(any::<bool>()),
        size,
    )
        .prop_map(|(error, name, invoked_by, read_only, size)| {
            let mut event = json!({ "userIdentity": {}, "requestParameters": {} });
            let mut put = |parent: Option<&str>, key: &str, value: Option<Value>| {
                let object = match parent {
                    Some(parent) => &mut event[parent],
                    None => &mut event,
                };
                object.as_object_mut().unwrap().extend(value.map(|value| (key.to_owned(), value)));
            };
            put(None, "errorCode", error);
            put(None, "eventName", name);
            put(None, "readOnly", read_only.map(Value::from));
            put(Some("userIdentity"), "invokedBy", invoked_by);
            put(Some("requestParameters"), "size", size);
            event
        })
}

fn clause_about() -> impl Strategy<Value = (&'static str, Option<&'static str>)> {
    let cases = [
        ("errorCode", &["AccessDenied", "Throttling"][..]),
        ("eventName", &["GetObject", "PutObject"]),
        ("userIdentity.invokedBy", &["s3.amazonaws.com"]),
        ("readOnly", &["true", "false"]),
        ("requestParameters.size", &["4", "large", "null"]),
    ];
    let all: Vec<_> = cases
        .into_iter()
        .flat_map(|(field, values)| {
            values
                .iter()
                .map(move |value| (field, Some(*value)))
                .chain((field != "requestParameters.size").then_some((field, None)))
        })
        .collect();
    prop::sample::select(all)
}

/// Whether the event has the value as facets and lists show it.
fn has(event: &Value, field: &str, value: Option<&str>) -> bool {
    let found = field.split('.').try_fold(event, |at, key| at.get(key));
    match (found, value) {
        (None, None) => true,
        (Some(Value::String(text)), Some(value)) => text == value,
        (Some(found), Some(value)) => {
            let text = found.to_string();
            text == value
        }
        _ => false,
    }
}

fn passes(pattern: &str, event: &Value) -> bool {
    naive::matches_message(&parse(pattern).unwrap().lower(), &event.to_string())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn a_clause_is_what_it_says(
        event in event(),
        pattern in prop::sample::select(&PATTERNS[..]),
        (field, value) in clause_about(),
    ) {
        let before = passes(pattern, &event);
        for (clause, wanted) in [(Clause::Only, true), (Clause::Not, false)] {
            let edited = with_clause(pattern, clause, &format!("$.{field}"), value).unwrap();
            let expected = before && has(&event, field, value) == wanted;
            prop_assert_eq!(passes(&edited, &event), expected, "{} on {}", edited, event);
        }
    }
}

/// The events of [`files`] without duplicates.
fn events() -> Vec<Value> {
    let mut known = BTreeSet::new();
    let records = files().into_iter().flat_map(|(_, bytes)| {
        let document: Value = serde_json::from_slice(&bytes).unwrap();
        document["Records"].as_array().unwrap().clone()
    });
    records.filter(|event| known.insert(event["eventID"].as_str().unwrap().to_owned())).collect()
}

fn time(event: &Value) -> i64 {
    EpochMs::parse(event["eventTime"].as_str().unwrap()).unwrap().0
}

fn halls() -> impl Iterator<Item = Hall> {
    [1, 2, 5].into_iter().map(|workers| Hall::loaded(workers, 3, &files()))
}

#[test]
fn contributors_are_those_of_the_events() {
    let pattern = "{ $.errorCode = AccessDenied || $.eventName = PutObject }";
    let all = events();
    let (first, last) = (all.iter().map(time).min().unwrap(), all.iter().map(time).max().unwrap());
    let third = (last - first) / 3;
    let spans = vec![(first, first + third), (last - third, last + 1)];
    for mut hall in halls() {
        for spans in [None, Some(spans.clone())] {
            let inside = |event: &&Value| {
                spans.as_ref().is_none_or(|spans| spans.iter().any(|(from, to)| (*from..*to).contains(&time(event))))
            };
            let matching: Vec<_> = all.iter().filter(|event| passes(pattern, event)).filter(inside).collect();
            assert!(!matching.is_empty() && matching.len() < all.len());
            let query = Query::Contributors {
                pattern: pattern.into(),
                spans: spans.clone(),
                fields: vec!["eventName".into(), "errorCode".into()],
                keep_duplicates: false,
            };
            let part: ContributorsPart = merged(hall.ask(query, None), |answer| match answer {
                Answer::Contributors(part) => Some(part),
                _ => None,
            });
            assert_eq!(part.events, matching.len() as u64);
            for (field, group) in ["eventName", "errorCode"].into_iter().zip(&part.fields) {
                let mut expected: BTreeMap<Option<String>, u64> = BTreeMap::new();
                for event in &matching {
                    *expected.entry(event[field].as_str().map(String::from)).or_default() += 1;
                }
                let counted: BTreeMap<_, _> =
                    group.values.iter().map(|(value, tally)| (value.clone(), tally.count)).collect();
                assert_eq!(counted, expected, "{field}");
            }
        }
    }
}

#[test]
fn two_filters_divide_the_events() {
    let (a, b, condition) = (
        "{ $.eventName = Get* || $.eventName = Put* }",
        "{ $.errorCode = AccessDenied }",
        "{ $.eventName = GetObject }",
    );
    let mut expected = Sets::default();
    let mut holds = Sets::default();
    for event in events() {
        let (in_a, in_b) = (passes(a, &event), passes(b, &event));
        for (sets, counts) in [(&mut expected, true), (&mut holds, passes(condition, &event))] {
            sets.only_a += u64::from(counts && in_a && !in_b);
            sets.both += u64::from(counts && in_a && in_b);
            sets.only_b += u64::from(counts && in_b && !in_a);
        }
    }
    assert!(expected.only_a > 0 && expected.both > 0 && expected.only_b > 0, "{expected:?}");
    for mut hall in halls() {
        assert_eq!(hall.count(&Scope::default()).events, events().len() as u64);
        let query = Query::Compare {
            patterns: [a.into(), b.into()],
            conditions: vec![condition.into()],
            keep_duplicates: false,
        };
        let part: ComparisonPart = merged(hall.ask(query, None), |answer| match answer {
            Answer::Compare(part) => Some(part),
            _ => None,
        });
        assert_eq!((part.events, &part.conditions[..]), (expected, &[holds][..]));
        let minutes = part.minutes.values().fold(Sets::default(), |mut sum, sets| {
            trailscope::model::partial::Merge::merge(&mut sum, *sets);
            sum
        });
        assert_eq!(minutes, expected);
        let times: BTreeSet<i64> = events()
            .iter()
            .filter(|event| passes(a, event) || passes(b, event))
            .map(|event| time(event).div_euclid(60_000))
            .collect();
        assert_eq!(part.minutes.keys().copied().collect::<BTreeSet<_>>(), times);
    }
}
