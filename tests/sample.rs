//! The generated trail: reproducible, valid, shaped like a real one, with the incident in the built-in sample.

#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use serde_json::Value;
use trailscope::base::EpochMs;
use trailscope::base::time::{DAY, HOUR};
use trailscope::sample::{File, Options, builtin, generate};

fn options() -> Options {
    Options { events: 3_000, seed: 1, start: EpochMs(1_700_006_400_000), days: 3, files_of: 6 }
}

fn events(file: &File) -> Vec<Value> {
    let mut text = String::new();
    flate2::read::GzDecoder::new(file.bytes.as_slice()).read_to_string(&mut text).unwrap();
    let Value::Array(events) = serde_json::from_str::<Value>(&text).unwrap()["Records"].take() else {
        panic!("no list of records")
    };
    events
}

fn text<'a>(event: &'a Value, pointer: &str) -> &'a str {
    event.pointer(pointer).and_then(Value::as_str).unwrap_or("")
}

fn leaves(value: &Value) -> usize {
    match value {
        Value::Array(items) => items.iter().map(leaves).sum(),
        Value::Object(fields) => fields.values().map(leaves).sum(),
        _ => 1,
    }
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    assert!(generate(options()).eq(generate(options())));
    assert!(builtin().eq(builtin()));
    assert!(!generate(options()).eq(generate(Options { seed: 2, ..options() })));
}

#[test]
fn as_many_events_as_asked_for_in_files_of_the_size_asked_for() {
    for (count, days, files_of) in [(0, 1, 1), (1, 1, 1), (1_000, 1, 1), (5_000, 30, 50), (5_000, 2, 10_000)] {
        let options = Options { events: count, days, files_of, ..options() };
        let sizes: Vec<_> = generate(options).map(|file| events(&file).len()).collect();
        assert_eq!(sizes.iter().sum::<usize>() as u64, count);
        assert!(sizes.iter().all(|&size| size > 0 && size <= files_of + files_of / 2));
    }
}

#[test]
fn files_lie_and_are_named_as_cloudtrail_does_it() {
    let mut paths = BTreeSet::new();
    let mut unsorted = 0;
    for file in generate(options()) {
        let parts: Vec<_> = file.path.split('/').collect();
        let ["AWSLogs", account, "CloudTrail", region, year, month, day, name] = parts[..] else {
            panic!("{}", file.path)
        };
        let stem = name.strip_suffix(".json.gz").unwrap();
        let [named_account, "CloudTrail", named_region, time, unique] = stem.split('_').collect::<Vec<_>>()[..] else {
            panic!("{name}")
        };
        assert_eq!((named_account, named_region, unique.len()), (account, region, 16));
        assert_eq!(time[..8], format!("{year}{month}{day}"));
        let delivered = format!("{year}-{month}-{day}T{}:{}:00Z", &time[9..11], &time[11..13]);
        let delivered = EpochMs::parse(&delivered).unwrap();
        let times: Vec<_> = events(&file)
            .iter()
            .map(|event| {
                assert_eq!((text(event, "/awsRegion"), text(event, "/recipientAccountId")), (region, account));
                EpochMs::parse(text(event, "/eventTime")).unwrap()
            })
            .collect();
        assert!(times.iter().all(|&time| time < delivered && delivered.0 - time.0 < 13 * HOUR), "{}", file.path);
        unsorted += usize::from(!times.is_sorted());
        assert!(paths.insert(file.path.clone()), "{} twice", file.path);
    }
    assert!(unsorted > paths.len() / 3);
}

#[test]
fn events_have_the_shape_of_real_ones() {
    let all: Vec<_> =
        generate(Options { events: 8_000, days: 7, ..options() }).flat_map(|file| events(&file)).collect();
    let count = all.len() as f64;
    let share = |condition: &dyn Fn(&Value) -> bool| all.iter().filter(|event| condition(event)).count() as f64 / count;
    let bytes = all.iter().map(|event| event.to_string().len()).sum::<usize>() as f64 / count;
    assert!((1_100.0..1_800.0).contains(&bytes), "{bytes} bytes an event");
    let leaves = all.iter().map(leaves).sum::<usize>() as f64 / count;
    assert!((28.0..45.0).contains(&leaves), "{leaves} leaves an event");
    let errors = share(&|event| event.get("errorCode").is_some());
    assert!((0.02..0.045).contains(&errors), "{errors} of the events are errors");
    let reads = share(&|event| event["readOnly"] == true);
    assert!((0.6..0.9).contains(&reads), "{reads} of the events only read");
    let by_day = share(&|event| (7..19).contains(&EpochMs::parse(text(event, "/eventTime")).unwrap().civil().hour));
    assert!((0.6..0.85).contains(&by_day), "{by_day} of the events by day");
    let ids: BTreeSet<_> = all.iter().map(|event| text(event, "/eventID")).collect();
    assert_eq!(ids.len(), all.len());
    assert!(ids.iter().all(|id| id.len() == 36 && id.as_bytes()[14] == b'4'));
    let distinct = |pointer: &str| all.iter().map(|event| text(event, pointer)).collect::<BTreeSet<_>>().len();
    assert_eq!(distinct("/awsRegion"), 3);
    assert!(distinct("/eventName") > 50 && distinct("/eventSource") > 20 && distinct("/userAgent") > 8);
}

#[test]
fn the_built_in_sample_holds_the_incident() {
    let all: Vec<_> = builtin().flat_map(|file| events(&file)).collect();
    let start = EpochMs::parse("2024-03-04T00:00:00Z").unwrap();
    let mut names: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for event in &all {
        let time = EpochMs::parse(text(event, "/eventTime")).unwrap();
        assert!((start.0..start.0 + 14 * DAY).contains(&time.0));
        *names.entry((text(event, "/userIdentity/type"), text(event, "/eventName"))).or_default() += 1;
    }
    let count = |condition: &dyn Fn(&Value) -> bool| all.iter().filter(|event| condition(event)).count();
    let failed = |event: &Value| text(event, "/errorMessage") == "Failed authentication";
    assert_eq!(count(&failed), 23);
    assert_eq!(count(&|event| failed(event) && text(event, "/responseElements/ConsoleLogin") == "Failure"), 23);
    assert_eq!(count(&|event| text(event, "/sourceIPAddress") == "198.51.100.77"), 23 + 1 + 640 + 6);
    assert_eq!(count(&|event| text(event, "/userIdentity/type") == "Root"), 6);
    assert_eq!(names.get(&("Root", "StopLogging")), Some(&1));
    assert_eq!(names.get(&("IAMUser", "StartLogging")), Some(&1));
    assert_eq!(names.get(&("Root", "AttachUserPolicy")), Some(&2));
    assert_eq!(names.get(&("IAMUser", "DetachUserPolicy")), Some(&2));
    let storm = |event: &Value| {
        let time = text(event, "/eventTime");
        let code = text(event, "/errorCode");
        ("2024-03-13T02:15:00Z".."2024-03-13T02:31:00Z").contains(&time)
            && (code.starts_with("AccessDenied") || code.ends_with("UnauthorizedOperation"))
    };
    assert!((640..650).contains(&count(&storm)));
    // While the trail is stopped there is nothing.
    let between = |event: &Value| ("2024-03-13T02:47:01Z".."2024-03-13T08:04:00Z").contains(&text(event, "/eventTime"));
    assert_eq!(count(&between), 0);
    assert_eq!(all.len(), 20_000 + 23 + 1 + 640 + 6 + 5);
}
