//! Array consistency: whether conditions can be met by leaves of the same array elements.
//!
//! EventBridge lets a pattern match if there is a leaf for each of its fields, where leaves that lie in the same array
//! of objects lie in the same element of it (aws/event-ruler README, "Matching with arrays"; cases `eb-array-07` to
//! `eb-array-13`). Arrays are looked into from the outside: of each array one element is chosen, arrays beside each
//! other are chosen from independently. What only one array can meet its element has to meet; of what several can, the
//! largest sets are kept. A path leads into one array and there is one set to keep, unless names hold dots, so the work
//! grows with the number of leaves and not with that of their combinations.

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

/// Sets kept of one array. Only an event made for it needs more: names with dots lead one path into several arrays, with
/// as many elements each of which meets other conditions. Such an event may be taken not to match.
const KEPT: usize = 64;

/// Whether all of `count` conditions can be met at once.
pub fn meet_all(leaves: &[Leaf], count: usize) -> bool {
    let all: Vec<&Leaf> = leaves.iter().collect();
    !largest(&all, 0, &BitSet::full(count)).is_empty()
}

/// The largest sets of conditions that leaves in one element, `depth` arrays deep, can meet at once, of those with all
/// that is `needed`.
fn largest(leaves: &[&Leaf], depth: usize, needed: &BitSet) -> Vec<BitSet> {
    if !contains(&union(leaves, needed.len()), needed) {
        return Vec::new();
    }
    let mut free = BitSet::new(needed.len());
    let mut arrays: BTreeMap<u32, Vec<&Leaf>> = BTreeMap::new();
    for leaf in leaves {
        match leaf.elements.get(depth) {
            None => free.or(&leaf.meets),
            Some(&(array, _)) => arrays.entry(array).or_default().push(leaf),
        }
    }
    // What no array has to meet: a leaf outside meets it, or a second array can.
    let (mut spared, mut once) = (free.clone(), BitSet::new(needed.len()));
    for inside in arrays.values() {
        let can = union(inside, needed.len());
        let mut again = can.clone();
        again.and(&once);
        spared.or(&again);
        once.or(&can);
    }
    let mut met = vec![free];
    for inside in arrays.into_values() {
        let mut must = union(&inside, needed.len());
        must.and(needed);
        must.and_not(&spared);
        let mut elements: BTreeMap<u32, Vec<&Leaf>> = BTreeMap::new();
        for leaf in inside {
            elements.entry(leaf.elements[depth].1).or_default().push(leaf);
        }
        let choices = undominated(elements.values().flat_map(|inside| largest(inside, depth + 1, &must)));
        let pairs = met.iter().flat_map(|before| {
            choices.iter().map(|choice| {
                let mut both = before.clone();
                both.or(choice);
                both
            })
        });
        met = undominated(pairs);
    }
    met.retain(|set| contains(set, needed));
    met
}

/// The conditions that any of the leaves meets.
fn union(leaves: &[&Leaf], count: usize) -> BitSet {
    let mut any = BitSet::new(count);
    leaves.iter().for_each(|leaf| any.or(&leaf.meets));
    any
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
    fn many_arrays_cost_no_combinations() {
        // Two elements each, of which the second meets what is asked; in the last array nothing meets both.
        const ARRAYS: usize = 200;
        let in_array = |array: usize, index: u32, meets: &[usize]| {
            let mut set = BitSet::new(ARRAYS + 1);
            meets.iter().for_each(|condition| set.insert(*condition));
            Leaf { elements: vec![(array as u32, index)], meets: set }
        };
        let mut leaves: Vec<Leaf> =
            (0..ARRAYS).flat_map(|array| [in_array(array, 0, &[array]), in_array(array, 1, &[array])]).collect();
        leaves.push(in_array(ARRAYS - 1, 2, &[ARRAYS]));
        assert!(!meet_all(&leaves, ARRAYS + 1));
        leaves.push(in_array(ARRAYS - 1, 2, &[ARRAYS - 1]));
        assert!(meet_all(&leaves, ARRAYS + 1));
    }

    #[test]
    fn many_elements_cost_no_combinations() {
        let leaves: Vec<Leaf> = (0..20_000).map(|index| leaf(&[(0, index)], &[index as usize % 2])).collect();
        assert!(!meet_all(&leaves, 3));
    }
}
