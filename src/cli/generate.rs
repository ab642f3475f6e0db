//! `gen`: a synthetic trail on disk.

use super::Output;
use super::failure::Failure;
use crate::sample::{Division, Options, Preset, generate};
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
    /// What the records look like.
    #[arg(long, value_enum, default_value_t = Kind::Real)]
    preset: Kind,
    /// About how many files to make, all of the same size.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..), conflicts_with = "files_of")]
    files: Option<u64>,
    /// How many events a file holds on average [default: 50].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    files_of: Option<u64>,
    /// Days that the events are spread over [default: 90].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=3_650))]
    days: Option<u32>,
    /// How many of 1,000 events appear a second time, in another file; they come on top of the others.
    #[arg(long, value_name = "PERMILLE", default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=1_000))]
    duplicates: u32,
}

/// The presets, as the command line names them.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Kind {
    /// The statistics of real trails.
    Real,
    /// As little in common between records as valid ones can have.
    Adversarial,
    /// Few people and few services.
    Company,
}

impl Args {
    fn options(&self) -> Options {
        let defaults = Options::new(self.events, self.seed);
        let division = match (self.files, self.files_of) {
            (Some(files), _) => Division::Files(files),
            (None, Some(events)) => Division::FilesOf(events),
            (None, None) => defaults.division,
        };
        let preset = match self.preset {
            Kind::Real => Preset::Real,
            Kind::Adversarial => Preset::Adversarial,
            Kind::Company => Preset::Company,
        };
        let days = self.days.unwrap_or(defaults.days);
        Options { preset, division, days, duplicates: self.duplicates, ..defaults }
    }
}

/// What was written.
#[derive(Serialize)]
pub struct Report {
    folder: String,
    files: u64,
    /// Different ones.
    events: u64,
    /// Compressed.
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
    for file in generate(args.options()) {
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
