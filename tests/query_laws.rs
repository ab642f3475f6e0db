//! Answers from columns equal answers computed naively from the events, on random events, scopes and segment sizes.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use trailscope::base::EpochMs;
use trailscope::ingest::{BytesSource, Job, Limits, Step};
use trailscope::model::distinct::Distinct;
use trailscope::model::partial::{GroupPart, HistogramPart, Merge, Tally};
use trailscope::model::query::{Answer, Query, Scope, Sort, SortKey, SortValue};
use trailscope::query::{Engine, Loading};
use trailscope::store::ShardLimits;

/// Milliseconds since the epoch at the first of the times that occur.
const START: i64 = 1_704_067_200_000;

/// A search, and what it says about an event, so that no evaluator has a part in the expectation.
type Search = (&'static str, fn(&Value) -> bool);

const SEARCHES: [Search; 6] = [
    ("", |_| true),
    ("eventName:Get", |event| event["eventName"] == "Get"),
    ("-errorCode:*", |event| event.get("errorCode").is_none()),
    ("mixed:*", |event| event.get("mixed").is_some()),
    ("nobody", |_| false),
    ("eventID:0b93*", |event| event["eventID"].as_str().is_some_and(|id| id.starts_with("0b93"))),
];

fn mixed() -> impl Strategy<Value = Value> {
    let text = prop::sample::select(vec!["", "1", "b", "B", "é", "true", "10"]).prop_map(Value::from);
    let leaf = prop_oneof![
        3 => text,
        2 => prop::sample::select(vec![1, 2, 10]).prop_map(Value::from),
        1 => Just(json!(0.5)),
        1 => any::<bool>().prop_map(Value::from),
        1 => Just(json!({})),
    ];
    prop_oneof![4 => leaf.clone(), 1 => prop::collection::vec(leaf, 0..4).prop_map(Value::from)]
}

fn event() -> impl Strategy<Value = Value> {
    (
        prop::option::weighted(0.9, (0i64..6, 0i64..300)),
        prop::sample::select(vec!["Get", "Put", "List"]),
        prop::option::weighted(0.3, Just("Denied")),
        prop::option::of(mixed()),
        prop::sample::select(vec!["0b93e3f9", "1b93e3f9", "X"]),
    )
        .prop_map(|(time, name, error, mixed, id)| {
            let mut event = json!({ "eventName": name, "eventID": format!("{id}-4b65-4b28-9b0c-000000000001") });
            if let Some((hour, second)) = time {
                event["eventTime"] = EpochMs(START + hour * 3_600_000 + second * 1_000).to_rfc3339().into();
            }
            if let Some(error) = error {
                event["errorCode"] = error.into();
            }
            if let Some(mixed) = mixed {
                event["mixed"] = mixed;
            }
            event
        })
}

fn engine(events: &[Value], segment_rows: usize) -> Engine {
    let limits = ShardLimits { segment_rows, ..ShardLimits::default() };
    let mut engine = Engine::with_limits(7, Limits::default(), limits);
    engine.add_source(0, Box::new(BytesSource(json!({ "Records": events }).to_string().into_bytes())));
    let mut loading = Loading::open(&mut engine, 0, Job::whole("test.json"));
    while let Step::More(_) = loading.step(&mut engine, &mut Vec::new()) {}
    engine.seal();
    engine
}

fn time_of(event: &Value) -> Option<i64> {
    EpochMs::parse(event["eventTime"].as_str()?).map(|time| time.0)
}

/// The values at `$.field`, or at each element of it.
fn values<'e>(event: &'e Value, field: &str) -> Vec<&'e Value> {
    match (field.strip_suffix("[*]"), event.get(field.trim_end_matches("[*]"))) {
        (_, None) => Vec::new(),
        (Some(_), Some(Value::Array(list))) => list.iter().collect(),
        (Some(_), Some(_)) => Vec::new(),
        (None, Some(value)) => vec![value],
    }
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::Object(_) | Value::Array(_) => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

struct Asked<'e> {
    events: Vec<&'e Value>,
    scope: Scope,
}

fn asked<'e>(events: &'e [Value], search: usize, hours: Option<(i64, i64)>) -> Asked<'e> {
    let (text, passes) = SEARCHES[search];
    let range = hours.map(|(from, to)| (EpochMs(START + from * 3_600_000), EpochMs(START + to * 3_600_000)));
    let inside = |event: &&Value| match (range, time_of(event)) {
        (None, _) => true,
        (Some((from, to)), Some(time)) => from.0 <= time && time < to.0,
        (Some(_), None) => false,
    };
    let scope = Scope { filter: text.into(), range, keep_duplicates: true, ..Scope::default() };
    Asked { events: events.iter().filter(|event| passes(event)).filter(inside).collect(), scope }
}

fn tally(time: Option<i64>) -> Tally {
    time.map_or(Tally { count: 1, ..Tally::default() }, |time| Tally { count: 1, first: time, last: time })
}

fn naive_group(events: &[&Value], field: &str, contains: &str, limit: usize, named: &[Option<String>]) -> GroupPart {
    let named = named.iter().map(|name| (name.clone(), Tally::default())).collect();
    let mut part = GroupPart { events: events.len() as u64, named, ..GroupPart::default() };
    for event in events {
        let texts: BTreeSet<Option<String>> = values(event, field).into_iter().filter_map(text).map(Some).collect();
        let texts = if texts.is_empty() { [None].into() } else { texts };
        for text in texts {
            if let Some(named) = part.named.get_mut(&text) {
                named.merge(tally(time_of(event)));
            }
            if text.as_ref().map_or(contains.is_empty(), |text| text.to_lowercase().contains(contains)) {
                part.values.entry(text).or_default().merge(tally(time_of(event)));
            }
        }
    }
    part.distinct = Distinct::of(part.values.keys().map(Option::as_deref));
    part.keep_top(limit);
    part
}

fn naive_histogram(events: &[&Value], step: i64, offset: i64) -> HistogramPart {
    let mut part = HistogramPart::default();
    for event in events {
        let Some(time) = time_of(event) else { continue };
        let bucket = part.buckets.entry((time - offset).div_euclid(step) * step + offset).or_default();
        if event.get("errorCode").is_some() { bucket.1 += 1 } else { bucket.0 += 1 }
    }
    part
}

/// Sort value and time of the events in order; ties beyond that are in the order of the file.
fn naive_order(events: &[&Value], sort: &Sort) -> Vec<(SortValue, i64)> {
    let value = |event: &Value| match sort.field.as_deref().and_then(|field| values(event, field).into_iter().next()) {
        Some(Value::Number(number)) => SortValue::Number(number.as_f64().unwrap()),
        Some(value) => text(value).map_or(SortValue::Absent, SortValue::Text),
        None => SortValue::Absent,
    };
    let mut keys: Vec<_> = events.iter().map(|event| (value(event), time_of(event).unwrap_or(i64::MIN))).collect();
    keys.sort_by(|a, b| a.0.compare(&b.0).then(a.1.cmp(&b.1)));
    if sort.descending {
        keys.reverse();
    }
    keys
}

fn window(
    engine: &mut Engine,
    scope: &Scope,
    sort: &Sort,
    from: Option<SortKey>,
    len: u32,
) -> (u64, Vec<(SortKey, u32)>) {
    let fields = vec!["eventName".to_owned(), "mixed".to_owned()];
    let query = Query::SortWindow { scope: scope.clone(), sort: sort.clone(), from, len, fields: fields.clone() };
    match engine.answer(&query).unwrap() {
        Answer::SortWindow { before, rows, cells } => {
            let query = Query::Cells { rows: rows.iter().map(|(_, row)| *row).collect(), fields };
            assert_eq!(
                engine.answer(&query).unwrap(),
                Answer::Cells(cells),
                "cells along with the keys are those asked for"
            );
            (before, rows)
        }
        other => panic!("{other:?}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn groups(
        events in prop::collection::vec(event(), 0..40), rows in 1usize..20, search in 0..SEARCHES.len(),
        hours in prop::option::of((0i64..4, 1i64..7)), limit in 1usize..6, contains in prop::sample::select(vec!["", "b", "1"]),
        named in prop::collection::vec(prop::option::of(prop::sample::select(vec!["Get", "Denied", "1", "b", "nothing"])), 0..4),
    ) {
        let named: Vec<Option<String>> = named.into_iter().map(|name| name.map(String::from)).collect();
        let mut engine = engine(&events, rows);
        let Asked { events, scope } = asked(&events, search, hours);
        for field in ["eventName", "errorCode", "mixed", "mixed[*]", "eventID", "nowhere"] {
            let query = |spans| Query::Group {
                scope: scope.clone(), field: field.into(), contains: contains.into(), limit: limit as u32, named: named.clone(), spans,
            };
            let expect = naive_group(&events, field, contains, limit, &named);
            prop_assert_eq!(engine.answer(&query(true)).unwrap(), Answer::Group(expect.clone()), "{}", field);
            let counts = |part: &GroupPart| {
                part.values.iter().chain(&part.named).map(|(value, tally)| (value.clone(), tally.count)).collect::<Vec<_>>()
            };
            let Answer::Group(counted) = engine.answer(&query(false)).unwrap() else { panic!() };
            prop_assert_eq!(counts(&counted), counts(&expect), "{}", field);
        }
    }

    #[test]
    fn the_top_of_several_parts_is_the_top_of_the_whole(
        shares in prop::collection::vec(prop::collection::btree_map(0u8..12, 1u64..9, 0..12), 1..4),
        told in 1usize..8, limit in 1usize..6, name in 0u8..12,
    ) {
        let parts: Vec<GroupPart> = shares.iter().map(|share| {
            let values = share.iter().map(|(value, count)| (Some(value.to_string()), Tally { count: *count, ..Tally::default() }));
            let mut part = GroupPart { values: values.collect(), ..GroupPart::default() };
            part.distinct = Distinct::of(part.values.keys().map(Option::as_deref));
            let name = Some(name.to_string());
            part.named = [(name.clone(), part.tally(&name).unwrap_or_default())].into();
            part
        }).collect();
        let mut whole = GroupPart::default();
        parts.iter().cloned().for_each(|part| whole.merge(part));
        whole.keep_top(limit);
        let cut = |mut part: GroupPart| { part.keep_top(told); part };
        let is_cut = parts.iter().any(|part| part.values.len() > told);
        let top = GroupPart::top_of(parts.into_iter().map(cut).collect(), limit);
        prop_assert!(is_cut || top.is_some());
        if let Some(top) = top.filter(|_| told >= limit) {
            prop_assert_eq!((top.values, top.named, top.distinct), (whole.values, whole.named, whole.distinct));
        }
    }

    #[test]
    fn a_word_finds_the_same_letter_by_letter(
        events in prop::collection::vec(event(), 0..40), rows in 1usize..20,
        word in "[a-e0-2 é-]{1,6}", before in prop::sample::select(vec!["", "eventName:* ", "-b "]),
    ) {
        let mut typing = engine(&events, rows);
        for end in word.char_indices().map(|(at, letter)| at + letter.len_utf8()) {
            let query = Query::Count(Scope { filter: format!("{before}{}", &word[..end]), ..Scope::default() });
            prop_assert_eq!(typing.answer(&query), engine(&events, rows).answer(&query), "{:?}", query);
        }
    }

    #[test]
    fn histograms(
        events in prop::collection::vec(event(), 0..40), rows in 1usize..20, search in 0..SEARCHES.len(),
        hours in prop::option::of((0i64..4, 1i64..7)), step in prop::sample::select(vec![1, 999, 1_000, 300_000, 86_400_000]),
        offset in -90_000_000i64..90_000_000,
    ) {
        let mut engine = engine(&events, rows);
        let Asked { events, scope } = asked(&events, search, hours);
        let answer = engine.answer(&Query::Histogram { scope, step_ms: step, offset_ms: offset }).unwrap();
        prop_assert_eq!(answer, Answer::Histogram(naive_histogram(&events, step, offset)));
    }

    #[test]
    fn orders(
        events in prop::collection::vec(event(), 0..60), rows in 1usize..20, search in 0..SEARCHES.len(),
        hours in prop::option::of((0i64..4, 1i64..7)), descending in any::<bool>(), len in 0u32..12,
    ) {
        let mut engine = engine(&events, rows);
        let Asked { events, scope } = asked(&events, search, hours);
        for field in [None, Some("eventName"), Some("mixed"), Some("eventID")] {
            let sort = Sort { field: field.map(String::from), descending };
            let expect = naive_order(&events, &sort);
            let keys = |rows: &[(SortKey, u32)]| rows.iter().map(|(key, _)| (key.value.clone(), key.time)).collect::<Vec<_>>();
            // Picked, before there is an order.
            let (before, first) = window(&mut engine, &scope, &sort, None, len);
            prop_assert_eq!(before, 0);
            prop_assert_eq!(keys(&first), &expect[..expect.len().min(len as usize)], "{:?}", field);
            let samples = match engine.answer(&Query::SortSamples { scope: scope.clone(), sort: sort.clone(), stride: 1 }).unwrap() {
                Answer::SortSamples(keys) => keys,
                other => panic!("{other:?}"),
            };
            let ascends = |a: &SortKey, b: &SortKey| if descending { a > b } else { a < b };
            prop_assert!(samples.is_sorted_by(ascends));
            prop_assert_eq!(samples.iter().map(|key| (key.value.clone(), key.time)).collect::<Vec<_>>(), expect);
            // The same out of the order.
            prop_assert_eq!(window(&mut engine, &scope, &sort, None, len), (0, first));
            for (at, key) in samples.iter().enumerate().step_by(7) {
                let (before, rows) = window(&mut engine, &scope, &sort, Some(key.clone()), 3);
                prop_assert_eq!(before, at as u64);
                prop_assert_eq!(rows.iter().map(|(key, _)| key).collect::<Vec<_>>(), samples[at..].iter().take(3).collect::<Vec<_>>());
            }
        }
    }
}

/// More values than a dictionary takes: the columns of ids and keys hold their texts as they come.
#[test]
fn columns_of_mostly_distinct_values() {
    let events: Vec<Value> = (0..40_000u32)
        .map(|n| {
            let hash = n.wrapping_mul(2_654_435_761);
            let key = match n % 7 {
                0 => json!(format!("Ärger/{hash:08x}")),
                1 => json!(format!("LOGS/{hash:08x}.GZ")),
                2 if n % 3 == 0 => json!(n),
                3 if n % 5 == 0 => json!({ "n": n }),
                _ => json!(format!("logs/{hash:08x}")),
            };
            json!({
                "eventName": "Get",
                "eventID": format!("{hash:08x}-4b65-4b28-9b0c-{n:012x}"),
                "eventTime": EpochMs(START + i64::from(hash >> 8) * 1_000).to_rfc3339(),
                "key": key,
            })
        })
        .collect();
    let mut engine = engine(&events, 9_000);
    let contains = |event: &Value, field: &str, needle: &str| {
        event[field].as_str().is_some_and(|text| text.to_lowercase().contains(needle))
    };
    for needle in [
        "a",
        "7",
        "0b",
        "e3f",
        "5-4b",
        "-4",
        "-",
        "65-4b28-9",
        "04b65",
        "2024",
        "-02-",
        "02-1",
        "t1",
        "t",
        "05:3",
        "9z",
        "2024-01-05t",
        "logs/0",
        ".gz",
        "/",
        "s/f",
        "är",
        "r/00",
        "logs/ffff",
        "q",
        "é",
    ] {
        let Answer::Count(count) =
            engine.answer(&Query::Count(Scope { filter: format!("\"{needle}\""), ..Scope::default() })).unwrap()
        else {
            panic!("another answer")
        };
        let passes =
            |event: &&Value| ["eventID", "eventTime", "key"].iter().any(|field| contains(event, field, needle));
        let expect = events.iter().filter(passes).count() as u64;
        assert_eq!(count.matched, expect, "{needle}");
    }
    for (filter, expect) in [
        (format!("eventID:{}", events[77]["eventID"].as_str().unwrap()), 1),
        ("eventID:*-00000000004d".into(), 1),
        ("eventID:*4D".into(), 0),
        ("key:14".into(), 0),
        ("key:9".into(), 1),
        ("{ $.key = 9 }".into(), 1),
        ("-key.n:*".into(), events.iter().filter(|event| !event["key"].is_object()).count() as u64),
    ] {
        let answer = engine.answer(&Query::Count(Scope { filter: filter.clone(), ..Scope::default() })).unwrap();
        assert!(
            matches!(answer, Answer::Count(ref count) if count.matched == expect),
            "{filter}: {answer:?}, not {expect}"
        );
    }
    let all: Vec<&Value> = events.iter().collect();
    let named = [events[3]["key"].as_str().map(String::from), None, Some("nothing".into())];
    let group = Query::Group {
        scope: Scope::default(),
        field: "key".into(),
        contains: "logs/0".into(),
        limit: 50,
        named: named.to_vec(),
        spans: true,
    };
    assert_eq!(engine.answer(&group).unwrap(), Answer::Group(naive_group(&all, "key", "logs/0", 50, &named)));
    for field in ["eventID", "key", "eventTime"] {
        for descending in [false, true] {
            let sort = Sort { field: Some(field.into()), descending };
            let expect = naive_order(&all, &sort);
            let (_, rows) = window(&mut engine, &Scope::default(), &sort, None, 500);
            assert_eq!(rows.into_iter().map(|(key, _)| (key.value, key.time)).collect::<Vec<_>>(), expect[..500]);
        }
    }
    let counts: BTreeMap<_, _> = naive_histogram(&all, 300_000, 0).buckets;
    let answer = engine.answer(&Query::Histogram { scope: Scope::default(), step_ms: 300_000, offset_ms: 0 }).unwrap();
    assert_eq!(answer, Answer::Histogram(HistogramPart { buckets: counts }));
}
