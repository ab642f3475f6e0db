//! The generated trail: reproducible, valid, shaped like a real one, with the incident in the built-in sample.

#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::Read;

use serde_json::Value;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};
use trailscope::base::EpochMs;
use trailscope::base::time::{DAY, HOUR};
use trailscope::sample::{Division, File, Options, Preset, builtin, generate};

const PRESETS: [Preset; 3] = [Preset::Real, Preset::Adversarial, Preset::Company];

fn options(preset: Preset) -> Options {
    let start = EpochMs(1_700_006_400_000);
    Options { preset, start, days: 3, division: Division::FilesOf(6), ..Options::new(3_000, 1) }
}

fn inflate(file: &File) -> String {
    let mut text = String::new();
    flate2::read::GzDecoder::new(file.bytes.as_slice()).read_to_string(&mut text).unwrap();
    text
}

/// The records as they are written.
fn raw(file: &File) -> Vec<String> {
    let parsed: HashMap<String, Vec<Box<RawValue>>> = serde_json::from_str(&inflate(file)).unwrap();
    parsed["Records"].iter().map(|record| record.get().to_owned()).collect()
}

fn events(file: &File) -> Vec<Value> {
    let Value::Array(events) = serde_json::from_str::<Value>(&inflate(file)).unwrap()["Records"].take() else {
        panic!("no list of records")
    };
    events
}

fn text<'a>(event: &'a Value, pointer: &str) -> &'a str {
    event.pointer(pointer).and_then(Value::as_str).unwrap_or("")
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    for preset in PRESETS {
        assert!(generate(options(preset)).eq(generate(options(preset))));
        assert!(!generate(options(preset)).eq(generate(Options { seed: 2, ..options(preset) })));
    }
}

/// Tests, documents and whoever follows the story rely on it.
#[test]
fn the_built_in_sample_does_not_change() {
    let mut hash = Sha256::new();
    for file in builtin() {
        hash.update(file.path.as_bytes());
        hash.update(inflate(&file).as_bytes());
    }
    let hash: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hash, "c341e1de35ffc0942a4a8f982628b01db51bec16df8ed65e1df5445e9775ec11");
}

#[test]
fn as_many_events_as_asked_for_in_files_of_the_size_asked_for() {
    use Division::{Files, FilesOf};
    for preset in PRESETS {
        for (count, days, division) in [
            (0, 1, FilesOf(1)),
            (1, 1, FilesOf(1)),
            (300, 1, FilesOf(1)),
            (2_000, 30, FilesOf(50)),
            (2_000, 2, FilesOf(10_000)),
            (2_000, 90, Files(40)),
            (999, 3, Files(70)),
            (10, 1, Files(1)),
            (5, 1, Files(50)),
        ] {
            let options = Options { events: count, days, division, ..options(preset) };
            let sizes: Vec<_> = generate(options).map(|file| events(&file).len() as u64).collect();
            assert_eq!(sizes.iter().sum::<u64>(), count);
            match division {
                FilesOf(size) => assert!(sizes.iter().all(|&got| got > 0 && got <= 2 * size)),
                Files(files) => {
                    assert_eq!(sizes.len() as u64, files.min(count));
                    assert!(sizes.iter().max().unwrap() - sizes.iter().min().unwrap() <= 1, "{sizes:?}");
                }
            }
        }
    }
}

#[test]
fn duplicates_are_the_same_records_in_other_files() {
    for preset in PRESETS {
        let options = Options { duplicates: 210, division: Division::FilesOf(40), ..options(preset) };
        let once: Vec<_> = generate(Options { duplicates: 0, ..options.clone() }).flat_map(|file| raw(&file)).collect();
        let mut files: HashMap<String, Vec<usize>> = HashMap::new();
        for (number, file) in generate(options).enumerate() {
            raw(&file).into_iter().for_each(|record| files.entry(record).or_default().push(number));
        }
        assert_eq!(files.len(), 3_000);
        let copied: Vec<_> = files.values().filter(|numbers| numbers.len() > 1).collect();
        assert!((625..=630).contains(&copied.len()), "{} copies", copied.len());
        assert!(copied.iter().all(|numbers| numbers.len() == 2 && numbers[0] != numbers[1]));
        let ids: BTreeSet<_> =
            files.keys().map(|record| serde_json::from_str::<Value>(record).unwrap()["eventID"].to_string()).collect();
        assert_eq!((ids.len(), once.len()), (3_000, 3_000));
    }
}

#[test]
fn every_record_is_a_valid_event() {
    let names = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<BTreeSet<_>>();
    for preset in PRESETS {
        let mut ids = BTreeSet::new();
        for event in generate(options(preset)).flat_map(|file| events(&file)) {
            let names = names(&event);
            for name in ["eventVersion", "userIdentity", "eventSource", "eventName", "sourceIPAddress", "userAgent"] {
                assert!(names.contains(name), "{name} is missing: {event}");
            }
            assert!(event["requestParameters"].is_object() || event["requestParameters"].is_null());
            assert!(text(&event, "/eventSource").ends_with(".amazonaws.com"), "{event}");
            assert_eq!(text(&event, "/eventID").len(), 36);
            assert!(ids.insert(text(&event, "/eventID").to_owned()), "an eventID comes twice");
        }
        assert_eq!(ids.len(), 3_000);
    }
}

#[test]
fn files_lie_and_are_named_as_cloudtrail_does_it() {
    let mut paths = BTreeSet::new();
    let mut unsorted = 0;
    for file in PRESETS.into_iter().flat_map(|preset| generate(options(preset))) {
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
fn more_happens_by_day() {
    for preset in PRESETS {
        let options = Options { events: 8_000, days: 7, ..options(preset) };
        let times: Vec<_> = generate(options)
            .flat_map(|file| events(&file))
            .map(|event| EpochMs::parse(text(&event, "/eventTime")).unwrap())
            .collect();
        let by_day = times.iter().filter(|time| (7..19).contains(&time.civil().hour)).count() as f64;
        let share = by_day / times.len() as f64;
        assert!((0.6..0.85).contains(&share), "{share} of the events by day");
    }
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
