//! Tables of events: what becomes of their cells, and of what spreadsheets did to them.

use crate::shared_data::data;
use crate::support::*;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use trailscope::base::{Code, Severity};
use trailscope::ingest::{BytesSource, Limits, record_bytes};

const CONSOLE: &str = "User name,AWS access key,Event time,Event source,Event name,AWS region,Source IP address,\
    User agent,Error code,Resources,Request ID,Event ID,Read-only,Event type,Recipient Account Id";

/// The events of a table and the findings, the same in whatever pieces it comes; each event can be read again.
#[track_caller]
fn events(file: &[u8]) -> (Vec<Value>, Vec<(Severity, Code, u64)>) {
    let whole = read(file);
    for limits in [Limits::default(), pieces(1), pieces(33)] {
        let output = read_with(file, &limits);
        assert_eq!((&output.diagnostics, &output.partial), (&whole.diagnostics, &whole.partial));
        assert_eq!(output.records, whole.records);
        for (job, document, offset, json) in &output.records {
            let again = record_bytes(&BytesSource(file), job, *document, *offset, json.len(), limits.clone());
            assert_eq!(again.as_deref(), Ok(json.as_slice()));
        }
    }
    let events = whole.records.iter().map(|(_, _, _, json)| serde_json::from_slice(json).unwrap()).collect();
    let mut findings: Vec<_> = whole.diagnostics.iter().map(|said| (said.severity, said.code, said.count)).collect();
    findings.sort_unstable();
    (events, findings)
}

fn known(file: &[u8]) -> Vec<String> {
    read(file).partial.into_values().next().unwrap_or_default()
}

#[test]
fn event_history_of_the_console() {
    let row = r#"ann,AKIAX,2023-07-10T12:28:40Z,s3.amazonaws.com,DeleteBucket,us-east-1,192.0.2.1,"a, ""b""
c",AccessDenied,"[{""resourceType"":""AWS::S3::Bucket"",""resourceName"":""arn:aws:s3:::b""},{""resourceType"":""AWS::IAM::Role"",""resourceName"":""r""}]",r1,e1,false,AwsApiCall,123837392027"#;
    let event = json!({
        "userIdentity": {"userName": "ann", "accessKeyId": "AKIAX"},
        "eventTime": "2023-07-10T12:28:40Z",
        "eventSource": "s3.amazonaws.com",
        "eventName": "DeleteBucket",
        "awsRegion": "us-east-1",
        "sourceIPAddress": "192.0.2.1",
        "userAgent": "a, \"b\"\nc",
        "errorCode": "AccessDenied",
        "requestID": "r1",
        "eventID": "e1",
        "readOnly": false,
        "resources": [{"ARN": "arn:aws:s3:::b", "type": "AWS::S3::Bucket"}, {"resourceName": "r", "type": "AWS::IAM::Role"}],
        "eventType": "AwsApiCall",
        "recipientAccountId": "123837392027",
    });
    let bare = ",,2023-07-10T12:28:41Z,ec2.amazonaws.com,RunInstances,,,,,[],,e2,true,,";
    let empty_cells_are_absent = json!({"eventTime": "2023-07-10T12:28:41Z", "eventSource": "ec2.amazonaws.com",
        "eventName": "RunInstances", "eventID": "e2", "readOnly": true});
    let note = |count| (Severity::Note, Code::PartialEvents, count);
    let file = format!("{CONSOLE}\n{row}\n{bare}");
    assert_eq!(events(file.as_bytes()), (vec![event.clone(), empty_cells_are_absent], vec![note(2)]));
    assert_eq!(read(file.as_bytes()).reports[0].format, "Event history CSV");
    // As Excel writes it: another separator, a byte order mark, CRLF; and files put together.
    let file =
        format!("\u{feff}{CONSOLE},Event category\r\n{row},Management\r\n{CONSOLE},Event category\r\n{row},\r\n");
    let with_category = {
        let mut event = event.clone();
        event["eventCategory"] = json!("Management");
        event
    };
    assert_eq!(events(file.as_bytes()), (vec![with_category, event.clone()], vec![note(2)]));
    let columns = ["Event name", "Event time", "Event ID", "Reviewed by"].join(";");
    let other_order = format!("{columns}\nX;2023-07-10T12:28:40Z;e;ann\n");
    let x = json!({"eventName": "X", "eventTime": "2023-07-10T12:28:40Z", "eventID": "e"});
    assert_eq!(events(other_order.as_bytes()), (vec![x], vec![note(1), note(1)]));
    assert_eq!(known(other_order.as_bytes()), ["eventName", "eventTime", "eventID"]);
}

#[test]
fn what_a_spreadsheet_did_is_undone_or_said() {
    let file = "Event time,Event name,Event ID,Read-only,Recipient Account Id\n\
        2023-07-10T12:28:40Z,A,1,FALSE,5.28758E+11\n\
        23/07/2023 12:28,B,2,TRUE,12345678901\n\
        07/10/2023 12:28,C,3,true,1.23837392027E+11\n\
        2023-07-10T12:28:40Z,D,4,maybe,\"5,28758E+11\"\n\
        2023-07-10T12:28:40Z,E,5,,HIDDEN\n";
    let time = "2023-07-10T12:28:40Z";
    let (found, findings) = events(file.as_bytes());
    assert_eq!(
        found,
        [
            json!({"eventTime": time, "eventName": "A", "eventID": "1", "readOnly": false}),
            json!({"eventTime": "2023-07-23T12:28:00Z", "eventName": "B", "eventID": "2", "readOnly": true, "recipientAccountId": "012345678901"}),
            json!({"eventTime": "07/10/2023 12:28", "eventName": "C", "eventID": "3", "readOnly": true, "recipientAccountId": "123837392027"}),
            json!({"eventTime": time, "eventName": "D", "eventID": "4", "readOnly": "maybe"}),
            json!({"eventTime": time, "eventName": "E", "eventID": "5", "recipientAccountId": "HIDDEN"}),
        ]
    );
    assert_eq!(
        findings,
        [
            (Severity::Note, Code::PartialEvents, 5),
            (Severity::Note, Code::DamagedCell, 1),
            (Severity::Note, Code::DamagedCell, 2),
            (Severity::Note, Code::DamagedCell, 2),
            (Severity::Warning, Code::DamagedCell, 1),
            (Severity::Warning, Code::DamagedCell, 2),
        ]
    );
}

#[test]
fn rows_that_are_not_as_long_as_the_first() {
    let file = "eventTime,eventName,eventID\n\
        2023-07-10T12:28:40Z,A,1,,,\n\
        2023-07-10T12:28:40Z,B\n\
        2023-07-10T12:28:40Z,C,with, commas\n\
        \n\
        x,y,\n\
        2023-07-10T12:28:40Z,\"D";
    let (found, findings) = events(file.as_bytes());
    let names: Vec<_> = found.iter().map(|event| event["eventName"].as_str().unwrap()).collect();
    assert_eq!(names, ["A", "B", "y", "D"]);
    assert_eq!(
        findings,
        [
            (Severity::Note, Code::PartialEvents, 4),
            (Severity::Warning, Code::DamagedRow, 1),
            (Severity::Warning, Code::DamagedRow, 1),
            (Severity::Warning, Code::DamagedCell, 1),
            (Severity::Error, Code::DamagedRow, 1),
            (Severity::Error, Code::DamagedRow, 1),
        ]
    );
}

#[test]
fn a_quote_that_nobody_closes_and_bytes_that_are_no_text_are_named() {
    let file = b"eventTime,eventName,eventID\n\
        2023-07-10T12:28:40Z,A,\"1\n\
        2023-07-10T12:28:40Z,B,2\n\
        2023-07-10T12:28:40Z,C,3\n";
    let (found, findings) = events(file);
    assert_eq!(found.len(), 1);
    assert!(findings.contains(&(Severity::Error, Code::DamagedRow, 1)), "{findings:?}");
    // A quote that means nothing is no quote that nobody closes.
    let (found, findings) = events(b"eventTime,eventName,eventID\n2023-07-10T12:28:40Z,5\" disk,\"1\"\"\"");
    assert_eq!((&found[0]["eventName"], &found[0]["eventID"]), (&json!("5\" disk"), &json!("1\"")));
    assert_eq!(findings.iter().filter(|(_, code, _)| *code == Code::DamagedRow).count(), 0, "{findings:?}");
    // One that another row's closes takes the rows between with it, which shows by what comes after it.
    let file = b"eventTime,eventName,eventID\n\
        2023-07-10T12:28:40Z,A,\"1\n\
        2023-07-10T12:28:40Z,B,2\n\
        2023-07-10T12:28:40Z,C,\"3\"\n\
        2023-07-10T12:28:40Z,D,4\n";
    let (found, findings) = events(file);
    assert_eq!(found.len(), 2);
    assert!(findings.contains(&(Severity::Warning, Code::DamagedRow, 1)), "{findings:?}");
    let (found, findings) = events(b"eventTime,eventName,eventID\n2023-07-10T12:28:40Z,\xe4,1\n");
    assert_eq!(found[0]["eventName"], "\u{fffd}");
    assert!(findings.contains(&(Severity::Warning, Code::RepairedText, 1)), "{findings:?}");
}

/// A query may ask for more columns than half a kilobyte has names of.
#[test]
fn a_long_first_line_is_a_first_line() {
    let fields: Vec<String> = (0..40).map(|number| format!("requestParameters.parameterNumber{number:02}")).collect();
    let table = format!("eventVersion,{},eventTime\n1.08,{},2023-07-10T12:28:40Z\n", fields.join(","), ",".repeat(39));
    let (found, _) = events(table.as_bytes());
    assert_eq!(found, [json!({"eventVersion": "1.08", "eventTime": "2023-07-10T12:28:40Z"})]);
}

#[test]
fn answers_of_athena() {
    let identity = "{type=AssumedRole, principalid=AROA:i-0, arn=arn:aws:sts::833190257080:assumed-role/R/a,b=c, \
        accountid=833190257080, invokedby=null, accesskeyid=, username=null, sessioncontext={attributes=\
        {mfaauthenticated=false, creationdate=2020-04-12 20:14:55.000}, sessionissuer={type=Role, principalid=AROA, \
        arn=arn:aws:iam::833190257080:role/R, accountid=833190257080, username=R}, ec2roledelivery=null, \
        webidfederationdata={federatedprovider=p, attributes={aud=x, sub=y}}}}";
    let columns = [
        "eventversion",
        "useridentity",
        "eventtime",
        "eventname",
        "requestparameters",
        "responseelements",
        "resources",
        "tlsdetails",
        "readonly",
        "eventid",
        "region",
        "_col3",
    ];
    let cells = [
        "1.08",
        identity,
        "2020-04-12 20:15:00.000",
        "PutObject",
        r#"{"key": "a, b=c", "n": 1}"#,
        "{bucketName=b, policy={\"a\":[1, 2]}, text=x, y, token=null, marker=}",
        "[{arn=arn:aws:s3:::b, accountid=833190257080, type=AWS::S3::Bucket}, {arn=arn:aws:s3:::c, accountid=null, type=null}]",
        "{tlsversion=TLSv1.2, ciphersuite=ECDHE, clientprovidedhostheader=s3.amazonaws.com}",
        "false",
        "e1",
        "us-east-1",
        "7",
    ];
    let line = |cells: &[&str]| {
        let cells: Vec<_> = cells.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
        cells.join(",") + "\n"
    };
    let (found, findings) = events([line(&columns), line(&cells)].concat().as_bytes());
    let event = json!({
        "eventVersion": "1.08",
        "userIdentity": {
            "type": "AssumedRole", "principalId": "AROA:i-0",
            "arn": "arn:aws:sts::833190257080:assumed-role/R/a,b=c", "accountId": "833190257080", "accessKeyId": "",
            "sessionContext": {
                "attributes": {"mfaAuthenticated": "false", "creationDate": "2020-04-12T20:14:55Z"},
                "sessionIssuer": {"type": "Role", "principalId": "AROA", "arn": "arn:aws:iam::833190257080:role/R",
                    "accountId": "833190257080", "userName": "R"},
                "webIdFederationData": {"federatedProvider": "p", "attributes": {"aud": "x", "sub": "y"}},
            },
        },
        "eventTime": "2020-04-12T20:15:00Z",
        "eventName": "PutObject",
        "requestParameters": {"key": "a, b=c", "n": 1},
        "responseElements": {"bucketName": "b", "policy": {"a": [1, 2]}, "text": "x, y", "marker": ""},
        "eventID": "e1",
        "readOnly": false,
        "resources": [{"ARN": "arn:aws:s3:::b", "accountId": "833190257080", "type": "AWS::S3::Bucket"}, {"ARN": "arn:aws:s3:::c"}],
        "tlsDetails": {"tlsVersion": "TLSv1.2", "cipherSuite": "ECDHE", "clientProvidedHostHeader": "s3.amazonaws.com"},
    });
    assert_eq!(found, [event]);
    assert_eq!(findings, [(Severity::Note, Code::PartialEvents, 1), (Severity::Note, Code::PartialEvents, 1)]);

    // What can be read in two ways stays text.
    for unclear in [
        "{type=IAMUser, username=a, type=Root, arn=b}",
        "{type=IAMUser, username=a}, arn=b}",
        "{type=IAMUser",
        "{}x",
        "{unknown=1}",
    ] {
        let (found, findings) = events(
            [line(&["eventtime", "useridentity"]), line(&["2020-04-12T20:15:00Z", unclear])].concat().as_bytes(),
        );
        assert_eq!(found, [json!({"eventTime": "2020-04-12T20:15:00Z", "userIdentity": unclear})]);
        assert_eq!(findings, [(Severity::Note, Code::PartialEvents, 1), (Severity::Warning, Code::DamagedCell, 1)]);
    }
}

/// Cells with a separator in every other place, and nothing that ends what they begin: looked through once, not again
/// from each of half a million separators.
#[test]
fn cells_full_of_separators_are_read_once() {
    let separators = ", ".repeat(500_000);
    let cells = [format!("{{type={separators}}}"), format!("{{a={separators}}}"), format!("{{type={separators}")];
    for (column, cell) in
        ["useridentity", "requestparameters"].into_iter().flat_map(|of| cells.iter().map(move |c| (of, c)))
    {
        let table = format!("\"eventtime\",\"eventid\",\"{column}\"\n\"2024-05-01T00:00:00Z\",\"e\",\"{cell}\"\n");
        assert_eq!(read(table.as_bytes()).records.len(), 1);
    }
}

#[test]
fn answers_of_insights_as_csv() {
    let columns = "@timestamp,eventName,userIdentity.arn,userIdentity.sessionContext.attributes.mfaAuthenticated,\
        readOnly,resources.0.ARN,resources.1.ARN,requestParameters.filter.0.name,resources[*].type,@ptr";
    let file = format!(
        "{columns}\n2023-07-10 12:28:40.000,A,arn:x,false,1,,r1,n,\"a, b\",CmEK\n2023-07-10 12:28:41.000,B,,,0,,,,,CmEK\n"
    );
    let (found, findings) = events(file.as_bytes());
    assert_eq!(
        found,
        [
            json!({"eventTime": "2023-07-10T12:28:40Z", "eventName": "A", "readOnly": true,
                "userIdentity": {"arn": "arn:x", "sessionContext": {"attributes": {"mfaAuthenticated": "false"}}},
                "resources": [{"ARN": "r1"}], "requestParameters": {"filter": [{"name": "n"}]}}),
            json!({"eventTime": "2023-07-10T12:28:41Z", "eventName": "B", "readOnly": false}),
        ]
    );
    assert_eq!(findings, [(Severity::Note, Code::PartialEvents, 2), (Severity::Note, Code::PartialEvents, 2)]);
    assert_eq!(
        known(file.as_bytes()),
        [
            "eventName",
            "userIdentity.arn",
            "userIdentity.sessionContext.attributes.mfaAuthenticated",
            "readOnly",
            "resources",
            "requestParameters.filter",
            "eventTime",
        ]
    );
}

#[test]
fn answers_as_json_are_read_like_those_as_csv() {
    let time = "2023-07-10T12:28:40Z";
    let insights = json!({"results": [
        [{"field": "@timestamp", "value": "2023-07-10 12:28:40.000"}, {"field": "eventName", "value": "A"},
            {"field": "userIdentity.arn", "value": "arn:x"}, {"field": "@ptr", "value": "C"}],
        [{"field": "@timestamp", "value": "2023-07-10 12:28:40.000"}, {"field": "eventName", "value": "B"},
            {"field": "errorCode", "value": "AccessDenied"}, {"field": "@ptr", "value": "C"}],
    ], "statistics": {}});
    let found = [
        json!({"eventTime": time, "eventName": "A", "userIdentity": {"arn": "arn:x"}}),
        json!({"eventTime": time, "eventName": "B", "errorCode": "AccessDenied"}),
    ];
    let file = insights.to_string();
    assert_eq!(events(file.as_bytes()), (found.to_vec(), vec![(Severity::Note, Code::PartialEvents, 2)]));
    assert_eq!(known(file.as_bytes()), ["eventName", "userIdentity.arn", "eventTime", "errorCode"]);

    let lake = json!({"QueryResultRows": [[
        {"eventtime": "2023-07-10 12:28:40.000"}, {"eventname": "A"}, {"errorcode": null}, {"requestid": "null"},
        {"useridentity": "{type=Root, principalid=1, arn=arn:x, accountid=123837392027, accesskeyid=, username=null, \
            sessioncontext={attributes={creationdate=2023-06-07 23:59:12.000, mfaauthenticated=true}, \
            sessionissuer=null}, invokedby=null, onbehalfof=null}"},
        {"requestparameters": "{bucketName=b, Host=b.s3.amazonaws.com}"}, {"readonly": "true"},
    ]]});
    let event = json!({
        "userIdentity": {"type": "Root", "principalId": "1", "arn": "arn:x", "accountId": "123837392027", "accessKeyId": "",
            "sessionContext": {"attributes": {"creationDate": "2023-06-07T23:59:12Z", "mfaAuthenticated": "true"}}},
        "eventTime": time, "eventName": "A",
        "requestParameters": {"bucketName": "b", "Host": "b.s3.amazonaws.com"}, "readOnly": true,
    });
    assert_eq!(events(lake.to_string().as_bytes()), (vec![event], vec![(Severity::Note, Code::PartialEvents, 1)]));
}

#[test]
fn events_of_security_lake() {
    let ocsf = |user: Value, metadata: Value| {
        json!({
            "class_uid": 6003, "time": 1_688_992_120_000_i64,
            "actor": {"user": user, "session": {"created_time_dt": "2023-07-10T08:00:00.000-04:00", "is_mfa": false,
                "issuer": "arn:role"}, "invoked_by": "ecs.amazonaws.com", "idp": {}},
            "api": {"operation": "PutObject", "service": {"name": "s3.amazonaws.com"}, "version": "",
                "request": {"uid": "r", "data": "{\"bucketName\":\"b\"}"}, "response": {"error": "AccessDenied", "data": ""}},
            "cloud": {"region": "us-east-1", "account": {"uid": "123837392027"}, "provider": "AWS"},
            "http_request": {"user_agent": "ua"}, "metadata": metadata, "src_endpoint": {"domain": "ecs.amazonaws.com"},
            "resources": [{"uid": "arn:b", "owner": {"account": {"uid": "123837392027"}}, "type": "AWS::S3::Bucket"}],
            "unmapped": {"readOnly": "false", "managementEvent": "false", "additionalEventData.SSEApplied": "SSE_S3",
                "userIdentity.sessionContext.sessionIssuer.type": "Role"},
        })
    };
    let metadata = json!({"uid": "e", "event_code": "AwsApiCall",
        "product": {"name": "CloudTrail", "version": "1.08", "feature": {"name": "Data"}}});
    let user = json!({"type": "AssumedRole", "uid": "arn:x", "uid_alt": "AROA:s", "account": {"uid": "123837392027"}});
    let event = json!({
        "eventVersion": "1.08",
        "userIdentity": {"type": "AssumedRole", "principalId": "AROA:s", "arn": "arn:x", "accountId": "123837392027",
            "sessionContext": {"attributes": {"creationDate": "2023-07-10T12:00:00Z", "mfaAuthenticated": "false"},
                "sessionIssuer": {"arn": "arn:role", "type": "Role"}},
            "invokedBy": "ecs.amazonaws.com"},
        "eventTime": "2023-07-10T12:28:40Z", "eventSource": "s3.amazonaws.com", "eventName": "PutObject",
        "awsRegion": "us-east-1", "sourceIPAddress": "ecs.amazonaws.com", "userAgent": "ua", "errorCode": "AccessDenied",
        "requestParameters": {"bucketName": "b"}, "additionalEventData": {"SSEApplied": "SSE_S3"}, "requestID": "r",
        "eventID": "e", "readOnly": false,
        "resources": [{"ARN": "arn:b", "accountId": "123837392027", "type": "AWS::S3::Bucket"}],
        "eventType": "AwsApiCall", "managementEvent": false, "recipientAccountId": "123837392027", "eventCategory": "Data",
    });
    // As the schema was before 1.1.0.
    let older = json!({"type": "AssumedRole", "uid": "AROA:s", "uuid": "arn:x", "account_uid": "123837392027"});
    let other = json!({"product": {"name": "Amazon EKS"}});
    let lines = [ocsf(user.clone(), metadata.clone()), ocsf(older, metadata), ocsf(user, other)]
        .map(|event| event.to_string())
        .join("\n");
    let (found, findings) = events(lines.as_bytes());
    assert_eq!(found, [event.clone(), event]);
    assert_eq!(findings, [(Severity::Note, Code::SetAside, 1), (Severity::Note, Code::PartialEvents, 2)]);
    assert_eq!(read(lines.as_bytes()).reports[0].format, "OCSF events (Security Lake)");
}

#[test]
fn rows_that_each_name_another_column_are_bounded() {
    let cell = |name: &str, value: &str| json!({"field": name, "value": value});
    let row = |number: usize| {
        json!([cell("eventTime", "2023-07-10T12:28:40Z"), cell(&format!("requestParameters.c{number}"), "1")])
    };
    let rows: Vec<_> = (0..3_000).map(row).collect();
    let output = read(json!({"results": rows}).to_string().as_bytes());
    let found = output.records.len() as u64;
    assert!((1_000..1_024).contains(&found), "{found}");
    let said =
        |finding: &trailscope::base::Diagnostic| (finding.code, finding.count) == (Code::DamagedRow, 3_000 - found);
    assert!(output.diagnostics.iter().any(said), "{:?}", output.diagnostics);
}

#[test]
fn columns_that_hold_the_whole_event() {
    let event = json!({"eventVersion": "1.08", "eventID": "1", "userAgent": "a,\"b\"\n"});
    let cell = event.to_string().replace('"', "\"\"");
    for columns in ["@timestamp,@message", "eventid,eventjson", "EventId,CloudTrailEvent"] {
        let file = format!("{columns}\nx,\"{cell}\"\ny,START\nz,\"{{\"\"a\"\":\n");
        let (found, findings) = events(file.as_bytes());
        // The last cell is not closed: it is all the rest.
        assert_eq!(
            (found.as_slice(), findings.as_slice()),
            (
                [event.clone()].as_slice(),
                [(Severity::Warning, Code::NotAnEvent, 2), (Severity::Error, Code::DamagedRow, 1)].as_slice()
            )
        );
        assert!(read(file.as_bytes()).partial.is_empty());
    }
}

/// Real events as the console and Athena show them, beside the same events as the trail delivered them.
#[test]
fn cells_of_real_events_hold_what_the_events_hold() {
    let Some(data) = data("tables of real events") else { return };
    let file = |name: &str| read(&std::fs::read(data.join("derived").join(name)).unwrap());
    let parse = |output: &Output| -> Vec<Value> {
        output.records.iter().map(|(_, _, _, json)| serde_json::from_slice(json).unwrap()).collect()
    };
    let originals: BTreeMap<String, Value> = parse(&file("invictus-all.json.gz"))
        .into_iter()
        .map(|event| (event["eventID"].as_str().unwrap().to_owned(), event))
        .collect();
    // What the console works out for itself: a name for whoever has none, and resources.
    let own = ["userIdentity", "resources"];
    for (name, rows, own) in [("invictus-event_history.csv", 574, &own[..]), ("invictus-athena-result.csv", 300, &[])] {
        let output = file(name);
        assert_eq!(output.codes(), [Code::PartialEvents], "{name}");
        let events = parse(&output);
        assert_eq!(events.len(), rows);
        for event in events {
            let original = &originals[event["eventID"].as_str().unwrap()];
            for (field, value) in event.as_object().unwrap() {
                assert!(own.contains(&field.as_str()) || *value == original[field], "{name}: {field} of {event}");
            }
            let lost = original.as_object().unwrap().iter().find(|(field, value)| {
                let known = output.partial.values().any(|known| known.contains(field));
                known && !value.is_null() && **value != "" && event.get(field).is_none()
            });
            assert!(lost.is_none(), "{name}: {lost:?} of {original}");
        }
    }
}

#[test]
fn a_table_without_rows_holds_no_events() {
    assert_eq!(events(CONSOLE.as_bytes()), (vec![], vec![(Severity::Note, Code::NoEvents, 1)]));
}

#[test]
fn rows_and_their_events_are_bounded() {
    let limits = Limits { record: 1_000, ..Limits::default() };
    let long = "x".repeat(2_000);
    let file = format!("eventTime,eventName\n2023-07-10T12:28:40Z,A\n{long},B\n2023-07-10T12:28:40Z,C\n");
    for limits in [limits.clone(), Limits { read: 7, chunk: 7, ..limits.clone() }] {
        let output = read_with(file.as_bytes(), &limits);
        assert_eq!((output.records.len(), output.codes()), (2, vec![Code::RecordTooLarge, Code::PartialEvents]));
    }
    let header = format!("eventTime,eventName,{long}\n2023-07-10T12:28:40Z,A,\n");
    assert_eq!(read_with(header.as_bytes(), &limits).codes(), [Code::RecordTooLarge]);
    // Names that every row would repeat: bounded as any other expansion is.
    let columns: Vec<_> = (0..1_000).map(|number| format!("requestParameters.{}{number}", "k".repeat(200))).collect();
    let bomb =
        format!("eventTime,eventName,{}\n{}", columns.join(","), format!("1,1,{}\n", "1,".repeat(1_000)).repeat(100));
    let output = read_with(bomb.as_bytes(), &Limits { ratio: 2, ratio_floor: 1_000_000, ..Limits::default() });
    assert!(output.codes().contains(&Code::ExpansionLimit) && output.records.len() < 100, "{:?}", output.codes());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_rows_are_survived_and_the_same_in_any_pieces(
        header in prop::sample::select(vec![
            CONSOLE, "eventtime,useridentity,requestparameters,resources,recipientaccountid", "@timestamp,@message",
            "eventTime\teventName\tresources.0.ARN\tresources", "\"eventjson\";\"x\"",
        ]),
        soup in prop::collection::vec(
            prop_oneof![
                prop::sample::select(vec![
                    ",", ",", ";", "\t", "\"", "\"\"", "\n", "\r\n", "{", "}", "[", "]", "=", ", ", "type=IAMUser", "arn=",
                    "sessioncontext={", "attributes={", "{\"\"eventName\"\":1}", "null", "E+11", "2023-07-10 1:2", "\u{feff}",
                ]).prop_map(|text| text.as_bytes().to_vec()),
                prop::collection::vec(any::<u8>(), 0..6),
            ],
            0..60,
        ),
        size in 1usize..40,
    ) {
        let file = [header.as_bytes(), b"\n", &soup.concat()].concat();
        let (whole, parts) = (read(&file), read_with(&file, &pieces(size)));
        prop_assert_eq!(&whole.diagnostics, &parts.diagnostics);
        prop_assert_eq!(&whole.records, &parts.records);
        for (_, _, _, json) in &whole.records {
            prop_assert!(serde_json::from_slice::<serde::de::IgnoredAny>(json).is_ok());
        }
    }
}
