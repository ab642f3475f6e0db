//! Rows of a table as events. The names of the columns tell which field of a CloudTrail event each holds: tables are
//! downloads of the console, answers of Athena, CloudTrail Lake or CloudWatch Logs Insights, as CSV or as JSON.
//!
//! A row has what the table has. An empty cell is an absent field, and nothing is added: who reads the events is told
//! which fields they can have ([`Table::known`]). Some tables have the whole event in one column; then that is it.

mod account;
mod cell;
mod console;
mod field;
mod plan;
mod printed;
mod row;
mod time;

pub(super) use row::{MOST_CELLS, Row};

use super::findings::Findings;
use super::formats::is_event;
use crate::base::{Code, Severity};
use plan::Plan;

/// Columns that hold the whole event: of CloudWatch Logs Insights, of a Lake query, of `lookup-events`.
const WHOLE: [&str; 3] = ["@message", "eventJson", "CloudTrailEvent"];
/// Columns in an event's own words of which one must be there, beside another field: when and which.
const TELLING: [&str; 2] = ["eventTime", "eventID"];

/// What the columns of a table hold.
pub(super) struct Table {
    name: &'static str,
    holds: Holds,
}

enum Holds {
    /// The whole event, in this column.
    Event(usize),
    Fields(Plan),
}

impl Table {
    /// For columns of these names; `None` if a row would not be an event. More columns never make it none.
    pub(super) fn new(names: &[impl AsRef<str>]) -> Option<Self> {
        let is = |name: &str, wanted: &str| name.trim().eq_ignore_ascii_case(wanted);
        let whole = names.iter().position(|name| WHOLE.iter().any(|whole| is(name.as_ref(), whole)));
        if let Some(column) = whole {
            return Some(Self { name: "table with a column of CloudTrail events", holds: Holds::Event(column) });
        }
        if let Some(plan) = console::plan(names) {
            return Some(Self { name: "Event history CSV", holds: Holds::Fields(plan) });
        }
        let plan = field::plan(names);
        let is_event = plan.known().len() > 1 && plan.known().iter().any(|path| TELLING.contains(&path.as_str()));
        is_event.then_some(Self { name: "table with columns of CloudTrail fields", holds: Holds::Fields(plan) })
    }

    /// Whether columns of these names say something about events, though not which.
    pub(super) fn is_about_events(names: &[impl AsRef<str>]) -> bool {
        !field::plan(names).known().is_empty()
    }

    /// Name for people.
    pub(super) fn name(&self) -> &'static str {
        self.name
    }

    /// The fields that the events of this table can have, each with all that is in it; `None` if all.
    pub(super) fn known(&self) -> Option<&[String]> {
        match &self.holds {
            Holds::Event(_) => None,
            Holds::Fields(plan) => Some(plan.known()),
        }
    }

    /// Appends the JSON text of a row's event to `out`. False, and a finding, if it is none.
    pub(super) fn event(&self, row: &Row, findings: &mut Findings, out: &mut Vec<u8>) -> bool {
        let start = out.len();
        let is_one = match &self.holds {
            Holds::Event(column) => {
                let text = row.cell(*column);
                let json = text.trim().as_bytes();
                let is_json = json.starts_with(b"{") && serde_json::from_slice::<serde::de::IgnoredAny>(json).is_ok();
                if is_json {
                    out.extend_from_slice(json);
                }
                is_json && is_event(json)
            }
            Holds::Fields(plan) => plan.write(row, findings, out) && is_event(&out[start..]),
        };
        if !is_one {
            out.truncate(start);
            findings.add(Severity::Warning, Code::NotAnEvent, "row", || {
                "a row of the table is not a CloudTrail event; skipped".to_owned()
            });
        } else if let Holds::Fields(plan) = &self.holds {
            plan.report(findings);
        }
        is_one
    }
}
