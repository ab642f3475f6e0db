//! Queries an engine answers, and the answers, all independent of where the engine runs.
//!
//! Fields are named by text: a path such as `eventName`, `userIdentity.type`, `resources[*].ARN`
//! (the part after `$.` of a CloudWatch selector), or the derived field [`PRINCIPAL`].

use super::coverage::CoveragePart;
use super::export::{ExportFormat, ExportPiece};
use super::fields::{FieldQuestion, FieldsPart};
use super::matches::MatchesPart;
use super::metric::MetricFilter;
use super::partial::{CatalogPart, CountPart, GroupPart, HistogramPart, SeriesPart};
use super::rates::RatesPart;
use super::report::{FileQuestion, FilesPart};
use super::tuning::{ComparisonPart, ContributorsPart};
use crate::base::EpochMs;
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;

/// The derived field "who": the first of userIdentity.arn, principalId, invokedBy, accountId, userName that is there.
/// The last one is all that the console's CSV tells.
pub const PRINCIPAL: &str = "@principal";

/// The derived field that only searches know: the length of the record in bytes, as it stands in its file.
pub const SIZE: &str = "@size";

/// Further conditions that a [`Query::Compare`] can have; more are not looked at.
pub const CONDITIONS_MAX: usize = 12;

/// Which events a query is about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Scope {
    /// Search text (`pattern::search`), empty for all events.
    pub filter: String,
    /// A CloudWatch filter pattern that the events must match besides; empty for none.
    #[serde(default)]
    pub pattern: String,
    /// Half-open time range; events without a time are outside any range.
    pub range: Option<(EpochMs, EpochMs)>,
    /// True: duplicates (same eventID) stay in.
    pub keep_duplicates: bool,
}

/// One row of one shard. Stable for the life of the data set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RowRef {
    /// Which worker.
    pub shard: u32,
    /// Row number in the shard.
    pub row: u32,
}

/// How the table is sorted.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Sort {
    /// Field to sort by; `None` is the event time.
    pub field: Option<String>,
    /// Largest first.
    pub descending: bool,
}

impl Default for Sort {
    fn default() -> Self {
        Self { field: None, descending: true }
    }
}

/// Where a row stands in the sort order: value, then time, then place of origin. A total order over all shards.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SortKey {
    /// Value of the sort field; `Absent` when sorting by time.
    pub value: SortValue,
    /// Event time in epoch ms (`i64::MIN` = none).
    pub time: i64,
    /// Place in the dropped files: a tie-breaker that does not depend on the number of shards.
    pub origin: Origin,
}

/// Where a record came from. Orders records by place in the dropped files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Origin {
    /// Number of the dropped file.
    pub file: u32,
    /// Number of the archive entry in it, 0 without an archive.
    pub entry: u32,
    /// Number of the member of a compressed tar.
    pub inner: u32,
    /// Byte offset in the uncompressed stream.
    pub offset: u64,
}

/// A comparable value: absent < numbers < text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum SortValue {
    /// The row lacks the field.
    Absent,
    /// A number.
    Number(f64),
    /// Anything else as text.
    Text(String),
}

impl Eq for SortKey {}

impl PartialOrd for SortKey {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for SortKey {
    fn cmp(&self, other: &Self) -> Ordering {
        self.value.compare(&other.value).then(self.time.cmp(&other.time)).then(self.origin.cmp(&other.origin))
    }
}

impl SortValue {
    /// Total order over values.
    pub fn compare(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => a.total_cmp(b),
            (Self::Text(a), Self::Text(b)) => a.cmp(b),
            _ => self.rank().cmp(&other.rank()),
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Self::Absent => 0,
            Self::Number(_) => 1,
            Self::Text(_) => 2,
        }
    }
}

/// A question to one shard. Every answer merges with the other shards' answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Query {
    /// How many events, of how many.
    Count(Scope),
    /// Events per bucket of `step_ms`, buckets aligned to multiples of the step plus `offset_ms`.
    Histogram {
        /// Which events.
        scope: Scope,
        /// Bucket width in milliseconds.
        step_ms: i64,
        /// Shift of the grid in milliseconds (time zone of day buckets).
        offset_ms: i64,
    },
    /// Events per value of a field.
    Group {
        /// Which events.
        scope: Scope,
        /// Field to group by.
        field: String,
        /// Only values that contain this text, ignoring case.
        contains: String,
        /// At most this many values, the most frequent ones.
        limit: u32,
        /// Values wanted in any case; `None` stands for events without the field.
        #[serde(default)]
        named: Vec<Option<String>>,
        /// Whether the tallies also say when: counting alone is quicker.
        #[serde(default)]
        spans: bool,
    },
    /// Every `stride`-th sort key, to find one's place in the merged order.
    SortSamples {
        /// Which events.
        scope: Scope,
        /// Order.
        sort: Sort,
        /// Rows between samples.
        stride: u32,
    },
    /// How many rows stand before `from`, and the keys of the `len` rows from there.
    SortWindow {
        /// Which events.
        scope: Scope,
        /// Order.
        sort: Sort,
        /// Start after all rows that sort before this key; `None` is the beginning.
        from: Option<SortKey>,
        /// Rows wanted.
        len: u32,
        /// Fields whose cells are wanted, too; none for keys alone.
        #[serde(default)]
        fields: Vec<String>,
    },
    /// Cell texts of some rows.
    Cells {
        /// Row numbers in this shard.
        rows: Vec<u32>,
        /// Fields wanted, in order.
        fields: Vec<String>,
    },
    /// One whole record.
    Event {
        /// Row number in this shard.
        row: u32,
    },
    /// The row of the event with this eventID.
    Find {
        /// The eventID.
        event_id: String,
    },
    /// Calls and errors per minute, of each kind that CloudTrail Insights tells apart.
    Rates,
    /// Samples of a metric filter over everything loaded.
    Series {
        /// The metric filter.
        #[serde(with = "as_json")]
        filter: MetricFilter,
        /// True: duplicates stay in.
        keep_duplicates: bool,
    },
    /// What the events that a filter pattern matches are, by several fields.
    Contributors {
        /// The filter pattern.
        pattern: String,
        /// Only events in these times (epoch ms, half-open), ascending and disjoint; `None` for all.
        spans: Option<Vec<(i64, i64)>>,
        /// The fields.
        fields: Vec<String>,
        /// True: duplicates stay in.
        keep_duplicates: bool,
    },
    /// What two filter patterns have in common.
    Compare {
        /// The two.
        patterns: [String; 2],
        /// Further patterns: on how many of the events each holds. At most [`CONDITIONS_MAX`].
        conditions: Vec<String>,
        /// True: duplicates stay in.
        keep_duplicates: bool,
    },
    /// What each of some CloudWatch filter patterns matches over everything loaded.
    Matches {
        /// The patterns, at most [`PATTERNS`](super::matches::PATTERNS); others are left out.
        patterns: Vec<String>,
        /// True: duplicates stay in.
        keep_duplicates: bool,
        /// So many of the earliest events of each are wanted.
        shown: u32,
    },
    /// All field paths.
    Catalog,
    /// What kinds of values some fields have, and whether a text is among them; at most
    /// [`FIELDS_MAX`](super::fields::FIELDS_MAX), others are left out.
    Fields(Vec<FieldQuestion>),
    /// Hashes of the files that digest files may name, of some of the jobs this shard read: those from number `from` on.
    Hashes {
        /// Number of the first job.
        from: u32,
    },
    /// Events as they go into a file, piece by piece.
    Export {
        /// Which events.
        scope: Scope,
        /// What the file looks like.
        format: ExportFormat,
        /// [`ExportPiece::next`] of the piece before; `None` for the first one.
        after: Option<Origin>,
        /// About as many bytes are wanted at a time.
        budget: u32,
    },
    /// Lines of the import report.
    Files(FileQuestion),
    /// Files and events by account, Region and time, of everything loaded.
    Coverage {
        /// Length of a cell in milliseconds.
        step_ms: i64,
        /// Shift of the grid in milliseconds.
        offset_ms: i64,
        /// Times that cells are wanted of; `None` for all.
        range: Option<(EpochMs, EpochMs)>,
    },
}

/// A metric filter as the text it has elsewhere: AWS leaves absent members out, which needs names beside the values.
mod as_json {
    use super::MetricFilter;
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};

    pub fn serialize<S: Serializer>(filter: &MetricFilter, serializer: S) -> Result<S::Ok, S::Error> {
        serde_json::to_string(filter).map_err(ser::Error::custom)?.serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<MetricFilter, D::Error> {
        serde_json::from_str(&String::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

/// Answer of one shard.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Answer {
    /// To [`Query::Count`].
    Count(CountPart),
    /// To [`Query::Histogram`].
    Histogram(HistogramPart),
    /// To [`Query::Group`].
    Group(GroupPart),
    /// To [`Query::SortSamples`].
    SortSamples(Vec<SortKey>),
    /// To [`Query::SortWindow`].
    SortWindow {
        /// Rows of this shard that sort before the window.
        before: u64,
        /// Keys and rows, in order.
        rows: Vec<(SortKey, u32)>,
        /// The cells of these rows; empty when only keys were wanted.
        cells: Vec<Row>,
    },
    /// To [`Query::Cells`].
    Cells(Vec<Row>),
    /// To [`Query::Event`].
    Event(Box<EventDetail>),
    /// To [`Query::Find`].
    Find(Option<u32>),
    /// To [`Query::Series`].
    Series(SeriesPart),
    /// To [`Query::Matches`].
    Matches(MatchesPart),
    /// To [`Query::Catalog`].
    Catalog(CatalogPart),
    /// To [`Query::Fields`].
    Fields(FieldsPart),
    /// To [`Query::Files`].
    Files(FilesPart),
    /// To [`Query::Rates`].
    Rates(RatesPart),
    /// To [`Query::Contributors`].
    Contributors(ContributorsPart),
    /// To [`Query::Compare`].
    Compare(ComparisonPart),
    /// To [`Query::Coverage`].
    Coverage(CoveragePart),
    /// To [`Query::Hashes`].
    Hashes {
        /// What was hashed.
        streams: Vec<StreamHash>,
        /// Paths of everything with events whose name is not one that digest or sign files have; in the last piece.
        unnamed: Vec<String>,
        /// Number of the job to go on with.
        next: u32,
        /// Number of jobs this shard has read; when `next` comes to it all is done.
        jobs: u32,
    },
    /// To [`Query::Export`].
    Export(ExportPiece),
}

/// The hash of one file as AWS would state it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StreamHash {
    /// Path as dropped; archive entries as `outer › inner`.
    pub path: String,
    /// SHA-256 of a log file's bytes after decompression, or of a Lake result's as they are.
    pub sha256: [u8; 32],
    /// Whether it could be read to its end, and nothing follows its compressed data.
    pub whole: bool,
}

/// One table row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// Event time, if any.
    pub time: Option<EpochMs>,
    /// Whether the event carries an errorCode.
    pub error: bool,
    /// Cell texts, one per field asked for; `None` is absent. Several values are joined by `, `.
    pub cells: Vec<Option<String>>,
}

/// One record in full.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EventDetail {
    /// Event time, if any.
    pub time: Option<EpochMs>,
    /// The record's bytes as they stand in the file (invalid UTF-8 shown as U+FFFD).
    pub raw: String,
    /// File the record came from (archive entries as `outer › inner`).
    pub file: String,
    /// Position of the record in the uncompressed file, in bytes.
    pub offset: u64,
    /// Whether this row is a duplicate of an earlier one.
    pub duplicate: bool,
    /// Whether another event that is kept has the same eventID and says something else.
    pub in_conflict: bool,
    /// The fields that it can have, each with all that is in it, if its file has no full records.
    pub known: Option<Vec<String>>,
}

/// What stops a query: text for the user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueryError {
    /// One sentence.
    pub message: String,
}
