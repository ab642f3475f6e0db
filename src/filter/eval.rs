//! Evaluates a [`Predicate`] on columns: once per distinct dictionary value, then one pass over codes.
//!
//! [`Plan::new`] resolves a predicate against a shard (paths, code sets); [`Plan::rows`] gives the rows of one
//! segment. JSON text is touched only for message tests that columns cannot answer, through [`Messages`].
//! Held equal to `filter::naive` by `tests/eval_laws.rs`.

use super::message::{self, MessagePlan};
use super::predicate::{Field, Predicate, Scalar, Selector, Step, Test};
use crate::base::BitSet;
use crate::store::{Codes, Column, Dictionary, PathId, PathTree, Plain, Rows, Segment, Shard, UNDATED, Values};

/// Gives back the log messages (compact JSON) of rows.
pub trait Messages {
    /// Calls `visit` with each of `rows` and its message, in any order. An error names what could not be read.
    fn read(&self, segment: &Segment, rows: &BitSet, visit: &mut dyn FnMut(usize, &str)) -> Result<(), String>;
}

/// A predicate resolved against one shard as it is now. Good for all its present segments.
pub struct Plan<'s> {
    shard: &'s Shard,
    root: Node,
}

/// A resolved predicate node.
enum Node {
    Const(bool),
    And(Vec<Node>),
    Or(Vec<Node>),
    Not(Box<Node>),
    Field { targets: Vec<Target>, test: Test },
    Absent(Vec<Target>),
    Message(MessagePlan),
    Time(i64, i64),
}

/// One column a field test looks at.
pub(super) struct Target {
    pub path: PathId,
    /// Array positions that the selector's indices allow; `None` allows all.
    positions: Option<BitSet>,
    /// Dictionary codes whose value passes the test.
    codes: BitSet,
}

impl<'s> Plan<'s> {
    /// Resolves `predicate` against `shard`.
    pub fn new(predicate: &Predicate, shard: &'s Shard) -> Self {
        Self { shard, root: resolve(predicate, shard) }
    }

    /// The rows of `segment` that satisfy the predicate.
    pub fn rows(&self, segment: &Segment, messages: &dyn Messages) -> Result<BitSet, String> {
        self.evaluate(&self.root, segment, messages)
    }

    fn evaluate(&self, step: &Node, segment: &Segment, messages: &dyn Messages) -> Result<BitSet, String> {
        let len = segment.len();
        Ok(match step {
            Node::Const(true) => BitSet::full(len),
            Node::Const(false) => BitSet::new(len),
            Node::And(parts) => {
                let mut rows = BitSet::full(len);
                for part in parts {
                    rows.and(&self.evaluate(part, segment, messages)?);
                    if rows.is_none() {
                        break;
                    }
                }
                rows
            }
            Node::Or(parts) => {
                let mut rows = BitSet::new(len);
                for part in parts {
                    rows.or(&self.evaluate(part, segment, messages)?);
                }
                rows
            }
            Node::Not(part) => {
                let mut rows = self.evaluate(part, segment, messages)?;
                rows.not();
                rows
            }
            Node::Field { targets, test } => {
                let mut rows = BitSet::new(len);
                for target in targets {
                    if let Some(column) = segment.column(target.path) {
                        target.scan(column, test, self.shard.dictionary(target.path), &mut rows);
                    }
                }
                rows
            }
            Node::Absent(targets) => {
                let mut rows = BitSet::new(len);
                for target in targets {
                    if let Some(column) = segment.column(target.path) {
                        target.present(column, &mut rows);
                    }
                }
                rows.not();
                rows
            }
            Node::Message(plan) => plan.rows(self.shard, segment, messages)?,
            Node::Time(from, to) => time_rows(segment, *from, *to),
        })
    }
}

fn resolve(predicate: &Predicate, shard: &Shard) -> Node {
    let all = |parts: &[Predicate]| parts.iter().map(|part| resolve(part, shard)).collect();
    match predicate {
        Predicate::Const(value) => Node::Const(*value),
        Predicate::And(parts) => Node::And(all(parts)),
        Predicate::Or(parts) => Node::Or(all(parts)),
        Predicate::Not(part) => Node::Not(Box::new(resolve(part, shard))),
        Predicate::Time(from, to) => Node::Time(from.0, to.0),
        Predicate::Field(field, Test::NotExists) => Node::Absent(targets(field, None, shard)),
        Predicate::Field(field, test) => Node::Field { targets: targets(field, Some(test), shard), test: test.clone() },
        Predicate::AnyText(needle) => Node::Message(MessagePlan::any_text(needle, shard)),
        Predicate::Message(test) => Node::Message(message::plan(test, shard)),
    }
}

/// The columns a field selects, with the dictionary codes that pass `test`.
fn targets(field: &Field, test: Option<&Test>, shard: &Shard) -> Vec<Target> {
    let resolved = match field {
        Field::Principal => vec![(PathTree::PRINCIPAL, Vec::new())],
        Field::Path(selector) => select_paths(selector, shard.paths()),
    };
    resolved
        .into_iter()
        .map(|(path, indices)| Target {
            path,
            positions: indices.iter().any(Option::is_some).then(|| allowed_positions(&indices, shard.paths())),
            codes: test
                .map_or(BitSet::new(0), |test| passing_codes(shard.dictionary(path), |value| test.matches(value))),
        })
        .collect()
}

/// The paths a selector reaches, each with one index constraint per array step.
pub fn select_paths(selector: &Selector, paths: &PathTree) -> Vec<(PathId, Vec<Option<u32>>)> {
    let mut reached = vec![(PathTree::ROOT, Vec::new())];
    for step in &selector.steps {
        let mut next = Vec::new();
        for (path, indices) in reached {
            match step {
                Step::Key(key) => next.extend(paths.child(path, key).map(|child| (child, indices))),
                Step::AnyKey => next.extend(paths.children(path).map(|child| (child, indices.clone()))),
                Step::Index(_) | Step::AnyElement => {
                    let index = if let Step::Index(index) = step { Some(*index) } else { None };
                    next.extend(paths.element(path).map(|element| (element, [&indices[..], &[index]].concat())));
                }
            }
        }
        reached = next;
    }
    reached
}

/// The interned positions that satisfy the index constraints.
pub fn allowed_positions(indices: &[Option<u32>], paths: &PathTree) -> BitSet {
    let mut allowed = BitSet::new(paths.position_count());
    for position in 0..paths.position_count() {
        let actual = paths.position(position as u32);
        if actual.len() == indices.len()
            && actual.iter().zip(indices).all(|(is, want)| want.is_none_or(|want| want == *is))
        {
            allowed.insert(position);
        }
    }
    allowed
}

/// The codes of a dictionary whose value passes `test`.
pub(super) fn passing_codes(dictionary: &Dictionary, test: impl Fn(Scalar<'_>) -> bool) -> BitSet {
    let mut codes = BitSet::new(dictionary.len());
    (0..dictionary.len()).filter(|&code| test(dictionary.value(code as u32))).for_each(|code| codes.insert(code));
    codes
}

impl Target {
    /// Adds the rows with an entry that passes.
    fn scan(&self, column: &Column, test: &Test, dictionary: &Dictionary, rows: &mut BitSet) {
        match &column.values {
            Values::Codes(codes) => match &self.positions {
                None => scan_codes(column, codes, &self.codes, rows),
                Some(allowed) => column.rows.for_each(|entry, row| {
                    if self.codes.contains(codes.get(entry) as usize)
                        && allowed.contains(column.position(entry) as usize)
                    {
                        rows.insert(row);
                    }
                }),
            },
            Values::Plain { .. } => column.rows.for_each(|entry, row| {
                let allowed =
                    self.positions.as_ref().is_none_or(|allowed| allowed.contains(column.position(entry) as usize));
                if allowed && column.with(entry, dictionary, |value| test.matches(value)) {
                    rows.insert(row);
                }
            }),
        }
    }

    /// Adds the rows with any entry.
    fn present(&self, column: &Column, rows: &mut BitSet) {
        match &self.positions {
            None => rows.or(&column.rows.to_set(rows.len())),
            Some(allowed) => column.rows.for_each(|entry, row| {
                if allowed.contains(column.position(entry) as usize) {
                    rows.insert(row);
                }
            }),
        }
    }
}

/// Adds the rows whose entry has one of the `passing` codes.
pub(super) fn scan_codes(column: &Column, codes: &Codes, passing: &BitSet, rows: &mut BitSet) {
    if passing.is_none() {
        return;
    }
    match (&column.rows, codes) {
        (_, Codes::Constant(code, _)) => {
            if passing.contains(*code as usize) {
                rows.or(&column.rows.to_set(rows.len()));
            }
        }
        (Rows::All(_), Codes::U8(codes)) => {
            rows.or_where(codes.iter().map(|&code| passing.contains(usize::from(code))))
        }
        (Rows::All(_), Codes::U16(codes)) => {
            rows.or_where(codes.iter().map(|&code| passing.contains(usize::from(code))))
        }
        (Rows::All(_), Codes::U32(codes)) => rows.or_where(codes.iter().map(|&code| passing.contains(code as usize))),
        _ => column.rows.for_each(|entry, row| {
            if passing.contains(codes.get(entry) as usize) {
                rows.insert(row);
            }
        }),
    }
}

/// Adds the rows whose text in a plain column passes.
pub(super) fn scan_plain(column: &Column, plain: &Plain, test: impl Fn(&str) -> bool, rows: &mut BitSet) {
    column.rows.for_each(|entry, row| {
        if plain.with(entry, &test) {
            rows.insert(row);
        }
    });
}

fn time_rows(segment: &Segment, from: i64, to: i64) -> BitSet {
    match segment.span {
        Some((first, last)) if first < to && last >= from => {
            let mut rows = BitSet::new(segment.len());
            rows.or_where(segment.times.iter().map(|&time| time != UNDATED && time >= from && time < to));
            rows
        }
        _ => BitSet::new(segment.len()),
    }
}
