//! Alarms on metric math: their metrics, each with the metric filter that publishes it, formulas over them, and the
//! anomaly detection band. What is said of the alarm itself is in `ui::alarm`.

mod band;
mod expression;
mod form;
mod metric;
mod run;

pub use form::FormulaForm;
pub use run::FormulaRun;
