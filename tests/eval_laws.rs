//! The columnar evaluator agrees with the JSON-walking reference on random events and random predicates.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use proptest::prelude::*;
use serde_json::{Value, json};
use trailscope::base::{BitSet, EpochMs, json_text};
use trailscope::filter::eval::{Messages, Plan};
use trailscope::filter::naive;
use trailscope::filter::predicate::{
    Comparison, Field, Glob, MessageTest, Operand, Predicate, Regex, Selector, Step, Test,
};
use trailscope::store::{DocumentInfo, Segment, Shard, ShardLimits};

struct Kept(Vec<String>);

impl Messages for Kept {
    fn read(&self, segment: &Segment, rows: &BitSet, visit: &mut dyn FnMut(usize, &str)) -> Result<(), String> {
        rows.iter().for_each(|row| visit(row, &self.0[segment.base as usize + row]));
        Ok(())
    }
}

fn key() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["a", "b", "eventName", "list", "k k", "arn"]).prop_map(String::from)
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "",
            "x",
            "Console",
            "console login",
            "200",
            "true",
            "é",
            "a\"b",
            "a/b",
            "null",
            "1.5"
        ])
        .prop_map(String::from),
        "[a-cX ]{0,3}",
        "0b93e3f9-4b65-4b28-9b0c-00000000000[0-3]",
    ]
}

fn number() -> impl Strategy<Value = Value> {
    prop_oneof![
        (-3i64..5).prop_map(|n| json!(n)),
        prop::sample::select(vec![1.5, 200.0, -0.0, 1e300]).prop_map(|n| json!(n)),
        Just(json!(u64::MAX))
    ]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf =
        prop_oneof![Just(Value::Null), any::<bool>().prop_map(Value::from), number(), text().prop_map(Value::from)];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::btree_map(key(), inner, 0..3).prop_map(|members| json!(members)),
        ]
    })
}

fn event() -> impl Strategy<Value = Value> {
    let identity =
        prop::collection::btree_map(prop::sample::select(vec!["arn", "principalId", "accountId"]), text(), 0..3);
    (prop::collection::btree_map(key(), value(), 0..5), prop::option::of(identity), 0i64..5).prop_map(
        |(mut event, identity, hour)| {
            if let Some(identity) = identity {
                event.insert("userIdentity".into(), json!(identity));
            }
            event.insert("eventTime".into(), json!(format!("2024-01-01T0{hour}:00:00Z")));
            json!(event)
        },
    )
}

fn selector() -> impl Strategy<Value = Field> {
    let step = prop_oneof![
        4 => key().prop_map(Step::Key),
        1 => (0u32..3).prop_map(Step::Index),
        1 => Just(Step::AnyKey),
        1 => Just(Step::AnyElement),
    ];
    prop_oneof![
        8 => prop::collection::vec(step, 1..4).prop_map(|steps| Field::Path(Selector { steps })),
        1 => Just(Field::Principal),
    ]
}

fn test() -> impl Strategy<Value = Test> {
    use Comparison::*;
    let comparison = prop::sample::select(vec![Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual]);
    let operand = prop_oneof![
        text().prop_map(|t| Operand::Text(Glob::literal(&t))),
        prop::sample::select(vec!["*", "Con*", "*x", "*on*", "2*"]).prop_map(|t| Operand::Text(Glob::parse(t))),
        prop::sample::select(vec!["200", "1.5", "-0", "1e300"])
            .prop_map(|t| Operand::Number(t.parse().unwrap(), t.into())),
        prop::sample::select(vec!["^C", "a|x", "[0-9]+"]).prop_map(|t| Operand::Regex(Regex::new(t).unwrap())),
    ];
    prop_oneof![
        4 => (comparison, operand).prop_map(|(c, o)| Test::Compare(c, o)),
        1 => Just(Test::IsNull),
        1 => any::<bool>().prop_map(Test::IsBool),
        1 => Just(Test::NotExists),
        1 => prop::collection::vec(text(), 1..3).prop_map(Test::OneOf),
    ]
}

fn predicate() -> impl Strategy<Value = Predicate> {
    let needle = prop_oneof![
        text(),
        prop::sample::select(vec!["\"a\":", "1", "rue", "ul", "eventN", "2024-01", "}", "n", "u00", "\\", "[", "9-4"])
            .prop_map(String::from)
    ];
    let leaf = prop_oneof![
        6 => (selector(), test()).prop_map(|(field, test)| Predicate::Field(field, test)),
        2 => needle.clone().prop_map(|t| Predicate::Message(MessageTest::Contains(t))),
        1 => Just(Predicate::Message(MessageTest::Matches(Regex::new("ev.*:").unwrap()))),
        1 => needle.prop_map(|t| Predicate::AnyText(t.to_lowercase())),
        1 => (0i64..5, 0i64..5).prop_map(|(a, b)| {
            let at = |hour: i64| EpochMs(EpochMs::parse("2024-01-01T00:00:00Z").unwrap().0 + hour * 3_600_000);
            Predicate::Time(at(a), at(b))
        }),
        1 => any::<bool>().prop_map(Predicate::Const),
    ];
    leaf.prop_recursive(3, 8, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Predicate::And),
            prop::collection::vec(inner.clone(), 0..3).prop_map(Predicate::Or),
            inner.prop_map(|p| Predicate::Not(Box::new(p))),
        ]
    })
}

fn shard_of(texts: &[String], segment_rows: usize) -> Shard {
    let mut shard = Shard::new(42, ShardLimits { segment_rows, ..ShardLimits::default() });
    let document = shard.add_document(DocumentInfo { file: 0, entry: 0, inner: 0, path: "test".into() });
    for text in texts {
        shard.push(document, 0, text.as_bytes()).unwrap();
    }
    shard.seal();
    shard
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn columnar_equals_naive(events in prop::collection::vec(event(), 1..12), predicate in predicate(), rows in 1usize..8, pretty in any::<bool>()) {
        let texts: Vec<String> =
            events.iter().map(|e| if pretty { serde_json::to_string_pretty(e).unwrap() } else { e.to_string() }).collect();
        let messages: Vec<String> = texts.iter().map(|text| {
            let mut out = Vec::new();
            json_text::compact(text.as_bytes(), &mut out);
            String::from_utf8(out).unwrap()
        }).collect();
        let shard = shard_of(&texts, rows);
        let plan = Plan::new(&predicate, &shard);
        let kept = Kept(messages.clone());
        let got: Vec<bool> = shard.segments().iter().flat_map(|segment| {
            let rows = plan.rows(&BitSet::full(segment.len()), &shard, segment, &kept).unwrap();
            (0..segment.len()).map(move |row| rows.contains(row)).collect::<Vec<_>>()
        }).collect();
        let expect: Vec<bool> = events.iter().zip(&messages).map(|(event, message)| naive::matches(&predicate, event, message)).collect();
        prop_assert_eq!(got, expect);
    }
}
