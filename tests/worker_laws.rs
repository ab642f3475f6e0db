//! Several workers give the answers of one, whatever the order of messages, and survive cancels and deaths.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "worker_laws/asking.rs"]
mod asking;
#[path = "worker_laws/controls.rs"]
mod controls;
#[path = "worker_laws/found.rs"]
mod found;
#[path = "worker_laws/hall.rs"]
mod hall;

use hall::{Hall, event, files};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use trailscope::base::{Code, EpochMs};
use trailscope::ingest::{BytesSource, Job};
use trailscope::model::attachment::AttachmentKind;
use trailscope::model::export::ExportFormat;
use trailscope::model::partial::{CatalogPart, CountPart, GroupPart, HistogramPart, SeriesPart, Tally};
use trailscope::model::query::{Answer, EventDetail, PRINCIPAL, Query, Row, Scope, Sort};
use trailscope::model::report::{FileFilter, FileQuestion, FilesPart};
use trailscope::query::Engine;
use trailscope::worker::pool::{Effect, LoadPhase, MemoryLimit, Pool, Unanswered, merged};
use trailscope::worker::protocol::{Request, Response};
use trailscope::worker::server::Server;

fn scopes() -> Vec<Scope> {
    let at = |text| EpochMs::parse(text).unwrap();
    let range = Some((at("2024-05-01T01:00:00Z"), at("2024-05-01T03:30:00Z")));
    vec![
        Scope::default(),
        Scope { keep_duplicates: true, ..Scope::default() },
        Scope { range, ..Scope::default() },
        Scope { filter: "eventName:GetObject".into(), range, ..Scope::default() },
        Scope { filter: "-accessdenied".into(), pattern: "{ $.eventName = Get* }".into(), ..Scope::default() },
        Scope { filter: "accessdenied".into(), ..Scope::default() },
        Scope { filter: "nothing has this".into(), ..Scope::default() },
    ]
}

type Everything =
    (Vec<CountPart>, Vec<HistogramPart>, Vec<GroupPart>, Vec<Vec<Row>>, CatalogPart, Vec<SeriesPart>, EventDetail);

fn everything(hall: &mut Hall) -> Everything {
    let mut counts = Vec::new();
    let mut histograms = Vec::new();
    let mut groups = Vec::new();
    let mut pages = Vec::new();
    for scope in scopes() {
        counts.push(hall.count(&scope));
        for offset_ms in [0, 1_800_000] {
            let query = Query::Histogram { scope: scope.clone(), step_ms: 3_600_000, offset_ms };
            histograms.push(merged(hall.ask(query, None), |a| {
                if let Answer::Histogram(part) = a { Some(part) } else { None }
            }));
        }
        for field in ["eventName", "errorCode", "resources[*].ARN", PRINCIPAL, "requestParameters.size", "eventID"] {
            let query = |limit, named| Query::Group {
                scope: scope.clone(),
                field: field.into(),
                contains: String::new(),
                limit,
                named,
                spans: true,
            };
            let mut group =
                |query| merged(hall.ask(query, None), |a| if let Answer::Group(part) = a { Some(part) } else { None });
            let all: GroupPart = group(query(10_000, Vec::new()));
            // What is asked for by name does not depend on what else a worker names.
            let names = all.values.keys().cloned().chain([Some("nothing".into())]).collect();
            let GroupPart { mut named, .. } = group(query(1, names));
            assert_eq!(named.remove(&Some("nothing".into())), Some(Tally::default()));
            assert_eq!(named, all.values);
            groups.push(all);
        }
        for field in [None, Some("eventName"), Some("requestParameters.size"), Some("errorCode")] {
            for descending in [false, true] {
                let sort = Sort { field: field.map(String::from), descending };
                for first in [0, 1, 5, 50, 199, 218, 5000] {
                    pages.push(hall.page(&scope, &sort, first, 6));
                }
            }
        }
    }
    let catalog =
        merged(hall.ask(Query::Catalog, None), |a| if let Answer::Catalog(part) = a { Some(part) } else { None });
    let mut series = Vec::new();
    for (pattern, value, dimension) in [
        ("{ $.eventName = Get* }", "1", None),
        ("{ $.requestParameters.size > 2 && $.eventName = * }", "$.requestParameters.size", Some("$.eventName")),
        ("quoted", "1", None),
    ] {
        let mut filter: trailscope::model::metric::MetricFilter = serde_json::from_value(serde_json::json!({
            "filterPattern": pattern, "metricTransformations": [{"metricName": "m", "metricNamespace": "n", "metricValue": value}]
        }))
        .unwrap();
        if let Some(dimension) = dimension {
            filter.metric_transformations[0].dimensions.insert("d".into(), dimension.into());
        }
        let query = Query::Series { filter, keep_duplicates: false };
        series.push(merged(hall.ask(query, None), |a| if let Answer::Series(part) = a { Some(part) } else { None }));
    }
    let find = hall.ask(Query::Find { event_id: "00000000-0000-4000-8000-000000000105".into() }, None);
    let (shard, row) = find
        .iter()
        .enumerate()
        .find_map(|(shard, a)| if let Answer::Find(Some(row)) = a { Some((shard, *row)) } else { None })
        .unwrap();
    let detail = match hall.ask(Query::Event { row }, Some(shard)).remove(0) {
        Answer::Event(detail) => *detail,
        other => panic!("{other:?}"),
    };
    (counts, histograms, groups, pages, catalog, series, detail)
}

#[test]
fn any_number_of_workers_gives_the_answers_of_one() {
    let files = files();
    let mut one = Hall::loaded(1, 1, &files);
    let expect = everything(&mut one);
    assert_eq!(expect.0[0].events, 220);
    assert_eq!(expect.0[0].duplicates, 40);
    assert_eq!(expect.0[1].events, 260);
    assert_eq!(expect.6.file, "logs/05.json");
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&expect.6.raw).unwrap(),
        event(105, 105 * 7 % 300, "PutObject", false)
    );
    for (workers, seed) in [(1, 9), (2, 2), (2, 77), (3, 5), (5, 11), (8, 3)] {
        let mut many = Hall::loaded(workers, seed, &files);
        let got = everything(&mut many);
        assert!(got == expect, "{workers} workers, schedule {seed}: answers differ");
    }
}

#[test]
fn any_number_of_workers_exports_the_file_of_one() {
    let files = files();
    let csv = ExportFormat::Csv { fields: vec!["eventTime".into(), PRINCIPAL.into(), "resources[*].ARN".into()] };
    for (scope, format) in scopes().iter().flat_map(|scope| [(scope, &ExportFormat::Json), (scope, &csv)]) {
        let mut one = Hall::loaded(1, 1, &files);
        let (expect, records) = one.export(scope, format, 1_000_000);
        assert_eq!(records, one.count(scope).matched);
        for (workers, seed, budget) in [(2, 2, 1), (3, 5, 900), (8, 3, 1_000_000)] {
            let (text, _) = Hall::loaded(workers, seed, &files).export(scope, format, budget);
            assert!(text == expect, "{workers} workers, pieces of {budget}: {scope:?}");
        }
    }
}

#[test]
fn one_engine_finds_duplicates_like_the_pool() {
    let files = files();
    let mut engine = Engine::new(3);
    let mut diagnostics = Vec::new();
    for (number, (path, bytes)) in files.iter().enumerate() {
        engine.add_source(number as u32, Box::new(BytesSource(bytes.clone())));
        let mut loading =
            trailscope::query::Loading::open(&mut engine, number as u32, trailscope::ingest::Job::whole(path.clone()));
        while let trailscope::ingest::Step::More(_) = loading.step(&mut engine, &mut diagnostics) {}
    }
    engine.seal();
    engine.deduplicate();
    let Answer::Count(count) = engine.answer(&Query::Count(Scope::default())).unwrap() else { panic!() };
    assert_eq!((count.events, count.duplicates), (220, 40));
    assert_eq!(diagnostics, []);
}

#[test]
fn a_lane_answers_only_the_newest_question() {
    let mut hall = Hall::loaded(3, 4, &files());
    hall.count(&scopes()[0]);
    let tickets: Vec<u64> =
        scopes().into_iter().map(|scope| hall.pool.ask("lane", Query::Count(scope), None)).collect();
    let other = hall.pool.ask("other lane", Query::Catalog, None);
    hall.carry_out();
    hall.run();
    assert!(hall.settled[&tickets[0]].is_ok(), "the running one is answered: its filter is known");
    assert!(hall.settled[tickets.last().unwrap()].is_ok(), "the newest one is answered");
    for between in &tickets[1..tickets.len() - 1] {
        assert_eq!(hall.settled[between], Err(Unanswered::Overtaken));
    }
    assert!(hall.settled[&other].is_ok());
}

#[test]
fn an_overtaken_question_is_given_up_while_its_filter_is_not_known() {
    let mut hall = Hall::loaded(3, 4, &files());
    let count = |filter: &str| Query::Count(Scope { filter: filter.into(), ..Scope::default() });
    let first = hall.pool.ask("lane", count("eventName:G*"), None);
    let second = hall.pool.ask("lane", count("eventName:Ge*"), None);
    hall.carry_out();
    hall.run();
    assert_eq!(hall.settled[&first], Err(Unanswered::Overtaken));
    assert!(hall.settled[&second].is_ok());
}

#[test]
fn a_bad_question_fails_alone() {
    let mut hall = Hall::loaded(2, 4, &files());
    let bad = hall.pool.ask("a", Query::Count(Scope { filter: "{ $.x = ".into(), ..Scope::default() }), None);
    hall.carry_out();
    hall.run();
    assert!(matches!(hall.settled[&bad], Err(Unanswered::Failed(_))));
    assert_eq!(hall.count(&Scope::default()).events, 220);
}

#[test]
fn cancelling_keeps_what_was_read() {
    for turns in [3, 9, 14, 20] {
        let mut hall = Hall::new(2, 6);
        hall.drop_files(&files());
        hall.turns(turns);
        hall.pool.cancel_load();
        hall.carry_out();
        hall.run();
        let state = hall.pool.load().clone();
        assert_eq!(state.phase, LoadPhase::Done);
        let count = hall.count(&Scope::default());
        assert_eq!(count.events + count.duplicates, state.records, "after {turns} turns");
        if state.cancelled && state.files_done < 11 {
            assert!(state.diagnostics.iter().any(|d| d.code == Code::Cancelled));
            // What is dropped later does not bring the rest.
            hall.drop_files(&files()[..1]);
            hall.run();
            assert!(hall.pool.load().was_stopped());
        }
    }
}

#[test]
fn a_dead_worker_loses_nothing() {
    for turns in [2, 7, 12, 25, 40, 1000] {
        let mut hall = Hall::new(3, 8);
        hall.drop_files(&files());
        hall.turns(turns);
        hall.pool.worker_lost(1, "out of memory");
        hall.carry_out();
        hall.run();
        let state = hall.pool.load().clone();
        assert_eq!((state.phase, state.files_done, state.records), (LoadPhase::Done, 11, 260), "after {turns} turns");
        assert_eq!(state.diagnostics, []);
        let count = hall.count(&Scope::default());
        assert_eq!((count.events, count.duplicates), (220, 40));
    }
}

/// An event with the eventID of another one that says something else takes nobody's place, whichever was dropped first.
#[test]
fn events_that_only_share_their_id_are_all_kept_and_named() {
    let made_up = event(0, 0, "ListBuckets", true);
    let planted = ("a.json".to_owned(), serde_json::json!({ "Records": [made_up] }).to_string().into_bytes());
    for (workers, planted_first) in [(1, true), (1, false), (3, true), (3, false)] {
        let mut hall = Hall::new(workers, 8);
        let mut dropped = files();
        dropped.insert(if planted_first { 0 } else { dropped.len() }, planted.clone());
        hall.drop_files(&dropped);
        hall.run();
        let found = |hall: &Hall| -> Vec<(String, Code, u64)> {
            let found = hall.pool.load().diagnostics.iter();
            let mut found: Vec<_> = found.map(|found| (found.file.clone(), found.code, found.count)).collect();
            found.sort();
            found
        };
        // Of the copies of the event that was not made up, the one in the earlier file stays.
        let expected = ["a.json", "logs/00.json"].map(|file| (file.to_owned(), Code::ConflictingCopies, 1));
        assert_eq!(found(&hall), expected, "{workers} workers");
        let count = hall.count(&Scope::default());
        assert_eq!((count.events, count.duplicates), (221, 40));
        let question =
            || Query::Files(FileQuestion { limit: 20, filter: FileFilter::Problems, ..FileQuestion::default() });
        let of_files = |hall: &mut Hall| -> FilesPart {
            merged(hall.ask(question(), None), |a| if let Answer::Files(part) = a { Some(part) } else { None })
        };
        assert_eq!(of_files(&mut hall).wanted, 2);
        // Said once, however often eventIDs are compared.
        hall.drop_files(&[("b.json".to_owned(), planted.1.clone())]);
        hall.run();
        assert_eq!(found(&hall), expected);
        assert_eq!(hall.pool.load().problems, 2);
        assert_eq!(of_files(&mut hall).totals.problems[&Code::ConflictingCopies].times, 2);
        assert_eq!(hall.count(&Scope::default()).duplicates, 41);
    }
}

/// A digest file among the logs reaches the page once, also when the worker that read it dies.
#[test]
fn what_lies_beside_the_events_reaches_the_page_once() {
    let digest = br#"{"digestStartTime":"s","digestEndTime":"e"}"#;
    let beside = files().into_iter().chain([("digest.json".to_owned(), digest.to_vec())]).collect::<Vec<_>>();
    for turns in [0, 7, 12, 1000] {
        let mut hall = Hall::new(3, 8);
        hall.drop_files(&beside);
        hall.turns(turns);
        (0..3).for_each(|worker| hall.pool.worker_lost(worker, "out of memory"));
        hall.carry_out();
        hall.run();
        let state = hall.pool.load();
        let attachments =
            state.attachments.iter().map(|attachment| (&*attachment.path, attachment.kind, attachment.whole));
        assert_eq!(
            attachments.collect::<Vec<_>>(),
            [("digest.json", AttachmentKind::Digest, true)],
            "after {turns} turns"
        );
        assert_eq!(state.attachments[0].json.as_bytes(), digest);
    }
}

/// Hashes of log files, asked for piece by piece, worker by worker: each file once, whatever it came in.
#[test]
fn every_log_file_is_hashed_once() {
    let name = |number: u32| format!("1_CloudTrail_eu-west-1_20240501T{number:04}Z_x.json.gz");
    let content = |number: u32| format!("{{\"Records\":\t[], \"n\":{number}}}").into_bytes();
    // More than one answer holds, an archive large enough to be split, files that are no log files and broken ones.
    let mut dropped: Vec<(String, Vec<u8>)> = (0..1_500).map(|number| (name(number), content(number))).collect();
    dropped.extend(files());
    dropped.push((name(1_500), b"no JSON at all".to_vec()));
    dropped.push((name(1_501), Vec::new()));
    for workers in [1, 3] {
        let mut hall = Hall::loaded(workers, 9, &dropped);
        let mut hashed = BTreeMap::new();
        let mut others = Vec::new();
        for worker in 0..workers {
            let mut from = 0;
            loop {
                let answers = hall.ask(Query::Hashes { from }, Some(worker));
                let Ok([Answer::Hashes { streams, unnamed, next, jobs }]) = <[_; 1]>::try_from(answers) else {
                    panic!()
                };
                assert!(next == jobs || unnamed.is_empty());
                others.extend(unnamed);
                assert!(next > from && next <= jobs && streams.len() <= (next - from) as usize);
                for stream in streams {
                    assert!(stream.whole && hashed.insert(stream.path, stream.sha256).is_none());
                }
                from = next;
                if next == jobs {
                    break;
                }
            }
        }
        let expected = dropped.iter().filter(|(path, _)| path.contains("_CloudTrail_"));
        let expected = expected.map(|(path, bytes)| (path.clone(), <[u8; 32]>::from(Sha256::digest(bytes)))).collect();
        assert_eq!(hashed, expected);
        // Whatever else has events is named, so that verification can say that it knows nothing of it.
        others.sort();
        assert_eq!(others, files().into_iter().map(|(path, _)| path).collect::<Vec<_>>());
    }
}

#[test]
fn a_worker_that_dies_after_a_stop_reads_again_only_what_it_had_read() {
    for turns in [3, 9, 14, 20] {
        let mut hall = Hall::new(1, 6);
        hall.drop_files(&files());
        hall.turns(turns);
        let done = hall.pool.load().files_done;
        assert!(done < 11, "something is left to stop");
        hall.pool.cancel_load();
        hall.pool.worker_lost(0, "out of memory");
        hall.carry_out();
        hall.run();
        let state = hall.pool.load().clone();
        assert_eq!((state.phase, state.files_done), (LoadPhase::Done, done), "after {turns} turns");
        let count = hall.count(&Scope::default());
        assert_eq!(count.events + count.duplicates, state.records);
    }
}

/// Rows are answered for first and then it reads on; what is answered later must still speak of the same events.
#[test]
fn questions_that_come_together_see_the_same_events() {
    let mut server = Server::new(7, |bytes| Box::new(BytesSource(bytes)));
    let file = |number: u32| {
        let records: Vec<_> = (0..6_000).map(|i| event(number * 6_000 + i, i % 300, "GetObject", false)).collect();
        serde_json::json!({ "Records": records }).to_string().into_bytes()
    };
    let items = (0..4).map(|number| (number, Job::whole(format!("{number}.json")))).collect();
    (0..4).for_each(|number| server.provide(number, Box::new(BytesSource(file(number)))));
    let mut said = Vec::new();
    server.handle(Request::Load { batch: 0, items }, &mut |response| said.push(response));
    while !said.iter().any(|response| matches!(response, Response::Loaded { .. })) {
        server.step(&mut |response| said.push(response));
    }
    let scope = Scope::default();
    let group = Query::Group {
        scope: scope.clone(),
        field: "eventName".into(),
        contains: String::new(),
        named: Vec::new(),
        limit: 9,
        spans: false,
    };
    for (ticket, query) in [(1, group), (2, Query::Count(scope))] {
        server.handle(Request::Query { ticket, query }, &mut |response| said.push(response));
    }
    while server.step(&mut |response| said.push(response)) {}
    let read_between = said.iter().filter(|response| matches!(response, Response::Loaded { .. })).count();
    assert_eq!(read_between, 4);
    let events: Vec<u64> = said
        .iter()
        .filter_map(|response| match response {
            Response::Answer { answer: Ok(Answer::Count(part)), .. } => Some(part.matched),
            Response::Answer { answer: Ok(Answer::Group(part)), .. } => Some(part.events),
            _ => None,
        })
        .collect();
    assert_eq!(events, [6_000, 6_000]);
}

#[test]
fn a_rehearsal_says_nothing_and_leaves_nothing_behind() {
    let mut server = Server::new(7, |bytes| Box::new(BytesSource(bytes)));
    let mut said = Vec::new();
    server.handle(Request::Rehearse { seed: 7 }, &mut |response| said.push(response));
    while server.step(&mut |response| said.push(response)) {}
    assert_eq!(said, []);

    let mut hall = Hall::new(2, 6);
    hall.pool.rehearse();
    hall.carry_out();
    hall.turns(5);
    hall.drop_files(&files());
    hall.run();
    let count = hall.count(&Scope::default());
    assert_eq!((count.events, count.duplicates), (220, 40));
}

#[test]
fn a_file_that_kills_its_worker_twice_is_listed_and_the_rest_goes_on() {
    let mut hall = Hall::new(1, 8);
    hall.drop_files(&files());
    for _ in 0..2 {
        hall.turn(); // start
        hall.turn(); // batch
        hall.pool.worker_lost(0, "out of memory");
        hall.carry_out();
    }
    hall.run();
    let state = hall.pool.load().clone();
    assert_eq!(state.phase, LoadPhase::Done);
    let lost: Vec<_> = state.diagnostics.iter().filter(|d| d.code == Code::WorkerLost).collect();
    assert_eq!(lost.len(), 1);
    assert_eq!((lost[0].file.as_str(), state.records), ("logs/00.json", 240));
}

#[test]
fn a_question_to_a_dead_worker_is_settled() {
    let mut hall = Hall::loaded(2, 8, &files());
    let ticket = hall.pool.ask("a", Query::Catalog, None);
    hall.carry_out();
    hall.pool.worker_lost(0, "out of memory");
    hall.carry_out();
    hall.run();
    assert!(matches!(hall.settled[&ticket], Err(Unanswered::Failed(_))));
    assert_eq!(hall.count(&Scope::default()).events, 220);
}

#[test]
fn files_can_be_added_later() {
    let files = files();
    let mut hall = Hall::loaded(2, 8, &files[..5]);
    hall.drop_files(&files[5..]);
    hall.run();
    let count = hall.count(&Scope::default());
    assert_eq!((count.events, count.duplicates), (220, 40));
}

#[test]
fn a_worker_that_cannot_start_ends_the_load_with_a_reason() {
    let mut hall = Hall::new(2, 8);
    hall.drop_files(&files());
    let ticket = hall.pool.ask("a", Query::Catalog, None);
    for _ in 0..3 {
        hall.pool.worker_lost(1, "no memory for a worker");
        hall.carry_out();
    }
    assert_eq!(hall.pool.load().phase, LoadPhase::Failed);
    assert!(hall.pool.load().failure.as_ref().unwrap().contains("no memory for a worker"));
    assert!(matches!(hall.settled[&ticket], Err(Unanswered::Failed(_))));
    hall.pool.worker_lost(1, "again");
    assert!(!hall.pool.take_effects().iter().any(|effect| matches!(effect, Effect::Restart { .. })));
}

#[test]
fn a_load_is_over_when_the_search_for_files_is() {
    let files = files();
    let mut hall = Hall::new(2, 8);
    let search = hall.pool.begin_search();
    hall.drop_files(&files[..5]);
    hall.run();
    assert_eq!(hall.pool.load().phase, LoadPhase::Reading, "more files may come");
    assert!(hall.pool.is_wanted(search));
    hall.drop_files(&files[5..]);
    hall.pool.add_unreadable("locked.json".into(), "not allowed");
    hall.run();
    hall.pool.end_search(search);
    hall.carry_out();
    hall.run();
    let state = hall.pool.load().clone();
    assert_eq!((state.phase, state.files_done), (LoadPhase::Done, 11));
    assert_eq!(
        state.diagnostics.iter().map(|d| (d.code, d.file.as_str())).collect::<Vec<_>>(),
        [(Code::Unreadable, "locked.json")]
    );

    let mut hall = Hall::new(2, 8);
    let search = hall.pool.begin_search();
    assert!(hall.pool.is_wanted(search));
    hall.pool.end_search(search);
    assert_eq!(hall.pool.load().phase, LoadPhase::Idle, "an empty folder is no load");
}

#[test]
fn cancelling_ends_a_search_for_files_too() {
    let files = files();
    let mut hall = Hall::new(2, 8);
    let search = hall.pool.begin_search();
    hall.drop_files(&files[..5]);
    hall.run();
    hall.pool.cancel_load();
    hall.carry_out();
    assert!(!hall.pool.is_wanted(search), "the walk may stop");
    hall.run();
    let state = hall.pool.load().clone();
    assert_eq!((state.phase, state.files_done, state.cancelled), (LoadPhase::Done, 5, true), "before the walk ends");

    let next = hall.pool.begin_search();
    hall.pool.end_search(search);
    hall.run();
    assert_eq!(hall.pool.load().phase, LoadPhase::Reading, "the old search does not end the new one");
    hall.drop_files(&files[5..]);
    hall.pool.end_search(next);
    hall.carry_out();
    hall.run();
    assert_eq!((hall.pool.load().phase, hall.count(&Scope::default()).events), (LoadPhase::Done, 220));
}

#[test]
fn at_the_limit_of_memory_reading_ends_with_a_sentence_and_the_data_stays() {
    for turns in [6, 15, 30] {
        let mut hall = Hall::new(2, 6);
        hall.pool = Pool::new(2, 7, MemoryLimit { worker: 1_000, total: 1_500 });
        hall.carry_out();
        let search = hall.pool.begin_search();
        hall.drop_files(&files());
        hall.turns(turns);
        hall.pool.receive(0, Response::Memory { bytes: 800 });
        assert!(hall.pool.is_wanted(search), "there is room");
        hall.pool.receive(1, Response::Memory { bytes: 800 });
        assert!(!hall.pool.is_wanted(search), "nothing more is looked for");
        hall.carry_out();
        hall.run();
        let state = hall.pool.load().clone();
        assert_eq!((state.phase, state.cancelled), (LoadPhase::Done, false));
        let said: Vec<_> = state.diagnostics.iter().filter(|d| d.code == Code::MemoryLimit).collect();
        assert_eq!(said.len(), 1, "after {turns} turns");
        assert_eq!(state.unfinished.as_ref(), Some(&said[0].message));
        assert!(said[0].message.contains("logs/"), "names the first file that is missing: {}", said[0].message);
        let count = hall.count(&Scope::default());
        assert_eq!(count.events + count.duplicates, state.records);
        assert!(state.records < 260, "something was left out");

        hall.drop_files(&files()[..1]);
        hall.run();
        assert_eq!(
            (hall.pool.load().phase, hall.pool.load().records),
            (LoadPhase::Done, state.records),
            "still no room"
        );
    }
}

#[test]
fn a_large_worker_that_died_lowers_the_limit() {
    let mut hall = Hall::new(1, 8);
    hall.drop_files(&files());
    hall.turns(3);
    hall.pool.receive(0, Response::Memory { bytes: 2 << 30 });
    hall.pool.worker_lost(0, "out of memory");
    hall.carry_out();
    hall.turns(4);
    hall.pool.receive(0, Response::Memory { bytes: 3 << 29 });
    hall.carry_out();
    hall.run();
    assert_eq!(hall.pool.load().phase, LoadPhase::Done);
    assert!(hall.pool.load().unfinished.is_some(), "the second try stops in time");
}
