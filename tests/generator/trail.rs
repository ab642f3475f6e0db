//! Measures a trail: how large its events are, and how well one record foretells the next.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::io::Read;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// A key; `None` is the beginning or the end of the object.
type Edge = Option<String>;

/// Sums over all records.
#[derive(Default)]
pub struct Trail {
    pub events: usize,
    /// Of the records' JSON.
    pub bytes: usize,
    /// Of the gzipped files.
    pub compressed: usize,
    /// Values that are no objects or arrays, and empty ones.
    pub leaves: usize,
    /// Leaves equal to the last one of their path.
    pub same: usize,
    /// Leaves equal to any earlier one of their path.
    pub seen: usize,
    /// Keys, and ends of objects, that are neither of the last two different ones to follow the key before.
    pub misses: usize,
    /// Records with an `errorCode`.
    pub errors: usize,
    last: HashMap<String, String>,
    known: HashMap<String, HashSet<String>>,
    /// By path and key, the last two different followers.
    followers: HashMap<(String, Edge), [Option<Edge>; 2]>,
    orders: HashSet<(String, Vec<String>)>,
}

impl Trail {
    /// Adds a log file's JSON.
    pub fn add(&mut self, json: &str, compressed: usize) {
        #[derive(Deserialize)]
        struct File<'a> {
            #[serde(borrow, rename = "Records")]
            records: Vec<&'a RawValue>,
        }
        self.compressed += compressed;
        for record in serde_json::from_str::<File>(json).unwrap().records {
            let node: Node = serde_json::from_str(record.get()).unwrap();
            self.events += 1;
            self.bytes += record.get().len();
            if let Node::Object(members) = &node {
                self.errors += usize::from(members.iter().any(|(key, _)| key == "errorCode"));
            }
            self.node(&node, "");
        }
    }

    pub fn per_event(&self, sum: usize) -> f64 {
        sum as f64 / self.events as f64
    }

    /// Per cent of the leaves.
    pub fn share(&self, leaves: usize) -> f64 {
        100.0 * leaves as f64 / self.leaves as f64
    }

    pub fn paths(&self) -> usize {
        self.known.len()
    }

    pub fn orders(&self) -> usize {
        self.orders.len()
    }

    /// Different values at a path such as `.userIdentity.arn`.
    pub fn distinct(&self, path: &str) -> usize {
        self.known.get(path).map_or(0, HashSet::len)
    }

    fn node(&mut self, node: &Node, path: &str) {
        match node {
            Node::Object(members) if !members.is_empty() => {
                let mut before = None;
                for (key, value) in members {
                    self.follow(path, before, Some(key));
                    self.node(value, &format!("{path}.{key}"));
                    before = Some(key.clone());
                }
                self.follow(path, before, None);
                let order = members.iter().map(|(key, _)| key.clone()).collect();
                self.orders.insert((path.to_owned(), order));
            }
            Node::Array(items) if !items.is_empty() => {
                items.iter().for_each(|item| self.node(item, &format!("{path}[]")));
            }
            Node::Object(_) => self.leaf(path, "{}"),
            Node::Array(_) => self.leaf(path, "[]"),
            Node::Leaf(text) => self.leaf(path, text),
        }
    }

    fn leaf(&mut self, path: &str, text: &str) {
        self.leaves += 1;
        self.same += usize::from(self.last.get(path).is_some_and(|last| last == text));
        self.last.insert(path.to_owned(), text.to_owned());
        self.seen += usize::from(!self.known.entry(path.to_owned()).or_default().insert(text.to_owned()));
    }

    fn follow(&mut self, path: &str, before: Edge, key: Option<&String>) {
        let guesses = self.followers.entry((path.to_owned(), before)).or_default();
        let key = Some(key.cloned());
        if guesses[0] != key {
            self.misses += usize::from(guesses[1] != key);
            guesses.swap(0, 1);
            guesses[0] = key;
        }
    }
}

/// The text of a gzipped file.
pub fn inflate(bytes: &[u8]) -> String {
    let mut text = String::new();
    flate2::read::MultiGzDecoder::new(bytes).read_to_string(&mut text).unwrap();
    text
}

/// A JSON value whose members keep their order.
enum Node {
    Leaf(String),
    Array(Vec<Node>),
    Object(Vec<(String, Node)>),
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node, E> {
        Ok(Node::Leaf(value.to_string()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Node, E> {
        Ok(Node::Leaf(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Node, E> {
        Ok(Node::Leaf(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Node, E> {
        Ok(Node::Leaf(format!("{value:?}")))
    }

    fn visit_str<E>(self, value: &str) -> Result<Node, E> {
        Ok(Node::Leaf(format!("{value:?}")))
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Leaf("null".into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Node, A::Error> {
        let mut nodes = Vec::new();
        while let Some(item) = items.next_element()? {
            nodes.push(item);
        }
        Ok(Node::Array(nodes))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Node, A::Error> {
        let mut nodes = Vec::new();
        while let Some(member) = members.next_entry()? {
            nodes.push(member);
        }
        Ok(Node::Object(nodes))
    }
}
