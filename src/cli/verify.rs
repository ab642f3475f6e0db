//! `verify`: files against what CloudTrail signed.

use super::data;
use super::failure::Failure;
use super::shards::Queue;
use super::{Output, on_one_line};
use crate::base::{Code, Diagnostic, Severity};
use crate::ingest::{DocumentId, Limits, Reader, Sink, Step, Want};
use crate::model::attachment::Attachment;
use crate::model::selection::Selection;
use crate::query::Hasher;
use crate::verify::{Advice, Audit, Report, Verdict};
use serde::Serialize;
use std::collections::HashMap;
use std::fmt;
use std::path::PathBuf;
use std::thread;

/// Files of one verdict that are written out in text: of those that say that something is wrong, and of the others.
const LISTED_WRONG: usize = 100;
const LISTED_OPEN: usize = 3;

/// Arguments of `verify`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Files and folders with log files and digest files.
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,
    /// Output of `aws cloudtrail list-public-keys` or `aws s3api head-object` that lies elsewhere.
    #[arg(long, value_name = "FILE")]
    keys: Vec<PathBuf>,
    /// Threads that read; as many as the machine has by default.
    #[arg(long, value_name = "N")]
    threads: Option<std::num::NonZeroUsize>,
}

/// What verification came to.
#[derive(Serialize)]
#[serde(transparent)]
pub struct Verified(Report);

impl Output for Verified {
    fn exit_code(&self) -> u8 {
        match &self.0 {
            report if report.is_wrong() => 1,
            report if report.is_proven() => 0,
            _ => 4,
        }
    }
}

/// Reads everything once and verifies it.
pub fn run(args: &Args) -> Result<Verified, Failure> {
    let paths: Vec<PathBuf> = args.paths.iter().chain(&args.keys).cloned().collect();
    let queue = Queue::new(data::files(&paths)?, &Selection::default());
    let threads = args.threads.or_else(|| thread::available_parallelism().ok()).map_or(1, std::num::NonZeroUsize::get);
    let mut all = Evidence::default();
    thread::scope(|scope| {
        let readers: Vec<_> = (0..threads).map(|_| scope.spawn(|| Evidence::read_from(&queue))).collect();
        for reader in readers {
            let part = reader.join().map_err(|_| Failure::io("thread", "a worker thread stopped"))?;
            all.hasher.streams.extend(part.hasher.streams);
            all.attachments.extend(part.attachments);
            all.diagnostics.extend(part.diagnostics);
        }
        Ok::<(), Failure>(())
    })?;
    // Threads end in any order; the report must not depend on it.
    all.attachments.sort_by(|a, b| (&a.path, &a.json).cmp(&(&b.path, &b.json)));
    all.hasher.streams.sort_by(|a, b| (&a.path, a.sha256).cmp(&(&b.path, b.sha256)));
    all.diagnostics.sort();
    let mut audit = Audit::new(&all.attachments);
    while audit.step() {}
    let mut report = audit.finish(&all.hasher.streams, &|_| true);
    report.problems.extend(all.diagnostics.into_iter().map(|found| format!("{}: {}", found.file, found.message)));
    Ok(Verified(report))
}

/// What one thread has read.
#[derive(Default)]
struct Evidence {
    hasher: Hasher,
    attachments: Vec<Attachment>,
    /// What cannot be read.
    diagnostics: Vec<Diagnostic>,
}

impl Evidence {
    fn read_from(queue: &Queue) -> Self {
        let mut evidence = Self::default();
        let mut sources = HashMap::new();
        while let Some((file, job)) = queue.take() {
            let source = match sources.entry(file) {
                std::collections::hash_map::Entry::Occupied(known) => known.into_mut(),
                std::collections::hash_map::Entry::Vacant(place) => match queue.open(file) {
                    Ok(source) => place.insert(source),
                    Err(reason) => {
                        let finding = Diagnostic::new(Severity::Error, Code::Unreadable, &job.path, reason);
                        evidence.diagnostics.push(finding);
                        queue.done([]);
                        continue;
                    }
                },
            };
            let mut reader = Reader::open(job, Limits::default());
            let parts = loop {
                match reader.step(source.as_ref(), &mut evidence) {
                    Step::More(_) => {}
                    Step::Split(jobs) => break jobs,
                    Step::Done(_) => break Vec::new(),
                }
            };
            if parts.is_empty() {
                sources.remove(&file);
            }
            queue.done(parts.into_iter().map(|job| (file, job)));
        }
        evidence
    }
}

impl Sink for Evidence {
    fn want(&mut self, path: &str, is_gzip: bool) -> Want {
        match self.hasher.want(path, is_gzip) {
            // Digest files and keys are known by their content.
            Want::Nothing => Want::Content,
            want => want,
        }
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.hasher.bytes(bytes);
    }

    fn end_of_bytes(&mut self, whole: bool) {
        self.hasher.end_of_bytes(whole);
    }

    fn document(&mut self, _: DocumentId, _: &str) {}

    fn record(&mut self, _: DocumentId, _: u64, _: &[u8]) {}

    fn attachment(&mut self, attachment: Attachment) {
        self.attachments.push(attachment);
    }

    fn diagnostic(&mut self, diagnostic: Diagnostic) {
        // What is not a log file is nothing to complain about here.
        if diagnostic.severity > Severity::Note && !matches!(diagnostic.code, Code::UnknownFormat | Code::NotAnEvent) {
            self.diagnostics.push(diagnostic);
        }
    }
}

impl fmt::Display for Verified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(report) = self;
        writeln!(f, "{}", on_one_line(&report.summary))?;
        for chain in &report.chains {
            for gap in &chain.breaks {
                let (from, to) = (gap.from.to_rfc3339(), gap.to.to_rfc3339());
                let line = format!("{} {} {}: {}", chain.account, chain.region, chain.trail, gap.reason);
                writeln!(f, "break  {from} to {to}  {}", on_one_line(&line))?;
            }
        }
        for verdict in Verdict::ALL.into_iter().filter(|verdict| *verdict != Verdict::Valid) {
            let digests = report.digests.iter().filter(|digest| digest.verdict == verdict);
            let digests = digests.map(|digest| Line {
                what: "digest file",
                name: digest.path.as_ref().unwrap_or(&digest.object),
                reason: &digest.reason,
                expected: digest.expected.as_deref(),
                found: digest.found.as_deref(),
            });
            let signs = report.sign_files.iter().filter(|file| file.verdict == verdict);
            let signs = signs.map(|file| Line {
                what: "sign file",
                name: &file.path,
                reason: &file.reason,
                expected: None,
                found: None,
            });
            let files = report.files.iter().filter(|file| file.verdict == verdict);
            let files = files.filter_map(|file| {
                let (expected, found) = (file.expected.as_deref(), file.found.as_deref());
                let name = file.path.as_ref().or(file.object.as_ref())?;
                Some(Line { what: "log file", name, reason: &file.reason, expected, found })
            });
            write_lines(f, verdict, digests.chain(signs).chain(files))?;
        }
        for problem in &report.problems {
            writeln!(f, "{}", on_one_line(problem))?;
        }
        for Advice { text, command } in &report.advice {
            writeln!(f, "{text}")?;
            if let Some(command) = command {
                writeln!(f, "  {command}")?;
            }
        }
        Ok(())
    }
}

/// One file in text.
struct Line<'a> {
    what: &'static str,
    name: &'a str,
    reason: &'a str,
    expected: Option<&'a str>,
    found: Option<&'a str>,
}

fn write_lines<'a>(f: &mut fmt::Formatter, verdict: Verdict, mut lines: impl Iterator<Item = Line<'a>>) -> fmt::Result {
    let listed = if verdict.is_wrong() { LISTED_WRONG } else { LISTED_OPEN };
    for Line { what, name, reason, expected, found } in lines.by_ref().take(listed) {
        writeln!(f, "{what} {}: {}: {}", verdict.words(), on_one_line(name), on_one_line(reason))?;
        if let (Verdict::Modified, Some(expected), Some(found)) = (verdict, expected, found) {
            writeln!(f, "  expected {}\n  found    {found}", on_one_line(expected))?;
        }
    }
    match lines.count() {
        0 => Ok(()),
        more => writeln!(f, "… and {more} more {}; --json lists all", verdict.words()),
    }
}
