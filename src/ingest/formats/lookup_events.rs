//! What `aws cloudtrail lookup-events` prints: `{"Events":[{…,"CloudTrailEvent":"{event}"}, …]}`, pages one after the
//! other, or the entries alone, one per line.
//!
//! <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html>

use super::embedded::Found;
use super::{Format, Item, Output};
use crate::base::{Code, Severity};
use crate::ingest::scanner::Place;
use crate::ingest::shallow;

const LIST: &str = "Events";
const EVENT: &str = "CloudTrailEvent";

pub(super) struct LookupEvents;

impl Format for LookupEvents {
    fn name(&self) -> &'static str {
        "lookup-events output"
    }

    fn lists(&self) -> &'static [&'static str] {
        &[LIST]
    }

    fn recognises(&self, item: &Item) -> bool {
        item.place == Place::List(LIST) || shallow::field(item.json, EVENT).is_some()
    }

    fn read(&self, item: &Item, out: &mut Output) {
        if matches!(out.member(item, EVENT), Found::Event) {
            return;
        }
        let offset = item.offset;
        out.findings.add(Severity::Error, Code::NotAnEvent, EVENT, || {
            format!("the entry of lookup-events at byte {offset} holds no event as `{EVENT}`; skipped")
        });
    }
}
