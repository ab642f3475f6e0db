//! Laws of event patterns: columns give the answer of the reference matcher for any record and pattern, what is printed
//! reads back, and no text makes anything panic.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use trailscope::base::BitSet;
use trailscope::filter::elements::{Leaf, meet_all};
use trailscope::filter::eval::{Messages, Plan};
use trailscope::filter::naive;
use trailscope::pattern::eventbridge::{self, Pattern, envelope, explain, matching, parse};
use trailscope::store::{DocumentInfo, Segment, Shard, ShardLimits};

/// Event patterns never ask for messages.
struct Nothing;

impl Messages for Nothing {
    fn read(&self, _: &Segment, _: &BitSet, _: &mut dyn FnMut(usize, &str)) -> Result<(), String> {
        Err("an event pattern asked for the records".into())
    }
}

fn key() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["a", "b", "c", "a.b", "b.c", "eventID"]).prop_map(String::from)
}

fn leaf() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (0i64..4).prop_map(Value::from),
        prop::sample::select(vec![1.0, 1.5, 3e20]).prop_map(|number| json!(number)),
        prop::sample::select(vec!["", "x", "xy", "XY", "yx", "10.0.0.7", "::1", "é"]).prop_map(Value::from),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    leaf().prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            2 => prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            3 => prop::collection::btree_map(key(), inner, 0..4).prop_map(|members| json!(members)),
        ]
    })
}

fn record() -> impl Strategy<Value = Value> {
    let known = (
        prop::option::of(prop::sample::select(vec!["AwsApiCall", "AwsConsoleSignIn", "AwsOther"])),
        prop::option::of(prop::sample::select(vec!["iam.amazonaws.com", "s3.amazonaws.com", "x"])),
        prop::option::of(prop::sample::select(vec!["us-east-1", "eu-west-1"])),
    );
    (prop::collection::btree_map(key(), value(), 0..4), known).prop_map(|(mut members, (kind, source, region))| {
        let mut add = |name: &str, value: Option<&str>| {
            if let Some(value) = value {
                members.insert(name.into(), json!(value));
            }
        };
        add("eventType", kind);
        add("eventSource", source);
        add("awsRegion", region);
        json!(members)
    })
}

/// Values of a pattern, spelled as JSON.
fn asked() -> impl Strategy<Value = Value> {
    let text = || prop::sample::select(vec!["x", "X", "y", "xy"]).prop_map(Value::from);
    prop_oneof![
        4 => leaf(),
        1 => text().prop_map(|text| json!({"prefix": text})),
        1 => text().prop_map(|text| json!({"prefix": {"equals-ignore-case": text}})),
        1 => text().prop_map(|text| json!({"suffix": {"equals-ignore-case": text}})),
        1 => text().prop_map(|text| json!({"equals-ignore-case": text})),
        1 => prop::sample::select(vec!["*", "x*", "*y", "x*y", "*\\**"]).prop_map(|text| json!({"wildcard": text})),
        1 => text().prop_map(|text| json!({"anything-but": text})),
        1 => prop::collection::vec(0i64..4, 1..3).prop_map(|list| json!({"anything-but": list})),
        1 => prop::collection::vec(text(), 1..3).prop_map(|list| json!({"anything-but": {"prefix": list}})),
        1 => (0i64..4).prop_map(|bound| json!({"numeric": [">=", bound, "<", bound + 2]})),
        1 => Just(json!({"cidr": "10.0.0.0/8"})),
        2 => any::<bool>().prop_map(|exists| json!({"exists": exists})),
    ]
}

fn fields(names: Vec<&'static str>) -> impl Strategy<Value = Value> {
    let values = prop::collection::vec(asked(), 1..3).prop_map(Value::from);
    let key = prop::sample::select(names).prop_map(String::from);
    let inner = values.prop_recursive(3, 12, 3, |inner| {
        let key = prop::sample::select(vec!["a", "b", "c", "a.b"]).prop_map(String::from);
        let object = prop::collection::btree_map(key, inner.clone(), 1..3).prop_map(|members| json!(members));
        let alternatives = prop::collection::vec(object.clone(), 2..3);
        prop_oneof![
            3 => object.clone(),
            1 => (object, alternatives).prop_map(|(mut object, alternatives)| {
                object["$or"] = json!(alternatives);
                object
            }),
            2 => inner.prop_map(|value| if value.is_array() { value } else { json!({"b": value}) }),
        ]
    });
    prop::collection::btree_map(key, inner, 1..4).prop_map(|members| json!(members))
}

fn pattern() -> impl Strategy<Value = Pattern> {
    let known = prop::option::of(prop_oneof![
        Just(json!({"source": ["aws.iam", {"suffix": ".s3"}]})),
        Just(json!({"detail-type": ["AWS API Call via CloudTrail"]})),
        Just(json!({"$or": [{"region": ["us-east-1"]}, {"detail": {"a": [1]}, "resources": [{"exists": false}]}]})),
        Just(json!({"version": ["0"], "id": [{"exists": true}]})),
    ]);
    (fields(vec!["a", "b", "c", "a.b", "b.c"]), known).prop_map(|(detail, known)| {
        let mut pattern = json!({"detail": detail});
        for (name, value) in known.iter().filter_map(Value::as_object).flatten() {
            pattern[name] = value.clone();
        }
        parse(&pattern.to_string()).unwrap_or_else(|error| panic!("{pattern}: {error}"))
    })
}

fn shard_of(records: &[Value], segment_rows: usize) -> Shard {
    let mut shard = Shard::new(42, ShardLimits { segment_rows, ..ShardLimits::default() });
    let document = shard.add_document(DocumentInfo { file: 0, entry: 0, inner: 0, path: "test".into() });
    for record in records {
        shard.push(document, 0, record.to_string().as_bytes()).unwrap();
    }
    shard.seal();
    shard
}

/// A leaf in up to three arrays, and which of four conditions it meets.
fn placed_leaf() -> impl Strategy<Value = Leaf> {
    (prop::collection::vec((0u32..3, 0u32..3), 0..4), prop::collection::vec(any::<bool>(), 4)).prop_map(
        |(elements, met)| {
            let mut meets = BitSet::new(met.len());
            met.iter().enumerate().filter(|(_, met)| **met).for_each(|(condition, _)| meets.insert(condition));
            Leaf { elements, meets }
        },
    )
}

/// Whether each condition from this one on has a leaf that agrees with the elements chosen so far, found by trying
/// them all. An array is named by the way to it.
fn agree(leaves: &[Leaf], condition: usize, chosen: &BTreeMap<Vec<u32>, u32>) -> bool {
    condition == 4
        || leaves.iter().filter(|leaf| leaf.meets.contains(condition)).any(|leaf| {
            let mut all = chosen.clone();
            let mut way = Vec::new();
            let agrees = leaf.elements.iter().all(|&(array, index)| {
                way.push(array);
                let agrees = *all.entry(way.clone()).or_insert(index) == index;
                way.push(index);
                agrees
            });
            agrees && agree(leaves, condition + 1, &all)
        })
}

/// Whoever tried all combinations of elements would try for ever.
#[test]
fn no_event_makes_a_pattern_take_long() {
    let arrays = 60;
    let elements = json!([{"x": 1}, {"x": 1}, {"x": 1, "y": 0}, {"x": 0, "y": 1}]);
    let detail: BTreeMap<String, Value> = (0..arrays).map(|array| (format!("a{array:02}"), elements.clone())).collect();
    let mut asked: BTreeMap<String, Value> =
        (0..arrays).map(|array| (format!("a{array:02}"), json!({"x": [1]}))).collect();
    asked.insert(format!("a{:02}", arrays - 1), json!({"x": [1], "y": [1]}));
    let pattern = parse(&json!({"detail": asked}).to_string()).unwrap();
    let event = envelope::wrap(&json!(detail));
    assert!(explain(&pattern, &event).is_apart());

    // One path into many arrays, by names with dots, which no one element can decide.
    let names = ["a", "b", "c", "d", "e", "f"];
    let spelled = |cuts: usize, inner: Value| {
        let mut name = names[0].to_owned();
        let mut keys = Vec::new();
        for (at, part) in names.iter().enumerate().skip(1) {
            if cuts >> (at - 1) & 1 == 1 {
                keys.push(std::mem::replace(&mut name, (*part).to_owned()));
            } else {
                name = format!("{name}.{part}");
            }
        }
        keys.push(name);
        keys.into_iter().rev().fold(inner, |inner, key| json!({key: inner}))
    };
    let mut record = json!({});
    // Each of the 32 arrays can meet one of the 40 fields, any one.
    let elements: Vec<Value> = (0..40).map(|field| json!({format!("x{field:02}"): 1})).collect();
    for cuts in 0..32 {
        merge(&mut record, spelled(cuts, json!(elements)));
    }
    let fields: BTreeMap<String, Value> = (0..40).map(|field| (format!("x{field:02}"), json!([1]))).collect();
    let pattern = parse(&json!({"detail": {"a.b.c.d.e.f": fields}}).to_string()).unwrap();
    assert!(!matching::matches(&pattern, &envelope::wrap(&record)));
}

#[test]
fn alternatives_that_multiply_too_far_are_refused() {
    let alternatives = |from: usize, count: usize| {
        json!((from..from + count).map(|at| json!({format!("a{at}"): [1]})).collect::<Vec<_>>())
    };
    let refusal = |detail: Value| parse(&json!({"detail": detail}).to_string()).map_err(|error| error.message);
    let many = json!({"$or": alternatives(0, 40), "a": {"$or": alternatives(0, 26)}});
    assert!(refusal(many).is_err_and(|message| message.contains("more than 1000 combinations")));
    let mut long: serde_json::Map<String, Value> = (0..400).map(|at| (format!("f{at}"), json!([1]))).collect();
    long.insert("$or".into(), alternatives(0, 700));
    assert_eq!(refusal(json!(long)), Ok(parse(&json!({"detail": long}).to_string()).unwrap()));
    long.insert("$or".into(), alternatives(0, 800));
    assert!(refusal(json!(long)).is_err_and(|message| message.contains("more than 300000 fields")));
}

/// Adds the members of one object to another's, all the way down.
fn merge(into: &mut Value, from: Value) {
    match (into, from) {
        (Value::Object(into), Value::Object(from)) => {
            from.into_iter().for_each(|(name, value)| merge(into.entry(name).or_insert(Value::Null), value));
        }
        (into, from) => *into = from,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn array_elements_are_chosen_as_if_all_were_tried(leaves in prop::collection::vec(placed_leaf(), 0..10)) {
        prop_assert_eq!(meet_all(&leaves, 4), agree(&leaves, 0, &BTreeMap::new()));
    }

    #[test]
    fn columns_and_json_say_what_the_reference_says(
        records in prop::collection::vec(record(), 1..8), pattern in pattern(), rows in 1usize..5
    ) {
        let shard = shard_of(&records, rows);
        let predicate = pattern.lower();
        let plan = Plan::new(&predicate, &shard);
        let columnar: Vec<bool> = shard.segments().iter().flat_map(|segment| {
            let rows = plan.rows(&BitSet::full(segment.len()), &shard, segment, &Nothing).unwrap();
            (0..segment.len()).map(move |row| rows.contains(row)).collect::<Vec<_>>()
        }).collect();
        for (record, columnar) in records.iter().zip(columnar) {
            let event = envelope::wrap(record);
            let reference = matching::matches(&pattern, &event);
            prop_assert_eq!(columnar, reference, "columns: {} on {}", pattern, record);
            prop_assert_eq!(naive::matches(&predicate, record, ""), reference, "JSON: {} on {}", pattern, record);
            prop_assert_eq!(explain(&pattern, &event).matches, reference, "explanation: {} on {}", pattern, record);
        }
    }

    #[test]
    fn what_is_printed_reads_back(pattern in pattern()) {
        prop_assert_eq!(parse(&pattern.print()), Ok(pattern.clone()));
        prop_assert_eq!(parse(&pattern.pretty()), Ok(pattern));
    }

    #[test]
    fn no_text_panics(text in "(\\PC|[{}\\[\\]:,\"\\\\$*]|prefix|\\$or|null|1e9){0,40}", cursor in 0usize..60) {
        if let Ok(pattern) = parse(&text) {
            let _ = (eventbridge::check(&pattern, &text), pattern.lower());
        }
        let _ = (eventbridge::tokens(&text), eventbridge::completion(&text, cursor), eventbridge::extent(&text));
    }

    #[test]
    fn a_pattern_cut_anywhere_is_completed_without_panic(pattern in pattern(), at in 0usize..200) {
        let text = pattern.pretty();
        let at = text.floor_char_boundary(at.min(text.len()));
        let _ = eventbridge::completion(&text[..at], at).map(|place| place.insert("a['b c'][*].d"));
        let _ = eventbridge::completion(&text, at);
    }
}
