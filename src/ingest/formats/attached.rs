//! AWS files without events that say something about events: handed over as attachments, whatever else they came with.

use super::{Attached, Format, Item, Output};
use crate::base::{Code, Severity};
use crate::ingest::shallow;
use crate::model::attachment::AttachmentKind;

pub(super) struct Attachments;

/// A kind of file, known by keys of its object.
struct Kind {
    /// All of these are there.
    keys: &'static [&'static str],
    /// One of these stands somewhere in it, unless there are none.
    holds: &'static [&'static str],
    kind: AttachmentKind,
    what: &'static str,
    /// What becomes of it, for people.
    then: &'static str,
}

const INTEGRITY: &str = "; used to verify that log files are as CloudTrail delivered them";

const LAB: &str = "; offered in the alarm lab";

const RULES: &str = "; offered among the rules";

const METADATA: Kind = Kind {
    keys: &["Metadata", "ETag"],
    holds: &[],
    kind: AttachmentKind::ObjectMetadata,
    what: "what S3 keeps with an object, which for a digest file is its signature",
    then: INTEGRITY,
};

const TERRAFORM: &[&str] = &[
    "aws_cloudwatch_log_metric_filter",
    "aws_cloudwatch_metric_alarm",
    "aws_cloudwatch_composite_alarm",
    "aws_cloudwatch_alarm_mute_rule",
    "aws_cloudwatch_event_rule",
];

const KINDS: &[Kind] = &[
    Kind {
        keys: &["digestStartTime", "digestEndTime"],
        holds: &[],
        kind: AttachmentKind::Digest,
        what: "a CloudTrail digest file, which holds hashes of log files",
        then: INTEGRITY,
    },
    // Documentation and tools disagree about the first letter.
    Kind {
        keys: &["publicKeyList"],
        holds: &[],
        kind: AttachmentKind::PublicKeys,
        what: "the output of `aws cloudtrail list-public-keys`",
        then: INTEGRITY,
    },
    Kind {
        keys: &["PublicKeyList"],
        holds: &[],
        kind: AttachmentKind::PublicKeys,
        what: "the output of `aws cloudtrail list-public-keys`",
        then: INTEGRITY,
    },
    METADATA,
    Kind {
        keys: &["hashSignature", "files"],
        holds: &[],
        kind: AttachmentKind::LakeSignature,
        what: "the signature file of a CloudTrail Lake query",
        then: INTEGRITY,
    },
    Kind {
        keys: &["metricFilters"],
        holds: &[],
        kind: AttachmentKind::MetricFilters,
        what: "the output of `aws logs describe-metric-filters`",
        then: LAB,
    },
    Kind {
        keys: &["MetricAlarms"],
        holds: &[],
        kind: AttachmentKind::Alarms,
        what: "the output of `aws cloudwatch describe-alarms`",
        then: LAB,
    },
    Kind {
        keys: &["AlarmMuteRuleArn", "Rule"],
        holds: &[],
        kind: AttachmentKind::Alarms,
        what: "the output of `aws cloudwatch get-alarm-mute-rule`",
        then: LAB,
    },
    Kind {
        keys: &["Rules"],
        holds: &["\"EventPattern\"", "\"ScheduleExpression\""],
        kind: AttachmentKind::Rules,
        what: "the output of `aws events list-rules`",
        then: RULES,
    },
    Kind {
        keys: &["Name", "Arn", "EventPattern", "State"],
        holds: &[],
        kind: AttachmentKind::Rules,
        what: "the output of `aws events describe-rule`",
        then: RULES,
    },
    Kind {
        keys: &["Resources"],
        holds: &[
            "AWS::Logs::MetricFilter",
            "AWS::CloudWatch::Alarm",
            "AWS::CloudWatch::CompositeAlarm",
            "AWS::CloudWatch::AlarmMuteRule",
            "AWS::Events::Rule",
        ],
        kind: AttachmentKind::CloudFormation,
        what: "a CloudFormation template with metric filters, alarms or rules",
        then: LAB,
    },
    Kind {
        keys: &["format_version", "planned_values"],
        holds: TERRAFORM,
        kind: AttachmentKind::Terraform,
        what: "a Terraform plan with metric filters, alarms or rules",
        then: LAB,
    },
    Kind {
        keys: &["format_version", "values"],
        holds: TERRAFORM,
        kind: AttachmentKind::Terraform,
        what: "a Terraform state with metric filters, alarms or rules",
        then: LAB,
    },
    Kind {
        keys: &["Accounts"],
        holds: &["\"Id\""],
        kind: AttachmentKind::Accounts,
        what: "a list of accounts",
        then: "; their names are shown beside their numbers",
    },
];

impl Format for Attachments {
    fn name(&self) -> &'static str {
        "AWS file without events"
    }

    fn recognises(&self, item: &Item) -> bool {
        kind(item.json).is_some()
    }

    fn read(&self, item: &Item, out: &mut Output) {
        let Some(Kind { kind, what, then, .. }) = kind(item.json) else { return };
        let Ok(json) = std::str::from_utf8(item.json) else {
            return out
                .findings
                .add(Severity::Warning, Code::SetAside, what, || format!("this is {what}, but not UTF-8: not used"));
        };
        if out.attach(Attached { kind: *kind, json: json.to_owned() }) {
            out.findings.add(Severity::Note, Code::SetAside, what, || format!("this is {what}: no events in it{then}"));
        } else {
            out.findings.add(Severity::Warning, Code::SetAside, "limit", || {
                format!("this is {what}, but there are more such files than are kept: not used")
            });
        }
    }
}

fn kind(json: &[u8]) -> Option<&'static Kind> {
    let fields: Vec<(&[u8], &[u8])> = shallow::fields(json).collect();
    let has = |wanted: &&str| fields.iter().any(|(key, _)| *key == wanted.as_bytes());
    // Only what is user-defined, or either with the name of the object in front.
    let is_signature = |object: &[u8]| {
        shallow::has_all(object, &["signature", "signature-algorithm"]) || shallow::has_all(object, METADATA.keys)
    };
    let holds = |text: &&str| memchr::memmem::find(json, text.as_bytes()).is_some();
    let is = |kind: &&Kind| kind.keys.iter().all(has) && (kind.holds.is_empty() || kind.holds.iter().any(holds));
    let known = KINDS.iter().find(is);
    let is_metadata = || is_signature(json) || fields.first().is_some_and(|(_, value)| is_signature(value));
    known.or_else(|| is_metadata().then_some(&METADATA))
}
