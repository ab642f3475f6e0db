//! `verify`: files against what CloudTrail signed.

use super::data;
use super::failure::Failure;
use super::shards::Queue;
use super::{Output, on_one_line};
use crate::base::{Code, Diagnostic, Severity};
use crate::ingest::{Limits, Reader, Step};
use crate::model::selection::Selection;
use crate::query::{Evidence, Found};
use crate::verify::{Advice, Audit, Report, Verdict};
use crate::view::format;
use serde::Serialize;
use std::collections::HashMap;
use std::fmt;
use std::num::NonZeroUsize;
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
    threads: Option<NonZeroUsize>,
}

/// What verification came to.
#[derive(Serialize)]
pub struct Verified {
    #[serde(flatten)]
    report: Report,
    /// Files that could not be read, or not to their end: among the problems of the report, too.
    unread: usize,
}

impl Output for Verified {
    fn exit_code(&self) -> u8 {
        match &self.report {
            report if report.is_wrong() => 1,
            report if report.is_proven() && self.unread == 0 => 0,
            _ => 4,
        }
    }
}

/// Reads everything once and verifies it.
pub fn run(args: &Args) -> Result<Verified, Failure> {
    let paths: Vec<PathBuf> = args.paths.iter().chain(&args.keys).cloned().collect();
    verify(&paths, args.threads, &Selection::default())
}

impl Verified {
    /// What is known of each file.
    pub fn report(&self) -> &Report {
        &self.report
    }
}

/// Verifies what lies at these paths, as far as it is selected.
pub fn verify(paths: &[PathBuf], threads: Option<NonZeroUsize>, selection: &Selection) -> Result<Verified, Failure> {
    let queue = Queue::new(data::files(paths)?, selection);
    let threads = threads.or_else(|| thread::available_parallelism().ok()).map_or(1, NonZeroUsize::get);
    let mut all = Evidence::default();
    thread::scope(|scope| {
        let readers: Vec<_> = (0..threads).map(|_| scope.spawn(|| read_from(&queue))).collect();
        for reader in readers {
            let part = reader.join().map_err(|_| Failure::io("thread", "a worker thread stopped"))?;
            all.append(part);
        }
        Ok::<(), Failure>(())
    })?;
    let Found { streams, unnamed, attachments, diagnostics } = all.finish();
    let mut audit = Audit::new(&attachments);
    while audit.step() {}
    let paths = streams.iter().map(|stream| stream.path.as_str()).chain(audit.digest_paths());
    let of_keys = selection.for_keys(paths);
    let mut report = audit.finish(&streams, &unnamed, &|key| of_keys.keeps(key));
    let unread = diagnostics.len();
    report.problems.extend(diagnostics.into_iter().map(|found| format!("{}: {}", found.file, found.message)));
    Ok(Verified { report, unread })
}

/// What one thread reads.
fn read_from(queue: &Queue) -> Evidence {
    let mut evidence = Evidence::default();
    let mut sources = HashMap::new();
    while let Some((file, job)) = queue.take() {
        let source = match sources.entry(file) {
            std::collections::hash_map::Entry::Occupied(known) => known.into_mut(),
            std::collections::hash_map::Entry::Vacant(place) => match queue.open(file) {
                Ok(source) => place.insert(source),
                Err(reason) => {
                    let finding = Diagnostic::new(Severity::Error, Code::Unreadable, &job.path, reason);
                    evidence.note(finding);
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

impl fmt::Display for Verified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { report, .. } = self;
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
        for key in report.keys.iter().filter(|key| key.used > 0) {
            let used = format::plural(key.used, "signature", "signatures");
            writeln!(f, "key {}: {used}; from {}", on_one_line(&key.fingerprint), on_one_line(&key.path))?;
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
