//! Any bytes make the same rows whether records are shredded the fast way or the thorough one.
//!
//! Each input is loaded several times over: guesses learnt from the first copy are put to the test by the others.

#![no_main]

#[path = "../../tests/shred_laws/both_ways.rs"]
mod both_ways;

use both_ways::compare;
use libfuzzer_sys::fuzz_target;
use trailscope::ingest::Limits;
use trailscope::store::ShardLimits;

/// Enough for a column to begin to guess.
const COPIES: usize = 20;

fuzz_target!(|text: &[u8]| {
    let line = [text, b"\n"].concat();
    let limits = ShardLimits { segment_rows: 50, ..ShardLimits::default() };
    compare(&line.repeat(COPIES), &Limits::default(), limits);
});
