//! What an alarm would have sent, in order of time: messages to SNS topics, other actions, events to EventBridge. The list
//! is made at once, a body only when it is read or exported. Nothing is ever sent.

use crate::alarm::actions::{ActionLists, Target, runs_on};
use crate::alarm::composite::Rule;
use crate::alarm::dispatch::{Dispatch, Hold, dispatch};
use crate::alarm::mute::Mute;
use crate::alarm::notification::{Sender, Source, event, message, subject};
use crate::alarm::suppression::{SuppressedBy, Suppression};
use crate::alarm::{Timeline, Transition};
use crate::base::EpochMs;
use crate::model::alarm::MetricAlarm;
use crate::model::composite::CompositeAlarm;
use crate::model::metric::MetricTransformation;
use crate::model::series::Sliding;
use serde::Serialize;
use serde_json::value::RawValue;
use std::collections::HashMap;
use std::sync::Arc;

/// Entries that an export holds at most.
pub const EXPORTED: usize = 10_000;

/// The alarm, with all that its messages say.
#[derive(Clone, Debug)]
pub enum Alarm {
    /// On metrics.
    Metric {
        /// The alarm.
        alarm: Box<MetricAlarm>,
        /// The metric it is on; `None` for an alarm on several.
        metric: Option<MetricTransformation>,
        /// What it was evaluated on.
        sliding: Arc<Sliding>,
    },
    /// On other alarms.
    Composite {
        /// The alarm.
        alarm: Box<CompositeAlarm>,
        /// Its rule.
        rule: Rule,
        /// Its children by name.
        children: Vec<(String, Arc<Timeline>)>,
    },
}

impl Alarm {
    fn lists(&self) -> ActionLists<'_> {
        match self {
            Self::Metric { alarm, .. } => ActionLists::from(alarm.as_ref()),
            Self::Composite { alarm, .. } => ActionLists::from(alarm.as_ref()),
        }
    }
}

/// One thing that was sent, or would have been.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// When it was sent, or when the state changed if it never was.
    pub time: EpochMs,
    /// Which change of state it tells of.
    pub change: usize,
    /// To what.
    pub to: To,
    /// Whether it was sent.
    pub ran: bool,
}

/// Where an entry goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum To {
    /// EventBridge's default bus.
    EventBridge,
    /// The action at this place of the list of the state entered.
    Action(usize),
}

/// Everything one alarm would have sent.
#[derive(Clone, Debug)]
pub struct Inbox {
    name: String,
    alarm: Alarm,
    timeline: Arc<Timeline>,
    dispatches: Vec<Dispatch>,
    entries: Vec<Entry>,
}

/// An entry in full.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// `SNS`, `EventBridge`, or what else an ARN addresses.
    pub kind: &'static str,
    /// Name of topic, function or bus.
    pub to: String,
    /// Its ARN.
    pub arn: String,
    /// Subject line, or what the event is.
    pub subject: String,
    /// JSON; none for actions that get no document.
    pub body: Option<String>,
}

#[derive(Serialize)]
struct Exported {
    time: String,
    kind: &'static str,
    to: String,
    sent: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    subject: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<Box<RawValue>>,
}

impl Inbox {
    /// What `alarm` would have sent over its timeline. `mutes` are all mute rules; those about this alarm count.
    pub fn new(
        name: &str,
        alarm: Alarm,
        timeline: Arc<Timeline>,
        suppression: Option<Suppression>,
        mutes: &[Mute],
    ) -> Self {
        let mutes: Vec<&Mute> = mutes.iter().filter(|mute| mute.targets(name)).collect();
        let lists = alarm.lists();
        let dispatches = dispatch(&timeline, lists.enabled, suppression, &mutes);
        let mut entries = Vec::new();
        for (change, (transition, dispatch)) in timeline.transitions.iter().zip(&dispatches).enumerate() {
            entries.push(Entry { time: transition.time, change, to: To::EventBridge, ran: true });
            for (index, arn) in lists.of(transition.to).iter().enumerate() {
                if runs_on(Target::of(arn), transition.from, transition.to) {
                    let time = dispatch.runs.unwrap_or(transition.time);
                    entries.push(Entry { time, change, to: To::Action(index), ran: dispatch.runs.is_some() });
                }
            }
        }
        entries.sort_by_key(|entry| entry.time);
        Self { name: name.to_owned(), alarm, timeline, dispatches, entries }
    }

    /// All entries, in order of time.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// What became of the actions, for each change of state.
    pub fn dispatches(&self) -> &[Dispatch] {
        &self.dispatches
    }

    /// The change of state an entry tells of.
    pub fn transition(&self, entry: &Entry) -> Transition {
        self.timeline.transitions[entry.change]
    }

    /// How many actions ran, and how many were kept from it.
    pub fn counts(&self) -> (usize, usize) {
        let actions = || self.entries.iter().filter(|entry| entry.to != To::EventBridge);
        (actions().filter(|entry| entry.ran).count(), actions().filter(|entry| !entry.ran).count())
    }

    /// Topic, function or bus of an entry, and what kind of thing that is.
    pub fn addressee(&self, entry: &Entry) -> (&'static str, &str) {
        match self.arn(entry) {
            None => ("EventBridge", "default bus"),
            Some(arn) => {
                let kind = match Target::of(arn) {
                    Target::Sns => "SNS",
                    target => target.label(),
                };
                (kind, arn.rsplit([':', '/']).next().unwrap_or(arn))
            }
        }
    }

    /// Why an entry was sent late or not at all, in a few words. `format_time` writes an instant in the user's time zone.
    pub fn note(&self, entry: &Entry, format_time: impl Fn(EpochMs) -> String) -> Option<String> {
        let dispatch = self.dispatches.get(entry.change).filter(|_| entry.to != To::EventBridge)?;
        let what = if entry.ran { "held back" } else { "not sent" };
        Some(match dispatch.held.as_ref()? {
            Hold::Disabled => "not sent: ActionsEnabled is false".into(),
            Hold::Muted { rule, window } => {
                format!("{what}: muted by “{rule}” until {}", format_time(window.to))
            }
            Hold::Suppressed(SuppressedBy::Alarm) => format!("{what}: the suppressor was in ALARM"),
            Hold::Suppressed(SuppressedBy::ExtensionPeriod) => {
                format!("{what}: in the extension period after the suppressor")
            }
            Hold::Suppressed(SuppressedBy::WaitPeriod) if entry.ran => "sent after the wait period".into(),
            Hold::Suppressed(SuppressedBy::WaitPeriod) => {
                "not sent: in the wait period the suppressor entered ALARM or the state changed again".into()
            }
        })
    }

    /// An entry in full.
    pub fn letter(&self, entry: &Entry) -> Letter {
        self.with_sender(|sender| {
            let (kind, to) = self.addressee(entry);
            let arn = self.arn(entry);
            let (subject, body) = match arn.map(Target::of) {
                None => ("CloudWatch Alarm State Change".to_owned(), Some(event(sender, entry.change))),
                Some(Target::Sns) => (subject(sender, entry.change), Some(message(sender, entry.change))),
                Some(target) => (format!("{} on {}", target.label(), self.transition(entry).to.as_str()), None),
            };
            let arn = arn.unwrap_or("arn:aws:events:::event-bus/default").to_owned();
            Letter { kind, to: to.to_owned(), arn, subject, body }
        })
    }

    /// Why the state of an entry was entered.
    pub fn reason(&self, entry: &Entry) -> String {
        self.with_sender(|sender| sender.reason(entry.change))
    }

    /// The first [`EXPORTED`] entries as a JSON list.
    pub fn export(&self) -> String {
        let exported: Vec<Exported> = self
            .entries
            .iter()
            .take(EXPORTED)
            .map(|entry| {
                let Letter { kind, arn, subject, body, .. } = self.letter(entry);
                Exported {
                    time: entry.time.to_rfc3339(),
                    kind,
                    to: arn,
                    sent: entry.ran,
                    note: self.note(entry, EpochMs::to_rfc3339),
                    subject,
                    body: body.and_then(|body| RawValue::from_string(body).ok()),
                }
            })
            .collect();
        serde_json::to_string_pretty(&exported).unwrap_or_default()
    }

    /// The action of an entry; `None` for an event to EventBridge.
    pub fn arn(&self, entry: &Entry) -> Option<&str> {
        match entry.to {
            To::EventBridge => None,
            To::Action(index) => self.alarm.lists().of(self.transition(entry).to).get(index).map(String::as_str),
        }
    }

    fn with_sender<T>(&self, write: impl FnOnce(&Sender) -> T) -> T {
        let sender =
            |source| Sender { source, name: &self.name, timeline: &self.timeline, dispatches: &self.dispatches };
        match &self.alarm {
            Alarm::Metric { alarm, metric, sliding } => {
                write(&sender(Source::Metric { alarm, metric: metric.as_ref(), sliding }))
            }
            Alarm::Composite { alarm, rule, children } => {
                let children: HashMap<&str, &Timeline> =
                    children.iter().map(|(name, timeline)| (name.as_str(), timeline.as_ref())).collect();
                write(&sender(Source::Composite { alarm, rule, children: &children }))
            }
        }
    }
}
