//! A synthetic trail: gzipped log files in CloudTrail's own layout, with the statistical shape of real ones.
//!
//! Entry points: [`builtin`], the sample that the page loads with one click, and [`generate`], any number of
//! events for tests and measurements. The same options give the same bytes: the only randomness is a seeded
//! generator, and there is no clock. Names, numbers and addresses are those that AWS and RFC 5737 keep for
//! documentation.
//!
//! [`company`] says who does what how often, [`event`] writes one record, [`incident`] is the story in the
//! built-in sample, and this file spreads events over time and files: by day and night, unordered within a file,
//! delivered some minutes after they happened.

mod company;
mod event;
mod incident;
mod random;

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::base::EpochMs;
use crate::base::time::{DAY, HOUR, MINUTE};
use company::{ACCOUNT, ACTORS, Actor, REGIONS};
use event::Scene;
use incident::Happening;
use random::Random;

/// What to generate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Number of events, exactly.
    pub events: u64,
    /// Other seeds give other events.
    pub seed: u64,
    /// Midnight of the first day.
    pub start: EpochMs,
    /// Days over which the events are spread; at least one.
    pub days: u32,
    /// About how many events a file holds; at least one.
    pub files_of: usize,
}

/// One log file of the trail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// `AWSLogs/ACCOUNT/CloudTrail/REGION/YYYY/MM/DD/ACCOUNT_CloudTrail_REGION_YYYYMMDDTHHmmZ_UNIQUE.json.gz`
    pub path: String,
    /// Its gzipped content.
    pub bytes: Vec<u8>,
}

/// The built-in sample: two weeks of a small company's account, with an incident in the second one: failed
/// console sign-ins, a storm of denied calls, use of the root user, changed IAM policies, a stopped trail.
pub fn builtin() -> impl Iterator<Item = File> {
    // Monday 4 March 2024.
    let start = EpochMs(1_709_510_400_000);
    let options = Options { events: 20_000, seed: 7, start, days: 14, files_of: 40 };
    let happenings = incident::happenings(start, options.seed);
    Trail::new(options, happenings, Some(incident::silence(start)))
}

/// A trail of everyday events, without an incident.
pub fn generate(options: Options) -> impl Iterator<Item = File> {
    Trail::new(options, Vec::new(), None)
}

/// Lengths of time whose events may go into one file, in milliseconds: each divides a day.
const SLOTS: [i64; 8] = [5 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 12 * HOUR, DAY];

/// Walks through time slot by slot.
struct Trail {
    options: Options,
    random: Random,
    /// Length of a slot.
    slot: i64,
    /// Start of the next slot.
    next: i64,
    end: i64,
    /// Activity of all slots and of those passed, for spreading the events exactly.
    activity: f64,
    passed: f64,
    written: u64,
    /// Special events, the latest first.
    happenings: Vec<Happening>,
    /// When nothing is logged.
    silence: Option<(EpochMs, EpochMs)>,
    /// Files of the slot, not yet handed out.
    ready: Vec<File>,
}

impl Trail {
    fn new(options: Options, mut happenings: Vec<Happening>, silence: Option<(EpochMs, EpochMs)>) -> Self {
        let days = i64::from(options.days.max(1));
        let wanted = options.files_of.max(1) as f64;
        let per_ms = options.events as f64 / (days * DAY) as f64;
        let slot = SLOTS.into_iter().find(|&slot| per_ms * slot as f64 >= wanted).unwrap_or(DAY);
        happenings.sort_by_key(|happening| std::cmp::Reverse(happening.time));
        let mut trail = Self {
            random: Random::new(options.seed),
            slot,
            next: options.start.0,
            end: options.start.0 + days * DAY,
            activity: 0.0,
            passed: 0.0,
            written: 0,
            happenings,
            silence,
            ready: Vec::new(),
            options,
        };
        trail.activity = (0..days * DAY / slot).map(|number| trail.slot_activity(trail.next + number * slot)).sum();
        trail
    }

    /// How much goes on in the slot that begins at `from`.
    fn slot_activity(&self, from: i64) -> f64 {
        let middle = EpochMs(from + self.slot / 2);
        let share = match self.silence {
            Some((begin, end)) => {
                1.0 - (end.0.min(from + self.slot) - begin.0.max(from)).max(0) as f64 / self.slot as f64
            }
            None => 1.0,
        };
        share * ACTORS.iter().map(|actor| actor.activity(middle)).sum::<f64>()
    }

    fn is_silent(&self, time: EpochMs) -> bool {
        self.silence.is_some_and(|(begin, end)| (begin..end).contains(&time))
    }

    /// Makes the files of the next slot.
    fn fill(&mut self) {
        let from = self.next;
        self.next += self.slot;
        self.passed += self.slot_activity(from);
        let due = if self.next >= self.end {
            self.options.events
        } else {
            (self.options.events as f64 * self.passed / self.activity).min(self.options.events as f64) as u64
        };
        let middle = EpochMs(from + self.slot / 2);
        let weights: Vec<f64> = ACTORS.iter().map(|actor| actor.activity(middle)).collect();
        let mut batches: Vec<Batch> = REGIONS.iter().map(|_| Batch::default()).collect();
        for _ in self.written..due {
            let actor = self.random.weighted(&weights);
            let time = loop {
                let time = EpochMs(from + self.random.below(self.slot as u64 / 1_000) as i64 * 1_000);
                if !self.is_silent(time) {
                    break time;
                }
            };
            self.add(&mut batches, &ACTORS[actor], time);
        }
        self.written = self.written.max(due);
        while let Some(happening) = self.happenings.pop_if(|happening| happening.time.0 < self.next) {
            batches[happening.region].push(&happening.json);
        }
        for (region, batch) in batches.into_iter().enumerate() {
            self.finish(region, batch);
        }
    }

    fn add(&mut self, batches: &mut [Batch], actor: &Actor, time: EpochMs) {
        let operation = self.random.pick_by(actor.operations, |operation| f64::from(operation.weight));
        let region = if operation.is_global() { company::GLOBAL_REGION } else { actor.region(&mut self.random) };
        let json = Scene::new(&mut self.random, time, region).everyday(actor, operation);
        if batches[region].count == 0 {
            let size = self.options.files_of.max(1);
            batches[region].capacity = self.random.between(size.div_ceil(2), size + size / 2);
        }
        batches[region].push(&json);
        if batches[region].count >= batches[region].capacity {
            let batch = std::mem::take(&mut batches[region]);
            self.finish(region, batch);
        }
    }

    /// Closes a file, delivered some minutes after the slot.
    fn finish(&mut self, region: usize, batch: Batch) {
        if batch.count == 0 {
            return;
        }
        let delay = self.random.between(1, 9) as i64;
        let delivered = EpochMs(self.next).floor_to(5 * MINUTE).0 + delay * MINUTE;
        let at = EpochMs(delivered).civil();
        let region = REGIONS[region].name;
        let unique = self.random.text(16, b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");
        let (year, month, day) = (at.year, at.month, at.day);
        let (hour, minute) = (at.hour, at.minute);
        let path = format!(
            "AWSLogs/{ACCOUNT}/CloudTrail/{region}/{year:04}/{month:02}/{day:02}/{ACCOUNT}_CloudTrail_{region}_\
             {year:04}{month:02}{day:02}T{hour:02}{minute:02}Z_{unique}.json.gz"
        );
        self.ready.push(File { path, bytes: batch.close() });
    }
}

impl Iterator for Trail {
    type Item = File;

    fn next(&mut self) -> Option<File> {
        while self.ready.is_empty() && self.next < self.end {
            self.fill();
        }
        self.ready.pop()
    }
}

/// The content of one file as it grows.
#[derive(Default)]
struct Batch {
    json: Vec<u8>,
    count: usize,
    /// Number of everyday events that make it full.
    capacity: usize,
}

impl Batch {
    fn push(&mut self, event: &str) {
        self.json.extend_from_slice(if self.count == 0 { b"{\"Records\":[" } else { b"," });
        self.json.extend_from_slice(event.as_bytes());
        self.count += 1;
    }

    fn close(mut self) -> Vec<u8> {
        self.json.extend_from_slice(b"]}");
        let mut encoder = GzEncoder::new(Vec::new(), Compression::new(5));
        // Writing to memory does not fail; if it did, the file would be empty and reported as such on reading.
        encoder.write_all(&self.json).and_then(|()| encoder.finish()).unwrap_or_default()
    }
}
