//! The control pack: fifteen log-metric-filter controls of the CIS AWS Foundations Benchmark, with what AWS Security
//! Hub and Prowler look for, as data.
//!
//! `controls/controls.json` is the product's part of `tests/cases/cis-controls.json`, which has the sources; a test
//! holds the two equal. Enter with [`all`]. [`spelling`] compares a pattern with what the checkers want, [`nearest`]
//! finds the control that a filter seems to be meant for, [`framework`] has the ids and clauses.

mod control;
pub mod framework;
pub mod history;
pub mod nearest;
pub mod spelling;

pub use control::{AlarmVariant, Clauses, Control, PciDss, Prowler, Spelling};

use std::sync::LazyLock;

/// A test holds that this can be read.
static CONTROLS: LazyLock<Vec<Control>> =
    LazyLock::new(|| serde_json::from_str(include_str!("controls/controls.json")).unwrap_or_default());

/// All controls, in the order of the benchmark.
pub fn all() -> &'static [Control] {
    &CONTROLS
}

/// The control with this key of `cis-controls.json`.
pub fn by_key(key: &str) -> Option<&'static Control> {
    all().iter().find(|control| control.key == key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::cloudwatch;
    use serde_json::{Value, json};

    fn cases() -> Value {
        serde_json::from_str(include_str!("../tests/cases/cis-controls.json")).unwrap()
    }

    #[test]
    fn the_pack_is_what_the_cases_say() {
        let cases = cases();
        let theirs = cases["controls"].as_array().unwrap();
        assert_eq!((all().len(), theirs.len()), (15, 15));
        for (control, case) in all().iter().zip(theirs) {
            let key = &control.key;
            assert_eq!(case["key"], key.as_str());
            assert_eq!(case["title"], control.title.as_str(), "{key}");
            assert_eq!(case["cis_ids"], json!(control.cis), "{key}");
            assert_eq!(case["cis_profile"], control.cis_profile.as_str(), "{key}");
            assert_eq!(case["security_hub"]["id"].as_str(), control.security_hub.as_deref(), "{key}");
            assert_eq!(case["prowler_check"], control.prowler.check.as_str(), "{key}");
            let [first, others @ ..] = control.spellings.as_slice() else { panic!("{key} has no pattern") };
            assert_eq!(case["filter_pattern"], first.pattern.as_str(), "{key}");
            assert_eq!(case["filter_pattern_source"], first.source.as_str(), "{key}");
            let alternatives: Vec<Value> = others
                .iter()
                .map(|other| json!({"source": other.source, "pattern": other.pattern, "note": other.note}))
                .collect();
            assert_eq!(case["alternative_patterns"], json!(alternatives), "{key}");
            assert_eq!(case["pci_dss"]["v4.0"], json!(control.pci_dss.v4), "{key}");
            assert_eq!(case["pci_dss"]["v3.2.1"], json!(control.pci_dss.v3), "{key}");
            assert_eq!(case["pci_dss"]["source"], control.pci_dss.source.as_str(), "{key}");
            assert_eq!(case["hipaa"], json!({"clauses": control.hipaa.clauses, "source": control.hipaa.source}));
            let theirs = case.get("alarm_alternatives").cloned().unwrap_or_else(|| json!([]));
            let read: Vec<AlarmVariant> = serde_json::from_value(theirs).unwrap();
            assert_eq!(read, control.alarm_alternatives, "{key}");
        }
    }

    #[test]
    fn metric_and_alarm_are_the_recommended_ones() {
        for (control, case) in all().iter().zip(cases()["controls"].as_array().unwrap()) {
            let backtest = control.backtest(&control.spellings[0]);
            let metric = &backtest.filter.metric_transformations[0];
            assert_eq!(case["metric"]["namespace"], metric.metric_namespace.as_str());
            assert_eq!(case["metric"]["value"], metric.metric_value.as_str());
            assert_eq!(case["metric"]["default_value"].as_f64(), metric.default_value);
            let ours = serde_json::to_value(&backtest.alarm).unwrap();
            let theirs = &case["alarm"];
            for (our_name, their_name) in [
                ("Statistic", "statistic"),
                ("ComparisonOperator", "comparison_operator"),
                ("Period", "period_seconds"),
                ("EvaluationPeriods", "evaluation_periods"),
                ("DatapointsToAlarm", "datapoints_to_alarm"),
                ("TreatMissingData", "treat_missing_data"),
            ] {
                assert_eq!(ours[our_name], theirs[their_name], "{} {our_name}", control.key);
            }
            assert_eq!(Some(backtest.alarm.threshold), theirs["threshold"].as_f64());
        }
    }

    #[test]
    fn every_pattern_is_valid_and_the_versions_named_exist() {
        for control in all() {
            for spelling in &control.spellings {
                assert!(cloudwatch::parse(&spelling.pattern).is_ok(), "{}", spelling.pattern);
                assert!(spelling.cis.iter().all(|version| control.cis.contains_key(version)), "{}", control.key);
            }
            assert!(control.prowler.pattern.as_deref().is_none_or(|pattern| cloudwatch::parse(pattern).is_ok()));
            assert!(!control.name.is_empty() && !control.about.is_empty());
        }
    }
}
