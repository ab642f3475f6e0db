//! Which row each entry of a column chunk belongs to.

use crate::base::bitset::{BitSet, for_each_bit};

/// Row numbers of the entries, ascending.
#[derive(Debug)]
pub enum Rows {
    /// Entry `i` is row `i`: every row has exactly one.
    All(usize),
    /// At most one entry a row; entry `i` is the `i`-th member.
    Set {
        /// Rows that have an entry.
        set: BitSet,
        /// Members before each 64-row word.
        rank: Vec<u16>,
    },
    /// Row number of each entry; a row may repeat.
    List(Vec<u16>),
}

impl Rows {
    /// Chooses the smallest form for the ascending `rows` of so many entries in a segment with `len` rows. None at
    /// all stand for "entry `i` is row `i`".
    pub fn pack(rows: Vec<u16>, entries: usize, len: usize) -> Self {
        if rows.is_empty() && entries == len {
            return Self::All(len);
        }
        let rows = if rows.is_empty() { (0..entries as u16).collect() } else { rows };
        let single = rows.windows(2).all(|pair| pair[0] < pair[1]);
        if single && rows.len() == len {
            return Self::All(len);
        }
        if !single || rows.len() * 16 < len * 5 / 4 {
            let mut rows = rows;
            rows.shrink_to_fit();
            return Self::List(rows);
        }
        let mut set = BitSet::new(len);
        rows.iter().for_each(|&row| set.insert(usize::from(row)));
        let mut rank = Vec::with_capacity(len.div_ceil(64));
        let mut at = 0;
        for word in 0..len.div_ceil(64) {
            rank.push(at as u16);
            while rows.get(at).is_some_and(|&row| usize::from(row) < (word + 1) * 64) {
                at += 1;
            }
        }
        Self::Set { set, rank }
    }

    /// Entries of `row`, as a range of entry numbers.
    pub fn entries(&self, row: usize) -> std::ops::Range<usize> {
        match self {
            Self::All(_) => row..row + 1,
            Self::Set { set, rank } => {
                if !set.contains(row) {
                    return 0..0;
                }
                let start = usize::from(rank[row >> 6]) + set.count_in_word_before(row);
                start..start + 1
            }
            Self::List(rows) => {
                let start = rows.partition_point(|&r| usize::from(r) < row);
                let len = rows[start..].iter().take_while(|&&r| usize::from(r) == row).count();
                start..start + len
            }
        }
    }

    /// Calls `visit` with every entry number and its row, in order.
    #[inline]
    pub fn for_each(&self, mut visit: impl FnMut(usize, usize)) {
        match self {
            Self::All(len) => (0..*len).for_each(|row| visit(row, row)),
            Self::Set { set, .. } => set.iter().enumerate().for_each(|(entry, row)| visit(entry, row)),
            Self::List(rows) => rows.iter().enumerate().for_each(|(entry, &row)| visit(entry, usize::from(row))),
        }
    }

    /// Calls `visit` with every entry number and its row, in order, as far as the row is in `wanted`.
    #[inline]
    pub fn for_each_in(&self, wanted: &BitSet, mut visit: impl FnMut(usize, usize)) {
        match self {
            Self::All(_) => wanted.for_each(|row| visit(row, row)),
            Self::Set { set, rank } => {
                for (at, ((&word, &start), &wanted)) in set.words().iter().zip(rank).zip(wanted.words()).enumerate() {
                    for_each_bit(word & wanted, |bit| {
                        let before = (word & ((1 << bit) - 1)).count_ones() as usize;
                        visit(usize::from(start) + before, (at << 6) + bit);
                    });
                }
            }
            Self::List(rows) => rows.iter().enumerate().for_each(|(entry, &row)| {
                if wanted.contains(usize::from(row)) {
                    visit(entry, usize::from(row));
                }
            }),
        }
    }

    /// The rows that have at least one entry, of `len`.
    pub fn to_set(&self, len: usize) -> BitSet {
        match self {
            Self::All(_) => BitSet::full(len),
            Self::Set { set, .. } => set.clone(),
            Self::List(rows) => {
                let mut set = BitSet::new(len);
                rows.iter().for_each(|&row| set.insert(usize::from(row)));
                set
            }
        }
    }

    /// Heap bytes held.
    pub fn heap_bytes(&self) -> usize {
        match self {
            Self::All(_) => 0,
            Self::Set { set, rank } => set.heap_bytes() + rank.capacity() * 2,
            Self::List(rows) => rows.capacity() * 2,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_finds_the_same_entries() {
        let len = 1000;
        for (step, repeat) in [(1, 1), (2, 1), (97, 1), (3, 2)] {
            let list: Vec<u16> =
                (0..len as u16).filter(|r| r % step == 0).flat_map(|r| std::iter::repeat_n(r, repeat)).collect();
            let rows = Rows::pack(list.clone(), list.len(), len);
            let mut seen = Vec::new();
            rows.for_each(|entry, row| {
                assert_eq!(entry, seen.len());
                seen.push(row as u16);
            });
            assert_eq!(seen, list);
            let mut wanted = BitSet::new(len);
            (0..len).filter(|row| row % 5 < 2).for_each(|row| wanted.insert(row));
            let mut some = Vec::new();
            rows.for_each_in(&wanted, |entry, row| some.push((entry, row)));
            let expect: Vec<(usize, usize)> =
                list.iter().enumerate().map(|(e, &r)| (e, usize::from(r))).filter(|(_, r)| r % 5 < 2).collect();
            assert_eq!(some, expect);
            for row in 0..len {
                let expect: Vec<usize> = (0..list.len()).filter(|&e| usize::from(list[e]) == row).collect();
                assert_eq!(rows.entries(row).collect::<Vec<_>>(), expect);
                assert_eq!(rows.to_set(len).contains(row), !expect.is_empty());
            }
        }
    }
}
