//! Events per value of a field.
//!
//! Values are counted by dictionary code, in loops of their own for each width of codes; texts come in only for
//! the values that make the answer. Values that have no code, or the same text as another one (`1` and `"1"`),
//! meet in a map by text.

use super::scope::Selected;
use crate::base::BitSet;
use crate::filter::matching::contains_ignoring_case;
use crate::model::distinct::Distinct;
use crate::model::partial::{GroupPart, Merge, Tally};
use crate::model::value::Scalar;
use crate::store::{Codes, Column, Dictionary, PathId, Rows, Segment, Shard, UNDATED, Values};
use hashbrown::HashMap;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// One path of a field, with the array positions its indices allow.
pub struct FieldPath {
    /// The column.
    pub path: PathId,
    /// Allowed positions; `None` allows all.
    pub positions: Option<BitSet>,
}

/// Counts the selected rows by the values of a field. An event counts once per distinct value;
/// objects and arrays have no value.
pub fn group(shard: &Shard, selected: &[Selected], field: &[FieldPath], wish: &Wish) -> GroupPart {
    if wish.spans {
        counted::<Tally>(shard, selected, field, wish)
    } else {
        counted::<Events>(shard, selected, field, wish)
    }
}

/// What of the values is wanted.
pub struct Wish<'q> {
    /// Only values that contain this text, ignoring case.
    pub contains: &'q str,
    /// Only so many, the most frequent ones.
    pub limit: usize,
    /// And these in any case.
    pub named: &'q [Option<String>],
    /// Also the earliest and the latest event of each, which takes some times as long as counting alone.
    pub spans: bool,
}

/// What is kept of the events with one value.
trait Count: Copy + Default + Merge {
    /// Counts one event.
    fn add(&mut self, time: impl Fn() -> i64);
    fn tally(self) -> Tally;
    /// Whether there was any.
    fn any(self) -> bool {
        self.tally().count > 0
    }
}

impl Count for Tally {
    #[inline]
    fn add(&mut self, time: impl Fn() -> i64) {
        let time = time();
        self.count += 1;
        // UNDATED is the smallest number: no maximum, but it must not be a minimum.
        self.first = self.first.min(if time == UNDATED { i64::MAX } else { time });
        self.last = self.last.max(time);
    }

    fn tally(self) -> Tally {
        self
    }
}

/// Their number alone.
#[derive(Clone, Copy, Default)]
struct Events(u32);

impl Count for Events {
    #[inline]
    fn add(&mut self, _: impl Fn() -> i64) {
        self.0 += 1;
    }

    fn tally(self) -> Tally {
        Tally { count: u64::from(self.0), ..Tally::default() }
    }
}

impl Merge for Events {
    fn merge(&mut self, other: Self) {
        self.0 += other.0;
    }
}

fn counted<C: Count>(shard: &Shard, selected: &[Selected], field: &[FieldPath], wish: &Wish) -> GroupPart {
    let &Wish { contains, limit, named, .. } = wish;
    let mut absent: Vec<BitSet> = selected.iter().map(|selected| selected.rows.clone()).collect();
    let mut texts = ByText::<C>::default();
    let mut counted = Vec::new();
    for target in field {
        let dictionary = shard.dictionary(target.path);
        let mut tallies = vec![C::default(); dictionary.len()];
        let mut repeats = None;
        for ((segment, selected), absent) in shard.segments().iter().zip(selected).zip(&mut absent) {
            if let Some(column) = segment.column(target.path).filter(|_| selected.count > 0) {
                let count = Chunk { dictionary, segment, column, target, selected };
                if !count.add_simple(&mut tallies, absent) {
                    let repeats = repeats.get_or_insert_with(|| Repeats::new(dictionary));
                    count.add_each(&mut tallies, repeats, &mut texts, absent);
                }
            }
        }
        counted.push((dictionary, tallies));
    }
    let mut values: Vec<(Option<Cow<'_, str>>, Tally)> =
        values(counted, texts).into_iter().map(|(value, count)| (Some(value), count.tally())).collect();
    if contains.is_empty() || named.contains(&None) {
        let mut without = C::default();
        for (segment, absent) in shard.segments().iter().zip(&absent) {
            absent.for_each(|row| without.add(|| segment.times[row]));
        }
        let tally = without.tally();
        if tally.count > 0 {
            values.push((None, tally));
        }
    }
    let named = by_name(named, &values);
    if !contains.is_empty() {
        let needle = contains.to_lowercase();
        values.retain(|(value, _)| value.as_ref().is_some_and(|value| contains_ignoring_case(value, &needle)));
    }
    let distinct = Distinct::of(values.iter().map(|(value, _)| value.as_deref()));
    let omitted = values.len().saturating_sub(limit);
    let mut rest = 0;
    if omitted > 0 {
        let (_, next, _) =
            values.select_nth_unstable_by(limit, |a, b| b.1.count.cmp(&a.1.count).then_with(|| a.0.cmp(&b.0)));
        rest = next.1.count;
    }
    values.truncate(limit);
    GroupPart {
        values: values.into_iter().map(|(value, tally)| (value.map(Cow::into_owned), tally)).collect(),
        named,
        events: selected.iter().map(|selected| selected.count as u64).sum(),
        omitted: omitted as u64,
        rest,
        distinct,
    }
}

/// What is known of each name; one that no event has, too.
fn by_name(names: &[Option<String>], values: &[(Option<Cow<'_, str>>, Tally)]) -> BTreeMap<Option<String>, Tally> {
    let mut named: HashMap<Option<&str>, Tally> =
        names.iter().map(|name| (name.as_deref(), Tally::default())).collect();
    for (value, tally) in values.iter().filter(|_| !names.is_empty()) {
        if let Some(known) = named.get_mut(&value.as_deref()) {
            *known = *tally;
        }
    }
    named.into_iter().map(|(name, tally)| (name.map(String::from), tally)).collect()
}

/// Tallies of values known by their text alone, each with the row it was last counted in.
type ByText<'s, C> = HashMap<Cow<'s, str>, (C, u32)>;

/// No row.
const NOWHERE: u32 = u32::MAX;

/// The values that occur, each once, from the tallies of each path by code.
fn values<'s, C: Count>(counted: Vec<(&'s Dictionary, Vec<C>)>, mut texts: ByText<'s, C>) -> Vec<(Cow<'s, str>, C)> {
    let mut counted = counted.into_iter();
    // The strings of the first path need no map: a dictionary has no string twice.
    let Some((dictionary, mut tallies)) = counted.next() else { return Vec::new() };
    let mut strings = vec![false; tallies.len()];
    for (code, tally) in tallies.iter().enumerate().filter(|(_, tally)| tally.any()) {
        match dictionary.value(code as u32) {
            Scalar::Str(_) => strings[code] = true,
            value => {
                if let Some(text) = value.text() {
                    merge_into(&mut texts, text, *tally);
                }
            }
        }
    }
    for (other, tallies) in counted {
        for (code, tally) in tallies.into_iter().enumerate().filter(|(_, tally)| tally.any()) {
            if let Some(text) = other.value(code as u32).text() {
                merge_into(&mut texts, text, tally);
            }
        }
    }
    texts.retain(|text, (tally, _)| match dictionary.find(Scalar::Str(text)) {
        Some(code) => {
            strings[code as usize] = true;
            tallies[code as usize].merge(*tally);
            false
        }
        None => true,
    });
    let strings = (0..tallies.len())
        .filter(|&code| strings[code])
        .filter_map(|code| Some((dictionary.value(code as u32).text()?, tallies[code])));
    strings.chain(texts.into_iter().map(|(text, (tally, _))| (text, tally))).collect()
}

fn merge_into<'s, C: Count>(texts: &mut ByText<'s, C>, text: Cow<'s, str>, tally: C) {
    texts.entry(text).or_insert((C::default(), NOWHERE)).0.merge(tally);
}

/// What keeps an event from counting twice for one value.
struct Repeats {
    /// The row that each code was last seen in.
    last_row: Vec<u32>,
    /// The code that stands for all values with the same text.
    same_text: Vec<u32>,
}

impl Repeats {
    fn new(dictionary: &Dictionary) -> Self {
        let codes = 0..dictionary.len() as u32;
        Self {
            last_row: vec![NOWHERE; dictionary.len()],
            same_text: codes.map(|code| same_text(dictionary, code)).collect(),
        }
    }
}

/// The counting of one column chunk.
struct Chunk<'s, 'q> {
    dictionary: &'s Dictionary,
    segment: &'s Segment,
    column: &'s Column,
    target: &'q FieldPath,
    selected: &'q Selected,
}

impl Chunk<'_, '_> {
    /// Counts codes where every row has one entry at most, and takes the rows that have a value out of `absent`.
    /// False: that is not so here.
    fn add_simple<C: Count>(&self, tallies: &mut [C], absent: &mut BitSet) -> bool {
        let Values::Codes(codes) = &self.column.values else { return false };
        if self.target.positions.is_some() || matches!(self.column.rows, Rows::List(_)) {
            return false;
        }
        let containers = |tallies: &[C]| {
            [Dictionary::OBJECT, Dictionary::ARRAY].map(|code| tallies[code as usize].tally().count).iter().sum::<u64>()
        };
        let before = containers(tallies);
        match codes {
            Codes::Constant(code, _) => self.add_codes(tallies, |_| *code),
            Codes::U8(codes) => self.add_codes(tallies, |entry| u32::from(codes[entry])),
            Codes::U16(codes) => self.add_codes(tallies, |entry| u32::from(codes[entry])),
            Codes::U32(codes) => self.add_codes(tallies, |entry| codes[entry]),
        }
        if containers(tallies) == before {
            absent.and_not(&self.column.rows.to_set(self.segment.len()));
        } else {
            self.column.rows.for_each_in(&self.selected.rows, |entry, row| {
                if !is_container(codes.get(entry)) {
                    absent.remove(row);
                }
            });
        }
        true
    }

    #[inline]
    fn add_codes<C: Count>(&self, tallies: &mut [C], code: impl Fn(usize) -> u32) {
        self.column.rows.for_each_in(&self.selected.rows, |entry, row| {
            tallies[code(entry) as usize].add(|| self.segment.times[row]);
        });
    }

    /// The general case: several entries a row, array positions, values without a code.
    fn add_each<C: Count>(
        &self,
        tallies: &mut [C],
        repeats: &mut Repeats,
        texts: &mut ByText<'_, C>,
        absent: &mut BitSet,
    ) {
        self.column.rows.for_each_in(&self.selected.rows, |entry, at| {
            let position = || self.column.position(entry) as usize;
            if self.target.positions.as_ref().is_some_and(|allowed| !allowed.contains(position())) {
                return;
            }
            let (row, time) = (self.segment.base + at as u32, self.segment.times[at]);
            match self.column.code(entry) {
                Some(code) if is_container(code) => {}
                Some(code) => {
                    absent.remove(at);
                    let code = repeats.same_text[code as usize] as usize;
                    if std::mem::replace(&mut repeats.last_row[code], row) != row {
                        tallies[code].add(|| time);
                    }
                }
                None => {
                    absent.remove(at);
                    self.column.with(entry, self.dictionary, |value| {
                        if let Scalar::Str(text) = value {
                            count_text(texts, text, row, time);
                        }
                    });
                }
            }
        });
    }
}

/// The code that stands for all values with the text of this one: `1`, `1.0` and `"1"` in one array are one value.
fn same_text(dictionary: &Dictionary, code: u32) -> u32 {
    let value = dictionary.value(code);
    let text = match value {
        Scalar::Str(_) => return code,
        value => value.text(),
    };
    let string = || dictionary.find(Scalar::Str(text.as_ref()?));
    let integer = || dictionary.find(Scalar::Int(text.as_ref()?.parse().ok()?));
    string().or_else(integer).unwrap_or(code)
}

fn is_container(code: u32) -> bool {
    code == Dictionary::OBJECT || code == Dictionary::ARRAY
}

/// Counts a text once in `row`.
fn count_text<C: Count>(texts: &mut ByText<'_, C>, text: &str, row: u32, time: i64) {
    let (tally, last_row) = match texts.get_mut(text) {
        Some(known) => known,
        None => texts.entry(Cow::Owned(text.into())).or_insert((C::default(), NOWHERE)),
    };
    if std::mem::replace(last_row, row) != row {
        tally.add(|| time);
    }
}
