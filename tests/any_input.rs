//! Input nobody wrote: whatever is damaged, spliced or made up, nothing panics and what is understood is understood
//! the same in every way. The fuzz targets do the same for longer, and begin from the same seeds.

#![allow(clippy::unwrap_used)]

#[path = "any_input/alarm_rules.rs"]
mod alarm_rules;
#[path = "ingest/archives.rs"]
mod archives;
#[path = "any_input/configuration.rs"]
mod configuration;
#[path = "any_input/event_patterns.rs"]
mod event_patterns;
#[path = "any_input/evidence.rs"]
mod evidence;
#[path = "any_input/files.rs"]
mod files;
#[path = "any_input/filter_patterns.rs"]
mod filter_patterns;
#[path = "any_input/formulas.rs"]
mod formulas;
#[path = "any_input/gzip.rs"]
mod gzip;
#[path = "any_input/links.rs"]
mod links;
#[path = "any_input/searches.rs"]
mod searches;
#[path = "any_input/seeds.rs"]
mod seeds;
#[path = "any_input/workspaces.rs"]
mod workspaces;

use proptest::prelude::*;
use proptest::sample::Index;
use std::path::Path;

/// A fuzz target: its name, what it begins from, and what it does with bytes.
type Target = (&'static str, fn() -> Vec<Vec<u8>>, fn(&[u8]));

const TARGETS: [Target; 13] = [
    ("files", seeds::files, files::any_file),
    ("gzip", seeds::gzips, gzip::any_gzip),
    ("zip", seeds::zips, files::any_file),
    ("tar", seeds::tars, files::any_file),
    ("configuration", seeds::configuration, |bytes| configuration::any_configuration(&String::from_utf8_lossy(bytes))),
    ("evidence", seeds::evidence, |bytes| evidence::any_evidence(&String::from_utf8_lossy(bytes))),
    ("filter_patterns", seeds::filter_patterns, |bytes| {
        filter_patterns::any_filter_pattern(&String::from_utf8_lossy(bytes))
    }),
    ("event_patterns", seeds::event_patterns, |bytes| {
        event_patterns::any_event_pattern(&String::from_utf8_lossy(bytes))
    }),
    ("formulas", seeds::formulas, |bytes| formulas::any_formula(&String::from_utf8_lossy(bytes))),
    ("alarm_rules", seeds::alarm_rules, |bytes| alarm_rules::any_alarm_rule(&String::from_utf8_lossy(bytes))),
    ("searches", seeds::searches, |bytes| searches::any_search(&String::from_utf8_lossy(bytes))),
    ("workspaces", seeds::workspaces, |bytes| workspaces::any_workspace(&String::from_utf8_lossy(bytes))),
    ("links", seeds::links, |bytes| links::any_link(&String::from_utf8_lossy(bytes))),
];

/// A change to a seed.
#[derive(Clone, Debug)]
enum Change {
    Set(Index, u8),
    Insert(Index, Vec<u8>),
    Remove(Index, Index),
    Repeat(Index, Index),
}

fn change() -> impl Strategy<Value = Change> {
    let piece = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..6),
        "[\\[\\]{}(),:\"'\\\\%*<>=!&|~ \n-]{1,4}".prop_map(String::into_bytes),
        "-?[0-9]{1,25}(\\.[0-9]{1,3})?(e[0-9]{1,3})?".prop_map(String::into_bytes),
    ];
    prop_oneof![
        (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Change::Set(at, byte)),
        (any::<Index>(), piece).prop_map(|(at, bytes)| Change::Insert(at, bytes)),
        (any::<Index>(), any::<Index>()).prop_map(|(from, to)| Change::Remove(from, to)),
        (any::<Index>(), any::<Index>()).prop_map(|(from, to)| Change::Repeat(from, to)),
    ]
}

fn apply(bytes: &mut Vec<u8>, change: Change) {
    let len = bytes.len();
    let place = |at: Index| at.index(len + 1);
    let between = |a: Index, b: Index| place(a).min(place(b))..place(a).max(place(b));
    match change {
        Change::Set(at, byte) => bytes.get_mut(place(at)).into_iter().for_each(|old| *old = byte),
        Change::Insert(at, piece) => drop(bytes.splice(place(at)..place(at), piece)),
        Change::Remove(from, to) => drop(bytes.drain(between(from, to))),
        Change::Repeat(from, to) => {
            let piece = bytes[between(from, to)].to_vec();
            bytes.splice(place(to)..place(to), piece);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn changed_input_is_survived(
        target in 0..TARGETS.len(),
        seed in any::<Index>(),
        changes in prop::collection::vec(change(), 0..8),
    ) {
        let (_, seeds, run) = TARGETS[target];
        let mut bytes = seed.get(&seeds()).clone();
        changes.into_iter().for_each(|change| apply(&mut bytes, change));
        run(&bytes);
    }
}

#[test]
fn every_seed_is_something() {
    for (name, seeds, run) in TARGETS {
        assert!(!seeds().is_empty(), "{name}");
        seeds().iter().for_each(|seed| run(seed));
    }
}

/// Where the fuzz targets find what to begin from.
#[test]
fn write_seeds() {
    for (name, seeds, _) in TARGETS {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("seeds").join(name);
        std::fs::create_dir_all(&folder).unwrap();
        for (number, seed) in seeds().iter().enumerate() {
            std::fs::write(folder.join(number.to_string()), seed).unwrap();
        }
    }
}
