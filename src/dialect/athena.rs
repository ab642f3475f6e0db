//! Athena's SQL, which is Trino's.
//!
//! Entry points: [`write()`] for a query, [`create`] for the table it reads. Queries leave out copies of an event that
//! were delivered twice, as the page does.

mod condition;
mod table;

pub(super) use table::is_container;
pub use table::{Bucket, TABLE, create, is_column};

use super::{Metric, Notes, Question, Written, predicate};
use crate::base::EpochMs;
use crate::base::time::DAY;
use crate::filter::predicate::{Field, Glob};
use crate::model::statistic::Statistic;
use crate::pattern::cloudwatch::ValueRef;
use crate::pattern::path;
use condition::{Writer, between, principal};
use table::{Place, place};

/// A column, or a value, that a query shows.
struct Shown {
    expression: String,
    name: String,
}

/// Writes a query. Errors: what Athena cannot be asked, in one sentence.
pub fn write(question: &Question) -> Result<Written, String> {
    match question {
        Question::Events { scope, columns } => {
            let mut writer = Writer::default();
            let condition = writer.condition(&predicate(scope)?)?;
            let mut shown = vec![Shown { expression: "eventtime".into(), name: "eventtime".into() }];
            for column in columns.iter().filter(|column| *column != "eventTime") {
                match path::parse(column).map_err(|error| error.message).and_then(|field| value(&field)) {
                    Ok(expression) => shown.push(Shown { expression, name: column.clone() }),
                    Err(_) => {
                        writer.notes.add(format!("The column {column} is left out: Athena's table does not have it"))
                    }
                }
            }
            let is_shown = |name: &str| shown.iter().any(|shown| shown.name == name);
            if !is_shown("eventID") {
                shown.push(Shown { expression: "eventid".into(), name: "eventID".into() });
            }
            let list: Vec<String> =
                shown.iter().map(|Shown { expression, name }| format!("  {expression} AS {}", quoted(name))).collect();
            let text = format!(
                "WITH matching AS (\n{}\n)\nSELECT\n{}\nFROM matching{}\nORDER BY eventtime DESC\n",
                matching(scope.range, &condition),
                list.join(",\n"),
                if scope.keep_duplicates { String::new() } else { format!("\nWHERE {FIRST_COPY}") },
            );
            Ok(written(text, writer.notes))
        }
        Question::Metric { filter, statistic, period, range } => {
            metric(&Metric::read(filter)?, *statistic, *period, *range)
        }
    }
}

/// Where an event is not another copy of one.
const FIRST_COPY: &str = "copy = 1 OR eventid IS NULL";

/// The minute of an event.
const MINUTE: &str = "date_trunc('minute', from_iso8601_timestamp(eventtime))";

fn metric(
    metric: &Metric,
    statistic: Statistic,
    period: u32,
    range: Option<(EpochMs, EpochMs)>,
) -> Result<Written, String> {
    let mut writer = Writer::default();
    let condition = writer.condition(&metric.predicate)?;
    let sample = sample(&metric.value)?;
    let dimensions: Vec<Shown> = metric
        .dimensions
        .iter()
        .map(|(name, reference)| Ok(Shown { expression: dimension(reference)?, name: (*name).to_owned() }))
        .collect::<Result<_, String>>()?;
    let extra = |write: fn(&Shown) -> String| dimensions.iter().map(write).collect::<String>();
    let dimensioned = extra(|Shown { expression, name }| format!(",\n    {expression} AS {}", quoted(name)));
    let names = extra(|Shown { name, .. }| format!(", {}", quoted(name)));
    let complete = extra(|Shown { name, .. }| format!(" AND {} IS NOT NULL", quoted(name)));
    let quiet = metric.transformation.default_value.map(|default| {
        format!(
            "\n  UNION ALL\n  SELECT {MINUTE} AS minute, CAST({default:?} AS DOUBLE) AS value\n  FROM {TABLE}{}\n  \
             GROUP BY 1\n  HAVING count_if(COALESCE({condition}, FALSE)) = 0",
            inside(range, None)
        )
    });
    let aggregate = aggregate(statistic, &mut writer.notes)?;
    let text = format!(
        "WITH matching AS (\n{}\n),\nsamples AS (\n  SELECT\n    {MINUTE} AS minute,\n    {sample} AS value{dimensioned}\n  \
         FROM matching\n  WHERE {FIRST_COPY}{}\n)\n\
         SELECT\n  from_unixtime(floor(to_unixtime(minute) / {period}) * {period}) AS period_start{names},\n  \
         {aggregate} AS {},\n  count(*) AS \"SampleCount\"\nFROM samples\nWHERE value IS NOT NULL{complete}\nGROUP BY 1{names}\nORDER BY 1{names}\n",
        matching(range, &condition),
        quiet.unwrap_or_default(),
        quoted(&if statistic == Statistic::SampleCount { "Value".to_owned() } else { statistic.to_string() }),
    );
    Ok(written(text, writer.notes))
}

/// The events that match, copies numbered.
fn matching(range: Option<(EpochMs, EpochMs)>, condition: &str) -> String {
    format!(
        "  SELECT *, row_number() OVER (PARTITION BY eventid ORDER BY eventtime) AS copy\n  FROM {TABLE}{}",
        inside(range, Some(condition))
    )
}

/// The partitions and times of a range, and what else holds. Files may come a day later than their events.
fn inside(range: Option<(EpochMs, EpochMs)>, condition: Option<&str>) -> String {
    let mut all = Vec::new();
    if let Some((from, to)) = range {
        let last = EpochMs(to.0.saturating_add(DAY));
        all.push(format!("day BETWEEN {} AND {}", text(&table::day(from)), text(&table::day(last))));
        all.push(between(from, to));
    }
    all.extend(condition.map(str::to_owned));
    if all.is_empty() { String::new() } else { format!("\n  WHERE {}", all.join("\n    AND ")) }
}

fn aggregate(statistic: Statistic, notes: &mut Notes) -> Result<String, String> {
    Ok(match statistic {
        Statistic::SampleCount => "count(*)".into(),
        Statistic::Sum => "sum(value)".into(),
        Statistic::Average => "avg(value)".into(),
        Statistic::Minimum => "min(value)".into(),
        Statistic::Maximum => "max(value)".into(),
        Statistic::Percentile(percent) => {
            notes.add("Athena's percentiles are approximations");
            format!("approx_percentile(value, {:?})", percent / 100.0)
        }
        Statistic::Bounded(..) => return Err(format!("Athena has no {statistic}; take Sum, Average or a percentile")),
    })
}

fn sample(value: &ValueRef) -> Result<String, String> {
    match value {
        ValueRef::Number(number) => Ok(format!("CAST({number:?} AS DOUBLE)")),
        ValueRef::Selector(selector) => Ok(format!("TRY_CAST({} AS DOUBLE)", scalar(&place(selector)?)?)),
        ValueRef::Field(_) => Err(NO_MESSAGE.into()),
    }
}

fn dimension(value: &ValueRef) -> Result<String, String> {
    match value {
        ValueRef::Number(number) => Ok(text(&number.to_string())),
        ValueRef::Selector(selector) => scalar(&place(selector)?),
        ValueRef::Field(_) => Err(NO_MESSAGE.into()),
    }
}

const NO_MESSAGE: &str = "Athena has no log message: fields of its text cannot be asked for there";

/// A field of the table as text.
fn value(field: &Field) -> Result<String, String> {
    match field {
        Field::Principal => Ok(principal()),
        Field::Size => Err(crate::dialect::NO_SIZE.into()),
        Field::Path(selector) => match place(selector)? {
            Place::Container(column) => Ok(format!("json_format(CAST({column} AS JSON))")),
            Place::Json { base, path } if path == "$" => Ok(base),
            place => scalar(&place),
        },
    }
}

fn scalar(place: &Place) -> Result<String, String> {
    match place {
        Place::Text(column) | Place::Flag(column) => Ok(column.clone()),
        Place::Json { base, path } => Ok(format!("json_extract_scalar({base}, {})", text(path))),
        Place::Container(column) => Err(format!("{column} is not one value")),
        Place::Any { .. } => Err("a list is not one value".into()),
        Place::Nothing => Err("no record has a value there".into()),
    }
}

fn written(text: String, notes: Notes) -> Written {
    Written { text, notes: notes.0 }
}

/// A literal of text.
fn text(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// A name of a column.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The pattern of LIKE for a glob, with the character that escapes.
fn like(glob: &Glob) -> String {
    let mut pattern = String::new();
    pattern.push_str(if glob.open_start { "%" } else { "" });
    for c in glob.text.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push_str(if glob.open_end { "%" } else { "" });
    if glob.text.contains(['%', '_', '\\']) { format!("{} ESCAPE '\\'", text(&pattern)) } else { text(&pattern) }
}
