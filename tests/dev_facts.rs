//! Counts over the real data sets in `../shared/data` equal `dev-facts.json`, which was made independently.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "ingest/shared_data.rs"]
mod shared_data;

use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use trailscope::ingest::{FileSource, Job, Step};
use trailscope::model::metric::{MetricFilter, MetricTransformation};
use trailscope::model::partial::{CountPart, GroupPart};
use trailscope::model::query::{Answer, PRINCIPAL, Query, Scope};
use trailscope::query::{Engine, Loading};

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    files
}

fn load(folder: &Path) -> Engine {
    let mut engine = Engine::new(11);
    let mut diagnostics = Vec::new();
    for (number, path) in files_below(folder).into_iter().enumerate() {
        let number = number as u32;
        engine.add_source(number, Box::new(FileSource::open(&path).unwrap()));
        let mut jobs = vec![Job::whole(path.display().to_string())];
        while let Some(job) = jobs.pop() {
            let mut loading = Loading::open(&mut engine, number, job);
            loop {
                match loading.step(&mut engine, &mut diagnostics) {
                    Step::More(_) => {}
                    Step::Split(parts) => {
                        jobs.extend(parts);
                        break;
                    }
                    Step::Done(_) => break,
                }
            }
        }
    }
    engine.seal();
    engine
}

fn count(engine: &mut Engine, scope: Scope) -> CountPart {
    match engine.answer(&Query::Count(scope)).unwrap() {
        Answer::Count(part) => part,
        other => panic!("{other:?}"),
    }
}

fn group(engine: &mut Engine, field: &str) -> GroupPart {
    let scope = Scope { keep_duplicates: true, ..Scope::default() };
    let query = Query::Group {
        scope,
        field: field.into(),
        contains: String::new(),
        limit: 100_000,
        named: Vec::new(),
        spans: true,
    };
    match engine.answer(&query).unwrap() {
        Answer::Group(part) => part,
        other => panic!("{other:?}"),
    }
}

/// Matching events of a metric filter, the way a metric counts them.
fn matches(engine: &mut Engine, pattern: &str) -> u64 {
    let filter = MetricFilter {
        filter_pattern: pattern.into(),
        metric_transformations: vec![MetricTransformation::default()],
        ..MetricFilter::default()
    };
    match engine.answer(&Query::Series { filter, keep_duplicates: true }).unwrap() {
        Answer::Series(part) => part.matched_minutes.values().sum::<u64>() + part.undated,
        other => panic!("{other:?}"),
    }
}

/// A list of `[value, count]`; spellings of "absent" become `None`.
fn pairs(list: &Value) -> BTreeMap<Option<String>, u64> {
    list.as_array()
        .unwrap()
        .iter()
        .map(|pair| {
            let value = pair[0].as_str().unwrap();
            let absent = matches!(value, "None" | "<absent>" | "\"<absent>\"");
            ((!absent).then(|| value.to_string()), pair[1].as_u64().unwrap())
        })
        .collect()
}

/// Patterns that say in CloudWatch's language what the facts counted in Python.
const CIS: &[(&str, &str)] = &[
    (
        "4.1_unauthorized_api_calls",
        r#"{ ($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*") }"#,
    ),
    (
        "4.1_v3_excl(ip!=delivery.logs,name!=HeadBucket)",
        r#"{ (($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*")) && ($.sourceIPAddress != "delivery.logs.amazonaws.com") && ($.eventName != "HeadBucket") }"#,
    ),
    (
        "4.2_console_signin_without_mfa(ConsoleLogin & MFAUsed!=Yes)",
        r#"{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") }"#,
    ),
    (
        "4.3_root_usage(type=Root & invokedBy NOT EXISTS & eventType!=AwsServiceEvent)",
        r#"{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent" }"#,
    ),
    (
        "4.6_console_auth_failures(errorMessage=\"Failed authentication\")",
        r#"{ ($.eventName = ConsoleLogin) && ($.errorMessage = "Failed authentication") }"#,
    ),
    (
        "4.6b_ConsoleLogin_responseElements_Failure",
        r#"{ $.eventName = ConsoleLogin && $.responseElements.ConsoleLogin = Failure }"#,
    ),
];

/// Facts of the fifteen controls by their key in `cis-controls.json`.
const CONTROLS: &[(&str, &str)] = &[
    ("4.4_iam_policy_changes", "iam_policy_changes"),
    ("4.5_cloudtrail_config_changes", "cloudtrail_configuration_changes"),
    ("4.7_cmk_disable_or_delete", "cmk_disable_or_deletion"),
    ("4.9_config_changes", "config_configuration_changes"),
    ("4.8_s3_bucket_policy_changes", "s3_bucket_policy_changes"),
    ("4.10_security_group_changes", "security_group_changes"),
    ("4.11_nacl_changes", "nacl_changes"),
    ("4.12_gateway_changes", "network_gateway_changes"),
    ("4.13_route_table_changes", "route_table_changes"),
    ("4.14_vpc_changes", "vpc_changes"),
];

#[test]
fn counts_equal_the_facts() {
    let Some(data) = shared_data::data("counts_equal_the_facts") else { return };
    let facts: Value = serde_json::from_slice(&std::fs::read(data.join("dev-facts.json")).unwrap()).unwrap();
    let controls: Value = serde_json::from_str(include_str!("cases/cis-controls.json")).unwrap();
    for (set, folder) in [
        ("invictus-ir_aws_dataset", "invictus-ir_aws_dataset"),
        ("stratus-red-team_detonation-logs", "stratus-red-team_detonation-logs"),
        ("umccr_cloudtrail-parquet-lambda", "umccr_cloudtrail-parquet-lambda"),
    ] {
        let facts = &facts[set];
        let mut engine = load(&data.join("originals").join(folder));
        let all = count(&mut engine, Scope { keep_duplicates: true, ..Scope::default() });
        assert_eq!(all.events, facts["events"].as_u64().unwrap(), "{set}: events");
        assert_eq!(all.first.unwrap().to_rfc3339(), facts["first_eventTime"].as_str().unwrap(), "{set}");
        assert_eq!(all.last.unwrap().to_rfc3339(), facts["last_eventTime"].as_str().unwrap(), "{set}");

        for (fact, field) in [
            ("userIdentity_type", "userIdentity.type"),
            ("errorCode_counts", "errorCode"),
            ("readOnly", "readOnly"),
            ("eventCategory", "eventCategory"),
            ("eventType", "eventType"),
            ("awsRegion", "awsRegion"),
            ("recipientAccountId", "recipientAccountId"),
        ] {
            // The facts list the most frequent values only, where there are many.
            let values = group(&mut engine, field).values;
            for (value, expect) in pairs(&facts[fact]) {
                let got = values.get(&value).map_or(0, |tally| tally.count);
                assert_eq!(got, expect, "{set}: {fact} {value:?}");
            }
        }
        for (fact, field) in [
            ("eventNames_distinct", "eventName"),
            ("eventSource_distinct", "eventSource"),
            ("sourceIPAddress_distinct", "sourceIPAddress"),
            ("userAgent_distinct", "userAgent"),
            ("userIdentity_arn_distinct", "userIdentity.arn"),
            ("accessKeyId_distinct", "userIdentity.accessKeyId"),
            ("distinct_eventID", "eventID"),
            ("principal_distinct(arn|principalId|invokedBy|accountId)", PRINCIPAL),
        ] {
            let values = group(&mut engine, field).values;
            let got = values.keys().flatten().filter(|value| !value.is_empty()).count() as u64;
            assert_eq!(got, facts[fact].as_u64().unwrap(), "{set}: {fact}");
        }
        for pair in facts["top10_eventName"].as_array().unwrap() {
            let name = pair[0].as_str().unwrap();
            let scope = Scope { filter: format!("eventName:{name}"), keep_duplicates: true, ..Scope::default() };
            assert_eq!(count(&mut engine, scope).matched, pair[1].as_u64().unwrap(), "{set}: {name}");
        }
        for (fact, pattern) in CIS {
            assert_eq!(matches(&mut engine, pattern), facts["cis"][fact].as_u64().unwrap(), "{set}: {fact}");
        }
        for (fact, key) in CONTROLS {
            let all = controls["controls"].as_array().unwrap();
            let control =
                all.iter().find(|control| control["key"] == *key).unwrap_or_else(|| panic!("no control {key}"));
            let pattern = control["filter_pattern"].as_str().unwrap();
            assert_eq!(matches(&mut engine, pattern), facts["cis"][fact].as_u64().unwrap(), "{set}: {fact}");
        }

        // Events that share their eventID and say something else stay, and are named.
        let conflicts: u64 = engine.deduplicate().iter().map(|conflict| conflict.count).sum();
        let live = count(&mut engine, Scope::default());
        let repeats = facts["duplicate_events_by_eventID"].as_u64().unwrap();
        assert_eq!(live.events + live.duplicates, facts["events"].as_u64().unwrap(), "{set}");
        let stay = repeats - live.duplicates;
        assert!(if conflicts == 0 { stay == 0 } else { 0 < stay && stay < conflicts }, "{set}: {stay} of {conflicts}");
        println!("{set}: {} events, all facts equal", all.events);
    }
}
