//! `tests/cases/metrics.json`: metric filters, statistics, periods and metric math.

use trailscope::cli::cases::run;

#[test]
fn metrics() {
    let report = run(include_str!("cases/metrics.json")).unwrap();
    assert_eq!(report.failures().collect::<Vec<_>>(), [""; 0]);
    assert_eq!(report.skipped_kinds(), []);
    assert_eq!(report.passed(), 52);
}
