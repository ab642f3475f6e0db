//! What is measured on: a synthetic trail of 90 days, as files, as records and as a loaded engine.

use flate2::read::MultiGzDecoder;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::io::Read;
use trailscope::ingest::{BytesSource, Job, Step};
use trailscope::query::{Engine, Loading};
use trailscope::sample::{File, Options, generate};

const SEED: u64 = 1;

/// The files of a trail of so many events.
pub fn files(events: u64) -> impl Iterator<Item = File> {
    generate(Options::new(events, SEED))
}

/// The text of a file.
pub fn text(file: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    MultiGzDecoder::new(file).read_to_end(&mut text).unwrap();
    text
}

/// The JSON texts of the events in the text of a file.
pub fn records(text: &[u8]) -> Vec<String> {
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Document<'t> {
        #[serde(borrow)]
        records: Vec<&'t RawValue>,
    }
    let document: Document = serde_json::from_slice(text).unwrap();
    document.records.into_iter().map(|record| record.get().to_owned()).collect()
}

/// An engine that has loaded a trail of so many events.
pub fn engine(events: u64) -> Engine {
    let mut engine = Engine::new(SEED);
    for (number, file) in (0..).zip(files(events)) {
        engine.add_source(number, Box::new(BytesSource(file.bytes)));
        let mut loading = Loading::open(&mut engine, number, Job::whole(file.path));
        while !matches!(loading.step(&mut engine, &mut Vec::new()), Step::Done(_)) {}
    }
    engine.seal();
    engine
}
