//! Which filters a question depends on, and under which names their results are remembered.

use super::series;
use crate::filter::predicate::Predicate;
use crate::model::fields::AMONG_MAX;
use crate::model::matches::PATTERNS;
use crate::model::query::{CONDITIONS_MAX, Query, Scope};
use crate::pattern;
use std::borrow::Cow;

/// Something that events have to pass.
#[derive(Clone, Copy)]
pub enum Filter<'q> {
    /// The text of the search bar.
    Search(&'q str),
    /// A CloudWatch filter pattern.
    Pattern(&'q str),
}

impl<'q> Filter<'q> {
    /// Its name among the remembered filters. No search text has that of a pattern.
    pub fn key(self) -> Cow<'q, str> {
        match self {
            Self::Search(text) => text.into(),
            Self::Pattern(text) => format!("\0{text}").into(),
        }
    }

    /// What it asks; the error says what is wrong with its text.
    pub fn predicate(self) -> Result<Predicate, String> {
        match self {
            Self::Search(text) => {
                pattern::search::parse(text).map(|query| query.lower()).map_err(|error| error.message)
            }
            Self::Pattern(text) => series::parse(text).map(|pattern| pattern.lower()).map_err(|error| error.message),
        }
    }
}

/// The filters that have to be evaluated before a question can be answered.
pub fn filters(query: &Query) -> Vec<Filter<'_>> {
    match query {
        Query::Count(scope)
        | Query::Histogram { scope, .. }
        | Query::Group { scope, .. }
        | Query::SortSamples { scope, .. }
        | Query::SortWindow { scope, .. }
        | Query::Export { scope, .. } => of_scope(scope),
        Query::Coverage { .. } | Query::Rates => vec![Filter::Search("")],
        Query::Series { filter, .. } => vec![Filter::Pattern(&filter.filter_pattern)],
        Query::Contributors { pattern, .. } => vec![Filter::Pattern(pattern)],
        Query::Compare { patterns, conditions, .. } => {
            patterns.iter().chain(conditions.iter().take(CONDITIONS_MAX)).map(|text| Filter::Pattern(text)).collect()
        }
        Query::Matches { patterns, .. } => patterns.iter().take(PATTERNS).map(|text| Filter::Pattern(text)).collect(),
        Query::Fields(questions) => {
            let among = questions.iter().filter_map(|question| question.among.as_deref());
            among.take(AMONG_MAX).map(Filter::Pattern).collect()
        }
        Query::Cells { .. }
        | Query::Event { .. }
        | Query::Find { .. }
        | Query::Catalog
        | Query::Hashes { .. }
        | Query::Files(_) => Vec::new(),
    }
}

fn of_scope(scope: &Scope) -> Vec<Filter<'_>> {
    let pattern = (!scope.pattern.is_empty()).then_some(Filter::Pattern(&scope.pattern));
    pattern.into_iter().chain([Filter::Search(&scope.filter)]).collect()
}
