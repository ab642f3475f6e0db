//! Texts of a field by number, so that rows of several fields are compared and counted as numbers.

use crate::model::value::Scalar;
use crate::store::{PathId, PathTree, Segment, Shard};
use hashbrown::HashMap;

/// No text.
pub(super) const NOTHING: u32 = 0;

/// Texts by number.
pub(super) struct Names {
    numbers: HashMap<String, u32>,
    texts: Vec<String>,
}

impl Default for Names {
    fn default() -> Self {
        Self { numbers: HashMap::from_iter([(String::new(), NOTHING)]), texts: vec![String::new()] }
    }
}

impl Names {
    pub(super) fn number(&mut self, text: &str) -> u32 {
        if let Some(&number) = self.numbers.get(text) {
            return number;
        }
        let number = self.texts.len() as u32;
        self.numbers.insert(text.into(), number);
        self.texts.push(text.into());
        number
    }

    pub(super) fn text(&self, number: u32) -> &str {
        &self.texts[number as usize]
    }
}

/// The numbers of a top-level field's texts by dictionary code; `true` and `false` are texts, too.
pub(super) struct Texts {
    path: Option<PathId>,
    numbers: Vec<Option<u32>>,
}

impl Texts {
    pub(super) fn of(shard: &Shard, field: &str) -> Self {
        let path = shard.paths().child(PathTree::ROOT, field);
        let numbers = vec![None; path.map_or(0, |path| shard.dictionary(path).len())];
        Self { path, numbers }
    }

    /// The number of each row's text, [`NOTHING`] where there is none.
    pub(super) fn rows(&mut self, shard: &Shard, segment: &Segment, names: &mut Names) -> Vec<u32> {
        let mut rows = vec![NOTHING; segment.len()];
        let Some((path, column)) = self.path.and_then(|path| Some((path, segment.column(path)?))) else { return rows };
        let dictionary = shard.dictionary(path);
        let mut number = |value: Scalar<'_>| match value {
            Scalar::Str(text) => names.number(text),
            Scalar::Bool(value) => names.number(if value { "true" } else { "false" }),
            _ => NOTHING,
        };
        column.rows.for_each(|entry, row| {
            rows[row] = match column.code(entry) {
                Some(code) => *self.numbers[code as usize].get_or_insert_with(|| number(dictionary.value(code))),
                None => column.with(entry, dictionary, &mut number),
            };
        });
        rows
    }
}
