//! The way back: events as a file again, in pieces that fit together.
//!
//! A worker answers with pieces of a bounded size, one question after the other. A piece consists of parts: the events of
//! one stretch of one dropped file. A file's parts come from one worker, in order; parts of all workers, sorted by
//! file and entry, with the format's separator between them, head before and tail behind, are the exported file. So
//! it is the same for any number of workers: in the order of the files and of the events in them, which is the only
//! one that reads each file once. Table order would have every file opened for every other event.

use super::query::{Origin, PRINCIPAL};
use crate::base::csv;
use serde::{Deserialize, Serialize};

/// What an exported file looks like.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ExportFormat {
    /// `{"Records":[…]}`, as CloudTrail writes it. Each record is byte for byte that of its file.
    Json,
    /// One record a line: white space between tokens is taken out, nothing else.
    Ndjson,
    /// One line an event with the values of some fields, for spreadsheets (see `base::csv`).
    Csv {
        /// The fields, in order.
        fields: Vec<String>,
    },
}

impl ExportFormat {
    /// Ending of the file's name.
    pub fn extension(&self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Ndjson => "ndjson",
            Self::Csv { .. } => "csv",
        }
    }

    /// Media type of the file.
    pub fn media_type(&self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Ndjson => "application/x-ndjson",
            Self::Csv { .. } => "text/csv",
        }
    }

    /// What the file begins with: for CSV the names of the fields.
    pub fn head(&self) -> Vec<u8> {
        match self {
            Self::Json => b"{\"Records\":[\n".to_vec(),
            Self::Ndjson => Vec::new(),
            Self::Csv { fields } => {
                let mut head = Vec::new();
                // A spreadsheet would take the @ for a formula.
                csv::row(fields.iter().map(|field| if field == PRINCIPAL { "principal" } else { field }), &mut head);
                head
            }
        }
    }

    /// What stands between two records.
    pub fn separator(&self) -> &'static [u8] {
        if *self == Self::Json { b",\n" } else { b"" }
    }

    /// What the file ends with.
    pub fn tail(&self) -> &'static [u8] {
        if *self == Self::Json { b"\n]}\n" } else { b"" }
    }
}

/// Some of the events of one worker, in order of origin.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportPiece {
    /// The text of all parts, one behind the other.
    pub bytes: Vec<u8>,
    /// What belongs to which file.
    pub parts: Vec<ExportPart>,
    /// Records that could not be read again, by file.
    pub lost: Vec<LostRecords>,
    /// Earliest and latest time of the events in it, in epoch ms.
    pub span: Option<(i64, i64)>,
    /// Where to go on; `None` when this was the last piece.
    pub next: Option<Origin>,
}

/// Text of consecutive events of one file or archive entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportPart {
    /// Number of the dropped file.
    pub file: u32,
    /// Number of the archive entry in it.
    pub entry: u32,
    /// How many events.
    pub records: u64,
    /// How many of the piece's bytes.
    pub len: u64,
}

/// Records that could not be read again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LostRecords {
    /// File they came from.
    pub path: String,
    /// How many.
    pub records: u64,
    /// Why, in words for a person.
    pub reason: String,
}
