//! AWS files that are not CloudTrail events, or hold them in a form this version does not read: recognised, so
//! that the report can say what they are.

use super::{Format, Item, Output};
use crate::base::{Code, Severity};
use crate::ingest::shallow;

pub(super) struct SetAside;

/// A kind of file, known by keys of its object.
struct Kind {
    /// All of these are there.
    keys: &'static [&'static str],
    code: Code,
    what: &'static str,
}

const fn not_events(keys: &'static [&'static str], what: &'static str) -> Kind {
    Kind { keys, code: Code::SetAside, what }
}

const fn not_read(keys: &'static [&'static str], what: &'static str) -> Kind {
    Kind { keys, code: Code::UnknownFormat, what }
}

const KINDS: &[Kind] = &[
    not_events(&["eventSource", "s3"], "an S3 event notification, which only tells that an object was written"),
    not_events(&["EventSource", "Sns"], "an SNS notification"),
    not_events(&["eventSource", "ses"], "an SES notification"),
    not_events(&["eventSource", "dynamodb"], "a DynamoDB stream record"),
    not_events(&["Type", "TopicArn", "Message"], "an SNS notification"),
    not_events(&["configurationItems"], "an AWS Config snapshot"),
    not_events(&["configurationItem"], "an AWS Config item"),
    not_events(&["invokingEvent", "configRuleName"], "a call of an AWS Config rule"),
    not_events(&["schemaVersion", "service", "severity"], "a GuardDuty finding"),
    not_events(&["SchemaVersion", "ProductArn"], "a Security Hub finding"),
    not_events(&["messageId", "receiptHandle"], "an SQS message"),
    not_events(&["MessageId", "ReceiptHandle"], "an SQS message"),
    not_read(&["results", "statistics"], "a CloudWatch Logs Insights result"),
    not_read(&["QueryResultRows"], "a CloudTrail Lake query result"),
    not_read(&["class_uid"], "an OCSF event (Security Lake)"),
];

impl Format for SetAside {
    fn name(&self) -> &'static str {
        "not an event"
    }

    fn recognises(&self, item: &Item) -> bool {
        kind(item.json).is_some()
    }

    fn read(&self, item: &Item, out: &mut Output) {
        match kind(item.json) {
            Some(Kind { code: Code::SetAside, what, .. }) => {
                out.findings.add(Severity::Note, Code::SetAside, what, || format!("this is {what}: no events in it"));
            }
            Some(Kind { code, what, .. }) => {
                out.findings
                    .add(Severity::Error, *code, what, || format!("this is {what}, which this version does not read"));
            }
            None => {}
        }
    }
}

fn kind(json: &[u8]) -> Option<&'static Kind> {
    let keys: Vec<&[u8]> = shallow::fields(json).map(|(key, _)| key).collect();
    KINDS.iter().find(|kind| kind.keys.iter().all(|wanted| keys.contains(&wanted.as_bytes())))
}
