//! Takes one JSON record apart into column entries: a serde visitor, no tree in between.
//!
//! A record is pushed as a whole or not at all: every entry is noted in `touched`, so that a record that
//! turns out to be damaged half-way can be taken back.

use super::builder::ColumnBuilder;
use super::{Dictionary, PathId, PathTree};
use crate::base::EpochMs;
use crate::model::value::Scalar;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;

/// Objects and arrays below this depth stay opaque: their members are not columns.
pub const MAX_DEPTH: u32 = 96;

/// Everything a record is shredded into.
pub struct Columns {
    pub paths: PathTree,
    pub dictionaries: Vec<Dictionary>,
    pub builders: Vec<ColumnBuilder>,
    /// Serial number of the object in which each path's key was last seen: finds duplicate keys.
    seen: Vec<u64>,
    serial: u64,
    touched: Vec<PathId>,
    event_time_path: PathId,
    max_paths: usize,
    seed: u64,
}

/// What happened to a record besides being shredded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shredded {
    /// Event time in epoch ms, if readable.
    pub time: Option<i64>,
    /// Something lies below [`MAX_DEPTH`].
    pub too_deep: bool,
    /// Some fields were left out because there are too many different paths.
    pub too_many_paths: bool,
    /// A number may be spelt differently in the text.
    pub fractional: bool,
}

/// Why a record could not be shredded.
#[derive(Debug)]
pub enum ShredError {
    /// The same key twice in one object.
    DuplicateKey,
    /// Not valid JSON as serde_json understands it; its message.
    Invalid(String),
}

impl Columns {
    /// Empty columns; at most `max_paths` paths; `seed` keys all hashes.
    pub fn new(seed: u64, max_paths: usize) -> Self {
        let mut paths = PathTree::new(seed);
        let event_time_path =
            paths.intern_child(PathTree::ROOT, "eventTime", None, usize::MAX).unwrap_or(PathTree::ROOT);
        let mut columns = Self {
            paths,
            dictionaries: Vec::new(),
            builders: Vec::new(),
            seen: Vec::new(),
            serial: 0,
            touched: Vec::new(),
            event_time_path,
            max_paths,
            seed,
        };
        columns.grow();
        columns
    }

    /// Adds all entries of the record `json` under row number `row`, or none of them.
    pub fn push(&mut self, row: u16, json: &str) -> Result<Shredded, ShredError> {
        self.touched.clear();
        let mut writer = Writer { columns: self, row, outcome: Shredded::default(), duplicate: false };
        let mut deserializer = serde_json::Deserializer::from_str(json);
        let seed = Node { writer: &mut writer, path: PathTree::ROOT, position: PathTree::NO_POSITION, depth: 0 };
        let result = seed.deserialize(&mut deserializer).and_then(|()| deserializer.end());
        let (outcome, duplicate) = (writer.outcome, writer.duplicate);
        match result {
            Ok(()) => Ok(outcome),
            Err(error) => {
                while let Some(path) = self.touched.pop() {
                    self.builders[path.0 as usize].pop();
                }
                Err(if duplicate { ShredError::DuplicateKey } else { ShredError::Invalid(error.to_string()) })
            }
        }
    }

    /// Makes room for columns of new paths.
    fn grow(&mut self) {
        let len = self.paths.len();
        self.dictionaries.resize_with(len, || Dictionary::new(self.seed));
        self.builders.resize_with(len, ColumnBuilder::default);
        self.seen.resize(len, 0);
    }
}

struct Writer<'c> {
    columns: &'c mut Columns,
    row: u16,
    outcome: Shredded,
    duplicate: bool,
}

impl Writer<'_> {
    #[inline]
    fn push(&mut self, path: PathId, position: u32, value: Scalar<'_>) {
        if path == PathTree::ROOT {
            return;
        }
        let at = path.0 as usize;
        let columns = &mut *self.columns;
        columns.builders[at].push(self.row, position, value, &mut columns.dictionaries[at]);
        columns.touched.push(path);
        if path == columns.event_time_path
            && let Scalar::Str(text) = value
        {
            self.outcome.time = EpochMs::parse(text).map(|time| time.0);
        }
    }
}

/// Deserialises the value at one path.
struct Node<'w, 'c> {
    writer: &'w mut Writer<'c>,
    path: PathId,
    position: u32,
    depth: u32,
}

impl Node<'_, '_> {
    fn scalar(self, value: Scalar<'_>) {
        self.writer.push(self.path, self.position, value);
    }
}

impl<'de> DeserializeSeed<'de> for Node<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        if self.depth < MAX_DEPTH {
            return deserializer.deserialize_any(self);
        }
        let raw: &RawValue = serde::Deserialize::deserialize(deserializer)?;
        match raw.get().as_bytes().first() {
            Some(b'{') => self.writer.push(self.path, self.position, Scalar::Object),
            Some(b'[') => self.writer.push(self.path, self.position, Scalar::Array),
            _ => return serde_json::Deserializer::from_str(raw.get()).deserialize_any(self).map_err(D::Error::custom),
        }
        Ok(())
    }
}

impl<'de> Visitor<'de> for Node<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.scalar(Scalar::Null);
        Ok(())
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.scalar(Scalar::Bool(value));
        Ok(())
    }

    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        self.scalar(Scalar::Int(value));
        Ok(())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        match i64::try_from(value) {
            Ok(value) => self.visit_i64(value),
            Err(_) => self.visit_f64(value as f64),
        }
    }

    fn visit_f64<E>(self, value: f64) -> Result<(), E> {
        self.writer.outcome.fractional = true;
        self.scalar(Scalar::Float(value));
        Ok(())
    }

    fn visit_str<E>(self, value: &str) -> Result<(), E> {
        self.scalar(Scalar::Str(value));
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        let Node { writer, path, position, depth } = self;
        writer.push(path, position, Scalar::Array);
        let mut index = 0;
        loop {
            // The element column exists only once an array has had an element.
            let limit = writer.columns.max_paths;
            let known = writer.columns.paths.element(path);
            let next = seq.next_element_seed(Element { writer, path, known, outer: position, index, depth, limit })?;
            if next.is_none() {
                return Ok(());
            }
            index += 1;
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Node { writer, path, position, depth } = self;
        writer.push(path, position, Scalar::Object);
        if depth >= MAX_DEPTH - 1 {
            writer.outcome.too_deep = true;
        }
        writer.columns.serial += 1;
        let serial = writer.columns.serial;
        let mut previous = None;
        while let Some(child) = map.next_key_seed(Key { columns: writer.columns, parent: path, previous })? {
            let Some(child) = child else {
                writer.outcome.too_many_paths = true;
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            let seen = &mut writer.columns.seen[child.0 as usize];
            if *seen == serial {
                writer.duplicate = true;
                return Err(A::Error::custom("duplicate key"));
            }
            *seen = serial;
            previous = Some(child);
            map.next_value_seed(Node { writer, path: child, position, depth: depth + 1 })?;
        }
        Ok(())
    }
}

/// One array element, if there is one more.
struct Element<'w, 'c> {
    writer: &'w mut Writer<'c>,
    path: PathId,
    known: Option<PathId>,
    outer: u32,
    index: u32,
    depth: u32,
    limit: usize,
}

impl<'de> DeserializeSeed<'de> for Element<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let columns = &mut *self.writer.columns;
        let element = match self.known {
            Some(element) => element,
            None => match columns.paths.intern_element(self.path, self.limit) {
                Some(element) => {
                    columns.grow();
                    element
                }
                None => {
                    self.writer.outcome.too_many_paths = true;
                    return deserializer.deserialize_ignored_any(IgnoredAny).map(drop);
                }
            },
        };
        let position = columns.paths.intern_position(self.outer, self.index);
        Node { writer: self.writer, path: element, position, depth: self.depth + 1 }.deserialize(deserializer)
    }
}

/// An object key, resolved to its path; `None` when there is no room for another path.
struct Key<'c> {
    columns: &'c mut Columns,
    parent: PathId,
    previous: Option<PathId>,
}

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = Option<PathId>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<PathId>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Key<'_> {
    type Value = Option<PathId>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<Option<PathId>, E> {
        let columns = self.columns;
        let guess = columns.paths.guess(self.parent, self.previous);
        let child = columns.paths.intern_child(self.parent, key, guess, columns.max_paths);
        if let Some(child) = child
            && guess != Some(child)
        {
            columns.paths.learn(self.parent, self.previous, child);
            if child.0 as usize >= columns.builders.len() {
                columns.grow();
            }
        }
        Ok(child)
    }
}
