//! The tree of JSON paths that occur, and the interned index positions of array elements.

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
    /// Which key followed this one last time in its object: the guess for the next key.
    next: Option<PathId>,
    /// Which key came first last time in this object.
    first: Option<PathId>,
    /// Array steps on the way from the root.
    array_depth: u32,
}

/// All paths seen, and all index positions of array elements. Only grows.
pub struct PathTree {
    nodes: Vec<Node>,
    positions: Positions,
    hash: FixedState,
}

/// Interned index lists: element `a[2].b[0]` has the position `[2, 0]`.
#[derive(Default)]
struct Positions {
    lists: Vec<(u32, u32)>,
    known: HashMap<(u32, u32), u32, FixedState>,
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
        let mut tree = Self { nodes: Vec::new(), positions: Positions::default(), hash: FixedState::with_seed(seed) };
        tree.positions.known = HashMap::with_hasher(tree.hash.clone());
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

    /// Finds or adds the member `key`; `guess` is tried first. `None` when the tree is full.
    #[inline]
    pub fn intern_child(&mut self, parent: PathId, key: &str, guess: Option<PathId>, limit: usize) -> Option<PathId> {
        if let Some(guess) = guess {
            let node = &self.nodes[guess.0 as usize];
            if node.parent == parent && matches!(&node.step, PathStep::Key(name) if **name == *key) {
                return Some(guess);
            }
        }
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

    /// The guess for the next key of object `parent` after `previous` (`None`: the first key).
    #[inline]
    pub fn guess(&self, parent: PathId, previous: Option<PathId>) -> Option<PathId> {
        match previous {
            Some(previous) => self.nodes[previous.0 as usize].next,
            None => self.nodes[parent.0 as usize].first,
        }
    }

    /// Remembers which key came after `previous` in `parent`.
    #[inline]
    pub fn learn(&mut self, parent: PathId, previous: Option<PathId>, key: PathId) {
        match previous {
            Some(previous) => self.nodes[previous.0 as usize].next = Some(key),
            None => self.nodes[parent.0 as usize].first = Some(key),
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
    pub fn intern_position(&mut self, outer: u32, index: u32) -> u32 {
        let next = self.positions.lists.len() as u32 + 1;
        let lists = &mut self.positions.lists;
        *self.positions.known.entry((outer, index)).or_insert_with(|| {
            lists.push((outer, index));
            next
        })
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
            self.nodes.iter().map(|n| if let PathStep::Key(key) = &n.step { 2 * key.len() } else { 0 }).sum();
        let maps: usize = self.nodes.iter().map(|n| n.children.capacity() * 24).sum();
        names + maps + self.nodes.capacity() * size_of::<Node>() + self.positions.lists.capacity() * 24
    }

    fn add(&mut self, parent: PathId, step: PathStep) -> PathId {
        let id = PathId(self.nodes.len() as u32);
        let outer = self.nodes.get(parent.0 as usize).map_or(0, |node| node.array_depth);
        let array_depth = outer + u32::from(step == PathStep::Element);
        self.nodes.push(Node {
            parent,
            step,
            children: HashMap::with_hasher(self.hash.clone()),
            element: None,
            next: None,
            first: None,
            array_depth,
        });
        id
    }
}
