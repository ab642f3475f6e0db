//! Trails that are made up, and measured.

use super::*;

#[test]
fn gen_writes_the_same_trail_for_the_same_seed() {
    let folder = TempDir::new().unwrap();
    let generate = |name: &str, seed: &str| {
        let path = folder.path().join(name);
        let report = json_of(&[
            "gen",
            path.to_str().unwrap(),
            "--events",
            "3000",
            "--seed",
            seed,
            "--files-of",
            "100",
            "--days",
            "3",
        ]);
        assert_eq!(report["events"], 3000);
        path
    };
    let (first, again, other) = (generate("first", "1"), generate("again", "1"), generate("other", "2"));
    assert_eq!(contents(&first), contents(&again));
    assert_ne!(contents(&first), contents(&other));

    let report = json_of(&["scan", first.to_str().unwrap()]);
    assert_eq!((&report["events"], &report["duplicates"], &report["problems"]), (&json!(3000), &json!(0), &json!([])));
    assert_eq!(report["files"], contents(&first).len());
    let (code, message) = failure(&["gen", first.to_str().unwrap(), "--events", "1", "--seed", "1"]);
    assert_eq!(code, 3);
    assert!(message.contains("not empty"), "{message}");
}

#[test]
fn gen_divides_and_repeats_as_asked() {
    let folder = TempDir::new().unwrap();
    for preset in ["real", "adversarial", "company"] {
        let path = folder.path().join(preset);
        let path = path.to_str().unwrap();
        let events = ["gen", path, "--events", "1000", "--seed", "1", "--files", "20", "--duplicates", "210"];
        let report = json_of(&[&events[..], &["--preset", preset]].concat());
        // The last copies of a Region have a file of their own.
        assert!((20..=23).contains(&report["files"].as_u64().unwrap()), "{report}");
        let report = json_of(&["scan", path]);
        let copies = report["duplicates"].as_u64().unwrap();
        assert!((208..=210).contains(&copies), "{report}");
        assert_eq!(report["problems"], json!([]), "{preset}");
    }
    let (code, _) = failure(&["gen", "x", "--events", "1", "--seed", "1", "--files", "2", "--files-of", "2"]);
    assert_eq!(code, 2);
}

/// Every file below a folder: its path from there, and its bytes.
fn contents(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push((path.strip_prefix(folder).unwrap().to_owned(), fs::read(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn bench_measures_each_kind_of_query() {
    let report = json_of(&["bench", "--events", "2000", "--runs", "1"]);
    assert_eq!(report["events"], 2000);
    assert!(report["events_per_second"].as_f64().unwrap() > 0.0);
    assert!(report["queries"].as_array().unwrap().len() >= 8);
}
