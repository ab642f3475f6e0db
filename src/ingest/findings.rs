//! Collects diagnostics so that a million bad lines become one entry.

use super::{Limits, Sink};
use crate::base::{Code, Diagnostic, Severity};

/// Findings about the stream being read, and the account of what was already handed over.
pub(super) struct Findings {
    /// Pending, all about the same stream. `kind` tells findings of one code apart.
    pending: Vec<(&'static str, Diagnostic)>,
    handed_over: usize,
    /// Beyond the limit: one entry for a code and severity, about the whole job. What is lost is not summed up with what
    /// is only worth knowing, or it could be hidden behind that.
    overflow: Vec<Diagnostic>,
}

impl Findings {
    pub(super) fn new() -> Self {
        Self { pending: Vec::new(), handed_over: 0, overflow: Vec::new() }
    }

    /// Notes one finding about the stream being read. `message` is asked for the first one of its kind only.
    pub(super) fn add(&mut self, severity: Severity, code: Code, kind: &'static str, message: impl FnOnce() -> String) {
        match self.pending.iter_mut().find(|(known, finding)| *known == kind && finding.code == code) {
            Some((_, finding)) => finding.count += 1,
            None => self.pending.push((kind, Diagnostic::new(severity, code, "", message()))),
        }
    }

    /// Whether anything was said about what the text holds, rather than how it was encoded.
    pub(super) fn any_about_content(&self) -> bool {
        self.pending.iter().any(|(_, finding)| finding.code != Code::RepairedText)
    }

    /// Whether this was said about the stream being read.
    pub(super) fn has(&self, code: Code) -> bool {
        self.pending.iter().any(|(_, finding)| finding.code == code)
    }

    /// Hands the pending findings over, as being about the stream at `path`, of which `kept` events were read.
    pub(super) fn flush(&mut self, path: &str, kept: u64, limits: &Limits, sink: &mut dyn Sink) {
        for (_, mut finding) in self.pending.drain(..) {
            if is_loss_of_rest(finding.code) {
                let events = if kept == 1 { "event is" } else { "events are" };
                finding.message += &format!("; {kept} {events} kept");
            }
            if self.handed_over < limits.diagnostics {
                self.handed_over += 1;
                sink.diagnostic(Diagnostic { file: path.to_owned(), ..finding });
                continue;
            }
            let is_same = |sum: &&mut Diagnostic| (sum.code, sum.severity) == (finding.code, finding.severity);
            if let Some(sum) = self.overflow.iter_mut().find(is_same) {
                sum.count += finding.count;
            } else {
                let message = format!("further entries of this archive, the first being: {}", finding.message);
                self.overflow.push(Diagnostic { message, ..finding });
            }
        }
    }

    /// Hands over the sums of what went beyond the limit.
    pub(super) fn flush_overflow(&mut self, path: &str, sink: &mut dyn Sink) {
        for finding in self.overflow.drain(..) {
            sink.diagnostic(Diagnostic { file: path.to_owned(), ..finding });
        }
    }
}

/// Whether the finding means that a stream was read up to some point only.
fn is_loss_of_rest(code: Code) -> bool {
    matches!(
        code,
        Code::TruncatedJson
            | Code::TruncatedGzip
            | Code::DamagedGzip
            | Code::DamagedArchive
            | Code::ExpansionLimit
            | Code::Unreadable
    )
}
