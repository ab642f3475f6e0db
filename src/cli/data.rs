//! From the paths on the command line to loaded shards.

use super::failure::Failure;
use super::shards::{Input, LoadReport, Shards};
use crate::base::{EpochMs, Severity};
use crate::model::selection::Selection;
use crate::view::format;
use std::fs::File;
use std::io;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

/// Which data a command is about.
#[derive(Debug, clap::Args)]
pub struct Data {
    /// Files and folders to read.
    #[arg(value_name = "PATH", required = true)]
    pub paths: Vec<PathBuf>,
    #[command(flatten)]
    pub reading: Reading,
}

/// How data is read.
#[derive(Debug, clap::Args)]
pub struct Reading {
    /// Count events that occur more than once (same eventID) each time.
    #[arg(long)]
    pub keep_duplicates: bool,
    /// Threads that read and search; as many as the machine has by default.
    #[arg(long, value_name = "N")]
    pub threads: Option<NonZeroUsize>,
    #[command(flatten)]
    pub selection: Selected,
}

/// Which files are read, by their names: only those named as CloudTrail names them can be left out.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Read only part of it")]
pub struct Selected {
    /// Leave out what was delivered before this: a date (UTC) or an RFC 3339 time.
    #[arg(long, value_name = "DATE", value_parser = from)]
    delivered_from: Option<EpochMs>,
    /// Leave out what was delivered more than an hour after this: a date, which is inside, or an RFC 3339 time.
    #[arg(long, value_name = "DATE", value_parser = to)]
    delivered_to: Option<EpochMs>,
    /// Only these accounts.
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    account: Vec<String>,
    /// Only these Regions.
    #[arg(long, value_name = "REGION", value_delimiter = ',')]
    region: Vec<String>,
    /// Only files with this text in their path.
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    path: String,
}

impl Selected {
    /// As a value.
    pub fn selection(&self) -> Selection {
        Selection {
            from: self.delivered_from,
            to: self.delivered_to,
            accounts: self.account.clone(),
            regions: self.region.clone(),
            path: self.path.clone(),
        }
    }
}

fn from(text: &str) -> Result<EpochMs, String> {
    Selection::parse_from(text).ok_or_else(|| "expected a date such as 2023-07-10".into())
}

fn to(text: &str) -> Result<EpochMs, String> {
    Selection::parse_to(text).ok_or_else(|| "expected a date such as 2023-07-10".into())
}

impl Data {
    /// Reads everything. Errors: a path that does not exist, cannot be read or is neither a file nor a folder; files below
    /// a folder that cannot be read are part of the report.
    pub fn load(&self) -> Result<(Shards, LoadReport), Failure> {
        self.reading.load(files(&self.paths)?)
    }

    /// Likewise, and says on standard error that there is less than the paths hold: what a command finds in the rest would
    /// pass for an answer about everything.
    pub fn load_and_tell(&self) -> Result<(Shards, LoadReport), Failure> {
        let (shards, report) = self.load()?;
        tell(&report);
        Ok((shards, report))
    }
}

/// Says on standard error what was not read.
pub fn tell(report: &LoadReport) {
    let lost = report.diagnostics.iter().filter(|finding| finding.severity > Severity::Note).count() as u64;
    if lost > 0 {
        let problems = format::plural(lost, "problem", "problems");
        eprintln!("trailscope: {problems} in reading files; `trailscope scan` lists them");
    }
    if report.left_out > 0 {
        let files = format::plural(report.left_out, "file is", "files are");
        eprintln!("trailscope: {files} outside of what was selected and not read");
    }
}

impl Reading {
    /// Reads `inputs` into new shards.
    pub fn load(&self, inputs: Vec<Input>) -> Result<(Shards, LoadReport), Failure> {
        let shards = Shards::start(self.threads)?;
        let report = shards.load(inputs, self.selection.selection())?;
        Ok((shards, report))
    }
}

/// The files among `paths` and below the folders among them. Errors: one of `paths` cannot be read.
pub fn files(paths: &[PathBuf]) -> Result<Vec<Input>, Failure> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_file() {
            File::open(path).map_err(|error| Failure::io(path.display(), error))?;
        } else if path.exists() && !path.is_dir() {
            return Err(Failure::io(path.display(), "expected a file or a folder; save the output to a file first"));
        }
        collect(path, &mut files).map_err(|error| Failure::io(path.display(), error))?;
    }
    Ok(files.into_iter().map(Input::File).collect())
}

/// `path` itself, or everything below it in the order of names. Links to folders are not followed; they, folders that cannot
/// be listed and what is no regular file are among the files, so that reading them says why they are not read.
fn collect(path: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    if !path.metadata()?.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    let mut entries = path.read_dir().and_then(Iterator::collect::<Result<Vec<_>, _>>)?;
    entries.sort_by_key(|entry| entry.file_name());
    for below in entries {
        let is_folder = below.file_type().is_ok_and(|kind| kind.is_dir());
        let below = below.path();
        if !is_folder || collect(&below, files).is_err() {
            files.push(below);
        }
    }
    Ok(())
}
