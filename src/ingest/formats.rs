//! What the items of a JSON stream are: one file per format, behind [`Format`].
//!
//! To add a format: write one file with a unit struct that implements [`Format`], put it into [`FORMATS`] before
//! any that would also recognise its items. Formats that are not JSON need a case in [`detect`](super::detect).

mod attached;
mod embedded;
mod event;
mod eventbridge;
mod indexed;
mod insights_results;
mod lake_results;
mod lambda;
mod log_events;
mod lookup_events;
mod ocsf;
mod partial_answer;
mod rows;
mod set_aside;
mod trail;

pub(super) use event::is_event;
use partial_answer::PartialAnswer;
pub(super) use rows::Rows;

use super::findings::Findings;
use super::scanner::{Items, Place, Skipped};
use super::{DocumentId, Sink};
use crate::base::{Code, Severity};
use crate::model::attachment::{Attachment, AttachmentKind};

/// One JSON object that may hold events, or an array of a list of rows.
pub(super) struct Item<'a> {
    pub(super) place: Place,
    /// Where it stands in the decoded stream.
    pub(super) offset: u64,
    pub(super) json: &'a [u8],
}

/// One way in which CloudTrail events come.
trait Format: Sync {
    /// Name for people.
    fn name(&self) -> &'static str;

    /// Keys of a top-level object whose array's elements are items of their own.
    fn lists(&self) -> &'static [&'static str] {
        &[]
    }

    /// Keys of a top-level object whose array's elements are arrays, each an item of its own.
    fn row_lists(&self) -> &'static [&'static str] {
        &[]
    }

    /// Whether an object at `place` that begins as CloudTrail begins an event is an event of this format, and
    /// nothing else in it matters.
    fn takes(&self, place: Place) -> bool {
        let _ = place;
        false
    }

    /// Whether `item` is of this format. Called for every item: cheap, and right without any file name.
    fn recognises(&self, item: &Item) -> bool;

    /// Hands over the events in `item`, or says what it is instead.
    fn read(&self, item: &Item, out: &mut Output);
}

/// The first that recognises an item reads it. Those that can tell at a glance stand first.
const FORMATS: &[&dyn Format] = &[
    &event::Single,
    &event::BareArray,
    &trail::Trail,
    &log_events::API_ANSWER,
    &log_events::SUBSCRIPTION,
    &lookup_events::LookupEvents,
    &eventbridge::EventBridge,
    &lambda::LambdaEvent,
    &insights_results::InsightsResults,
    &lake_results::LakeResults,
    &ocsf::Ocsf,
    &attached::Attachments,
    &set_aside::SetAside,
    &indexed::Indexed,
];

/// Where a format's events and findings go.
pub(super) struct Output<'a> {
    pub(super) document: DocumentId,
    pub(super) sink: &'a mut dyn Sink,
    pub(super) findings: &'a mut Findings,
    pub(super) records: &'a mut u64,
    pub(super) rows: &'a mut Rows,
    pub(super) attached: &'a mut Vec<Attached>,
    /// Bytes of attachments that the job may still hand over.
    pub(super) attachable: &'a mut usize,
}

/// An attachment of a stream that has not ended.
pub(super) struct Attached {
    pub(super) kind: AttachmentKind,
    pub(super) json: String,
}

impl Output<'_> {
    fn record(&mut self, offset: u64, json: &[u8]) {
        *self.records += 1;
        self.sink.record(self.document, offset, json);
    }

    /// Keeps an attachment until the stream has ended; false if there are too many.
    fn attach(&mut self, attached: Attached) -> bool {
        let cost = Attachment::FIXED_COST + attached.json.len();
        let left = self.attachable.checked_sub(cost);
        if let Some(left) = left {
            *self.attachable = left;
            self.attached.push(attached);
        }
        left.is_some()
    }
}

/// What was seen of one stream.
#[derive(Default)]
pub(super) struct Seen {
    /// The format of its first item.
    pub(super) format: Option<&'static str>,
    /// The stream ended inside a value.
    pub(super) truncated: bool,
    /// Items of the last object that holds lists.
    items: u64,
    /// Why its lists are not all there is.
    pub(super) partial: Option<PartialAnswer>,
}

/// Judges the items of one stream.
pub(super) struct Judge<'a> {
    pub(super) seen: &'a mut Seen,
    pub(super) out: Output<'a>,
}

impl Items for Judge<'_> {
    fn list(&mut self, key: &[u8]) -> Option<&'static str> {
        let lists = |format: &'static dyn Format| format.lists().iter().chain(format.row_lists());
        FORMATS.iter().flat_map(|format| lists(*format)).find(|list| list.as_bytes() == key).copied()
    }

    fn has_rows(&self, list: &'static str) -> bool {
        FORMATS.iter().any(|format| format.row_lists().contains(&list))
    }

    fn take(&mut self, place: Place, offset: u64, text: &[u8]) -> Option<usize> {
        let format = FORMATS.iter().find(|format| format.takes(place))?;
        let len = self.out.sink.take(self.out.document, offset, text)?;
        *self.out.records += 1;
        self.seen.format.get_or_insert(format.name());
        Some(len)
    }

    fn item(&mut self, place: Place, offset: u64, json: &[u8]) {
        self.seen.items += 1;
        let item = Item { place, offset, json };
        match FORMATS.iter().position(|format| format.recognises(&item)) {
            Some(index) => {
                self.seen.format.get_or_insert(FORMATS[index].name());
                FORMATS[index].read(&item, &mut self.out);
            }
            None => self.out.findings.add(Severity::Error, Code::NotAnEvent, "object", || {
                format!(
                    "the JSON object at byte {offset} is not a CloudTrail event (it has none of an event's \
                     fields); skipped"
                )
            }),
        }
    }

    fn beside(&mut self, text: &[u8]) {
        if text.starts_with(b"{") {
            (self.seen.items, self.seen.partial) = (0, None);
        }
        self.seen.partial = self.seen.partial.take().or_else(|| partial_answer::judge(text, self.seen.items));
    }

    fn skipped(&mut self, why: Skipped, place: Place, offset: u64) {
        let findings = &mut self.out.findings;
        match why {
            Skipped::Truncated => self.seen.truncated = true,
            Skipped::TooLarge => findings.add(Severity::Error, Code::RecordTooLarge, "", || {
                format!("the value at byte {offset} is larger than the limit for one record; skipped")
            }),
            Skipped::NotAnObject => findings.add(Severity::Warning, Code::NotAnEvent, "", || {
                format!("the value at byte {offset} is not an object, which an event must be; skipped")
            }),
            Skipped::Invalid => findings.add(Severity::Error, Code::InvalidJson, "", || match place {
                Place::Top => format!("not JSON at byte {offset}; skipped to where JSON goes on"),
                _ => format!("the array element at byte {offset} is not JSON; skipped"),
            }),
        }
    }
}
