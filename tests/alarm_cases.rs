//! `tests/cases/alarm-evaluation.json`: everything about alarms and their actions.

use trailscope::cli::cases::run;

#[test]
fn alarm_evaluation() {
    let report = run(include_str!("cases/alarm-evaluation.json")).unwrap();
    assert_eq!(report.failures().collect::<Vec<_>>(), [""; 0]);
    assert_eq!(report.skipped(), 0);
    assert_eq!(report.passed(), 183);
}
