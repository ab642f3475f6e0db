//! zip: the list of entries from the central directory, and a decoder stage for one entry.

use rawzip::{CompressionMethod, ReaderAt, ZipLocator};

use crate::base::{Code, Severity};
use crate::ingest::crc::crc32;
use crate::ingest::gzip::{Inflate, Run};
use crate::ingest::layer::{Io, Stretch, Window};
use crate::ingest::name::is_clutter;
use crate::ingest::{Job, Limits, Method, Part, ReadAt, ZipEntry};

/// Bytes of the central directory read at a time; more than its longest record.
const BUFFER: usize = 1 << 20;
const LOCAL_HEADER: usize = 30;
/// Bytes of name and extra fields in a local header that are read along with the data on a guess.
const USUAL_NAMES: usize = 1_024;
/// The most bytes that name and extra fields can have.
const LONGEST_NAMES: u64 = 2 * u16::MAX as u64;
/// Bytes between two entries that are read along with both.
const GAP: u64 = 1 << 16;

/// One thing in an archive.
pub(in crate::ingest) struct Listed {
    pub(in crate::ingest) name: Vec<u8>,
    /// Number in the central directory, from 1.
    pub(in crate::ingest) number: u32,
    /// Its bytes, or why it cannot be read.
    pub(in crate::ingest) entry: Result<ZipEntry, String>,
}

/// Something to say about an archive.
type Problem = (Severity, Code, String);

/// The entries worth reading, in the order of the central directory, and what is wrong with the archive.
pub(in crate::ingest) fn list(source: &dyn ReadAt, limits: &Limits) -> (Vec<Listed>, Option<Problem>) {
    let damaged = |message: String| Some((Severity::Error, Code::DamagedArchive, message));
    let mut buffer = vec![0; BUFFER];
    let archive = match ZipLocator::new().locate_in_reader(At(source), &mut buffer, source.len()) {
        Ok(archive) => archive,
        Err((_, error)) => {
            return (Vec::new(), damaged(format!("the zip archive's directory cannot be found: {error}")));
        }
    };
    let announced = archive.entries_hint();
    let (mut begin, end) = (archive.directory_offset(), archive.end_offset());
    let mut listed = Vec::new();
    let (mut number, mut compressed) = (0u32, 0u64);
    let mut entries = archive.entries(&mut buffer);
    loop {
        let entry = match entries.next_entry() {
            Ok(Some(entry)) => entry,
            Ok(None) if u64::from(number) < announced => {
                return (listed, damaged(format!("the zip archive announces {announced} entries, but lists {number}")));
            }
            Ok(None) => return (listed, outside(begin, source.len().saturating_sub(end))),
            Err(error) => {
                return (listed, damaged(format!("the zip archive's directory breaks off at entry {number}: {error}")));
            }
        };
        number += 1;
        begin = begin.min(entry.local_header_offset());
        if u64::from(number) > limits.entries {
            return (listed, damaged(format!("the zip archive has more than {} entries", limits.entries)));
        }
        let path = entry.file_path();
        let name: &[u8] = path.as_ref();
        if entry.is_dir() || is_clutter(name) {
            continue;
        }
        compressed = compressed.saturating_add(entry.compressed_size_hint());
        if compressed > source.len() {
            return (listed, damaged("the zip archive's entries overlap each other".to_owned()));
        }
        let method = match entry.compression_method() {
            _ if entry.flags().is_encrypted() => Err("it is encrypted".to_owned()),
            CompressionMethod::STORE => Ok(Method::Stored),
            CompressionMethod::DEFLATE => Ok(Method::Deflate),
            other => Err(format!(
                "it is compressed by method {} ({}), not by deflate",
                other.as_u16(),
                other.name().unwrap_or("unknown")
            )),
        };
        let entry = method.map(|method| ZipEntry {
            header: entry.local_header_offset(),
            method,
            compressed: entry.compressed_size_hint(),
            expanded: entry.uncompressed_size_hint(),
            crc: entry.crc32(),
        });
        listed.push(Listed { name: name.to_vec(), number, entry });
    }
}

/// What to say about bytes before the first entry and after the end record: nobody reads them.
fn outside(before: u64, after: u64) -> Option<Problem> {
    let place = match (before, after) {
        (0, 0) => return None,
        (_, 0) => format!("{before} bytes before the zip archive"),
        (0, _) => format!("{after} bytes after the end of the zip archive"),
        _ => format!("{before} bytes before the zip archive and {after} after its end"),
    };
    Some((
        Severity::Warning,
        Code::TrailingBytes,
        format!("{place} are not read; if that is another archive, cut it off and load it by itself"),
    ))
}

/// Jobs for the entries of a large archive of `size` bytes: those that lie next to each other are read together.
pub(in crate::ingest) fn jobs(entries: Vec<(u32, String, ZipEntry)>, size: u64, io: &Io) -> Vec<Job> {
    let mut jobs = Vec::new();
    let mut entries = entries.into_iter().peekable();
    while let Some((number, path, first)) = entries.next() {
        let mut end = least_end(first);
        let mut run = vec![(path, first)];
        let is_next = |end: u64, next: ZipEntry| {
            (end..=end.saturating_add(GAP)).contains(&next.header)
                && least_end(next) - first.header <= io.limits.read as u64
        };
        while let Some((_, path, next)) = entries.next_if(|(_, _, next)| is_next(end, *next)) {
            end = least_end(next);
            run.push((path, next));
        }
        let after = entries.peek().map(|(_, _, next)| next.header);
        let job = |path, part| Job { path, part, entry: number, ..io.job.clone() };
        jobs.push(match <[_; 1]>::try_from(run) {
            Ok([(path, entry)]) => job(path, Part::ZipEntry(entry)),
            Err(entries) => {
                // Where the last one ends is in its local header only; it is not beyond the next.
                let next = after.filter(|next| *next >= end).unwrap_or(size);
                let (offset, end) = (first.header, end.saturating_add(LONGEST_NAMES).min(next));
                job(io.job.path.clone(), Part::ZipRun { offset, len: end.saturating_sub(offset), entries })
            }
        });
    }
    jobs
}

/// Where an entry ends if its local header has neither name nor extra fields.
fn least_end(entry: ZipEntry) -> u64 {
    entry.header.saturating_add(LOCAL_HEADER as u64).saturating_add(entry.compressed)
}

struct At<'a>(&'a dyn ReadAt);

impl ReaderAt for At<'_> {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> std::io::Result<usize> {
        let bytes = self.0.read_at(offset, buffer.len()).map_err(std::io::Error::other)?;
        buffer[..bytes.len()].copy_from_slice(&bytes);
        Ok(bytes.len())
    }
}

/// The stage that turns an entry's bytes into its content and checks it.
pub(in crate::ingest) struct Entry {
    pub(in crate::ingest) window: Window,
    /// `None` for a stored entry.
    inflate: Option<Inflate>,
    stored: u64,
    stored_crc: u32,
    expanded: u64,
    crc: u32,
}

impl Entry {
    /// The entry's bytes in the source and the stage that decodes them: one read for a small entry.
    pub(in crate::ingest) fn open(
        entry: ZipEntry,
        source: &dyn ReadAt,
        io: &mut Io,
    ) -> Result<(Stretch, Self), String> {
        let ZipEntry { header, method, compressed, expanded, crc } = entry;
        let most = usize::try_from(compressed).unwrap_or(usize::MAX).saturating_add(LOCAL_HEADER + USUAL_NAMES);
        let mut bytes = source.read_at(header, most.min(io.limits.read.max(LOCAL_HEADER)))?;
        let names = match bytes.first_chunk::<LOCAL_HEADER>() {
            Some(fixed) if fixed.starts_with(b"PK\x03\x04") => {
                let len = |at: usize| usize::from(u16::from_le_bytes([fixed[at], fixed[at + 1]]));
                len(26) + len(28)
            }
            _ => return Err("the zip archive's directory points to something that is not an entry".to_owned()),
        };
        let start = LOCAL_HEADER + names;
        let from = header + start as u64;
        let end = from.saturating_add(compressed).min(source.len());
        bytes.truncate(usize::try_from(end.saturating_sub(header)).unwrap_or(usize::MAX));
        bytes.drain(..start.min(bytes.len()));
        io.book_read(start + bytes.len());
        let inflate = (method == Method::Deflate).then(|| {
            let mut inflate = Inflate::new();
            inflate.expected = usize::try_from(expanded).ok().filter(|&len| len <= io.limits.one_shot).unwrap_or(0);
            inflate
        });
        let entry = Self { window: Window::default(), inflate, stored: 0, stored_crc: 0, expanded, crc };
        Ok((Stretch::begun(bytes, from, end), entry))
    }

    /// Does one piece of work on `input`. True if it needs more of it.
    pub(in crate::ingest) fn advance(&mut self, input: &mut Window, io: &mut Io) -> bool {
        let Some(inflate) = &mut self.inflate else { return self.copy(input, io) };
        let (run, produced) = inflate.run(input, self.window.tail(), io.limits.chunk);
        if !io.expanding(produced, inflate.total_in(), inflate.total_out()) {
            self.window.end(true);
            return false;
        }
        match run {
            Run::More => {}
            Run::Starved if !input.ended => return true,
            Run::Ended => {
                let found = (inflate.total_out(), inflate.crc);
                self.check(found, io);
            }
            Run::Starved | Run::Damaged => {
                if !input.cut {
                    let at = inflate.total_out();
                    io.findings.add(Severity::Error, Code::DamagedArchive, "", || {
                        format!("the zip entry is damaged after {at} decoded bytes; the rest is lost")
                    });
                }
                self.window.end(true);
            }
        }
        false
    }

    fn copy(&mut self, input: &mut Window, io: &mut Io) -> bool {
        let len = input.data().len().min(io.limits.chunk.max(1));
        if len == 0 && !input.ended {
            return true;
        }
        let piece = &input.data()[..len];
        self.stored_crc = crc32(self.stored_crc, piece);
        self.window.tail().extend_from_slice(piece);
        self.stored += len as u64;
        io.work += len as u64;
        input.consume(len);
        if len == 0 {
            self.check((self.stored, self.stored_crc), io);
            self.window.end(input.cut);
        }
        false
    }

    fn check(&mut self, found: (u64, u32), io: &mut Io) {
        if found != (self.expanded, self.crc) {
            io.findings.add(Severity::Warning, Code::DamagedArchive, "checksum", || {
                "the checksum or length of this zip entry is wrong: what it holds may be altered".to_owned()
            });
        }
        self.window.end(false);
    }
}
