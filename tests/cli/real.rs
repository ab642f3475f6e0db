//! Real data: it lies beside the repository, and is not everywhere.

use super::shared_data::data;
use super::*;

#[test]
fn verify_says_by_its_exit_code_what_is_known() {
    let Some(data) = data("verify_says_by_its_exit_code_what_is_known") else { return };
    let path = |name: &str| data.join("derived").join(name).to_str().unwrap().to_owned();
    let (trail, keys) = (path("invictus-trail"), path("invictus-trail-digest-keys/list-public-keys.json"));
    let (signatures, tampered) =
        (path("invictus-trail-digest-keys/s3-object-metadata.json"), path("invictus-trail-tampered"));
    let run = |args: &[&str]| {
        let output = trailscope(&[&["verify"], args].concat());
        (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
    };
    let (code, text) = run(&[&trail, "--keys", &keys, "--keys", &signatures, "--threads", "3"]);
    assert_eq!(code, 0, "{text}");
    assert!(text.starts_with("55 log files valid; 2 digest files valid; chain from 2023-07-10T11:00:07Z"), "{text}");
    let (code, text) = run(&[&trail, &keys]);
    assert!(code == 4 && text.contains("head-object --bucket test-trail-bucket"), "{code}: {text}");
    let (code, text) = run(&[&trail, &tampered, &keys, &signatures]);
    assert_eq!(code, 1, "{text}");
    assert!(
        text.contains("log file modified: ") && text.contains("_iLj9fb7yyUG9X4Bf.json.gz: its hash is another"),
        "{text}"
    );
    let (code, text) = run(&[&trail, &tampered, &keys, &signatures, "--json"]);
    let report: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((code, &report["files_by_verdict"]), (1, &json!({"modified": 1, "valid": 55})));
    assert_eq!(report["files"][0]["verdict"], "modified");
    assert_eq!(report["digests"][0]["from"], "2023-07-10T11:00:07Z");
    let (code, text) = run(&[&path("damaged")]);
    assert_eq!(code, 4, "{text}");
}

#[test]
fn counts_equal_the_known_facts() {
    let Some(data) = data("counts_equal_the_known_facts") else { return };
    let facts: Value = serde_json::from_slice(&fs::read(data.join("dev-facts.json")).unwrap()).unwrap();
    let controls: Value = serde_json::from_str(include_str!("../cases/cis-controls.json")).unwrap();
    for (set, facts) in facts.as_object().unwrap().iter().filter(|(set, _)| !set.starts_with("sigma:")) {
        let folder = data.join("originals").join(set);
        let path = folder.to_str().unwrap();
        let report = json_of(&["scan", path]);
        let ids = json_of(&["count", path, "--by", "eventID"]);
        assert_eq!(
            ids["by"].as_array().unwrap().len(),
            facts["distinct_eventID"].as_u64().unwrap_or(0) as usize,
            "{set}"
        );
        // In some sets, examples of different events were given the same eventID.
        let conflicts =
            report["problems"].as_array().unwrap().iter().filter(|problem| problem["code"] == "conflicting-copies");
        let conflicts: u64 = conflicts.map(|problem| problem["count"].as_u64().unwrap()).sum();
        let events =
            facts["distinct_eventID"].as_u64().unwrap_or(0) + facts["events_without_eventID"].as_u64().unwrap_or(0);
        let more = report["events"].as_u64().unwrap() - events;
        assert!(if conflicts == 0 { more == 0 } else { 0 < more && more < conflicts }, "{set}: {more} of {conflicts}");
        assert_eq!(report["first"], facts["first_eventTime"], "{set}");
        assert_eq!(report["last"], facts["last_eventTime"], "{set}");
        let report = json_of(&["count", path, "--by", "eventName", "--keep-duplicates"]);
        assert_eq!(report["events"], facts["events"], "{set}");
        assert_eq!(report["by"].as_array().unwrap().len() as u64, facts["eventNames_distinct"], "{set}");
        for top in facts["top10_eventName"].as_array().unwrap() {
            let count = report["by"]
                .as_array()
                .unwrap()
                .iter()
                .find(|group| group["value"] == top[0])
                .map(|group| &group["count"]);
            assert_eq!(count, Some(&top[1]), "{set}: {}", top[0]);
        }
        for control in controls["controls"].as_array().unwrap() {
            let Some(id) = control["cis_ids"]["v1.4.0"].as_str() else { continue };
            let facts = facts["cis"].as_object().unwrap();
            let Some((name, expect)) = facts.iter().find(|(name, _)| name.starts_with(&format!("{id}_"))) else {
                continue;
            };
            let pattern = control["filter_pattern"].as_str().unwrap();
            let report = json_of(&["metric", path, "--filter", pattern, "--keep-duplicates"]);
            assert_eq!(&report["matched"], expect, "{set}: {name}: {pattern}");
        }
    }
}

#[test]
fn every_container_holds_the_same_events() {
    let Some(data) = data("every_container_holds_the_same_events") else { return };
    let derived = data.join("derived");
    let expect = json_of(&["count", derived.join("invictus-trail").to_str().unwrap(), "--by", "eventName"]);
    assert_eq!(expect["events"], 2900);
    for name in [
        "invictus-trail.zip",
        "invictus-trail.tar",
        "invictus-trail.tar.gz",
        "invictus-all.json.gz",
        "invictus-all.array.json.gz",
        "invictus-all.ndjson.gz",
        "invictus-multimember.ndjson.gz",
        "invictus-concatenated-records.json.gz",
    ] {
        let path = derived.join(name);
        assert_eq!(json_of(&["count", path.to_str().unwrap(), "--by", "eventName"]), expect, "{name}");
    }
    let all = json_of(&[
        "scan",
        derived.join("invictus-trail").to_str().unwrap(),
        derived.join("invictus-trail.zip").to_str().unwrap(),
    ]);
    assert_eq!((&all["events"], &all["duplicates"]), (&json!(2900), &json!(2900)));
}

/// One record of a trail was changed afterwards: read together with the trail it is found, the same in all other forms of
/// the trail is not.
#[test]
fn a_record_that_was_changed_is_found_beside_the_original() {
    let Some(data) = data("a_record_that_was_changed_is_found_beside_the_original") else { return };
    let derived = data.join("derived");
    let scan = |names: &[&str]| {
        let paths: Vec<_> = names.iter().map(|name| derived.join(name)).collect();
        let arguments: Vec<&str> =
            ["scan"].into_iter().chain(paths.iter().map(|path| path.to_str().unwrap())).collect();
        let report = json_of(&arguments);
        let problems = report["problems"].as_array().unwrap().iter();
        let conflicts = problems.filter(|problem| problem["code"] == "conflicting-copies");
        (report["events"].clone(), conflicts.map(|problem| problem["count"].clone()).collect::<Vec<_>>())
    };
    let forms = ["invictus-trail", "cwl-export", "invictus-all.ndjson.gz", "invictus-concatenated-records.json.gz"];
    assert_eq!(scan(&forms), (json!(2900), vec![]));
    assert_eq!(scan(&["invictus-trail", "invictus-trail-tampered"]), (json!(2901), vec![json!(1), json!(1)]));
}

#[test]
fn damaged_data_is_listed_and_does_not_stop_anything() {
    let Some(data) = data("damaged_data_is_listed_and_does_not_stop_anything") else { return };
    let folder = data.join("derived/damaged");
    let report = json_of(&["scan", folder.to_str().unwrap()]);
    let problems = report["problems"].as_array().unwrap();
    for name in ["truncated.json", "truncated.json.gz", "crc-error.json.gz", "ndjson-one-bad-line.ndjson"] {
        let found = problems.iter().any(|problem| Path::new(problem["file"].as_str().unwrap()).ends_with(name));
        assert!(found, "{name} is not listed in {problems:?}");
    }
    assert!(report["events"].as_u64().unwrap() > 0);
}
