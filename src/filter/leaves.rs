//! [`Predicate::Leaves`](super::predicate::Predicate::Leaves) on columns.
//!
//! Each condition is tested once per dictionary value and gives a set of rows. That is the answer unless two conditions
//! look into the same array; then the rows that meet all conditions are looked at one by one, by the positions that
//! columns keep of array elements, and no record is read again.

use super::elements::{Leaf, meet_all};
use super::eval::{passing_codes, plain_candidates, scan_codes};
use super::predicate::{LeafCondition, LeafTest, LeafView};
use crate::base::BitSet;
use crate::store::{Column, PathId, PathStep, PathTree, Segment, Shard, Values};

/// Conditions resolved against a shard.
pub struct LeavesPlan {
    conditions: Vec<(LeafCondition, Vec<Target>)>,
    /// Whether two conditions can lie in elements of one array.
    linked: bool,
}

/// One column a condition looks at.
struct Target {
    path: PathId,
    /// The arrays on the way, outermost first, without the one whose element the leaf is.
    arrays: Vec<PathId>,
    /// Dictionary codes of leaves that pass.
    passing: BitSet,
    /// Dictionary codes of leaves.
    leaves: BitSet,
}

/// Resolves conditions.
pub fn plan(conditions: &[LeafCondition], shard: &Shard) -> LeavesPlan {
    let conditions: Vec<_> =
        conditions.iter().map(|condition| (condition.clone(), targets(condition, shard))).collect();
    let arrays = |targets: &[Target]| targets.iter().flat_map(|target| target.arrays.clone()).collect::<Vec<_>>();
    let all: Vec<_> = conditions.iter().map(|(_, targets)| arrays(targets)).collect();
    let shares = |at: usize| all[at].iter().any(|array| all[at + 1..].iter().any(|other| other.contains(array)));
    LeavesPlan { linked: (0..all.len()).any(shares), conditions }
}

/// The columns at a dotted path. A name may itself hold dots, so each of them may be where a name ends.
fn targets(condition: &LeafCondition, shard: &Shard) -> Vec<Target> {
    let mut found = Vec::new();
    reach(shard.paths(), PathTree::ROOT, Some(&condition.path), &mut Vec::new(), &mut found);
    found
        .into_iter()
        .map(|(path, arrays)| Target {
            path,
            arrays,
            passing: passing_codes(shard.dictionary(path), |value| condition.passes(value)),
            leaves: passing_codes(shard.dictionary(path), |value| !value.is_container()),
        })
        .collect()
}

/// Adds the paths below `node` that `rest` names, with the arrays on the way; `None` is `node` itself.
fn reach(
    paths: &PathTree,
    node: PathId,
    rest: Option<&str>,
    arrays: &mut Vec<PathId>,
    found: &mut Vec<(PathId, Vec<PathId>)>,
) {
    match rest {
        // A leaf that is itself an element can be chosen whatever else is.
        None => {
            let is_element = *paths.step(node) == PathStep::Element;
            found.push((node, arrays[..arrays.len() - usize::from(is_element)].to_vec()));
        }
        Some(rest) => {
            for end in rest.match_indices('.').map(|(at, _)| at).chain([rest.len()]) {
                if let Some(child) = paths.child(node, &rest[..end]) {
                    reach(paths, child, rest.get(end + 1..), arrays, found);
                }
            }
        }
    }
    if let Some(element) = paths.element(node) {
        arrays.push(node);
        reach(paths, element, rest, arrays, found);
        arrays.pop();
    }
}

impl LeavesPlan {
    /// The rows of `among` that meet all conditions.
    pub fn rows(&self, among: &BitSet, shard: &Shard, segment: &Segment) -> BitSet {
        let mut rows = among.clone();
        for (condition, targets) in &self.conditions {
            if rows.is_none() {
                return rows;
            }
            let mut met = BitSet::new(segment.len());
            for (target, column) in columns(targets, segment) {
                target.scan(condition, column, shard, &mut met);
            }
            if condition.absent {
                met.or(&without_leaf(targets, shard, segment));
            }
            rows.and(&met);
        }
        if self.linked {
            let candidates = rows.clone();
            candidates.for_each(|row| {
                if !self.fits(row, shard, segment) {
                    rows.remove(row);
                }
            });
        }
        rows
    }

    /// Whether one row has leaves of the same elements for all conditions.
    fn fits(&self, row: usize, shard: &Shard, segment: &Segment) -> bool {
        let count = self.conditions.len();
        let mut leaves: Vec<Leaf> = Vec::new();
        for (number, (condition, targets)) in self.conditions.iter().enumerate() {
            let meets = || {
                let mut meets = BitSet::new(count);
                meets.insert(number);
                meets
            };
            let mut any_leaf = false;
            for (target, column) in columns(targets, segment) {
                let dictionary = shard.dictionary(target.path);
                for entry in column.rows.entries(row) {
                    any_leaf |= column.with(entry, dictionary, |value| !value.is_container());
                    if column.with(entry, dictionary, |value| condition.passes(value)) {
                        let position = shard.paths().position(column.position(entry));
                        let elements = target.arrays.iter().map(|array| array.0).zip(position).collect();
                        leaves.push(Leaf { elements, meets: meets() });
                    }
                }
            }
            if condition.absent && !any_leaf {
                leaves.push(Leaf { elements: Vec::new(), meets: meets() });
            }
        }
        meet_all(&leaves, count)
    }
}

fn columns<'s>(targets: &'s [Target], segment: &'s Segment) -> impl Iterator<Item = (&'s Target, &'s Column)> {
    targets.iter().filter_map(|target| Some((target, segment.column(target.path)?)))
}

/// The rows without a leaf in any of the columns.
fn without_leaf(targets: &[Target], shard: &Shard, segment: &Segment) -> BitSet {
    let mut rows = BitSet::new(segment.len());
    for (target, column) in columns(targets, segment) {
        match &column.values {
            Values::Codes(codes) => scan_codes(column, codes, &target.leaves, &mut rows),
            Values::Plain { .. } => column.rows.for_each(|entry, row| {
                if column.with(entry, shard.dictionary(target.path), |value| !value.is_container()) {
                    rows.insert(row);
                }
            }),
        }
    }
    rows.not();
    rows
}

impl Target {
    /// Adds the rows with a leaf that passes.
    fn scan(&self, condition: &LeafCondition, column: &Column, shard: &Shard, rows: &mut BitSet) {
        match &column.values {
            Values::Codes(codes) => scan_codes(column, codes, &self.passing, rows),
            Values::Plain { plain, .. } => {
                let candidates = texts(condition).map(|texts| plain_candidates(&texts, column, plain));
                column.rows.for_each(|entry, row| {
                    if candidates.as_ref().is_none_or(|candidates| candidates.contains(entry))
                        && column.with(entry, shard.dictionary(self.path), |value| condition.passes(value))
                    {
                        rows.insert(row);
                    }
                });
            }
        }
    }
}

/// The texts one of which a leaf contains if it passes; `None` if others may pass.
fn texts(condition: &LeafCondition) -> Option<Vec<&str>> {
    if condition.view != LeafView::AsIs {
        return None;
    }
    let text = condition.tests.iter().map(|test| match test {
        LeafTest::Text(text) | LeafTest::Prefix(text) | LeafTest::Suffix(text) => Some(text.as_str()),
        _ => None,
    });
    text.collect()
}
