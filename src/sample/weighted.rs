//! Things drawn in proportion to their weights.

use super::random::Random;

/// Things with weights.
pub(super) struct Weighted<T> {
    /// Sum of the weights up to and with each thing.
    ends: Vec<u64>,
    things: Vec<T>,
}

impl<T> Default for Weighted<T> {
    fn default() -> Self {
        Self { ends: Vec::new(), things: Vec::new() }
    }
}

impl<T> Weighted<T> {
    /// Adds one; a weight of zero is never drawn.
    pub(super) fn push(&mut self, weight: u64, thing: T) {
        self.ends.push(self.total() + weight);
        self.things.push(thing);
    }

    /// Sum of the weights.
    pub(super) fn total(&self) -> u64 {
        self.ends.last().copied().unwrap_or(0)
    }

    /// Number of one of them; some have a weight.
    pub(super) fn draw(&self, random: &mut Random) -> usize {
        let point = random.below(self.total());
        self.ends.partition_point(|&end| end <= point)
    }

    /// The thing with that number.
    pub(super) fn get(&self, number: usize) -> &T {
        &self.things[number]
    }
}
