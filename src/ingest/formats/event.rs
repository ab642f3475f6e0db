//! Events without a wrapper: one object at top level (alone, one per line, concatenated) or in an array.

use super::{Format, Item, Output};
use crate::ingest::scanner::Place;
use crate::ingest::shallow;

/// One event, or many one after the other.
pub(super) struct Single;

impl Format for Single {
    fn name(&self) -> &'static str {
        "CloudTrail events, one after the other"
    }

    fn takes(&self, place: Place) -> bool {
        place == Place::Top
    }

    fn recognises(&self, item: &Item) -> bool {
        item.place == Place::Top && is_event(item.json)
    }

    fn read(&self, item: &Item, out: &mut Output) {
        out.record(item.offset, item.json);
    }
}

/// `[{event}, …]`
pub(super) struct BareArray;

impl Format for BareArray {
    fn name(&self) -> &'static str {
        "array of CloudTrail events"
    }

    fn takes(&self, place: Place) -> bool {
        place == Place::Array
    }

    fn recognises(&self, item: &Item) -> bool {
        item.place == Place::Array && is_event(item.json)
    }

    fn read(&self, item: &Item, out: &mut Output) {
        out.record(item.offset, item.json);
    }
}

/// Whether an object is a CloudTrail event.
///
/// S3, SNS, SES and DynamoDB notifications also have `eventVersion`, `eventSource`, `eventTime` and `eventName`,
/// but 2.x versions and sources like `aws:s3`.
/// <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html>
pub(in crate::ingest) fn is_event(json: &[u8]) -> bool {
    // How CloudTrail itself writes every record: no need to look further.
    if json.starts_with(br#"{"eventVersion":"1."#) {
        return true;
    }
    let mut likely = false;
    for (key, value) in shallow::fields(json) {
        match key {
            b"eventVersion" if value.starts_with(b"\"1.") => return true,
            b"eventSource" if value.starts_with(b"\"aws:") => return false,
            b"eventCategory" | b"eventType" | b"recipientAccountId" => return true,
            b"eventVersion" | b"eventSource" | b"eventName" | b"eventTime" | b"eventID" => likely = true,
            b"detail-type" | b"EventSource" | b"s3" => return false,
            _ => {}
        }
    }
    likely
}

#[cfg(test)]
mod tests {
    use super::is_event;

    #[test]
    fn tells_events_from_notifications() {
        for event in [
            r#"{"eventVersion":"1.08"}"#,
            r#"{ "eventName": "M" }"#,
            r#"{"userIdentity":{},"eventSource":"kms.amazonaws.com"}"#,
            r#"{"accountId":"1","eventCategory":"Aggregated"}"#,
        ] {
            assert!(is_event(event.as_bytes()), "{event}");
        }
        for other in [
            "{}",
            r#"{"eventVersion":"2.1","eventSource":"aws:s3","eventTime":"","eventName":"ObjectCreated:Put"}"#,
            r#"{"eventID":"1","eventName":"INSERT","eventSource":"aws:dynamodb"}"#,
            r#"{"version":"0","detail-type":"x","detail":{"eventName":"x"}}"#,
            r#"{"a":{"eventName":"x"}}"#,
        ] {
            assert!(!is_event(other.as_bytes()), "{other}");
        }
    }
}
