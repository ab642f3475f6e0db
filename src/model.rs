//! The vocabulary that crosses module and worker borders: specifications, queries, partial answers.
//!
//! Plain data with serde, no behaviour beyond [`Merge`] and small accessors. AWS things carry AWS's names.

pub mod alarm;
pub mod attachment;
pub mod composite;
pub mod coverage;
pub mod distinct;
pub mod export;
pub mod fields;
pub mod matches;
pub mod metric;
pub mod metric_data;
pub mod object_key;
pub mod partial;
pub mod query;
pub mod rates;
pub mod report;
pub mod rule;
pub mod selection;
pub mod series;
pub mod statistic;
pub mod tuning;
pub mod value;

pub use partial::Merge;
