//! Synthetic trails: gzipped log files in CloudTrail's own layout, for the page's sample, tests and measurements.
//!
//! Entry points: [`builtin`], the sample that the page loads with one click, and [`generate`], any number of events of
//! one of three [`Preset`]s. The same options give the same bytes: the only randomness is a seeded generator, and there
//! is no clock. Names, numbers and addresses are those that AWS and the RFCs keep for documentation.
//!
//! [`layout`] spreads events over time, Regions and files and asks an [`Author`] for one record after the other;
//! memory holds one file at a time. The authors: [`diary`] for everyday life in a small [`company`],
//! [`real`] for records with the measured statistics of real trails, [`adversarial`] for records that share as little
//! as valid ones can. [`builtin`](mod@builtin) is the company with the story of [`incident`]; its bytes never change.

mod adversarial;
mod builtin;
mod clock;
mod company;
mod diary;
mod event;
mod incident;
mod layout;
mod log_file;
mod random;
mod real;
mod weighted;

use crate::base::EpochMs;
use layout::{Author, Layout};

pub use log_file::File;

/// What the records look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preset {
    /// As in real trails: sizes, key orders, errors, and how often neighbours repeat a value. See docs/generator.md.
    Real,
    /// Keys in random order at every level, hardly a value twice, thousands of paths, escapes, deep nesting.
    Adversarial,
    /// A small company: few people, few services, regular.
    Company,
}

/// How events are divided into files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Division {
    /// About so many files, all of the same size.
    Files(u64),
    /// Files of about so many events on average, each with anything from none to double.
    FilesOf(u64),
}

/// What to generate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// What the records look like.
    pub preset: Preset,
    /// Number of different events, exactly.
    pub events: u64,
    /// Other seeds give other events.
    pub seed: u64,
    /// Midnight of the first day.
    pub start: EpochMs,
    /// Days over which the events are spread; at least one.
    pub days: u32,
    /// How events are divided into files.
    pub division: Division,
    /// How many of 1,000 events appear a second time, byte for byte, in another file of their Region, as they do where
    /// exports overlap. They come on top of `events`: `events × duplicates / 1,000`, rounded down in each Region.
    pub duplicates: u32,
}

impl Options {
    /// Events of the preset [`Preset::Real`] over 90 days from 2024, in files of fifty, none of them twice.
    pub const fn new(events: u64, seed: u64) -> Self {
        Self {
            preset: Preset::Real,
            events,
            seed,
            // 2024-01-01T00:00:00Z
            start: EpochMs(1_704_067_200_000),
            days: 90,
            division: Division::FilesOf(50),
            duplicates: 0,
        }
    }
}

/// The built-in sample: two weeks of a small company's account, with an incident in the second one: failed
/// console sign-ins, a storm of denied calls, use of the root user, changed IAM policies, a stopped trail.
pub fn builtin() -> impl Iterator<Item = File> {
    builtin::files()
}

/// The files of a trail, in the order of delivery.
pub fn generate(options: Options) -> impl Iterator<Item = File> {
    let author: Box<dyn Author> = match options.preset {
        Preset::Real => Box::new(real::Everyday::new(options.seed)),
        Preset::Adversarial => Box::new(adversarial::Contrarian),
        Preset::Company => Box::new(diary::Diary),
    };
    Layout::new(options, author)
}
