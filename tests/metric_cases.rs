//! `tests/cases/metrics.json`: metric filters, statistics and periods.

use trailscope::cli::cases::run;

#[test]
fn metrics() {
    let report = run(include_str!("cases/metrics.json")).unwrap();
    assert_eq!(report.failures().collect::<Vec<_>>(), [""; 0]);
    println!("{} passed; skipped: {:?}", report.passed(), report.skipped_kinds());
    // Metric math is not part of this version.
    assert_eq!(report.skipped_kinds(), [("metric_math", 25)]);
    assert_eq!(report.passed(), 27);
}
