//! Composite alarms: a rule over the states of other alarms, its language and its life.
//!
//! [`parse()`] → [`Rule`]; its `Display` is the canonical text, with `parse(print(rule)) == rule`. [`check()`] says what
//! PutCompositeAlarm would refuse, [`cycles()`] which alarms wait for each other, [`timeline()`] what the states of the
//! children come to. No text makes these panic or recurse without bound.
//! Normative: "Composite alarms" and PutCompositeAlarm; cases `al-comp-*`.
//!
//! Undocumented: we choose that NOT binds closer than AND and AND closer than OR, that key words are upper case, and
//! that `\\` stands for one backslash in quotes, so that every name can be written.

mod check;
mod complete;
mod cycles;
mod lexer;
mod parser;
mod printer;
mod rule;
mod timeline;

pub use check::{CHARACTERS_MAX, CHILDREN_MAX, ELEMENTS_MAX, check, problems};
pub use complete::{Place, Wanted, completion};
pub use cycles::cycles;
pub use lexer::tokens;
pub use parser::parse;
pub use printer::quote;
pub use rule::{Amount, Name, Rule};
pub use timeline::{timeline, triggering_children};

/// The name of an alarm that may be given by ARN (`arn:aws:cloudwatch:REGION:ACCOUNT:alarm:NAME`).
pub fn alarm_name(name_or_arn: &str) -> &str {
    match name_or_arn.strip_prefix("arn:").and_then(|rest| rest.split_once(":alarm:")) {
        Some((place, name)) if place.split(':').nth(1) == Some("cloudwatch") => name,
        _ => name_or_arn,
    }
}
