//! Evaluates a [`Predicate`] on columns: once per distinct dictionary value, then one pass over codes.
//!
//! [`Plan::new`] resolves a predicate against a shard (paths, code sets); [`Plan::rows`] gives the rows of one
//! segment. JSON text is touched only for message tests that columns cannot answer, through [`Messages`].
//! Held equal to `filter::naive` by `tests/eval_laws.rs`.

use super::find::Needle;
use super::leaves::{self, LeavesPlan};
use super::message::{self, MessagePlan};
use super::predicate::{Comparison, Field, Operand, Predicate, Scalar, Selector, Step, Test};
use crate::base::BitSet;
use crate::store::{Codes, Column, Dictionary, PathId, PathTree, Plain, Rows, Segment, Shard, UNDATED, Values};

/// Gives back the log messages (compact JSON) of rows.
pub trait Messages {
    /// Calls `visit` with each of `rows` and its message, in any order. An error names what could not be read.
    fn read(&self, segment: &Segment, rows: &BitSet, visit: &mut dyn FnMut(usize, &str)) -> Result<(), String>;
}

/// A predicate resolved against one shard as it is now. Good for all its present segments.
pub struct Plan {
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
    Leaves(LeavesPlan),
    Message(MessagePlan),
    Size(Test),
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

impl Plan {
    /// Resolves `predicate` against `shard`.
    pub fn new(predicate: &Predicate, shard: &Shard) -> Self {
        Self { root: resolve(predicate, shard) }
    }

    /// The rows of `segment` of that shard that satisfy the predicate, as far as they are in `among`: quicker, where text
    /// is searched for, when these are few.
    pub fn rows(
        &self,
        among: &BitSet,
        shard: &Shard,
        segment: &Segment,
        messages: &dyn Messages,
    ) -> Result<BitSet, String> {
        self.root.rows(among, shard, segment, messages)
    }

    /// Whether text is searched for in whole records, which costs far more than looking at a few columns.
    pub fn searches_text(&self) -> bool {
        self.root.searches_text()
    }
}

impl Node {
    fn searches_text(&self) -> bool {
        match self {
            Node::And(parts) | Node::Or(parts) => parts.iter().any(Node::searches_text),
            Node::Not(part) => part.searches_text(),
            Node::Message(_) => true,
            Node::Const(_)
            | Node::Field { .. }
            | Node::Absent(_)
            | Node::Leaves(_)
            | Node::Size(_)
            | Node::Time(..) => false,
        }
    }

    /// The rows of `among` that satisfy it.
    fn rows(
        &self,
        among: &BitSet,
        shard: &Shard,
        segment: &Segment,
        messages: &dyn Messages,
    ) -> Result<BitSet, String> {
        let len = segment.len();
        let mut rows = match self {
            Node::Const(true) => among.clone(),
            Node::Const(false) => BitSet::new(len),
            Node::And(parts) => {
                let mut rows = among.clone();
                for part in parts {
                    if rows.is_none() {
                        break;
                    }
                    rows = part.rows(&rows, shard, segment, messages)?;
                }
                rows
            }
            Node::Or(parts) => {
                let (mut rows, mut left) = (BitSet::new(len), among.clone());
                for part in parts {
                    let found = part.rows(&left, shard, segment, messages)?;
                    left.and_not(&found);
                    rows.or(&found);
                }
                rows
            }
            Node::Not(part) => {
                let mut rows = among.clone();
                rows.and_not(&part.rows(among, shard, segment, messages)?);
                rows
            }
            Node::Field { targets, test } => {
                let mut rows = BitSet::new(len);
                for target in targets {
                    if let Some(column) = segment.column(target.path) {
                        target.scan(column, test, shard.dictionary(target.path), &mut rows);
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
            Node::Leaves(plan) => plan.rows(among, shard, segment),
            Node::Message(plan) => plan.rows(among, shard, segment, messages)?,
            Node::Size(test) => {
                let mut rows = BitSet::new(len);
                rows.or_where(&segment.lengths, |length| test.matches(Scalar::Int(length.into())));
                rows
            }
            Node::Time(from, to) => time_rows(segment, *from, *to),
        };
        rows.and(among);
        Ok(rows)
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
        Predicate::Field(Field::Size, test) => Node::Size(test.clone()),
        Predicate::Field(field, Test::NotExists) => Node::Absent(targets(field, None, shard)),
        Predicate::Field(field, test) => Node::Field { targets: targets(field, Some(test), shard), test: test.clone() },
        Predicate::Leaves(conditions) => Node::Leaves(leaves::plan(conditions, shard)),
        Predicate::AnyText(needle) => Node::Message(MessagePlan::any_text(needle, shard)),
        Predicate::Message(test) => Node::Message(message::plan(test, shard)),
    }
}

/// The columns a field selects, with the dictionary codes that pass `test`.
fn targets(field: &Field, test: Option<&Test>, shard: &Shard) -> Vec<Target> {
    let resolved = match field {
        Field::Principal => vec![(PathTree::PRINCIPAL, Vec::new())],
        Field::Path(selector) => select_paths(selector, shard.paths()),
        Field::Size => Vec::new(),
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
    // How many of the constraints a position satisfies, one for each array; none if it breaks one.
    let mut satisfied: Vec<Option<usize>> = vec![None; paths.position_count()];
    satisfied[PathTree::NO_POSITION as usize] = Some(0);
    for (position, outer, index) in paths.positions() {
        let before = satisfied[outer as usize];
        let fits = |before: &usize| indices.get(*before).is_some_and(|want| want.is_none_or(|want| want == index));
        satisfied[position as usize] = before.filter(fits).map(|before| before + 1);
    }
    for (position, satisfied) in satisfied.into_iter().enumerate() {
        if satisfied == Some(indices.len()) {
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
            Values::Plain { plain, .. } => {
                let passes = |entry: usize| {
                    let position = || column.position(entry) as usize;
                    self.positions.as_ref().is_none_or(|allowed| allowed.contains(position()))
                        && column.with(entry, dictionary, |value| test.matches(value))
                };
                let candidates = candidates(test, column, plain);
                column.rows.for_each(|entry, row| {
                    if candidates.as_ref().is_none_or(|candidates| candidates.contains(entry)) && passes(entry) {
                        rows.insert(row);
                    }
                });
            }
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

/// The entries that may pass because they contain the text that passing takes; `None` when any may.
fn candidates(test: &Test, column: &Column, plain: &Plain) -> Option<BitSet> {
    let texts: Vec<&str> = match test {
        Test::OneOf(texts) => texts.iter().map(String::as_str).collect(),
        Test::Compare(Comparison::Equal, Operand::Text(glob)) => vec![&glob.text],
        _ => return None,
    };
    Some(plain_candidates(&texts, column, plain))
}

/// The entries that contain one of the texts, and those that are not text.
pub(super) fn plain_candidates(texts: &[&str], column: &Column, plain: &Plain) -> BitSet {
    let mut entries = BitSet::new(plain.len());
    texts.iter().for_each(|text| entries.or(&Needle::exact(text).entries(plain)));
    if let Values::Plain { exceptions, .. } = &column.values {
        exceptions.iter().for_each(|(entry, _)| entries.insert(*entry as usize));
    }
    entries
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
        (Rows::All(_), Codes::U8(codes)) => or_passing(codes, passing, rows),
        (Rows::All(_), Codes::U16(codes)) => or_passing(codes, passing, rows),
        (Rows::All(_), Codes::U32(codes)) => or_passing(codes, passing, rows),
        _ => column.rows.for_each(|entry, row| {
            if passing.contains(codes.get(entry) as usize) {
                rows.insert(row);
            }
        }),
    }
}

/// Adds the indices of the codes that pass. A single passing code, the usual case, is compared without looking
/// anything up.
fn or_passing<C: Copy + PartialEq + TryFrom<usize> + Into<u32>>(codes: &[C], passing: &BitSet, rows: &mut BitSet) {
    let mut members = passing.iter();
    match (members.next().and_then(|code| C::try_from(code).ok()), members.next()) {
        (None, None) => {}
        (Some(wanted), None) => rows.or_where(codes, |code| code == wanted),
        _ => rows.or_where(codes, |code| passing.contains(code.into() as usize)),
    }
}

fn time_rows(segment: &Segment, from: i64, to: i64) -> BitSet {
    match segment.span {
        Some((first, last)) if first < to && last >= from => {
            let mut rows = BitSet::new(segment.len());
            rows.or_where(&segment.times, |time| time != UNDATED && time >= from && time < to);
            rows
        }
        _ => BitSet::new(segment.len()),
    }
}
