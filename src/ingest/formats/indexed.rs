//! Documents of a search index or another collector, with the event inside: under `aws.cloudtrail`, as the text
//! `event.original`, `message` or (CloudWatch Logs Insights) `@message`, or under `jsonPayload`.
//!
//! Elasticsearch and OpenSearch wrap a document once more when they export it: `{"_source":{…}}`.

use super::embedded::{Found, may_hold_event};
use super::{Format, Item, Output};
use crate::base::{Code, Severity};
use crate::ingest::shallow;

/// Where an event may stand, the best place first: what a collector was given before what it made of that.
const PLACES: &[&[&str]] = &[
    &["event", "original"],
    &["message"],
    &["@message"],
    &["aws", "cloudtrail"],
    &["jsonPayload"],
    &["_source", "event", "original"],
    &["_source", "message"],
    &["_source", "aws", "cloudtrail"],
];

pub(super) struct Indexed;

impl Format for Indexed {
    fn name(&self) -> &'static str {
        "documents of a search index"
    }

    fn recognises(&self, item: &Item) -> bool {
        values(item).any(may_hold_event)
    }

    fn read(&self, item: &Item, out: &mut Output) {
        if values(item).any(|value| matches!(out.value(item, value), Found::Event)) {
            return;
        }
        let offset = item.offset;
        out.findings.add(Severity::Warning, Code::NotAnEvent, "document", || {
            format!("the document at byte {offset} holds no CloudTrail event; skipped")
        });
    }
}

/// What stands at the places where an event may be.
fn values<'a>(item: &Item<'a>) -> impl Iterator<Item = &'a [u8]> {
    let json = item.json;
    PLACES.iter().filter_map(move |place| place.iter().try_fold(json, |object, key| shallow::field(object, key)))
}
