//! The generated trails against real ones: a parser that predicts must not find the synthetic data easier.
//!
//! `trail` measures any trail; docs/generator.md explains the figures and repeats the table that this test computes.

#![allow(clippy::unwrap_used)]

#[path = "ingest/shared_data.rs"]
mod shared_data;
#[path = "generator/trail.rs"]
mod trail;

use trail::{Trail, inflate};
use trailscope::sample::{Division, Options, Preset, generate};

/// As many events in as many files over as short a time as the real set has.
fn generated(preset: Preset) -> Trail {
    let mut trail = Trail::default();
    for file in generate(Options { preset, days: 1, division: Division::FilesOf(53), ..Options::new(2_900, 1) }) {
        trail.add(&inflate(&file.bytes), file.bytes.len());
    }
    trail
}

/// The Invictus set, or a line that says what is skipped.
fn real(test: &str) -> Option<Trail> {
    let folder = "derived/invictus-trail/AWSLogs/218007301253/CloudTrail/us-east-1/2023/07/10";
    let entries = std::fs::read_dir(shared_data::data(test)?.join(folder)).unwrap();
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let mut trail = Trail::default();
    for path in paths {
        let bytes = std::fs::read(path).unwrap();
        trail.add(&inflate(&bytes), bytes.len());
    }
    assert_eq!(trail.events, 2_900);
    Some(trail)
}

/// Name of a figure, its decimals, the figure, and how far it may lie below and above the real one, as a share of that.
type Figure = (&'static str, usize, fn(&Trail) -> f64, f64, f64);

const FIGURES: &[Figure] = &[
    ("bytes an event", 0, |trail| trail.per_event(trail.bytes), 0.1, 0.1),
    ("bytes gzipped", 0, |trail| trail.per_event(trail.compressed), 0.1, 0.25),
    ("leaves an event", 1, |trail| trail.per_event(trail.leaves), 0.1, 0.1),
    ("leaves equal to the record before, %", 1, |trail| trail.share(trail.same), 0.06, 0.0),
    ("leaves seen before in their field, %", 1, |trail| trail.share(trail.seen), 0.05, 0.0),
    ("keys not as after the key before, twice guessed, an event", 2, |trail| trail.per_event(trail.misses), 0.05, 0.25),
    ("orders of keys in all objects", 0, |trail| trail.orders() as f64, 0.25, 0.25),
    ("paths", 0, |trail| trail.paths() as f64, 0.25, 0.25),
    ("events with an error, %", 1, |trail| 100.0 * trail.per_event(trail.errors), 0.2, 0.2),
    ("event names", 0, |trail| trail.distinct(".eventName") as f64, 0.2, 0.2),
    ("access keys", 0, |trail| trail.distinct(".userIdentity.accessKeyId") as f64, 0.25, 0.25),
    ("user agents", 0, |trail| trail.distinct(".userAgent") as f64, 0.1, 0.4),
    ("event times", 0, |trail| trail.distinct(".eventTime") as f64, 0.25, 0.25),
];

#[test]
fn a_generated_trail_is_as_hard_to_predict_as_a_real_one() {
    let Some(real) = real("a_generated_trail_is_as_hard_to_predict_as_a_real_one") else { return };
    let (generated, adversarial) = (generated(Preset::Real), generated(Preset::Adversarial));
    let page = include_str!("../docs/generator.md");
    let mut faults = Vec::new();
    for &(name, decimals, figure, below, above) in FIGURES {
        let (wanted, got) = (figure(&real), figure(&generated));
        let row = format!("| {name} | {wanted:.decimals$} | {got:.decimals$} | {:.decimals$} |", figure(&adversarial));
        println!("{row}");
        if got < wanted * (1.0 - below) || got > wanted * (1.0 + above) {
            faults.push(format!("{name}: {got:.3} is too far from {wanted:.3}"));
        }
        if !page.contains(&row) {
            faults.push(format!("docs/generator.md lacks: {row}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn hardly_anything_can_be_predicted_in_an_adversarial_trail() {
    let trail = generated(Preset::Adversarial);
    assert!(trail.share(trail.same) < 35.0, "{} % equal", trail.share(trail.same));
    assert!(trail.share(trail.seen) < 50.0, "{} % seen", trail.share(trail.seen));
    assert!(trail.per_event(trail.misses) > 25.0, "{} misses", trail.per_event(trail.misses));
    assert!((2_000..8_000).contains(&trail.paths()), "{} paths", trail.paths());
    assert!(trail.distinct(".userAgent") as f64 > 0.99 * trail.events as f64);
}
