//! `scan`: the load report.

use super::data::Data;
use super::failure::Failure;
use super::{Output, on_one_line};
use crate::base::{Code, Diagnostic, Severity};
use crate::model::query::{Answer, Query, Scope};
use serde::Serialize;
use std::fmt;

/// Arguments of `scan`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    data: Data,
}

/// What was loaded.
#[derive(Serialize)]
pub struct Report {
    files: usize,
    /// Files and archive entries that were not to be read.
    left_out: u64,
    documents: u64,
    bytes_in: u64,
    bytes_out: u64,
    /// After de-duplication, unless it is off.
    events: u64,
    duplicates: u64,
    undated: u64,
    first: Option<String>,
    last: Option<String>,
    problems: Vec<Problem>,
}

#[derive(Serialize)]
struct Problem {
    file: String,
    code: Code,
    severity: Severity,
    message: String,
    count: u64,
}

impl Output for Report {}

/// Loads the data and reports.
pub fn run(args: &Args) -> Result<Report, Failure> {
    let (shards, load) = args.data.load()?;
    let scope = Scope { keep_duplicates: args.data.reading.keep_duplicates, ..Scope::default() };
    let count = shards.ask(&Query::Count(scope), |answer| match answer {
        Answer::Count(part) => Some(part),
        _ => None,
    })?;
    let problem =
        |Diagnostic { file, severity, code, message, count }| Problem { file, code, severity, message, count };
    Ok(Report {
        files: load.files,
        left_out: load.left_out,
        documents: load.documents,
        bytes_in: load.bytes_in,
        bytes_out: load.bytes_out,
        events: count.events,
        duplicates: count.duplicates,
        undated: count.undated,
        first: count.first.map(|time| time.to_rfc3339()),
        last: count.last.map(|time| time.to_rfc3339()),
        problems: load.diagnostics.into_iter().map(problem).collect(),
    })
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "files       {}", self.files)?;
        if self.left_out > 0 {
            writeln!(f, "not read    {} outside of what was selected", self.left_out)?;
        }
        writeln!(f, "events      {}", self.events)?;
        writeln!(f, "duplicates  {}", self.duplicates)?;
        if self.undated > 0 {
            writeln!(f, "undated     {}", self.undated)?;
        }
        writeln!(f, "first       {}", self.first.as_deref().unwrap_or("–"))?;
        writeln!(f, "last        {}", self.last.as_deref().unwrap_or("–"))?;
        writeln!(f, "problems    {}", self.problems.len())?;
        for Problem { file, code, severity, message, count } in &self.problems {
            let times = if *count > 1 { format!(" ({count} times)") } else { String::new() };
            let (file, message) = (on_one_line(file), on_one_line(message));
            writeln!(f, "  {file}: {}: {}: {message}{times}", name(severity), name(code))?;
        }
        Ok(())
    }
}

/// The name under which a value goes in JSON.
fn name(value: &impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}
