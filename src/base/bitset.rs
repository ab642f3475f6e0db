//! A fixed-length set of row numbers, one bit each.

/// A set of the integers `0..len`. Bits past `len` are always zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BitSet {
    words: Vec<u64>,
    len: usize,
}

impl BitSet {
    /// The empty set over `0..len`.
    pub fn new(len: usize) -> Self {
        Self { words: vec![0; len.div_ceil(64)], len }
    }

    /// The set of all of `0..len`.
    pub fn full(len: usize) -> Self {
        let mut set = Self { words: vec![u64::MAX; len.div_ceil(64)], len };
        set.clear_tail();
        set
    }

    /// Number of integers the set ranges over (not how many it holds).
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether the set ranges over nothing at all.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Adds `index`.
    #[inline]
    pub fn insert(&mut self, index: usize) {
        self.words[index >> 6] |= 1 << (index & 63);
    }

    /// Takes `index` out.
    #[inline]
    pub fn remove(&mut self, index: usize) {
        self.words[index >> 6] &= !(1 << (index & 63));
    }

    /// Whether `index` is in the set.
    #[inline]
    pub fn contains(&self, index: usize) -> bool {
        self.words[index >> 6] & (1 << (index & 63)) != 0
    }

    /// How many integers the set holds.
    pub fn count(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Whether the set holds nothing.
    pub fn is_none(&self) -> bool {
        self.words.iter().all(|&word| word == 0)
    }

    /// Adds every index whose item passes `test`; `items` are for `0..len`.
    ///
    /// Tests without branches run on many items at once: 64 answers are written as bytes, then packed.
    #[inline]
    pub fn or_where<T: Copy>(&mut self, items: &[T], test: impl Fn(T) -> bool) {
        for (word, items) in self.words.iter_mut().zip(items.chunks(64)) {
            let mut passes = [0; 64];
            passes.iter_mut().zip(items).for_each(|(pass, &item)| *pass = u8::from(test(item)));
            *word |= pack_bytes(&passes);
        }
    }

    /// Keeps what is also in `other` (same length).
    pub fn and(&mut self, other: &Self) {
        self.words.iter_mut().zip(&other.words).for_each(|(a, b)| *a &= b);
    }

    /// Takes out what is in `other` (same length).
    pub fn and_not(&mut self, other: &Self) {
        self.words.iter_mut().zip(&other.words).for_each(|(a, b)| *a &= !b);
    }

    /// Adds all of `other` (same length).
    pub fn or(&mut self, other: &Self) {
        self.words.iter_mut().zip(&other.words).for_each(|(a, b)| *a |= b);
    }

    /// Replaces the set by its complement.
    pub fn not(&mut self) {
        self.words.iter_mut().for_each(|word| *word = !*word);
        self.clear_tail();
    }

    /// Appends one integer to the range, in the set or not.
    pub fn push(&mut self, value: bool) {
        if self.len & 63 == 0 {
            self.words.push(0);
        }
        self.len += 1;
        if value {
            self.insert(self.len - 1);
        }
    }

    /// The members in ascending order.
    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.words.iter().enumerate().flat_map(|(at, &word)| {
            std::iter::successors((word != 0).then_some(word), |rest| {
                let next = rest & (rest - 1);
                (next != 0).then_some(next)
            })
            .map(move |rest| (at << 6) + rest.trailing_zeros() as usize)
        })
    }

    /// Calls `visit` with the members in ascending order: quicker than [`iter`](Self::iter).
    #[inline]
    pub fn for_each(&self, mut visit: impl FnMut(usize)) {
        for (at, &word) in self.words.iter().enumerate() {
            if word == u64::MAX {
                (at << 6..(at + 1) << 6).for_each(&mut visit);
            } else {
                for_each_bit(word, |bit| visit((at << 6) + bit));
            }
        }
    }

    /// The set as words of 64 members each, the lowest bit first.
    #[inline]
    pub fn words(&self) -> &[u64] {
        &self.words
    }

    /// Members in the 64-integer word of `index` that are smaller than `index`.
    #[inline]
    pub fn count_in_word_before(&self, index: usize) -> usize {
        (self.words[index >> 6] & ((1 << (index & 63)) - 1)).count_ones() as usize
    }

    /// Heap bytes held.
    pub fn heap_bytes(&self) -> usize {
        self.words.capacity() * 8
    }

    fn clear_tail(&mut self) {
        if let (Some(last), rest @ 1..) = (self.words.last_mut(), self.len & 63) {
            *last &= (1 << rest) - 1;
        }
    }
}

/// Calls `visit` with the number of each bit that is set, the lowest first.
#[inline]
pub fn for_each_bit(mut word: u64, mut visit: impl FnMut(usize)) {
    while word != 0 {
        visit(word.trailing_zeros() as usize);
        word &= word - 1;
    }
}

/// Bit `i` is byte `i`, each 0 or 1.
#[inline]
pub fn pack_bytes(bytes: &[u8; 64]) -> u64 {
    bytes.as_chunks::<8>().0.iter().rev().fold(0, |word, bytes| {
        // The product has byte i of the eight at bit 56 + i, and nothing that carries into there.
        word << 8 | u64::from_le_bytes(*bytes).wrapping_mul(0x0102_0408_1020_4080) >> 56
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tested_items_are_the_members() {
        for len in [0, 1, 63, 64, 65, 200] {
            let items: Vec<u32> = (0..len).map(|i| i * 7919 % 31).collect();
            let mut set = BitSet::new(len as usize);
            set.or_where(&items, |item| item < 11);
            let expect: Vec<usize> = (0..len as usize).filter(|&i| items[i] < 11).collect();
            assert_eq!(set.iter().collect::<Vec<_>>(), expect);
            let mut visited = Vec::new();
            set.for_each(|index| visited.push(index));
            assert_eq!(visited, expect);
            let mut all = Vec::new();
            BitSet::full(len as usize).for_each(|index| all.push(index));
            assert_eq!(all, (0..len as usize).collect::<Vec<_>>());
        }
    }

    #[test]
    fn complement_stays_inside_the_length() {
        for len in [0, 1, 63, 64, 65, 130] {
            let mut set = BitSet::new(len);
            set.not();
            assert_eq!(set, BitSet::full(len));
            assert_eq!(set.count(), len);
            assert_eq!(set.iter().collect::<Vec<_>>(), (0..len).collect::<Vec<_>>());
        }
    }

    #[test]
    fn push_grows_by_one() {
        let mut set = BitSet::new(0);
        (0..200).for_each(|i| set.push(i % 3 == 0));
        assert_eq!(set.len(), 200);
        assert_eq!(set.iter().collect::<Vec<_>>(), (0..200).step_by(3).collect::<Vec<_>>());
    }
}
