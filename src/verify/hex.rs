//! Bytes as hexadecimal digits, the way digest files write hashes and signatures.

/// Digits of a SHA-256 hash.
pub(super) const HASH_DIGITS: usize = 64;

/// The bytes that `text` spells, in either case; `None` if it is not that or spells more than `most` bytes.
pub(super) fn decode(text: &str, most: usize) -> Option<Vec<u8>> {
    let digits = text.as_bytes();
    if !digits.len().is_multiple_of(2) || digits.len() / 2 > most {
        return None;
    }
    let digit = |byte: u8| char::from(byte).to_digit(16);
    digits.chunks_exact(2).map(|pair| Some((digit(pair[0])? * 16 + digit(pair[1])?) as u8)).collect()
}

/// A SHA-256 hash.
pub(super) fn decode_hash(text: &str) -> Option<[u8; 32]> {
    decode(text, HASH_DIGITS / 2)?.try_into().ok()
}

/// In lower case.
pub(super) fn encode(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways() {
        assert_eq!(decode("00fFa5", 3), Some(vec![0, 255, 165]));
        assert_eq!(encode(&[0, 255, 165]), "00ffa5");
        for wrong in ["0", "0g", "+1", "00000000", "é"] {
            assert_eq!(decode(wrong, 3), None, "{wrong}");
        }
        assert_eq!(decode_hash("00"), None);
    }
}
