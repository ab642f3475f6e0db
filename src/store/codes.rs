//! Dictionary codes of one column chunk in the narrowest width that holds them.

/// A sequence of codes.
#[derive(Debug)]
pub enum Codes {
    /// The same code everywhere.
    Constant(u32, usize),
    /// All below 256.
    U8(Vec<u8>),
    /// All below 65,536.
    U16(Vec<u16>),
    /// Anything.
    U32(Vec<u32>),
}

impl Codes {
    /// Packs `codes`.
    pub fn pack(codes: &[u32]) -> Self {
        let max = codes.iter().copied().max().unwrap_or(0);
        match codes.first() {
            Some(&first) if codes.iter().all(|&code| code == first) => Self::Constant(first, codes.len()),
            _ if max <= 0xff => Self::U8(codes.iter().map(|&c| c as u8).collect()),
            _ if max <= 0xffff => Self::U16(codes.iter().map(|&c| c as u16).collect()),
            _ => Self::U32(codes.to_vec()),
        }
    }

    /// Number of codes.
    pub fn len(&self) -> usize {
        match self {
            Self::Constant(_, len) => *len,
            Self::U8(codes) => codes.len(),
            Self::U16(codes) => codes.len(),
            Self::U32(codes) => codes.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The code at `index`.
    #[inline]
    pub fn get(&self, index: usize) -> u32 {
        match self {
            Self::Constant(code, _) => *code,
            Self::U8(codes) => u32::from(codes[index]),
            Self::U16(codes) => u32::from(codes[index]),
            Self::U32(codes) => codes[index],
        }
    }

    /// Calls `visit` with every index and code, in order.
    #[inline]
    pub fn for_each(&self, mut visit: impl FnMut(usize, u32)) {
        match self {
            Self::Constant(code, len) => (0..*len).for_each(|i| visit(i, *code)),
            Self::U8(codes) => codes.iter().enumerate().for_each(|(i, &c)| visit(i, u32::from(c))),
            Self::U16(codes) => codes.iter().enumerate().for_each(|(i, &c)| visit(i, u32::from(c))),
            Self::U32(codes) => codes.iter().enumerate().for_each(|(i, &c)| visit(i, c)),
        }
    }

    /// Heap bytes held.
    pub fn heap_bytes(&self) -> usize {
        match self {
            Self::Constant(..) => 0,
            Self::U8(codes) => codes.capacity(),
            Self::U16(codes) => codes.capacity() * 2,
            Self::U32(codes) => codes.capacity() * 4,
        }
    }
}
