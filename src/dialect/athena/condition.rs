//! A predicate as a condition of SQL.
//!
//! A condition may come out as NULL where the predicate is false; `WHERE` and `AND`/`OR` take both for the same, and
//! [`Writer::condition`] makes NULL false where `NOT` stands above it.

use super::table::{ELEMENT, Place, place};
use super::{like, text};
use crate::base::EpochMs;
use crate::dialect::{Notes, joined};
use crate::filter::predicate::{Comparison, Field, Glob, Operand, Predicate, Regex, Test};

/// What records have in a JSON column that is not there, and what the two literals look like in JSON.
const NULL: &str = "'null'";
const FLAGS: &str = "('true', 'false')";

const NULLS: &str =
    "Athena's columns do not tell a field that is null from one that is absent; the query takes both for the same";

/// Writes conditions and collects what they lose.
#[derive(Debug, Default)]
pub(super) struct Writer {
    pub(super) notes: Notes,
}

impl Writer {
    /// Errors: what cannot be said, in one sentence.
    pub(super) fn condition(&mut self, predicate: &Predicate) -> Result<String, String> {
        Ok(match predicate {
            Predicate::Const(value) => constant(*value),
            Predicate::And(parts) => joined(&self.conditions(parts)?, "AND", &constant(true)),
            Predicate::Or(parts) => joined(&self.conditions(parts)?, "OR", &constant(false)),
            Predicate::Not(inner) => format!("NOT COALESCE({}, FALSE)", self.condition(inner)?),
            Predicate::Field(Field::Principal, test) => self.text(&principal(), test),
            Predicate::Field(Field::Size, _) => return Err(crate::dialect::NO_SIZE.into()),
            Predicate::Leaves(_) => return Err(crate::dialect::EVENT_PATTERN.into()),
            Predicate::Field(Field::Path(selector), test) => {
                let place = place(selector)?;
                self.test(&place, test)
            }
            Predicate::Time(from, to) => between(*from, *to),
            Predicate::Message(_) => {
                return Err("Athena has no log message: a pattern about its text cannot be asked there".to_owned());
            }
            Predicate::AnyText(word) => {
                return Err(format!("Athena cannot look for “{word}” in every field; name the field"));
            }
        })
    }

    fn conditions(&mut self, parts: &[Predicate]) -> Result<Vec<String>, String> {
        parts.iter().map(|part| self.condition(part)).collect()
    }

    fn test(&mut self, place: &Place, test: &Test) -> String {
        match (place, test) {
            (Place::Nothing, Test::NotExists) => constant(true),
            (Place::Nothing, _) => constant(false),
            (Place::Any { list, element }, Test::NotExists) => {
                let there = format!("NOT COALESCE({}, FALSE)", self.test(element, test));
                format!("NOT {}", any(list, &there))
            }
            (Place::Any { list, element }, _) => any(list, &self.test(element, test)),
            (Place::Container(column), Test::NotExists | Test::IsNull) => self.missing(column),
            (Place::Container(_), _) => constant(false),
            (Place::Text(column), _) => self.text(column, test),
            (Place::Flag(column), _) => self.flag(column, test),
            (Place::Json { base, path }, _) if path == "$" && base != ELEMENT => self.whole(base, test),
            (Place::Json { base, path }, _) => json(base, path, test),
        }
    }

    fn missing(&mut self, column: &str) -> String {
        self.notes.add(NULLS);
        format!("{column} IS NULL")
    }

    /// A column of text, which no number is in.
    fn text(&mut self, column: &str, test: &Test) -> String {
        match test {
            Test::NotExists | Test::IsNull => self.missing(column),
            Test::IsBool(_) => constant(false),
            Test::OneOf(values) => one_of(column, values),
            Test::Compare(Comparison::Equal, operand) => equals(column, operand),
            Test::Compare(Comparison::NotEqual, operand) => differs(column, operand),
            Test::Compare(..) => {
                self.notes
                    .add(format!("{column} holds text, which no number is compared with: that condition never holds"));
                constant(false)
            }
        }
    }

    /// A column of `true` and `false`, which CloudWatch compares with nothing but by IS.
    fn flag(&mut self, column: &str, test: &Test) -> String {
        match test {
            Test::NotExists | Test::IsNull => self.missing(column),
            Test::IsBool(value) => format!("{column} = '{value}'"),
            Test::OneOf(values) => one_of(column, values),
            Test::Compare(Comparison::Equal, Operand::Text(glob)) if glob.is_any() => format!("{column} IS NOT NULL"),
            Test::Compare(..) => constant(false),
        }
    }

    /// A column with the text of JSON as a whole: an object, or null. Elements of lists are no text.
    fn whole(&mut self, column: &str, test: &Test) -> String {
        match test {
            Test::NotExists | Test::IsNull => {
                self.notes.add(NULLS);
                format!("COALESCE({column}, {NULL}) = {NULL}")
            }
            _ => json(column, "$", test),
        }
    }
}

/// A value in JSON, whose type is known.
fn json(base: &str, path: &str, test: &Test) -> String {
    let value = format!("json_extract({base}, {})", text(path));
    let scalar = format!("json_extract_scalar({base}, {})", text(path));
    let printed = format!("json_format({value})");
    match test {
        Test::NotExists => format!("{value} IS NULL"),
        Test::IsNull => format!("{printed} = {NULL}"),
        Test::IsBool(wanted) => format!("{printed} = '{wanted}'"),
        Test::OneOf(values) if values.iter().any(|value| value == "null") => {
            format!("({} OR {printed} = {NULL})", one_of(&scalar, values))
        }
        Test::OneOf(values) => one_of(&scalar, values),
        Test::Compare(Comparison::Equal, operand) => json_equals(&scalar, &printed, operand),
        Test::Compare(Comparison::NotEqual, Operand::Text(glob)) if glob.is_any() => constant(false),
        Test::Compare(Comparison::NotEqual, operand) => {
            let equal = json_equals(&scalar, &printed, operand);
            format!("({scalar} IS NOT NULL AND {printed} NOT IN {FLAGS} AND NOT COALESCE({equal}, FALSE))")
        }
        Test::Compare(comparison, Operand::Number(number, _)) => {
            format!("TRY_CAST({printed} AS DOUBLE) {} {number:?}", sign(*comparison))
        }
        Test::Compare(..) => constant(false),
    }
}

/// Equal to the operand, and neither true nor false unless anything will do.
fn json_equals(scalar: &str, printed: &str, operand: &Operand) -> String {
    match operand {
        Operand::Number(number, written) => {
            format!("(TRY_CAST({printed} AS DOUBLE) = {number:?} OR {printed} = {})", text(&format!("\"{written}\"")))
        }
        _ if is_any(operand) || !["true", "false"].iter().any(|flag| takes(operand, flag)) => equals(scalar, operand),
        _ => format!("({} AND {printed} NOT IN {FLAGS})", equals(scalar, operand)),
    }
}

fn equals(value: &str, operand: &Operand) -> String {
    match operand {
        Operand::Number(_, written) => format!("{value} = {}", text(written)),
        Operand::Text(glob) if glob.is_any() => format!("{value} IS NOT NULL"),
        Operand::Text(glob) if is_literal(glob) => format!("{value} = {}", text(&glob.text)),
        Operand::Text(glob) => format!("{value} LIKE {}", like(glob)),
        Operand::Regex(regex) => matches(value, regex),
    }
}

fn differs(value: &str, operand: &Operand) -> String {
    match operand {
        Operand::Number(_, written) => format!("{value} <> {}", text(written)),
        Operand::Text(glob) if glob.is_any() => constant(false),
        Operand::Text(glob) if is_literal(glob) => format!("{value} <> {}", text(&glob.text)),
        Operand::Text(glob) => format!("{value} NOT LIKE {}", like(glob)),
        Operand::Regex(regex) => format!("NOT {}", matches(value, regex)),
    }
}

fn matches(value: &str, regex: &Regex) -> String {
    format!("regexp_like({value}, {})", text(regex.source()))
}

fn is_literal(glob: &Glob) -> bool {
    !glob.open_start && !glob.open_end
}

fn is_any(operand: &Operand) -> bool {
    matches!(operand, Operand::Text(glob) if glob.is_any())
}

fn takes(operand: &Operand, value: &str) -> bool {
    match operand {
        Operand::Number(..) => false,
        Operand::Text(glob) => glob.matches(value),
        Operand::Regex(regex) => regex.is_match(value),
    }
}

fn one_of(value: &str, values: &[String]) -> String {
    match values {
        [] => constant(false),
        [one] => format!("{value} = {}", text(one)),
        values => {
            let list: Vec<String> = values.iter().map(|value| text(value)).collect();
            format!("{value} IN ({})", list.join(", "))
        }
    }
}

fn any(list: &str, condition: &str) -> String {
    format!("COALESCE(cardinality(filter({list}, {ELEMENT} -> {condition})) > 0, FALSE)")
}

fn sign(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Equal => "=",
        Comparison::NotEqual => "<>",
        Comparison::Less => "<",
        Comparison::LessOrEqual => "<=",
        Comparison::Greater => ">",
        Comparison::GreaterOrEqual => ">=",
    }
}

/// Who acted, as `@principal` has it.
pub(super) fn principal() -> String {
    let members = ["arn", "principalid", "invokedby", "accountid", "username"];
    format!("COALESCE({})", members.map(|member| format!("useridentity.{member}")).join(", "))
}

/// Events have whole seconds, written so that texts sort as times.
pub(super) fn between(from: EpochMs, to: EpochMs) -> String {
    format!("(eventtime >= {} AND eventtime < {})", text(&second(from)), text(&second(to)))
}

/// The first whole second that is not before.
fn second(time: EpochMs) -> String {
    EpochMs(time.0.saturating_add(999)).floor_to(1_000).to_rfc3339()
}

fn constant(value: bool) -> String {
    if value { "TRUE".into() } else { "FALSE".into() }
}
