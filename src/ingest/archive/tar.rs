//! tar (POSIX ustar and pax, GNU): a decoder stage whose stream is one member after the other, and the split of
//! a large archive into runs of members.

use crate::base::{Code, Severity};
use crate::ingest::layer::{Io, Window};
use crate::ingest::name;
use crate::ingest::{Job, Part, ReadAt};

const BLOCK: usize = 512;
/// Longest name or pax record that is read.
const LONGEST_NAME: u64 = 1 << 16;

/// Whether `bytes` begin with a tar header: its checksum is right.
pub(in crate::ingest) fn is_header(bytes: &[u8]) -> bool {
    bytes.first_chunk().is_some_and(|block| Header::parse(block).is_some())
}

struct Header {
    size: u64,
    kind: u8,
    name: Vec<u8>,
}

impl Header {
    fn parse(block: &[u8; BLOCK]) -> Option<Self> {
        let sum: u64 = block
            .iter()
            .enumerate()
            .map(|(at, &byte)| if (148..156).contains(&at) { 32 } else { u64::from(byte) })
            .sum();
        if block[0] == 0 || number(&block[148..156])? != sum {
            return None;
        }
        let name = text(&block[..100]);
        let is_posix = &block[257..263] == b"ustar\0";
        let name = match text(&block[345..500]) {
            prefix if is_posix && !prefix.is_empty() => [prefix, b"/", name].concat(),
            _ => name.to_vec(),
        };
        Some(Self { size: number(&block[124..136])?, kind: block[156], name })
    }

    /// Bytes of content with its padding.
    fn padded(&self) -> u64 {
        padded(self.size)
    }
}

fn padded(size: u64) -> u64 {
    size.saturating_add(BLOCK as u64 - 1) / BLOCK as u64 * BLOCK as u64
}

fn text(field: &[u8]) -> &[u8] {
    &field[..field.iter().position(|&byte| byte == 0).unwrap_or(field.len())]
}

/// A number in octal, or in base 256 if the top bit is set.
fn number(field: &[u8]) -> Option<u64> {
    if field[0] & 0x80 != 0 {
        let first = u64::from(field[0] & 0x7f);
        return field[1..].iter().try_fold(first, |sum, &byte| sum.checked_mul(256)?.checked_add(u64::from(byte)));
    }
    let digits = text(field).trim_ascii();
    digits.iter().try_fold(0u64, |sum, &byte| match byte {
        b'0'..=b'7' => sum.checked_mul(8)?.checked_add(u64::from(byte - b'0')),
        _ => None,
    })
}

/// What a member's header records say about the next one.
#[derive(Default)]
struct Extended {
    name: Option<Vec<u8>>,
    size: Option<u64>,
}

impl Extended {
    /// Reads pax records: `LEN KEY=VALUE\n`.
    fn read_pax(&mut self, mut records: &[u8]) {
        while let Some(space) = memchr::memchr(b' ', records) {
            let len = std::str::from_utf8(&records[..space]).ok().and_then(|digits| digits.parse::<usize>().ok());
            let Some(len) = len.filter(|&len| len > space && len <= records.len()) else { return };
            let (record, rest) = records.split_at(len);
            let record = &record[space + 1..];
            let record = record.strip_suffix(b"\n").unwrap_or(record);
            if let Some(path) = record.strip_prefix(b"path=") {
                self.name = Some(path.to_vec());
            } else if let Some(size) = record.strip_prefix(b"size=") {
                self.size = std::str::from_utf8(size).ok().and_then(|digits| digits.parse().ok());
            }
            records = rest;
        }
    }
}

enum At {
    /// A header is next.
    Header,
    /// Content to pass over, then a header.
    Skip(u64),
    /// A name or pax record of this size, and its kind.
    Record(u64, u8),
    /// Content of the member, and its padding.
    Member(u64, u64),
}

/// The tar stage. Its window holds the content of the current member; between members it is empty and not ended.
pub(in crate::ingest) struct Tar {
    pub(in crate::ingest) window: Window,
    /// Path of the archive itself.
    outer: String,
    /// Path of the member that the window is about.
    member: Option<String>,
    /// Its size in bytes.
    size: u64,
    at: At,
    extended: Extended,
    entries: u64,
    /// After a block of zeros, which ends an archive; a further archive may follow.
    zeros: bool,
    over: bool,
}

impl Tar {
    pub(in crate::ingest) fn new(outer: &str) -> Self {
        Self {
            window: Window::default(),
            outer: outer.to_owned(),
            member: None,
            size: 0,
            at: At::Header,
            extended: Extended::default(),
            entries: 0,
            zeros: false,
            over: false,
        }
    }

    /// Path for people of the current member, or of the archive between members.
    pub(in crate::ingest) fn path(&self) -> &str {
        self.member.as_deref().unwrap_or(&self.outer)
    }

    /// Whether a member's content is in the window, to be read by the stages above.
    pub(in crate::ingest) fn in_member(&self) -> bool {
        self.member.is_some()
    }

    /// Size of the current member in bytes.
    pub(in crate::ingest) fn size(&self) -> u64 {
        self.size
    }

    /// Whether there are no more members.
    pub(in crate::ingest) fn is_over(&self) -> bool {
        self.over
    }

    /// Leaves the current member, read to its end or not.
    pub(in crate::ingest) fn leave_member(&mut self) {
        self.window.reset();
        self.member = None;
        if let At::Member(content, padding) = self.at {
            self.at = At::Skip(content.saturating_add(padding));
        }
    }

    /// Does one piece of work on `input`. True if it needs more of it.
    pub(in crate::ingest) fn advance(&mut self, input: &mut Window, io: &mut Io) -> bool {
        match self.at {
            At::Member(0, _) => self.window.end(false),
            At::Member(content, padding) => {
                let Some(len) = self.piece(content, input, io) else { return !self.window.ended };
                self.window.tail().extend_from_slice(&input.data()[..len]);
                input.consume(len);
                self.at = At::Member(content - len as u64, padding);
                if content == len as u64 {
                    self.window.end(false);
                }
            }
            At::Skip(0) => self.at = At::Header,
            At::Skip(left) => {
                let Some(len) = self.piece(left, input, io) else { return !self.over };
                input.consume(len);
                self.at = At::Skip(left - len as u64);
            }
            At::Record(size, kind) => {
                if (input.data().len() as u64) < size {
                    if input.ended {
                        self.broken(input, io, "ends inside a header");
                    }
                    return !self.over;
                }
                let record = &input.data()[..size as usize];
                match kind {
                    b'L' => self.extended.name = Some(text(record).to_vec()),
                    _ => self.extended.read_pax(record),
                }
                self.at = At::Skip(padded(size));
            }
            At::Header => return self.header(input, io),
        }
        false
    }

    /// How many of `left` bytes can be dealt with now.
    fn piece(&mut self, left: u64, input: &Window, io: &mut Io) -> Option<usize> {
        let most = input.data().len().min(io.limits.chunk.max(1));
        let len = usize::try_from(left).unwrap_or(usize::MAX).min(most);
        if len > 0 {
            io.work += len as u64;
            return Some(len);
        }
        if input.ended {
            self.broken(input, io, "ends inside a file");
        }
        None
    }

    fn broken(&mut self, input: &Window, io: &mut Io, how: &str) {
        if !input.cut {
            let entries = self.entries;
            io.findings.add(Severity::Error, Code::DamagedArchive, "", || {
                format!("the tar archive {how}, after {entries} entries")
            });
        }
        self.over = true;
        self.window.end(true);
    }

    fn header(&mut self, input: &mut Window, io: &mut Io) -> bool {
        let Some(block) = input.data().first_chunk::<BLOCK>() else {
            if input.ended {
                if !input.data().is_empty() && !self.zeros {
                    self.broken(input, io, "ends inside a header");
                } else if input.data().iter().any(|&byte| byte != 0) {
                    trailing(io);
                }
                self.over = true;
            }
            return !self.over;
        };
        if block.iter().all(|&byte| byte == 0) {
            self.zeros = true;
            input.consume(BLOCK);
            return false;
        }
        let Some(header) = Header::parse(block) else {
            if !self.zeros {
                self.broken(input, io, "has a damaged header");
            } else {
                trailing(io);
            }
            self.over = true;
            return false;
        };
        self.zeros = false;
        input.consume(BLOCK);
        match header.kind {
            b'L' | b'x' if header.size > LONGEST_NAME => self.at = At::Skip(header.padded()),
            b'L' | b'x' => self.at = At::Record(header.size, header.kind),
            b'g' | b'K' => self.at = At::Skip(header.padded()),
            kind => self.entry(kind, header, io),
        }
        false
    }

    fn entry(&mut self, kind: u8, header: Header, io: &mut Io) {
        let extended = std::mem::take(&mut self.extended);
        let name = extended.name.unwrap_or(header.name);
        let size = extended.size.unwrap_or(header.size);
        self.entries += 1;
        if self.entries > io.limits.entries {
            let limit = io.limits.entries;
            io.findings.add(Severity::Error, Code::ExpansionLimit, "entries", || {
                format!("the tar archive has more than {limit} entries: stopped")
            });
            self.over = true;
            return;
        }
        // POSIX: what has an unknown type is a file.
        let is_file =
            !matches!(kind, b'1'..=b'6' | b'A' | b'D' | b'M' | b'N' | b'S' | b'V' | b'X') && !name.ends_with(b"/");
        if is_file && !name::is_clutter(&name) {
            self.member = Some(name::inside(&self.outer, &name));
            self.size = size;
            self.at = At::Member(size, padded(size) - size);
        } else {
            // Links and directories have no content; a GNU sparse file's is not what it seems.
            let content = if matches!(kind, b'1'..=b'6') { 0 } else { padded(size) };
            if kind == b'S' {
                io.findings.add(Severity::Error, Code::UnsupportedEntry, "", || {
                    "a sparse file in a tar archive is not read".to_owned()
                });
            }
            self.at = At::Skip(content);
        }
    }
}

fn trailing(io: &mut Io) {
    io.findings.add(Severity::Warning, Code::TrailingBytes, "", || {
        "what follows the end of the tar archive is no tar archive; skipped".to_owned()
    });
}

/// Finds the borders between members of a large archive, so that several workers can read it.
pub(in crate::ingest) struct Split {
    next: u64,
    run: u64,
    jobs: Vec<Job>,
    /// The header before was one that belongs to the next.
    mid_entry: bool,
    ahead: (u64, Vec<u8>),
}

impl Split {
    pub(in crate::ingest) fn new() -> Self {
        Self { next: 0, run: 0, jobs: Vec::new(), mid_entry: false, ahead: (0, Vec::new()) }
    }

    /// Looks at one header. The jobs, when the end is reached.
    pub(in crate::ingest) fn advance(&mut self, source: &dyn ReadAt, io: &mut Io) -> Option<Vec<Job>> {
        let header = match self.block(source, io) {
            Some(block) if block.iter().all(|&byte| byte == 0) => {
                self.next += BLOCK as u64;
                return None;
            }
            Some(block) => Header::parse(&block),
            None => None,
        };
        // At the end, or where it is damaged: the last run goes to the end, and its reader reports.
        let Some(header) = header else {
            self.cut_run(source.len(), io);
            return Some(std::mem::take(&mut self.jobs));
        };
        if !self.mid_entry && self.next - self.run >= io.limits.split {
            self.cut_run(self.next, io);
        }
        self.mid_entry = matches!(header.kind, b'L' | b'K' | b'x');
        let content = if matches!(header.kind, b'1'..=b'6') { 0 } else { header.padded() };
        self.next = self.next.saturating_add(BLOCK as u64).saturating_add(content);
        None
    }

    fn cut_run(&mut self, end: u64, io: &Io) {
        if end > self.run {
            let part = Part::Range { offset: self.run, len: end - self.run };
            self.jobs.push(Job { part, entry: self.jobs.len() as u32 + 1, ..io.job.clone() });
            self.run = end;
        }
    }

    fn block(&mut self, source: &dyn ReadAt, io: &mut Io) -> Option<[u8; BLOCK]> {
        let (from, bytes) = &self.ahead;
        let held = self.next.checked_sub(*from).and_then(|at| bytes.get(usize::try_from(at).ok()?..)?.first_chunk());
        if let Some(block) = held {
            return Some(*block);
        }
        let bytes = source.read_at(self.next, io.limits.read.max(BLOCK)).ok()?;
        io.work += bytes.len() as u64;
        self.ahead = (self.next, bytes);
        self.ahead.1.first_chunk().copied()
    }
}
