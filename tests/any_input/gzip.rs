//! Any bytes as gzip, against another decoder.

use super::files::{any_file, limits, read};
use std::io::Read;

/// A gzip file holds what its decompressed bytes hold, as another decoder decompresses them.
pub fn any_gzip(bytes: &[u8]) {
    any_file(bytes);
    let mut text = Vec::new();
    let inflated = flate2::read::MultiGzDecoder::new(bytes).take(1 << 20).read_to_end(&mut text);
    if inflated.is_ok() && text.len() < 1 << 20 && !text.is_empty() {
        let (packed, plain) = (read(bytes, &limits()), read(&text, &limits()));
        if packed.findings.is_empty() && plain.findings.is_empty() {
            assert_eq!(packed.records, plain.records);
        }
    }
}
