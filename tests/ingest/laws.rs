//! What holds for any input: the container, the piece size and the file name make no difference; offsets are
//! exact; nothing panics.

use crate::archives::{gzip, tar, zip};
use crate::support::*;
use base64::Engine;
use proptest::prelude::*;
use trailscope::base::Code;
use trailscope::ingest::{BytesSource, Limits, record_bytes};

fn event(number: usize) -> String {
    format!(
        r#"{{"eventVersion":"1.08","eventTime":"2024-01-01T00:00:{:02}Z","eventName":"E{number}","userAgent":"a \"b\\\" [{{","requestParameters":{{"x":[1,{{"y":null}}],"é":"\u00e9"}}}}"#,
        number % 60
    )
}

/// The same ten events as they stand, in every form.
fn plain_forms() -> Vec<(&'static str, String)> {
    let events: Vec<_> = (0..10).map(event).collect();
    let lines = events.join("\n");
    let pretty: Vec<_> = events.iter().map(|event| event.replace(",\"", ",\n  \"")).collect();
    vec![
        ("trail object", format!("{{\"Records\":[{}]}}", events.join(","))),
        ("pretty trail object", format!("{{\n  \"Records\": [\n    {}\n  ]\n}}\n", pretty.join(",\n    "))),
        (
            "fields around the list",
            format!("{{\"a\":[1],\"Records\" : [{}],\"b\":{{\"c\":\"]}}\"}}}}", events.join(" , ")),
        ),
        ("array", format!("[{}]", events.join(","))),
        ("array of lines", format!("[\n{}\n]\n", events.join(",\n"))),
        ("lines", lines.clone()),
        ("lines, CRLF, blank lines", lines.replace('\n', "\r\n\r\n")),
        ("pretty objects", pretty.join("\n")),
        ("concatenated", events.concat()),
        (
            "mixture",
            format!(
                "\u{feff}{{\"Records\":[{}]}}\n{{\"Records\":[]}}[{}]\u{feff}{}\n{}",
                events[..3].join(","),
                events[3..5].join(","),
                events[5],
                events[6..].join("\n")
            ),
        ),
    ]
}

/// The same ten events inside other things.
fn wrapped_forms() -> Vec<(&'static str, String)> {
    let text = |number| serde_json::to_string(&event(number)).unwrap();
    let all = |wrap: &dyn Fn(usize) -> String| (0..10).map(wrap).collect::<Vec<_>>();
    let log_events = |range: std::ops::Range<usize>| {
        range.map(|number| format!(r#"{{"id":"{number}","message":{}}}"#, text(number))).collect::<Vec<_>>().join(",")
    };
    let message = |range| format!(r#"{{"messageType":"DATA_MESSAGE","logEvents":[{}]}}"#, log_events(range));
    let packed = base64::engine::general_purpose::STANDARD.encode(gzip(message(0..10).as_bytes()));
    vec![
        (
            "lookup-events",
            format!(
                r#"{{"Events":[{}]}}"#,
                all(&|number| format!(r#"{{"EventId":"1","CloudTrailEvent":{}}}"#, text(number))).join(",")
            ),
        ),
        ("filter-log-events", format!(r#"{{"events":[{}],"searchedLogStreams":[]}}"#, log_events(0..10))),
        ("subscription", [message(0..3), message(3..4), message(4..10)].concat()),
        ("Lambda", format!(r#"{{"awslogs":{{"data":"{packed}"}}}}"#)),
        (
            "CSV",
            format!(
                "@timestamp,@message\r\n{}",
                all(&|number| format!("\"t\",\"{}\"", event(number).replace('"', "\"\""))).join("\r\n")
            ),
        ),
        (
            "Insights results",
            format!(
                r#"{{"results":[{}],"status":"Complete"}}"#,
                all(&|number| format!(r#"[{{"field":"@message","value":{}}}]"#, text(number))).join(",")
            ),
        ),
        ("log lines", all(&|number| format!("2026-01-02T03:04:05.678Z {}", event(number))).join("\n")),
        ("EventBridge", all(&|number| format!(r#"{{"detail-type":"x","detail":{}}}"#, event(number))).join("\n")),
        (
            "index",
            all(&|number| match number % 2 {
                0 => format!(r#"{{"event":{{"original":{}}}}}"#, text(number)),
                _ => format!(r#"{{"aws":{{"cloudtrail":{}}}}}"#, event(number)),
            })
            .join("\n"),
        ),
    ]
}

fn forms() -> Vec<(&'static str, String)> {
    [plain_forms(), wrapped_forms()].concat()
}

fn containers(plain: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let text = std::str::from_utf8(plain).unwrap();
    let half = plain.len() / 2;
    let packed = gzip(plain);
    let utf16 = |to_bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(to_bytes).collect()
    };
    vec![
        ("plain", plain.to_vec()),
        ("gzip", packed.clone()),
        ("gzip twice", gzip(&packed)),
        ("two members", [gzip(&plain[..half]), gzip(&plain[half..])].concat()),
        ("padded gzip", [packed.as_slice(), &[0; 700]].concat()),
        ("zip, deflated", zip(&[("a/", b""), ("a/x", plain)], true)),
        ("zip, stored", zip(&[("x", plain)], false)),
        ("zip of gzip", zip(&[("x.gz", &packed)], false)),
        ("gzip of zip of gzip", gzip(&zip(&[("x.gz", &packed)], true))),
        ("zip of zip", zip(&[("x.zip", &zip(&[("x.gz", &packed)], true))], false)),
        ("tar", tar(&[("x", plain)])),
        ("tar of gzip", tar(&[(".DS_Store", b"junk"), ("x.gz", &packed), ("empty-directory/", b"")])),
        ("tar.gz of gzip", gzip(&tar(&[("x.gz", &packed)]))),
        ("tar in tar", tar(&[("x.tar", &tar(&[("x", plain)]))])),
        ("zip of tar", zip(&[("x.tar", &tar(&[("x", plain)]))], true)),
        ("UTF-16LE", utf16(u16::to_le_bytes)),
        ("UTF-16BE", utf16(u16::to_be_bytes)),
    ]
}

#[test]
fn form_and_container_make_no_difference() {
    let mut expected: Vec<_> =
        (0..10).map(|number| serde_json::from_str::<serde_json::Value>(&event(number)).unwrap().to_string()).collect();
    expected.sort();
    for (form, text) in forms() {
        for (container, bytes) in containers(text.as_bytes()) {
            for size in [1, 2, 3, 13, 100, 1 << 20] {
                let limits = if size > 100 { Limits::default() } else { pieces(size) };
                let output = read_with(&bytes, &limits);
                let codes: Vec<_> = output.codes().into_iter().filter(|&code| code != Code::RepairedText).collect();
                assert_eq!(codes, [], "{form} in {container} by {size}: {:?}", output.diagnostics);
                assert_eq!(output.events(), expected, "{form} in {container} by {size}");
            }
        }
    }
}

#[test]
fn offsets_are_exact_and_records_can_be_read_again() {
    for (form, text) in plain_forms() {
        let plain = read(text.as_bytes());
        for (_, _, offset, json) in &plain.records {
            let at = *offset as usize;
            assert_eq!(&text.as_bytes()[at..at + json.len()], json, "{form}");
        }
    }
    for (form, text) in forms() {
        for (container, bytes) in containers(text.as_bytes()) {
            let split = Limits { split: 1, ..Limits::default() };
            for limits in [Limits::default(), pieces(7), split] {
                let output = read_with(&bytes, &limits);
                assert_eq!(output.records.len(), 10, "{form} in {container}");
                for (job, document, offset, json) in &output.records {
                    let again =
                        record_bytes(&BytesSource(&bytes), job, *document, *offset, json.len(), Limits::default());
                    assert_eq!(again.as_ref(), Ok(json), "{form} in {container}");
                }
            }
        }
    }
}

#[test]
fn a_small_file_takes_one_step() {
    for (form, text) in forms() {
        for (container, bytes) in containers(text.as_bytes()) {
            assert_eq!(read(&bytes).steps, 1, "{form} in {container}");
        }
    }
}

#[test]
fn split_archives_name_their_entries() {
    let members = [("a/1.json", event(1)), ("b/2.json", event(2))];
    let files: Vec<_> = members.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    for bytes in [zip(&files, true), tar(&files)] {
        for split in [1, u64::MAX] {
            let output = read_with(&bytes, &Limits { split, read: 1, ..Limits::default() });
            let mut paths: Vec<_> = output.documents.values().map(String::as_str).collect();
            paths.sort_unstable();
            assert_eq!(paths, ["unknown › a/1.json", "unknown › b/2.json"]);
            assert_eq!(output.reports.len(), if split == 1 { 2 } else { 1 });
        }
    }
}

/// Entries of a large zip that lie next to each other are read at once, and are the same events from the same entries.
#[test]
fn entries_of_a_zip_are_read_in_runs() {
    let names: Vec<String> = (0..100).map(|number| format!("{number:03}{}.json", "-".repeat(number % 7))).collect();
    let texts: Vec<String> = (0..100).map(event).collect();
    let files: Vec<_> = names.iter().zip(&texts).map(|(name, text)| (name.as_str(), text.as_bytes())).collect();
    for deflate in [true, false] {
        let bytes = zip(&files, deflate);
        let found = |read: usize, split: u64| {
            let output = read_with(&bytes, &Limits { split, read, ..Limits::default() });
            assert_eq!(output.diagnostics, []);
            let bytes_in: u64 = output.reports.iter().map(|report| report.progress.bytes_in).sum();
            let mut events: Vec<_> = output
                .records
                .iter()
                .map(|(_, document, offset, json)| (output.documents[document].clone(), *offset, json.clone()))
                .collect();
            events.sort();
            (events, output.reports.len(), bytes_in)
        };
        let (expected, _, whole) = found(1 << 20, u64::MAX);
        assert_eq!((expected.len(), whole), (100, bytes.len() as u64));
        for (read, jobs) in [(1, 100..=100), (2_000, 10..=50), (1 << 20, 1..=1)] {
            let (events, reports, bytes_in) = found(read, 1);
            assert_eq!(events, expected, "runs of {read}");
            assert!(jobs.contains(&reports), "{reports} jobs of {read}");
            assert!(bytes_in <= whole, "each byte is read once, {bytes_in} of {whole}");
        }
    }
}

/// Any JSON value, strings with everything that could mislead a scanner.
fn json() -> impl Strategy<Value = serde_json::Value> {
    let text = prop_oneof![
        "[ -~]{0,12}",
        "[\\\\\"\\[\\]{}:,\n\t]{0,9}",
        any::<String>(),
        Just(String::from("\u{1f600}\"}]\\")),
    ];
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<f64>().prop_map(Into::into),
        text.clone().prop_map(Into::into),
    ];
    leaf.prop_recursive(4, 24, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Into::into),
            prop::collection::vec((text.clone(), inner), 0..5)
                .prop_map(|fields| serde_json::Value::Object(fields.into_iter().collect())),
        ]
    })
}

fn record() -> impl Strategy<Value = String> {
    (json(), any::<bool>()).prop_map(|(value, pretty)| {
        let event = serde_json::json!({"requestParameters": value, "eventName": "x"});
        if pretty { serde_json::to_string_pretty(&event).unwrap() } else { event.to_string() }
    })
}

/// Text with records, and the records.
fn document() -> impl Strategy<Value = (String, Vec<String>)> {
    let separator = prop_oneof![Just("\n"), Just(" "), Just("\r\n"), Just(""), Just(",\n")];
    let group = (prop::collection::vec(record(), 0..6), 0..3usize, separator);
    prop::collection::vec(group, 1..4).prop_map(|groups| {
        let (mut text, mut all) = (String::new(), Vec::new());
        for (records, form, separator) in groups {
            match form {
                0 => text += &format!("{{\"Records\":[{}]}}{separator}", records.join(",")),
                1 => text += &format!("[{}]{separator}", records.join(" ,\n")),
                _ => records.iter().for_each(|record| text += &format!("{record}{separator}")),
            }
            all.extend(records);
        }
        (text, all)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn records_come_out_as_they_went_in((text, records) in document(), size in 1usize..200) {
        let output = read_with(text.as_bytes(), &pieces(size));
        let found: Vec<_> = output.records.iter().map(|(_, _, _, json)| String::from_utf8_lossy(json).into_owned()).collect();
        prop_assert_eq!(found, records);
    }

    #[test]
    fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..2_000), size in 1usize..300) {
        read_with(&bytes, &pieces(size));
        read(&bytes);
    }

    #[test]
    fn any_token_soup_gives_the_same_in_any_pieces(
        soup in prop::collection::vec(
            prop::sample::select(vec![
                "{", "}", "[", "]", "\"", "\\", ",", ":", "\n", " ", "1", "null", "x", "\u{feff}", "{\"Records\":[",
                "{\"eventName\":\"a\"}", "\"Records\"", "\"eventName\":", "\n{\"", "\0", "é",
            ]),
            0..60,
        ),
        size in 1usize..20,
    ) {
        let text = soup.concat();
        let (whole, pieces) = (read(text.as_bytes()), read_with(text.as_bytes(), &pieces(size)));
        prop_assert_eq!(&whole.diagnostics, &pieces.diagnostics);
        let texts = |output: &Output| output.records.iter().map(|(_, _, at, json)| (*at, json.clone())).collect::<Vec<_>>();
        for (at, json) in texts(&whole) {
            prop_assert_eq!(&text.as_bytes()[at as usize..][..json.len()], &json[..]);
        }
        prop_assert_eq!(texts(&whole), texts(&pieces));
    }

    #[test]
    fn damaged_containers_are_survived(
        container in 0usize..17,
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        cut in any::<prop::sample::Index>(),
        size in prop::sample::select(vec![1, 10, 600, 1 << 20]),
    ) {
        let (_, form) = forms().swap_remove(0);
        let (_, mut bytes) = containers(form.as_bytes()).swap_remove(container);
        for (at, byte) in damage {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        bytes.truncate(cut.index(bytes.len() * 2));
        let split = Limits { split: 1, ..pieces(size) };
        prop_assert!(read_with(&bytes, &pieces(size)).records.len() <= 20);
        read_with(&bytes, &split);
    }
}
