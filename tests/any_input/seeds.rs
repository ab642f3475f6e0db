//! What made-up input begins from: one of each thing that is read.

use super::archives::{gzip, tar, zip};

const EVENT: &str = r#"{"eventVersion":"1.08","eventName":"A","eventTime":"2026-01-02T03:04:05Z","eventID":"x"}"#;

/// Files without a container, one of each format.
fn texts() -> Vec<String> {
    let quoted = serde_json::to_string(EVENT).unwrap();
    let envelope = format!(r#"{{"version":"0","detail-type":"AWS API Call via CloudTrail","detail":{EVENT}}}"#);
    let message =
        format!(r#"{{"messageType":"DATA_MESSAGE","logEvents":[{{"id":"1","timestamp":1,"message":{quoted}}}]}}"#);
    vec![
        EVENT.to_owned(),
        format!("{EVENT}\n{EVENT}\r\n{EVENT}"),
        format!("[{EVENT},{EVENT}]"),
        format!(r#"{{"Records":[{EVENT},{EVENT}]}}"#),
        format!(r#"{{"Events":[{{"EventId":"1","CloudTrailEvent":{quoted}}}],"NextToken":"t"}}"#),
        format!(r#"{{"events":[{{"timestamp":1,"message":{quoted}}}],"searchedLogStreams":[]}}"#),
        message.repeat(2),
        r#"{"messageType":"CONTROL_MESSAGE","logEvents":[{"id":"","timestamp":1,"message":"CWL"}]}"#.to_owned(),
        r#"{"awslogs":{"data":"H4sIAAAAAAAA/6tWKkktLlGyUlAqS8wpTVWqBQAAAP//"}}"#.to_owned(),
        envelope,
        format!(r#"{{"@timestamp":"t","event":{{"original":{quoted}}}}}"#),
        format!(r#"{{"_source":{{"aws":{{"cloudtrail":{EVENT}}}}}}}"#),
        format!("2026-01-02T03:04:05.678Z {EVENT}\n2026-01-02T03:04:05.678Z stream {EVENT}\n"),
        r#"{"results":[[{"field":"@timestamp","value":"t"},{"field":"@message","value":"{}"}]],"statistics":{}}"#
            .to_owned(),
        r#"{"QueryStatus":"FINISHED","QueryResultRows":[[{"eventID":"x"},{"eventName":"A"}]]}"#.to_owned(),
        r#"{"class_uid":6003,"time":1,"api":{"operation":"A","service":{"name":"s"}},"metadata":{"uid":"x","product":{"name":"CloudTrail"}}}"#
            .to_owned(),
        "User name,AWS access key,Event time,Event source,Event name\nroot,,2026-01-02T03:04:05Z,s,A\n".to_owned(),
        "\"eventversion\",\"useridentity\",\"eventid\"\n\"1.08\",\"{type=Root, arn=a}\",\"x\"\n".to_owned(),
        format!("@timestamp,@message\n2026-01-02 03:04:05.678,\"{}\"\n", EVENT.replace('"', "\"\"")),
        r#"{"digestStartTime":"a","digestEndTime":"b","awsAccountId":"1","logFiles":[]}"#.to_owned(),
        r#"{"publicKeyList":[{"Fingerprint":"f","Value":"v"}]}"#.to_owned(),
        r#"{"metricFilters":[{"filterName":"f","filterPattern":"{ $.a = 1 }","metricTransformations":[]}]}"#.to_owned(),
    ]
}

pub fn files() -> Vec<Vec<u8>> {
    texts().into_iter().map(String::into_bytes).collect()
}

pub fn gzips() -> Vec<Vec<u8>> {
    let mut seeds: Vec<_> = texts().iter().take(6).map(|text| gzip(text.as_bytes())).collect();
    seeds.push([gzip(EVENT.as_bytes()), gzip(b"\n"), gzip(EVENT.as_bytes())].concat());
    seeds.push(gzip(&gzip(EVENT.as_bytes())));
    seeds
}

fn members() -> [(&'static str, &'static [u8]); 3] {
    [("a/b.json", EVENT.as_bytes()), ("c.csv", b"x,y\n"), ("d", b"")]
}

pub fn zips() -> Vec<Vec<u8>> {
    vec![zip(&members(), true), zip(&members(), false), zip(&[("x.zip", &zip(&members(), true))], false)]
}

pub fn tars() -> Vec<Vec<u8>> {
    vec![tar(&members()), tar(&[("x.gz", &gzip(EVENT.as_bytes())), ("y.tar", &tar(&members()))])]
}

fn owned(texts: &[&str]) -> Vec<Vec<u8>> {
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}

pub fn filter_patterns() -> Vec<Vec<u8>> {
    owned(&[
        r#"{ ($.eventName = "A*") && ($.errorCode NOT EXISTS) || $.a[*].b != 1.5 }"#,
        "{ $.userIdentity.type = Root && $.x IS NULL && ($['a b'] >= 10) }",
        "{ $.a = %^a[0-9]+$% }",
        "ERROR -Exception ?\"a b\" ?c",
        "[ip, user != \"-\", ..., status = 4*, bytes > 1000]",
        "%AUTH.*%",
    ])
}

pub fn event_patterns() -> Vec<Vec<u8>> {
    owned(&[
        r#"{"source":["aws.s3",{"suffix":".iam"}],"detail":{"a":{"b":[1,{"exists":false}],"c":[{"prefix":"x"}]}}}"#,
        r#"{"$or":[{"detail":{"d.g":[{"equals-ignore-case":"É"}]}},{"detail-type":[{"wildcard":"AWS*\*"}]}],"detail":
            {"a.b":[true,{"cidr":"10.0.0.0/8"}]}}"#,
        r#"{"detail":{"a":[{"numeric":[">=",2,"<",3]},{"anything-but":["x","y"]},{"anything-but":{"prefix":"z"}},null]}}"#,
    ])
}

pub fn formulas() -> Vec<Vec<u8>> {
    owned(&[
        "IF(m1 > AVG(m2) AND NOT_A == 1, FILL(m1, REPEAT), -m2 ^ 2) / 1.5e3",
        "SLICE(SORT(METRICS(\"m\"), MAX, DESC), 0, 1)",
        "SUM([DIFF(m1), RATE(m2), RUNNING_SUM(m1)]) + METRIC_COUNT(METRICS()) * PERIOD(m1)",
        "ANOMALY_DETECTION_BAND(m1, 2)",
        "TIME_SERIES(STDDEV(m2)) || LOG10(ABS(m1)) <= HOUR(m2)",
    ])
}

pub fn alarm_rules() -> Vec<Vec<u8>> {
    owned(&[
        r#"ALARM(a) AND NOT (OK("b") OR INSUFFICIENT_DATA(a)) OR FALSE"#,
        r#"AT_LEAST(50%, NOT OK, (a, "b c", "d\"e"))"#,
        r#"ALARM("arn:aws:cloudwatch:us-east-1:111122223333:alarm:a") AND TRUE"#,
    ])
}

pub fn searches() -> Vec<Vec<u8>> {
    owned(&[
        "eventName:Get*,Put* -errorCode:AccessDenied \"some text\"",
        "@principal:alice ~readOnly:true userIdentity.arn:*",
        "additionalEventData.bytes>=100 { $.a = 1 } 203.0.113.7",
    ])
}

pub fn workspaces() -> Vec<Vec<u8>> {
    let alarm = r#""filterPattern":"{ $.a = 1 }","metricTransformations":[{"metricName":"m","metricNamespace":"n","metricValue":"1","defaultValue":0}],"AlarmName":"x","Statistic":"Sum","Period":60,"EvaluationPeriods":3,"DatapointsToAlarm":2,"Threshold":1.5,"ComparisonOperator":"GreaterThanThreshold","TreatMissingData":"ignore""#;
    let more = alarm.replace("\"Statistic\":\"Sum\"", "\"ExtendedStatistic\":\"p99.5\"").replace("ignore", "breaching");
    vec![
        format!("{{{alarm}}}").into_bytes(),
        format!(r#"{{"trailscope":1,"backtests":[{{"id":1,"name":"a",{alarm}}},{{"id":2,"name":"b",{more}}}]}}"#)
            .into_bytes(),
    ]
}

pub fn evidence() -> Vec<Vec<u8>> {
    let object = "AWSLogs/111122223333/CloudTrail/us-east-1/2026/01/02/111122223333_CloudTrail_us-east-1_20260102T0305Z_x.json.gz";
    let digest = format!(
        r#"{{"awsAccountId":"111122223333","digestStartTime":"2026-01-02T03:00:00Z","digestEndTime":"2026-01-02T04:00:00Z","digestS3Bucket":"b","digestS3Object":"{}","newestEventTime":null,"oldestEventTime":null,"previousDigestS3Bucket":"b","previousDigestS3Object":"p","previousDigestHashValue":"00","previousDigestHashAlgorithm":"SHA-256","previousDigestSignature":"00","digestPublicKeyFingerprint":"f","digestSignatureAlgorithm":"SHA256withRSA","logFiles":[{{"s3Bucket":"b","s3Object":"{object}","hashValue":"{}","hashAlgorithm":"SHA-256","newestEventTime":"2026-01-02T03:01:00Z","oldestEventTime":"2026-01-02T03:01:00Z"}}]}}"#,
        object.replace("CloudTrail/", "CloudTrail-Digest/"),
        "0".repeat(64),
    );
    vec![
        digest.into_bytes(),
        br#"{"publicKeyList":[{"Value":"MAA=","ValidityStartTime":1.5,"ValidityEndTime":"2026-01-02T03:04:05+00:00","Fingerprint":"ab"}]}"#.to_vec(),
        br#"{"ETag":"e","Metadata":{"signature":"00ff","signature-algorithm":"SHA256withRSA"}}"#.to_vec(),
        br#"{"version":"1.0","region":"us-east-1","files":[{"fileHashValue":"00","fileName":"result_1.csv.gz"}],"hashAlgorithm":"SHA-256","signatureAlgorithm":"SHA256withRSA","queryCompleteTime":"2026-01-02T03:04:05Z","hashSignature":"00","publicKeyFingerprint":"ab"}"#.to_vec(),
    ]
}

pub fn configuration() -> Vec<Vec<u8>> {
    let described = r#"{"metricFilters":[{"filterName":"f","filterPattern":"{ $.a = 1 }","logGroupName":"g","metricTransformations":[{"metricName":"m","metricNamespace":"n","metricValue":"1","defaultValue":0}]}],"MetricAlarms":[{"AlarmName":"a","Namespace":"n","MetricName":"m","Statistic":"Sum","Period":300,"EvaluationPeriods":1,"Threshold":1,"ComparisonOperator":"GreaterThanOrEqualToThreshold","TreatMissingData":"notBreaching"}],"CompositeAlarms":[{"AlarmName":"c","AlarmRule":"ALARM(a)"}]}"#;
    let template = r#"{"Resources":{"F":{"Type":"AWS::Logs::MetricFilter","Properties":{"FilterPattern":"ERROR","LogGroupName":{"Ref":"G"},"MetricTransformations":[{"MetricName":"m","MetricNamespace":"n","MetricValue":"1"}]}},"A":{"Type":"AWS::CloudWatch::Alarm","Properties":{"Namespace":"n","MetricName":"m","ExtendedStatistic":"p90","Period":"60","EvaluationPeriods":2,"Threshold":1.5,"ComparisonOperator":"LessThanThreshold"}}}}"#;
    let plan = r#"{"format_version":"1.2","planned_values":{"root_module":{"resources":[{"type":"aws_cloudwatch_log_metric_filter","name":"f","values":{"name":"f","pattern":"x","metric_transformation":[{"name":"m","namespace":"n","value":"1","dimensions":{"d":"$.d"}}]}},{"type":"aws_cloudwatch_metric_alarm","name":"a","values":{"alarm_name":"a","namespace":"n","metric_name":"m","statistic":"Sum","period":60,"evaluation_periods":1,"threshold":1,"comparison_operator":"GreaterThanThreshold"}}]}}}"#;
    owned(&[
        described,
        template,
        plan,
        r#"{"Accounts":[{"Id":"111122223333","Name":"audit","Email":"a@example.com"}]}"#,
    ])
}

pub fn links() -> Vec<Vec<u8>> {
    owned(&[
        "#v=1&t=2026-01-02T03:04:05Z~2026-01-03T00:00:00Z&f=eventName,awsRegion&c=eventTime:164,eventName:190&s=-eventName&p=alarms&d=keep",
        "v=1&q=eventName%3AGet*&e=00000000-0000-4000-8000-000000000000&m=%5B%5D&a=0",
    ])
}
