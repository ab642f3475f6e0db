//! The import report: one line for each dropped file and archive entry, and what they add up to.

use super::partial::Merge;
use crate::base::{Code, Diagnostic, EpochMs, Severity};
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// Something to tell about a file; a [`Diagnostic`] without its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// How much is lost.
    pub severity: Severity,
    /// The stable reason.
    pub code: Code,
    /// One sentence.
    pub message: String,
    /// How often.
    pub count: u64,
}

impl Finding {
    /// About a file that was not to be read.
    pub fn not_selected() -> Self {
        let message = "Not read: outside of what was chosen to be read.".into();
        Self { severity: Severity::Note, code: Code::NotSelected, message, count: 1 }
    }
}

impl From<Diagnostic> for Finding {
    fn from(Diagnostic { severity, code, message, count, .. }: Diagnostic) -> Self {
        Self { severity, code, message, count }
    }
}

/// One file or archive entry.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRow {
    /// Path as dropped; archive entries as `outer.zip › inner.json.gz`.
    pub path: String,
    /// What it is, in words; empty when nobody got to see.
    pub format: String,
    /// Events in it, duplicates included.
    pub events: u64,
    /// Those of them that are set aside because another file has them, too.
    pub duplicates: u64,
    /// Size as it lies there, in bytes.
    pub bytes_in: u64,
    /// Decoded text in bytes.
    pub bytes_out: u64,
    /// Earliest event.
    pub first: Option<EpochMs>,
    /// Latest event.
    pub last: Option<EpochMs>,
    /// Accounts: that of the object key, else those of the events.
    pub accounts: Vec<String>,
    /// Regions, likewise.
    pub regions: Vec<String>,
    /// What is to tell about it.
    pub problems: Vec<Finding>,
    /// Number of the dropped file, the entry in it and the stream in that: tells rows with the same path apart.
    pub place: (u32, u32, u32),
}

impl FileRow {
    /// A line about something that nothing was read of.
    pub fn unread(path: impl Into<String>, finding: Finding) -> Self {
        Self { path: path.into(), problems: vec![finding], ..Self::default() }
    }

    /// The worst there is to tell; `None` when there is nothing.
    pub fn severity(&self) -> Option<Severity> {
        self.problems.iter().map(|finding| finding.severity).max()
    }

    /// What its place in an order depends on.
    pub fn key(&self) -> FileKey<'_> {
        FileKey {
            path: &self.path,
            format: &self.format,
            events: self.events,
            bytes_in: self.bytes_in,
            first: self.first,
            severity: self.severity(),
            place: self.place,
        }
    }
}

/// What the place of a line in an order depends on; see [`FileRow`] for the members.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs)]
pub struct FileKey<'r> {
    pub path: &'r str,
    pub format: &'r str,
    pub events: u64,
    pub bytes_in: u64,
    pub first: Option<EpochMs>,
    pub severity: Option<Severity>,
    pub place: (u32, u32, u32),
}

/// Which lines of the report are wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum FileFilter {
    /// All of them.
    #[default]
    All,
    /// Where something was lost or repaired.
    Problems,
    /// Known AWS files without events.
    SetAside,
    /// Without any event, whatever the reason.
    Empty,
    /// With events that other files have, too.
    Duplicates,
    /// Left out by the [`Selection`](super::selection::Selection).
    NotSelected,
}

impl FileFilter {
    /// Whether a line with this is wanted: events, duplicates, severities and codes of what there is to tell.
    pub fn passes(self, events: u64, duplicates: u64, mut findings: impl Iterator<Item = (Severity, Code)>) -> bool {
        match self {
            Self::All => true,
            Self::Problems => findings.any(|(severity, _)| severity > Severity::Note),
            Self::SetAside => findings.any(|(_, code)| code == Code::SetAside),
            Self::Empty => events == 0 && !findings.any(|(_, code)| code == Code::NotSelected),
            Self::Duplicates => duplicates > 0,
            Self::NotSelected => findings.any(|(_, code)| code == Code::NotSelected),
        }
    }
}

/// What the lines are in order of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum FileOrder {
    /// By path.
    #[default]
    Path,
    /// By format.
    Format,
    /// By number of events.
    Events,
    /// By size.
    Size,
    /// By earliest event; what has none comes last in either direction.
    First,
    /// By how bad the worst finding is.
    Problems,
}

/// Which lines, in which order, and how many.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct FileQuestion {
    /// Text in the path, the format or a code, ignoring case.
    pub search: String,
    /// Which kind.
    pub filter: FileFilter,
    /// In which order.
    pub order: FileOrder,
    /// The other way round.
    pub descending: bool,
    /// The first so many of them.
    pub limit: u32,
}

impl FileQuestion {
    /// Whether a line is wanted.
    pub fn wants(&self, row: &FileRow) -> bool {
        let findings = row.problems.iter().map(|finding| (finding.severity, finding.code));
        self.filter.passes(row.events, row.duplicates, findings)
            && self.finds(&row.path, &row.format, row.problems.iter().map(|finding| finding.code))
    }

    /// Whether the search finds a line with this path, format and codes.
    pub fn finds(&self, path: &str, format: &str, mut codes: impl Iterator<Item = Code>) -> bool {
        let needle = self.search.trim().to_lowercase();
        needle.is_empty()
            || path.to_lowercase().contains(&needle)
            || format.to_lowercase().contains(&needle)
            || codes.any(|code| code.name().contains(&needle))
    }

    /// How two lines stand: a total order, whatever worker they come from.
    pub fn compare(&self, a: &FileKey<'_>, b: &FileKey<'_>) -> Ordering {
        let by = match self.order {
            FileOrder::Path => a.path.cmp(b.path),
            FileOrder::Format => a.format.cmp(b.format),
            FileOrder::Events => a.events.cmp(&b.events),
            FileOrder::Size => a.bytes_in.cmp(&b.bytes_in),
            FileOrder::First => a.first.cmp(&b.first),
            FileOrder::Problems => a.severity.cmp(&b.severity),
        };
        // What has no time comes last in either direction.
        let without_time = || a.first.is_none().cmp(&b.first.is_none());
        let apart = if self.order == FileOrder::First { without_time() } else { Ordering::Equal };
        let by = apart.then(if self.descending { by.reverse() } else { by });
        by.then_with(|| a.path.cmp(b.path)).then_with(|| a.place.cmp(&b.place))
    }
}

/// How often something happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Occurrences {
    /// In so many files and entries.
    pub files: u64,
    /// So many times.
    pub times: u64,
}

/// What lines add up to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileTotals {
    /// Files and archive entries, whether or not there was an event in them; without those left out.
    pub entries: u64,
    /// Events, duplicates included.
    pub events: u64,
    /// Events set aside as duplicates.
    pub duplicates: u64,
    /// Bytes read from files.
    pub bytes_in: u64,
    /// Bytes of decoded text.
    pub bytes_out: u64,
    /// What there is to tell, by code.
    pub problems: BTreeMap<Code, Occurrences>,
}

impl FileTotals {
    /// Adds what there is to tell about one line.
    pub fn tell(&mut self, code: Code, times: u64) {
        let known = self.problems.entry(code).or_default();
        known.files += 1;
        known.times += times;
    }
}

impl Merge for FileTotals {
    fn merge(&mut self, other: Self) {
        self.entries += other.entries;
        self.events += other.events;
        self.duplicates += other.duplicates;
        self.bytes_in += other.bytes_in;
        self.bytes_out += other.bytes_out;
        for (code, more) in other.problems {
            let known = self.problems.entry(code).or_default();
            known.files += more.files;
            known.times += more.times;
        }
    }
}

/// Lines of the report and what all of them, wanted or not, add up to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilesPart {
    /// The first lines, in no particular order before [`keep_first`](Self::keep_first).
    pub rows: Vec<FileRow>,
    /// How many lines are wanted.
    pub wanted: u64,
    /// All lines together.
    pub totals: FileTotals,
}

impl FilesPart {
    /// Adds a line that no worker knows of.
    pub fn add(&mut self, row: FileRow, question: &FileQuestion) {
        row.problems.iter().for_each(|finding| self.totals.tell(finding.code, finding.count));
        if question.wants(&row) {
            self.wanted += 1;
            self.rows.push(row);
        }
    }

    /// Counts files that were not to be read and whose names were not kept.
    pub fn add_unlisted(&mut self, left_out: u64) {
        if left_out > 0 {
            let known = self.totals.problems.entry(Code::NotSelected).or_default();
            known.files += left_out;
            known.times += left_out;
        }
    }

    /// Puts the lines in order and keeps as many as are wanted.
    pub fn keep_first(&mut self, question: &FileQuestion) {
        let limit = question.limit as usize;
        if self.rows.len() > limit && limit > 0 {
            self.rows.select_nth_unstable_by(limit - 1, |a, b| question.compare(&a.key(), &b.key()));
        }
        self.rows.truncate(limit);
        self.rows.sort_unstable_by(|a, b| question.compare(&a.key(), &b.key()));
    }
}

impl Merge for FilesPart {
    fn merge(&mut self, other: Self) {
        self.rows.extend(other.rows);
        self.wanted += other.wanted;
        self.totals.merge(other.totals);
    }
}
