//! The metrics and formulas of one alarm: what PutMetricAlarm would refuse about them, and the order to calculate them in.

use super::band;
use super::check::{Type, check};
use super::function::Function;
use super::parser::parse;
use super::syntax::{Error, Node, Tree};
use crate::model::metric_data::{MetricDataQuery, MetricStat};
use std::collections::BTreeMap;
use std::ops::Range;

/// Metrics of one alarm.
pub const METRICS_MAX: usize = 10;

/// Formulas that are read: enough for any alarm on ten metrics.
const FORMULAS_MAX: usize = 50;

/// What is wrong with one of the metrics and formulas.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Its position in the list; `None` for the list as a whole.
    pub at: Option<usize>,
    /// The place in the formula, where it is about one.
    pub span: Option<Range<usize>>,
    /// One sentence.
    pub message: String,
}

/// The metrics and formulas of an alarm that CloudWatch would take.
#[derive(Clone, Debug, PartialEq)]
pub struct Formulas {
    /// Metrics by id, in the order of the request.
    pub metrics: Vec<(String, MetricStat)>,
    /// Formulas by id, each after those it depends on.
    pub(super) formulas: Vec<(String, Node)>,
    /// What the alarm watches.
    pub(super) watched: Node,
    /// The metric the watched one is compared with a band of, and the width.
    pub(super) band: Option<(Node, f64)>,
    /// Seconds of all periods.
    pub period_s: u32,
}

impl Formulas {
    /// Reads what an alarm has in `Metrics` and `ThresholdMetricId`; `period_s` is in force where no metric has one.
    pub fn read(
        queries: &[MetricDataQuery],
        threshold_metric_id: Option<&str>,
        period_s: u32,
    ) -> Result<Self, Vec<Refusal>> {
        let mut refusals = list_refusals(queries, threshold_metric_id);
        let period_s = queries.iter().find_map(|query| Some(query.metric_stat.as_ref()?.period)).unwrap_or(period_s);
        let mut parsed: BTreeMap<&str, (usize, Node)> = BTreeMap::new();
        for (at, query) in queries.iter().enumerate().take(METRICS_MAX + FORMULAS_MAX) {
            refusals.extend(own_refusal(query, period_s).map(|message| Refusal { at: Some(at), span: None, message }));
            match query.expression.as_deref().map(parse) {
                Some(Ok(node)) => {
                    parsed.insert(&query.id, (at, node));
                }
                Some(Err(error)) => refusals.push(refusal(at, error)),
                None => {}
            }
        }
        if !refusals.is_empty() {
            return Err(refusals);
        }

        let metrics: Vec<_> =
            queries.iter().filter_map(|query| Some((query.id.clone(), query.metric_stat.clone()?))).collect();
        let mut types: BTreeMap<&str, Type> = metrics.iter().map(|(id, _)| (id.as_str(), Type::Series)).collect();
        let mut formulas = Vec::new();
        let mut band = None;
        // In each round go those that depend only on what is known; when none can go, the rest is wrong.
        while !parsed.is_empty() {
            let depends =
                |node: &Node| node.any(&|part| matches!(&part.tree, Tree::Id(id) if parsed.contains_key(id.as_str())));
            let ready: Vec<&str> = parsed.iter().filter(|(_, (_, node))| !depends(node)).map(|(id, _)| *id).collect();
            if ready.is_empty() {
                let circle = parsed.values().map(|(at, _)| Refusal {
                    at: Some(*at),
                    span: None,
                    message: "formulas depend on each other in a circle".into(),
                });
                return Err(circle.collect());
            }
            for id in ready {
                let Some((at, node)) = parsed.remove(id) else { continue };
                match check(&node, &|name| types.get(name).copied()) {
                    Ok(_) if threshold_metric_id == Some(id) => band = band_of(&node),
                    Ok(kind) => {
                        types.insert(id, kind);
                        formulas.push((id.to_owned(), node));
                    }
                    Err(error) => return Err(vec![refusal(at, error)]),
                }
            }
        }
        if let (Some(id), None) = (threshold_metric_id, &band) {
            return Err(vec![whole(format!(
                "ThresholdMetricId “{id}” is not an ANOMALY_DETECTION_BAND of this alarm"
            ))]);
        }
        let Some((at, returned)) = returned(queries, threshold_metric_id).next() else { return Err(Vec::new()) };
        match types.get(returned.id.as_str()) {
            Some(Type::Series) => {}
            Some(other) => {
                let message = format!("an alarm watches one time series; this formula yields {other}");
                return Err(vec![Refusal { at: Some(at), span: None, message }]);
            }
            None => return Err(vec![whole("what the alarm watches is not there".into())]),
        }
        let watched = Node { tree: Tree::Id(returned.id.clone()), span: 0..0 };
        Ok(Self { metrics, formulas, watched, band, period_s })
    }

    /// Whether datapoints depend on more than their own period: on the range that an alarm looks at, which is wider than its
    /// evaluation periods and not that of a graph.
    pub fn depends_on_range(&self) -> bool {
        self.any(|part, known| looks_around(part, &known))
    }

    /// Whether any part of the formulas is such; `is_such` gets what yields which type, too.
    fn any(&self, is_such: impl Fn(&Node, &dyn Fn(&str) -> Option<Type>) -> bool) -> bool {
        let mut types: BTreeMap<&str, Type> = self.metrics.iter().map(|(id, _)| (id.as_str(), Type::Series)).collect();
        for (id, node) in &self.formulas {
            let known = |name: &str| types.get(name).copied();
            if node.any(&|part| is_such(part, &known)) {
                return true;
            }
            types.extend(check(node, &known).map(|kind| (id.as_str(), kind)).ok());
        }
        false
    }

    /// Whether missing datapoints are given values.
    pub fn fills_gaps(&self) -> bool {
        self.formulas.iter().any(|(_, node)| node.any(&|part| matches!(part.tree, Tree::Call(Function::Fill, _))))
    }

    /// Whether there may be datapoints where no metric has one.
    pub(super) fn fills(&self) -> bool {
        let fills = |part: &Node| matches!(part.tree, Tree::Call(Function::Fill | Function::TimeSeries, _));
        self.formulas.iter().any(|(_, node)| node.any(&fills))
    }

    /// Whether there is never a datapoint at a time at which no metric has one: nothing is filled, and no `IF` puts the same
    /// in the place of a whole time series.
    pub(super) fn is_only_where_measured(&self) -> bool {
        let replaces = |part: &Node, known: &dyn Fn(&str) -> Option<Type>| match &part.tree {
            Tree::Call(Function::If, arguments) => {
                arguments.first().is_none_or(|condition| check(condition, &known) != Ok(Type::Series))
            }
            _ => false,
        };
        !self.fills() && !self.any(replaces)
    }
}

fn looks_around(part: &Node, known: &impl Fn(&str) -> Option<Type>) -> bool {
    use Function as F;
    match &part.tree {
        Tree::Call(F::Diff | F::Rate | F::DiffTime | F::RunningSum | F::Sort | F::RemoveEmpty, _) => true,
        Tree::Call(F::Fill, arguments) => arguments.get(1).is_some_and(|filler| matches!(filler.tree, Tree::Word(_))),
        Tree::Call(function, arguments) if function.is_aggregate() && *function != F::MetricCount => {
            arguments.first().is_some_and(|argument| check(argument, known) == Ok(Type::Series))
        }
        _ => false,
    }
}

/// The one that the alarm watches: returned, and not the band.
fn returned<'q>(
    queries: &'q [MetricDataQuery],
    threshold_metric_id: Option<&str>,
) -> impl Iterator<Item = (usize, &'q MetricDataQuery)> {
    let band = threshold_metric_id.map(str::to_owned);
    queries.iter().enumerate().filter(move |(_, query)| query.return_data && Some(&query.id) != band.as_ref())
}

fn list_refusals(queries: &[MetricDataQuery], threshold_metric_id: Option<&str>) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    let metrics = queries.iter().filter(|query| query.metric_stat.is_some()).count();
    if metrics == 0 {
        refusals.push(whole("at least one metric is needed".into()));
    }
    if metrics > METRICS_MAX {
        refusals.push(whole(format!("an alarm has at most {METRICS_MAX} metrics, not {metrics}")));
    }
    if queries.len() - metrics > FORMULAS_MAX {
        refusals.push(whole(format!("more than {FORMULAS_MAX} formulas are not read")));
    }
    match returned(queries, threshold_metric_id).count() {
        1 => {}
        0 => refusals.push(whole("one metric or formula must have ReturnData true: the one the alarm watches".into())),
        several => refusals.push(whole(format!("exactly one may have ReturnData true, not {several}"))),
    }
    for (at, query) in queries.iter().enumerate() {
        if queries[..at].iter().any(|other| other.id == query.id) {
            let message = format!("the id “{}” is there twice", query.id);
            refusals.push(Refusal { at: Some(at), span: None, message });
        }
    }
    refusals
}

fn own_refusal(query: &MetricDataQuery, period_s: u32) -> Option<String> {
    let is_id = query.id.starts_with(|c: char| c.is_ascii_lowercase())
        && query.id.len() <= 255
        && query.id.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    match (&query.expression, &query.metric_stat) {
        _ if !is_id => {
            Some(format!("the id “{}” must begin with a small letter and have letters, digits and _ only", query.id))
        }
        (Some(_), Some(_)) => Some("only one of Expression and MetricStat can be set".into()),
        (None, None) => Some("either Expression or MetricStat is needed".into()),
        (_, Some(stat)) if stat.period != period_s => {
            Some(format!("all metrics need the same period: {} s is not {period_s} s", stat.period))
        }
        _ => None,
    }
}

fn band_of(node: &Node) -> Option<(Node, f64)> {
    match &node.tree {
        Tree::Call(Function::AnomalyDetectionBand, arguments) => {
            Some((arguments.first()?.clone(), band::width(arguments)))
        }
        _ => None,
    }
}

fn refusal(at: usize, error: Error) -> Refusal {
    Refusal { at: Some(at), span: Some(error.span), message: error.message }
}

fn whole(message: String) -> Refusal {
    Refusal { at: None, span: None, message }
}
