//! `insights`: times with more calls or errors than usual.

use super::data::Data;
use super::failure::Failure;
use super::shards::Shards;
use super::{Output, on_one_line};
use crate::insights::{FIELDS, Insight, detect, recorded};
use crate::model::query::{Answer, Query, Row, Scope, Sort};
use crate::view::insights::{Found, Origin, all};
use serde::Serialize;
use std::fmt;

/// Records of CloudTrail Insights that are paired.
const RECORDS: u32 = 100_000;

/// Arguments of `insights`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    data: Data,
}

/// What was found.
#[derive(Serialize)]
pub struct Report {
    /// As CloudTrail recorded them.
    recorded: Vec<Line>,
    /// As this tool finds them; CloudTrail's own test is not published.
    computed: Vec<Line>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Line {
    start: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    end: Option<String>,
    account: String,
    region: String,
    event_source: String,
    event_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_code: Option<String>,
    baseline_average: f64,
    insight_average: f64,
}

impl From<Insight> for Line {
    fn from(insight: Insight) -> Self {
        Self {
            start: insight.start.to_rfc3339(),
            end: insight.end.map(|end| end.to_rfc3339()),
            account: insight.key.account,
            region: insight.key.region,
            event_source: insight.key.source,
            event_name: insight.key.name,
            error_code: insight.key.error,
            baseline_average: insight.baseline,
            insight_average: insight.average,
        }
    }
}

impl Output for Report {}

/// Loads the data and looks for insights.
pub fn run(args: &Args) -> Result<Report, Failure> {
    let (shards, _) = args.data.load_and_tell()?;
    let rates = shards.ask(&Query::Rates, |answer| match answer {
        Answer::Rates(part) => Some(part),
        _ => None,
    })?;
    let found = all(recorded(&records(&shards)?), detect(&rates));
    let (recorded, computed): (Vec<Found>, Vec<Found>) =
        found.into_iter().partition(|found| found.origin == Origin::Recorded);
    let lines = |found: Vec<Found>| found.into_iter().map(|found| Line::from(found.insight)).collect();
    Ok(Report { recorded: lines(recorded), computed: lines(computed) })
}

/// The records of CloudTrail Insights in the archive.
fn records(shards: &Shards) -> Result<Vec<Row>, Failure> {
    let query = Query::SortWindow {
        scope: Scope { filter: "eventType:AwsCloudTrailInsight".into(), ..Scope::default() },
        sort: Sort::default(),
        from: None,
        len: RECORDS,
        fields: FIELDS.map(str::to_owned).to_vec(),
    };
    let answers = shards.ask_some(|_| Some(query.clone()))?;
    let cells = answers.into_iter().flatten().filter_map(|answer| match answer {
        Answer::SortWindow { cells, .. } => Some(cells),
        _ => None,
    });
    Ok(cells.flatten().collect())
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (title, lines) in [("recorded by CloudTrail", &self.recorded), ("computed from the events", &self.computed)]
        {
            writeln!(f, "{} {title}", lines.len())?;
            for line in lines {
                let what = match &line.error_code {
                    Some(code) => format!("{} {code}", line.event_name),
                    None => line.event_name.clone(),
                };
                let text = format!(
                    "  {} – {}  {what} ({}, {} {}): {:.2} a minute instead of {:.3}",
                    line.start,
                    line.end.as_deref().unwrap_or("ongoing"),
                    line.event_source,
                    line.account,
                    line.region,
                    line.insight_average,
                    line.baseline_average,
                );
                writeln!(f, "{}", on_one_line(&text))?;
            }
        }
        Ok(())
    }
}
