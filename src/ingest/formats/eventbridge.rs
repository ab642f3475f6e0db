//! The envelope in which EventBridge passes an event on: `{"detail-type":"AWS API Call via CloudTrail","detail":{event}}`.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/ref/event-delivery-level.html>

use super::embedded::Found;
use super::{Format, Item, Output};
use crate::base::{Code, Severity};
use crate::ingest::shallow;

pub(super) struct EventBridge;

impl Format for EventBridge {
    fn name(&self) -> &'static str {
        "EventBridge events"
    }

    fn recognises(&self, item: &Item) -> bool {
        shallow::has_all(item.json, &["detail-type", "detail"])
    }

    fn read(&self, item: &Item, out: &mut Output) {
        if matches!(out.member(item, "detail"), Found::Event) {
            return;
        }
        out.findings.add(Severity::Note, Code::SetAside, "EventBridge", || {
            let kind = shallow::text(item.json, "detail-type").unwrap_or_default();
            format!("this is an EventBridge event of another kind ({kind:?}): no CloudTrail event in it")
        });
    }
}
