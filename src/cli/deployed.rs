//! Backtests from files: one in our own form, or what is deployed as AWS and its tools describe it.

use super::data;
use super::failure::Failure;
use super::on_one_line;
use super::shards::Shards;
use crate::configuration::{Configuration, Deployed, read};
use crate::model::alarm::Backtest;
use crate::model::selection::Selection;
use std::num::NonZeroUsize;
use std::path::PathBuf;

/// The backtest in `files`; `name` chooses one of several.
pub fn backtest(files: &[PathBuf], name: Option<&str>) -> Result<Backtest, Failure> {
    let [file] = files else { return choose(files, name) };
    let text = std::fs::read_to_string(file).map_err(|error| Failure::io(file.display(), error))?;
    match serde_json::from_str::<Backtest>(&text) {
        Ok(backtest) => Ok(backtest),
        Err(error) => {
            let found = configuration(files)?;
            // A file in our own form with a mistake in it says more than that nothing was found.
            let is_ours = found.backtests.is_empty() && found.notes.is_empty();
            if is_ours { Err(Failure::usage(format!("{}: {error}", file.display()))) } else { pick(found, name) }
        }
    }
}

fn choose(files: &[PathBuf], name: Option<&str>) -> Result<Backtest, Failure> {
    pick(configuration(files)?, name)
}

/// What the files hold, read as they would be when dropped.
fn configuration(files: &[PathBuf]) -> Result<Configuration, Failure> {
    let report = Shards::start(NonZeroUsize::new(1))?.load(data::files(files)?, Selection::default())?;
    Ok(read(&report.attachments))
}

fn pick(found: Configuration, name: Option<&str>) -> Result<Backtest, Failure> {
    for note in &found.notes {
        let (file, item, message) = (on_one_line(&note.file), on_one_line(&note.item), on_one_line(&note.message));
        eprintln!("trailscope: {file}: {item}: {message}");
    }
    let mut named: Vec<Deployed> = found.backtests;
    if let Some(name) = name {
        named.retain(|deployed| deployed.name == name);
    }
    match named.as_slice() {
        [one] => Ok(one.backtest.clone()),
        [] => Err(Failure::usage(match name {
            Some(name) => format!("--alarm: no alarm or metric filter is called “{name}”"),
            None => "--alarm: no metric filter that could be used".into(),
        })),
        several => {
            let names: Vec<_> = several.iter().take(20).map(|deployed| deployed.name.as_str()).collect();
            let more = if several.len() > names.len() { ", …" } else { "" };
            Err(Failure::usage(format!("--alarm: choose one with --name: {}{more}", names.join(", "))))
        }
    }
}
