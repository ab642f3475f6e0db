//! What is found beside rows, and when: while events are compared, in dividing an archive, by a worker that dies.

use super::hall::{Hall, files};
use trailscope::base::Code;
use trailscope::model::query::Scope;
use trailscope::worker::pool::LoadPhase;

/// Whenever they come, between two messages of the comparison, too.
#[test]
fn files_that_come_while_events_are_compared_are_compared_as_well() {
    let files = files();
    for seed in 0..40 {
        let mut hall = Hall::new(2, seed);
        hall.drop_files(&files[..10]);
        while hall.pool.load().phase != LoadPhase::Comparing {
            assert!(hall.turn());
        }
        hall.turns(seed as usize % 8);
        hall.drop_files(&files[10..]);
        hall.run();
        let count = hall.count(&Scope::default());
        assert_eq!((count.events, count.duplicates), (220, 40), "seed {seed}");
    }
}

/// A zip of 160 digest files and as many that are cut short, large enough to be divided.
fn many_digests() -> (String, Vec<u8>) {
    let mut bytes = Vec::new();
    let mut zip = rawzip::ZipArchiveWriter::new(&mut bytes);
    let filler: String =
        (0..30_000u32).map(|at| char::from(33 + (at.wrapping_mul(2_654_435_761) >> 26) as u8)).collect();
    for number in 0..320 {
        let digest = serde_json::json!({"digestStartTime": number, "digestEndTime": "e", "filler": filler}).to_string();
        let cut = if number % 2 == 0 { digest.len() } else { 20_000 };
        let (mut entry, config) = zip.new_file(format!("{number:03}.json")).start().unwrap();
        let mut writer = config.wrap(&mut entry);
        std::io::Write::write_all(&mut writer, &digest.as_bytes()[..cut]).unwrap();
        let (_, end) = writer.finish().unwrap();
        entry.finish(end).unwrap();
    }
    zip.finish().unwrap();
    ("digests.zip".into(), bytes)
}

/// What parts of an archive brought that others have read stays when one of them is read again.
#[test]
fn a_dead_worker_takes_nothing_of_the_others_along() {
    let mut hall = Hall::loaded(3, 8, &[many_digests()]);
    let found = |hall: &Hall| {
        let state = hall.pool.load();
        let paths = state.attachments.iter().map(|attachment| attachment.path.to_string());
        let mut paths: Vec<_> = paths.chain(state.diagnostics.iter().map(|found| format!("{found:?}"))).collect();
        paths.sort();
        paths
    };
    let before = found(&hall);
    assert!(before.len() >= 320, "{}", before.len());
    for worker in 0..3 {
        hall.pool.worker_lost(worker, "out of memory");
        hall.carry_out();
        hall.run();
        assert_eq!(found(&hall), before);
    }
}

/// A large archive is divided by one worker, which may have nothing else to report on.
#[test]
fn what_is_found_in_dividing_an_archive_is_listed() {
    let noise = (0..5_000_000u32).flat_map(|at| (at.wrapping_mul(2_654_435_761) >> 13).to_le_bytes()[..1].to_vec());
    let mut cut = b"PK\x03\x04".to_vec();
    cut.extend(noise);
    let hall = Hall::loaded(2, 1, &[("cut.zip".into(), cut)]);
    let findings: Vec<_> = hall.pool.load().diagnostics.iter().map(|found| found.code).collect();
    assert_eq!(findings, [Code::DamagedArchive]);
}
