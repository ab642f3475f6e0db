//! A predicate as the condition of a `filter` command.

use crate::dialect::athena::is_container;
use crate::dialect::{Notes, joined};
use crate::filter::predicate::{Comparison, Field, Glob, MessageTest, Operand, Predicate, Selector, Step, Test};

const NULLS: &str =
    "Logs Insights does not tell a field that is null from one that is absent; the query takes both for the same";
const TYPES: &str = "Logs Insights compares by what a value looks like: true is taken for 1 and \"200\" for the number";

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
            Predicate::And(parts) => joined(&self.conditions(parts)?, "and", &constant(true)),
            Predicate::Or(parts) => joined(&self.conditions(parts)?, "or", &constant(false)),
            Predicate::Not(inner) => format!("not ({})", self.condition(inner)?),
            Predicate::Field(Field::Principal, test) => self.test(&principal(), test),
            Predicate::Field(Field::Size, _) => return Err(crate::dialect::NO_SIZE.into()),
            Predicate::Leaves(_) => return Err(crate::dialect::EVENT_PATTERN.into()),
            Predicate::Field(Field::Path(selector), test) => {
                let field = name(selector)?;
                if matches!(test, Test::NotExists | Test::IsNull) {
                    self.flattened(selector)?;
                }
                self.test(&field, test)
            }
            Predicate::Time(..) => constant(true),
            Predicate::Message(MessageTest::Contains(word)) => format!("@message like {}", quoted(word)),
            Predicate::Message(MessageTest::Matches(regex)) => format!("@message like {}", slashed(regex.source())),
            Predicate::Message(MessageTest::Fields(_)) => {
                return Err(
                    "Logs Insights cannot count the words of a message, as a space-delimited pattern does".into()
                );
            }
            Predicate::AnyText(word) => {
                self.notes.add("Free text is looked for in the whole message, names of fields included");
                format!("@message like {}", slashed(&format!("(?i){}", escaped(word))))
            }
        })
    }

    fn conditions(&mut self, parts: &[Predicate]) -> Result<Vec<String>, String> {
        parts.iter().map(|part| self.condition(part)).collect()
    }

    /// Objects and lists are no fields, only what is inside them is (user guide, "Supported logs and discovered
    /// fields"): there or not, null or not, they are not present. Errors: by the format of records this is one.
    fn flattened(&mut self, selector: &Selector) -> Result<(), String> {
        match is_container(selector) {
            Some(true) => Err(format!(
                "Logs Insights cannot tell whether {selector} is there: it has fields for what is inside only"
            )),
            Some(false) => Ok(()),
            None => {
                self.notes.add(format!("Where {selector} is an object or a list, the query takes it for absent"));
                Ok(())
            }
        }
    }

    fn test(&mut self, field: &str, test: &Test) -> String {
        match test {
            Test::NotExists => {
                self.notes.add(NULLS);
                format!("not ispresent({field})")
            }
            Test::IsNull => {
                self.notes.add(NULLS);
                format!("not ispresent({field})")
            }
            Test::IsBool(value) => {
                self.notes.add(TYPES);
                format!("{field} = {}", u8::from(*value))
            }
            Test::OneOf(values) => {
                let list: Vec<String> = values.iter().map(|value| quoted(value)).collect();
                let mut any = vec![match list.as_slice() {
                    [one] => format!("{field} = {one}"),
                    list => format!("{field} in [{}]", list.join(", ")),
                }];
                // The texts, or the literals, which are stored as numbers.
                for (literal, number) in [("true", 1), ("false", 0)] {
                    if values.iter().any(|value| value == literal) {
                        self.notes.add(TYPES);
                        any.push(format!("{field} = {number}"));
                    }
                }
                joined(&any, "or", &constant(false))
            }
            Test::Compare(Comparison::Equal, operand) => self.equals(field, operand),
            Test::Compare(Comparison::NotEqual, operand) if is_any(operand) => constant(false),
            Test::Compare(Comparison::NotEqual, operand) => {
                format!("(ispresent({field}) and not ({}))", self.equals(field, operand))
            }
            Test::Compare(comparison, Operand::Number(_, written)) => {
                self.notes.add(TYPES);
                format!("{field} {} {written}", sign(*comparison))
            }
            Test::Compare(..) => constant(false),
        }
    }

    fn equals(&mut self, field: &str, operand: &Operand) -> String {
        match operand {
            Operand::Number(_, written) => {
                self.notes.add(TYPES);
                format!("{field} = {written}")
            }
            Operand::Text(glob) if glob.is_any() => format!("ispresent({field})"),
            Operand::Text(Glob { text, open_start: false, open_end: false }) => format!("{field} = {}", quoted(text)),
            Operand::Text(Glob { text, open_start, open_end }) => {
                let (start, end) = (if *open_start { "" } else { "^" }, if *open_end { "" } else { "$" });
                format!("{field} like {}", slashed(&format!("{start}{}{end}", escaped(text))))
            }
            Operand::Regex(regex) => format!("{field} like {}", slashed(regex.source())),
        }
    }
}

fn is_any(operand: &Operand) -> bool {
    matches!(operand, Operand::Text(glob) if glob.is_any())
}

/// The name of a field: members and positions, joined by dots. Errors: it has no name.
pub(super) fn name(selector: &Selector) -> Result<String, String> {
    let step = |step: &Step| match step {
        Step::Key(key) => Ok(key.clone()),
        Step::Index(at) => Ok(at.to_string()),
        Step::AnyKey | Step::AnyElement => {
            Err(format!("Logs Insights has no name for any element or member, as in {selector}"))
        }
    };
    let name = selector.steps.iter().map(step).collect::<Result<Vec<_>, _>>()?.join(".");
    if name.contains('`') {
        return Err(format!("Logs Insights cannot spell {selector}"));
    }
    let is_plain = name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '@' | '.'));
    Ok(if is_plain { name } else { format!("`{name}`") })
}

/// Who acted, as `@principal` has it.
pub(super) fn principal() -> String {
    let members = ["arn", "principalId", "invokedBy", "accountId", "userName"];
    format!("coalesce({})", members.map(|member| format!("userIdentity.{member}")).join(", "))
}

/// A string.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// A regular expression between slashes.
fn slashed(source: &str) -> String {
    let mut out = String::from("/");
    let mut is_escaped = false;
    for c in source.chars() {
        if c == '/' && !is_escaped {
            out.push('\\');
        }
        is_escaped = c == '\\' && !is_escaped;
        out.push(c);
    }
    out.push('/');
    out
}

/// Text as a regular expression of itself.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if ".+*?()|[]{}^$\\".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

fn sign(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Equal => "=",
        Comparison::NotEqual => "!=",
        Comparison::Less => "<",
        Comparison::LessOrEqual => "<=",
        Comparison::Greater => ">",
        Comparison::GreaterOrEqual => ">=",
    }
}

fn constant(value: bool) -> String {
    if value { "1 = 1".into() } else { "1 = 0".into() }
}
