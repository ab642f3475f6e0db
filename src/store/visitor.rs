//! Takes a record apart with serde_json: the thorough way, and what `shred` is held equal to.

use super::columns::{Columns, MAX_DEPTH, ShredError, Shredded, event_time};
use super::{PathId, PathTree};
use crate::model::value::Scalar;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;

/// Adds the entries of `json`; after an error the caller takes them back.
pub fn shred(columns: &mut Columns, row: u16, json: &str) -> Result<Shredded, ShredError> {
    let outcome = Shredded { escaped: memchr::memchr(b'\\', json.as_bytes()).is_some(), ..Shredded::default() };
    let mut writer = Writer { columns, row, outcome, duplicate: false };
    let mut deserializer = serde_json::Deserializer::from_str(json);
    let seed = Node { writer: &mut writer, path: PathTree::ROOT, position: PathTree::NO_POSITION, depth: 0 };
    match seed.deserialize(&mut deserializer).and_then(|()| deserializer.end()) {
        Ok(()) => Ok(writer.outcome),
        Err(_) if writer.duplicate => Err(ShredError::DuplicateKey),
        Err(error) => Err(ShredError::Invalid(error.to_string())),
    }
}

struct Writer<'c> {
    columns: &'c mut Columns,
    row: u16,
    outcome: Shredded,
    duplicate: bool,
}

impl Writer<'_> {
    fn push(&mut self, path: PathId, position: u32, value: Scalar<'_>) {
        if path == PathTree::ROOT {
            return;
        }
        self.columns.add(self.row, path, position, value);
        if path == self.columns.event_time {
            self.outcome.time = event_time(value);
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
        self.writer.outcome.too_deep |= raw.get().starts_with(['{', '[']);
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
        while seq.next_element_seed(Element { writer, path, outer: position, index, depth })?.is_some() {
            index += 1;
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Node { writer, path, position, depth } = self;
        writer.push(path, position, Scalar::Object);
        let object = writer.columns.begin_object();
        let mut previous = None;
        while let Some(child) = map.next_key_seed(Key { columns: writer.columns, parent: path, previous })? {
            let Some(child) = child else {
                writer.outcome.too_many_paths = true;
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            if writer.columns.paths.is_repeated(child, object) {
                writer.duplicate = true;
                return Err(A::Error::custom("duplicate key"));
            }
            previous = Some(child);
            map.next_value_seed(Node { writer, path: child, position, depth: depth + 1 })?;
        }
        Ok(())
    }
}

/// An array element.
struct Element<'w, 'c> {
    writer: &'w mut Writer<'c>,
    path: PathId,
    outer: u32,
    index: u32,
    depth: u32,
}

impl<'de> DeserializeSeed<'de> for Element<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        // The element column exists only once an array has had an element.
        let Some(element) = self.writer.columns.element(self.path) else {
            self.writer.outcome.too_many_paths = true;
            return deserializer.deserialize_ignored_any(IgnoredAny).map(drop);
        };
        let position = self.writer.columns.paths.intern_position(self.outer, self.index);
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
        Ok(self.columns.key(self.parent, self.previous, key))
    }
}
