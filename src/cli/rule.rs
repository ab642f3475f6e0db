//! `rule`: what an event pattern matches, what of it EventBridge delivers, and the latest of these events.

use super::data::Data;
use super::failure::Failure;
use super::shards::Shards;
use super::{Output, on_one_line};
use crate::base::time::MINUTE;
use crate::model::partial::{CountPart, HistogramPart};
use crate::model::query::{Answer, PRINCIPAL, Query, Row, Scope, Sort, SortKey};
use crate::model::rule::RuleState;
use crate::pattern::eventbridge::delivery::{self, Withheld};
use crate::pattern::eventbridge::{self, Pattern};
use serde::Serialize;
use std::fmt;

/// What is told of each event.
const FIELDS: [&str; 4] = ["eventID", "eventName", "eventSource", PRINCIPAL];

/// Arguments of `rule`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The event pattern, or the name of a file that holds it.
    #[arg(long, value_name = "PATTERN")]
    pattern: String,
    /// State of the rule: ENABLED, ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS or DISABLED.
    #[arg(long, value_name = "STATE", default_value = "ENABLED", value_parser = state)]
    state: RuleState,
    /// List the latest N events that are delivered.
    #[arg(long, value_name = "N", default_value_t = 20)]
    top: u32,
    #[command(flatten)]
    data: Data,
}

fn state(text: &str) -> Result<RuleState, String> {
    let expected = || format!("expected {}", RuleState::ALL.map(RuleState::as_str).join(", "));
    RuleState::ALL.into_iter().find(|state| state.as_str() == text).ok_or_else(expected)
}

/// What became of the events.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    events: u64,
    matched: u64,
    delivered: u64,
    withheld: Vec<Kept>,
    /// Most events delivered in one minute.
    most_per_minute: u64,
    warnings: Vec<String>,
    latest: Vec<Event>,
}

#[derive(Serialize)]
struct Kept {
    reason: &'static str,
    events: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Event {
    time: Option<String>,
    #[serde(rename = "eventID")]
    event_id: Option<String>,
    event_name: Option<String>,
    event_source: Option<String>,
    principal: Option<String>,
}

impl Output for Report {}

/// Loads the data and matches.
pub fn run(args: &Args) -> Result<Report, Failure> {
    let text = pattern_text(&args.pattern)?;
    let pattern = eventbridge::parse(&text).map_err(|error| Failure::pattern("--pattern", &text, &error))?;
    let (shards, _) = args.data.load_and_tell()?;
    let scope =
        |filter: String| Scope { filter, keep_duplicates: args.data.reading.keep_duplicates, ..Scope::default() };
    let all = count(&shards, scope(delivery::matched(&pattern)))?;
    let mut report = Report {
        events: all.events,
        matched: all.matched,
        delivered: 0,
        withheld: withheld(&shards, &pattern, args.state, &scope)?,
        most_per_minute: 0,
        warnings: eventbridge::check(&pattern, &text).into_iter().map(|lint| lint.message).collect(),
        latest: Vec::new(),
    };
    if let Some(search) = delivery::delivered(&pattern, args.state) {
        report.delivered = count(&shards, scope(search.clone()))?.matched;
        let query = Query::Histogram { scope: scope(search.clone()), step_ms: MINUTE, offset_ms: 0 };
        let minutes: HistogramPart = shards.ask(&query, |answer| match answer {
            Answer::Histogram(part) => Some(part),
            _ => None,
        })?;
        report.most_per_minute = minutes.buckets.values().map(|(ok, failed)| ok + failed).max().unwrap_or(0);
        report.latest = latest(&shards, scope(search), args.top)?;
    }
    Ok(report)
}

/// The text itself if it is one, else that of the file.
fn pattern_text(given: &str) -> Result<String, Failure> {
    if given.trim_start().starts_with('{') {
        return Ok(given.to_owned());
    }
    std::fs::read_to_string(given).map_err(|error| Failure::io(given, error))
}

fn count(shards: &Shards, scope: Scope) -> Result<CountPart, Failure> {
    shards.ask(&Query::Count(scope), |answer| match answer {
        Answer::Count(part) => Some(part),
        _ => None,
    })
}

fn withheld(
    shards: &Shards,
    pattern: &Pattern,
    state: RuleState,
    scope: &impl Fn(String) -> Scope,
) -> Result<Vec<Kept>, Failure> {
    let reasons = match state {
        RuleState::Disabled => vec![Withheld::Disabled],
        _ => Withheld::OF_EVENTS.into_iter().filter(|reason| reason.concerns(state)).collect(),
    };
    let mut kept = Vec::new();
    for reason in reasons {
        let events = count(shards, scope(delivery::withheld(pattern, reason)))?.matched;
        if events > 0 {
            kept.push(Kept { reason: reason.words(), events });
        }
    }
    Ok(kept)
}

/// The latest events of all shards.
fn latest(shards: &Shards, scope: Scope, len: u32) -> Result<Vec<Event>, Failure> {
    let fields = FIELDS.map(String::from).to_vec();
    let query = Query::SortWindow { scope, sort: Sort::default(), from: None, len, fields };
    let answers = shards.ask_some(|_| Some(query.clone()))?;
    let mut rows: Vec<(SortKey, Row)> = Vec::new();
    for answer in answers.into_iter().flatten() {
        if let Answer::SortWindow { rows: keys, cells, .. } = answer {
            rows.extend(keys.into_iter().map(|(key, _)| key).zip(cells));
        }
    }
    rows.sort_by(|(a, _), (b, _)| b.cmp(a));
    let event = |(_, row): (SortKey, Row)| {
        let mut cells = row.cells.into_iter();
        let mut cell = || cells.next().flatten();
        Event {
            time: row.time.map(|time| time.to_rfc3339()),
            event_id: cell(),
            event_name: cell(),
            event_source: cell(),
            principal: cell(),
        }
    };
    Ok(rows.into_iter().take(len as usize).map(event).collect())
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { events, matched, delivered, most_per_minute, .. } = self;
        for warning in &self.warnings {
            writeln!(f, "warning: {}", on_one_line(warning))?;
        }
        writeln!(f, "{matched} of {events} events match, {delivered} would be delivered")?;
        for Kept { reason, events } in &self.withheld {
            writeln!(f, "{events} not delivered: {reason}")?;
        }
        if *delivered > 0 {
            writeln!(f, "at most {most_per_minute} in one minute")?;
        }
        for event in &self.latest {
            let cells = [&event.time, &event.event_name, &event.event_source, &event.principal, &event.event_id];
            let cells: Vec<_> = cells.map(|cell| on_one_line(cell.as_deref().unwrap_or("-"))).into_iter().collect();
            writeln!(f, "{}", cells.join("  "))?;
        }
        Ok(())
    }
}
