//! The tree of a rule, and whether it holds.

use crate::model::alarm::AlarmState;
use crate::pattern::Span;

/// What has to hold for ALARM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    /// `TRUE` or `FALSE`.
    Constant(bool),
    /// `ALARM(name)`, `OK(name)`, `INSUFFICIENT_DATA(name)`.
    State(AlarmState, Name),
    /// `AT_LEAST(2, ALARM, (a, b, c))`.
    AtLeast {
        /// How many.
        amount: Amount,
        /// Counts the alarms that are not in the state.
        not: bool,
        /// The state.
        state: AlarmState,
        /// The alarms counted.
        names: Vec<Name>,
    },
    /// `NOT rule`.
    Not(Box<Rule>),
    /// `rule AND rule`, two or more.
    And(Vec<Rule>),
    /// `rule OR rule`, two or more.
    Or(Vec<Rule>),
}

/// An alarm in a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// Name or ARN, without quotes and escapes.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

/// How many alarms AT_LEAST asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amount {
    /// So many.
    Count(u32),
    /// So many of a hundred listed ones.
    Percent(u32),
}

impl Amount {
    /// Whether `count` of `all` are enough: 34 % of 3 are 1.02, hence two.
    pub fn is_reached(self, count: usize, all: usize) -> bool {
        match self {
            Self::Count(amount) => count as u64 >= u64::from(amount),
            Self::Percent(percent) => count as u64 * 100 >= u64::from(percent) * all as u64,
        }
    }
}

impl Rule {
    /// Whether the rule is true, with `state_of` for the states of alarms by name or ARN as the rule has them.
    pub fn holds(&self, state_of: &impl Fn(&str) -> AlarmState) -> bool {
        match self {
            Self::Constant(value) => *value,
            Self::State(state, name) => state_of(&name.text) == *state,
            Self::AtLeast { amount, not, state, names } => {
                let count = names.iter().filter(|name| (state_of(&name.text) == *state) != *not).count();
                amount.is_reached(count, names.len())
            }
            Self::Not(rule) => !rule.holds(state_of),
            Self::And(rules) => rules.iter().all(|rule| rule.holds(state_of)),
            Self::Or(rules) => rules.iter().any(|rule| rule.holds(state_of)),
        }
    }

    /// The state of a composite alarm: true is ALARM, false is OK.
    pub fn state(&self, state_of: &impl Fn(&str) -> AlarmState) -> AlarmState {
        if self.holds(state_of) { AlarmState::Alarm } else { AlarmState::Ok }
    }

    /// Every mention of an alarm, in order.
    pub fn names(&self) -> Vec<&Name> {
        let mut names = Vec::new();
        self.collect(&mut names);
        names
    }

    fn collect<'a>(&'a self, out: &mut Vec<&'a Name>) {
        match self {
            Self::Constant(_) => {}
            Self::State(_, name) => out.push(name),
            Self::AtLeast { names, .. } => out.extend(names),
            Self::Not(rule) => rule.collect(out),
            Self::And(rules) | Self::Or(rules) => rules.iter().for_each(|rule| rule.collect(out)),
        }
    }
}
