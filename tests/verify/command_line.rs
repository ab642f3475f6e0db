//! What the command-line tool says of archives with digest files, and by which exit code.

use super::trail::{Dropped, Key, Trail};
use std::fs;
use std::process::Command;
use tempfile::TempDir;

/// Exit code, standard output and standard error.
fn run(args: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_trailscope")).args(args).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn on_disk(dropped: &Dropped) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (path, bytes) in &dropped.0 {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}

#[test]
fn what_is_left_out_is_counted() {
    let trail = on_disk(&Trail::of(2).with_proof());
    let path = trail.path().to_str().unwrap();
    let (code, _, said) = run(&["count", path, "--region", "us-eat-1"]);
    assert!(code == 0 && said.contains("files are outside of what was selected and not read"), "{code}: {said}");
}

#[test]
fn nothing_is_proven_where_something_could_not_be_read() {
    let whole = Trail::of(2).with_proof();
    let (code, text, _) = run(&["verify", on_disk(&whole).path().to_str().unwrap()]);
    let key = format!("key {}: 2 signatures; from ", Key::a().fingerprint());
    assert!(code == 0 && text.contains(&key), "{code}: {text}");
    let folder = on_disk(&whole);
    fs::write(folder.path().join("more.zip"), b"PK\x03\x04 and no more").unwrap();
    let (code, text, _) = run(&["verify", folder.path().to_str().unwrap()]);
    assert!(code == 4 && text.contains("more.zip"), "{code}: {text}");
    let (object, _) = &Trail::of(2).logs[0];
    let folder = on_disk(&whole.with(object, b"{\"Records\":[]}"));
    assert_eq!(run(&["verify", folder.path().to_str().unwrap()]).0, 1);
}

#[test]
fn the_evidence_report_says_what_was_chosen_and_whose_keys_it_believes() {
    let folder = on_disk(&Trail::of(2).delivered());
    let keys = on_disk(&Dropped::default().and("keys.json", &Key::a().list()));
    let keys = keys.path().join("keys.json");
    let path = folder.path().to_str().unwrap();
    let report = |more: &[&str]| run(&[&["report", path, "--framework", "pci-dss-4.0"], more].concat()).1;
    let everything = report(&[]);
    assert!(!everything.contains("Read only"), "{everything}");
    let with_keys = report(&["--keys", keys.to_str().unwrap()]);
    assert!(with_keys.contains(&format!("{} in {}", Key::a().fingerprint(), keys.display())), "{with_keys}");
    let part = report(&["--path", "T0000Z"]);
    assert_eq!(part.matches("Read only “T0000Z” in the path").count(), 2, "what was read, and its limits: {part}");
}
