//! Looking at many bytes at once: equality, and the end of a JSON string.
//!
//! [`plain_prefix`] sorts sixteen bytes a step. How that is done is the only thing that differs between
//! processors ([`marks`]); the portable twin is what the others are held equal to in the tests. Equality has
//! its own code because wasm's `memcmp` goes byte by byte.

/// Whether two runs of bytes are equal.
#[inline]
pub fn same(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    match a.len() {
        16.. => {
            let (blocks_a, blocks_b) = (a.as_chunks::<16>().0, b.as_chunks::<16>().0);
            for at in 0..blocks_a.len().min(blocks_b.len()) {
                if u128::from_ne_bytes(blocks_a[at]) != u128::from_ne_bytes(blocks_b[at]) {
                    return false;
                }
            }
            // The last bytes once more, instead of those after the last block one by one.
            match (a.last_chunk(), b.last_chunk()) {
                (Some(a), Some(b)) => u128::from_ne_bytes(*a) == u128::from_ne_bytes(*b),
                _ => false,
            }
        }
        8.. => same_ends(a, b, u64::from_ne_bytes),
        4.. => same_ends(a, b, |bytes| u32::from_ne_bytes(bytes).into()),
        _ => a.iter().zip(b).all(|(a, b)| a == b),
    }
}

/// Whether the first and the last bytes, which may overlap, are equal.
#[inline]
fn same_ends<const N: usize>(a: &[u8], b: &[u8], number: impl Fn([u8; N]) -> u64) -> bool {
    match (a.first_chunk(), b.first_chunk(), a.last_chunk(), b.last_chunk()) {
        (Some(a), Some(b), Some(last_a), Some(last_b)) => {
            (number(*a) ^ number(*b)) | (number(*last_a) ^ number(*last_b)) == 0
        }
        _ => false,
    }
}

/// Whether `text` begins with `start`.
#[inline]
pub fn begins(text: &[u8], start: &[u8]) -> bool {
    text.get(..start.len()).is_some_and(|head| same(head, start))
}

/// The beginning of a string's inside up to the first byte that is a quote, a backslash or a control character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prefix {
    /// Number of bytes.
    pub len: usize,
    /// Whether all of them are ASCII.
    pub ascii: bool,
}

/// Finds the first quote, backslash or control character.
#[inline]
pub fn plain_prefix(bytes: &[u8]) -> Prefix {
    let (chunks, rest) = bytes.as_chunks::<16>();
    let mut foreign = 0;
    for (number, chunk) in chunks.iter().enumerate() {
        let (ends, high) = marks(chunk);
        if ends != 0 {
            let at = ends.trailing_zeros();
            foreign |= high & ((1 << at) - 1);
            return Prefix { len: number * 16 + at as usize, ascii: foreign == 0 };
        }
        foreign |= high;
    }
    let len = rest.iter().position(|&byte| is_end(byte)).unwrap_or(rest.len());
    Prefix { len: chunks.len() * 16 + len, ascii: foreign == 0 && rest[..len].is_ascii() }
}

#[inline]
fn is_end(byte: u8) -> bool {
    byte == b'"' || byte == b'\\' || byte < 0x20
}

/// Which of sixteen bytes end a plain prefix, and which are not ASCII; byte `i` is bit `i`.
#[cfg(not(any(target_arch = "x86_64", all(target_arch = "wasm32", target_feature = "simd128"))))]
use portable as marks;

/// [`marks`] for any processor.
#[cfg(any(test, not(any(target_arch = "x86_64", all(target_arch = "wasm32", target_feature = "simd128")))))]
fn portable(chunk: &[u8; 16]) -> (u32, u32) {
    let mask = |test: fn(u8) -> bool| (0..16).fold(0, |mask, at| mask | u32::from(test(chunk[at])) << at);
    (mask(is_end), mask(|byte| byte >= 0x80))
}

/// [`marks`] with the SSE2 that every x86-64 processor has.
#[cfg(target_arch = "x86_64")]
#[inline]
#[allow(unsafe_code)]
fn marks(chunk: &[u8; 16]) -> (u32, u32) {
    use std::arch::x86_64::{
        __m128i, _mm_cmpeq_epi8, _mm_loadu_si128, _mm_min_epu8, _mm_movemask_epi8, _mm_or_si128, _mm_set1_epi8,
    };
    // SAFETY: SSE2 belongs to the architecture; the load reads the sixteen bytes of `chunk` at any alignment.
    unsafe {
        let bytes = _mm_loadu_si128(chunk.as_ptr().cast::<__m128i>());
        let is = |byte: u8| _mm_cmpeq_epi8(bytes, _mm_set1_epi8(byte.cast_signed()));
        let control = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1f)), bytes);
        let ends = _mm_or_si128(_mm_or_si128(is(b'"'), is(b'\\')), control);
        (_mm_movemask_epi8(ends).cast_unsigned(), _mm_movemask_epi8(bytes).cast_unsigned())
    }
}

/// [`marks`] with wasm's simd128, which the build turns on (`.cargo/config.toml`).
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
#[inline]
#[allow(unsafe_code)]
fn marks(chunk: &[u8; 16]) -> (u32, u32) {
    use std::arch::wasm32::{u8x16_bitmask, u8x16_eq, u8x16_lt, u8x16_splat, v128, v128_load, v128_or};
    // SAFETY: the load reads the sixteen bytes of `chunk`; wasm loads have no alignment.
    let bytes = unsafe { v128_load(chunk.as_ptr().cast::<v128>()) };
    let is = |byte: u8| u8x16_eq(bytes, u8x16_splat(byte));
    let ends = v128_or(v128_or(is(b'"'), is(b'\\')), u8x16_lt(bytes, u8x16_splat(0x20)));
    (u32::from(u8x16_bitmask(ends)), u32::from(u8x16_bitmask(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_in_every_lane_is_sorted_as_the_portable_twin_does() {
        for lane in 0..16 {
            for byte in 0..=255 {
                let mut chunk = *b"abc xyz 0123456~";
                chunk[lane] = byte;
                assert_eq!(marks(&chunk), portable(&chunk), "{byte:#x} in lane {lane}");
            }
        }
    }

    #[test]
    fn a_prefix_ends_at_the_first_of_its_ends() {
        for len in 0..70 {
            let plain = vec![b'x'; len];
            assert_eq!(plain_prefix(&plain), Prefix { len, ascii: true });
            for end in [b'"', b'\\', b'\n', 0, 0x1f] {
                let text = [&plain, &[end, 0xc3, b'"'][..]].concat();
                assert_eq!(plain_prefix(&text), Prefix { len, ascii: true }, "what follows does not count");
                let text = [&[0xc3, 0xa9], &plain[..], &[end]].concat();
                assert_eq!(plain_prefix(&text), Prefix { len: len + 2, ascii: false });
            }
        }
    }

    #[test]
    fn equality_sees_every_byte() {
        for len in 0..40 {
            let a: Vec<u8> = (0..len).collect();
            assert!(same(&a, &a.clone()) && begins(&[&a[..], b"more"].concat(), &a));
            assert!(!same(&a, &[&a[..], &[0]].concat()));
            for at in 0..a.len() {
                let mut b = a.clone();
                b[at] ^= 0x80;
                assert!(!same(&a, &b) && !begins(&b, &a), "byte {at} of {len}");
            }
        }
    }
}
