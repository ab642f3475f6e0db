//! Configuration that was dropped along with events: metric filters and alarms as they are deployed or about to be, as
//! backtests; mute rules; EventBridge rules; the names of accounts.
//!
//! [`read`] takes attachments of any kind: the output of `describe-metric-filters` and `describe-alarms`, CloudFormation
//! templates, Terraform plans and states. Each source is brought into the words of the API and read there, so that all
//! mean the same. What is not written in a file (a reference, a value known after apply) is never guessed: the item is
//! named with its reason. Everything that is read is bounded.

mod accounts;
mod cloudformation;
mod describe;
mod item;
mod metrics;
mod mute;
mod pairs;
mod rule;
mod terraform;
mod value;

pub use accounts::account_names;

use crate::model::alarm::{Backtest, MathBacktest};
use crate::model::attachment::{Attachment, AttachmentKind};
use crate::model::composite::{AlarmMuteRule, CompositeAlarm};
use crate::model::rule::Rule;
use item::Items;

/// What configuration files hold.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Configuration {
    /// Each alarm with the metric filter it watches, and each filter that no alarm watches.
    pub backtests: Vec<Deployed>,
    /// Each alarm on metric math with the metric filters of its metrics.
    pub formulas: Vec<MathBacktest>,
    /// Composite alarms.
    pub composites: Vec<CompositeAlarm>,
    /// Mute rules.
    pub mutes: Vec<AlarmMuteRule>,
    /// EventBridge rules.
    pub rules: Vec<Rule>,
    /// The files the rules come from.
    pub rule_files: Vec<String>,
    /// Metric filters among the backtests.
    pub filters: usize,
    /// Alarms among them, composite ones too.
    pub alarms: usize,
    /// The files they come from.
    pub files: Vec<String>,
    /// What could not be used, or only with a reservation.
    pub notes: Vec<Note>,
    /// Notes beyond those that are kept.
    pub more_notes: usize,
}

impl Configuration {
    /// Whether there is nothing of alarms: no metric filter, no mute rule either.
    pub fn is_without_alarms(&self) -> bool {
        self.count() == 0
    }

    /// What the lab can take: backtests, alarms on formulas, composite alarms, mute rules.
    pub fn count(&self) -> usize {
        self.backtests.len() + self.formulas.len() + self.composites.len() + self.mutes.len()
    }
}

/// A backtest of something that is deployed.
#[derive(Clone, Debug, PartialEq)]
pub struct Deployed {
    /// Name of the alarm, or of the filter where there is none.
    pub name: String,
    /// Log group of the filter, where the file says it.
    pub log_group: Option<String>,
    /// Whether there is an alarm; else it is the lab's own.
    pub has_alarm: bool,
    /// Both.
    pub backtest: Backtest,
}

/// Something to know about one item of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Path as dropped.
    pub file: String,
    /// Name of the filter or alarm.
    pub item: String,
    /// One sentence.
    pub message: String,
}

/// Reads the attachments that are configuration and joins filters with alarms, across files.
pub fn read<'a>(attachments: impl IntoIterator<Item = &'a Attachment>) -> Configuration {
    let mut items = Items::default();
    for attachment in attachments {
        let read = match attachment.kind {
            AttachmentKind::MetricFilters | AttachmentKind::Alarms => describe::read,
            AttachmentKind::Rules => describe::read_rules,
            AttachmentKind::CloudFormation => cloudformation::read,
            AttachmentKind::Terraform => terraform::read,
            _ => continue,
        };
        items.file.clone_from(&attachment.path);
        // Deeper than 128 levels is refused, so nothing here can overflow the stack.
        match serde_json::from_str(&attachment.json) {
            Ok(document) => read(&document, &mut items),
            Err(error) => items.note("", format!("not valid JSON: {error}")),
        }
    }
    pairs::join(items)
}
