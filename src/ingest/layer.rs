//! The stack of decoders: each stage pulls from the one below and holds what it made in a [`Window`].
//!
//! [`fill`] does one bounded piece of work; it is called until the window on top is long enough or has ended.
//! A stage that meets damage reports it once, marks its window `cut` and ends; the stages above end quietly.

use super::archive::{tar::Tar, zip::Entry};
use super::csv::Csv;
use super::findings::Findings;
use super::gzip::Gunzip;
use super::lines::Lines;
use super::text::Utf16;
use super::{FileReport, Job, Limits, Progress, ReadAt, Sink};
use crate::base::{Code, Severity};

/// The part of a stream that is in memory. Grows at its end, is used up from its beginning.
#[derive(Default)]
pub(super) struct Window {
    bytes: Vec<u8>,
    start: usize,
    /// Nothing follows.
    pub(super) ended: bool,
    /// It ended too early; the reason has been reported.
    pub(super) cut: bool,
}

impl Window {
    pub(super) fn data(&self) -> &[u8] {
        &self.bytes[self.start..]
    }

    pub(super) fn consume(&mut self, len: usize) {
        self.start = (self.start + len).min(self.bytes.len());
    }

    /// Where to append.
    pub(super) fn tail(&mut self) -> &mut Vec<u8> {
        if self.start > 0 {
            self.bytes.drain(..self.start);
            self.start = 0;
        }
        &mut self.bytes
    }

    pub(super) fn end(&mut self, cut: bool) {
        self.ended = true;
        self.cut |= cut;
    }

    /// Begins a new stream.
    pub(super) fn reset(&mut self) {
        self.bytes.clear();
        (self.start, self.ended, self.cut) = (0, false, false);
    }
}

/// Streams of one job that may expand too much before the rest is left, too: each costs time.
const BOMBS: u32 = 3;

/// What belongs to the job as a whole while its stages work.
pub(super) struct Io {
    pub(super) job: Job,
    pub(super) limits: Limits,
    pub(super) progress: Progress,
    /// Work done in this step, in bytes read or produced.
    pub(super) work: u64,
    /// Bytes that all decoders together have produced, or have since one was stopped.
    produced: u64,
    /// Streams that were stopped because they expand too much.
    bombs: u32,
    /// The job as a whole expands too much: nothing more is read.
    pub(super) stopped: bool,
    pub(super) findings: Findings,
    pub(super) documents: u32,
    /// Bytes of attachments that may still be handed over.
    pub(super) attachable: usize,
    pub(super) format: Option<&'static str>,
}

impl Io {
    pub(super) fn new(job: Job, limits: Limits) -> Self {
        Self {
            job,
            attachable: limits.attachments,
            limits,
            progress: Progress::default(),
            work: 0,
            produced: 0,
            bombs: 0,
            stopped: false,
            findings: Findings::new(),
            documents: 0,
            format: None,
        }
    }

    /// Books what a decoder did; `expanded` and `compressed` are its totals. False if it must stop.
    pub(super) fn expanding(&mut self, produced: usize, compressed: u64, expanded: u64) -> bool {
        self.work += produced as u64;
        self.produced += produced as u64;
        let limits = &self.limits;
        let too_much = |input: u64, output: u64| {
            output > limits.stream || output > limits.ratio_floor && output / limits.ratio.max(1) > input
        };
        if !too_much(compressed, expanded) && !too_much(self.progress.bytes_in, self.produced) {
            return true;
        }
        // A bomb in a bomb is one.
        if !self.findings.has(Code::ExpansionLimit) {
            self.bombs += 1;
            self.findings.add(Severity::Error, Code::ExpansionLimit, "", || {
                format!(
                    "expands to more than {} times its size, or to more than {} bytes: stopped",
                    limits.ratio, limits.stream
                )
            });
        }
        // What stands beside a bomb in an archive is judged for itself.
        self.produced = 0;
        self.stopped = self.bombs > BOMBS;
        false
    }

    /// The archive at hand is left although more is in it.
    pub(super) fn leave_rest(&mut self) {
        self.findings.add(Severity::Error, Code::ExpansionLimit, "rest", || {
            "what follows in this archive is not read: too much of it expands beyond measure".to_owned()
        });
    }

    /// Books bytes read from the source.
    pub(super) fn book_read(&mut self, len: usize) {
        self.progress.bytes_in += len as u64;
        self.work += len as u64;
    }

    /// Hands over what was found out about the stream at `path`, of which `kept` events were read.
    pub(super) fn flush(&mut self, path: &str, kept: u64, sink: &mut dyn Sink) {
        self.findings.flush(path, kept, &self.limits, sink);
    }

    pub(super) fn flush_all(&mut self, sink: &mut dyn Sink) {
        let path = self.job.path.clone();
        self.flush(&path, self.progress.records, sink);
        self.findings.flush_overflow(&path, sink);
    }

    pub(super) fn report(&self) -> FileReport {
        FileReport {
            progress: self.progress,
            documents: self.documents,
            format: self.format.unwrap_or("unknown").into(),
        }
    }
}

/// A stretch of the source.
pub(super) struct Stretch {
    window: Window,
    start: u64,
    next: u64,
    end: u64,
}

impl Stretch {
    pub(super) fn new(offset: u64, len: u64) -> Self {
        Self { window: Window::default(), start: offset, next: offset, end: offset.saturating_add(len) }
    }

    /// One whose first bytes, standing at `offset`, have been read already.
    pub(super) fn begun(bytes: Vec<u8>, offset: u64, end: u64) -> Self {
        let next = offset + bytes.len() as u64;
        Self { window: Window { bytes, start: 0, ended: next >= end, cut: false }, start: offset, next, end }
    }

    /// Its length in bytes.
    pub(super) fn len(&self) -> u64 {
        self.end.saturating_sub(self.start)
    }

    fn advance(&mut self, source: &dyn ReadAt, io: &mut Io) {
        let wanted = usize::try_from(self.end.saturating_sub(self.next)).unwrap_or(usize::MAX).min(io.limits.read);
        if wanted == 0 {
            return self.window.end(false);
        }
        let read = source.read_at(self.next, wanted).and_then(|bytes| match bytes.len() {
            0 => Err("it is shorter than it was".to_owned()),
            _ => Ok(bytes),
        });
        match read {
            Ok(bytes) => {
                self.next += bytes.len() as u64;
                io.book_read(bytes.len());
                if self.window.data().is_empty() {
                    self.window.start = 0;
                    self.window.bytes = bytes;
                } else {
                    self.window.tail().extend_from_slice(&bytes);
                }
                if self.next >= self.end {
                    self.window.end(false);
                }
            }
            Err(reason) => {
                let at = self.next;
                io.findings.add(Severity::Error, Code::Unreadable, "", || format!("cannot read byte {at}: {reason}"));
                self.window.end(true);
            }
        }
    }
}

/// One stage.
pub(super) enum Layer {
    Stretch(Stretch),
    Gzip(Gunzip),
    ZipEntry(Entry),
    Tar(Tar),
    Utf16(Utf16),
    Lines(Lines),
    Csv(Box<Csv>),
}

impl Layer {
    pub(super) fn window(&mut self) -> &mut Window {
        match self {
            Self::Stretch(stage) => &mut stage.window,
            Self::Gzip(stage) => &mut stage.window,
            Self::ZipEntry(stage) => &mut stage.window,
            Self::Tar(stage) => &mut stage.window,
            Self::Utf16(stage) => &mut stage.window,
            Self::Lines(stage) => &mut stage.window,
            Self::Csv(stage) => &mut stage.window,
        }
    }

    /// Whether the stage makes other text of what it gets, rather than decompressing it.
    pub(super) fn rewrites(&self) -> bool {
        matches!(self, Self::Utf16(_) | Self::Lines(_) | Self::Csv(_))
    }

    /// Whether bytes of the file were passed over because they follow the compressed data.
    pub(super) fn leaves_bytes(&self) -> bool {
        matches!(self, Self::Gzip(stage) if stage.followed)
    }

    /// Whether the stage counts for the nesting limit.
    pub(super) fn is_container(&self) -> bool {
        matches!(self, Self::Gzip(_) | Self::ZipEntry(_) | Self::Tar(_))
    }
}

/// Does one piece of work towards a longer, or ended, window of the top stage.
pub(super) fn fill(layers: &mut [Layer], source: &dyn ReadAt, io: &mut Io) {
    io.work += 64; // so that pieces of work that move no bytes also add up
    let Some((top, below)) = layers.split_last_mut() else { return };
    if top.window().ended {
        return;
    }
    if let Layer::Stretch(stage) = top {
        return stage.advance(source, io);
    }
    let Some(input) = below.last_mut().map(Layer::window) else { return };
    let starved = match top {
        Layer::Stretch(_) => false,
        Layer::Gzip(stage) => stage.advance(input, io),
        Layer::ZipEntry(stage) => stage.advance(input, io),
        Layer::Tar(stage) => stage.advance(input, io),
        Layer::Utf16(stage) => stage.advance(input, io),
        Layer::Lines(stage) => stage.advance(input, io),
        Layer::Csv(stage) => stage.advance(input, io),
    };
    if starved {
        fill(below, source, io);
    }
}
