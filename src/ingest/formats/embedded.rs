//! Events that stand inside another object: as a member, or as a text that holds the event's JSON.

use super::event::is_event;
use super::{Item, Output};
use crate::ingest::shallow;

/// What stands where an event was expected.
pub(super) enum Found {
    /// An event; it was handed over.
    Event,
    /// Something else: the text of a string without its escapes, or nothing.
    Other(String),
}

impl Output<'_> {
    /// Hands over the event under `key` of the item, or the item itself, if somebody has unwrapped it already.
    pub(super) fn member(&mut self, item: &Item, key: &str) -> Found {
        match shallow::field(item.json, key) {
            Some(value) => self.value(item, value),
            None => self.value(item, item.json),
        }
    }

    /// Hands over the event that `value`, a part of the item, is or holds. Its offset is where `value` stands: of a
    /// text, no bytes of the file are the event's, so the record is decoded again when somebody wants to see it.
    pub(super) fn value(&mut self, item: &Item, value: &[u8]) -> Found {
        let offset = item.offset + (value.as_ptr().addr() - item.json.as_ptr().addr()) as u64;
        if is_object(value) && is_event(value) {
            self.record(offset, value);
            return Found::Event;
        }
        // Only a string gives text.
        let Ok(text) = serde_json::from_slice::<String>(value) else { return Found::Other(String::new()) };
        let json = text.trim().as_bytes();
        if is_object(json) && is_event(json) {
            self.record(offset, json);
            return Found::Event;
        }
        Found::Other(text)
    }
}

fn is_object(json: &[u8]) -> bool {
    json.first() == Some(&b'{') && json.last() == Some(&b'}')
}

/// Whether `value` is an event or a text that begins like one: cheap, for [`Format::recognises`](super::Format).
pub(super) fn may_hold_event(value: &[u8]) -> bool {
    let text = value.strip_prefix(b"\"").unwrap_or(value);
    text.trim_ascii_start().starts_with(b"{")
}
