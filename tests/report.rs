//! The import report and the coverage: lines, what they add up to, and what a selection leaves out, from any number of workers.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "ingest/archives.rs"]
mod archives;
#[path = "worker_laws/hall.rs"]
mod hall;

use archives::{gzip, tar, zip};
use hall::{Hall, event, files};
use serde_json::json;
use trailscope::base::time::{DAY, HOUR};
use trailscope::base::{Code, EpochMs};
use trailscope::model::coverage::{Cell, CoveragePart, LAG_MINUTES, Place};
use trailscope::model::query::{Answer, Query};
use trailscope::model::report::{FileFilter, FileOrder, FileQuestion, FileRow, FilesPart};
use trailscope::model::selection::Selection;
use trailscope::worker::pool::merged;

fn key(region: &str, minute: &str) -> String {
    format!("trail/111122223333_CloudTrail_{region}_{minute}_x.json.gz")
}

fn trail(ids: std::ops::Range<u32>) -> Vec<u8> {
    let records: Vec<_> = ids.map(|id| event(id, id % 300, "GetObject", false)).collect();
    gzip(json!({ "Records": records }).to_string().as_bytes())
}

/// Everything a folder may hold: trail files, archives, damage, other things.
fn folder() -> Vec<(String, Vec<u8>)> {
    let mut folder = files();
    let (one, two) = (key("eu-west-1", "20240501T0005Z"), key("us-east-1", "20240501T1205Z"));
    let digest = gzip(br#"{"digestStartTime":"x","digestEndTime":"y","logFiles":[]}"#);
    let (first, second) = (trail(1_000..1_007), trail(2_000..2_004));
    let entries: Vec<(&str, &[u8])> =
        vec![(&one, &first), (&two, &second), ("digest.json.gz", &digest), ("empty.json", b"")];
    folder.push(("all.zip".into(), zip(&entries, true)));
    folder.push(("all.tar.gz".into(), gzip(&tar(&entries[..3]))));
    folder.push(("empty.json".into(), Vec::new()));
    folder.push(("notes.txt".into(), b"these are no events at all".to_vec()));
    folder.push(("nothing.json".into(), br#"{"Records":[]}"#.to_vec()));
    let good = event(5_000, 10, "PutObject", false).to_string();
    let bad = good.replace("\"eventName\":\"PutObject\"", "\"eventName\":nonsense");
    folder.push(("damaged.json".into(), format!("{{\"Records\":[{good},{bad},{good}").into_bytes()));
    folder
}

fn ask(hall: &mut Hall, question: &FileQuestion) -> FilesPart {
    let answers = hall.ask(Query::Files(question.clone()), None);
    let mut part = merged(answers, |answer| if let Answer::Files(part) = answer { Some(part) } else { None });
    for row in hall.pool.load().own_rows() {
        part.add(row, question);
    }
    part.keep_first(question);
    part
}

fn all() -> FileQuestion {
    FileQuestion { limit: u32::MAX, ..FileQuestion::default() }
}

fn row<'p>(part: &'p FilesPart, path: &str) -> &'p FileRow {
    let mut found = part.rows.iter().filter(|row| row.path == path);
    let row = found.next().unwrap_or_else(|| panic!("{path} is not listed"));
    assert!(found.next().is_none(), "{path} is listed twice");
    row
}

fn codes(row: &FileRow) -> Vec<Code> {
    row.problems.iter().map(|finding| finding.code).collect()
}

#[test]
fn every_file_and_entry_is_listed_with_what_became_of_it() {
    let mut hall = Hall::loaded(2, 3, &folder());
    let part = ask(&mut hall, &all());
    assert_eq!(part.rows.len() as u64, part.wanted);
    assert_eq!(part.wanted, part.totals.entries);
    assert_eq!(part.totals.entries, 11 + 4 + 3 + 4);

    let inside = format!("all.zip › {}", key("us-east-1", "20240501T1205Z"));
    let entry = row(&part, &inside);
    assert_eq!((entry.events, entry.duplicates), (4, 0));
    assert_eq!((entry.accounts.join(","), entry.regions.join(",")), ("111122223333".into(), "us-east-1".into()));
    assert!(entry.bytes_in > 0 && entry.bytes_in < entry.bytes_out, "{entry:?}");
    let at = |id: u32| {
        let time = event(id, id % 300, "", false)["eventTime"].as_str().map(str::to_owned);
        EpochMs::parse(&time.unwrap())
    };
    assert_eq!((entry.first, entry.last), (at(2_000), at(2_003)));

    let copy = row(&part, &inside.replace("all.zip", "all.tar.gz")).clone();
    assert_eq!((copy.events, copy.duplicates, copy.bytes_in), (4, 4, trail(2_000..2_004).len() as u64));
    let plain = row(&part, "logs/03.json");
    assert_eq!((plain.events, plain.duplicates, plain.regions.join(",")), (24, 4, "eu-west-1".into()));
    assert_eq!(plain.bytes_in, plain.bytes_out);

    assert_eq!(codes(row(&part, "empty.json")), [Code::EmptyFile]);
    assert_eq!(codes(row(&part, "all.zip › empty.json")), [Code::EmptyFile]);
    assert_eq!(codes(row(&part, "all.tar.gz › digest.json.gz")), [Code::SetAside]);
    assert_eq!(codes(row(&part, "notes.txt")), [Code::UnknownFormat]);
    assert_eq!(codes(row(&part, "nothing.json")), [Code::NoEvents]);
    let damaged = row(&part, "damaged.json");
    assert_eq!((damaged.events, damaged.duplicates), (2, 1));
    assert_eq!(codes(damaged), [Code::InvalidJson, Code::TruncatedJson]);
}

#[test]
fn the_lines_add_up_to_the_progress() {
    let mut hall = Hall::loaded(3, 5, &folder());
    let part = ask(&mut hall, &all());
    let load = hall.pool.load().clone();
    let totals = &part.totals;
    assert_eq!((totals.events, totals.duplicates), (load.records, load.duplicates));
    assert_eq!((totals.bytes_in, totals.bytes_out), (load.bytes_in, load.bytes_out));
    let sum = |of: fn(&FileRow) -> u64| part.rows.iter().map(of).sum::<u64>();
    assert_eq!((totals.events, totals.duplicates), (sum(|row| row.events), sum(|row| row.duplicates)));
    assert_eq!(totals.bytes_out, sum(|row| row.bytes_out));
    let count = hall.count(&Default::default());
    assert_eq!(totals.events, count.events + count.duplicates);
    for (code, occurrences) in &totals.problems {
        let times: u64 = load.diagnostics.iter().filter(|known| known.code == *code).map(|known| known.count).sum();
        assert_eq!(occurrences.times, times, "{code:?}");
    }
    assert_eq!(totals.problems.len(), 6, "{:?}", totals.problems.keys());
}

#[test]
fn any_number_of_workers_lists_what_one_lists() {
    let folder = folder();
    let questions = [
        all(),
        FileQuestion { limit: 5, descending: true, ..FileQuestion::default() },
        FileQuestion { search: "DIGEST".into(), ..all() },
        FileQuestion { search: "unknown-format".into(), ..all() },
        FileQuestion { order: FileOrder::Events, descending: true, limit: 7, ..FileQuestion::default() },
        FileQuestion { order: FileOrder::Size, limit: 3, ..FileQuestion::default() },
        FileQuestion { order: FileOrder::First, descending: true, ..all() },
        FileQuestion { order: FileOrder::Format, ..all() },
        FileQuestion { order: FileOrder::Problems, descending: true, ..all() },
        FileQuestion { filter: FileFilter::Problems, ..all() },
        FileQuestion { filter: FileFilter::SetAside, ..all() },
        FileQuestion { filter: FileFilter::Duplicates, ..all() },
        FileQuestion { filter: FileFilter::Empty, ..all() },
    ];
    let mut one = Hall::loaded(1, 1, &folder);
    let expected: Vec<_> = questions.iter().map(|question| ask(&mut one, question)).collect();
    let wanted: Vec<u64> = expected.iter().map(|part| part.wanted).collect();
    assert_eq!(wanted, [22, 22, 2, 1, 22, 22, 22, 22, 22, 2, 2, 13, 6]);
    for (workers, seed) in [(2, 2), (3, 5), (8, 3)] {
        let mut many = Hall::loaded(workers, seed, &folder);
        for (question, expected) in questions.iter().zip(&expected) {
            assert_eq!(ask(&mut many, question), *expected, "{workers} workers, {question:?}");
        }
    }
}

#[test]
fn what_has_no_event_comes_last_by_time() {
    let mut hall = Hall::loaded(2, 3, &folder());
    for descending in [false, true] {
        let part = ask(&mut hall, &FileQuestion { order: FileOrder::First, descending, ..all() });
        let times: Vec<_> = part.rows.iter().map(|row| row.first).collect();
        let dated = times.iter().position(Option::is_none).unwrap();
        assert!(times[dated..].iter().all(Option::is_none));
        assert!(times[..dated].is_sorted_by(|a, b| if descending { a >= b } else { a <= b }));
    }
}

/// Adds files as the page does: those that are not to be read are left out before.
fn drop_selected(hall: &mut Hall, selection: &Selection, files: &[(String, Vec<u8>)]) {
    hall.pool.select(selection.clone());
    let kept: Vec<_> = files.iter().filter(|(path, _)| hall.pool.selects(path)).cloned().collect();
    hall.drop_files(&kept);
    hall.run();
}

#[test]
fn a_selection_holds_for_files_and_for_entries_of_archives() {
    let keyed = (key("eu-west-1", "20240501T0005Z"), trail(7_000..7_003));
    let other = (key("us-east-1", "20240501T1205Z"), trail(8_000..8_009));
    let mut folder = folder();
    folder.extend([keyed.clone(), other.clone()]);
    let selection = Selection { regions: vec!["eu-west-1".into()], ..Selection::default() };
    for workers in [1, 3] {
        let mut hall = Hall::new(workers, 4);
        drop_selected(&mut hall, &selection, &folder);
        let part = ask(&mut hall, &FileQuestion { filter: FileFilter::NotSelected, ..all() });
        let left_out: Vec<&str> = part.rows.iter().map(|row| row.path.as_str()).collect();
        assert_eq!(left_out, [format!("all.tar.gz › {}", other.0), format!("all.zip › {}", other.0), other.0.clone()]);
        assert_eq!(part.totals.problems[&Code::NotSelected].files, 3);
        assert_eq!(hall.pool.load().left_out, 1);
        let part = ask(&mut hall, &all());
        assert_eq!(part.totals.entries, 22 + 1 - 2);
        assert_eq!(part.totals.events, hall.pool.load().records);
        assert_eq!(row(&part, &keyed.0).events, 3);

        // Records of entries behind those left out are found again, also after another selection.
        hall.pool.select(Selection::default());
        let scope = trailscope::model::query::Scope { filter: "eventID:*007003".into(), ..Default::default() };
        assert_eq!(hall.count(&scope).matched, 0);
        let opaque = trailscope::model::query::Scope { pattern: "\"a \\\\\\\"quoted\"".into(), ..Default::default() };
        assert_eq!(hall.count(&opaque).matched, hall.count(&Default::default()).events);
    }
}

#[test]
fn nothing_but_what_was_left_out_ends_a_load() {
    let mut hall = Hall::new(2, 4);
    let selection = Selection { accounts: vec!["999999999999".into()], ..Selection::default() };
    let search = hall.pool.begin_search();
    drop_selected(&mut hall, &selection, &[(key("eu-west-1", "20240501T0005Z"), trail(0..3))]);
    hall.pool.end_search(search);
    hall.carry_out();
    hall.run();
    assert_eq!(hall.pool.load().phase, trailscope::worker::pool::LoadPhase::Done);
    assert_eq!(ask(&mut hall, &all()).wanted, 1);
}

fn coverage(hall: &mut Hall, step_ms: i64, range: Option<(EpochMs, EpochMs)>) -> CoveragePart {
    let answers = hall.ask(Query::Coverage { step_ms, offset_ms: 0, range }, None);
    merged(answers, |answer| if let Answer::Coverage(part) = answer { Some(part) } else { None })
}

/// The folder, and events that change logging, one of them very large.
fn tampered() -> Vec<(String, Vec<u8>)> {
    let mut folder = folder();
    let call = |id: u32, minute: u32, name: &str, source: &str| {
        let mut event = event(id, minute, name, id % 2 == 1);
        event["eventSource"] = source.into();
        event["recipientAccountId"] = "444455556666".into();
        event["eventCategory"] = if id.is_multiple_of(2) { "Data" } else { "Management" }.into();
        event["readOnly"] = id.is_multiple_of(3).into();
        event
    };
    let mut events: Vec<_> =
        (9_000..9_010).map(|id| call(id, id % 300, "StopLogging", "cloudtrail.amazonaws.com")).collect();
    events.push(call(9_010, 5, "StopLogging", "other.amazonaws.com"));
    events.push(call(9_011, 5, "ListUsers", "iam.amazonaws.com"));
    let mut large = call(9_012, 7, "DeleteTrail", "cloudtrail.amazonaws.com");
    large["requestParameters"]["text"] = "x".repeat(300_000).into();
    events.push(large);
    folder.push(("calls.json".into(), json!({ "Records": events }).to_string().into_bytes()));
    folder
}

#[test]
fn coverage_is_what_the_files_say() {
    let mut hall = Hall::loaded(2, 3, &tampered());
    let part = coverage(&mut hall, HOUR, None);
    let count = hall.count(&Default::default());
    let sum = |of: fn(&Place) -> u64| part.places.values().map(of).sum::<u64>();
    assert_eq!((sum(|place| place.events), sum(|place| place.duplicates)), (count.events, count.duplicates));
    assert_eq!(sum(|place| place.cells.values().map(|cell| cell.events).sum()), count.events);
    assert_eq!(sum(|place| place.files), 4, "two files with a key in each of two archives");
    // Delivered at 00:05, before its seven events of 01:40; the four of 03:20 stand in a file of 12:05.
    let early = &part.places[&("111122223333".to_owned(), "eu-west-1".to_owned())];
    assert_eq!((early.files, early.events, early.duplicates), (2, 11, 11));
    assert_eq!(early.lags, [(0, 7), (LAG_MINUTES, 4)].into());
    assert_eq!((early.median_lag(), early.longest_lag.map(|lag| lag / HOUR)), (Some(0), Some(8)));
    let start = EpochMs::parse("2024-05-01T00:00:00Z").unwrap().0;
    assert_eq!(early.cells[&start], Cell { files: 2, events: 0 });
    assert_eq!(early.hours[&(start / DAY)], 0b1011);
    assert_eq!(early.cells[&(start + HOUR)].events, 7);

    assert_eq!(part.tampered, 11);
    assert_eq!(part.tampering.len(), 11);
    assert!(part.tampering.is_sorted());
    assert_eq!(part.tampering.iter().filter(|change| change.failed).count(), 5);
    assert_eq!(part.tampering[0].account, "444455556666");
    let kinds = part.kinds;
    assert_eq!((kinds.events, kinds.oversize, kinds.global), (count.events, 1, 1));
    assert_eq!((kinds.data, kinds.says_read_only, kinds.read_only), (7, 13, 5));

    let range = Some((EpochMs(start + HOUR), EpochMs(start + 2 * HOUR)));
    let part = coverage(&mut hall, HOUR, range);
    assert!(part.places.values().flat_map(|place| place.cells.keys()).all(|cell| *cell == start + HOUR));
    assert_eq!(part.places[&("111122223333".to_owned(), "eu-west-1".to_owned())].files, 2);
}

#[test]
fn any_number_of_workers_covers_what_one_covers() {
    let folder = tampered();
    let mut one = Hall::loaded(1, 1, &folder);
    for step in [HOUR, DAY, 7 * DAY] {
        let expected = coverage(&mut one, step, None);
        for (workers, seed) in [(2, 2), (3, 5), (8, 3)] {
            let mut many = Hall::loaded(workers, seed, &folder);
            assert_eq!(coverage(&mut many, step, None), expected, "{workers} workers, {step} ms");
        }
    }
}
