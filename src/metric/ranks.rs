//! A multiset of known values that answers by rank: which value, how many up to one, the sum of a stretch.
//!
//! A binary tree over the distinct values; each node is made anew from its two children, so that nothing of what was
//! taken out again stays behind in a sum.

use std::ops::Range;

/// Samples of one period.
pub struct Ranks {
    /// Ascending.
    distinct: Vec<f64>,
    /// The root at 1, the children of `i` at `2i` and `2i + 1`; the last half are the leaves.
    nodes: Vec<Node>,
}

#[derive(Clone, Copy, Default)]
struct Node {
    count: u64,
    sum: f64,
}

impl Ranks {
    /// None yet of `values`, which may come in any order and more than once.
    pub fn new(values: impl IntoIterator<Item = f64>) -> Self {
        let mut distinct: Vec<f64> = values.into_iter().collect();
        distinct.sort_unstable_by(f64::total_cmp);
        distinct.dedup();
        let leaves = distinct.len().next_power_of_two();
        Self { distinct, nodes: vec![Node::default(); 2 * leaves] }
    }

    /// All of these samples, given as value and number of occurrences.
    pub fn of(samples: &[(f64, u64)]) -> Self {
        let mut ranks = Self::new(samples.iter().map(|&(value, _)| value));
        samples.iter().for_each(|&(value, count)| ranks.change(value, |before| before + count));
        ranks
    }

    /// Changes how often one of the values is there.
    pub fn change(&mut self, value: f64, count: impl Fn(u64) -> u64) {
        let at = self.distinct.partition_point(|other| *other < value);
        let mut node = self.nodes.len() / 2 + at;
        let count = count(self.nodes[node].count);
        self.nodes[node] = Node { count, sum: value * count as f64 };
        while node > 1 {
            node /= 2;
            let [left, right] = [self.nodes[2 * node], self.nodes[2 * node + 1]];
            self.nodes[node] = Node { count: left.count + right.count, sum: left.sum + right.sum };
        }
    }

    /// How many samples there are.
    pub fn total(&self) -> u64 {
        self.nodes[1].count
    }

    /// The value at a zero-based rank below [`total`](Self::total).
    pub fn select(&self, mut rank: u64) -> f64 {
        let mut node = 1;
        while node < self.nodes.len() / 2 {
            node *= 2;
            let left = self.nodes[node].count;
            if rank >= left {
                rank -= left;
                node += 1;
            }
        }
        self.distinct.get(node - self.nodes.len() / 2).copied().unwrap_or(f64::NAN)
    }

    /// How many samples are at most `value`.
    pub fn up_to(&self, value: f64) -> u64 {
        let above = self.distinct.partition_point(|other| *other <= value);
        let mut node = self.nodes.len() / 2 + above;
        if above == self.nodes.len() / 2 {
            return self.total();
        }
        let mut count = 0;
        while node > 1 {
            if node % 2 == 1 {
                count += self.nodes[node - 1].count;
            }
            node /= 2;
        }
        count
    }

    /// The sum of the samples at these ranks.
    pub fn sum(&self, ranks: Range<u64>) -> f64 {
        self.sum_below(1, ranks)
    }

    /// The sum of the samples at these ranks of what is below a node.
    fn sum_below(&self, node: usize, ranks: Range<u64>) -> f64 {
        let all = self.nodes[node];
        let ranks = ranks.start..ranks.end.min(all.count);
        if ranks.is_empty() {
            0.0
        } else if ranks == (0..all.count) {
            all.sum
        } else if node >= self.nodes.len() / 2 {
            self.distinct[node - self.nodes.len() / 2] * (ranks.end - ranks.start) as f64
        } else {
            let left = self.nodes[2 * node].count;
            let right = ranks.start.saturating_sub(left)..ranks.end.saturating_sub(left);
            self.sum_below(2 * node, ranks) + self.sum_below(2 * node + 1, right)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// A multiset answers as a sorted list does.
        #[test]
        fn ranks_are_places_in_a_sorted_list(
            samples in prop::collection::vec((-5i32..20, 0u64..4), 0..30),
            from in 0u64..40,
            to in 0u64..40,
            bound in -8i32..24,
        ) {
            let samples: Vec<(f64, u64)> = samples.into_iter().map(|(value, count)| (f64::from(value) / 2.0, count)).collect();
            let ranks = Ranks::of(&samples);
            let mut list: Vec<f64> =
                samples.iter().flat_map(|&(value, count)| std::iter::repeat_n(value, count as usize)).collect();
            list.sort_by(f64::total_cmp);
            prop_assert_eq!(ranks.total(), list.len() as u64);
            for (rank, value) in list.iter().enumerate() {
                prop_assert_eq!(ranks.select(rank as u64), *value);
            }
            let bound = f64::from(bound) / 2.0;
            prop_assert_eq!(ranks.up_to(bound), list.iter().filter(|value| **value <= bound).count() as u64);
            let sum: f64 = list.iter().skip(from as usize).take(to.saturating_sub(from) as usize).sum();
            prop_assert_eq!(ranks.sum(from..to), sum);
        }
    }
}
