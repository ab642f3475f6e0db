//! What searches mean: each query against one event, through parser, lowering and the JSON-walking evaluator.

use serde_json::{Value, json};
use trailscope::filter::naive;
use trailscope::pattern::search::{ClauseKind, parse};

fn event() -> Value {
    json!({
        "eventName": "ConsoleLogin",
        "eventSource": "signin.amazonaws.com",
        "readOnly": false,
        "requestParameters": null,
        "sourceIPAddress": "2001:db8::1",
        "userAgent": "Mozilla/5.0 (X11; Linux x86_64)",
        "userIdentity": {"type": "AssumedRole", "arn": "arn:aws:sts::111122223333:assumed-role/Admin/Dana"},
        "resources": [{"ARN": "arn:aws:s3:::one"}, {"ARN": "arn:aws:s3:::two"}],
        "additionalEventData": {"port": 443, "a.b": "dotted", "empty": ""}
    })
}

fn matches(query: &str) -> bool {
    let query = parse(query).unwrap_or_else(|error| panic!("{query}: {error}"));
    let event = event();
    naive::matches(&query.lower(), &event, &event.to_string())
}

#[test]
fn queries_that_match() {
    for query in [
        "",
        "   ",
        "consolelogin",
        "CONSOLE dana",
        "\"x11; linux\"",
        "\"\"",
        "console*",
        "-absent",
        "eventName:ConsoleLogin",
        "eventName:Other,ConsoleLogin",
        "eventName:Console*",
        "eventName:*Login,x",
        "eventName:*soleL*",
        "-eventName:Other",
        "-nosuch.field:x",
        "~eventName:Other",
        "~-eventName:ConsoleLogin",
        "eventName:*",
        "-nosuch:*",
        "requestParameters:*",
        "requestParameters:null",
        "readOnly:false",
        "readOnly:f*",
        "additionalEventData.port:443",
        "additionalEventData.port:4*",
        "additionalEventData.port:>400 additionalEventData.port:<=443",
        "additionalEventData['a.b']:dotted",
        "additionalEventData.empty:\"\"",
        "$.eventName:ConsoleLogin",
        "resources[*].ARN:arn:aws:s3:::two",
        "resources[0].ARN:arn:aws:s3:::one",
        "userIdentity.arn:\"arn:aws:sts::111122223333:assumed-role/Admin/Dana\"",
        "@principal:arn:aws:sts::111122223333:assumed-role/Admin/Dana",
        "@principal:*Dana",
        "arn:aws:s3:::one",
        "2001:db8::1",
        "2001:DB8::",
        "sourceIPAddress:2001:db8::1",
        "userAgent:*\"(X11; Linux\"*",
        "{ $.eventName = ConsoleLogin && $.readOnly IS FALSE }",
        "console { $.eventName = \"}\" || $.readOnly IS FALSE } dana",
        "-{ $.eventName = Other }",
    ] {
        assert!(matches(query), "{query}");
    }
}

#[test]
fn queries_that_do_not_match() {
    for query in [
        "eventname",
        "console absent",
        "-dana",
        "eventName:consolelogin",
        "eventName:Console",
        "eventName:Con*Login",
        "eventName:\"Console*\"",
        "-eventName:Other,ConsoleLogin",
        "-eventName:*",
        "nosuch:*",
        "nosuch:x",
        "readOnly:true",
        "additionalEventData.port:>443",
        "eventName:>5",
        "userIdentity:AssumedRole",
        "resources[*].ARN:arn:aws:s3:::three",
        "@principal:Dana",
        "{ $.readOnly = false }",
        "-{ $.eventName = ConsoleLogin }",
        "https://example.com/x",
    ] {
        assert!(!matches(query), "{query}");
    }
}

#[test]
fn texts_that_only_look_like_fields() {
    for query in [
        "arn:aws:iam::1:user/x",
        "https://aws.amazon.com/x?y",
        "http:",
        "s3://bucket/key",
        "2001:db8::1",
        "fe80::1",
        "de:ad:be:ef:00:01",
        "12:30:00",
        "AROAEXAMPLEEXAMPLEID:session",
        "::1",
        "foo/bar:baz",
        "[ERROR]",
        "%x%",
        ":",
        "-",
        "~",
    ] {
        let parsed = parse(query).unwrap();
        assert!(
            matches!(&parsed.clauses[..], [one] if one.kind == ClauseKind::Text(query.into())),
            "{query}: {parsed:?}"
        );
    }
}

#[test]
fn errors_point_at_their_place() {
    for (query, span) in [
        ("x \"open", 2..7),
        ("x eventName:", 12..12),
        ("a:b,", 4..4),
        ("a:b, c", 4..4),
        ("a:\"b", 2..4),
        ("a:\"b\"c d", 5..6),
        ("a:>x", 2..4),
        ("a:1,>2", 4..6),
        ("x { $.a = 1", 11..11),
        ("x { a = 1 }", 4..5),
        ("x { $.a[ = 1 }", 7..8),
        ("x { $.a = %(% }", 11..12),
    ] {
        assert_eq!(parse(query).unwrap_err().span, span, "{query}");
    }
}

#[test]
fn canonical_spelling() {
    for (query, printed) in [
        ("  a   b ", "a b"),
        ("\"a\" \"b c\"", "a \"b c\""),
        ("a:\"b\",\"c d\",\"e*\"", "a:b,\"c d\",\"e*\""),
        ("a:b,*", "a:*"),
        ("$['a'].b:1", "a.b:1"),
        ("~-{$.a=1||$.b=2&&$.c=3}", "~-{ $.a = 1 || ($.b = 2 && $.c = 3) }"),
        ("\"a:b\" \"-c\" \"*\"", "\"a:b\" \"-c\" \"*\""),
        ("a:*\"b\"*", "a:*b*"),
    ] {
        assert_eq!(parse(query).unwrap().print(), printed, "{query}");
    }
}
