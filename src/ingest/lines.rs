//! Lines of a log as a decoder stage: what CloudWatch Logs exports to S3 and `aws logs tail` prints, a time, perhaps
//! the name of a stream, and the event. What stands before the event is taken out.
//!
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/S3Export.html>. The lines of `tail` are read as the AWS
//! CLI reference describes them; no real ones were at hand.

use super::layer::{Io, Window};
use crate::base::{Code, Severity};

/// Leaves the events of the lines, a line each.
#[derive(Default)]
pub(super) struct Lines {
    pub(super) window: Window,
    /// The line's event has begun.
    in_event: bool,
    /// The line has begun, its event has not.
    in_prefix: bool,
}

impl Lines {
    /// Sorts a piece of `input`. True if it needs more of it.
    pub(super) fn advance(&mut self, input: &mut Window, io: &mut Io) -> bool {
        let piece = &input.data()[..input.data().len().min(io.limits.chunk.max(1))];
        if piece.is_empty() {
            if input.ended {
                self.leave_line(io);
                self.window.end(input.cut);
            }
            return !input.ended;
        }
        let line_end = memchr::memchr(b'\n', piece);
        let line = &piece[..line_end.map_or(piece.len(), |end| end + 1)];
        let read = line.len();
        if self.in_event {
            self.window.tail().extend_from_slice(line);
        } else if let Some(start) = memchr::memchr(b'{', line) {
            self.in_event = true;
            self.window.tail().extend_from_slice(&line[start..]);
        } else {
            self.in_prefix |= !line.trim_ascii().is_empty();
        }
        if line_end.is_some() {
            self.leave_line(io);
        }
        io.work += read as u64;
        input.consume(read);
        false
    }

    fn leave_line(&mut self, io: &mut Io) {
        if self.in_prefix && !self.in_event {
            io.findings.add(Severity::Warning, Code::NotAnEvent, "line", || {
                "a line of the log is not a CloudTrail event; skipped".to_owned()
            });
        }
        (self.in_event, self.in_prefix) = (false, false);
    }
}

/// Whether a line begins with a time, to the minute at least, and goes on with an object.
pub(super) fn is_log_line(line: &[u8]) -> bool {
    const TIME: &[u8] = b"0000-00-00T00:00";
    let is_time = line.len() > TIME.len()
        && TIME
            .iter()
            .zip(line)
            .all(|(wanted, byte)| if *wanted == b'0' { byte.is_ascii_digit() } else { wanted == byte });
    is_time && line.windows(2).any(|pair| pair == b" {")
}
