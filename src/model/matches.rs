//! What several filter patterns match, asked at once: enough to evaluate an alarm on the count of each, and some of
//! the events to show.

use super::partial::Merge;
use crate::base::EpochMs;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Patterns in one question at most: fewer than an engine remembers filters.
pub const PATTERNS: usize = 24;

/// What the patterns of a question match, in its order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatchesPart {
    /// Minutes since the epoch with any event → number of events.
    pub log_minutes: BTreeMap<i64, u64>,
    /// One for each pattern.
    pub patterns: Vec<PatternMatches>,
    /// So many events are shown of each.
    pub shown: u32,
}

/// What one pattern matches.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PatternMatches {
    /// Matching events, those without a time included.
    pub events: u64,
    /// Those without a time.
    pub undated: u64,
    /// Minutes with a matching event → number of matching events.
    pub minutes: BTreeMap<i64, u64>,
    /// Time of the first.
    pub first: Option<EpochMs>,
    /// Time of the last.
    pub last: Option<EpochMs>,
    /// The earliest ones with a time: when, and their eventID.
    pub earliest: Vec<(EpochMs, String)>,
}

impl Merge for MatchesPart {
    fn merge(&mut self, other: Self) {
        for (minute, count) in other.log_minutes {
            *self.log_minutes.entry(minute).or_default() += count;
        }
        self.shown = self.shown.max(other.shown);
        if self.patterns.len() < other.patterns.len() {
            self.patterns.resize_with(other.patterns.len(), PatternMatches::default);
        }
        for (known, more) in self.patterns.iter_mut().zip(other.patterns) {
            known.events += more.events;
            known.undated += more.undated;
            for (minute, count) in more.minutes {
                *known.minutes.entry(minute).or_default() += count;
            }
            known.first = [known.first, more.first].into_iter().flatten().min();
            known.last = [known.last, more.last].into_iter().flatten().max();
            known.earliest.extend(more.earliest);
            known.earliest.sort_unstable();
            known.earliest.truncate(self.shown as usize);
        }
    }
}
