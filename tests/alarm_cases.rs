//! `tests/cases/alarm-evaluation.json`: everything about metric alarms and their actions.

use trailscope::cli::cases::run;

#[test]
fn alarm_evaluation() {
    let report = run(include_str!("cases/alarm-evaluation.json")).unwrap();
    assert_eq!(report.failures().collect::<Vec<_>>(), [""; 0]);
    println!("{} passed; skipped: {:?}", report.passed(), report.skipped_kinds());
    // Composite alarms are not part of this version.
    assert_eq!(report.skipped_kinds(), [("composite_rule", 22), ("composite_suppression", 5)]);
    assert_eq!(report.passed(), 156);
}
