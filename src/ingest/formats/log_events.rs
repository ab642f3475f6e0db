//! CloudWatch log events as the API gives them: `{"events":[{"timestamp":…,"message":"{event}"}, …]}` of
//! `filter-log-events` and `get-log-events`, and `{"messageType":…,"logEvents":[…]}`, which a subscription sends and
//! Firehose writes to S3 one after the other.
//!
//! <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html>,
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html>

use super::embedded::Found;
use super::{Format, Item, Output};
use crate::base::{Code, Severity};
use crate::ingest::scanner::Place;

const MESSAGE: &str = "message";

/// One of the two lists.
pub(super) struct LogEvents {
    name: &'static str,
    lists: &'static [&'static str],
}

/// The answer of an API call.
pub(super) const API_ANSWER: LogEvents =
    LogEvents { name: "filter-log-events or get-log-events output", lists: &["events"] };
/// What a subscription sends.
pub(super) const SUBSCRIPTION: LogEvents =
    LogEvents { name: "CloudWatch Logs subscription messages", lists: &["logEvents"] };

impl Format for LogEvents {
    fn name(&self) -> &'static str {
        self.name
    }

    fn lists(&self) -> &'static [&'static str] {
        self.lists
    }

    fn recognises(&self, item: &Item) -> bool {
        self.lists.iter().any(|list| item.place == Place::List(list))
    }

    fn read(&self, item: &Item, out: &mut Output) {
        match out.member(item, MESSAGE) {
            Found::Event => {}
            // By these, CloudWatch Logs asks whether the destination can be reached.
            Found::Other(text) if text.starts_with("CWL CONTROL MESSAGE") => {
                out.findings.add(Severity::Note, Code::SetAside, "control", || {
                    "a control message, by which CloudWatch Logs checks its destination: no event in it".into()
                });
            }
            Found::Other(_) => {
                let offset = item.offset;
                out.findings.add(Severity::Warning, Code::NotAnEvent, "log event", || {
                    format!("the log event at byte {offset} is not a CloudTrail event; skipped")
                });
            }
        }
    }
}
