//! What is exported and loaded again is what was there, byte for byte, however it was packed and in whatever pieces it
//! left; each file is read once; what cannot be read again is counted and named.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "ingest/archives.rs"]
mod archives;
#[path = "ingest/shared_data.rs"]
mod shared_data;

use archives::{gzip, tar, zip};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use trailscope::base::EpochMs;
use trailscope::ingest::{BytesSource, Job, Limits, ReadAt, Step};
use trailscope::model::export::{ExportFormat, LostRecords};
use trailscope::model::partial::CatalogPart;
use trailscope::model::query::{Answer, Query, Scope, Sort};
use trailscope::pattern;
use trailscope::query::{Engine, Loading};
use trailscope::store::ShardLimits;

/// Milliseconds since the epoch at the first of the times that occur.
const START: i64 = 1_704_067_200_000;

/// Events with anything in them that could break a line, a quote or a bracket.
fn record() -> impl Strategy<Value = String> {
    let text =
        prop_oneof!["[ -~]{0,9}", "[\\\\\"\\[\\]{}:,\n\t=+@-]{0,9}", any::<String>(), Just("\u{2028}\"}]\\".into())];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text.clone().prop_map(Value::from),
    ];
    let tree = leaf.prop_recursive(3, 12, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((text.clone(), inner), 0..4)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    });
    let name = prop::sample::select(vec!["Get", "Put", "List"]);
    (tree, name, prop::option::weighted(0.9, 0i64..600), 0u32..8, any::<bool>()).prop_map(
        |(parameters, name, second, id, is_pretty)| {
            let mut event = json!({
                "eventName": name, "eventID": format!("0b93e3f9-4b65-4b28-9b0c-{id:012}"), "requestParameters": parameters,
            });
            if let Some(second) = second {
                event["eventTime"] = EpochMs(START + second * 1_000).to_rfc3339().into();
            }
            let text = if is_pretty { serde_json::to_string_pretty(&event) } else { serde_json::to_string(&event) };
            text.unwrap()
        },
    )
}

/// One dropped file with these records, in their order.
fn packed(records: &[String], form: usize, container: usize) -> Vec<u8> {
    let wrapped = |wrap: &dyn Fn(&str) -> String| records.iter().map(|record| wrap(record)).collect::<Vec<_>>();
    let quoted = |record: &str| serde_json::to_string(record).unwrap();
    let trail = |records: &[String]| format!("{{\"Records\" : [{}]}}", records.join(" ,\n"));
    let text = match form {
        0 => trail(records),
        1 => records.join("\n"),
        2 => format!("[{}]", records.join(",")),
        3 => format!("{{\"Events\":[{}]}}", wrapped(&|r| format!("{{\"CloudTrailEvent\":{}}}", quoted(r))).join(",")),
        _ => wrapped(&|record| format!("{{\"detail-type\":\"x\",\"detail\":{record}}}")).join("\n"),
    };
    let (first, second) = records.split_at(records.len() / 2);
    let (first, second) = (trail(first), gzip(trail(second).as_bytes()));
    let members: [(&str, &[u8]); 2] = [("a.json", first.as_bytes()), ("b.json.gz", &second)];
    match container {
        0 => text.into_bytes(),
        1 => gzip(text.as_bytes()),
        2 => zip(&members, true),
        3 => gzip(&tar(&members)),
        _ => tar(&members),
    }
}

const FORMS: usize = 5;
const CONTAINERS: usize = 5;

fn load(sources: Vec<Box<dyn ReadAt>>, segment_rows: usize, limits: &Limits) -> Engine {
    let mut engine = Engine::with_limits(7, limits.clone(), ShardLimits { segment_rows, ..ShardLimits::default() });
    for (file, source) in (0..).zip(sources) {
        engine.add_source(file, source);
        let mut jobs = VecDeque::from([Job::whole(format!("file {file}"))]);
        while let Some(job) = jobs.pop_front() {
            let mut loading = Loading::open(&mut engine, file, job);
            loop {
                match loading.step(&mut engine, &mut Vec::new()) {
                    Step::More(_) => {}
                    Step::Split(parts) => break jobs.extend(parts),
                    Step::Done(_) => break,
                }
            }
        }
    }
    engine.seal();
    engine.deduplicate();
    engine
}

fn load_bytes(files: &[Vec<u8>], segment_rows: usize, limits: &Limits) -> Engine {
    let sources = files.iter().map(|bytes| Box::new(BytesSource(bytes.clone())) as Box<dyn ReadAt>);
    load(sources.collect(), segment_rows, limits)
}

struct Exported {
    text: Vec<u8>,
    records: u64,
    lost: Vec<LostRecords>,
    pieces: usize,
}

/// The exported file, put together as the page does. `interrupt` makes the engine begin anew before each piece.
fn export(engine: &mut Engine, scope: &Scope, format: &ExportFormat, budget: u32, interrupt: bool) -> Exported {
    let (mut parts, mut lost, mut pieces) = (Vec::new(), Vec::new(), 0);
    let mut after = None;
    loop {
        let query = Query::Export { scope: scope.clone(), format: format.clone(), after, budget };
        let Answer::Export(piece) = engine.answer(&query).unwrap() else { panic!() };
        pieces += 1;
        let mut rest = piece.bytes.as_slice();
        for part in &piece.parts {
            let (text, after) = rest.split_at(part.len as usize);
            parts.push(((part.file, part.entry), part.records, text.to_vec()));
            rest = after;
        }
        assert!(rest.is_empty());
        lost.extend(piece.lost);
        match piece.next {
            Some(next) => assert!(after.replace(next) < Some(next), "no progress"),
            None => break,
        }
        if interrupt {
            let other = Query::Export { scope: Scope::default(), format: ExportFormat::Ndjson, after: None, budget: 1 };
            engine.answer(&other).unwrap();
        }
    }
    assert!(parts.is_sorted_by_key(|(place, ..)| *place));
    let records = parts.iter().map(|(_, records, _)| records).sum();
    let texts: Vec<_> = parts.into_iter().map(|(_, _, text)| text).collect();
    let text = [&format.head()[..], &texts.join(format.separator()), format.tail()].concat();
    Exported { text, records, lost, pieces }
}

/// All paths that can be asked for; a key with an apostrophe in it cannot.
fn fields(catalog: &CatalogPart) -> Vec<String> {
    catalog.paths.keys().filter(|path| pattern::path::parse(path).is_ok()).cloned().collect()
}

/// Everything the columns know, event by event.
fn contents(engine: &mut Engine) -> (CatalogPart, Vec<String>) {
    let Answer::Catalog(catalog) = engine.answer(&Query::Catalog).unwrap() else { panic!() };
    let (scope, sort) = (Scope { keep_duplicates: true, ..Scope::default() }, Sort::default());
    let query = Query::SortWindow { scope, sort, from: None, len: 1_000, fields: fields(&catalog) };
    let Answer::SortWindow { cells, .. } = engine.answer(&query).unwrap() else { panic!() };
    let mut rows: Vec<_> = cells.iter().map(|row| format!("{row:?}")).collect();
    rows.sort();
    (catalog, rows)
}

fn scope(search: usize, hours: Option<(i64, i64)>, keep_duplicates: bool) -> Scope {
    let (filter, pattern) =
        [("", ""), ("eventName:Get", ""), ("", "{ $.eventName = P* }"), ("nothing-like-this", "")][search];
    let range = hours.map(|(from, to)| (EpochMs(START + from * 60_000), EpochMs(START + to * 60_000)));
    Scope { filter: filter.into(), pattern: pattern.into(), range, keep_duplicates }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_exported_and_loaded_again_is_what_was_there(
        files in prop::collection::vec((prop::collection::vec(record(), 0..9), 0..FORMS, 0..CONTAINERS), 0..4),
        segment_rows in 1usize..12, budget in prop::sample::select(vec![1u32, 300, 1 << 20]),
        split in any::<bool>(), interrupt in any::<bool>(), piece in 1usize..200,
    ) {
        let limits = Limits { split: if split { 1 } else { u64::MAX }, step: piece as u64, read: piece, chunk: piece, one_shot: 0, ..Limits::default() };
        let bytes: Vec<_> = files.iter().map(|(records, form, container)| packed(records, *form, *container)).collect();
        let mut engine = load_bytes(&bytes, segment_rows, &limits);
        let all = Scope { keep_duplicates: true, ..Scope::default() };
        let expected = contents(&mut engine);

        let json = export(&mut engine, &all, &ExportFormat::Json, budget, interrupt);
        let texts: Vec<&str> = files.iter().flat_map(|(records, ..)| records).map(String::as_str).collect();
        prop_assert_eq!(String::from_utf8_lossy(&json.text), format!("{{\"Records\":[\n{}\n]}}\n", texts.join(",\n")));
        prop_assert_eq!((json.records, json.lost), (texts.len() as u64, Vec::new()));
        prop_assert_eq!(contents(&mut load_bytes(&[json.text], segment_rows, &limits)), expected.clone());

        let ndjson = export(&mut engine, &all, &ExportFormat::Ndjson, budget, interrupt);
        let lines: Vec<&str> = std::str::from_utf8(&ndjson.text).unwrap().split_terminator('\n').collect();
        prop_assert_eq!(lines.len(), texts.len());
        for (line, text) in lines.iter().zip(&texts) {
            prop_assert_eq!(serde_json::from_str::<Value>(line).unwrap(), serde_json::from_str::<Value>(text).unwrap());
        }
        prop_assert_eq!(contents(&mut load_bytes(&[ndjson.text], segment_rows, &limits)), expected);
    }

    #[test]
    fn a_scope_exports_its_events_and_no_others(
        files in prop::collection::vec((prop::collection::vec(record(), 0..9), 0..FORMS, 0..CONTAINERS), 1..3),
        search in 0usize..4, hours in prop::option::of((0i64..6, 5i64..11)), keep_duplicates in any::<bool>(),
    ) {
        let bytes: Vec<_> = files.iter().map(|(records, form, container)| packed(records, *form, *container)).collect();
        let mut engine = load_bytes(&bytes, 5, &Limits::default());
        let scope = scope(search, hours, keep_duplicates);
        let Answer::Count(count) = engine.answer(&Query::Count(scope.clone())).unwrap() else { panic!() };
        let json = export(&mut engine, &scope, &ExportFormat::Json, 200, false);
        prop_assert_eq!(json.records, count.matched);
        // The same question about the events exported: all of them pass.
        let mut again = load_bytes(&[json.text], 5, &Limits::default());
        let Answer::Count(count) = again.answer(&Query::Count(scope)).unwrap() else { panic!() };
        prop_assert_eq!((count.matched, count.events), (json.records, json.records));
    }

    #[test]
    fn csv_has_a_line_for_each_event_and_never_a_formula(
        records in prop::collection::vec(record(), 1..9), budget in prop::sample::select(vec![1u32, 1 << 20]),
    ) {
        let mut engine = load_bytes(&[packed(&records, 0, 0)], 3, &Limits::default());
        let Answer::Catalog(catalog) = engine.answer(&Query::Catalog).unwrap() else { panic!() };
        let format = ExportFormat::Csv { fields: fields(&catalog) };
        let all = Scope { keep_duplicates: true, ..Scope::default() };
        let csv = export(&mut engine, &all, &format, budget, false);
        prop_assert_eq!(csv.records, records.len() as u64);
        let rows = rows(&csv.text);
        prop_assert_eq!(rows.len(), records.len() + 1);
        for row in &rows {
            prop_assert_eq!(row.len(), rows[0].len());
            for cell in row {
                let is_number = serde_json::from_str::<f64>(cell).is_ok();
                prop_assert!(is_number || !cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{:?}", cell);
            }
        }
        let column = rows[0].iter().position(|name| name == "eventName").unwrap();
        for (row, record) in rows[1..].iter().zip(&records) {
            prop_assert_eq!(&Value::from(row[column].as_str()), &serde_json::from_str::<Value>(record).unwrap()["eventName"]);
        }
    }
}

/// A strict reader of RFC 4180.
fn rows(text: &[u8]) -> Vec<Vec<String>> {
    let text = std::str::from_utf8(text).unwrap();
    let (mut rows, mut row, mut cell) = (Vec::new(), Vec::new(), String::new());
    let mut chars = text.chars().peekable();
    let mut quoted = false;
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.next_if_eq(&'"').is_some() => cell.push('"'),
            '"' => quoted = !quoted,
            c if quoted => cell.push(c),
            ',' => row.push(std::mem::take(&mut cell)),
            '\r' => {
                assert_eq!(chars.next(), Some('\n'));
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            '\n' => panic!("a bare line feed"),
            c => cell.push(c),
        }
    }
    assert!(row.is_empty() && cell.is_empty() && !quoted);
    rows
}

/// A file that can change, and says how much of it was read.
#[derive(Clone)]
struct Watched {
    bytes: Rc<RefCell<Result<Vec<u8>, String>>>,
    read: Rc<Cell<usize>>,
}

impl Watched {
    fn new(bytes: Vec<u8>) -> Self {
        Self { bytes: Rc::new(RefCell::new(Ok(bytes))), read: Rc::default() }
    }
}

impl ReadAt for Watched {
    fn len(&self) -> u64 {
        self.bytes.borrow().as_ref().map_or(1_000, |bytes| bytes.len() as u64)
    }

    fn read_at(&self, offset: u64, len: usize) -> Result<Vec<u8>, String> {
        let bytes = BytesSource(self.bytes.borrow().clone()?).read_at(offset, len)?;
        self.read.set(self.read.get() + bytes.len());
        Ok(bytes)
    }
}

fn plain(number: usize) -> String {
    format!(r#"{{"eventVersion":"1.08","eventName":"Get","eventID":"{number:06}","x":"{}"}}"#, "x".repeat(90))
}

#[test]
fn pieces_are_bounded_and_each_file_is_read_once() {
    let records: Vec<_> = (0..20_000).map(plain).collect();
    let file = Watched::new(gzip(format!("{{\"Records\":[{}]}}", records.join(",")).as_bytes()));
    let limits = Limits { step: 10_000, one_shot: 0, chunk: 4_096, read: 4_096, ..Limits::default() };
    let mut engine = load(vec![Box::new(file.clone())], 1_000, &limits);
    file.read.set(0);
    let json = export(&mut engine, &Scope::default(), &ExportFormat::Json, 50_000, false);
    assert_eq!(json.records, 20_000);
    assert!(json.pieces >= json.text.len() / 70_000, "{} pieces", json.pieces);
    assert!(file.read.get() as u64 <= file.len() + 4_096, "{} of {} bytes read", file.read.get(), file.len());
}

#[test]
fn what_cannot_be_read_again_is_counted_and_named() {
    let text = |from: usize, to: usize| (from..to).map(plain).collect::<Vec<_>>().join("\n");
    let files: Vec<_> = (0..4).map(|file| Watched::new(text(file * 10, file * 10 + 10).into_bytes())).collect();
    let sources = files.iter().map(|file| Box::new(file.clone()) as Box<dyn ReadAt>).collect();
    let mut engine = load(sources, 100, &Limits::default());
    // One record has another length by now, one file ends early, one cannot be read any more.
    *files[0].bytes.borrow_mut() = Ok(text(0, 10).replace("000004", "4").into_bytes());
    *files[1].bytes.borrow_mut() = Ok(text(10, 13).into_bytes());
    *files[2].bytes.borrow_mut() = Err("the disk is gone".into());
    for budget in [1, 1_000, 1 << 20] {
        let found = export(&mut engine, &Scope::default(), &ExportFormat::Ndjson, budget, false);
        let lost: Vec<_> =
            found.lost.iter().map(|lost| (lost.path.as_str(), lost.records, lost.reason.as_str())).collect();
        let changed = "it does not hold them any more; was it changed?";
        assert_eq!(lost[..2], [("file 0", 6, changed), ("file 1", 7, changed)]);
        assert_eq!((lost[2].0, lost[2].1), ("file 2", 10));
        assert!(lost[2].2.ends_with("the disk is gone"), "{lost:?}");
        assert_eq!(found.records, 4 + 3 + 10);
        let expected = [text(0, 4), text(10, 13), text(30, 40), String::new()].join("\n");
        assert_eq!(String::from_utf8(found.text).unwrap(), expected);
    }
}

#[test]
fn text_that_is_not_quite_json_comes_back_as_it_was() {
    let records = [
        "{\"eventVersion\":\"1.08\",\"eventName\":\"raw\nline\tfeed\"}".as_bytes().to_vec(),
        b"{\"eventVersion\":\"1.08\",\"eventName\":\"not UTF-8 \xff\"}".to_vec(),
        br#"{"eventVersion":"1.08","eventName":"half a pair \ud800"}"#.to_vec(),
        br#"{"eventVersion":"1.08","eventName":"twice","eventName":"twice"}"#.to_vec(),
    ];
    let mut engine = load_bytes(&[records.join(&b'\n')], 100, &Limits::default());
    let json = export(&mut engine, &Scope::default(), &ExportFormat::Json, 1, false);
    assert_eq!(json.text, [&b"{\"Records\":[\n"[..], &records.join(&b",\n"[..]), b"\n]}\n"].concat());
    let ndjson = export(&mut engine, &Scope::default(), &ExportFormat::Ndjson, 1, false);
    assert_eq!(ndjson.text.iter().filter(|byte| **byte == b'\n').count(), 4);
    let expected = contents(&mut engine);
    for text in [json.text, ndjson.text] {
        assert_eq!(contents(&mut load_bytes(&[text], 100, &Limits::default())), expected);
    }
}

#[test]
fn real_archives_come_back() {
    let Some(data) = shared_data::data("real_archives_come_back") else { return };
    let (mut files, mut events) = (0, 0);
    for path in std::fs::read_dir(data.join("derived")).unwrap().map(|entry| entry.unwrap().path()) {
        if !path.is_file() {
            continue;
        }
        let mut engine = load_bytes(&[std::fs::read(&path).unwrap()], 4_096, &Limits::default());
        let all = Scope { keep_duplicates: true, ..Scope::default() };
        let Answer::Count(count) = engine.answer(&Query::Count(all.clone())).unwrap() else { panic!() };
        let json = export(&mut engine, &all, &ExportFormat::Json, 1 << 20, false);
        assert_eq!((json.records, &json.lost[..]), (count.matched, &[][..]), "{}", path.display());
        let mut again = load_bytes(&[json.text], 4_096, &Limits::default());
        let Answer::Count(count_again) = again.answer(&Query::Count(all)).unwrap() else { panic!() };
        assert_eq!(count_again, count, "{}", path.display());
        (files, events) = (files + 1, events + count.matched);
    }
    assert!(files > 10 && events > 10_000, "{files} files, {events} events");
}
