//! What went wrong with user data, as a value beside the result.
//!
//! Whoever reads user data returns what could be read *and* the diagnostics. A diagnostic names the
//! file, says what was expected and what happens next.

use serde::{Deserialize, Serialize};

/// How much the user loses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Nothing is lost; worth knowing.
    Note,
    /// Something was repaired or partly read.
    Warning,
    /// Something was skipped.
    Error,
}

/// Stable machine-readable reasons; printed in reports and documented in `docs/diagnostics.md`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Code {
    /// The file could not be read from disk.
    Unreadable,
    /// Zero bytes.
    EmptyFile,
    /// The file holds no events (an empty `Records`, or JSON without any event).
    NoEvents,
    /// Not a format this version reads.
    UnknownFormat,
    /// A known AWS file that is not a trail log (digest, Config snapshot, S3 notification …).
    SetAside,
    /// JSON ends in the middle of a value.
    TruncatedJson,
    /// Bytes that are not JSON where JSON was expected.
    InvalidJson,
    /// A gzip stream that ends too early.
    TruncatedGzip,
    /// A gzip stream that is damaged (bad block, checksum or length).
    DamagedGzip,
    /// Bytes after the end of the data, or before an archive, that are not part of it.
    TrailingBytes,
    /// A zip or tar archive whose structure is damaged.
    DamagedArchive,
    /// A zip entry that is encrypted or uses a compression method other than store or deflate.
    UnsupportedEntry,
    /// Expands more than the ratio or size limit allows.
    ExpansionLimit,
    /// Archives nested too deeply.
    NestingLimit,
    /// One record is larger than the limit.
    RecordTooLarge,
    /// A member of `Records` that is not an object.
    NotAnEvent,
    /// The events of a file are not full records: they have some fields only.
    PartialEvents,
    /// An answer of AWS that is not whole: one page of several, or what a query answered before its end or
    /// up to its limit.
    PartialAnswer,
    /// A row of a table with more or fewer cells than it has columns.
    DamagedRow,
    /// A cell of a table that was changed by a spreadsheet or does not hold what it should.
    DamagedCell,
    /// A record without a readable `eventTime`.
    NoEventTime,
    /// Text was repaired: invalid UTF-8, a lone surrogate or a raw control character became U+FFFD or an escape.
    RepairedText,
    /// The same key twice in one object; the last one counts.
    DuplicateKey,
    /// Events with the same eventID that say different things; all of them are kept.
    ConflictingCopies,
    /// Fields below the depth limit are kept in the raw record but cannot be filtered.
    TooDeep,
    /// More distinct field paths than the limit; further fields stay in the raw record but cannot be filtered.
    TooManyPaths,
    /// Reading ended before everything was read, because memory came to its limit.
    MemoryLimit,
    /// A worker stopped while it read this file.
    WorkerLost,
    /// Reading was stopped before this file was complete.
    Cancelled,
    /// Not read, because the user chose to read other files only.
    NotSelected,
}

impl Code {
    /// The name it has in reports and in `docs/diagnostics.md`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::EmptyFile => "empty-file",
            Self::NoEvents => "no-events",
            Self::UnknownFormat => "unknown-format",
            Self::SetAside => "set-aside",
            Self::TruncatedJson => "truncated-json",
            Self::InvalidJson => "invalid-json",
            Self::TruncatedGzip => "truncated-gzip",
            Self::DamagedGzip => "damaged-gzip",
            Self::TrailingBytes => "trailing-bytes",
            Self::DamagedArchive => "damaged-archive",
            Self::UnsupportedEntry => "unsupported-entry",
            Self::ExpansionLimit => "expansion-limit",
            Self::NestingLimit => "nesting-limit",
            Self::RecordTooLarge => "record-too-large",
            Self::NotAnEvent => "not-an-event",
            Self::NoEventTime => "no-event-time",
            Self::RepairedText => "repaired-text",
            Self::DuplicateKey => "duplicate-key",
            Self::ConflictingCopies => "conflicting-copies",
            Self::TooDeep => "too-deep",
            Self::TooManyPaths => "too-many-paths",
            Self::MemoryLimit => "memory-limit",
            Self::WorkerLost => "worker-lost",
            Self::Cancelled => "cancelled",
            Self::PartialEvents => "partial-events",
            Self::PartialAnswer => "partial-answer",
            Self::DamagedRow => "damaged-row",
            Self::DamagedCell => "damaged-cell",
            Self::NotSelected => "not-selected",
        }
    }
}

/// One finding about one source of data.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Diagnostic {
    /// File path as dropped; archive entries as `outer.zip › inner.json.gz`.
    pub file: String,
    /// How much is lost.
    pub severity: Severity,
    /// The stable reason.
    pub code: Code,
    /// One sentence for a person: what was expected, what was found, what was kept.
    pub message: String,
    /// How often the same thing happened in this file.
    pub count: u64,
}

impl Diagnostic {
    /// A finding that happened once.
    pub fn new(severity: Severity, code: Code, file: impl Into<String>, message: impl Into<String>) -> Self {
        Self { file: file.into(), severity, code, message: message.into(), count: 1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_on_the_wire() {
        for code in [Code::Unreadable, Code::DamagedGzip, Code::TooManyPaths, Code::NotSelected] {
            assert_eq!(serde_json::to_value(code).unwrap(), code.name());
        }
    }
}
