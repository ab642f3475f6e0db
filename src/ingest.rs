//! Bytes to records: whatever was dropped, as a stream of single events' JSON text.
//!
//! Entry point: [`Reader`]. It is driven in bounded steps ([`Reader::step`]), so that a worker can answer
//! other requests and cancel between two of them. What a file is, is decided by its content; names are for
//! display only. Ingest never fails: it hands over what could be read and a [`Diagnostic`] for what could not.
//!
//! Inside, a file is a stack of decoders ([`layer`]), each pulling from the one below: source bytes → gzip →
//! tar member → gzip → UTF-16 → CSV … The stream on top is either another container ([`detect`]) or JSON, which the
//! [`scanner`] splits into values without parsing them and [`formats`] judges.
//!
//! Invariants: no IO except through [`ReadAt`], no clock, no recursion on input, memory bounded by [`Limits`].

use serde::{Deserialize, Serialize};
use std::borrow::Cow;

use crate::base::Diagnostic;
use crate::model::attachment::Attachment;
use crate::model::selection::Selection;

mod accounts;
mod archive;
mod crc;
mod csv;
mod detect;
mod findings;
mod formats;
mod gzip;
mod layer;
mod lines;
mod name;
mod quotes;
mod reread;
mod scanner;
mod shallow;
mod source;
mod table;
mod text;
mod walk;

pub use reread::record_bytes;
#[cfg(not(target_arch = "wasm32"))]
pub use source::FileSource;
pub use source::{BytesSource, ReadAt};

use layer::Io;
use walk::{Outcome, Walk};

/// Caps on what one dropped file may cost. Injectable, so that small test files take the large-file paths.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Bytes fetched from the source at a time; also about the size of a job made of zip entries.
    pub read: usize,
    /// Bytes a decoder produces at a time when streaming.
    pub chunk: usize,
    /// A gzip member that says it expands to at most this many bytes is inflated in one go.
    pub one_shot: usize,
    /// Bytes read and produced before a step ends.
    pub step: u64,
    /// Archives larger than this become several jobs; also the least size of a job made of tar members.
    pub split: u64,
    /// Largest archive held in memory: a zip inside another container.
    pub held_archive: usize,
    /// Bytes of the largest record.
    pub record: usize,
    /// Containers within containers: gzip, zip and tar each count one.
    pub nesting: usize,
    /// Entries of one archive.
    pub entries: u64,
    /// How many times its input a stream may expand to, once it has produced `ratio_floor` bytes.
    pub ratio: u64,
    /// Bytes below which `ratio` is not looked at.
    pub ratio_floor: u64,
    /// Bytes one stream may expand to.
    pub stream: u64,
    /// Bytes of attachments handed over for a dropped file, a fixed cost for each included.
    pub attachments: usize,
    /// Diagnostics listed one by one for a dropped file; the rest is added up by code.
    pub diagnostics: usize,
}

impl Default for Limits {
    fn default() -> Self {
        const MIB: usize = 1 << 20;
        Self {
            read: MIB,
            chunk: MIB / 4,
            one_shot: 4 * MIB,
            step: 4 * MIB as u64,
            split: 4 * MIB as u64,
            held_archive: 256 * MIB,
            record: 16 * MIB,
            nesting: 6,
            entries: 1_000_000,
            ratio: 300,
            ratio_floor: 64 * MIB as u64,
            stream: 64 << 30,
            attachments: 64 * MIB,
            diagnostics: 1_000,
        }
    }
}

/// One piece of work: a dropped file or a part of it. Crosses the worker border.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// Path for people: as dropped, archive entries as `outer.zip › inner.json.gz`.
    pub path: String,
    /// Which bytes of the dropped file.
    pub part: Part,
    /// Number of the part within the dropped file; 0 is the whole file.
    pub entry: u32,
    /// Which entries of an archive are read; `None` is all.
    pub selection: Option<Box<Selection>>,
}

impl Job {
    /// The job for a whole dropped file.
    pub fn whole(path: impl Into<String>) -> Self {
        Self { path: path.into(), part: Part::Whole, entry: 0, selection: None }
    }

    /// Whether the entry at `path` is to be read.
    fn selects(&self, path: &str) -> bool {
        self.selection.as_ref().is_none_or(|selection| selection.keeps(path))
    }
}

/// The bytes a job is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Part {
    /// All of the file.
    Whole,
    /// A run of bytes that stands for itself: several members of a tar archive.
    Range {
        /// First byte in the file.
        offset: u64,
        /// Number of bytes.
        len: u64,
    },
    /// One entry of a zip archive.
    ZipEntry(ZipEntry),
    /// Several entries of a zip archive that lie next to each other: read at once, because each read costs time.
    ZipRun {
        /// First byte in the file.
        offset: u64,
        /// Number of bytes.
        len: u64,
        /// The entries, each with its path for people.
        entries: Vec<(String, ZipEntry)>,
    },
}

/// One entry of a zip archive, as its central directory describes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ZipEntry {
    /// Where its local header stands in the file.
    pub header: u64,
    /// Stored or deflated.
    pub method: Method,
    /// Bytes in the archive.
    pub compressed: u64,
    /// Bytes after decompression.
    pub expanded: u64,
    /// CRC-32 of the decompressed bytes.
    pub crc: u32,
}

/// How a zip entry is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Method {
    /// As it is.
    Stored,
    /// Deflate (RFC 1951).
    Deflate,
}

/// A decoded stream within a dropped file; offsets of records count from its first byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct DocumentId {
    /// [`Job::entry`] of the job that read it.
    pub entry: u32,
    /// Running number within the job, for archives that are read by one job.
    pub inner: u32,
}

/// What a sink wants of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Want {
    /// What is in it: events, or the streams that it holds.
    Content,
    /// Its bytes, whatever they are.
    Bytes,
    /// Nothing: it is left out.
    Nothing,
}

/// Where records go.
pub trait Sink {
    /// What is wanted of the stream at `path`. Asked of gzip before it is decompressed, and of everything that is no
    /// container.
    fn want(&mut self, path: &str, is_gzip: bool) -> Want {
        let _ = (path, is_gzip);
        Want::Content
    }
    /// More bytes of the stream whose bytes are wanted.
    fn bytes(&mut self, bytes: &[u8]) {
        let _ = bytes;
    }
    /// No more bytes follow; `whole` if none are lost to damage, and none of the file follow its compressed data.
    fn end_of_bytes(&mut self, whole: bool) {
        let _ = whole;
    }
    /// A decoded stream begins. `path` is for people.
    fn document(&mut self, document: DocumentId, path: &str);
    /// The events of this stream that come from now on are not full records: they can have `fields` only, each with
    /// all that is in it. Told again when there are more.
    fn partial(&mut self, document: DocumentId, fields: &[String]) {
        let _ = (document, fields);
    }
    /// An event begins at `offset` of the decoded stream, and `text` with it; where it ends nobody has looked yet.
    /// A sink that finds out while reading it takes it and gives its length. `None`: it comes by
    /// [`record`](Self::record) instead, unless it turns out not to be JSON.
    fn take(&mut self, document: DocumentId, offset: u64, text: &[u8]) -> Option<usize> {
        let _ = (document, offset, text);
        None
    }
    /// The JSON text of one event, standing at `offset` of the decoded stream. It is one balanced object, not
    /// yet checked to be valid JSON or UTF-8.
    fn record(&mut self, document: DocumentId, offset: u64, json: &[u8]);
    /// A file that holds no events but says something about them; it comes when its stream has ended.
    fn attachment(&mut self, attachment: Attachment) {
        let _ = attachment;
    }
    /// A dropped file or an archive's entry is done with; its findings came before. Archives themselves do not end.
    fn ended(&mut self, ended: &Ended) {
        let _ = ended;
    }
    /// Something to tell about the data; repeated findings of one stream come as one.
    fn diagnostic(&mut self, diagnostic: Diagnostic);
}

/// What became of a dropped file or an archive's entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended<'p> {
    /// Path for people.
    pub path: &'p str,
    /// The decoded stream, if it was one of JSON.
    pub document: Option<DocumentId>,
    /// Name of its format for people; empty when nobody got to see.
    pub format: &'static str,
    /// Its size as it lies there: of the file, or of the entry in its archive.
    pub bytes_in: u64,
    /// Bytes of decoded text scanned.
    pub bytes_out: u64,
    /// It was not to be read.
    pub left_out: bool,
}

/// How far a job is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Bytes read from the source so far.
    pub bytes_in: u64,
    /// Bytes of decoded text scanned so far.
    pub bytes_out: u64,
    /// Records handed over so far.
    pub records: u64,
}

/// What became of a job.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileReport {
    /// Final counts.
    pub progress: Progress,
    /// Number of decoded streams.
    pub documents: u32,
    /// Name of the first format found, `unknown` if none was.
    pub format: Cow<'static, str>,
}

/// What a step came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Call again.
    More(Progress),
    /// A large archive: these jobs, for the same source, take the place of this one.
    Split(Vec<Job>),
    /// The job is done.
    Done(FileReport),
}

/// Reads one job.
pub struct Reader {
    walk: Walk,
    io: Io,
}

impl Reader {
    /// Nothing is read before the first [`step`](Self::step).
    pub fn open(job: Job, limits: Limits) -> Self {
        let walk = Walk::new(&job);
        Self { walk, io: Io::new(job, limits) }
    }

    /// Does a bounded amount of work. A small file is done in one step with one read of the source.
    pub fn step(&mut self, source: &dyn ReadAt, sink: &mut dyn Sink) -> Step {
        match self.walk.step(source, sink, &mut self.io) {
            Outcome::More => Step::More(self.io.progress),
            Outcome::Split(jobs) => {
                self.io.flush_all(sink);
                Step::Split(jobs)
            }
            Outcome::Done => Step::Done(self.close(sink)),
        }
    }

    /// How far it is.
    pub fn progress(&self) -> Progress {
        self.io.progress
    }

    /// Ends a job early, after a cancel: hands over pending diagnostics.
    pub fn close(&mut self, sink: &mut dyn Sink) -> FileReport {
        self.io.flush_all(sink);
        self.walk.abandon(sink);
        self.io.report()
    }
}
