//! `count`: how many events, and of which kinds.

use super::data::Data;
use super::failure::Failure;
use super::which::Which;
use super::{Output, on_one_line};
use crate::model::query::{Answer, Query};
use crate::pattern;
use serde::Serialize;
use std::cmp::Reverse;
use std::fmt;

/// Arguments of `count`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    which: Which,
    /// Group by a field: a path such as eventName or userIdentity.type, or @principal.
    #[arg(long, value_name = "FIELD")]
    by: Option<String>,
    /// Only the N most frequent values.
    #[arg(long, value_name = "N")]
    top: Option<usize>,
    #[command(flatten)]
    data: Data,
}

/// The counts.
#[derive(Serialize)]
pub struct Report {
    events: u64,
    matched: u64,
    /// Most frequent first.
    by: Vec<Group>,
    /// Matching events without the field.
    #[serde(skip_serializing_if = "Option::is_none")]
    absent: Option<u64>,
    /// Distinct values, shown or not.
    #[serde(skip_serializing_if = "Option::is_none")]
    distinct: Option<usize>,
}

#[derive(Serialize)]
struct Group {
    value: String,
    count: u64,
}

impl Output for Report {}

/// Loads the data and counts.
pub fn run(args: &Args) -> Result<Report, Failure> {
    let scope = args.which.scope(args.data.reading.keep_duplicates)?;
    if let Some(field) = &args.by {
        pattern::path::parse(field).map_err(|error| Failure::pattern("--by", field, &error))?;
    }
    let (shards, _) = args.data.load_and_tell()?;
    let count = shards.ask(&Query::Count(scope.clone()), |answer| match answer {
        Answer::Count(part) => Some(part),
        _ => None,
    })?;
    let mut report =
        Report { events: count.events, matched: count.matched, by: Vec::new(), absent: None, distinct: None };
    if let Some(field) = &args.by {
        let query = Query::Group {
            scope,
            field: field.clone(),
            contains: String::new(),
            limit: u32::MAX,
            named: Vec::new(),
            spans: false,
        };
        let mut groups = shards.ask(&query, |answer| match answer {
            Answer::Group(part) => Some(part),
            _ => None,
        })?;
        report.absent = Some(groups.values.remove(&None).map_or(0, |tally| tally.count));
        report.distinct = Some(groups.values.len());
        report.by = groups
            .values
            .into_iter()
            .filter_map(|(value, tally)| Some(Group { value: value?, count: tally.count }))
            .collect();
        // Stable: equal counts stay in the order of their values.
        report.by.sort_by_key(|group| Reverse(group.count));
        report.by.truncate(args.top.unwrap_or(usize::MAX));
    }
    Ok(report)
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} of {} events", self.matched, self.events)?;
        let width = self.by.first().map_or(0, |group| group.count.to_string().len());
        for Group { value, count } in &self.by {
            writeln!(f, "{count:>width$}  {}", on_one_line(value))?;
        }
        let hidden = self.distinct.unwrap_or(0) - self.by.len();
        if hidden > 0 {
            writeln!(f, "{hidden} more values")?;
        }
        if let Some(absent @ 1..) = self.absent {
            writeln!(f, "{absent} events without the field")?;
        }
        Ok(())
    }
}
