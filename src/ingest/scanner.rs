//! Splits JSON text into the values that may be events, without parsing them.
//!
//! Input is a window of a stream that grows at its end: [`Scanner::scan`] says how much of it is dealt with and
//! gets the rest again, followed by more. An item is therefore always one contiguous slice, however the stream
//! was cut, and is copied only when it reaches over the end of a window.
//!
//! Items are the values at top level (concatenated, one per line, however separated), the elements of a
//! top-level array, and the elements of an array that a format names as its list (`Records`). They are objects; in a
//! list of rows they may be arrays. Only strings,
//! brackets and the alphabet of tokens are looked at; nesting costs a counter, not a stack.
//!
//! An object that begins like an event is offered first to whoever can read it without being told where it ends
//! ([`Items::take`]); only what is not taken is scanned.
//!
//! Repair: an item with impossible bytes is dropped alone. A line that is cut off inside an object is dropped up
//! to the line end when the next line begins a new object.

use crate::base::bytes::plain_prefix;

/// Where an item stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// At top level.
    Top,
    /// In a top-level array.
    Array,
    /// In the array under this key of a top-level object.
    List(&'static str),
}

/// Why something is not an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Skipped {
    /// Valid as far as it was looked at, but not an object.
    NotAnObject,
    /// Not JSON.
    Invalid,
    /// Larger than the limit.
    TooLarge,
    /// The stream ends inside a value.
    Truncated,
}

/// Takes what the scanner finds.
pub(super) trait Items {
    /// The list name if elements of the array under `key` of a top-level object are items.
    fn list(&mut self, key: &[u8]) -> Option<&'static str>;
    /// Whether the elements of this list may be arrays.
    fn has_rows(&self, list: &'static str) -> bool;
    /// An object begins at `offset` and `text` with it: its length if it is dealt with as an item, whole and valid.
    fn take(&mut self, place: Place, offset: u64, text: &[u8]) -> Option<usize>;
    /// One object, or array of a list of rows, balanced, at `offset` of the stream.
    fn item(&mut self, place: Place, offset: u64, json: &[u8]);
    /// What stands beside a list in its object: from the opening brace, or from the closing bracket of a list, to
    /// where the next list begins or the object ends. Not if it is long.
    fn beside(&mut self, text: &[u8]);
    /// Something at `offset` that is not an item.
    fn skipped(&mut self, why: Skipped, place: Place, offset: u64);
}

/// What a byte means outside strings.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    /// White space other than a line end, separators, numbers and literals.
    Plain,
    Quote,
    OpenObject,
    OpenArray,
    CloseObject,
    CloseArray,
    LineEnd,
    /// Cannot stand there.
    Bad,
}

const CLASS: [Class; 256] = {
    let mut table = [Class::Bad; 256];
    let plain = b" \t\r:,0123456789+-.eEtrufalsn";
    let mut at = 0;
    while at < plain.len() {
        table[plain[at] as usize] = Class::Plain;
        at += 1;
    }
    table[b'"' as usize] = Class::Quote;
    table[b'{' as usize] = Class::OpenObject;
    table[b'[' as usize] = Class::OpenArray;
    table[b'}' as usize] = Class::CloseObject;
    table[b']' as usize] = Class::CloseArray;
    table[b'\n' as usize] = Class::LineEnd;
    table
};

/// Longest list key that is looked for, in bytes; a longer string at depth 1 is not held in memory for it.
const KEY: usize = 64;
/// The most bytes before a list or behind it that are handed over as what stands beside it.
const BESIDE: usize = 1 << 16;
/// Bytes that tell whether a token is a literal.
const LITERAL: usize = 5;
/// Brackets whose kind is remembered: the outermost ones.
const KINDS: u64 = 64;
/// How CloudTrail itself begins every event, which holds no list of others.
const EVENT: &[u8] = br#"{"eventVersion":"1."#;
/// The UTF-8 byte order mark, which `cat` leaves in the middle of files.
const BOM: &[u8] = b"\xef\xbb\xbf";

/// What the scanner is in the middle of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Inside {
    /// Between items of `place`.
    Nothing,
    /// An item, or an object whose list is over (`envelope`).
    Item,
    /// The rest of a line that is not JSON.
    BadLine,
    /// The rest of an array element that is neither string nor object nor array.
    Token,
}

/// The state between two calls of [`Scanner::scan`]. Positions count from the start of the window.
pub(super) struct Scanner {
    record_limit: usize,
    /// Offset of the window in the stream.
    base: u64,
    at: usize,
    place: Place,
    inside: Inside,
    /// First byte of the item, as an offset of the stream.
    start: u64,
    /// Open brackets within the item.
    depth: u64,
    /// What the first [`KINDS`] of them are, 1 for an array; the innermost in the lowest bit.
    kinds: u64,
    in_string: bool,
    /// The object is at top level and may hold a list.
    watch_keys: bool,
    /// The last string that began at depth 1 of a top-level object: quote to quote, offsets of the stream.
    key: (u64, u64),
    /// The object holds a list, whose elements were items: it is none itself.
    envelope: bool,
    invalid: bool,
    too_large: bool,
}

impl Scanner {
    pub(super) fn new(record_limit: usize) -> Self {
        Self {
            record_limit,
            base: 0,
            at: 0,
            place: Place::Top,
            inside: Inside::Nothing,
            start: 0,
            depth: 0,
            kinds: 0,
            in_string: false,
            watch_keys: false,
            key: (0, 0),
            envelope: false,
            invalid: false,
            too_large: false,
        }
    }

    /// Looks through `window`, which begins where the last call left off; `last` if nothing follows it.
    /// Returns how many bytes are dealt with.
    pub(super) fn scan(&mut self, window: &[u8], last: bool, items: &mut dyn Items) -> usize {
        while self.at < window.len() {
            let before = (self.at, self.inside);
            match self.inside {
                Inside::Nothing => self.between(window, last, items),
                Inside::Item => self.item(window, last, items),
                Inside::BadLine => self.bad_line(window),
                Inside::Token => self.token(window),
            }
            if before == (self.at, self.inside) {
                break; // it takes more bytes to decide
            }
        }
        if last {
            self.finish(items);
            return window.len();
        }
        let done = self.keep_from(window.len());
        self.base += done as u64;
        self.at -= done;
        done
    }

    /// From where on the window is still needed.
    fn keep_from(&mut self, end: usize) -> usize {
        if self.inside != Inside::Item {
            return self.at;
        }
        let (is_beside, start) = (self.envelope && !self.too_large, self.position(self.start));
        let kept = if is_beside && self.is_short(end) {
            start
        } else if self.envelope || self.too_large {
            let key = self.position(self.key.0);
            if self.in_string_key() && end - key <= KEY { key } else { self.at }
        } else {
            start
        };
        if end - kept > self.record_limit {
            self.too_large = true;
            return self.at;
        }
        kept
    }

    fn in_string_key(&self) -> bool {
        self.depth == 1 && self.place == Place::Top && self.key.0 >= self.base
    }

    /// Whether what stands beside a list, from `self.start` to `end`, is there and short enough to be handed over.
    fn is_short(&self, end: usize) -> bool {
        self.start >= self.base && end - self.position(self.start) <= BESIDE.min(self.record_limit)
    }

    fn position(&self, offset: u64) -> usize {
        offset.saturating_sub(self.base) as usize
    }

    fn offset(&self, position: usize) -> u64 {
        self.base + position as u64
    }

    fn between(&mut self, window: &[u8], last: bool, items: &mut dyn Items) {
        let byte = window[self.at];
        match CLASS[byte as usize] {
            Class::OpenObject => self.begin_object(window, last, items),
            Class::OpenArray if self.place == Place::Top => {
                self.place = Place::Array;
                self.at += 1;
            }
            Class::OpenArray => self.open(1, 1),
            Class::Quote => {
                self.open(0, 0);
                self.in_string = true;
            }
            Class::CloseArray if self.place == Place::Array => {
                self.place = Place::Top;
                self.at += 1;
            }
            Class::CloseArray if self.place != Place::Top => {
                // The list is over, the object that holds it goes on.
                self.place = Place::Top;
                self.inside = Inside::Item;
                self.watch_keys = true;
                (self.depth, self.kinds, self.envelope) = (1, 0, true);
                // Where its last element began depends on who read that.
                self.start = self.offset(self.at);
                (self.invalid, self.too_large) = (false, false);
                self.at += 1;
            }
            Class::LineEnd => self.at += 1,
            _ if matches!(byte, b' ' | b'\t' | b'\r' | b',') => self.at += 1,
            _ if window[self.at..].starts_with(BOM) => self.at += BOM.len(),
            _ if !last && BOM.starts_with(&window[self.at..]) => {}
            _ if !last && window.len() - self.at < LITERAL => {}
            _ => {
                let why = if is_literal(&window[self.at..]) { Skipped::NotAnObject } else { Skipped::Invalid };
                items.skipped(why, self.place, self.offset(self.at));
                self.inside = if self.place == Place::Top { Inside::BadLine } else { Inside::Token };
                self.at += usize::from(byte != b'\n');
            }
        }
    }

    /// An object begins: an event that is taken as a whole, or something to be scanned.
    fn begin_object(&mut self, window: &[u8], last: bool, items: &mut dyn Items) {
        let text = &window[self.at..];
        if !last && text.len() < EVENT.len() {
            return;
        }
        let is_event = text.starts_with(EVENT);
        let text = &text[..text.len().min(self.record_limit)];
        let taken = if is_event { items.take(self.place, self.offset(self.at), text) } else { None };
        match taken {
            Some(len) => self.at += len,
            None => {
                self.open(1, 0);
                self.watch_keys = self.place == Place::Top && !is_event;
            }
        }
    }

    fn open(&mut self, depth: u64, kinds: u64) {
        self.inside = Inside::Item;
        self.watch_keys = false;
        self.start = self.offset(self.at);
        self.at += 1;
        (self.depth, self.kinds) = (depth, kinds);
        (self.in_string, self.envelope, self.invalid, self.too_large) = (false, false, false, false);
        self.key = (self.start, self.start);
    }

    /// Goes on in an item until it ends, its list begins, or the window is used up.
    fn item(&mut self, window: &[u8], last: bool, items: &mut dyn Items) {
        let watch_keys = self.watch_keys;
        let (mut at, mut depth, mut kinds) = (self.at, self.depth, self.kinds);
        loop {
            if self.in_string {
                match string_end(window, at) {
                    InString::Closed(after) => {
                        self.in_string = false;
                        at = after;
                        if depth == 0 {
                            self.at = at;
                            return self.close(window, items);
                        }
                        if depth == 1 && watch_keys {
                            self.key.1 = self.base + at as u64;
                        }
                    }
                    InString::LineEnd(line_end) => {
                        at = line_end;
                        if line_end + 3 > window.len() && !last {
                            break;
                        }
                        at += 1;
                        if window[at..].starts_with(b"{\"") {
                            self.at = at;
                            return self.cut_off(items);
                        }
                        continue;
                    }
                    InString::Open(from) => {
                        at = from;
                        break;
                    }
                }
            }
            let Some(&byte) = window.get(at) else { break };
            match CLASS[byte as usize] {
                Class::Plain => {}
                Class::Quote => {
                    self.in_string = true;
                    if depth == 1 && watch_keys {
                        self.key.0 = self.base + at as u64;
                    }
                }
                Class::OpenObject => {
                    kinds = if depth < KINDS { kinds << 1 } else { kinds };
                    depth += 1;
                }
                Class::OpenArray => {
                    if depth == 1 && watch_keys {
                        let (from, to) = (self.position(self.key.0), self.position(self.key.1));
                        let key = window.get(from + 1..to.saturating_sub(1));
                        if let Some(list) = key.and_then(|key| items.list(key)) {
                            if self.is_short(at) {
                                items.beside(&window[self.position(self.start)..at]);
                            }
                            (self.at, self.place, self.inside) = (at + 1, Place::List(list), Inside::Nothing);
                            return;
                        }
                    }
                    kinds = if depth < KINDS { kinds << 1 | 1 } else { kinds };
                    depth += 1;
                }
                class @ (Class::CloseObject | Class::CloseArray) => {
                    if depth <= KINDS {
                        self.invalid |= (kinds & 1 == 1) != (class == Class::CloseArray);
                        kinds >>= 1;
                    }
                    depth -= 1;
                    if depth == 0 {
                        self.at = at + 1;
                        return self.close(window, items);
                    }
                }
                Class::LineEnd => {
                    if at + 3 > window.len() && !last {
                        break;
                    }
                    if window[at + 1..].starts_with(b"{\"")
                        && (self.invalid || depth <= KINDS && !may_open_object(&window[..at], kinds))
                    {
                        self.at = at + 1;
                        return self.cut_off(items);
                    }
                }
                Class::Bad => self.invalid = true,
            }
            at += 1;
        }
        (self.at, self.depth, self.kinds) = (at, depth, kinds);
    }

    /// The item ends before `self.at`.
    fn close(&mut self, window: &[u8], items: &mut dyn Items) {
        self.inside = Inside::Nothing;
        let from = self.position(self.start);
        if self.too_large || !self.envelope && self.at - from > self.record_limit {
            items.skipped(Skipped::TooLarge, self.place, self.start);
        } else if self.invalid {
            items.skipped(Skipped::Invalid, self.place, self.start);
        } else if self.envelope {
            if self.is_short(self.at) {
                items.beside(&window[from..self.at]);
            }
        } else {
            match &window[from..self.at] {
                json @ [b'{', ..] => items.item(self.place, self.start, json),
                json @ [b'[', ..] if matches!(self.place, Place::List(list) if items.has_rows(list)) => {
                    items.item(self.place, self.start, json);
                }
                _ => items.skipped(Skipped::NotAnObject, self.place, self.start),
            }
        }
    }

    /// The line ended inside the item and the next begins a new object, at `self.at`.
    fn cut_off(&mut self, items: &mut dyn Items) {
        items.skipped(Skipped::Invalid, self.place, self.start);
        (self.inside, self.place) = (Inside::Nothing, Place::Top);
    }

    fn bad_line(&mut self, window: &[u8]) {
        match memchr::memchr(b'\n', &window[self.at..]) {
            Some(line_end) => {
                self.at += line_end + 1;
                self.inside = Inside::Nothing;
            }
            None => self.at = window.len(),
        }
    }

    fn token(&mut self, window: &[u8]) {
        match memchr::memchr3(b',', b']', b'\n', &window[self.at..]) {
            Some(end) => {
                self.at += end;
                self.inside = Inside::Nothing;
            }
            None => self.at = window.len(),
        }
    }

    fn finish(&mut self, items: &mut dyn Items) {
        if self.inside == Inside::Item || self.place != Place::Top {
            items.skipped(Skipped::Truncated, self.place, self.start);
        }
    }
}

/// Whether a number or `true`, `false`, `null` begins here.
fn is_literal(text: &[u8]) -> bool {
    matches!(text.first(), Some(b'0'..=b'9' | b'-'))
        || [&b"true"[..], b"false", b"null"].iter().any(|word| text.starts_with(word))
}

/// Whether a `{` may follow `before`, in an array or after a key.
fn may_open_object(before: &[u8], kinds: u64) -> bool {
    kinds & 1 == 1 || before.trim_ascii_end().last() == Some(&b':')
}

/// How a string goes on.
enum InString {
    /// Position after its closing quote.
    Closed(usize),
    /// Position of a raw line end, which may mean that the line was cut off.
    LineEnd(usize),
    /// Position from which to go on when there are more bytes.
    Open(usize),
}

/// Finds the end of a string whose inside begins at `at`.
fn string_end(window: &[u8], mut at: usize) -> InString {
    loop {
        at += plain_prefix(&window[at..]).len;
        match window.get(at) {
            None => return InString::Open(at),
            Some(b'"') => return InString::Closed(at + 1),
            Some(b'\\') if at + 1 < window.len() => at += 2,
            Some(b'\\') => return InString::Open(at),
            Some(b'\n') => return InString::LineEnd(at),
            Some(_) => at += 1,
        }
    }
}
