//! A CloudWatch Logs subscription message as a Lambda function gets it: `{"awslogs":{"data":"…"}}`, the message
//! gzipped and in Base64.
//!
//! <https://docs.aws.amazon.com/lambda/latest/dg/services-cloudwatchlogs.html>

use super::event::is_event;
use super::{Format, Item, Output};
use crate::base::{Code, Severity};
use crate::ingest::shallow;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::read::MultiGzDecoder;
use serde::Deserialize;
use std::io::Read;

/// Bytes a message may expand to. Lambda takes 6 MB of compressed text, in which CloudWatch Logs puts about one.
const LARGEST: u64 = 64 << 20;

pub(super) struct LambdaEvent;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Message {
    log_events: Vec<LogEvent>,
}

#[derive(Deserialize)]
struct LogEvent {
    message: String,
}

impl Format for LambdaEvent {
    fn name(&self) -> &'static str {
        "CloudWatch Logs subscription message for Lambda"
    }

    fn recognises(&self, item: &Item) -> bool {
        shallow::has_all(item.json, &["awslogs"])
    }

    fn read(&self, item: &Item, out: &mut Output) {
        let Some(message) = message(item.json) else {
            let offset = item.offset;
            out.findings.add(Severity::Error, Code::InvalidJson, "awslogs", || {
                format!("`awslogs.data` at byte {offset} is not a gzipped message in Base64; skipped")
            });
            return;
        };
        for (number, event) in (0..).zip(&message.log_events) {
            let json = event.message.trim().as_bytes();
            if json.starts_with(b"{") && is_event(json) {
                // None of its bytes stand in the file as such: what matters is that no other record has this offset.
                out.record(item.offset + number, json);
            } else {
                out.findings.add(Severity::Warning, Code::NotAnEvent, "log event", || {
                    format!("log event {} of a subscription message is not a CloudTrail event; skipped", number + 1)
                });
            }
        }
    }
}

fn message(json: &[u8]) -> Option<Message> {
    let packed = STANDARD.decode(shallow::text(shallow::field(json, "awslogs")?, "data")?).ok()?;
    let mut text = Vec::new();
    MultiGzDecoder::new(packed.as_slice()).take(LARGEST).read_to_end(&mut text).ok()?;
    serde_json::from_slice(&text).ok()
}
