//! The evidence report: for each control of a framework what was looked for, in which events, and what was found, as one
//! HTML file that can be printed and kept.
//!
//! Says no more than follows: the period with its gaps, whether files are proven genuine, what the archive cannot show.
//! All times are UTC. [`html`] writes it; nothing from a log can become markup there.

mod html;

pub use html::html;

use super::coverage::{Coverage, missing};
use super::state::TimeRange;
use super::{format, selection};
use crate::base::{Code, Diagnostic, EpochMs, Severity};
use crate::controls::Control;
use crate::controls::framework::Framework;
use crate::controls::history::History;
use crate::model::coverage::CoveragePart;
use crate::model::partial::CountPart;
use crate::model::selection::Selection;
use crate::verify;

/// Events named of each control.
pub const SHOWN: u32 = 10;

/// Gaps and places listed.
const LISTED: usize = 50;

/// Everything the report says.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// Whose controls.
    pub framework: Framework,
    /// When it was written.
    pub written: EpochMs,
    /// What the data set is called.
    pub name: String,
    /// Files read to the end, of how many.
    pub files: (u64, u64),
    /// What was not or only partly read, a sentence each.
    pub not_read: Vec<String>,
    /// Events read and their span.
    pub count: CountPart,
    /// Whether events with the same eventID are all counted.
    pub keep_duplicates: bool,
    /// Hours with a file or an event, of how many between the first and the last.
    pub hours: (u64, u64),
    /// Times without a file or an event of a place, the longest first: the place and the time.
    pub gaps: Vec<(String, TimeRange)>,
    /// Gaps that are not listed.
    pub more_gaps: usize,
    /// Accounts and Regions with events or files.
    pub places: Vec<String>,
    /// Places that are not listed.
    pub more_places: usize,
    /// Whether the files are proven to be as CloudTrail delivered them.
    pub integrity: String,
    /// What the archive cannot show, a sentence each.
    pub limits: Vec<String>,
    /// One for each control, in the order of the pack.
    pub controls: Vec<Finding>,
}

/// What was found of one control.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The control.
    pub control: &'static Control,
    /// The pattern that was looked for.
    pub pattern: String,
    /// What it matched.
    pub history: History,
}

/// What is read of an archive, apart from its controls.
#[derive(Clone, Debug, Default)]
pub struct Archive {
    /// What it is called.
    pub name: String,
    /// Files read to the end, of how many.
    pub files: (u64, u64),
    /// What was not or only partly read, a sentence each: [`not_read`].
    pub not_read: Vec<String>,
    /// That only part of it was chosen to be read, in a sentence: [`chosen`].
    pub chosen: Option<String>,
    /// Events read and their span.
    pub count: CountPart,
    /// Accounts and Regions by time.
    pub coverage: CoveragePart,
    /// What verification came to, in words: [`integrity`].
    pub integrity: String,
    /// Whether events with the same eventID are all counted.
    pub keep_duplicates: bool,
}

/// Puts the report together. `histories` are those of the framework's patterns in the order of the pack.
pub fn evidence(framework: Framework, written: EpochMs, archive: Archive, histories: Vec<History>) -> Evidence {
    let grid = Coverage::new(&archive.coverage);
    let limits = missing(&archive.coverage, &grid);
    let mut gaps: Vec<(String, TimeRange)> =
        grid.rows.iter().flat_map(|row| row.gaps.iter().map(|gap| (row.name(), *gap))).collect();
    gaps.sort_by_key(|(_, gap)| std::cmp::Reverse(gap.millis()));
    let more_gaps = gaps.len().saturating_sub(LISTED);
    gaps.truncate(LISTED);
    let mut places: Vec<String> = grid.rows.iter().map(super::coverage::Row::name).collect();
    let more_places = grid.hidden + places.len().saturating_sub(LISTED);
    places.truncate(LISTED);
    let finding = |(control, history): (&'static Control, History)| Finding {
        control,
        pattern: framework.pattern(control).to_owned(),
        history,
    };
    Evidence {
        framework,
        written,
        name: archive.name,
        files: archive.files,
        not_read: archive.chosen.into_iter().chain(archive.not_read).collect(),
        count: archive.count,
        keep_duplicates: archive.keep_duplicates,
        hours: (grid.covered, grid.hours),
        gaps,
        more_gaps,
        places,
        more_places,
        integrity: archive.integrity,
        limits,
        controls: crate::controls::all().iter().zip(histories).map(finding).collect(),
    }
}

/// What the findings of a load say is not in the report, a sentence each: why reading ended early, and how many problems there
/// were with files.
pub fn not_read(findings: &[Diagnostic]) -> Vec<String> {
    let (ends, others): (Vec<&Diagnostic>, Vec<&Diagnostic>) = findings
        .iter()
        .filter(|finding| finding.severity > Severity::Note)
        .partition(|finding| matches!(finding.code, Code::Cancelled | Code::MemoryLimit));
    let mut said: Vec<String> = ends.iter().map(|finding| finding.message.clone()).collect();
    if let Some(first) = others.first() {
        said.push(format!(
            "{} in reading files, the first in {}: {}",
            format::plural(others.len() as u64, "problem", "problems"),
            first.file,
            first.message
        ));
    }
    said
}

/// That only part of an archive was chosen to be read, drop by drop, and how many files and archive entries were left out for
/// it, in a sentence; `None`: everything was.
pub fn chosen(selections: &[Selection], left_out: u64) -> Option<String> {
    let summaries: Vec<String> = selections.iter().filter_map(selection::summary).collect();
    if summaries.is_empty() {
        return None;
    }
    let summary = summaries.join("; ");
    let files = format::plural(left_out, "file or archive entry", "files and archive entries");
    Some(format!(
        "{summary}: {files} outside of that not read. What seems to be missing may be missing for that reason."
    ))
}

/// What verification came to, in words, and by whose keys; `None`: nothing was there to verify with.
pub fn integrity(report: Option<&verify::Report>) -> String {
    let Some(report) = report else {
        return "Not verified: no digest files were read with the log files, so this report cannot say whether they are as CloudTrail delivered them.".into();
    };
    let used = report.keys.iter().filter(|key| key.used > 0);
    let keys: Vec<String> = used.map(|key| format!("{} in {}", key.fingerprint, key.path)).collect();
    match keys.as_slice() {
        [] => report.summary.clone(),
        keys => format!(
            "{} By these public keys, on which it all rests: {}. Whoever could write them there could have signed anything: compare their fingerprints with those of `aws cloudtrail list-public-keys`.",
            report.summary,
            keys.join("; ")
        ),
    }
}

/// `trailscope-evidence-cis-v3.0.0-2024-03-01.html`; the day is that on which it is written.
pub fn file_name(framework: Framework, written: EpochMs) -> String {
    let day: String = written.to_rfc3339().chars().take_while(|c| *c != 'T').collect();
    format!("trailscope-evidence-{}-{day}.html", framework.code())
}
