//! The event that EventBridge makes of a CloudTrail record, and where each of its fields comes from.
//!
//! Source: EventBridge User Guide, "AWS service events delivered via AWS CloudTrail" and "Event structure reference".
//! Account, Region and time are those of the record. EventBridge gives each event an id of its own, which nobody can
//! know before: we choose the record's eventID in its place.

use crate::filter::predicate::{DETAIL_TYPES, LeafView, detail_type, source};
use serde_json::{Map, Value, json};

/// Fields of the envelope.
pub const FIELDS: [&str; 9] =
    ["version", "id", "detail-type", "source", "account", "time", "region", "resources", "detail"];

/// `source` of events whose record has no `eventSource`, which Insights events do not have. Undocumented: we choose that
/// of CloudTrail.
const NO_SOURCE: &str = "aws.cloudtrail";

/// Where the value of a field of the envelope comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place<'p> {
    /// A field of the record.
    Record {
        /// Its dotted path.
        path: &'p str,
        /// What the envelope makes of the value.
        view: LeafView,
        /// What the envelope has when the record has not.
        default: Option<&'static str>,
    },
    /// It is always this text.
    Constant(&'static str),
    /// There is never a value.
    Nowhere,
}

/// The place of a dotted path.
pub fn place(path: &str) -> Place<'_> {
    let of_record = |path, view, default| Place::Record { path, view, default };
    match path {
        "version" => Place::Constant("0"),
        "id" => of_record("eventID", LeafView::AsIs, None),
        "detail-type" => of_record("eventType", LeafView::DetailType, Some(DETAIL_TYPES[0].1)),
        "source" => of_record("eventSource", LeafView::Source, Some(NO_SOURCE)),
        "account" => of_record("recipientAccountId", LeafView::AsIs, None),
        "time" => of_record("eventTime", LeafView::AsIs, None),
        "region" => of_record("awsRegion", LeafView::AsIs, None),
        _ => path.strip_prefix("detail.").map_or(Place::Nowhere, |path| of_record(path, LeafView::AsIs, None)),
    }
}

/// The event with a record as its `detail`.
pub fn wrap(record: &Value) -> Value {
    let mut event = Map::new();
    event.insert("version".into(), json!("0"));
    let mut copy = |name: &str, from: &str| {
        if let Some(value) = record.get(from) {
            event.insert(name.into(), value.clone());
        }
    };
    copy("id", "eventID");
    copy("account", "recipientAccountId");
    copy("time", "eventTime");
    copy("region", "awsRegion");
    event.insert("detail-type".into(), seen(record, "eventType", DETAIL_TYPES[0].1, |text| detail_type(text).into()));
    event.insert("source".into(), seen(record, "eventSource", NO_SOURCE, source));
    event.insert("resources".into(), json!([]));
    event.insert("detail".into(), record.clone());
    Value::Object(event)
}

fn seen(record: &Value, name: &str, default: &str, view: fn(&str) -> String) -> Value {
    match record.get(name) {
        Some(Value::String(text)) => view(text).into(),
        Some(other) if !other.is_object() && !other.is_array() => other.clone(),
        _ => default.into(),
    }
}
