//! [`Rule`] → the canonical text: brackets only where they matter, quotes only where a name needs them.

use super::lexer::ends_word;
use super::rule::{Amount, Rule};
use std::fmt;

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Constant(true) => f.write_str("TRUE"),
            Self::Constant(false) => f.write_str("FALSE"),
            Self::State(state, name) => write!(f, "{}({})", state.as_str(), quote(&name.text)),
            Self::AtLeast { amount, not, state, names } => {
                let names: Vec<String> = names.iter().map(|name| quote(&name.text)).collect();
                let not = if *not { "NOT " } else { "" };
                write!(f, "AT_LEAST({amount}, {not}{}, ({}))", state.as_str(), names.join(", "))
            }
            Self::Not(rule) => {
                f.write_str("NOT ")?;
                inner(f, rule, matches!(**rule, Self::And(_) | Self::Or(_)))
            }
            Self::And(rules) => joined(f, rules, " AND ", |rule| matches!(rule, Self::And(_) | Self::Or(_))),
            Self::Or(rules) => joined(f, rules, " OR ", |rule| matches!(rule, Self::Or(_))),
        }
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count(count) => write!(f, "{count}"),
            Self::Percent(percent) => write!(f, "{percent}%"),
        }
    }
}

/// A name as a rule has it.
pub fn quote(name: &str) -> String {
    if name.is_empty() || name.contains(|character| ends_word(character) || character == '"') {
        format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""))
    } else {
        name.to_owned()
    }
}

fn joined(f: &mut fmt::Formatter<'_>, rules: &[Rule], sign: &str, needs: impl Fn(&Rule) -> bool) -> fmt::Result {
    for (at, rule) in rules.iter().enumerate() {
        if at > 0 {
            f.write_str(sign)?;
        }
        inner(f, rule, needs(rule))?;
    }
    Ok(())
}

fn inner(f: &mut fmt::Formatter<'_>, rule: &Rule, brackets: bool) -> fmt::Result {
    if brackets { write!(f, "({rule})") } else { write!(f, "{rule}") }
}
