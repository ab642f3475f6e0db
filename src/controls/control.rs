//! One control as the pack has it.

use crate::model::alarm::{Backtest, MetricAlarm, TreatMissingData};
use crate::model::metric::{MetricFilter, MetricTransformation};
use serde::Deserialize;
use std::collections::BTreeMap;

/// A control: what is to be watched, under which ids, and how the filter may be spelled.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Control {
    /// Key in `cis-controls.json`.
    pub key: String,
    /// What it watches.
    pub title: String,
    /// Why anyone would want to know.
    pub about: String,
    /// Name given to filter, metric and alarm.
    pub name: String,
    /// Version of the CIS benchmark → id there. A version without the control is not named.
    pub cis: BTreeMap<String, String>,
    /// Its level in the CIS benchmark.
    pub cis_profile: String,
    /// Its id in AWS Security Hub, if it has one.
    #[serde(default)]
    pub security_hub: Option<String>,
    /// What Prowler looks for.
    pub prowler: Prowler,
    /// Patterns in use, the recommended one first.
    pub spellings: Vec<Spelling>,
    /// Alarms that others recommend.
    pub alarm_alternatives: Vec<AlarmVariant>,
    /// What is known to go wrong, a sentence or two each.
    pub traps: Vec<String>,
    /// Clauses of PCI DSS that others map to it.
    pub pci_dss: PciDss,
    /// Clauses of the HIPAA security rule that others map to it.
    pub hipaa: Clauses,
}

/// Prowler's check.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Prowler {
    /// Its name.
    pub check: String,
    /// A pattern with the conditions that it looks for, in its order; `None`: those of the recommended pattern.
    #[serde(default)]
    pub pattern: Option<String>,
}

/// One way to write the filter.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Spelling {
    /// Who writes it so.
    pub source: String,
    /// The filter pattern.
    pub pattern: String,
    /// What is special about it.
    #[serde(default)]
    pub note: Option<String>,
    /// Versions of the CIS benchmark whose text it is. A version that no spelling names has the recommended one, as far
    /// as is known: the benchmark is not public.
    #[serde(default)]
    pub cis: Vec<String>,
}

/// An alarm that somebody recommends instead.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct AlarmVariant {
    /// Who does.
    pub source: String,
    /// Threshold.
    pub threshold: f64,
    /// Period in seconds.
    pub period_seconds: u32,
    /// N; 1 when it is not said.
    #[serde(default = "one")]
    pub evaluation_periods: u32,
    /// M of N; 1 when it is not said.
    #[serde(default = "one")]
    pub datapoints_to_alarm: u32,
    /// What missing data count as; as recommended when it is not said.
    #[serde(default = "not_breaching")]
    pub treat_missing_data: TreatMissingData,
}

fn one() -> u32 {
    1
}

fn not_breaching() -> TreatMissingData {
    TreatMissingData::NotBreaching
}

/// Clauses of PCI DSS: opinions of others, not statements of the standard.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct PciDss {
    /// Of version 4.0.
    #[serde(rename = "v4.0")]
    pub v4: Vec<String>,
    /// Of version 3.2.1.
    #[serde(rename = "v3.2.1")]
    pub v3: Vec<String>,
    /// Whose opinion.
    pub source: String,
}

/// Clauses of a standard: opinions of others, not statements of the standard.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Clauses {
    /// The clauses.
    pub clauses: Vec<String>,
    /// Whose opinion.
    pub source: String,
}

impl Control {
    /// The filter in this spelling (namespace `LogMetrics`, value 1, default value 0, as Security Hub checks them) and
    /// the recommended alarm (Sum over 5 minutes, 1 of 1, at least 1, missing data not breaching).
    pub fn backtest(&self, spelling: &Spelling) -> Backtest {
        Backtest {
            filter: MetricFilter {
                filter_name: self.name.clone(),
                filter_pattern: spelling.pattern.clone(),
                metric_transformations: vec![MetricTransformation {
                    metric_name: self.name.clone(),
                    metric_namespace: "LogMetrics".into(),
                    default_value: Some(0.0),
                    ..MetricTransformation::default()
                }],
            },
            alarm: MetricAlarm { alarm_name: self.name.clone(), ..MetricAlarm::default() },
        }
    }

    /// The recommended pattern.
    pub fn pattern(&self) -> &str {
        self.spellings.first().map_or("", |spelling| spelling.pattern.as_str())
    }

    /// The text of a version of the CIS benchmark, as far as it is known; `None` when the version lacks the control.
    pub fn cis_pattern(&self, version: &str) -> Option<&str> {
        self.cis.contains_key(version).then(|| {
            let own = self.spellings.iter().find(|spelling| spelling.cis.iter().any(|known| known == version));
            own.map_or(self.pattern(), |spelling| spelling.pattern.as_str())
        })
    }
}

impl AlarmVariant {
    /// The alarm it describes, named as the control's.
    pub fn alarm(&self, control: &Control) -> MetricAlarm {
        MetricAlarm {
            alarm_name: control.name.clone(),
            threshold: self.threshold,
            period: self.period_seconds,
            evaluation_periods: self.evaluation_periods,
            datapoints_to_alarm: Some(self.datapoints_to_alarm),
            treat_missing_data: self.treat_missing_data,
            ..MetricAlarm::default()
        }
    }
}
