//! How many different values there are over all shards, without sending them all: a sketch of the smallest hashes.
//!
//! Exact below [`Distinct::KEPT`] values; from there on the share of all possible hashes that lies below the largest one
//! kept tells how many there are, give or take 1.6 % (Bar-Yossef et al., "Counting distinct elements in a data stream").

use super::partial::Merge;
use serde::{Deserialize, Serialize};
use std::hash::BuildHasher;

/// A set of values that only knows how large it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Distinct {
    /// Ascending, without repeats.
    hashes: Vec<u64>,
}

impl Distinct {
    /// Hashes kept; as many values are counted exactly.
    pub const KEPT: usize = 4_096;

    /// Of these values; `None` is one of them.
    ///
    /// All shards have to hash alike, so nothing secret is in the hash: whoever chooses values for it can spoil the
    /// estimate and nothing else.
    pub fn of<'v>(values: impl Iterator<Item = Option<&'v str>>) -> Self {
        let state = foldhash::quality::FixedState::with_seed(0);
        let mut hashes: Vec<u64> = values.map(|value| state.hash_one(value)).collect();
        if hashes.len() > Self::KEPT {
            hashes.select_nth_unstable(Self::KEPT - 1);
            hashes.truncate(Self::KEPT);
        }
        hashes.sort_unstable();
        hashes.dedup();
        Self { hashes }
    }

    /// Whether [`count`](Self::count) is no estimate.
    pub fn is_exact(&self) -> bool {
        self.hashes.len() < Self::KEPT
    }

    /// How many different values.
    pub fn count(&self) -> u64 {
        match self.hashes.last() {
            Some(&largest) if !self.is_exact() => ((Self::KEPT - 1) as f64 / (largest as f64 / u64::MAX as f64)) as u64,
            _ => self.hashes.len() as u64,
        }
    }
}

impl Merge for Distinct {
    fn merge(&mut self, other: Self) {
        if self.hashes.is_empty() {
            self.hashes = other.hashes;
            return;
        }
        let (mut ours, mut theirs) = (self.hashes.iter().copied().peekable(), other.hashes.into_iter().peekable());
        let mut merged = Vec::with_capacity(Self::KEPT);
        while merged.len() < Self::KEPT
            && let Some(next) = [ours.peek(), theirs.peek()].into_iter().flatten().copied().min()
        {
            ours.next_if_eq(&next);
            theirs.next_if_eq(&next);
            merged.push(next);
        }
        self.hashes = merged;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(numbers: std::ops::Range<u32>) -> Distinct {
        let texts: Vec<String> = numbers.map(|number| format!("value-{number}")).collect();
        Distinct::of(texts.iter().map(|text| Some(text.as_str())))
    }

    #[test]
    fn few_values_are_counted_exactly_in_any_number_of_parts() {
        let mut parts = of(0..1_000);
        parts.merge(of(500..1_500));
        parts.merge(Distinct::of([None, Some("value-3")].into_iter()));
        assert_eq!((parts.count(), parts.is_exact()), (1_501, true));
        assert_eq!(Distinct::default().count(), 0);
    }

    #[test]
    fn many_values_are_estimated_alike_in_any_number_of_parts() {
        let mut parts = of(0..60_000);
        parts.merge(of(40_000..100_000));
        assert_eq!(parts, of(0..100_000));
        assert!(!parts.is_exact() && parts.count().abs_diff(100_000) < 5_000, "{}", parts.count());
    }
}
