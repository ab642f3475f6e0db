//! Alarms from files: in our own form, one or a whole workspace, or what is deployed as AWS and its tools describe it.

use super::backtest::Chosen;
use super::data;
use super::failure::Failure;
use super::on_one_line;
use super::shards::{LoadReport, Shards};
use crate::alarm::composite::{alarm_name, check};
use crate::base::{Code, Diagnostic, Severity};
use crate::configuration::{Configuration, read};
use crate::model::alarm::{MathBacktest, MetricAlarm};
use crate::model::attachment::Attachment;
use crate::model::composite::{AlarmMuteRule, CompositeAlarm};
use crate::model::selection::Selection;
use crate::view::NamedComposite;
use crate::view::composites::named;
use crate::view::what_if::Delivery;
use crate::view::workspace::{Workspace, load};
use std::collections::HashSet;
use std::num::NonZeroUsize;
use std::path::PathBuf;

/// Everything that files hold about alarms.
#[derive(Default)]
pub struct Lab {
    /// Alarms on metrics, by what they are called in the list.
    pub alarms: Vec<(String, Chosen)>,
    /// Composite alarms.
    pub composites: Vec<NamedComposite>,
    /// Mute rules.
    pub mutes: Vec<AlarmMuteRule>,
    /// How events reach the log group, in a workspace.
    pub delivery: Delivery,
    /// What could not be used, and why.
    pub notes: Vec<String>,
}

/// One of them.
#[derive(Clone, Copy)]
pub enum Choice<'a> {
    /// An alarm on metrics, with its name.
    Metric(&'a str, &'a Chosen),
    /// A composite alarm, by its place in [`Lab::composites`].
    Composite(usize),
}

impl Lab {
    /// What the files of `--alarm` hold, or if there is none what lies beside the events: `found`.
    pub fn read(mut found: Vec<Attachment>, files: &[PathBuf]) -> Result<Self, Failure> {
        let refused = match Self::own(files) {
            Ok(lab) => return Ok(lab),
            Err(reason) => reason,
        };
        let LoadReport { attachments: given, diagnostics, .. } = dropped(files)?;
        // What is read as what is deployed is no event.
        let is_lost = |found: &Diagnostic| found.severity > Severity::Note && found.code != Code::NotAnEvent;
        let lost: Vec<Diagnostic> = diagnostics.into_iter().filter(is_lost).collect();
        if given.is_empty() && !files.is_empty() {
            // A file in our own form with a mistake in it says more than that nothing was found.
            let unread = |found: &Diagnostic| Failure::usage(format!("--alarm: {}: {}", found.file, found.message));
            let nothing = || Failure::usage("--alarm: no metric filter that could be used");
            return Err(refused.or_else(|| lost.first().map(unread)).unwrap_or_else(nothing));
        }
        let is_used = |file: &&PathBuf| {
            let file = file.display().to_string();
            let paths = given.iter().map(|attachment| &attachment.path);
            paths.chain(lost.iter().map(|found| &found.file)).any(|path| path.starts_with(&file))
        };
        let unused = files.iter().filter(|file| !is_used(file));
        let unused: Vec<_> =
            unused.map(|file| format!("{}: no metric filter and no alarm in it", file.display())).collect();
        found.extend(given);
        let mut lab = Self::deployed(&found);
        lab.notes.extend(unused);
        lab.notes.extend(lost.iter().map(|found| format!("{}: {}", found.file, found.message)));
        Ok(lab)
    }

    /// What is in a single file of our own form. Errors: why it is none, where it is a text at all.
    fn own(files: &[PathBuf]) -> Result<Self, Option<Failure>> {
        let [file] = files else { return Err(None) };
        // What cannot be read is told when it is read as what is deployed.
        let Ok(text) = std::fs::read_to_string(file) else { return Err(None) };
        if let Ok(backtest) = serde_json::from_str::<MathBacktest>(&text) {
            let alarms = vec![(backtest.alarm.alarm_name.clone(), Chosen::Math(backtest))];
            return Ok(Self { alarms, ..Self::default() });
        }
        let refused = |reason| Some(Failure::usage(format!("{}: {reason}", file.display())));
        load(&text).map(Self::workspace).map_err(refused)
    }

    fn workspace(workspace: Workspace) -> Self {
        let Workspace { backtests, formulas, composites, mutes, delay_minutes, exclude_oversize, .. } = workspace;
        let name = |alarm: &MetricAlarm, name: &str| named(&alarm.alarm_name, name);
        let single = backtests.into_iter();
        let single = single.map(|item| (name(&item.backtest.alarm, &item.name), Chosen::Single(item.backtest)));
        let math = formulas.into_iter();
        let math = math.map(|item| (name(&item.backtest.alarm, &item.name), Chosen::Math(item.backtest)));
        let delivery = Delivery { delay_minutes, exclude_oversize };
        Self { alarms: single.chain(math).collect(), composites, mutes, delivery, notes: Vec::new() }
    }

    fn deployed(attachments: &[Attachment]) -> Self {
        let Configuration { backtests, formulas, composites, mutes, notes, .. } = read(attachments);
        let single = backtests.into_iter().map(|deployed| (deployed.name, Chosen::Single(deployed.backtest)));
        let math = formulas.into_iter().map(|formula| (formula.alarm.alarm_name.clone(), Chosen::Math(formula)));
        let composite = |alarm: CompositeAlarm| NamedComposite { id: 0, name: alarm.alarm_name.clone(), alarm };
        Self {
            alarms: single.chain(math).collect(),
            composites: composites.into_iter().map(composite).collect(),
            mutes,
            delivery: Delivery::default(),
            notes: notes.iter().map(|note| format!("{}: {}: {}", note.file, note.item, note.message)).collect(),
        }
    }

    /// The names that rules of composite alarms may use: those that are there, and those that a rule names and that are
    /// left to be elsewhere.
    pub fn names(&self) -> HashSet<String> {
        let rules = self.composites.iter().filter_map(|item| check(&item.alarm.alarm_rule, |_| true).ok());
        let in_rules = rules.flat_map(|rule| {
            rule.names().into_iter().map(|name| alarm_name(&name.text).to_owned()).collect::<Vec<_>>()
        });
        let suppressors = self.composites.iter().filter_map(|item| item.alarm.actions_suppressor.as_deref());
        let known = self.alarms.iter().map(|(name, chosen)| named(&chosen.alarm().alarm_name, name));
        known.chain(in_rules).chain(suppressors.map(|name| alarm_name(name).to_owned())).collect()
    }

    /// Whether there is nothing to run, and no reason why.
    pub fn is_empty(&self) -> bool {
        self.alarms.is_empty() && self.composites.is_empty() && self.notes.is_empty()
    }

    /// The only alarm, or the one called `name`. Says what could not be used.
    pub fn choose(&self, name: Option<&str>) -> Result<Choice<'_>, Failure> {
        for note in &self.notes {
            eprintln!("trailscope: {}", on_one_line(note));
        }
        let metric = self.alarms.iter().map(|(name, chosen)| (name.as_str(), Choice::Metric(name, chosen)));
        let composites = self.composites.iter().enumerate();
        let composite = composites.map(|(at, item)| (item.alarm_name(), Choice::Composite(at)));
        let mut all: Vec<(&str, Choice)> = metric.chain(composite).collect();
        if let Some(name) = name {
            all.retain(|(given, _)| *given == name);
        }
        let names: Vec<_> = all.iter().take(20).map(|(name, _)| *name).collect();
        match all.len() {
            1 => Ok(all.swap_remove(0).1),
            0 => Err(Failure::usage(match name {
                Some(name) => format!("--alarm: no alarm or metric filter is called “{name}”"),
                None => "--alarm: no metric filter that could be used".into(),
            })),
            several => {
                let more = if several > names.len() { ", …" } else { "" };
                Err(Failure::usage(format!("--alarm: choose one with --name: {}{more}", names.join(", "))))
            }
        }
    }
}

/// What the files hold, read as they would be when dropped.
fn dropped(files: &[PathBuf]) -> Result<LoadReport, Failure> {
    if files.is_empty() {
        return Ok(LoadReport::default());
    }
    Shards::start(NonZeroUsize::new(1))?.load(data::files(files)?, Selection::default())
}
