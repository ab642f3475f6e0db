//! Rows of a table beside full records: in one data set, told apart, and never in a full record's place.

#![allow(clippy::unwrap_used)]

use trailscope::ingest::{BytesSource, Job, Step};
use trailscope::model::partial::CatalogPart;
use trailscope::model::query::{Answer, EventDetail, PRINCIPAL, Query, Scope};
use trailscope::query::{Engine, Loading};

const CONSOLE: &str = "User name,Event time,Event name,Event ID\n\
    ann,2023-07-10T12:28:40Z,DeleteBucket,e1\n\
    ann,2023-07-10T12:28:41Z,RunInstances,e2\n";
const TRAIL: &str = r#"{"Records":[{"eventVersion":"1.08","eventTime":"2023-07-10T12:28:40Z","eventName":"DeleteBucket",
    "eventID":"e1","userIdentity":{"arn":"arn:aws:iam::1:user/ann"},"requestParameters":{"bucketName":"b"}}]}"#;

fn engine(files: &[&'static str]) -> Engine {
    let mut engine = Engine::new(1);
    for (number, text) in (0..).zip(files) {
        engine.add_source(number, Box::new(BytesSource(text.as_bytes())));
        let mut loading = Loading::open(&mut engine, number, Job::whole(format!("file {number}")));
        while !matches!(loading.step(&mut engine, &mut Vec::new()), Step::Done(_)) {}
    }
    engine.seal();
    engine.deduplicate();
    engine
}

fn catalog(engine: &mut Engine) -> CatalogPart {
    let Answer::Catalog(part) = engine.answer(&Query::Catalog).unwrap() else { panic!("not a catalog") };
    part
}

fn matched(engine: &mut Engine, filter: &str) -> u64 {
    let scope = Scope { filter: filter.into(), ..Scope::default() };
    let Answer::Count(part) = engine.answer(&Query::Count(scope)).unwrap() else { panic!("not a count") };
    part.matched
}

fn event(engine: &mut Engine, id: &str) -> EventDetail {
    let Answer::Find(Some(row)) = engine.answer(&Query::Find { event_id: id.into() }).unwrap() else { panic!("{id}?") };
    let Answer::Event(event) = engine.answer(&Query::Event { row }).unwrap() else { panic!("not an event") };
    *event
}

#[test]
fn a_full_record_takes_the_place_of_a_row_whichever_comes_first() {
    let fields = ["userIdentity.userName", "eventTime", "eventName", "eventID"].map(String::from).to_vec();
    for files in [[CONSOLE, TRAIL], [TRAIL, CONSOLE]] {
        let mut engine = engine(&files);
        assert_eq!(matched(&mut engine, ""), 2);
        assert_eq!(matched(&mut engine, "requestParameters.bucketName:b"), 1);
        assert_eq!(catalog(&mut engine).partial, [(fields.clone(), 1)].into());
        assert_eq!(event(&mut engine, "e1").known, None);
        assert_eq!(event(&mut engine, "e2").known.as_ref(), Some(&fields));
        assert_eq!(
            event(&mut engine, "e2").raw,
            r#"{"userIdentity":{"userName":"ann"},"eventTime":"2023-07-10T12:28:41Z","eventName":"RunInstances","eventID":"e2"}"#
        );
    }
}

#[test]
fn who_acted_is_all_that_a_row_tells_of_it() {
    let mut engine = engine(&[CONSOLE, TRAIL]);
    assert_eq!(matched(&mut engine, &format!("{PRINCIPAL}:ann")), 1);
    assert_eq!(matched(&mut engine, &format!("{PRINCIPAL}:*user/ann")), 1);
}

#[test]
fn full_records_cost_nothing_and_say_nothing() {
    let mut engine = engine(&[TRAIL]);
    assert!(catalog(&mut engine).partial.is_empty());
}
