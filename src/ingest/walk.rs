//! Takes a job apart: what stands on top of the decoder stack is looked at, then decoded further, split into
//! entries, or scanned for records.

use std::collections::VecDeque;

use super::archive::{tar, zip};
use super::csv::Csv;
use super::detect::{self, Kind};
use super::formats::{Attached, Judge, Output, Rows, Seen};
use super::gzip::Gunzip;
use super::layer::{Io, Layer, Stretch, fill};
use super::lines::Lines;
use super::scanner::Scanner;
use super::text::Utf16;
use super::{BytesSource, DocumentId, Ended, Job, Part, ReadAt, Sink, Want, ZipEntry, name};
use crate::base::{Code, Severity};
use crate::model::attachment::Attachment;

/// The name of a format that is none of JSON.
const LOG_LINES: &str = "lines of CloudWatch Logs";

/// What a step came to.
pub(super) enum Outcome {
    More,
    Split(Vec<Job>),
    Done,
}

/// Reads one stretch of one source.
pub(super) struct Walk {
    path: String,
    stack: Vec<Layer>,
    state: State,
    /// Containers around this walk's source.
    depth: usize,
    /// Entries may become jobs of their own.
    may_split: bool,
    /// What was seen of the stream on top.
    stream: Stream,
}

/// What was seen of a stream until it ended.
#[derive(Default)]
struct Stream {
    document: Option<DocumentId>,
    format: &'static str,
    bytes: u64,
    /// It is an archive, whose entries end one by one.
    holds_entries: bool,
}

enum State {
    Start(Part),
    /// It is to be found out what the stream on top is.
    Opening,
    Json(Box<Json>),
    /// The bytes of the stream are handed over as they are.
    Bytes,
    /// A zip is read into memory, or of a large one these entries, from there on.
    Holding(Option<(u64, Vec<(String, ZipEntry)>)>),
    Zip(Box<Held>),
    /// Borders of tar members are looked for.
    Splitting(Box<tar::Split>),
    /// The entries of a large zip are to take the place of this job.
    Split(Vec<Job>),
    /// The stream on top is done with.
    Closing,
    NextMember,
}

struct Json {
    document: DocumentId,
    scanner: Scanner,
    seen: Seen,
    records: u64,
    bytes: u64,
    attached: Vec<Attached>,
    rows: Rows,
}

/// A zip in memory.
struct Held {
    source: BytesSource<Vec<u8>>,
    entries: VecDeque<(String, ZipEntry)>,
    /// Containers around the entries.
    depth: usize,
    current: Option<Walk>,
}

impl Walk {
    pub(super) fn new(job: &Job) -> Self {
        let may_split = job.part == Part::Whole;
        Self { may_split, ..Self::of_part(job.path.clone(), job.part.clone(), 0) }
    }

    fn of_part(path: String, part: Part, depth: usize) -> Self {
        let (stack, stream) = (Vec::new(), Stream::default());
        Self { path, stack, state: State::Start(part), depth, may_split: false, stream }
    }

    /// Works until the step's share is used up.
    pub(super) fn step(&mut self, source: &dyn ReadAt, sink: &mut dyn Sink, io: &mut Io) -> Outcome {
        io.work = 0;
        while io.work < io.limits.step {
            match self.advance(source, sink, io) {
                Outcome::More => {}
                outcome => return outcome,
            }
        }
        Outcome::More
    }

    fn advance(&mut self, source: &dyn ReadAt, sink: &mut dyn Sink, io: &mut Io) -> Outcome {
        match &mut self.state {
            State::Start(part) => {
                let part = std::mem::replace(part, Part::Whole);
                self.start(part, source, io);
            }
            State::Opening => match self.stack.last_mut().map(Layer::window) {
                Some(window) if !window.ended && window.data().len() < detect::HEAD => {
                    fill(&mut self.stack, source, io);
                }
                _ => self.open(source, sink, io),
            },
            State::Json(_) => self.scan(source, sink, io),
            State::Bytes => self.hand_over(source, sink, io),
            State::Holding(_) => self.hold(source, sink, io),
            State::Zip(held) => match &mut held.current {
                Some(walk) => {
                    let bytes_in = io.progress.bytes_in;
                    if let Outcome::Done = walk.advance(&held.source, sink, io) {
                        held.current = None;
                    }
                    // What is in memory was read before.
                    io.progress.bytes_in = bytes_in;
                }
                None => match held.entries.pop_front() {
                    Some((path, entry)) if !io.stopped => {
                        held.current = Some(Self::of_part(path, Part::ZipEntry(entry), held.depth));
                    }
                    unread => {
                        self.state = State::Closing;
                        if unread.is_some() {
                            io.leave_rest();
                        }
                    }
                },
            },
            State::Splitting(split) => {
                if let Some(jobs) = split.advance(source, io) {
                    return Outcome::Split(jobs);
                }
            }
            State::Split(jobs) => return Outcome::Split(std::mem::take(jobs)),
            State::Closing => return self.close(sink, io),
            State::NextMember => self.next_member(source, sink, io),
        }
        Outcome::More
    }

    /// Path of the stream on top, for people.
    fn stream_path(&self) -> &str {
        let inner = self.stack.iter().rev().find_map(|layer| match layer {
            Layer::Tar(tar) => Some(tar.path()),
            _ => None,
        });
        inner.unwrap_or(&self.path)
    }

    fn nesting(&self) -> usize {
        self.depth + self.stack.iter().filter(|layer| layer.is_container()).count()
    }

    fn start(&mut self, part: Part, source: &dyn ReadAt, io: &mut Io) {
        self.state = State::Opening;
        match part {
            Part::Whole => self.stack.push(Layer::Stretch(Stretch::new(0, source.len()))),
            Part::Range { offset, len } => self.stack.push(Layer::Stretch(Stretch::new(offset, len))),
            Part::ZipRun { offset, len, entries } => {
                self.stack.push(Layer::Stretch(Stretch::new(offset, len)));
                self.state = State::Holding(Some((offset, entries)));
            }
            Part::ZipEntry(entry) => match zip::Entry::open(entry, source, io) {
                Ok((stretch, entry)) => self.stack.extend([Layer::Stretch(stretch), Layer::ZipEntry(entry)]),
                Err(reason) => {
                    io.findings.add(Severity::Error, Code::DamagedArchive, "", || {
                        format!("this zip entry cannot be read: {reason}")
                    });
                    self.state = State::Closing;
                }
            },
        }
    }

    /// Decides what to do with the stream on top.
    fn open(&mut self, source: &dyn ReadAt, sink: &mut dyn Sink, io: &mut Io) {
        let nesting = self.nesting();
        let at_source = self.stack.len() == 1;
        let Some(window) = self.stack.last_mut().map(Layer::window) else { return };
        let cut = window.cut;
        let kind = detect::detect(window.data());
        if matches!(kind, Kind::Gzip | Kind::Zip | Kind::Tar) && nesting >= io.limits.nesting {
            io.findings.add(Severity::Error, Code::NestingLimit, "", || {
                format!("archives are nested more than {} deep: not opened", io.limits.nesting)
            });
            self.state = State::Closing;
            return;
        }
        if !matches!(kind, Kind::Zip | Kind::Tar) {
            match sink.want(self.stream_path(), kind == Kind::Gzip) {
                Want::Content => {}
                Want::Bytes => {
                    self.state = State::Bytes;
                    return;
                }
                Want::Nothing => {
                    self.state = State::Closing;
                    return;
                }
            }
        }
        let is_large = self.may_split && at_source && source.len() > io.limits.split;
        match kind {
            Kind::Gzip => self.stack.push(Layer::Gzip(Gunzip::new())),
            Kind::Utf16 { big_endian } => {
                io.findings.add(Severity::Note, Code::RepairedText, "utf-16", || {
                    "the text is UTF-16; it was converted to UTF-8".to_owned()
                });
                self.stack.push(Layer::Utf16(Utf16::new(big_endian)));
            }
            Kind::LogLines => {
                io.format.get_or_insert(LOG_LINES);
                self.stack.push(Layer::Lines(Lines::default()));
            }
            Kind::Tar if is_large => self.state = State::Splitting(Box::new(tar::Split::new())),
            Kind::Tar => {
                let tar = tar::Tar::new(self.stream_path());
                self.stack.push(Layer::Tar(tar));
                self.state = State::NextMember;
            }
            Kind::Zip if is_large => {
                let entries = self.list(source, sink, io);
                self.state = State::Split(zip::jobs(entries, source.len(), io));
            }
            Kind::Zip => {
                self.stream.format = "a zip archive";
                self.state = State::Holding(None);
            }
            Kind::Json => self.open_json(sink, io),
            Kind::Csv { delimiter } => {
                self.stack.push(Layer::Csv(Box::new(Csv::new(delimiter))));
                self.open_json(sink, io);
            }
            Kind::Empty => {
                if !cut {
                    io.findings.add(Severity::Note, Code::EmptyFile, "", || "zero bytes".to_owned());
                }
                self.state = State::Closing;
            }
            Kind::LookAlike(what) => {
                self.stream.format = what;
                io.findings.add(Severity::Note, Code::SetAside, "", || format!("this is {what}: no events in it"));
                self.state = State::Closing;
            }
            Kind::Unknown(what) => {
                self.stream.format = what;
                if !cut {
                    io.findings.add(Severity::Error, Code::UnknownFormat, "", || {
                        format!("this looks like {what}; expected JSON, CSV, gzip, zip or tar. Skipped")
                    });
                }
                self.state = State::Closing;
            }
        }
    }

    fn open_json(&mut self, sink: &mut dyn Sink, io: &mut Io) {
        let document = DocumentId { entry: io.job.entry, inner: io.documents };
        io.documents += 1;
        self.stream.document = Some(document);
        sink.document(document, self.stream_path());
        let scanner = Scanner::new(io.limits.record);
        let seen = Seen::default();
        let (attached, rows) = (Vec::new(), Rows::default());
        let json = Json { document, scanner, seen, records: 0, bytes: 0, attached, rows };
        self.state = State::Json(Box::new(json));
    }

    fn scan(&mut self, source: &dyn ReadAt, sink: &mut dyn Sink, io: &mut Io) {
        let State::Json(json) = &mut self.state else { return };
        if let Some(Layer::Csv(csv)) = self.stack.last_mut()
            && let Some(fields) = csv.news()
        {
            sink.partial(json.document, &fields);
        }
        let Some(window) = self.stack.last_mut().map(Layer::window) else { return };
        let last = window.ended;
        let before = json.records;
        let findings = &mut io.findings;
        let out = Output {
            document: json.document,
            sink,
            findings,
            records: &mut json.records,
            attached: &mut json.attached,
            rows: &mut json.rows,
            attachable: &mut io.attachable,
        };
        let done = json.scanner.scan(window.data(), last, &mut Judge { seen: &mut json.seen, out });
        window.consume(done);
        json.bytes += done as u64;
        io.progress.bytes_out += done as u64;
        io.progress.records += json.records - before;
        if !last {
            return fill(&mut self.stack, source, io);
        }
        if json.seen.truncated && !window.cut {
            io.findings.add(Severity::Error, Code::TruncatedJson, "", || {
                "the JSON text ends in the middle of a value".to_owned()
            });
        }
        if let Some(partial) = json.seen.partial.take() {
            io.findings.add(Severity::Warning, Code::PartialAnswer, "", || partial.message());
        }
        if json.records == 0 && !window.cut && !io.findings.any_about_content() {
            io.findings.add(Severity::Note, Code::NoEvents, "", || "no events in it".to_owned());
        }
        io.format = io.format.or(json.seen.format);
        self.stream.bytes = json.bytes;
        let (kept, bytes, attached) = (json.records, json.bytes, std::mem::take(&mut json.attached));
        let (seen, cut) = (json.seen.format, window.cut);
        self.stream.format = self.format_of(seen);
        let is_raw = !cut && !self.stack.iter().any(|layer| layer.rewrites() || layer.leaves_bytes());
        self.state = State::Closing;
        let path = self.stream_path();
        for Attached { kind, json } in attached {
            // Of objects in one stream each leaves bytes for the others.
            let whole = is_raw && json.len() as u64 == bytes;
            sink.attachment(Attachment { kind, path: path.to_owned(), json, whole });
        }
        io.flush(path, kept, sink);
    }

    fn hand_over(&mut self, source: &dyn ReadAt, sink: &mut dyn Sink, io: &mut Io) {
        let Some(window) = self.stack.last_mut().map(Layer::window) else { return };
        let (len, ended, cut) = (window.data().len(), window.ended, window.cut);
        sink.bytes(window.data());
        window.consume(len);
        io.progress.bytes_out += len as u64;
        if !ended {
            return fill(&mut self.stack, source, io);
        }
        sink.end_of_bytes(!cut && !self.stack.iter().any(Layer::leaves_bytes));
        self.state = State::Closing;
    }

    /// The entries of a zip that can be read; says what is wrong with the others.
    fn list(&self, source: &dyn ReadAt, sink: &mut dyn Sink, io: &mut Io) -> Vec<(u32, String, ZipEntry)> {
        let outer = self.stream_path();
        let (listed, problem) = zip::list(source, &io.limits);
        if let Some((severity, code, problem)) = problem {
            io.findings.add(severity, code, "", || problem);
            io.flush(outer, 0, sink);
        }
        let mut entries = Vec::with_capacity(listed.len());
        for zip::Listed { name, number, entry } in listed {
            let path = name::inside(outer, &name);
            if !io.job.selects(&path) {
                let bytes_in = entry.map_or(0, |entry| entry.compressed);
                sink.ended(&Ended { path: &path, document: None, format: "", bytes_in, bytes_out: 0, left_out: true });
                continue;
            }
            match entry {
                Ok(entry) => entries.push((number, path, entry)),
                Err(reason) => {
                    io.findings.add(Severity::Error, Code::UnsupportedEntry, "", || {
                        format!("this zip entry cannot be read: {reason}")
                    });
                    io.flush(&path, 0, sink);
                }
            }
        }
        entries
    }

    /// Reads a zip, or a run of its entries, into memory until it is complete.
    fn hold(&mut self, source: &dyn ReadAt, sink: &mut dyn Sink, io: &mut Io) {
        let Some(window) = self.stack.last_mut().map(Layer::window) else { return };
        if window.data().len() > io.limits.held_archive {
            let limit = io.limits.held_archive;
            io.findings.add(Severity::Error, Code::ExpansionLimit, "", || {
                format!("a zip inside another container can have up to {limit} bytes: not opened")
            });
            self.state = State::Closing;
        } else if window.ended {
            let held = BytesSource(std::mem::take(window.tail()));
            let entries = match &mut self.state {
                State::Holding(Some((offset, entries))) => {
                    let offset = *offset;
                    let moved =
                        |(path, entry): (_, ZipEntry)| (path, ZipEntry { header: entry.header - offset, ..entry });
                    std::mem::take(entries).into_iter().map(moved).collect()
                }
                _ => self.list(&held, sink, io).into_iter().map(|(_, path, entry)| (path, entry)).collect(),
            };
            let depth = self.nesting();
            self.stream.holds_entries = true;
            self.state = State::Zip(Box::new(Held { source: held, entries, depth, current: None }));
        } else {
            fill(&mut self.stack, source, io);
        }
    }

    /// Leaves the stream on top; goes on with the tar archive it stands in, if any.
    fn close(&mut self, sink: &mut dyn Sink, io: &mut Io) -> Outcome {
        io.flush(self.stream_path(), 0, sink);
        self.end_stream(sink);
        while let Some(layer) = self.stack.last_mut() {
            if let Layer::Tar(tar) = layer
                && !tar.is_over()
            {
                if !io.stopped {
                    tar.leave_member();
                    self.state = State::NextMember;
                    return Outcome::More;
                }
                io.leave_rest();
            }
            self.stack.pop();
        }
        Outcome::Done
    }

    /// The format of the stream on top, in which items of the format `seen` were found.
    fn format_of(&self, seen: Option<&'static str>) -> &'static str {
        match self.stack.last() {
            Some(Layer::Csv(csv)) => csv.name().unwrap_or("CSV"),
            Some(Layer::Lines(_)) => LOG_LINES,
            _ => seen.unwrap_or("JSON"),
        }
    }

    /// Says that the stream on top is done with, unless it is an archive.
    fn end_stream(&mut self, sink: &mut dyn Sink) {
        let Stream { document, format, bytes, holds_entries } = std::mem::take(&mut self.stream);
        let tar = self.stack.iter().rev().find_map(|layer| if let Layer::Tar(tar) = layer { Some(tar) } else { None });
        let bytes_in = match (tar, self.stack.first()) {
            (Some(tar), _) if !tar.in_member() => return,
            (Some(tar), _) => tar.size(),
            (None, Some(Layer::Stretch(stretch))) => stretch.len(),
            (None, _) => 0,
        };
        if !holds_entries {
            let path = self.stream_path();
            sink.ended(&Ended { path, document, format, bytes_in, bytes_out: bytes, left_out: false });
        }
    }

    /// Says of the stream that is being read that it is done with: reading ends early.
    pub(super) fn abandon(&mut self, sink: &mut dyn Sink) {
        match &mut self.state {
            State::Json(json) => {
                self.stream.bytes = json.bytes;
                let seen = json.seen.format;
                self.stream.format = self.format_of(seen);
                self.end_stream(sink);
            }
            State::Zip(held) => held.current.iter_mut().for_each(|walk| walk.abandon(sink)),
            _ => {}
        }
    }

    fn next_member(&mut self, source: &dyn ReadAt, sink: &mut dyn Sink, io: &mut Io) {
        match self.stack.last_mut() {
            Some(Layer::Tar(tar)) if tar.in_member() && !io.job.selects(tar.path()) => {
                let (path, bytes_in) = (tar.path(), tar.size());
                sink.ended(&Ended { path, document: None, format: "", bytes_in, bytes_out: 0, left_out: true });
                tar.leave_member();
            }
            Some(Layer::Tar(tar)) if tar.in_member() => self.state = State::Opening,
            Some(Layer::Tar(tar)) if !tar.is_over() => fill(&mut self.stack, source, io),
            _ => self.state = State::Closing,
        }
    }
}
