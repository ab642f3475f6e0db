//! Clauses to predicate.

use super::{Clause, ClauseKind, FieldTest, FieldValue, SearchQuery};
use crate::filter::predicate::{Comparison, Field, Operand, Predicate, Test, number};

/// Texts of the values that are neither strings nor numbers. CloudWatch comparisons pass them over, searches by text
/// do not.
const LITERALS: [&str; 3] = ["true", "false", "null"];

impl SearchQuery {
    /// What the enabled clauses ask of an event; no clause asks nothing.
    pub fn lower(&self) -> Predicate {
        let mut all: Vec<Predicate> =
            self.clauses.iter().filter(|clause| !clause.disabled).map(Clause::lower).collect();
        if all.len() > 1 { Predicate::And(all) } else { all.pop().unwrap_or(Predicate::Const(true)) }
    }
}

impl Clause {
    /// What this clause asks, whether or not it is switched off.
    pub fn lower(&self) -> Predicate {
        let predicate = match &self.kind {
            ClauseKind::Text(text) if text.is_empty() => Predicate::Const(true),
            ClauseKind::Text(text) => Predicate::AnyText(text.to_lowercase()),
            ClauseKind::Pattern(pattern) => pattern.lower(),
            ClauseKind::EventPattern(pattern) => pattern.lower(),
            ClauseKind::Field(field, test) => lower_field(field, test),
        };
        if self.exclude { Predicate::Not(Box::new(predicate)) } else { predicate }
    }
}

fn lower_field(field: &Field, test: &FieldTest) -> Predicate {
    let of_field = |test| Predicate::Field(field.clone(), test);
    match test {
        FieldTest::Exists => Predicate::Not(Box::new(of_field(Test::NotExists))),
        FieldTest::Compare(comparison, text) => {
            let operand = Operand::Number(number(text).unwrap_or(f64::NAN), text.clone());
            of_field(Test::Compare(*comparison, operand))
        }
        FieldTest::Values(values) => {
            let mut texts: Vec<String> = Vec::new();
            let mut any: Vec<Predicate> = Vec::new();
            for value in values {
                match value {
                    FieldValue::Literal(text) => texts.push(text.clone()),
                    FieldValue::Wildcard(glob) => {
                        texts.extend(LITERALS.iter().filter(|text| glob.matches(text)).map(|text| (*text).to_owned()));
                        any.push(of_field(Test::Compare(Comparison::Equal, Operand::Text(glob.clone()))));
                    }
                }
            }
            if !texts.is_empty() {
                any.push(of_field(Test::OneOf(texts)));
            }
            if any.len() > 1 { Predicate::Or(any) } else { any.pop().unwrap_or(Predicate::Const(false)) }
        }
    }
}
