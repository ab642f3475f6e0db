//! The columns of the console's Event history: "Download as CSV". Older downloads have no event category.
//!
//! <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/view-cloudtrail-events-console.html>. The column
//! `Resources` holds JSON, with AWS Config's names of types.

use super::field;
use super::plan::{Kind, Plan};

/// Column, and the field of an event that it shows.
const COLUMNS: &[(&str, &str)] = &[
    ("Event time", "eventTime"),
    ("User name", "userIdentity.userName"),
    ("AWS access key", "userIdentity.accessKeyId"),
    ("Event source", "eventSource"),
    ("Event name", "eventName"),
    ("AWS region", "awsRegion"),
    ("Source IP address", "sourceIPAddress"),
    ("User agent", "userAgent"),
    ("Error code", "errorCode"),
    ("Request ID", "requestID"),
    ("Event ID", "eventID"),
    ("Read-only", "readOnly"),
    ("Resources", "resources"),
    ("Event type", "eventType"),
    ("Recipient Account Id", "recipientAccountId"),
    ("Event category", "eventCategory"),
];
/// Without these it is another table.
const NEEDED: [&str; 2] = ["Event time", "Event name"];

/// Where the columns belong in an event, if these are columns of the console.
pub(super) fn plan(names: &[impl AsRef<str>]) -> Option<Plan> {
    let is = |name: &str, wanted: &str| name.trim().eq_ignore_ascii_case(wanted);
    if !NEEDED.iter().all(|needed| names.iter().any(|name| is(name.as_ref(), needed))) {
        return None;
    }
    let mut plan = Plan::default();
    for (column, name) in names.iter().enumerate() {
        let name = name.as_ref();
        match COLUMNS.iter().find(|(known, _)| is(name, known)) {
            Some((_, "resources")) => plan.add(column, name, &["resources"], Kind::ConsoleResources),
            Some((_, path)) => field::add(&mut plan, column, name, path),
            None => plan.leave_out(name),
        }
    }
    plan.sort(field::order);
    Some(plan)
}
