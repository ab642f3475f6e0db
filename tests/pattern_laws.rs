//! Laws of the pattern languages: printing and reading back is the identity, and no text makes anything panic.

#[path = "any_input/filter_patterns.rs"]
mod filter_patterns;
#[path = "any_input/searches.rs"]
mod searches;

use filter_patterns::any_filter_pattern;
use proptest::collection::vec;
use proptest::prelude::*;
use searches::any_search;
use trailscope::filter::naive;
use trailscope::filter::predicate::{Comparison, Field, Glob, Regex, Selector, Step, number};
use trailscope::pattern::cloudwatch;
use trailscope::pattern::cloudwatch::ast::{
    Expr, JsonCondition, JsonTest, Pattern, Role, SpaceCondition, SpaceItem, SpaceItemKind, Term, Value, ValueKind,
};
use trailscope::pattern::search::{self, Clause, ClauseKind, FieldTest, FieldValue, SearchQuery};
use trailscope::pattern::{Span, path};

fn span() -> Span {
    Span::default()
}

/// Text with plenty of characters that mean something.
fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        r#"[ -~]{0,12}"#,
        r#"[a-c*"\\:,{}\[\]()%$.<>='~ü -]{0,10}"#,
        Just("*".to_owned()),
        Just("12".to_owned()),
        Just("arn:aws:iam::1:user/x".to_owned()),
    ]
}

/// Text made of pieces of the languages, to get deep into the parsers.
fn pattern_like() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("{ "),
        Just(" }"),
        Just("["),
        Just("]"),
        Just("("),
        Just(")"),
        Just(" && "),
        Just(" || "),
        Just("$.a"),
        Just("$.a['b c'][0]"),
        Just("$.a[*]"),
        Just("$.*"),
        Just(" = "),
        Just("!="),
        Just(">="),
        Just("<"),
        Just(" IS NULL"),
        Just(" NOT EXISTS"),
        Just("\"x y\""),
        Just("\""),
        Just("%a.b%"),
        Just("%"),
        Just("12"),
        Just("*x*"),
        Just("..."),
        Just(", "),
        Just("name"),
        Just("?"),
        Just("-"),
        Just("~"),
        Just("a.b:"),
        Just("@principal:"),
        Just("é"),
        Just("\\"),
        Just(" "),
    ];
    vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => "[A-Za-z0-9_-]{1,6}".prop_map(Step::Key),
        1 => "[^']{0,5}".prop_map(Step::Key),
        1 => (0u32..20).prop_map(Step::Index),
    ]
}

fn selector() -> impl Strategy<Value = Selector> {
    vec(step(), 1..4).prop_map(|steps| Selector { steps })
}

fn wild_selector() -> impl Strategy<Value = Selector> {
    let wild = prop_oneof![Just(Step::AnyKey), Just(Step::AnyElement)];
    (vec(step(), 0..2), wild, vec(step(), 0..2))
        .prop_map(|(before, wild, after)| Selector { steps: before.into_iter().chain([wild]).chain(after).collect() })
}

fn comparison() -> impl Strategy<Value = Comparison> {
    prop_oneof![
        Just(Comparison::Equal),
        Just(Comparison::NotEqual),
        Just(Comparison::Less),
        Just(Comparison::LessOrEqual),
        Just(Comparison::Greater),
        Just(Comparison::GreaterOrEqual),
    ]
}

fn number_text() -> impl Strategy<Value = String> {
    r"[+-]?[0-9]{1,4}(\.[0-9]{1,3})?([eE][+-]?[0-9]{1,2})?"
}

fn value() -> impl Strategy<Value = Value> {
    let kind = prop_oneof![
        number_text().prop_map(ValueKind::Number),
        r"[A-Za-z*.$'/:_@^][A-Za-z0-9*.$'/:_@=<>!\[\]\\-]{0,8}"
            .prop_filter("not a number", |text| number(text).is_none())
            .prop_map(ValueKind::Bare),
        any_text().prop_map(ValueKind::Quoted),
    ];
    kind.prop_map(|kind| Value { span: span(), kind })
}

fn expr<C: Clone + std::fmt::Debug + 'static>(leaf: BoxedStrategy<C>) -> impl Strategy<Value = Expr<C>> {
    let leaf = leaf.prop_map(|condition| Expr::leaf(span(), condition));
    leaf.prop_recursive(4, 12, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 1..4).prop_map(|items| Expr::and(span(), items)),
            vec(inner, 1..4).prop_map(|items| Expr::or(span(), items)),
        ]
    })
}

fn json_condition() -> BoxedStrategy<JsonCondition> {
    let test = prop_oneof![
        4 => (comparison(), value()).prop_map(|(comparison, value)| JsonTest::Compare(comparison, value)),
        1 => Just(JsonTest::IsNull),
        1 => any::<bool>().prop_map(JsonTest::IsBool),
        1 => Just(JsonTest::NotExists),
    ];
    (selector(), test).prop_map(|(selector, test)| JsonCondition { selector, selector_span: span(), test }).boxed()
}

/// A JSON pattern; the first condition may have a wildcard selector and a regular expression.
fn json_pattern() -> impl Strategy<Value = Pattern> {
    let regexes: Vec<Regex> = ["a.b", "^x$", r"\d+\.", "[^}]{2}"].into_iter().flat_map(Regex::new).collect();
    let special = (wild_selector(), prop::sample::select(regexes)).prop_map(|(selector, regex)| {
        let value = Value { span: span(), kind: ValueKind::Regex(regex) };
        Expr::leaf(
            span(),
            JsonCondition { selector, selector_span: span(), test: JsonTest::Compare(Comparison::Equal, value) },
        )
    });
    (prop::option::of(special), expr(json_condition()))
        .prop_map(|(special, expr)| Pattern::Json(Expr::and(span(), special.into_iter().chain([expr]).collect())))
}

fn space_pattern() -> impl Strategy<Value = Pattern> {
    let name = || "[A-Za-z0-9_-]{1,6}";
    let condition = (comparison(), value()).prop_map(|(comparison, value)| SpaceCondition { comparison, value });
    let bare_fits = |condition: &SpaceCondition| !matches!(&condition.value.kind, ValueKind::Bare(text) if text.contains(['[', ']']));
    let condition = condition.prop_filter("brackets need quotes", bare_fits).boxed();
    let kind = prop_oneof![
        Just(SpaceItemKind::Unnamed),
        name().prop_map(SpaceItemKind::Named),
        (name(), expr(condition)).prop_map(|(name, expr)| SpaceItemKind::Condition(name, expr)),
    ];
    (vec(kind, 0..6), prop::option::of(0usize..6)).prop_map(|(mut kinds, ellipsis)| {
        if let Some(at) = ellipsis {
            kinds.insert(at.min(kinds.len()), SpaceItemKind::Ellipsis);
        }
        // One empty field alone cannot be told from no field.
        if kinds == [SpaceItemKind::Unnamed] {
            kinds.clear();
        }
        Pattern::Space(kinds.into_iter().map(|kind| SpaceItem { span: span(), kind }).collect())
    })
}

fn terms() -> impl Strategy<Value = Pattern> {
    let role = prop_oneof![Just(Role::Required), Just(Role::Optional), Just(Role::Excluded)];
    let text =
        prop_oneof!["[A-Za-z0-9_][!-~]{0,6}".prop_map(|text| (text, false)), any_text().prop_map(|text| (text, true)),];
    vec((role, text), 0..5).prop_map(|terms| {
        Pattern::Terms(
            terms.into_iter().map(|(role, (text, quoted))| Term { span: span(), role, text, quoted }).collect(),
        )
    })
}

fn pattern() -> impl Strategy<Value = Pattern> {
    prop_oneof![3 => json_pattern(), 2 => space_pattern(), 1 => terms()]
        .prop_filter("within the length limit", |pattern| pattern.print().chars().count() <= cloudwatch::MAX_CHARS)
}

fn field() -> impl Strategy<Value = Field> {
    prop_oneof![
        6 => prop_oneof![selector(), wild_selector()].prop_map(Field::Path),
        1 => Just(Field::Principal),
        1 => prop::sample::select(vec!["arn", "https", "fe80", "12", "ASIAABCDEFGHIJKLMNOP", "s3"])
            .prop_map(|name| Field::Path(Selector { steps: vec![Step::Key(name.into())] })),
    ]
}

fn clause() -> impl Strategy<Value = Clause> {
    let glob = (any_text(), 1u8..4)
        .prop_map(|(text, ends)| Glob { text, open_start: ends & 1 > 0, open_end: ends & 2 > 0 })
        .prop_filter("some text", |glob| !glob.text.is_empty());
    let value = prop_oneof![any_text().prop_map(FieldValue::Literal), glob.prop_map(FieldValue::Wildcard)];
    let order = prop_oneof![
        Just(Comparison::Less),
        Just(Comparison::LessOrEqual),
        Just(Comparison::Greater),
        Just(Comparison::GreaterOrEqual)
    ];
    let test = prop_oneof![
        1 => Just(FieldTest::Exists),
        4 => vec(value, 1..4).prop_map(FieldTest::Values),
        1 => (order, number_text()).prop_map(|(comparison, text)| FieldTest::Compare(comparison, text)),
    ];
    let kind = prop_oneof![
        2 => prop_oneof![any_text(), pattern_like()].prop_map(ClauseKind::Text),
        4 => (field(), test).prop_map(|(field, test)| ClauseKind::Field(field, test)),
        1 => json_pattern()
            .prop_filter("within the length limit", |pattern| pattern.print().chars().count() <= cloudwatch::MAX_CHARS)
            .prop_map(ClauseKind::Pattern),
    ];
    (any::<bool>(), any::<bool>(), kind).prop_map(|(disabled, exclude, kind)| Clause {
        disabled,
        exclude,
        ..Clause::new(kind)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

    #[test]
    fn a_printed_pattern_reads_back(pattern in pattern()) {
        let text = pattern.print();
        prop_assert_eq!(cloudwatch::parse(&text).map_err(|error| error.to_string()), Ok(pattern), "{}", text);
    }

    #[test]
    fn a_printed_search_reads_back(clauses in vec(clause(), 0..5)) {
        let query = SearchQuery { clauses };
        let text = query.print();
        prop_assert_eq!(search::parse(&text).map_err(|error| error.to_string()), Ok(query), "{}", text);
    }

    #[test]
    fn a_printed_path_reads_back(field in field()) {
        let text = path::print(&field);
        prop_assert_eq!(path::parse(&text), Ok(field));
    }

    /// Looking for text first never changes what a regular expression matches.
    #[test]
    fn a_lowered_regex_matches_what_it_says(
        pieces in vec(prop::sample::select(vec![
            "a", "b", "ab", "-", r"\.", r"\d", r"\x61", r"\|", "[ab]", "[^a]", "[]a]", "[a|b]", ".", "^", "$", "*", "+", "?", "{0}", "{1,2}", "|",
        ]), 1..9),
        messages in vec("[ab.|\\]1-]{0,6}", 1..8),
    ) {
        let source = pieces.concat();
        let parsed = cloudwatch::parse(&format!("%{source}%"));
        prop_assume!(parsed.is_ok());
        let (Ok(pattern), Ok(regex)) = (parsed, Regex::new(&source)) else { return Ok(()) };
        for message in messages {
            prop_assert_eq!(naive::matches_message(&pattern.lower(), &message), regex.is_match(&message), "{} on {}", source, message);
        }
    }

    #[test]
    fn no_text_panics(text in prop_oneof![".{0,40}", any_text(), pattern_like()]) {
        any_filter_pattern(&text);
        any_search(&text);
        let _ = path::parse(&text);
    }
}

#[test]
fn deep_nesting_and_long_texts_are_harmless() {
    let nested = |depth: usize| format!("{{{}$.a=1{}}}", "(".repeat(depth), ")".repeat(depth));
    any_filter_pattern(&nested(500));
    any_search(&nested(500));
    let mut alternating = "$.a=1".to_owned();
    while alternating.len() < 1000 {
        alternating = format!("$.a=1||({alternating})&&$.b=2");
        if alternating.len() < 1000 {
            any_filter_pattern(&format!("{{{alternating}}}"));
        }
    }
    for text in ["(", "{", "[", "\"", "%", "-", "~", "a:", "{(", "$.", "a,", "\\", "*"] {
        any_filter_pattern(&text.repeat(1000 / text.len()));
        let long = text.repeat(40_000 / text.len());
        let _ = (search::parse(&long), search::tokens(&long), search::completion(&long, 100));
        let _ = (cloudwatch::parse(&long), cloudwatch::tokens(&long));
    }
    assert!(search::parse(&"a ".repeat(search::MAX_BYTES)).is_err());
}

/// Canonical text may be longer than what was typed, but never so long that it is refused.
#[test]
fn a_pattern_at_the_limit_prints_within_the_limit() {
    let mut text = "{".to_owned();
    while text.len() < 1000 {
        text += "$.a=b&&";
    }
    text += "$['c d']IS NULL}";
    let pattern = cloudwatch::parse(&text).unwrap();
    assert!(text.len() > 1000 && pattern.print().len() <= cloudwatch::MAX_CHARS);
    assert_eq!(cloudwatch::parse(&pattern.print()), Ok(pattern));
}
