//! The CRC-32 of gzip and zip (RFC 1952, section 8), where the processor has no instruction for it.
//!
//! In wasm it has none, and looking every byte up in tables, as libraries do then, takes half as long as inflating.
//! But a CRC is the remainder of a division of polynomials over GF(2), one bit a coefficient, so data may be changed
//! by any multiple of the divisor without changing it. The divisor of CRC-32 divides
//!
//! > x^(8·4018) + x^(8·2091) + x^(8·1837) + 1
//!
//! so that a byte may be taken out if the same byte is added (XOR) 1,927, 2,181 and 4,018 places further on. Taken
//! out one after the other, all bytes end up in the last 4,018, whose CRC is that of the whole. The XOR of long runs
//! is one instruction for sixteen bytes, and what it reads stays in the first cache.

/// How much further on a byte goes, in bytes. Found by search: of all such triples whose smallest number is above 140
/// it is the one with the smallest largest number.
const LAGS: [usize; 3] = [1_927, 2_181, 4_018];
/// What is looked up in tables in the end.
const REACH: usize = LAGS[2];
/// So many bytes do not depend on each other.
const STEP: usize = LAGS[0];
/// Steps until what is still needed is moved to the front.
const STEPS: usize = 16;
/// Below this, tables are as quick.
const LONG: usize = 4 * REACH;

/// The CRC-32 of what has the CRC-32 `sum`, followed by `data`; nothing has 0.
pub(super) fn crc32(sum: u32, data: &[u8]) -> u32 {
    if cfg!(target_arch = "wasm32") && data.len() >= LONG {
        folded(sum, data)
    } else {
        zlib_rs::crc32::crc32(sum, data)
    }
}

/// [`crc32`] of at least [`REACH`] and four bytes.
fn folded(sum: u32, data: &[u8]) -> u32 {
    let (start, end) = data.split_at(data.len() - REACH);
    let mut window = vec![0; REACH + STEPS * STEP];
    // What was before is a register, the inverse of the CRC, which is added to the first four bytes. The one lag that
    // reaches these places does that.
    window[..4].copy_from_slice(&(!sum).to_le_bytes());
    let mut filled = REACH;
    for piece in start.chunks(STEP) {
        if filled + piece.len() > window.len() {
            window.copy_within(filled - REACH..filled, 0);
            filled = REACH;
        }
        let (before, free) = window.split_at_mut(filled);
        let [near, middle, far] = LAGS.map(|lag| &before[filled - lag..]);
        for ((((to, byte), near), middle), far) in free.iter_mut().zip(piece).zip(near).zip(middle).zip(far) {
            *to = byte ^ near ^ middle ^ far;
        }
        filled += piece.len();
    }
    let mut end = end.to_vec();
    for lag in LAGS {
        end.iter_mut().zip(&window[filled - lag..filled]).for_each(|(to, byte)| *to ^= byte);
    }
    // The register is in the data now, so it begins empty.
    zlib_rs::crc32::crc32(!0, &end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn folding_changes_no_checksum(
            sum in any::<u32>(),
            seed in prop::collection::vec(any::<u8>(), 1..300),
            len in REACH + 4..REACH + 3 * STEPS * STEP,
        ) {
            let data: Vec<u8> = seed.iter().cycle().enumerate().map(|(at, byte)| byte ^ (at >> 7) as u8).take(len).collect();
            prop_assert_eq!(folded(sum, &data), zlib_rs::crc32::crc32(sum, &data));
        }
    }

    #[test]
    fn every_bit_counts() {
        let mut data = vec![0; 3 * LONG];
        let clean = folded(0, &data);
        for at in (0..data.len()).step_by(61) {
            data[at] ^= 1 << (at % 8);
            assert_eq!(folded(0, &data), zlib_rs::crc32::crc32(0, &data));
            assert_ne!(folded(0, &data), clean, "byte {at}");
            data[at] = 0;
        }
    }
}
