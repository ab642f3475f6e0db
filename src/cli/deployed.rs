//! Backtests from files: one in our own form, or what is deployed as AWS and its tools describe it.

use super::data;
use super::failure::Failure;
use super::on_one_line;
use super::shards::Shards;
use crate::configuration::{Configuration, read};
use crate::model::alarm::{Backtest, MathBacktest, MetricAlarm};
use crate::model::selection::Selection;
use std::num::NonZeroUsize;
use std::path::PathBuf;

/// What can be run.
#[derive(Clone)]
pub enum Chosen {
    /// An alarm on the metric of one filter.
    Single(Backtest),
    /// An alarm on metric math.
    Math(MathBacktest),
}

impl Chosen {
    /// The alarm.
    pub fn alarm(&self) -> &MetricAlarm {
        match self {
            Self::Single(backtest) => &backtest.alarm,
            Self::Math(backtest) => &backtest.alarm,
        }
    }
}

/// The backtest in `files`; `name` chooses one of several.
pub fn backtest(files: &[PathBuf], name: Option<&str>) -> Result<Chosen, Failure> {
    let [file] = files else { return choose(files, name) };
    let text = std::fs::read_to_string(file).map_err(|error| Failure::io(file.display(), error))?;
    if let Ok(backtest) = serde_json::from_str::<MathBacktest>(&text) {
        return Ok(Chosen::Math(backtest));
    }
    match serde_json::from_str::<Backtest>(&text) {
        Ok(backtest) => Ok(Chosen::Single(backtest)),
        Err(error) => {
            let found = configuration(files)?;
            // A file in our own form with a mistake in it says more than that nothing was found.
            let is_ours = found.backtests.is_empty() && found.notes.is_empty();
            if is_ours { Err(Failure::usage(format!("{}: {error}", file.display()))) } else { pick(found, name) }
        }
    }
}

fn choose(files: &[PathBuf], name: Option<&str>) -> Result<Chosen, Failure> {
    pick(configuration(files)?, name)
}

/// What the files hold, read as they would be when dropped.
fn configuration(files: &[PathBuf]) -> Result<Configuration, Failure> {
    let report = Shards::start(NonZeroUsize::new(1))?.load(data::files(files)?, Selection::default())?;
    Ok(read(&report.attachments))
}

fn pick(found: Configuration, name: Option<&str>) -> Result<Chosen, Failure> {
    for note in &found.notes {
        let (file, item, message) = (on_one_line(&note.file), on_one_line(&note.item), on_one_line(&note.message));
        eprintln!("trailscope: {file}: {item}: {message}");
    }
    let single = found.backtests.into_iter().map(|deployed| (deployed.name, Chosen::Single(deployed.backtest)));
    let math = found.formulas.into_iter().map(|formula| (formula.alarm.alarm_name.clone(), Chosen::Math(formula)));
    let mut named: Vec<(String, Chosen)> = single.chain(math).collect();
    if let Some(name) = name {
        named.retain(|(given, _)| given == name);
    }
    match named.as_slice() {
        [(_, one)] => Ok(one.clone()),
        [] => Err(Failure::usage(match name {
            Some(name) => format!("--alarm: no alarm or metric filter is called “{name}”"),
            None => "--alarm: no metric filter that could be used".into(),
        })),
        several => {
            let names: Vec<_> = several.iter().take(20).map(|(name, _)| name.as_str()).collect();
            let more = if several.len() > names.len() { ", …" } else { "" };
            Err(Failure::usage(format!("--alarm: choose one with --name: {}{more}", names.join(", "))))
        }
    }
}
