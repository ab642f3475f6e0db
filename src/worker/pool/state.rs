//! How far reading is and what it found, as the page shows it.

use super::queue::Found;
use crate::base::{Code, Diagnostic, Severity};
use crate::model::attachment::Attachment;
use crate::model::report::{FileRow, Finding};
use std::collections::HashMap;

/// What reading is doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LoadPhase {
    /// Nothing was dropped yet.
    #[default]
    Idle,
    /// Files are being read.
    Reading,
    /// All files are read, the workers compare eventIDs.
    Comparing,
    /// Done.
    Done,
    /// A worker cannot run here; see [`LoadState::failure`].
    Failed,
}

/// How far reading is and what it found. Not to be cloned for a look at it: a load may have a finding per file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LoadState {
    /// What reading is doing.
    pub phase: LoadPhase,
    /// Dropped files.
    pub files_total: u64,
    /// Dropped files read to the end.
    pub files_done: u64,
    /// Size of all dropped files in bytes.
    pub bytes_total: u64,
    /// Bytes read from files.
    pub bytes_in: u64,
    /// Bytes after decompression.
    pub bytes_out: u64,
    /// Records read, duplicates included.
    pub records: u64,
    /// Rows taken out as duplicates; known when the phase is `Done`.
    pub duplicates: u64,
    /// Whether the user stopped reading.
    pub cancelled: bool,
    /// Why reading ended before everything was read: the limit of memory, or the user.
    pub unfinished: Option<String>,
    /// Memory of each worker in bytes.
    pub memory: Vec<u64>,
    /// Everything there is to say about files.
    pub diagnostics: Vec<Diagnostic>,
    /// Those that no worker knows of.
    pub own: Vec<Diagnostic>,
    /// Files that were not to be read.
    pub left_out: u64,
    /// Names of the first of them.
    pub left_out_paths: Vec<Box<str>>,
    /// How many of them are no mere notes.
    pub problems: u64,
    /// Rises whenever the diagnostics change.
    pub revision: u64,
    /// What was dropped along with events, in no particular order; it may hold the same file more than once.
    pub attachments: Vec<Attachment>,
    /// Why nothing can be read, in the phase `Failed`.
    pub failure: Option<String>,
    /// Rises whenever new rows or a new set of duplicates may show in answers.
    pub version: u64,
    /// Workers that stopped so far: what was learned from them by number is of no use any more.
    pub lost: u64,
    /// What the attachments cost together.
    pub(super) attached: usize,
}

/// Names that are kept of files that were not to be read.
const LISTED_LEFT_OUT: usize = 10_000;

/// Bytes of attachments that the page keeps.
const ATTACHMENTS: usize = 256 << 20;

impl LoadState {
    /// Lists findings.
    pub(super) fn list(&mut self, findings: impl IntoIterator<Item = Diagnostic>) {
        let before = self.diagnostics.len();
        self.diagnostics.extend(findings);
        let new = &self.diagnostics[before..];
        self.problems += new.iter().filter(|finding| is_problem(finding)).count() as u64;
        self.revision += u64::from(!new.is_empty());
    }

    /// Lists a finding that no worker knows of.
    pub(super) fn list_own(&mut self, finding: Diagnostic) {
        self.own.push(finding.clone());
        self.list([finding]);
    }

    /// Lists what a comparison of eventIDs found, instead of what the one before did.
    pub(super) fn set_conflicts(&mut self, conflicts: Vec<Diagnostic>) {
        let before = self.diagnostics.len();
        self.diagnostics.retain(|finding| finding.code != Code::ConflictingCopies);
        self.problems -= (before - self.diagnostics.len()) as u64;
        self.list(conflicts);
        self.revision += 1;
    }

    /// Counts a file that is not to be read.
    pub(super) fn leave_out(&mut self, path: &str) {
        self.left_out += 1;
        self.revision += 1;
        if self.left_out_paths.len() < LISTED_LEFT_OUT {
            self.left_out_paths.push(path.into());
        }
    }

    /// The lines of the import report that no worker knows of.
    pub fn own_rows(&self) -> impl Iterator<Item = FileRow> + '_ {
        let left_out = self.left_out_paths.iter().map(|path| FileRow::unread(&**path, Finding::not_selected()));
        let own = self.own.iter().map(|finding| FileRow::unread(&*finding.file, finding.clone().into()));
        own.chain(left_out)
    }

    /// Whether reading has ever ended before everything was read. What was dropped later does not bring the rest.
    pub fn was_stopped(&self) -> bool {
        self.own.iter().any(|finding| matches!(finding.code, Code::Cancelled | Code::MemoryLimit))
    }

    /// Keeps what was dropped along with events, as far as there is room.
    pub(super) fn attach(&mut self, attachments: Vec<Attachment>) {
        let mut left_out = None;
        for attachment in attachments {
            if self.attached + attachment.cost() <= ATTACHMENTS {
                self.attached += attachment.cost();
                self.attachments.push(attachment);
            } else {
                left_out = Some(attachment.path);
            }
        }
        let message = "There are more files without events, such as digest files, than are kept; this one is not used.";
        left_out
            .into_iter()
            .for_each(|path| self.list_own(Diagnostic::new(Severity::Warning, Code::SetAside, path, message)));
    }

    /// Takes back what was found in items that will be read again, and nothing that others found in the same files.
    pub(super) fn unlist(&mut self, found: Vec<Found>) {
        let (mut findings, mut paths) = (HashMap::new(), HashMap::new());
        for Found { diagnostics, attachments } in found {
            diagnostics.into_iter().for_each(|finding| *findings.entry(finding).or_insert(0u32) += 1);
            attachments.into_iter().for_each(|path| *paths.entry(path).or_insert(0u32) += 1);
        }
        self.diagnostics.retain(|finding| !takes(findings.get_mut(finding)));
        self.attachments.retain(|attachment| !takes(paths.get_mut(&*attachment.path)));
        self.attached = self.attachments.iter().map(Attachment::cost).sum();
        self.problems = self.diagnostics.iter().filter(|finding| is_problem(finding)).count() as u64;
        self.revision += 1;
    }
}

/// Takes one of so many, if there is one.
fn takes(left: Option<&mut u32>) -> bool {
    let Some(left @ 1..) = left else { return false };
    *left -= 1;
    true
}

fn is_problem(finding: &Diagnostic) -> bool {
    finding.severity > Severity::Note
}
