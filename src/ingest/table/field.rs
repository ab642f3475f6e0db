//! Columns that are called like fields of an event, in any case: those of Athena and CloudTrail Lake, which know lower
//! case only (`useridentity`), and those of CloudWatch Logs Insights (`userIdentity.arn`, `resources.0.ARN`).
//!
//! <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html>,
//! <https://docs.aws.amazon.com/athena/latest/ug/create-cloudtrail-table-understanding.html>

use super::plan::{Kind, Plan};
use Kind::{Account, Flag, Json, Struct, Structs, Text, Time};

/// Members of an object: their names as CloudTrail writes them.
pub(super) type Members = &'static [(&'static str, Kind)];

/// The fields of an event, in the order in which CloudTrail writes them.
const EVENT: Members = &[
    ("eventVersion", Text),
    ("userIdentity", Struct(IDENTITY)),
    ("eventTime", Time),
    ("eventSource", Text),
    ("eventName", Text),
    ("awsRegion", Text),
    ("sourceIPAddress", Text),
    ("userAgent", Text),
    ("errorCode", Text),
    ("errorMessage", Text),
    ("requestParameters", Json),
    ("responseElements", Json),
    ("additionalEventData", Json),
    ("requestID", Text),
    ("eventID", Text),
    ("readOnly", Flag),
    ("resources", Structs(RESOURCE)),
    ("eventType", Text),
    ("apiVersion", Text),
    ("managementEvent", Flag),
    ("recipientAccountId", Account),
    ("serviceEventDetails", Json),
    ("sharedEventID", Text),
    ("vpcEndpointId", Text),
    ("vpcEndpointAccountId", Account),
    ("eventCategory", Text),
    ("addendum", Struct(ADDENDUM)),
    ("sessionCredentialFromConsole", Text),
    ("edgeDeviceDetails", Json),
    ("tlsDetails", Struct(TLS)),
    ("insightDetails", Json),
    ("eventContext", Json),
];

const IDENTITY: Members = &[
    ("type", Text),
    ("principalId", Text),
    ("arn", Text),
    ("accountId", Account),
    ("accessKeyId", Text),
    ("userName", Text),
    ("sessionContext", Struct(SESSION)),
    ("invokedBy", Text),
    ("identityProvider", Text),
    ("credentialId", Text),
    ("onBehalfOf", Struct(&[("userId", Text), ("identityStoreArn", Text)])),
    ("inScopeOf", Json),
];

const SESSION: Members = &[
    ("attributes", Struct(&[("creationDate", Time), ("mfaAuthenticated", Text)])),
    (
        "sessionIssuer",
        Struct(&[("type", Text), ("principalId", Text), ("arn", Text), ("accountId", Account), ("userName", Text)]),
    ),
    ("webIdFederationData", Struct(&[("federatedProvider", Text), ("attributes", Json)])),
    ("sourceIdentity", Text),
    ("ec2RoleDelivery", Text),
    ("ec2IssuedInVpc", Text),
    ("assumedRoot", Text),
];

const RESOURCE: Members = &[("ARN", Text), ("accountId", Account), ("type", Text), ("ARNPrefix", Text)];

const ADDENDUM: Members =
    &[("reason", Text), ("updatedFields", Text), ("originalRequestID", Text), ("originalEventID", Text)];

const TLS: Members =
    &[("tlsVersion", Text), ("cipherSuite", Text), ("clientProvidedHostHeader", Text), ("keyExchange", Text)];

/// When CloudWatch Logs says the event was. CloudTrail gives it the event's own time.
const LOG_TIME: &str = "@timestamp";
/// Columns of CloudWatch Logs Insights about the log event, which nobody misses in the event.
const ABOUT_LOG: [&str; 5] = ["@ptr", "@log", "@logStream", "@ingestionTime", LOG_TIME];

/// Where the columns belong in an event.
pub(super) fn plan(names: &[impl AsRef<str>]) -> Plan {
    let mut plan = Plan::default();
    for (column, name) in names.iter().enumerate() {
        let name = name.as_ref();
        if !ABOUT_LOG.contains(&name.trim()) {
            add(&mut plan, column, name, name.trim());
        }
    }
    if let Some(column) = names.iter().position(|name| name.as_ref().trim() == LOG_TIME)
        && !plan.knows("eventTime")
    {
        plan.add(column, LOG_TIME, &["eventTime"], Time);
    }
    plan.sort(order);
    plan
}

/// Adds the column called `name` as the field at `path`, dots between keys, if there may be such a field.
pub(super) fn add(plan: &mut Plan, column: usize, name: &str, path: &str) {
    // Several values in one cell: nobody can tell where one ends.
    if path.contains('*') {
        return plan.leave_out(name);
    }
    let mut keys = Vec::new();
    let mut members = Some(EVENT);
    let mut kind = Text;
    for key in path.split(['.', '[', ']']).filter(|key| !key.is_empty()) {
        let known = members.and_then(|members| find(members, key));
        if keys.is_empty() && known.is_none() {
            return plan.leave_out(name);
        }
        let is_index = matches!(kind, Structs(_)) && key.bytes().all(|byte| byte.is_ascii_digit());
        (members, kind) = match (known, kind) {
            (_, Structs(element)) if is_index => (Some(element), Struct(element)),
            (Some((_, kind @ Struct(inner))), _) => (Some(*inner), *kind),
            (Some((_, kind)), _) => (None, *kind),
            (None, _) => (None, Text),
        };
        keys.push(known.map_or(key, |(name, _)| *name));
    }
    plan.add(column, name, &keys, kind);
}

/// The member called `key`, however it is spelt.
pub(super) fn find(members: Members, key: &str) -> Option<&'static (&'static str, Kind)> {
    members.iter().find(|(name, _)| name.eq_ignore_ascii_case(key))
}

/// The place of a field among the others.
pub(super) fn order(key: &str) -> usize {
    EVENT.iter().position(|(name, _)| *name == key).unwrap_or(EVENT.len())
}
