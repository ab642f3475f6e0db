//! A formula in the editor: colours, what is wrong with it, and what can be put in at the cursor.

use crate::metric::math::queries::Refusal;
use crate::metric::math::{Function, Kind, tokens};
use crate::model::metric_data::MetricDataQuery;
use crate::pattern::TokenKind;
use crate::view::code::{Choice, Problem, Token};
use crate::view::complete::LISTED;
use crate::view::lab::capitalised;

/// All that the editor shows beside the text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Code {
    /// Colours.
    pub tokens: Vec<Token>,
    /// What is wrong.
    pub problems: Vec<Problem>,
    /// What can be put in at the cursor.
    pub completions: Vec<Choice>,
}

/// Reads `text`, the formula at position `at` of the alarm's metrics and formulas. `refusals` are those of the whole alarm.
pub fn code(text: &str, cursor: usize, at: usize, queries: &[MetricDataQuery], refusals: &[Refusal]) -> Code {
    let colour = |kind: Kind| match kind {
        Kind::Number => TokenKind::Number,
        Kind::Id => TokenKind::Field,
        Kind::Word => TokenKind::Keyword,
        Kind::Text => TokenKind::Text,
        Kind::Sign => TokenKind::Operator,
        Kind::Unknown => TokenKind::Error,
    };
    let problem = |refusal: &Refusal| Problem {
        span: refusal.span.clone().unwrap_or(0..text.len()),
        message: capitalised(&refusal.message),
        help: None,
        is_error: true,
    };
    Code {
        tokens: tokens(text).into_iter().map(|token| (token.span, colour(token.kind))).collect(),
        problems: refusals.iter().filter(|refusal| refusal.at == Some(at)).map(problem).collect(),
        completions: completions(text, cursor, at, queries),
    }
}

/// Functions and the other ids that begin with the word at the cursor.
fn completions(text: &str, cursor: usize, at: usize, queries: &[MetricDataQuery]) -> Vec<Choice> {
    let words = tokens(text);
    let word = words.iter().find(|token| token.span.start < cursor && cursor <= token.span.end);
    let (span, typed) = match word.map(|token| (token.kind, token.span.clone())) {
        Some((Kind::Id | Kind::Word, span)) => (span.clone(), text.get(span.start..cursor).unwrap_or_default()),
        Some((Kind::Sign, _)) | None => (cursor..cursor, ""),
        Some(_) => return Vec::new(),
    };
    let choice = |text: String, label: String, detail: String| Choice { span: span.clone(), text, label, detail };
    let ids = queries.iter().enumerate().filter(|(other, query)| *other != at && query.id.starts_with(typed));
    let ids = ids.map(|(_, query)| choice(query.id.clone(), query.id.clone(), about(query)));
    let wanted = typed.to_ascii_uppercase();
    let functions = Function::all()
        .filter(|function| function.unavailable().is_none() && *function != Function::AnomalyDetectionBand)
        .filter(|function| function.name().starts_with(&wanted));
    let functions = functions.map(|function| {
        let label = format!("{}{}", function.name(), function.example());
        choice(format!("{}(", function.name()), label, function.about().into())
    });
    let all = ids.chain(functions.filter(|_| !typed.is_empty()));
    // What is there already is no choice.
    all.filter(|choice| choice.text != typed).take(LISTED).collect()
}

fn about(query: &MetricDataQuery) -> String {
    match (&query.metric_stat, &query.expression) {
        (Some(metric), _) => format!("{} of {}", metric.stat, metric.metric.metric_name),
        (None, Some(expression)) => expression.clone(),
        (None, None) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::math::queries::Formulas;
    use crate::view::formula::share_of_errors;

    fn labels(text: &str) -> Vec<String> {
        let queries = share_of_errors().alarm.metrics;
        completions(text, text.len(), 2, &queries).into_iter().map(|choice| choice.label).collect()
    }

    #[test]
    fn ids_and_functions_complete() {
        assert_eq!(labels(""), ["m1", "m2"]);
        assert_eq!(labels("100 * "), ["m1", "m2"]);
        assert_eq!(
            labels("m"),
            ["m1", "m2", "MAX(m1)", "METRICS()", "METRIC_COUNT(METRICS())", "MIN(m1)", "MINUTE(m1)", "MONTH(m1)"]
        );
        assert_eq!(labels("fi"), ["FILL(m1, 0)", "FIRST(m1)"]);
        assert_eq!(labels("SEA"), Vec::<String>::new());
        assert_eq!(labels("\"m"), Vec::<String>::new());
    }

    #[test]
    fn errors_stand_where_they_are() {
        let mut alarm = share_of_errors().alarm;
        let text = "100 * m1 / nobody";
        alarm.metrics[2].expression = Some(text.into());
        let refusals = Formulas::read(&alarm.metrics, None, alarm.period).unwrap_err();
        let found = code(text, 0, 2, &alarm.metrics, &refusals);
        assert_eq!((found.problems.len(), found.problems[0].span.clone()), (1, 11..17));
        assert!(found.tokens.contains(&(6..8, TokenKind::Field)));
        assert!(code(text, 0, 1, &alarm.metrics, &refusals).problems.is_empty());
    }
}
