//! The object that a trail delivers to S3, also what the console downloads: `{"Records":[{event}, …]}`.

use super::event::is_event;
use super::{Format, Item, Output};
use crate::base::{Code, Severity};
use crate::ingest::scanner::Place;
use crate::ingest::shallow;

const LIST: &str = "Records";

pub(super) struct Trail;

impl Format for Trail {
    fn name(&self) -> &'static str {
        "CloudTrail log file"
    }

    fn lists(&self) -> &'static [&'static str] {
        &[LIST]
    }

    fn takes(&self, place: Place) -> bool {
        place == Place::List(LIST)
    }

    fn recognises(&self, item: &Item) -> bool {
        match item.place {
            Place::List(LIST) => is_event(item.json),
            Place::Top => is_without_records(item.json),
            _ => false,
        }
    }

    fn read(&self, item: &Item, out: &mut Output) {
        if item.place == Place::Top {
            out.findings.add(Severity::Note, Code::NoEvents, "", || "`Records` is null: no events in it".into());
        } else {
            out.record(item.offset, item.json);
        }
    }
}

/// `{"Records":null}`
fn is_without_records(json: &[u8]) -> bool {
    json.len() < 4_096
        && shallow::fields(json).any(|(key, value)| key == LIST.as_bytes() && value.trim_ascii_end() == b"null")
}
