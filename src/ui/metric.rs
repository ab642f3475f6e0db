//! Metric filters: the list of backtests, the settings of a filter, the chart of its metric.
//!
//! Samples come from the workers once per metric filter ([`run`]); everything after them is computed on the page at
//! once, so that it follows a threshold while it is dragged. The alarm itself is in `ui::alarm`.

mod chart;
mod deployed;
mod fields;
mod filter_form;
mod findings;
mod list;
mod pattern_editor;
pub mod run;
mod start;
mod transformation;

pub use chart::MetricChart;
pub use deployed::{DeployedBar, announce};
pub use fields::{Choice, Field, Number, Text};
pub use filter_form::FilterForm;
pub use list::List;
pub use pattern_editor::PatternEditor;
pub use start::Start;
pub use transformation::transformation;
