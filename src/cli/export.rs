//! `export`: the events of a search as a file again, on standard output.
//!
//! Every shard gives its events in the order of the files, a piece at a time; of all that are at hand the part that comes
//! first is written next. No more than a piece a shard is in memory.

use super::data::Data;
use super::failure::Failure;
use super::shards::Shards;
use super::which::Which;
use super::{on_one_line, unsteered};
use crate::model::export::{ExportFormat, ExportPart, LostRecords};
use crate::model::query::{Answer, Origin, PRINCIPAL, Query, Scope};
use crate::pattern;
use std::collections::VecDeque;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::process::ExitCode;

/// Bytes asked of a shard at a time.
const PIECE: u32 = 4 << 20;

/// The columns of the page's table.
const COLUMNS: [&str; 7] =
    ["eventTime", "eventName", "eventSource", PRINCIPAL, "sourceIPAddress", "awsRegion", "errorCode"];

/// Arguments of `export`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    which: Which,
    /// json and ndjson have the original records, csv the values of some fields.
    #[arg(long, value_enum, default_value_t = Format::Json)]
    format: Format,
    /// Fields of a csv, separated by commas; those of the page's table by default.
    #[arg(long, value_name = "FIELDS", value_delimiter = ',', default_values = COLUMNS)]
    fields: Vec<String>,
    #[command(flatten)]
    data: Data,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Format {
    /// {"Records":[…]} as CloudTrail writes it.
    Json,
    /// One record a line.
    Ndjson,
    /// One line an event.
    Csv,
}

/// What a shard has given and not yet written.
#[derive(Default)]
struct Stream {
    parts: VecDeque<(ExportPart, Vec<u8>)>,
    after: Option<Origin>,
    is_over: bool,
}

/// Loads the data and writes the events.
pub fn run(args: &Args) -> Result<ExitCode, Failure> {
    let scope = args.which.scope(args.data.reading.keep_duplicates)?;
    for field in &args.fields {
        pattern::path::parse(field).map_err(|error| Failure::pattern("--fields", field, &error))?;
    }
    let format = match args.format {
        Format::Json => ExportFormat::Json,
        Format::Ndjson => ExportFormat::Ndjson,
        Format::Csv => ExportFormat::Csv { fields: args.fields.clone() },
    };
    let (shards, _) = args.data.load_and_tell()?;
    let mut out = BufWriter::new(io::stdout().lock());
    let is_watched = io::stdout().is_terminal();
    let lost = match write(&shards, &scope, &format, is_watched, &mut out) {
        Ok(lost) => lost,
        Err(Stop::Failed(failure)) => return Err(failure),
        Err(Stop::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(ExitCode::SUCCESS),
        Err(Stop::Output(error)) => return Err(Failure::io("standard output", error)),
    };
    for LostRecords { path, records, reason } in &lost {
        eprintln!(
            "trailscope: {}: {records} records could not be read again: {}",
            on_one_line(path),
            on_one_line(reason)
        );
    }
    Ok(ExitCode::from(if lost.is_empty() { 0 } else { 3 }))
}

enum Stop {
    Failed(Failure),
    Output(io::Error),
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

/// Writes the events; those that somebody watches on a terminal cannot steer it.
fn write(
    shards: &Shards,
    scope: &Scope,
    format: &ExportFormat,
    is_watched: bool,
    out: &mut impl Write,
) -> Result<Vec<LostRecords>, Stop> {
    let mut streams: Vec<Stream> = (0..shards.len()).map(|_| Stream::default()).collect();
    let mut lost = Vec::new();
    out.write_all(&format.head())?;
    let mut separator: &[u8] = b"";
    loop {
        fill(shards, scope, format, &mut streams, &mut lost)?;
        let first = streams.iter_mut().filter(|stream| !stream.parts.is_empty());
        let first = first.min_by_key(|stream| stream.parts.front().map(|(part, _)| (part.file, part.entry)));
        let Some((_, text)) = first.and_then(|stream| stream.parts.pop_front()) else { break };
        out.write_all(separator)?;
        if is_watched {
            out.write_all(unsteered(&String::from_utf8_lossy(&text).replace("\r\n", "\n")).as_bytes())?;
        } else {
            out.write_all(&text)?;
        }
        separator = format.separator();
    }
    out.write_all(format.tail())?;
    out.flush()?;
    Ok(lost)
}

/// Asks those who have nothing at hand for more, until all have something or are done.
fn fill(
    shards: &Shards,
    scope: &Scope,
    format: &ExportFormat,
    streams: &mut [Stream],
    lost: &mut Vec<LostRecords>,
) -> Result<(), Failure> {
    while streams.iter().any(|stream| stream.parts.is_empty() && !stream.is_over) {
        let answers = shards.ask_some(|shard| {
            let stream = &streams[shard];
            (stream.parts.is_empty() && !stream.is_over).then(|| Query::Export {
                scope: scope.clone(),
                format: format.clone(),
                after: stream.after,
                budget: PIECE,
            })
        })?;
        for (stream, answer) in streams.iter_mut().zip(answers) {
            let Some(Answer::Export(piece)) = answer else { continue };
            let mut rest = piece.bytes.as_slice();
            for part in piece.parts {
                let (text, after) = rest.split_at(part.len as usize);
                stream.parts.push_back((part, text.to_vec()));
                rest = after;
            }
            lost.extend(piece.lost);
            (stream.after, stream.is_over) = (piece.next, piece.next.is_none());
        }
    }
    Ok(())
}
