//! AWS files that are not CloudTrail events: recognised, so that the report can say what they are.

use super::{Format, Item, Output};
use crate::base::{Code, Severity};
use crate::ingest::shallow;

pub(super) struct SetAside;

/// Kinds of files: keys that are all there, and what people call it.
const KINDS: &[(&[&str], &str)] = &[
    (&["eventSource", "s3"], "an S3 event notification, which only tells that an object was written"),
    (&["EventSource", "Sns"], "an SNS notification"),
    (&["eventSource", "ses"], "an SES notification"),
    (&["eventSource", "dynamodb"], "a DynamoDB stream record"),
    (&["Type", "TopicArn", "Message"], "an SNS notification"),
    (&["configurationItems"], "an AWS Config snapshot"),
    (&["configurationItem"], "an AWS Config item"),
    (&["invokingEvent", "configRuleName"], "a call of an AWS Config rule"),
    (&["schemaVersion", "service", "severity"], "a GuardDuty finding"),
    (&["SchemaVersion", "ProductArn"], "a Security Hub finding"),
    (&["AWSTemplateFormatVersion", "Resources"], "a CloudFormation template without metric filters or alarms"),
    (&["format_version", "terraform_version"], "a Terraform plan or state without metric filters or alarms"),
    (&["messageId", "receiptHandle"], "an SQS message"),
    (&["MessageId", "ReceiptHandle"], "an SQS message"),
];

impl Format for SetAside {
    fn name(&self) -> &'static str {
        "AWS file without events"
    }

    fn recognises(&self, item: &Item) -> bool {
        kind(item.json).is_some()
    }

    fn read(&self, item: &Item, out: &mut Output) {
        if let Some(what) = kind(item.json) {
            out.findings.add(Severity::Note, Code::SetAside, what, || format!("this is {what}: no events in it"));
        }
    }
}

fn kind(json: &[u8]) -> Option<&'static str> {
    let found: Vec<&[u8]> = shallow::fields(json).map(|(key, _)| key).collect();
    let is_kind = |keys: &[&str]| keys.iter().all(|wanted| found.contains(&wanted.as_bytes()));
    KINDS.iter().find(|(keys, _)| is_kind(keys)).map(|(_, what)| *what)
}
