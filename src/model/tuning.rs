//! Partial answers about the events of metric filters: what they are, and what two filters have in common.

use super::partial::{GroupPart, Merge};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What the events that a filter matches are, field by field.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContributorsPart {
    /// Events looked at.
    pub events: u64,
    /// Their values of each field asked for, in order.
    pub fields: Vec<GroupPart>,
}

impl Merge for ContributorsPart {
    fn merge(&mut self, other: Self) {
        self.events += other.events;
        merge_each(&mut self.fields, other.fields);
    }
}

/// Events that only the first of two filters matches, that both match, that only the second matches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sets {
    /// Only the first.
    pub only_a: u64,
    /// Both.
    pub both: u64,
    /// Only the second.
    pub only_b: u64,
}

impl Sets {
    /// Events in any of the three.
    pub fn total(self) -> u64 {
        self.only_a + self.both + self.only_b
    }
}

impl Merge for Sets {
    fn merge(&mut self, other: Self) {
        self.only_a += other.only_a;
        self.both += other.both;
        self.only_b += other.only_b;
    }
}

/// What two filters have in common and what not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComparisonPart {
    /// All events, those without a time included.
    pub events: Sets,
    /// Whole minute since the epoch → events in it.
    pub minutes: BTreeMap<i64, Sets>,
    /// Of each further condition asked for, in order, the events on which it holds.
    pub conditions: Vec<Sets>,
}

impl Merge for ComparisonPart {
    fn merge(&mut self, other: Self) {
        self.events.merge(other.events);
        for (minute, sets) in other.minutes {
            self.minutes.entry(minute).or_default().merge(sets);
        }
        merge_each(&mut self.conditions, other.conditions);
    }
}

/// Merges lists of the same length, or one of them with nothing.
fn merge_each<T: Merge>(into: &mut Vec<T>, other: Vec<T>) {
    into.resize_with(into.len().max(other.len()), T::default);
    into.iter_mut().zip(other).for_each(|(into, other)| into.merge(other));
}
