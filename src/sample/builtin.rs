//! The built-in sample: the company's everyday events over two weeks, and among them the incident.
//!
//! Its own walk through time, slot by slot, because the bytes are pinned: tests, the README's picture and whoever
//! follows the story rely on them. Events come by day and night, unordered within a file, delivered some minutes after
//! they happened.

use super::company::{self, ACTORS, Actor, REGIONS};
use super::event::Scene;
use super::incident::{self, Happening};
use super::log_file::{Content, File, path};
use super::random::Random;
use crate::base::EpochMs;
use crate::base::time::{DAY, HOUR, MINUTE};

/// Monday 4 March 2024.
const START: EpochMs = EpochMs(1_709_510_400_000);
const DAYS: i64 = 14;
const SEED: u64 = 7;
/// Everyday events; those of the incident come on top.
const EVENTS: u64 = 20_000;
/// About how many everyday events a file holds.
const FILES_OF: usize = 40;
/// Length of time whose events may go into one file.
const SLOT: i64 = HOUR;
/// zlib's level of compression.
const LEVEL: u32 = 5;

/// The files of the sample.
pub(super) fn files() -> impl Iterator<Item = File> {
    Trail::new(incident::happenings(START, SEED), incident::silence(START))
}

/// Walks through time slot by slot.
struct Trail {
    random: Random,
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
    silence: (EpochMs, EpochMs),
    /// Files of the slot, not yet handed out.
    ready: Vec<File>,
}

impl Trail {
    fn new(mut happenings: Vec<Happening>, silence: (EpochMs, EpochMs)) -> Self {
        happenings.sort_by_key(|happening| std::cmp::Reverse(happening.time));
        let mut trail = Self {
            random: Random::new(SEED),
            next: START.0,
            end: START.0 + DAYS * DAY,
            activity: 0.0,
            passed: 0.0,
            written: 0,
            happenings,
            silence,
            ready: Vec::new(),
        };
        trail.activity = (0..DAYS * DAY / SLOT).map(|number| trail.slot_activity(START.0 + number * SLOT)).sum();
        trail
    }

    /// How much goes on in the slot that begins at `from`.
    fn slot_activity(&self, from: i64) -> f64 {
        let (begin, end) = self.silence;
        let share = 1.0 - (end.0.min(from + SLOT) - begin.0.max(from)).max(0) as f64 / SLOT as f64;
        share * company::activity(EpochMs(from + SLOT / 2))
    }

    fn is_silent(&self, time: EpochMs) -> bool {
        (self.silence.0..self.silence.1).contains(&time)
    }

    /// Makes the files of the next slot.
    fn fill(&mut self) {
        let from = self.next;
        self.next += SLOT;
        self.passed += self.slot_activity(from);
        let due = if self.next >= self.end {
            EVENTS
        } else {
            (EVENTS as f64 * self.passed / self.activity).min(EVENTS as f64) as u64
        };
        let middle = EpochMs(from + SLOT / 2);
        let weights: Vec<f64> = ACTORS.iter().map(|actor| actor.activity(middle)).collect();
        let mut batches: Vec<Batch> = REGIONS.iter().map(|_| Batch::default()).collect();
        for _ in self.written..due {
            let actor = self.random.weighted(&weights);
            let time = loop {
                let time = EpochMs(from + self.random.below(SLOT as u64 / 1_000) as i64 * 1_000);
                if !self.is_silent(time) {
                    break time;
                }
            };
            self.add(&mut batches, &ACTORS[actor], time);
        }
        self.written = self.written.max(due);
        while let Some(happening) = self.happenings.pop_if(|happening| happening.time.0 < self.next) {
            batches[happening.region].content.push(&happening.json);
        }
        for (region, batch) in batches.into_iter().enumerate() {
            self.finish(region, batch);
        }
    }

    fn add(&mut self, batches: &mut [Batch], actor: &Actor, time: EpochMs) {
        let operation = self.random.pick_by(actor.operations, |operation| f64::from(operation.weight));
        let region = if operation.is_global() { company::GLOBAL_REGION } else { actor.region(&mut self.random) };
        let json = Scene::new(&mut self.random, time, region).everyday(actor, operation);
        if batches[region].content.count() == 0 {
            batches[region].capacity = self.random.between(FILES_OF.div_ceil(2), FILES_OF + FILES_OF / 2);
        }
        batches[region].content.push(&json);
        if batches[region].content.count() >= batches[region].capacity {
            let batch = std::mem::take(&mut batches[region]);
            self.finish(region, batch);
        }
    }

    /// Closes a file, delivered some minutes after the slot.
    fn finish(&mut self, region: usize, batch: Batch) {
        if batch.content.count() == 0 {
            return;
        }
        let delay = self.random.between(1, 9) as i64;
        let delivered = EpochMs(EpochMs(self.next).floor_to(5 * MINUTE).0 + delay * MINUTE);
        let path = path(REGIONS[region].name, delivered, &mut self.random);
        self.ready.push(File { path, bytes: batch.content.close(LEVEL) });
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

/// One file as it grows.
#[derive(Default)]
struct Batch {
    content: Content,
    /// Number of everyday events that make it full.
    capacity: usize,
}
