//! Searches and metric filters in the query languages of AWS, for archives that outgrow a browser.
//!
//! [`athena`] writes Trino SQL for Athena over the trail's bucket, [`logs_insights`] a CloudWatch Logs Insights query
//! over its log group. Both say what the same [`Predicate`](crate::filter::predicate::Predicate) asks here, or refuse:
//! a condition is never left out, because the count would then be another one. Where a language knows less than the
//! record says, a note tells.

pub mod athena;
pub mod logs_insights;

use crate::base::EpochMs;
use crate::filter::predicate::Predicate;
use crate::model::metric::{MetricFilter, MetricTransformation};
use crate::model::query::Scope;
use crate::model::statistic::Statistic;
use crate::pattern::cloudwatch::{ValueRef, value_reference};
use crate::pattern::{cloudwatch, search};

/// What is asked.
#[derive(Clone, Debug, PartialEq)]
pub enum Question {
    /// The events of a view.
    Events {
        /// Which ones.
        scope: Scope,
        /// Fields to show, as in [`crate::model::query`].
        columns: Vec<String>,
    },
    /// The datapoints that a metric filter would have published.
    Metric {
        /// The metric filter.
        filter: MetricFilter,
        /// Statistic of a period's samples.
        statistic: Statistic,
        /// Seconds.
        period: u32,
        /// Half-open time range.
        range: Option<(EpochMs, EpochMs)>,
    },
}

/// A query, and what is worth knowing about it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// The query.
    pub text: String,
    /// Where it says something else than the page does, one sentence each.
    pub notes: Vec<String>,
}

/// What neither language can ask: arrays are looked into element by element.
const EVENT_PATTERN: &str = "An event pattern cannot be asked there; make it a metric filter first";
/// What neither language knows of a record.
const NO_SIZE: &str = "The size of a record cannot be asked there";

/// Notes, each once.
#[derive(Debug, Default)]
struct Notes(Vec<String>);

impl Notes {
    fn add(&mut self, note: impl Into<String>) {
        let note = note.into();
        if !self.0.contains(&note) {
            self.0.push(note);
        }
    }
}

/// The predicate of a scope, without its time range.
fn predicate(scope: &Scope) -> Result<Predicate, String> {
    let mut all = Vec::new();
    if !scope.filter.trim().is_empty() {
        all.push(search::parse(&scope.filter).map_err(|error| error.message)?.lower());
    }
    if !scope.pattern.trim().is_empty() {
        all.push(cloudwatch::parse(&scope.pattern).map_err(|error| error.message)?.lower());
    }
    Ok(if all.len() == 1 { all.remove(0) } else { Predicate::And(all) })
}

/// Conditions in brackets with a word between them; `of_none` stands for no condition.
fn joined(parts: &[String], word: &str, of_none: &str) -> String {
    match parts {
        [] => of_none.to_owned(),
        [one] => one.clone(),
        parts => format!("({})", parts.join(&format!(" {word} "))),
    }
}

/// A metric filter, understood.
struct Metric<'f> {
    predicate: Predicate,
    transformation: &'f MetricTransformation,
    value: ValueRef,
    dimensions: Vec<(&'f str, ValueRef)>,
}

impl<'f> Metric<'f> {
    fn read(filter: &'f MetricFilter) -> Result<Self, String> {
        let pattern = cloudwatch::parse(&filter.filter_pattern).map_err(|error| error.message)?;
        let transformation = filter.metric_transformations.first().ok_or("the metric filter has no metric")?;
        let reference = |text: &str| value_reference(text, &pattern).map_err(|error| error.message);
        let dimensions = transformation
            .dimensions
            .iter()
            .map(|(name, value)| Ok((name.as_str(), reference(value)?)))
            .collect::<Result<_, String>>()?;
        let value = reference(&transformation.metric_value)?;
        Ok(Self { predicate: pattern.lower(), transformation, value, dimensions })
    }
}
