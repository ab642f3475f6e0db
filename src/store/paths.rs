//! The tree of JSON paths that occur, and the interned index positions of array elements.

use crate::base::bytes::{begins, plain_prefix};
use foldhash::fast::FixedState;
use hashbrown::HashMap;
use std::fmt::Write;

/// Number of a node in the [`PathTree`]; also the number of its column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PathId(pub u32);

/// The step that leads to a node from its parent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PathStep {
    /// The record itself.
    Root,
    /// A column computed from others; no JSON key can reach it.
    Derived(&'static str),
    /// Member of an object.
    Key(Box<str>),
    /// Any element of an array.
    Element,
}

struct Node {
    parent: PathId,
    step: PathStep,
    children: HashMap<Box<str>, PathId, FixedState>,
    element: Option<PathId>,
    /// Array steps on the way from the root.
    array_depth: u32,
}

/// What is likely to come next, learnt from the records before. Apart from [`Node`], because shredding looks at
/// nothing else as long as the guesses are right, and just as large as what a processor fetches at a time.
#[repr(align(64))]
struct Habit {
    literal: Literal,
    /// The two keys that followed this one last in its object.
    next: [PathId; 2],
    /// The two keys that came first last in this object.
    first: [PathId; 2],
    /// Number of the object in which the key was last seen: finds duplicate keys.
    seen: u64,
}

/// A key as it stands in the text: quotes, name, colon.
struct Literal {
    bytes: [u8; Literal::LONGEST],
    len: u8,
}

impl Literal {
    const LONGEST: usize = 39;

    /// An empty one, which is never guessed, if the name is long or cannot be written without escapes.
    fn new(step: &PathStep) -> Self {
        let text = match step {
            PathStep::Key(key) if plain_prefix(key.as_bytes()).len == key.len() => format!("\"{key}\":"),
            _ => String::new(),
        };
        let text = if text.len() <= Self::LONGEST { text.as_bytes() } else { &[] };
        let mut bytes = [0; Self::LONGEST];
        bytes[..text.len()].copy_from_slice(text);
        Self { bytes, len: text.len() as u8 }
    }

    /// Its length, if `text` begins with it.
    #[inline]
    fn begins(&self, text: &[u8]) -> Option<usize> {
        let len = usize::from(self.len);
        (len > 0 && begins(text, self.bytes.get(..len)?)).then_some(len)
    }
}

/// All paths seen, and all index positions of array elements. Only grows.
pub struct PathTree {
    nodes: Vec<Node>,
    habits: Vec<Habit>,
    positions: Positions,
    hash: FixedState,
}

/// Interned index lists: element `a[2].b[0]` has the position `[2, 0]`.
struct Positions {
    /// Outer position and index of each position but the first, which is outside all arrays.
    lists: Vec<(u32, u32)>,
    /// Positions inside each position, by index; shorter than `lists` when the last ones have none.
    inner: Vec<Vec<u32>>,
}

impl Positions {
    /// Adds a position, and those of smaller indices that are still missing.
    fn add(&mut self, outer: u32, index: u32) -> u32 {
        if self.inner.len() <= outer as usize {
            self.inner.resize(outer as usize + 1, Vec::new());
        }
        let inner = &mut self.inner[outer as usize];
        for index in inner.len() as u32..=index {
            self.lists.push((outer, index));
            inner.push(self.lists.len() as u32);
        }
        inner[index as usize]
    }

    fn heap_bytes(&self) -> usize {
        let inner: usize = self.inner.iter().map(|inner| inner.capacity() * 4).sum();
        self.lists.capacity() * 8 + self.inner.capacity() * size_of::<Vec<u32>>() + inner
    }
}

impl PathTree {
    /// The root record.
    pub const ROOT: PathId = PathId(0);
    /// The derived column `@principal`.
    pub const PRINCIPAL: PathId = PathId(1);
    /// Position of values outside any array.
    pub const NO_POSITION: u32 = 0;

    /// A tree with only the root and the derived columns. `seed` keys the hash of attacker-chosen names.
    pub fn new(seed: u64) -> Self {
        let positions = Positions { lists: Vec::new(), inner: Vec::new() };
        let mut tree = Self { nodes: Vec::new(), habits: Vec::new(), positions, hash: FixedState::with_seed(seed) };
        tree.add(Self::ROOT, PathStep::Root);
        tree.add(Self::ROOT, PathStep::Derived(crate::model::query::PRINCIPAL));
        tree
    }

    /// Number of nodes.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Never: the root is always there.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The member `key` of `parent`, if it has occurred.
    pub fn child(&self, parent: PathId, key: &str) -> Option<PathId> {
        self.nodes[parent.0 as usize].children.get(key).copied()
    }

    /// The elements of `parent`, if it has been an array with elements.
    pub fn element(&self, parent: PathId) -> Option<PathId> {
        self.nodes[parent.0 as usize].element
    }

    /// All members of `parent`.
    pub fn children(&self, parent: PathId) -> impl Iterator<Item = PathId> + '_ {
        self.nodes[parent.0 as usize].children.values().copied()
    }

    /// Finds or adds the member `key`. `None` when the tree is full.
    pub fn intern_child(&mut self, parent: PathId, key: &str, limit: usize) -> Option<PathId> {
        if let Some(&known) = self.nodes[parent.0 as usize].children.get(key) {
            return Some(known);
        }
        (self.nodes.len() < limit).then(|| {
            let id = self.add(parent, PathStep::Key(key.into()));
            self.nodes[parent.0 as usize].children.insert(key.into(), id);
            id
        })
    }

    /// Finds or adds the element node of an array. `None` when the tree is full.
    pub fn intern_element(&mut self, parent: PathId, limit: usize) -> Option<PathId> {
        if let Some(known) = self.nodes[parent.0 as usize].element {
            return Some(known);
        }
        (self.nodes.len() < limit).then(|| {
            let id = self.add(parent, PathStep::Element);
            self.nodes[parent.0 as usize].element = Some(id);
            id
        })
    }

    /// The key that `text` begins with, colon included, and its length, if it is one of the two that came last at
    /// this place: after `previous` in the object `parent`, or first in it.
    #[inline(always)]
    pub fn predict(&mut self, parent: PathId, previous: Option<PathId>, text: &[u8]) -> Option<(PathId, usize)> {
        let [likely, other] = *self.guesses(parent, previous);
        if let Some(len) = self.habits[likely.0 as usize].literal.begins(text) {
            return Some((likely, len));
        }
        let len = self.habits[other.0 as usize].literal.begins(text)?;
        self.guesses(parent, previous).swap(0, 1);
        Some((other, len))
    }

    /// Whether `key` was in the object of this number before; the next time it was.
    #[inline]
    pub fn is_repeated(&mut self, key: PathId, object: u64) -> bool {
        std::mem::replace(&mut self.habits[key.0 as usize].seen, object) == object
    }

    /// Remembers which key came after `previous` in `parent`.
    pub fn learn(&mut self, parent: PathId, previous: Option<PathId>, key: PathId) {
        let guesses = self.guesses(parent, previous);
        if guesses[0] != key {
            *guesses = [key, guesses[0]];
        }
    }

    #[inline]
    fn guesses(&mut self, parent: PathId, previous: Option<PathId>) -> &mut [PathId; 2] {
        match previous {
            Some(previous) => &mut self.habits[previous.0 as usize].next,
            None => &mut self.habits[parent.0 as usize].first,
        }
    }

    /// The step from the parent.
    pub fn step(&self, node: PathId) -> &PathStep {
        &self.nodes[node.0 as usize].step
    }

    /// How many arrays lie between the root and `node`.
    pub fn array_depth(&self, node: PathId) -> u32 {
        self.nodes[node.0 as usize].array_depth
    }

    /// Number of the position "element `index` inside `outer`".
    #[inline]
    pub fn intern_position(&mut self, outer: u32, index: u32) -> u32 {
        let known = self.positions.inner.get(outer as usize).and_then(|inner| inner.get(index as usize));
        match known {
            Some(&known) => known,
            None => self.positions.add(outer, index),
        }
    }

    /// The index list of a position, outermost array first.
    pub fn position(&self, mut position: u32) -> Vec<u32> {
        let mut indices = Vec::new();
        while position != Self::NO_POSITION {
            let (outer, index) = self.positions.lists[position as usize - 1];
            indices.push(index);
            position = outer;
        }
        indices.reverse();
        indices
    }

    /// Every interned position with the one around it, which comes first, and its index in the innermost array.
    pub fn positions(&self) -> impl Iterator<Item = (u32, u32, u32)> + '_ {
        (1..).zip(&self.positions.lists).map(|(position, &(outer, index))| (position, outer, index))
    }

    /// Number of interned positions plus one (they are `0..position_count()`).
    pub fn position_count(&self) -> usize {
        self.positions.lists.len() + 1
    }

    /// The path as text: `userIdentity.type`, `resources[*].ARN`, `tags['a b']`.
    pub fn text(&self, node: PathId) -> String {
        let mut steps = Vec::new();
        let mut at = node;
        while at != Self::ROOT {
            steps.push(&self.nodes[at.0 as usize].step);
            at = self.nodes[at.0 as usize].parent;
        }
        let mut text = String::new();
        for step in steps.into_iter().rev() {
            match step {
                PathStep::Root => {}
                PathStep::Derived(name) => text.push_str(name),
                PathStep::Element => text.push_str("[*]"),
                PathStep::Key(key)
                    if !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-') =>
                {
                    if !text.is_empty() {
                        text.push('.');
                    }
                    text.push_str(key);
                }
                PathStep::Key(key) => {
                    let _ = write!(text, "['{key}']");
                }
            }
        }
        text
    }

    /// Heap bytes held, approximately.
    pub fn heap_bytes(&self) -> usize {
        let names: usize =
            self.nodes.iter().map(|n| if let PathStep::Key(key) = &n.step { 3 * key.len() } else { 0 }).sum();
        let maps: usize = self.nodes.iter().map(|n| n.children.capacity() * 24).sum();
        let nodes = self.nodes.capacity() * (size_of::<Node>() + size_of::<Habit>());
        names + maps + nodes + self.positions.heap_bytes()
    }

    fn add(&mut self, parent: PathId, step: PathStep) -> PathId {
        let id = PathId(self.nodes.len() as u32);
        let outer = self.nodes.get(parent.0 as usize).map_or(0, |node| node.array_depth);
        let array_depth = outer + u32::from(step == PathStep::Element);
        let (next, first) = ([Self::ROOT; 2], [Self::ROOT; 2]);
        self.habits.push(Habit { literal: Literal::new(&step), next, first, seen: 0 });
        let children = HashMap::with_hasher(self.hash.clone());
        self.nodes.push(Node { parent, step, children, element: None, array_depth });
        id
    }
}
