//! `gen`: a synthetic trail on disk.

use super::Output;
use super::failure::Failure;
use crate::base::EpochMs;
use crate::sample::{Options, generate};
use serde::Serialize;
use std::fmt;
use std::fs;
use std::path::PathBuf;

/// Arguments of `gen`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Folder to write into; it is made if it is not there, and must be empty if it is.
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Number of events.
    #[arg(long, value_name = "N")]
    events: u64,
    /// Another seed gives other events.
    #[arg(long, value_name = "S")]
    seed: u64,
    /// About how many events a file holds.
    #[arg(long, value_name = "N", default_value_t = FILES_OF, value_parser = at_least_one)]
    files_of: usize,
    /// Days that the events are spread over.
    #[arg(long, value_name = "N", default_value_t = DAYS, value_parser = clap::value_parser!(u32).range(1..=3_650))]
    days: u32,
}

/// Events per file.
const FILES_OF: usize = 200;
/// Days of history.
const DAYS: u32 = 90;
/// 2024-01-01T00:00:00Z
const START: EpochMs = EpochMs(1_704_067_200_000);

fn at_least_one(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|&number| number > 0).ok_or_else(|| "expected a number of at least 1".into())
}

/// A trail with the default spread.
pub fn options(events: u64, seed: u64) -> Options {
    Options { events, seed, start: START, days: DAYS, files_of: FILES_OF }
}

/// What was written.
#[derive(Serialize)]
pub struct Report {
    folder: String,
    files: u64,
    events: u64,
    bytes: u64,
}

impl Output for Report {}

/// Writes the trail.
pub fn run(args: &Args) -> Result<Report, Failure> {
    let failed = |path: &PathBuf, error| Failure::io(path.display(), error);
    fs::create_dir_all(&args.folder).map_err(|error| failed(&args.folder, error))?;
    if fs::read_dir(&args.folder).map_err(|error| failed(&args.folder, error))?.next().is_some() {
        return Err(Failure::io(args.folder.display(), "the folder is not empty"));
    }
    let mut report = Report { folder: args.folder.display().to_string(), files: 0, events: args.events, bytes: 0 };
    let options = Options { files_of: args.files_of, days: args.days, ..options(args.events, args.seed) };
    for file in generate(options) {
        let path = args.folder.join(&file.path);
        let write = || {
            path.parent().map_or(Ok(()), fs::create_dir_all)?;
            fs::write(&path, &file.bytes)
        };
        write().map_err(|error| failed(&path, error))?;
        report.files += 1;
        report.bytes += file.bytes.len() as u64;
    }
    Ok(report)
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { folder, files, events, bytes } = self;
        writeln!(f, "{events} events in {files} files, {bytes} bytes, in {folder}")
    }
}
