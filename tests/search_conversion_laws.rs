//! Law of searches as metric filters: a filter of which nothing is said to be lost matches the events that the search
//! finds, whatever is in them, and what is written is a pattern that the service takes.

#![allow(clippy::unwrap_used)]

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};
use trailscope::filter::naive;
use trailscope::filter::predicate::{Comparison, Field, Glob, Selector, Step};
use trailscope::pattern::convert::{Converted, filter_of_search};
use trailscope::pattern::search::{self, Clause, ClauseKind, FieldTest, FieldValue, SearchQuery};
use trailscope::pattern::{cloudwatch, path};

/// Words that mean something to one of the languages, so that values are often those that are asked for.
const WORDS: &[&str] =
    &["", "x", "xy", "X", "yx", "true", "false", "null", "12", "1.5", "1e3", "é \"q\"", "*x", "a\\*"];

/// Fields that CloudTrail writes as text only.
const TEXTS: [&str; 6] = [
    "eventName",
    "errorCode",
    "userIdentity.type",
    "userIdentity.arn",
    "userIdentity.userName",
    "userIdentity.sessionContext.attributes.mfaAuthenticated",
];

fn word() -> impl Strategy<Value = String> {
    select(WORDS).prop_map(String::from)
}

fn key() -> impl Strategy<Value = String> {
    select(vec!["a", "b", "b c", "x"]).prop_map(String::from)
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        1 => Just(Value::Null),
        2 => any::<bool>().prop_map(Value::from),
        2 => select(vec![json!(0), json!(5), json!(12), json!(1.5), json!(1000), json!(u64::MAX)]),
        4 => word().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            2 => vec(inner.clone(), 0..3).prop_map(Value::from),
            3 => btree_map(key(), inner, 0..3).prop_map(|members| json!(members)),
        ]
    })
}

/// What CloudTrail says the fields hold that it knows, and anything in others.
fn event() -> impl Strategy<Value = Value> {
    let texts = btree_map(select(TEXTS.to_vec()), word(), 0..TEXTS.len());
    let read_only = prop::option::of(prop_oneof![any::<bool>().prop_map(Value::from), word().prop_map(Value::from)]);
    (texts, read_only, btree_map(key(), value(), 0..4), prop::option::of(value())).prop_map(
        |(texts, read_only, others, parameters)| {
            let mut event = json!(others);
            for (path, text) in texts {
                let mut at = &mut event;
                for name in path.split('.') {
                    at = &mut at[name];
                }
                *at = json!(text);
            }
            let known = [("readOnly", read_only), ("requestParameters", parameters)];
            for (name, value) in known.into_iter().filter_map(|(name, value)| Some((name, value?))) {
                event[name] = value;
            }
            event
        },
    )
}

fn field() -> impl Strategy<Value = Field> {
    let step = prop_oneof![
        6 => key().prop_map(Step::Key),
        1 => (0u32..2).prop_map(Step::Index),
        1 => Just(Step::AnyKey),
        1 => Just(Step::AnyElement),
    ];
    let steps = |first: &str, rest: Vec<Step>| {
        let steps = std::iter::once(Step::Key(first.into())).chain(rest).collect();
        Field::Path(Selector { steps })
    };
    prop_oneof![
        6 => select(TEXTS.to_vec()).prop_map(|text| path::parse(text).unwrap()),
        1 => Just(path::parse("readOnly").unwrap()),
        3 => vec(step.clone(), 1..3).prop_map(|steps| Field::Path(Selector { steps })),
        3 => vec(step, 0..3).prop_map(move |rest| steps("requestParameters", rest)),
        1 => Just(Field::Principal),
    ]
}

fn test() -> impl Strategy<Value = FieldTest> {
    let wildcard = ("[xy1.*]{1,2}|tru|e|ul", 0usize..3)
        .prop_map(|(text, open)| FieldValue::Wildcard(Glob { text, open_start: open != 0, open_end: open != 1 }));
    let value = prop_oneof![3 => word().prop_map(FieldValue::Literal), 1 => wildcard];
    let comparison =
        select(vec![Comparison::Less, Comparison::LessOrEqual, Comparison::Greater, Comparison::GreaterOrEqual]);
    prop_oneof![
        1 => Just(FieldTest::Exists),
        5 => vec(value, 1..4).prop_map(FieldTest::Values),
        1 => (comparison, select(vec!["5", "+12", "1e3", "-0.5"])).prop_map(|(c, n)| FieldTest::Compare(c, n.into())),
    ]
}

fn clause() -> impl Strategy<Value = Clause> {
    let patterns = vec![
        r#"{ $.a = "x" || $.eventName != "x" }"#,
        "{ $.b IS NULL || $.requestParameters.a NOT EXISTS && $.readOnly IS TRUE }",
        "{ $.a[*] = 12 || $.a = %x% }",
        r#"{"detail": {"eventName": ["x", {"prefix": "y"}]}}"#,
    ];
    let kind = prop_oneof![
        12 => (field(), test()).prop_map(|(field, test)| ClauseKind::Field(field, test)),
        1 => select(patterns).prop_map(|text| search::parse(text).unwrap().clauses.remove(0).kind),
        1 => word().prop_map(ClauseKind::Text),
    ];
    (kind, prop::bool::weighted(0.1), any::<bool>()).prop_map(|(kind, disabled, exclude)| Clause {
        disabled,
        exclude,
        ..Clause::new(kind)
    })
}

/// Whether the search is said to be the same as its filter, which is then held to it.
fn is_exact(text: &str, events: &[Value]) -> bool {
    let query = search::parse(text).unwrap();
    let Ok(Converted { text: pattern, lost }) = filter_of_search(text) else { return false };
    let filter = cloudwatch::parse(&pattern).unwrap_or_else(|error| panic!("{text} as {pattern}: {error}")).lower();
    let asked = query.lower();
    for event in events.iter().filter(|_| lost.is_empty()) {
        let message = event.to_string();
        let (found, matched) = (naive::matches(&asked, event, &message), naive::matches_message(&filter, &message));
        assert_eq!(found, matched, "{text} as {pattern} on {message}");
    }
    lost.is_empty()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn a_filter_without_loss_matches_what_the_search_finds(
        clauses in vec(clause(), 1..4), events in vec(event(), 1..12)
    ) {
        is_exact(&SearchQuery { clauses }.print(), &events);
    }

    #[test]
    fn what_is_asked_of_text_is_always_said(
        name in select(TEXTS.to_vec()), test in test(), exclude in any::<bool>(), events in vec(event(), 1..12)
    ) {
        // But for two: an exclusion by number, and a * that is meant as it stands.
        let sayable = match &test {
            FieldTest::Exists => true,
            FieldTest::Compare(..) => !exclude,
            FieldTest::Values(values) => values.iter().all(|value| match value {
                FieldValue::Literal(text) => Glob::parse(text) == Glob::literal(text),
                FieldValue::Wildcard(Glob { text, .. }) => !text.contains('*'),
            }),
        };
        let kind = ClauseKind::Field(path::parse(name).unwrap(), test);
        let clause = Clause { exclude, ..Clause::new(kind) };
        let text = SearchQuery { clauses: vec![clause] }.print();
        let exact = is_exact(&text, &events);
        prop_assert!(exact || !sayable, "{}", text);
    }

    #[test]
    fn no_search_panics(text in "(\\PC|[-~{}:,\"\\\\$*<>.]|eventName:|readOnly:true|@principal:){0,30}") {
        if let Ok(Converted { text: pattern, .. }) = filter_of_search(&text) {
            prop_assert!(cloudwatch::parse(&pattern).is_ok(), "{} as {}", text, pattern);
        }
    }
}
