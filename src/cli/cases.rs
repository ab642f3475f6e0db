//! Runs conformance cases (the shapes of `tests/cases/README.md`); the tests and `trailscope cases` share it.
//!
//! A case of a kind that is not supported is skipped by name and counted, never passed.

mod alarm;
mod composite;
mod event_pattern;
mod filter;
mod metric;

use super::failure::Failure;
use super::{Output, on_one_line};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::fmt;
use std::path::PathBuf;

/// Arguments of `cases`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Case files.
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
}

/// The cases of all files together.
#[derive(Serialize)]
pub(super) struct Summary {
    passed: usize,
    failed: usize,
    failures: Vec<Failed>,
    /// Cases that were not run, by what this version does not support.
    skipped: Vec<Skipped>,
}

#[derive(Serialize)]
struct Failed {
    file: String,
    id: String,
    expected: String,
    got: String,
}

#[derive(Serialize)]
struct Skipped {
    file: String,
    what: String,
    cases: usize,
}

impl Output for Summary {
    fn exit_code(&self) -> u8 {
        u8::from(self.failed > 0)
    }
}

/// Runs the files of a command line.
pub(super) fn run_files(args: &Args) -> Result<Summary, Failure> {
    let mut summary = Summary { passed: 0, failed: 0, failures: Vec::new(), skipped: Vec::new() };
    for path in &args.files {
        let file = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|error| Failure::io(&file, error))?;
        let report = run(&text).map_err(|reason| Failure::usage(format!("{file}: {reason}")))?;
        summary.passed += report.passed();
        summary.failed += report.failed();
        let skipped = report.skipped_kinds().into_iter();
        summary.skipped.extend(skipped.map(|(what, cases)| Skipped { file: file.clone(), what: what.into(), cases }));
        for CaseResult { id, outcome } in report.results {
            if let Outcome::Failed { expected, got } = outcome {
                summary.failures.push(Failed { file: file.clone(), id, expected, got });
            }
        }
    }
    Ok(summary)
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Failed { id, expected, got, .. } in &self.failures {
            writeln!(f, "{}", on_one_line(&format!("{id}: expected {expected}, got {got}")))?;
        }
        for Skipped { file, what, cases } in &self.skipped {
            writeln!(f, "skipped: {cases} × {} ({file})", on_one_line(what))?;
        }
        writeln!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

/// What became of one case.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// As expected.
    Passed,
    /// Something else came out.
    Failed {
        /// What the case asks for.
        expected: String,
        /// What the library gave, or what is wrong with the case.
        got: String,
    },
    /// Not supported by this version; the text says what.
    Skipped(String),
}

/// A case that was looked at.
#[derive(Clone, Debug, PartialEq)]
pub struct CaseResult {
    /// The case's id, or its position when it has none.
    pub id: String,
    /// What became of it.
    pub outcome: Outcome,
}

/// All cases of a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// In the order of the file.
    pub results: Vec<CaseResult>,
}

impl Report {
    /// How many came out as expected.
    pub fn passed(&self) -> usize {
        self.count(|outcome| *outcome == Outcome::Passed)
    }

    /// How many did not.
    pub fn failed(&self) -> usize {
        self.count(|outcome| matches!(outcome, Outcome::Failed { .. }))
    }

    /// How many were not run.
    pub fn skipped(&self) -> usize {
        self.count(|outcome| matches!(outcome, Outcome::Skipped(_)))
    }

    /// What was not run, with the number of cases.
    pub fn skipped_kinds(&self) -> Vec<(&str, usize)> {
        let mut kinds: std::collections::BTreeMap<&str, usize> = Default::default();
        for result in &self.results {
            if let Outcome::Skipped(kind) = &result.outcome {
                *kinds.entry(kind).or_default() += 1;
            }
        }
        kinds.into_iter().collect()
    }

    /// The failures as lines: id, expected, got.
    pub fn failures(&self) -> impl Iterator<Item = String> {
        self.results.iter().filter_map(|CaseResult { id, outcome }| match outcome {
            Outcome::Failed { expected, got } => Some(format!("{id}: expected {expected}, got {got}")),
            _ => None,
        })
    }

    fn count(&self, test: impl Fn(&Outcome) -> bool) -> usize {
        self.results.iter().filter(|result| test(&result.outcome)).count()
    }
}

/// What a kind of case needs to compare.
struct Compared {
    expected: String,
    got: String,
    passed: bool,
}

impl Compared {
    /// Two things that should be equal.
    fn equal<T: PartialEq + std::fmt::Debug>(expected: &T, got: &T) -> Self {
        Self { expected: format!("{expected:?}"), got: format!("{got:?}"), passed: expected == got }
    }

    /// Two texts that should be equal.
    fn texts(expected: &str, got: &str) -> Self {
        Self { expected: expected.into(), got: got.into(), passed: expected == got }
    }
}

/// A case that could not be run: not supported, or not of its kind's shape.
enum NotRun {
    Unsupported(String),
    Malformed(String),
}

impl From<String> for NotRun {
    fn from(message: String) -> Self {
        Self::Malformed(message)
    }
}

type Ran = Result<Compared, NotRun>;

/// Runs all cases of a file's text. Errors: the text is not a JSON list of cases.
pub fn run(text: &str) -> Result<Report, String> {
    let cases: Vec<Value> = serde_json::from_str(text).map_err(|error| format!("not a JSON list of cases: {error}"))?;
    let events_language = cases.iter().any(|case| case.get("kind").is_none() && case["pattern"].is_object());
    let results = cases.iter().enumerate().map(|(at, case)| CaseResult {
        id: case["id"].as_str().map_or_else(|| format!("case {}", at + 1), str::to_owned),
        outcome: match run_one(case, events_language) {
            Ok(Compared { passed: true, .. }) => Outcome::Passed,
            Ok(Compared { expected, got, .. }) => Outcome::Failed { expected, got },
            Err(NotRun::Unsupported(kind)) => Outcome::Skipped(kind),
            Err(NotRun::Malformed(message)) => {
                Outcome::Failed { expected: "a case of a known shape".into(), got: message }
            }
        },
    });
    Ok(Report { results: results.collect() })
}

fn run_one(case: &Value, events_language: bool) -> Ran {
    let unsupported = |what: &str| Err(NotRun::Unsupported(what.into()));
    match case["kind"].as_str() {
        Some("metric_state") => alarm::metric_state(&shape(case)?),
        Some("metric_timeline") => alarm::metric_timeline(&shape(case)?),
        Some("initial_state") => alarm::initial_state(&shape(case)?),
        Some("update_keeps_state") => alarm::update_keeps_state(&shape(case)?),
        Some("validation") => alarm::validation(case),
        Some("evaluation_window") => alarm::evaluation_window(&shape(case)?),
        Some("evaluation_frequency") => alarm::evaluation_frequency(&shape(case)?),
        Some("multi_day") => alarm::multi_day(&shape(case)?),
        Some("low_sample") => alarm::low_sample(&shape(case)?),
        Some("actions") => alarm::actions(&shape(case)?),
        Some("composite_rule") => composite::rule(&shape(case)?),
        Some("composite_suppression") => composite::suppression(&shape(case)?),
        Some("metric_filter") => filter::published(&shape(case)?),
        Some("metric_filter_validation") => filter::validation(&shape(case)?),
        Some("extract") => filter::extract(&shape(case)?),
        Some("statistic") => metric::statistic(&shape(case)?),
        Some("metric_math") => metric::metric_math(&shape(case)?),
        Some("period_timestamp") => metric::period_timestamp(&shape(case)?),
        Some(kind) => unsupported(kind),
        None if events_language => event_pattern::matches(&shape(case)?),
        None if case.get("query").is_some() => unsupported("Logs Insights queries"),
        None if case.get("pattern").is_some() => filter::matches(&shape(case)?),
        None => Err(NotRun::Malformed("neither a kind nor a pattern".into())),
    }
}

/// Reads a case as the fields of its kind.
fn shape<T: DeserializeOwned>(case: &Value) -> Result<T, String> {
    T::deserialize(case).map_err(|error| error.to_string())
}

/// `11:03` or `11:03:00` → minutes of the day.
fn minute_of_day(text: &str) -> Result<i64, String> {
    let mut parts = text.split(':').map(|part| part.parse::<i64>().ok());
    match (parts.next().flatten(), parts.next().flatten()) {
        (Some(hour), Some(minute)) => Ok(hour * 60 + minute),
        _ => Err(format!("“{text}” is not a time of day")),
    }
}

/// Minutes of the day → `11:03`.
fn clock(minute: i64) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}
