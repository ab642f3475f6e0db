//! The import report of one engine: what reading said about each file and entry, joined with what its rows tell.
//!
//! Reading only notes what it has at hand when a file or entry ends. Time ranges, duplicates, accounts and Regions are
//! read off the columns when somebody asks, and kept until there are more rows.

use super::conflicts;
use crate::base::{Code, Diagnostic, EpochMs};
use crate::ingest::{DocumentId, Ended};
use crate::model::object_key::ObjectKey;
use crate::model::report::{FileKey, FileQuestion, FileRow, FileTotals, FilesPart, Finding, Occurrences};
use crate::model::value::Scalar;
use crate::store::{PathTree, Segment, Shard, UNDATED};
use std::collections::{BTreeMap, HashMap};

/// Names that are kept of what was left out of one engine; all are counted.
const LISTED_LEFT_OUT: u64 = 10_000;

/// Accounts and Regions that are named for one file, and characters of each.
const NAMED: usize = 16;
const LONGEST_NAME: usize = 64;

/// One dropped file or archive entry, or an archive about which there is something to tell.
struct Entry {
    file: u32,
    entry: u32,
    number: u32,
    /// The shard's number of the stream of records in it, and with it the path.
    document: Option<u32>,
    path: Box<str>,
    format: &'static str,
    bytes_in: u64,
    bytes_out: u64,
    findings: Vec<Finding>,
    /// It is no file to be read, but something is to be told about it.
    is_archive: bool,
}

/// Everything that was read, in the order in which it ended.
#[derive(Default)]
pub struct Register {
    entries: Vec<Entry>,
    /// Entries that were not to be read.
    left_out: u64,
    bytes_in: u64,
    /// Where the entries of the job begin that is being read.
    job: usize,
}

impl Register {
    /// A job begins: what is added from now on stands in it.
    pub fn begin(&mut self) {
        self.job = self.entries.len();
    }

    /// Books bytes read from files.
    pub fn book_read(&mut self, bytes: u64) {
        self.bytes_in += bytes;
    }

    /// Adds what ended. `file` and `job` say where it was read, `document` is the shard's number of its records.
    pub fn add(&mut self, (file, job): (u32, u32), ended: &Ended, document: Option<u32>, mut findings: Vec<Finding>) {
        if ended.left_out {
            findings.push(Finding::not_selected());
            self.left_out += 1;
            if self.left_out > LISTED_LEFT_OUT {
                return;
            }
        }
        let id = ended.document.unwrap_or(DocumentId { entry: job, inner: 0 });
        self.entries.push(Entry {
            file,
            entry: id.entry,
            number: (self.entries.len() - self.job) as u32,
            document,
            path: if document.is_some() { Box::default() } else { ended.path.into() },
            format: ended.format,
            bytes_in: ended.bytes_in,
            bytes_out: ended.bytes_out,
            findings,
            is_archive: false,
        });
    }

    /// Adds what is to be told about an archive, or about an entry that could not be opened.
    pub fn add_archive(&mut self, (file, entry): (u32, u32), finding: Diagnostic) {
        if let Some(known) =
            self.entries[self.job..].last_mut().filter(|known| known.is_archive && *known.path == *finding.file)
        {
            return known.findings.push(finding.into());
        }
        self.entries.push(Entry {
            file,
            entry,
            number: (self.entries.len() - self.job) as u32,
            document: None,
            path: finding.file.as_str().into(),
            format: "",
            bytes_in: 0,
            bytes_out: 0,
            findings: vec![finding.into()],
            is_archive: true,
        });
    }

    /// Adds what the store found out about the records of the job's documents.
    pub fn tell(&mut self, findings: Vec<(u32, Finding)>) {
        if findings.is_empty() {
            return;
        }
        let places: HashMap<u32, usize> = self
            .entries
            .iter()
            .enumerate()
            .skip(self.job)
            .filter_map(|(at, entry)| Some((entry.document?, at)))
            .collect();
        for (document, finding) in findings {
            if let Some(&at) = places.get(&document) {
                self.entries[at].findings.push(finding);
            }
        }
    }

    /// Heap bytes held.
    pub fn heap_bytes(&self) -> usize {
        let of = |entry: &Entry| {
            let messages = entry.findings.iter().map(|finding| finding.message.capacity() + size_of::<Finding>());
            entry.path.len() + messages.sum::<usize>()
        };
        self.entries.capacity() * size_of::<Entry>() + self.entries.iter().map(of).sum::<usize>()
    }

    /// The lines that are wanted.
    pub fn answer(&self, shard: &Shard, seen: &Seen, question: &FileQuestion) -> FilesPart {
        let mut part = FilesPart::default();
        part.totals.bytes_in = self.bytes_in;
        if self.left_out > 0 {
            part.totals.problems.insert(Code::NotSelected, Occurrences { files: self.left_out, times: self.left_out });
        }
        let mut wanted = Vec::new();
        for entry in &self.entries {
            let rows = entry.rows(seen);
            entry.add_to(&mut part.totals, seen);
            let findings = || entry.findings(seen);
            if question.filter.passes(
                rows.events.into(),
                rows.duplicates.into(),
                findings().map(|f| (f.severity, f.code)),
            ) && question.finds(entry.path(shard), entry.format, findings().map(|f| f.code))
            {
                wanted.push(entry);
            }
        }
        part.wanted = wanted.len() as u64;
        let limit = question.limit as usize;
        let order = |a: &&Entry, b: &&Entry| question.compare(&a.key(shard, seen), &b.key(shard, seen));
        if wanted.len() > limit && limit > 0 {
            wanted.select_nth_unstable_by(limit - 1, order);
        }
        wanted.truncate(limit);
        part.rows = wanted.into_iter().map(|entry| entry.row(shard, seen)).collect();
        part
    }
}

impl Entry {
    fn path<'e>(&'e self, shard: &'e Shard) -> &'e str {
        self.document.map_or(&self.path, |document| &shard.document(document).path)
    }

    fn rows(&self, seen: &Seen) -> Rows {
        self.document.and_then(|document| seen.rows.get(document as usize)).copied().unwrap_or_default()
    }

    fn is_left_out(&self) -> bool {
        self.findings.iter().any(|finding| finding.code == Code::NotSelected)
    }

    /// What reading said and what the comparison of eventIDs did.
    fn findings<'e>(&'e self, seen: &'e Seen) -> impl Iterator<Item = &'e Finding> {
        let conflict = self.document.and_then(|document| seen.conflicts.get(&document));
        self.findings.iter().chain(conflict)
    }

    fn add_to(&self, totals: &mut FileTotals, seen: &Seen) {
        if self.is_left_out() {
            return;
        }
        let rows = self.rows(seen);
        totals.entries += u64::from(!self.is_archive);
        totals.events += u64::from(rows.events);
        totals.duplicates += u64::from(rows.duplicates);
        totals.bytes_out += self.bytes_out;
        self.findings(seen).for_each(|finding| totals.tell(finding.code, finding.count));
    }

    fn key<'e>(&'e self, shard: &'e Shard, seen: &Seen) -> FileKey<'e> {
        let rows = self.rows(seen);
        FileKey {
            path: self.path(shard),
            format: self.format,
            events: rows.events.into(),
            bytes_in: self.bytes_in,
            first: rows.first(),
            severity: self.findings(seen).map(|finding| finding.severity).max(),
            place: (self.file, self.entry, self.number),
        }
    }

    fn row(&self, shard: &Shard, seen: &Seen) -> FileRow {
        let (path, rows) = (self.path(shard), self.rows(seen));
        let (accounts, regions) = match ObjectKey::parse(path) {
            Some(key) => (vec![key.account.to_owned()], vec![key.region.to_owned()]),
            None => self.document.and_then(|document| seen.places.get(&document)).cloned().unwrap_or_default(),
        };
        FileRow {
            path: path.into(),
            format: self.format.into(),
            events: rows.events.into(),
            duplicates: rows.duplicates.into(),
            bytes_in: self.bytes_in,
            bytes_out: self.bytes_out,
            first: rows.first(),
            last: (rows.last != i64::MIN).then_some(EpochMs(rows.last)),
            accounts,
            regions,
            problems: self.findings(seen).cloned().collect(),
            place: (self.file, self.entry, self.number),
        }
    }
}

/// What the rows of one document tell.
#[derive(Clone, Copy)]
struct Rows {
    events: u32,
    duplicates: u32,
    first: i64,
    last: i64,
}

impl Default for Rows {
    fn default() -> Self {
        Self { events: 0, duplicates: 0, first: i64::MAX, last: i64::MIN }
    }
}

impl Rows {
    fn first(self) -> Option<EpochMs> {
        (self.first != i64::MAX).then_some(EpochMs(self.first))
    }
}

/// What the rows of all documents tell.
pub struct Seen {
    rows: Vec<Rows>,
    /// What there is to tell about events that are in conflict with others.
    conflicts: BTreeMap<u32, Finding>,
    /// Accounts and Regions of the events of documents whose path does not say them.
    places: HashMap<u32, (Vec<String>, Vec<String>)>,
}

impl Seen {
    /// Looks at all sealed rows.
    pub fn new(shard: &Shard) -> Self {
        let mut rows = vec![Rows::default(); shard.documents().len()];
        for segment in shard.segments() {
            for run in runs(&segment.documents) {
                let of = &mut rows[segment.documents[run.start] as usize];
                of.events += run.len() as u32;
                for &time in segment.times[run].iter().filter(|&&time| time != UNDATED) {
                    of.first = of.first.min(time);
                    of.last = of.last.max(time);
                }
            }
            segment.duplicates.for_each(|row| rows[segment.documents[row] as usize].duplicates += 1);
        }
        Self { rows, conflicts: conflicts::findings(shard), places: places(shard) }
    }

    /// How many documents there were.
    pub fn documents(&self) -> usize {
        self.rows.len()
    }
}

/// Stretches of equal numbers.
fn runs(numbers: &[u32]) -> impl Iterator<Item = std::ops::Range<usize>> + '_ {
    let mut start = 0;
    numbers.chunk_by(|a, b| a == b).map(move |chunk| {
        let run = start..start + chunk.len();
        start = run.end;
        run
    })
}

fn places(shard: &Shard) -> HashMap<u32, (Vec<String>, Vec<String>)> {
    let nameless: Vec<bool> =
        shard.documents().iter().map(|document| ObjectKey::parse(&document.path).is_none()).collect();
    let mut places = HashMap::new();
    if !nameless.contains(&true) {
        return places;
    }
    for (field, pick) in [("recipientAccountId", 0), ("awsRegion", 1)] {
        let Some(path) = shard.paths().child(PathTree::ROOT, field) else { continue };
        // Files repeat themselves: what was there last is there most of the time.
        let mut last = None;
        for segment in shard.segments() {
            each_text(shard, segment, path, &mut |row, value| {
                let document = segment.documents[row];
                if !nameless[document as usize]
                    || last.as_ref().is_some_and(|(known, text)| (*known, text as &str) == (document, value))
                {
                    return;
                }
                last = Some((document, value.to_owned()));
                let (accounts, regions): &mut (Vec<String>, Vec<String>) = places.entry(document).or_default();
                let list = if pick == 0 { accounts } else { regions };
                let value: String = value.chars().take(LONGEST_NAME).collect();
                if list.len() < NAMED && !list.contains(&value) {
                    list.push(value);
                }
            });
        }
    }
    places.values_mut().for_each(|(accounts, regions): &mut (Vec<String>, Vec<String>)| {
        accounts.sort_unstable();
        regions.sort_unstable();
    });
    places
}

/// Visits the text of a path in each row that has one.
fn each_text(shard: &Shard, segment: &Segment, path: crate::store::PathId, visit: &mut dyn FnMut(usize, &str)) {
    let Some(column) = segment.column(path) else { return };
    let dictionary = shard.dictionary(path);
    column.rows.for_each(|entry, row| {
        column.with(entry, dictionary, |value| {
            if let Scalar::Str(text) = value {
                visit(row, text);
            }
        });
    });
}
