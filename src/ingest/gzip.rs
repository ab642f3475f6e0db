//! gzip (RFC 1952) as a decoder stage: any number of members, each checked against its CRC-32 and length.
//!
//! What was inflated before damage is kept. A member whose checksum is wrong is kept too and reported. Zero
//! bytes after the last member are padding, as for `zcat`; anything else there is reported.

use flate2::{Decompress, FlushDecompress, Status};

use super::crc::crc32;
use super::layer::{Io, Window};
use crate::base::{Code, Severity};

const MAGIC: &[u8] = &[0x1f, 0x8b];
/// Longest header that is waited for: extra field, name and comment are unbounded or nearly so.
const LONGEST_HEADER: usize = 1 << 17;
const TRAILER: usize = 8;

/// A raw deflate stream with a running checksum.
pub(super) struct Inflate {
    decompress: Decompress,
    /// CRC-32 of what came out so far.
    pub(super) crc: u32,
    /// A guess how much comes out in all, from a length field: untrusted, so capped by the caller.
    pub(super) expected: usize,
}

/// What a call of [`Inflate::run`] came to.
pub(super) enum Run {
    More,
    /// The end of the deflate stream.
    Ended,
    /// No progress without more input.
    Starved,
    Damaged,
}

impl Inflate {
    pub(super) fn new() -> Self {
        Self { decompress: Decompress::new(false), crc: 0, expected: 0 }
    }

    fn restart(&mut self) {
        self.decompress.reset(false);
        self.crc = 0;
    }

    pub(super) fn total_in(&self) -> u64 {
        self.decompress.total_in()
    }

    pub(super) fn total_out(&self) -> u64 {
        self.decompress.total_out()
    }

    /// Inflates a piece of `input` to the end of `out`. Also returns how many bytes came out.
    pub(super) fn run(&mut self, input: &mut Window, out: &mut Vec<u8>, chunk: usize) -> (Run, usize) {
        let before = (self.total_in(), out.len());
        // One more byte than expected lets the end of the stream be seen in the same call.
        out.reserve(if self.total_in() == 0 && self.expected > 0 { self.expected + 1 } else { chunk.max(1) });
        let flush = if input.ended { FlushDecompress::Finish } else { FlushDecompress::None };
        let status = self.decompress.decompress_vec(input.data(), out, flush);
        let consumed = (self.total_in() - before.0) as usize;
        let had_input = !input.data().is_empty();
        input.consume(consumed);
        let produced = &out[before.1..];
        self.crc = crc32(self.crc, produced);
        let run = match status {
            Err(_) => Run::Damaged,
            Ok(Status::StreamEnd) => Run::Ended,
            Ok(_) if consumed > 0 || !produced.is_empty() => Run::More,
            Ok(_) if had_input => Run::Damaged,
            Ok(_) => Run::Starved,
        };
        (run, produced.len())
    }
}

enum At {
    Header,
    Body,
    Trailer,
    /// After a member.
    Between,
}

/// The gzip stage.
pub(super) struct Gunzip {
    pub(super) window: Window,
    at: At,
    inflate: Inflate,
    members: u64,
    /// Bytes that are not gzip follow the last member.
    pub(super) followed: bool,
    /// Totals over all members.
    compressed: u64,
    expanded: u64,
}

impl Gunzip {
    pub(super) fn new() -> Self {
        Self {
            window: Window::default(),
            at: At::Header,
            inflate: Inflate::new(),
            members: 0,
            followed: false,
            compressed: 0,
            expanded: 0,
        }
    }

    /// Does one piece of work on `input`. True if it needs more of it.
    pub(super) fn advance(&mut self, input: &mut Window, io: &mut Io) -> bool {
        match self.at {
            At::Header => match header_len(input.data()) {
                Header::Whole(len) => {
                    input.consume(len);
                    self.begin_member(input, io);
                }
                Header::Partial if input.data().len() > LONGEST_HEADER => self.damaged(io, "has a bad header"),
                Header::Partial if input.ended => self.truncated(input, io),
                Header::Partial => return true,
                Header::Bad => self.damaged(io, "has a bad header"),
            },
            At::Body => {
                let totals = (self.inflate.total_in(), self.inflate.total_out());
                let (run, produced) = self.inflate.run(input, self.window.tail(), io.limits.chunk);
                self.compressed += self.inflate.total_in() - totals.0;
                self.expanded += self.inflate.total_out() - totals.1;
                if !io.expanding(produced, self.compressed, self.expanded) {
                    self.window.end(true);
                    return false;
                }
                match run {
                    Run::More => {}
                    Run::Ended => self.at = At::Trailer,
                    Run::Damaged => self.damaged(io, "is damaged"),
                    Run::Starved if input.ended => self.truncated(input, io),
                    Run::Starved => return true,
                }
            }
            At::Trailer => match input.data().first_chunk::<TRAILER>() {
                Some(&[c0, c1, c2, c3, l0, l1, l2, l3]) => {
                    let crc = u32::from_le_bytes([c0, c1, c2, c3]);
                    let len = u32::from_le_bytes([l0, l1, l2, l3]);
                    if crc != self.inflate.crc || len != self.inflate.total_out() as u32 {
                        let member = self.members;
                        io.findings.add(Severity::Warning, Code::DamagedGzip, "checksum", || {
                            format!("the checksum of gzip member {member} is wrong: what it holds may be altered")
                        });
                    }
                    input.consume(TRAILER);
                    self.at = At::Between;
                }
                None if input.ended => self.truncated(input, io),
                None => return true,
            },
            At::Between => {
                let zeros = input.data().iter().take_while(|&&byte| byte == 0).count();
                input.consume(zeros);
                match input.data() {
                    [] if input.ended => self.window.end(input.cut),
                    [] => return true,
                    [_] if !input.ended => return true,
                    data if data.starts_with(MAGIC) => self.at = At::Header,
                    data => {
                        let len = data.len();
                        let ended = input.ended;
                        io.findings.add(Severity::Warning, Code::TrailingBytes, "", || {
                            let more = if ended { "" } else { " or more" };
                            format!("{len}{more} bytes after the end of the gzip data are not gzip; skipped")
                        });
                        self.followed = true;
                        self.window.end(false);
                    }
                }
            }
        }
        false
    }

    fn begin_member(&mut self, input: &Window, io: &Io) {
        if self.members > 0 {
            self.inflate.restart();
        }
        self.members += 1;
        self.at = At::Body;
        self.inflate.expected = match input.data().last_chunk::<4>() {
            Some(&length) if input.ended => {
                let length = u32::from_le_bytes(length) as usize;
                if length <= io.limits.one_shot { length } else { 0 }
            }
            _ => 0,
        };
    }

    fn damaged(&mut self, io: &mut Io, how: &str) {
        let (member, at) = (self.members, self.expanded);
        io.findings.add(Severity::Error, Code::DamagedGzip, "", || {
            format!("gzip member {member} {how} after {at} decoded bytes; the rest is lost")
        });
        self.window.end(true);
    }

    fn truncated(&mut self, input: &Window, io: &mut Io) {
        if !input.cut {
            let at = self.expanded;
            io.findings.add(Severity::Error, Code::TruncatedGzip, "", || {
                format!("the gzip data ends too early, after {at} decoded bytes")
            });
        }
        self.window.end(true);
    }
}

enum Header {
    Whole(usize),
    Partial,
    Bad,
}

fn header_len(data: &[u8]) -> Header {
    const HEADER_CRC: u8 = 2;
    const EXTRA: u8 = 4;
    const NAME: u8 = 8;
    const COMMENT: u8 = 16;
    const RESERVED: u8 = 0xe0;
    if !data.starts_with(&MAGIC[..data.len().min(MAGIC.len())]) {
        return Header::Bad;
    }
    let Some(&[_, _, method, flags, ..]) = data.first_chunk::<10>() else { return Header::Partial };
    if method != 8 || flags & RESERVED != 0 {
        return Header::Bad;
    }
    let mut len = 10;
    if flags & EXTRA != 0 {
        let Some(&[low, high]) = data.get(len..).and_then(|rest| rest.first_chunk::<2>()) else {
            return Header::Partial;
        };
        len += 2 + usize::from(u16::from_le_bytes([low, high]));
    }
    for text in [NAME, COMMENT] {
        if flags & text != 0 {
            let Some(end) = data.get(len..).and_then(|rest| memchr::memchr(0, rest)) else { return Header::Partial };
            len += end + 1;
        }
    }
    len += if flags & HEADER_CRC != 0 { 2 } else { 0 };
    if len <= data.len() { Header::Whole(len) } else { Header::Partial }
}
