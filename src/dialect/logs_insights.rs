//! CloudWatch Logs Insights, for a trail that is delivered to a log group.
//!
//! Source: CloudWatch Logs user guide, "CloudWatch Logs Insights language query syntax". Where its comparisons differ from
//! those of filter patterns the query says more: `!=` holds there for events without the field (case `li-filter-19`),
//! so that the field is asked for besides. The time range is chosen beside the query, not in it.

mod condition;

use super::{Metric, Question, Written, predicate};
use crate::filter::predicate::Field;
use crate::model::statistic::Statistic;
use crate::pattern::cloudwatch::ValueRef;
use crate::pattern::path;
use condition::{Writer, name, principal};

/// Events a query returns at most (Logs Insights QL, "limit").
const MOST: u32 = 10_000;

/// Writes a query. Errors: what Logs Insights cannot be asked, in one sentence.
pub fn write(question: &Question) -> Result<Written, String> {
    let mut writer = Writer::default();
    let text = match question {
        Question::Events { scope, columns } => {
            let condition = writer.condition(&predicate(scope)?)?;
            let mut shown = vec!["@timestamp".to_owned()];
            for column in columns.iter().filter(|column| *column != "eventTime") {
                match path::parse(column).map_err(|error| error.message).and_then(|field| field_text(&field)) {
                    Ok(text) => shown.push(text),
                    Err(_) => {
                        writer.notes.add(format!("The column {column} is left out: Logs Insights has no name for it"))
                    }
                }
            }
            let copies = if scope.keep_duplicates { "" } else { "\n| dedup eventID" };
            writer.notes.add(format!("At most {MOST} events come back"));
            format!(
                "fields {}\n| filter {condition}\n| sort @timestamp desc{copies}\n| limit {MOST}\n",
                shown.join(", ")
            )
        }
        Question::Metric { filter, statistic, period, .. } => {
            let metric = Metric::read(filter)?;
            let condition = writer.condition(&metric.predicate)?;
            let (value, is_there) = match &metric.value {
                ValueRef::Number(number) => (format!("{number:?}"), String::new()),
                ValueRef::Selector(selector) => {
                    let field = name(selector)?;
                    (field.clone(), format!("\n| filter isNumeric({field})"))
                }
                ValueRef::Field(_) => return Err(NO_FIELDS.into()),
            };
            let dimensions: Vec<String> = metric
                .dimensions
                .iter()
                .map(|(_, reference)| match reference {
                    ValueRef::Selector(selector) => name(selector),
                    _ => Err(NO_FIELDS.into()),
                })
                .collect::<Result<_, String>>()?;
            let present: String = dimensions.iter().map(|field| format!("\n| filter ispresent({field})")).collect();
            let by: String = dimensions.iter().map(|field| format!(", {field}")).collect();
            if metric.transformation.default_value.is_some() {
                writer.notes.add("Logs Insights has no default value: periods without a match are missing");
            }
            writer.notes.add("Copies of an event that were delivered twice count twice");
            let aggregate = aggregate(*statistic, &metric.value, &value)?;
            format!(
                "filter {condition}{is_there}{present}\n| stats {aggregate} as value by {}{by}\n| sort period asc\n",
                bin(*period)?
            )
        }
    };
    writer.notes.add("The time range is chosen beside the query");
    Ok(Written { text, notes: writer.notes.0 })
}

const NO_FIELDS: &str = "Logs Insights cannot take a value from the words of a space-delimited message";

fn aggregate(statistic: Statistic, reference: &ValueRef, value: &str) -> Result<String, String> {
    let is_constant = matches!(reference, ValueRef::Number(_));
    Ok(match statistic {
        Statistic::SampleCount => "count(*)".into(),
        Statistic::Sum if matches!(reference, ValueRef::Number(1.0)) => "count(*)".into(),
        Statistic::Sum if is_constant => format!("count(*) * {value}"),
        _ if is_constant => return Err(format!("each sample is {value}: its {statistic} needs no query")),
        Statistic::Sum => format!("sum({value})"),
        Statistic::Average => format!("avg({value})"),
        Statistic::Minimum => format!("min({value})"),
        Statistic::Maximum => format!("max({value})"),
        Statistic::Percentile(percent) => format!("pct({value}, {percent})"),
        Statistic::Bounded(..) => {
            return Err(format!("Logs Insights has no {statistic}; take Sum, Average or a percentile"));
        }
    })
}

/// `bin(5m) as period`. A unit counts to sixty, hours to twenty-four (Logs Insights QL, "bin").
fn bin(period: u32) -> Result<String, String> {
    let text = match period {
        _ if period.is_multiple_of(86_400) => format!("{}d", period / 86_400),
        _ if period.is_multiple_of(3_600) && period < 86_400 => format!("{}h", period / 3_600),
        _ if period.is_multiple_of(60) && period <= 3_600 => format!("{}m", period / 60),
        1..60 => format!("{period}s"),
        _ => return Err(format!("Logs Insights has no bins of {} minutes", period / 60)),
    };
    Ok(format!("bin({text}) as period"))
}

fn field_text(field: &Field) -> Result<String, String> {
    match field {
        Field::Principal => Ok(format!("{} as principal", principal())),
        Field::Size => Err(crate::dialect::NO_SIZE.into()),
        Field::Path(selector) => name(selector),
    }
}
