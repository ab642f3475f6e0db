//! UTF-16 text as a decoder stage: what PowerShell's `>` makes of JSON.

use super::layer::{Io, Window};

/// Converts UTF-16 to UTF-8; lone surrogates become U+FFFD.
pub(super) struct Utf16 {
    pub(super) window: Window,
    big_endian: bool,
}

impl Utf16 {
    pub(super) fn new(big_endian: bool) -> Self {
        Self { window: Window::default(), big_endian }
    }

    /// Converts a piece of `input`. True if it needs more of it.
    pub(super) fn advance(&mut self, input: &mut Window, io: &mut Io) -> bool {
        let bytes = &input.data()[..input.data().len().min(io.limits.chunk.max(4))];
        let is_end = input.ended && bytes.len() == input.data().len();
        let decode =
            |unit: &[u8; 2]| if self.big_endian { u16::from_be_bytes(*unit) } else { u16::from_le_bytes(*unit) };
        let (mut units, odd) = bytes.as_chunks::<2>();
        // A surrogate pair may be cut by the end of the window: its first half waits for the second.
        if let Some((last, before)) = units.split_last()
            && !is_end
            && (0xd800..0xdc00).contains(&decode(last))
        {
            units = before;
        }
        if units.is_empty() && !is_end {
            return true;
        }
        let out = self.window.tail();
        let mut utf8 = [0; 4];
        for character in char::decode_utf16(units.iter().map(decode)) {
            let character = character.unwrap_or(char::REPLACEMENT_CHARACTER);
            out.extend_from_slice(character.encode_utf8(&mut utf8).as_bytes());
        }
        let read = units.len() * 2 + if is_end { odd.len() } else { 0 };
        io.work += read as u64;
        input.consume(read);
        if is_end {
            self.window.end(input.cut);
        }
        false
    }
}
