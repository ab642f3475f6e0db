//! Takes a record apart while reading it: the fast way, and the heart of the load.
//!
//! CloudTrail records are alike, and most of what a parser does with the next one it has done with the one
//! before. So the shredder guesses, and looks only whether it was right:
//!
//! - *Which key is next?* The one that followed the last key the last time, or the time before. Its literal bytes,
//!   quotes and colon included, are compared with the text ([`PathTree::predict`]). A right guess costs one
//!   comparison: nothing is delimited, hashed or looked up, and with the key the column is known.
//! - *Which string is next?* Each column remembers what it held after the same values before it in the record
//!   (`guess`). A right guess is again one comparison, and its dictionary code is at hand.
//! - *How long is it?* Columns of event ids and times know without looking: 36 and 20 bytes, read straight into
//!   16 and 4 (`plain`).
//!
//! Only where no guess holds is a string delimited (sixteen bytes a step), hashed and interned; the column then
//! learns from it.
//!
//! The shredder is not told where the record ends: the closing brace of the outermost object is the end. It either
//! takes the whole record or gives up, at anything that is not plain valid JSON, is too deep, or does not fit into
//! the path tree. Then the record is delimited and goes through `visitor`, which makes the same entries, repairs
//! what can be repaired, and finds the words for what cannot. The shredder itself never reports anything.
//!
//! What every value needs is inlined by force: browsers inline wasm functions hardly ever, and a call costs as much
//! as a comparison.
//!
//! Nothing that it believes is taken on trust from the text: a guess only ever equals bytes that were validated
//! when they were first learnt, and whatever follows a value has to be a comma or a closing bracket.

use super::columns::{Columns, MAX_DEPTH, Shredded, event_time};
use super::dictionary::DictCode;
use super::{Dictionary, PathId, PathTree};
use crate::base::bytes::{begins, plain_prefix};
use crate::model::value::Scalar;

/// One record on its way into the columns.
pub struct Shredder<'c, 't> {
    columns: &'c mut Columns,
    text: &'t [u8],
    at: usize,
    row: u16,
    /// The codes of the last strings, mixed: what value guesses go by.
    context: u32,
    outcome: Shredded,
}

impl<'c, 't> Shredder<'c, 't> {
    /// For the record that `text` begins with.
    pub fn new(columns: &'c mut Columns, row: u16, text: &'t [u8]) -> Self {
        Self { columns, text, at: 0, row, context: 0, outcome: Shredded::default() }
    }

    /// Takes the record: its length and what there is to say about it. `None`: given up; the entries made so far
    /// are for the caller to take back.
    pub fn record(mut self) -> Option<(usize, Shredded)> {
        if *self.text.first()? != b'{' {
            return None;
        }
        self.object(PathTree::ROOT, PathTree::NO_POSITION, 0)?;
        Some((self.at, self.outcome))
    }

    /// The next byte that is not white space; stands on it.
    #[inline]
    fn peek(&mut self) -> Option<u8> {
        let byte = *self.text.get(self.at)?;
        if byte > b' ' { Some(byte) } else { self.skip_blank() }
    }

    /// White space occurs only in files that somebody has formatted.
    #[cold]
    fn skip_blank(&mut self) -> Option<u8> {
        let blank = self.text[self.at..].iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r')).count();
        self.at += blank;
        self.text.get(self.at).copied()
    }

    /// Goes on after a member or element: true if there is another one, false behind the closing bracket.
    #[inline]
    fn another(&mut self, close: u8) -> Option<bool> {
        let byte = self.peek()?;
        self.at += 1;
        match byte {
            b',' => self.peek().map(|_| true),
            _ if byte == close => Some(false),
            _ => None,
        }
    }

    /// The members of the object at `path`; stands on its opening brace.
    fn object(&mut self, path: PathId, position: u32, depth: u32) -> Option<()> {
        if depth >= MAX_DEPTH - 1 {
            return None;
        }
        self.at += 1;
        if self.peek()? == b'}' {
            self.at += 1;
            return Some(());
        }
        let object = self.columns.begin_object();
        let mut previous = None;
        loop {
            let key = self.key(path, previous)?;
            if self.columns.paths.is_repeated(key, object) {
                return None;
            }
            self.value(key, position, depth + 1)?;
            previous = Some(key);
            if !self.another(b'}')? {
                return Some(());
            }
        }
    }

    /// The elements of the array at `path`; stands on its opening bracket.
    fn array(&mut self, path: PathId, position: u32, depth: u32) -> Option<()> {
        if depth >= MAX_DEPTH - 1 {
            return None;
        }
        self.at += 1;
        if self.peek()? == b']' {
            self.at += 1;
            return Some(());
        }
        let element = self.columns.element(path)?;
        for index in 0.. {
            let inner = self.columns.paths.intern_position(position, index);
            self.value(element, inner, depth + 1)?;
            if !self.another(b']')? {
                break;
            }
        }
        Some(())
    }

    /// The next key of the object at `parent`, colon included.
    #[inline(always)]
    fn key(&mut self, parent: PathId, previous: Option<PathId>) -> Option<PathId> {
        let rest = self.text.get(self.at..)?;
        match self.columns.paths.predict(parent, previous, rest) {
            Some((key, len)) => {
                self.at += len;
                Some(key)
            }
            None => self.unexpected_key(parent, previous),
        }
    }

    #[cold]
    fn unexpected_key(&mut self, parent: PathId, previous: Option<PathId>) -> Option<PathId> {
        if self.text.get(self.at) != Some(&b'"') {
            return None;
        }
        let inside = &self.text[self.at + 1..];
        let len = plain_prefix(inside).len;
        let key = match inside.get(len)? {
            b'"' => {
                self.at += len + 2;
                self.columns.key(parent, previous, str::from_utf8(&inside[..len]).ok()?)?
            }
            b'\\' => {
                let key = self.escaped()?;
                self.columns.key(parent, previous, &key)?
            }
            _ => return None,
        };
        if self.peek()? != b':' {
            return None;
        }
        self.at += 1;
        Some(key)
    }

    /// The value at `path`.
    #[inline]
    fn value(&mut self, path: PathId, position: u32, depth: u32) -> Option<()> {
        match self.peek()? {
            b'"' => self.string(path, position),
            b'{' => {
                self.add(path, position, Dictionary::OBJECT);
                self.object(path, position, depth)
            }
            b'[' => {
                self.add(path, position, Dictionary::ARRAY);
                self.array(path, position, depth)
            }
            b'n' => self.literal(b"null", path, position, Dictionary::NULL),
            b'f' => self.literal(b"false", path, position, Dictionary::FALSE),
            b't' => self.literal(b"true", path, position, Dictionary::TRUE),
            _ => self.number(path, position),
        }
    }

    #[inline(always)]
    fn add(&mut self, path: PathId, position: u32, code: DictCode) {
        self.columns.builders[path.0 as usize].push_code(self.row, position, code);
        self.columns.touch(path);
    }

    fn literal(&mut self, word: &[u8], path: PathId, position: u32, code: DictCode) -> Option<()> {
        if !begins(&self.text[self.at..], word) {
            return None;
        }
        self.at += word.len();
        self.add(path, position, code);
        Some(())
    }

    /// The string at `path`; stands on its opening quote.
    #[inline]
    fn string(&mut self, path: PathId, position: u32) -> Option<()> {
        let inside = self.text.get(self.at + 1..)?;
        let (row, at) = (self.row, path.0 as usize);
        let (builder, dictionary) = (&mut self.columns.builders[at], &self.columns.dictionaries[at]);
        if let Some((len, code)) = builder.push_guess(row, position, self.context, inside, dictionary) {
            self.columns.touch(path);
            self.at += 1 + len;
            self.follow(code);
            return Some(());
        }
        if let Some((len, seconds)) = builder.push_fixed(row, position, inside) {
            self.columns.touch(path);
            self.at += 1 + len;
            if path == self.columns.event_time {
                self.outcome.time = seconds.map(|seconds| i64::from(seconds) * 1_000);
            }
            return Some(());
        }
        self.unexpected_string(path, position)
    }

    #[inline(never)]
    fn unexpected_string(&mut self, path: PathId, position: u32) -> Option<()> {
        let inside = &self.text[self.at + 1..];
        let len = plain_prefix(inside).len;
        match inside.get(len)? {
            b'"' => {
                let text = &inside[..len];
                self.at += len + 2;
                let (builder, dictionary) = self.columns.column(path);
                let code = builder.push_learning(self.row, position, self.context, text, dictionary).ok()?;
                self.columns.touch(path);
                if let Some(code) = code {
                    self.follow(code);
                }
                if path == self.columns.event_time {
                    self.outcome.time = event_time(Scalar::Str(str::from_utf8(text).ok()?));
                }
            }
            b'\\' => {
                let text = self.escaped()?;
                self.columns.add(self.row, path, position, Scalar::Str(&text));
                if path == self.columns.event_time {
                    self.outcome.time = event_time(Scalar::Str(&text));
                }
            }
            _ => return None,
        }
        Some(())
    }

    /// A string with escapes, read as serde_json reads it; stands on its opening quote.
    fn escaped(&mut self) -> Option<String> {
        let mut end = self.at + 1;
        loop {
            end += plain_prefix(self.text.get(end..)?).len;
            match self.text.get(end)? {
                b'"' => break,
                b'\\' => end += 2,
                _ => return None,
            }
        }
        let text = serde_json::from_slice(&self.text[self.at..=end]).ok()?;
        self.at = end + 1;
        self.outcome.escaped = true;
        Some(text)
    }

    /// The number at `path`.
    fn number(&mut self, path: PathId, position: u32) -> Option<()> {
        /// Digits of which any number fits into an i64.
        const SAFE: usize = 18;
        let rest = &self.text[self.at..];
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let plain = matches!(digits, 1..=SAFE)
            && !matches!(rest.get(digits), Some(b'.' | b'e' | b'E'))
            && (digits == 1 || rest[0] != b'0');
        let (len, value) = if plain {
            let number = rest[..digits].iter().fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0'));
            (digits, Scalar::Int(number))
        } else {
            self.unusual_number()?
        };
        self.at += len;
        self.columns.add(self.row, path, position, value);
        Some(())
    }

    /// A negative, fractional or very large number, read as serde_json reads it.
    #[cold]
    fn unusual_number(&mut self) -> Option<(usize, Scalar<'static>)> {
        let rest = &self.text[self.at..];
        let is_part = |byte: &&u8| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E');
        let len = rest.iter().take_while(is_part).count();
        let number: serde_json::Number = serde_json::from_slice(&rest[..len]).ok()?;
        if let Some(number) = number.as_i64() {
            return Some((len, Scalar::Int(number)));
        }
        self.outcome.fractional = true;
        Some((len, Scalar::Float(number.as_f64()?)))
    }

    /// The string just read is part of what the next ones are guessed from.
    #[inline]
    fn follow(&mut self, code: DictCode) {
        self.context = self.context << 4 ^ code;
    }
}
