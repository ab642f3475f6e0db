//! Queries for Athena and Logs Insights say what the page counts.
//!
//! [`write_queries`] writes what `tests/dialect/check.py` parses with sqlglot and runs in DuckDB: for each data set its
//! files, and for each question the query and our answer. Numbers are compared there.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "ingest/shared_data.rs"]
mod shared_data;

use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use trailscope::base::EpochMs;
use trailscope::dialect::{Question, Written, athena, logs_insights};
use trailscope::ingest::{FileSource, Job, Step};
use trailscope::metric::{Samples, series};
use trailscope::model::metric::{MetricFilter, MetricTransformation};
use trailscope::model::query::{Answer, Query, Scope};
use trailscope::model::statistic::Statistic;
use trailscope::query::{Engine, Loading};
use trailscope::sample;

/// Conditions of every kind, each on a field that some of the records of [`odd_records`] have.
const PATTERNS: &[&str] = &[
    r#"{ $.requestParameters.count > 5 }"#,
    r#"{ $.requestParameters.count = 7 }"#,
    r#"{ $.requestParameters.count != 7 }"#,
    r#"{ $.requestParameters.count <= 7.5 && $.requestParameters.count >= -1 }"#,
    r#"{ $.requestParameters.name = "*e_f%g*" }"#,
    r#"{ $.requestParameters.name != "a*" }"#,
    r#"{ $.requestParameters.name = %^[ab].*c$% }"#,
    r#"{ $.requestParameters.name = * }"#,
    r#"{ $.requestParameters.name NOT EXISTS }"#,
    r#"{ $.requestParameters.name IS NULL }"#,
    r#"{ $.requestParameters.flag IS TRUE }"#,
    r#"{ $.requestParameters.flag = "true" }"#,
    r#"{ $.requestParameters.flag != "x" }"#,
    r#"{ $.requestParameters['a-b']['c.d'] = "x" }"#,
    r#"{ $.requestParameters.list[1] = "two" }"#,
    r#"{ $.requestParameters.list[*] = "two" }"#,
    r#"{ $.requestParameters.list[*] NOT EXISTS }"#,
    r#"{ $.requestParameters.list[*] IS NULL }"#,
    r#"{ $.requestParameters.items[*].key = "k1" }"#,
    r#"{ $.requestParameters.items[*].key NOT EXISTS }"#,
    r#"{ $.requestParameters.object = * }"#,
    r#"{ $.requestParameters IS NULL }"#,
    r#"{ $.resources[*].ARN = "*bucket*" }"#,
    r#"{ $.resources[0].type = "AWS::S3::Bucket" }"#,
    r#"{ $.resources[*].ARN NOT EXISTS }"#,
    r#"{ $.userIdentity.sessionContext.attributes.mfaAuthenticated = "true" }"#,
    r#"{ $.userIdentity.sessionContext NOT EXISTS }"#,
    r#"{ $.userIdentity.userName != "it's \"me\"" }"#,
    r#"{ $.readOnly IS TRUE && $.eventVersion > 1 }"#,
    r#"{ ($.readOnly IS FALSE) || ($.errorCode = "Client.*") }"#,
    r#"{ $.eventName.inner NOT EXISTS }"#,
    r#"{ $.sourceIPAddress = 10.* && $.userAgent != "*console*" }"#,
];

/// Searches, which have negation.
const SEARCHES: &[&str] = &[
    "-errorCode:* eventName:Get*,List*",
    "-{ $.requestParameters.name = \"a*\" }",
    "requestParameters.flag:true",
    "requestParameters.count:7,null",
    "-requestParameters.count:>5",
    "@principal:*alice",
    "readOnly:false -userIdentity.type:Root",
    "-resources[*].type:AWS::S3::Bucket",
    "requestParameters.list[*]:*",
];

/// Records that have what real ones have seldom.
fn odd_records() -> Vec<Value> {
    let names = ["abc", "b__c", "e_f%g", "exfyg", "it's \"me\"", "", "true", "200"];
    let pick = |list: &[&str], at: usize| list[at % list.len()].to_owned();
    let parameters = |at: usize| match at % 12 {
        0 => Value::Null,
        1 => json!({"count": 7, "name": pick(&names, at / 12)}),
        2 => json!({"count": "7", "flag": true}),
        3 => json!({"count": 7.5, "flag": "true", "name": null}),
        4 => json!({"count": null, "flag": false, "list": ["one", "two"]}),
        5 => json!({"list": ["two"], "items": [{"key": "k1"}, {"key": 2}]}),
        6 => json!({"items": [{"other": "k1"}, null, "k1"], "object": {"a": 1}}),
        7 => json!({"a-b": {"c.d": "x"}, "object": [], "count": -1, "list": [null]}),
        8 => json!({"name": {"deep": "abc"}, "items": {"key": "k1"}}),
        9 => json!({"name": pick(&names, at / 12), "list": "two"}),
        10 => json!({"name": 200, "count": 1e3}),
        _ => json!({}),
    };
    let record = |at: usize| {
        let mut record = json!({
            "eventVersion": "1.08",
            "eventTime": EpochMs(1_709_539_205_000 + at as i64 * 17_000).to_rfc3339(),
            "eventSource": "s3.amazonaws.com",
            "eventName": pick(&["GetObject", "ListBuckets", "PutObject"], at),
            "awsRegion": "eu-west-1",
            "sourceIPAddress": pick(&["10.0.0.1", "203.0.113.9", "s3.amazonaws.com"], at),
            "userAgent": pick(&["console.amazonaws.com", "aws-cli/2"], at),
            "requestParameters": parameters(at),
            "requestID": format!("r-{at}"),
            // Every seventh is delivered once more.
            "eventID": format!("00000000-0000-4000-8000-{:012}", at - usize::from(at % 7 == 6)),
            "readOnly": at % 3 != 2,
            "eventType": "AwsApiCall",
            "managementEvent": true,
            "recipientAccountId": "111122223333",
            "eventCategory": "Management",
            "userIdentity": {"type": "IAMUser", "userName": pick(&names, at), "arn": format!("arn:aws:iam::111122223333:user/{}", pick(&["alice", "bob"], at))},
        });
        if at % 4 == 1 {
            record["errorCode"] = json!(pick(&["Client.Gone", "AccessDenied"], at / 4));
            record["resources"] =
                json!([{"ARN": "arn:aws:s3:::bucket", "type": "AWS::S3::Bucket"}, {"accountId": "1"}]);
            record["userIdentity"]["sessionContext"] =
                json!({"attributes": {"mfaAuthenticated": (at % 8 == 1).to_string()}});
        }
        if at % 4 == 2 {
            record["resources"] = json!([{"accountId": "1", "type": "AWS::KMS::Key"}]);
        }
        record
    };
    // A record delivered twice is the same both times.
    (0..400).map(|at| record(at - usize::from(at % 7 == 6))).collect()
}

/// An engine with the files, and which of them have events that share their eventID with others and say something else:
/// the queries count one of those, Trailscope all.
fn engine(files: &[PathBuf]) -> (Engine, Vec<PathBuf>) {
    let mut engine = Engine::new(5);
    for (number, path) in files.iter().enumerate() {
        let number = number as u32;
        engine.add_source(number, Box::new(FileSource::open(path).unwrap()));
        let mut loading = Loading::open(&mut engine, number, Job::whole(path.display().to_string()));
        while let Step::More(_) = loading.step(&mut engine, &mut Vec::new()) {}
    }
    engine.seal();
    let conflicts = engine.deduplicate().into_iter().map(|found| found.file.into()).collect();
    (engine, conflicts)
}

fn count(engine: &mut Engine, scope: &Scope) -> u64 {
    match engine.answer(&Query::Count(scope.clone())).unwrap() {
        Answer::Count(part) => part.matched,
        other => panic!("{other:?}"),
    }
}

/// Datapoints as `[start in seconds, value, samples]`.
fn points(engine: &mut Engine, filter: &MetricFilter, statistic: Statistic, period: u32) -> Value {
    let Answer::Series(part) =
        engine.answer(&Query::Series { filter: filter.clone(), keep_duplicates: false }).unwrap()
    else {
        panic!("no series")
    };
    let default = filter.metric_transformations[0].default_value;
    let samples = Samples::new(&part, &[], default);
    series(&samples, statistic, period)
        .points
        .iter()
        .map(|point| json!([point.start.0 / 1000, point.value, point.samples]))
        .collect()
}

fn below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files.extend(below(&path)) } else { files.push(path) }
    }
    files.sort();
    files
}

/// The data sets: name, files, conditions that every one is asked.
fn data_sets(folder: &Path) -> Vec<(String, Vec<PathBuf>)> {
    let odd = folder.join("odd.json");
    std::fs::write(&odd, json!({"Records": odd_records()}).to_string()).unwrap();
    let sample_folder = folder.join("sample");
    std::fs::create_dir_all(&sample_folder).unwrap();
    let files = sample::builtin().enumerate().map(|(at, file)| {
        let path = sample_folder.join(format!("{at:04}.json.gz"));
        std::fs::write(&path, file.bytes).unwrap();
        path
    });
    let mut sets = vec![("odd".to_owned(), vec![odd]), ("sample".to_owned(), files.collect())];
    if let Some(data) = shared_data::data("queries on real trails") {
        for name in ["invictus-ir_aws_dataset", "stratus-red-team_detonation-logs", "umccr_cloudtrail-parquet-lambda"] {
            sets.push((name.to_owned(), below(&data.join("originals").join(name))));
        }
    }
    sets
}

/// The filter pattern of every control.
fn controls() -> Vec<String> {
    let cases: Value = serde_json::from_str(include_str!("cases/cis-controls.json")).unwrap();
    let controls = cases["controls"].as_array().unwrap();
    assert!(controls.len() >= 15);
    controls.iter().map(|control| control["filter_pattern"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn write_queries() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("dialect");
    std::fs::create_dir_all(&folder).unwrap();
    let controls = controls();
    let mut sets = Vec::new();
    for (name, mut files) in data_sets(&folder) {
        let (mut loaded, conflicts) = engine(&files);
        if !conflicts.is_empty() {
            println!("{name}: left out, because their events share eventIDs with others: {conflicts:?}");
            files.retain(|file| !conflicts.contains(file));
            loaded = engine(&files).0;
        }
        let mut engine = loaded;
        let patterns: Vec<String> =
            if name == "odd" { PATTERNS.iter().map(|&p| p.to_owned()).collect() } else { controls.clone() };
        let mut scopes: Vec<Scope> =
            patterns.iter().map(|pattern| Scope { pattern: pattern.clone(), ..Scope::default() }).collect();
        if name == "odd" {
            scopes.extend(SEARCHES.iter().map(|&filter| Scope { filter: filter.into(), ..Scope::default() }));
            let range = Some((EpochMs(1_709_540_000_500), EpochMs(1_709_542_000_000)));
            scopes.push(Scope { range, ..Scope::default() });
            scopes.push(Scope { keep_duplicates: true, ..Scope::default() });
        }
        let mut questions = Vec::new();
        for scope in scopes {
            let expected = count(&mut engine, &scope);
            let columns = ["eventTime", "eventName", "@principal", "requestParameters", "resources", "nowhere"];
            let question = Question::Events { scope, columns: columns.map(str::to_owned).to_vec() };
            let written = athena::write(&question).unwrap_or_else(|error| panic!("{question:?}: {error}"));
            questions.push(json!({"sql": written.text, "count": expected}));
        }
        for (at, pattern) in patterns.iter().enumerate() {
            let mut filter = MetricFilter {
                filter_pattern: pattern.clone(),
                metric_transformations: vec![MetricTransformation::default()],
                ..MetricFilter::default()
            };
            let metric = &mut filter.metric_transformations[0];
            metric.default_value = (at % 2 == 0).then_some(0.0);
            if pattern.contains("$.requestParameters.count") {
                metric.metric_value = "$.requestParameters.count".into();
            }
            let statistic = [Statistic::Sum, Statistic::Average, Statistic::Minimum, Statistic::Maximum][at % 4];
            let period = [60, 300, 3_600, 86_400][at % 3 + at % 2];
            let expected = points(&mut engine, &filter, statistic, period);
            let question = Question::Metric { filter, statistic, period, range: None };
            questions.push(json!({"sql": athena::write(&question).unwrap().text, "points": expected}));
        }
        let any = questions.iter().filter(|question| question["count"].as_u64().unwrap_or(0) > 0).count();
        assert!(any > 0, "{name}: nothing matches, so nothing is compared");
        sets.push(json!({"name": name, "files": files, "questions": questions}));
    }
    let bucket = athena::Bucket {
        location: "s3://our'logs/AWSLogs/o-abc".into(),
        accounts: vec!["111122223333".into(), "444455556666".into()],
        regions: vec!["eu-west-1".into()],
        first: EpochMs::parse("2024-03-04T08:00:00Z"),
    };
    let document =
        json!({"tables": [athena::create(&bucket), athena::create(&athena::Bucket::default())], "sets": sets});
    std::fs::write(folder.join("queries.json"), document.to_string()).unwrap();
}

fn insights_written(filter: &str) -> Result<Written, String> {
    let scope = Scope { filter: filter.into(), keep_duplicates: true, ..Scope::default() };
    logs_insights::write(&Question::Events { scope, columns: vec!["eventName".into()] })
}

/// `None` for what is refused.
fn insights(filter: &str) -> Option<String> {
    let text = insights_written(filter).ok()?.text;
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!((lines[0], lines[2]), ("fields @timestamp, eventName", "| sort @timestamp desc"));
    lines[1].strip_prefix("| filter ").map(str::to_owned)
}

#[test]
fn logs_insights_asks_for_fields_that_a_comparison_needs() {
    for (search, query) in [
        ("", "1 = 1"),
        (r#"{ $.eventName = "Get*" }"#, r"eventName like /^Get/"),
        (r#"{ $.userAgent = "*a/b.c" }"#, r"userAgent like /a\/b\.c$/"),
        (
            r#"{ $.userIdentity.invokedBy != "cloudfront.amazonaws.com" }"#,
            r#"(ispresent(userIdentity.invokedBy) and not (userIdentity.invokedBy = "cloudfront.amazonaws.com"))"#,
        ),
        (
            r#"{ ($.errorCode = "A" || $.errorCode = "B\"C") && $.requestParameters.items[0]['k-1'] NOT EXISTS }"#,
            r#"((errorCode = "A" or errorCode = "B\"C") and not ispresent(`requestParameters.items.0.k-1`))"#,
        ),
        ("readOnly:false", r#"(readOnly = "false" or readOnly = 0)"#),
        ("-readOnly:true", r#"not ((readOnly = "true" or readOnly = 1))"#),
        ("readOnly:true,x", r#"(readOnly in ["true", "x"] or readOnly = 1)"#),
        ("readOnly:x", r#"readOnly = "x""#),
        ("\"a/b\"", r"@message like /(?i)a\/b/"),
    ] {
        assert_eq!(insights(search).as_deref(), Some(query), "{search}");
    }
    assert_eq!(insights(r#"{ $.resources[*].ARN = "x" }"#), None);
}

#[test]
fn true_and_false_are_numbers_for_logs_insights_and_it_says_so() {
    for (search, is_told) in [("readOnly:true", true), ("-readOnly:false,x", true), ("readOnly:x", false)] {
        let notes = insights_written(search).unwrap().notes;
        assert_eq!(notes.iter().any(|note| note.contains("true is taken for 1")), is_told, "{search}: {notes:?}");
    }
}

#[test]
fn logs_insights_is_not_asked_whether_an_object_or_a_list_is_there() {
    for (search, field) in [
        ("{ $.responseElements IS NULL }", "$.responseElements"),
        ("{ $.responseElements NOT EXISTS || $.eventName = x }", "$.responseElements"),
        ("{ $.userIdentity.sessionContext NOT EXISTS }", "$.userIdentity.sessionContext"),
        ("{ $.resources[0] IS NULL }", "$.resources[0]"),
        ("requestParameters:*", "$.requestParameters"),
        ("-resources:*", "$.resources"),
    ] {
        let refused = insights_written(search).unwrap_err();
        let reason =
            format!("Logs Insights cannot tell whether {field} is there: it has fields for what is inside only");
        assert_eq!(refused, reason, "{search}");
    }
    // By the format of records these are values, or may be anything.
    for (search, query, unknown) in [
        ("{ $.userIdentity.userName IS NULL }", "not ispresent(userIdentity.userName)", None),
        ("readOnly:*", "not (not ispresent(readOnly))", None),
        ("@principal:*", "", None),
        ("{ $.requestParameters.a NOT EXISTS }", "not ispresent(requestParameters.a)", Some("$.requestParameters.a")),
        ("brandNew:*", "not (not ispresent(brandNew))", Some("$.brandNew")),
        ("requestParameters.a:x", r#"requestParameters.a = "x""#, None),
        ("{ $.requestParameters.a = * }", "ispresent(requestParameters.a)", None),
    ] {
        let written = insights_written(search).unwrap();
        assert!(written.text.contains(query), "{search}: {}", written.text);
        let told: Vec<_> = written.notes.iter().filter(|note| note.contains("an object or a list")).collect();
        let note = |field| format!("Where {field} is an object or a list, the query takes it for absent");
        let expected: Vec<String> = unknown.map(note).into_iter().collect();
        assert_eq!(told, expected.iter().collect::<Vec<_>>(), "{search}");
    }
}

#[test]
fn a_metric_is_a_count_by_period_for_logs_insights() {
    let filter = |value: &str, pattern: &str| MetricFilter {
        filter_pattern: pattern.into(),
        metric_transformations: vec![MetricTransformation { metric_value: value.into(), ..Default::default() }],
        ..MetricFilter::default()
    };
    let written = |filter, statistic, period| {
        logs_insights::write(&Question::Metric { filter, statistic, period, range: None }).map(|written| written.text)
    };
    assert_eq!(
        written(filter("1", "ERROR"), Statistic::Sum, 300).unwrap(),
        "filter @message like \"ERROR\"\n| stats count(*) as value by bin(5m) as period\n| sort period asc\n"
    );
    assert_eq!(
        written(filter("$.n", "{ $.n > 1 }"), Statistic::Percentile(99.9), 86_400).unwrap(),
        "filter n > 1\n| filter isNumeric(n)\n| stats pct(n, 99.9) as value by bin(1d) as period\n| sort period asc\n"
    );
    // 300 s would be cut to 60 s, and 90 m to 60 m (case li-stats-08).
    assert!(written(filter("1", "ERROR"), Statistic::Sum, 5_400).is_err());
}

/// Elements of a list are JSON for Trino, which compares JSON with no text (DuckDB does).
#[test]
fn elements_of_a_list_are_json_for_athena() {
    for (filter, condition) in [
        (
            "{ $.requestParameters.list[*] IS NULL }",
            "COALESCE(cardinality(filter(TRY_CAST(json_extract(requestparameters, '$.list') AS ARRAY(JSON)), \
             item -> json_format(json_extract(item, '$')) = 'null')) > 0, FALSE)",
        ),
        ("{ $.requestParameters.list[*] NOT EXISTS }", "item -> NOT COALESCE(json_extract(item, '$') IS NULL, FALSE)"),
        ("requestParameters.list[*]:*", "item -> NOT COALESCE(json_extract(item, '$') IS NULL, FALSE)"),
        ("{ $.requestParameters IS NULL }", "COALESCE(requestparameters, 'null') = 'null'"),
    ] {
        let scope = Scope { filter: filter.into(), ..Scope::default() };
        let text = athena::write(&Question::Events { scope, columns: Vec::new() }).unwrap().text;
        assert!(text.contains(condition), "{filter}: {text}");
        assert!(!text.contains("COALESCE(item"), "{filter}: {text}");
    }
}

#[test]
fn what_athena_cannot_know_is_refused_in_words() {
    let refused = |scope: Scope| athena::write(&Question::Events { scope, columns: Vec::new() }).unwrap_err();
    let pattern = |pattern: &str| refused(Scope { pattern: pattern.into(), ..Scope::default() });
    assert_eq!(pattern("{ $.brandNew = 1 }"), "Athena's table has no column for $.brandNew");
    assert!(pattern("AccessDenied").starts_with("Athena has no log message"));
    assert!(pattern("{ $.requestParameters.* = 1 }").contains("every member"));
    let words = refused(Scope { filter: "alice".into(), ..Scope::default() });
    assert_eq!(words, "Athena cannot look for “alice” in every field; name the field");
}
