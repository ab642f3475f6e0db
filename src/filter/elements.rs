//! Array consistency: whether conditions can be met by leaves of the same array elements.
//!
//! EventBridge lets a pattern match if there is a leaf for each of its fields, where leaves that lie in the same array
//! of objects lie in the same element of it (aws/event-ruler README, "Matching with arrays"; cases `eb-array-07` to
//! `eb-array-13`). Arrays are looked into from the outside: of each array one element is chosen, arrays beside each
//! other are chosen from independently. What is kept of an element are the sets of conditions it can meet, the largest
//! ones only, so that the work grows with the number of leaves and not with that of their combinations.

use crate::base::BitSet;
use std::collections::BTreeMap;

/// A leaf that meets some conditions.
#[derive(Clone, Debug)]
pub struct Leaf {
    /// The arrays it lies in, outermost first: a number for the array among its siblings, and the element's index. The
    /// array whose element it is itself does not count.
    pub elements: Vec<(u32, u32)>,
    /// The conditions it meets, by number.
    pub meets: BitSet,
}

/// Sets kept of one array. Only an event made for it needs more, one with as many elements each of which meets other
/// conditions; such an event may be taken not to match.
const KEPT: usize = 256;

/// Whether all of `count` conditions can be met at once.
pub fn meet_all(leaves: &[Leaf], count: usize) -> bool {
    let all: Vec<&Leaf> = leaves.iter().collect();
    largest(&all, 0, count).iter().any(|met| met.count() == count)
}

/// The largest sets of conditions that leaves in one element, `depth` arrays deep, can meet at once. At least one.
fn largest(leaves: &[&Leaf], depth: usize, count: usize) -> Vec<BitSet> {
    let mut free = BitSet::new(count);
    let mut arrays: BTreeMap<u32, BTreeMap<u32, Vec<&Leaf>>> = BTreeMap::new();
    for leaf in leaves {
        match leaf.elements.get(depth) {
            None => free.or(&leaf.meets),
            Some(&(array, index)) => arrays.entry(array).or_default().entry(index).or_default().push(leaf),
        }
    }
    let mut met = vec![free];
    for elements in arrays.into_values() {
        let choices = undominated(elements.values().flat_map(|inside| largest(inside, depth + 1, count)));
        let pairs = met.iter().flat_map(|before| {
            choices.iter().map(|choice| {
                let mut both = before.clone();
                both.or(choice);
                both
            })
        });
        met = undominated(pairs);
    }
    met
}

/// The sets that no other one contains.
fn undominated(sets: impl Iterator<Item = BitSet>) -> Vec<BitSet> {
    let mut kept: Vec<BitSet> = Vec::new();
    for set in sets {
        if kept.iter().any(|larger| contains(larger, &set)) {
            continue;
        }
        kept.retain(|smaller| !contains(&set, smaller));
        if kept.len() < KEPT {
            kept.push(set);
        }
    }
    kept
}

fn contains(larger: &BitSet, smaller: &BitSet) -> bool {
    larger.words().iter().zip(smaller.words()).all(|(larger, smaller)| smaller & !larger == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaf(elements: &[(u32, u32)], meets: &[usize]) -> Leaf {
        let mut set = BitSet::new(3);
        meets.iter().for_each(|condition| set.insert(*condition));
        Leaf { elements: elements.to_vec(), meets: set }
    }

    #[test]
    fn one_element_of_each_array_is_chosen() {
        let apart = [leaf(&[(0, 0)], &[0]), leaf(&[(0, 1)], &[1]), leaf(&[], &[2])];
        assert!(!meet_all(&apart, 3));
        let together = [leaf(&[(0, 0)], &[0]), leaf(&[(0, 0)], &[1]), leaf(&[], &[2])];
        assert!(meet_all(&together, 3));
        let two_arrays = [leaf(&[(0, 0)], &[0]), leaf(&[(1, 5)], &[1]), leaf(&[(1, 4)], &[2]), leaf(&[(0, 1)], &[2])];
        assert!(!meet_all(&two_arrays, 3));
        let nested = [leaf(&[(0, 0), (1, 0)], &[0]), leaf(&[(0, 0), (1, 1)], &[1]), leaf(&[(0, 0), (2, 7)], &[1, 2])];
        assert!(meet_all(&nested, 3));
    }

    #[test]
    fn many_elements_cost_no_combinations() {
        let leaves: Vec<Leaf> = (0..20_000).map(|index| leaf(&[(0, index)], &[index as usize % 2])).collect();
        assert!(!meet_all(&leaves, 3));
    }
}
