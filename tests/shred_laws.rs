//! The fast way into the store equals the thorough one: for any text, offering it to `Shard::take` first makes
//! the same rows, columns and findings as delimiting every record and giving it to `Shard::push`.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "shred_laws/both_ways.rs"]
mod both_ways;
#[path = "ingest/shared_data.rs"]
mod shared_data;

use both_ways::compare;
use proptest::prelude::*;
use trailscope::ingest::Limits;
use trailscope::store::ShardLimits;

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => prop::sample::select(vec![
            "", "a", "ab", "eu-west-1", "AccessDenied", "AccessDeniedException", "a longer text than sixteen bytes",
            "0b93e3f9-4b65-4b28-9b0c-000000000001", "0b93e3f9-4b65-4b28-9b0c-000000000002", "2024-01-01T00:00:00Z",
            "2024-01-01T00:00:60Z", "2024-01-01T00:00:00.5Z", "a\"b", "a\\", "\n", "é", "\u{1f600}", "{\"a\":1}",
        ]).prop_map(String::from),
        1 => any::<String>(),
    ]
}

fn value() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        1 => Just(serde_json::Value::Null),
        1 => any::<bool>().prop_map(Into::into),
        1 => (-2i64..12).prop_map(Into::into),
        1 => any::<i64>().prop_map(Into::into),
        1 => any::<u64>().prop_map(Into::into),
        1 => any::<f64>().prop_map(Into::into),
        6 => text().prop_map(Into::into),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Into::into),
            members(inner).prop_map(Into::into),
        ]
    })
}

fn key() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => prop::sample::select(vec!["a", "b", "eventTime", "eventID", "errorCode", "arn", "userIdentity", "a\"b", "é", ""])
            .prop_map(String::from),
        1 => "[a-f]{1,2}",
    ]
}

/// Members in any order.
fn members(
    value: impl Strategy<Value = serde_json::Value>,
) -> impl Strategy<Value = serde_json::Map<String, serde_json::Value>> {
    prop::collection::vec((key(), value), 0..6).prop_map(|members| members.into_iter().collect())
}

/// One event as text: compact or spread out, and with up to so many bytes changed now and then.
fn event(damage: usize) -> impl Strategy<Value = Vec<u8>> {
    let changes = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..=damage);
    (members(value()), any::<bool>(), prop_oneof![4 => Just(Vec::new()), 1 => changes]).prop_map(
        |(members, spread, changes)| {
            let members: Vec<_> = members
                .iter()
                .map(|(key, value)| {
                    let key = serde_json::Value::from(key.as_str());
                    if spread { format!("{key} :\t{value:#} ") } else { format!("{key}:{value}") }
                })
                .collect();
            let separator = if members.is_empty() { "" } else { "," };
            let mut text = format!("{{\"eventVersion\":\"1.08\"{separator}{}}}", members.join(",")).into_bytes();
            for (index, byte) in changes {
                let at = index.index(text.len());
                text[at] = byte;
            }
            text
        },
    )
}

fn events(damage: usize) -> impl Strategy<Value = Vec<u8>> {
    (prop::collection::vec(event(damage), 1..24), 0..3usize).prop_map(|(events, form)| match form {
        0 => [b"{\"Records\":[", &events.join(&b","[..])[..], b"]}"].concat(),
        1 => [b"[", &events.join(&b","[..])[..], b"]"].concat(),
        _ => events.join(&b'\n'),
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn any_text_makes_the_same_rows_both_ways(
        text in events(2),
        piece in prop::sample::select(vec![1usize << 20, 7, 100]),
    ) {
        let limits = Limits { read: piece, chunk: piece, ..Limits::default() };
        let shard = ShardLimits { segment_rows: 5, ..ShardLimits::default() };
        compare(&text, &limits, shard);
        compare(&text, &Limits { record: 64, ..limits }, shard);
    }

    /// Without damage: paths of a record that is given up half-way stay in the tree and count for its limit.
    #[test]
    fn fields_beyond_the_limit_are_left_out_both_ways(text in events(0)) {
        compare(&text, &Limits::default(), ShardLimits { segment_rows: 5, paths: 12 });
    }
}

/// Text that a guess could mistake for a key: a control character where one is expected.
#[test]
fn damage_behind_a_list_is_told_at_the_same_byte() {
    let text = "{\"Records\":[{\"eventVersion\":\"1.08\",\"eventName\":\"A\"},{\"eventVersion\":\"1.08\",\"eventName\":\"B\"}]|\n";
    compare(text.repeat(20).as_bytes(), &Limits::default(), ShardLimits::default());
}

#[test]
fn damage_where_a_key_is_expected_is_the_same() {
    for damage in ["\0", "\0\"x\"", "\u{1}:1", "\"\0\":1", ":1", "\"\":1"] {
        let event = format!("{{\"eventVersion\":\"1.08\",\"a\":{{{damage}}},{damage}}}\n");
        compare(event.repeat(20).as_bytes(), &Limits::default(), ShardLimits::default());
    }
}

/// Repeats until every guess has been learnt, right and wrong ones.
#[test]
fn repeated_records_are_taken_and_equal() {
    let event = |number: usize| {
        let (user, second, name) = (number % 7, number % 60, ["Get", "GetX", "Put"][number % 3]);
        format!(
            r#"{{"eventVersion":"1.08","userIdentity":{{"type":"User","arn":"arn:user/{user}","session":{{"mfa":"false"}}}},"eventTime":"2024-01-01T00:00:{second:02}Z","eventName":"{name}","n":{number},"list":[{{"a":"{name}"}},{{"a":"x","b":[1,null]}}],"eventID":"0b93e3f9-4b65-4b28-9b0c-{number:012}"}}"#
        )
    };
    let text = (0..2_000).map(event).collect::<Vec<_>>().join("\n");
    let limits = ShardLimits { segment_rows: 300, ..ShardLimits::default() };
    assert_eq!(compare(text.as_bytes(), &Limits::default(), limits), 2_000);
}

/// Identities that come back, begin alike, differ at the end only, hold arrays, and have a member whose column forgets
/// its codes half-way.
#[test]
fn objects_that_repeat_as_a_whole_are_the_same() {
    let event = |number: usize| {
        let user = number * 7 % 5;
        // Repeats for a while, then is mostly new until codes are forgotten, then repeats again.
        let key = if (1_000..14_000).contains(&number) && !number.is_multiple_of(4) { number } else { number % 3 };
        let tail = ["", r#","b":null"#, r#","b":1.5"#, r#","b":"A""#][number * 3 % 31 % 4];
        format!(
            r#"{{"eventVersion":"1.08","userIdentity":{{"type":"AssumedRole","arn":"arn:aws:sts::111122223333:role/user{user}","key":"key number {key}","tags":[{{"k":"team","v":{user}}},{{"k":"x","v":[]}}]{tail}}},"eventTime":"2024-01-01T00:00:00Z","other":"{number}","tls":{{"version":"TLSv1.3","suite":"TLS_AES_128_GCM_SHA256","host":"host{}.amazonaws.com"}}}}"#,
            number * 11 % 7
        )
    };
    let text = (0..20_000).map(event).collect::<Vec<_>>().join("\n");
    for segment_rows in [5_000, 65_536] {
        let limits = ShardLimits { segment_rows, ..ShardLimits::default() };
        let taken = compare(text.as_bytes(), &Limits::default(), limits);
        assert!(taken > 19_800, "only {taken} records were taken: those over the end of a read are not");
    }
}

/// More distinct values than a dictionary is kept for, with a number and a null among them.
#[test]
fn a_column_that_turns_plain_half_way_is_the_same() {
    let event = |number: usize| {
        let value = match number % 5_000 {
            0 => "null".into(),
            1 => "12".into(),
            _ => format!("\"value number {number}\""),
        };
        format!(r#"{{"eventVersion":"1.08","eventTime":"2024-01-01T00:00:00Z","v":{value},"w":"{}"}}"#, number % 9_000)
    };
    let text = (0..30_000).map(event).collect::<Vec<_>>().join("\n");
    for segment_rows in [4_000, 65_536] {
        let limits = ShardLimits { segment_rows, ..ShardLimits::default() };
        let taken = compare(text.as_bytes(), &Limits::default(), limits);
        assert!(taken > 29_900, "only {taken} records were taken: those over the end of a read are not");
    }
}

/// Whatever is in the shared test data, damaged and hostile files included.
#[test]
fn real_files_make_the_same_rows_both_ways() {
    let Some(data) = shared_data::data("real_files_make_the_same_rows_both_ways") else { return };
    let (mut open, mut taken) = (vec![data.join("originals"), data.join("derived")], 0);
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                taken += compare(&std::fs::read(&path).unwrap(), &Limits::default(), ShardLimits::default());
            }
        }
    }
    assert!(taken > 10_000, "only {taken} records were taken the fast way");
}
