//! What is not the record of one call: Insights events, network activity events, events that sum up others, and rows of
//! a table, which are never in a full record's place. All are dated, counted, found and told from each other.

#![allow(clippy::unwrap_used)]

use serde_json::{Value, json};
use trailscope::base::{Code, EpochMs};
use trailscope::ingest::{BytesSource, Job, Step};
use trailscope::model::partial::CatalogPart;
use trailscope::model::query::{Answer, EventDetail, PRINCIPAL, Query, Scope};
use trailscope::query::{Engine, Loading};

const CONSOLE: &str = "User name,Event time,Event name,Event ID\n\
    ann,2023-07-10T12:28:40Z,DeleteBucket,e1\n\
    ann,2023-07-10T12:28:41Z,RunInstances,e2\n";
const TRAIL: &str = r#"{"Records":[{"eventVersion":"1.08","eventTime":"2023-07-10T12:28:40Z","eventName":"DeleteBucket",
    "eventID":"e1","userIdentity":{"arn":"arn:aws:iam::1:user/ann"},"requestParameters":{"bucketName":"b"}}]}"#;

/// The files loaded, without a finding but that records are partial.
fn engine(files: &[&str]) -> Engine {
    let mut engine = Engine::new(1);
    let mut findings = Vec::new();
    for (number, text) in (0..).zip(files) {
        engine.add_source(number, Box::new(BytesSource(text.as_bytes().to_vec())));
        let mut loading = Loading::open(&mut engine, number, Job::whole(format!("file {number}")));
        while !matches!(loading.step(&mut engine, &mut findings), Step::Done(_)) {}
    }
    findings.retain(|finding| finding.code != Code::PartialEvents);
    assert_eq!(findings, []);
    engine.seal();
    engine.deduplicate();
    engine
}

fn catalog(engine: &mut Engine) -> CatalogPart {
    let Answer::Catalog(part) = engine.answer(&Query::Catalog).unwrap() else { panic!("not a catalog") };
    part
}

fn records(events: &[&Value]) -> String {
    json!({ "Records": events }).to_string()
}

fn count_between(engine: &mut Engine, from: &str, to: &str) -> u64 {
    let range = EpochMs::parse(from).zip(EpochMs::parse(to));
    let Answer::Count(part) = engine.answer(&Query::Count(Scope { range, ..Scope::default() })).unwrap() else {
        panic!("not a count")
    };
    assert_eq!(part.undated, 0);
    part.matched
}

fn matched(engine: &mut Engine, filter: &str) -> u64 {
    let scope = Scope { filter: filter.into(), ..Scope::default() };
    let Answer::Count(part) = engine.answer(&Query::Count(scope)).unwrap() else { panic!("not a count") };
    part.matched
}

/// The eventIDs that are shown as evidence of the earliest events.
fn evidence(engine: &mut Engine) -> Vec<String> {
    let query = Query::Matches { patterns: vec![String::new()], keep_duplicates: false, shown: 10 };
    let Answer::Matches(mut part) = engine.answer(&query).unwrap() else { panic!("not matches") };
    part.patterns.remove(0).earliest.into_iter().map(|(_, id)| id).collect()
}

fn event(engine: &mut Engine, id: &str) -> EventDetail {
    let Answer::Find(Some(row)) = engine.answer(&Query::Find { event_id: id.into() }).unwrap() else { panic!("{id}?") };
    let Answer::Event(event) = engine.answer(&Query::Event { row }).unwrap() else { panic!("not an event") };
    *event
}

#[test]
fn a_full_record_takes_the_place_of_a_row_whichever_comes_first() {
    let fields = ["userIdentity.userName", "eventTime", "eventName", "eventID"].map(String::from).to_vec();
    for files in [[CONSOLE, TRAIL], [TRAIL, CONSOLE]] {
        let mut engine = engine(&files);
        assert_eq!(matched(&mut engine, ""), 2);
        assert_eq!(matched(&mut engine, "requestParameters.bucketName:b"), 1);
        assert_eq!(catalog(&mut engine).partial, [(fields.clone(), 1)].into());
        assert_eq!(event(&mut engine, "e1").known, None);
        assert_eq!(event(&mut engine, "e2").known.as_ref(), Some(&fields));
        assert_eq!(
            event(&mut engine, "e2").raw,
            r#"{"userIdentity":{"userName":"ann"},"eventTime":"2023-07-10T12:28:41Z","eventName":"RunInstances","eventID":"e2"}"#
        );
    }
}

#[test]
fn who_acted_is_all_that_a_row_tells_of_it() {
    let mut engine = engine(&[CONSOLE, TRAIL]);
    assert_eq!(matched(&mut engine, &format!("{PRINCIPAL}:ann")), 1);
    assert_eq!(matched(&mut engine, &format!("{PRINCIPAL}:*user/ann")), 1);
}

#[test]
fn full_records_cost_nothing_and_say_nothing() {
    let mut engine = engine(&[TRAIL]);
    assert!(catalog(&mut engine).partial.is_empty());
}

/// <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-aggregated-events.html>
fn aggregated(id: &str, start: &str) -> Value {
    json!({
        "eventVersion": "1.0", "accountId": "111122223333", "eventId": id, "eventCategory": "Aggregated",
        "eventType": "AwsAggregatedEvent", "awsRegion": "us-west-2", "eventSource": "s3.amazonaws.com",
        "timeWindow": {"windowStart": start, "windowEnd": "2025-11-17T19:25:00Z", "windowSize": "PT5M"},
        "summary": {
            "primaryDimension": {"dimension": "eventName", "statistics": [{"name": "PutObject", "value": 1000}],
                "aggregationType": "Count"},
            "details": [{"dimension": "resourceARN", "statistics": [{"name": "arn:aws:s3:::b", "value": 800}],
                "aggregationType": "Count"}],
        },
    })
}

#[test]
fn aggregated_events_are_dated_by_their_window_and_known_by_their_own_spelling_of_the_id() {
    let first = aggregated("62759c1a-6248-48e1-a6b3-d5fb7e6c4bc0", "2025-11-17T19:20:00Z");
    let second = aggregated("2ed87efa-45c1-412d-bc38-7e0879faa6df", "2025-11-17T19:25:00Z");
    // In the order in which AWS writes them, which goes the fast way, and in another, which does not.
    let ordered = |event: &Value| {
        let rest = event.to_string().replacen('{', "", 1).replace("\"eventVersion\":\"1.0\",", "");
        format!("{{\"eventVersion\":\"1.0\",{rest}")
    };
    let files = [records(&[&first, &second]), format!("{}\n{}", ordered(&first), ordered(&second))];
    for texts in [vec![files[0].as_str()], vec![&files[1]], vec![&files[0], &files[1]]] {
        let mut engine = engine(&texts);
        assert_eq!(matched(&mut engine, ""), 2);
        assert_eq!(count_between(&mut engine, "2025-11-17T19:20:00Z", "2025-11-17T19:25:00Z"), 1);
        assert_eq!(
            event(&mut engine, "2ed87efa-45c1-412d-bc38-7e0879faa6df").time,
            EpochMs::parse("2025-11-17T19:25:00Z")
        );
        assert_eq!(
            evidence(&mut engine),
            ["62759c1a-6248-48e1-a6b3-d5fb7e6c4bc0", "2ed87efa-45c1-412d-bc38-7e0879faa6df"]
        );
        assert_eq!(matched(&mut engine, "summary.primaryDimension.statistics[*].value:>999"), 2);
    }
}

#[test]
fn an_id_in_both_spellings_is_one() {
    let mut both = aggregated("62759c1a-6248-48e1-a6b3-d5fb7e6c4bc0", "2025-11-17T19:20:00Z");
    both["eventID"] = both["eventId"].clone();
    let mut engine = engine(&[&records(&[&both])]);
    assert_eq!(matched(&mut engine, ""), 1);
    assert_eq!(evidence(&mut engine), ["62759c1a-6248-48e1-a6b3-d5fb7e6c4bc0"]);
}

#[test]
fn insights_events_come_in_pairs_that_stay_two() {
    // With what has been added since 2019, and without.
    let statistics = json!({"baseline": {"average": 85.42}, "insight": {"average": 664}});
    let attributions = json!([{"attribute": "userAgent", "insight": [{"value": "a", "average": 0.6}], "baseline": []}]);
    let insight = |id: &str, state: &str, time: &str, context: Value| {
        json!({
            "eventVersion": "1.07", "eventTime": time, "awsRegion": "us-east-1", "eventID": id,
            "eventType": "AwsCloudTrailInsight", "recipientAccountId": "123456789012", "sharedEventID": "shared",
            "insightDetails": {"state": state, "eventSource": "ssm.amazonaws.com", "eventName": "UpdateInstanceInformation",
                "insightType": "ApiErrorRateInsight", "errorCode": "AccessDenied", "insightContext": context},
            "eventCategory": "Insight",
        })
    };
    let start = insight("1", "Start", "2019-11-14T00:51:00Z", json!({"statistics": statistics}));
    let end =
        insight("2", "End", "2019-11-14T00:52:00Z", json!({"statistics": statistics, "attributions": attributions}));
    let mut engine = engine(&[&records(&[&start, &end]), &format!("{end}\n{start}")]);
    assert_eq!(matched(&mut engine, ""), 2);
    assert_eq!(matched(&mut engine, "sharedEventID:shared insightDetails.state:Start"), 1);
    assert_eq!(count_between(&mut engine, "2019-11-14T00:52:00Z", "2019-11-14T00:53:00Z"), 1);
    assert_eq!(event(&mut engine, "2").time, EpochMs::parse("2019-11-14T00:52:00Z"));
}

#[test]
fn network_activity_events_have_their_endpoint_and_context() {
    let denied = json!({
        "eventVersion": "1.11", "userIdentity": {"type": "AWSAccount", "principalId": "AIDA", "accountId": "222222222222"},
        "eventTime": "2025-02-03T04:05:06Z", "eventSource": "cloudtrail.amazonaws.com", "eventName": "ListTrails",
        "awsRegion": "us-east-1", "sourceIPAddress": "10.0.0.1", "errorCode": "VpceAccessDenied",
        "errorMessage": "The request was denied due to a VPC endpoint policy", "requestID": "r", "eventID": "n1",
        "eventType": "AwsVpceEvent", "recipientAccountId": "111122223333", "sharedEventID": "s",
        "vpcEndpointId": "vpce-1", "vpcEndpointAccountId": "111122223333", "eventCategory": "NetworkActivity",
        "eventContext": {"requestContext": {"aws:ViaAWSService": "false"}, "tagContext": {"principalTags": [{"key": "k"}]}},
    });
    let mut engine = engine(&[&records(&[&denied])]);
    assert_eq!(matched(&mut engine, "eventCategory:NetworkActivity errorCode:VpceAccessDenied"), 1);
    assert_eq!(matched(&mut engine, "eventContext.requestContext['aws:ViaAWSService']:false"), 1);
    assert_eq!(event(&mut engine, "n1").known, None);
}
