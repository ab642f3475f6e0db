//! High-cardinality strings of one column chunk, stored as they come instead of in a dictionary.
//!
//! UUIDs take 16 bytes and second-precise timestamps 4, both reproduced exactly as text.

use crate::base::EpochMs;

/// A sequence of strings.
#[derive(Debug)]
pub enum Plain {
    /// All are canonical lower-case UUIDs.
    Uuid(Vec<[u8; 16]>),
    /// All are `YYYY-MM-DDTHH:MM:SSZ` between 1970 and 2106; seconds since the epoch.
    Time(Vec<u32>),
    /// Anything: ends of the texts in one arena.
    Text {
        /// End of each text.
        ends: Vec<u32>,
        /// All texts back to back.
        arena: String,
    },
}

impl Plain {
    /// An empty sequence in the form that suits `first`.
    pub fn for_value(first: &str) -> Self {
        if parse_uuid(first).is_some() {
            Self::Uuid(Vec::new())
        } else if parse_seconds(first).is_some() {
            Self::Time(Vec::new())
        } else {
            Self::Text { ends: Vec::new(), arena: String::new() }
        }
    }

    /// Adds a text, turning to the general form when it does not fit.
    pub fn push(&mut self, text: &str) {
        match self {
            Self::Uuid(uuids) => match parse_uuid(text) {
                Some(uuid) => return uuids.push(uuid),
                None => self.generalise(),
            },
            Self::Time(seconds) => match parse_seconds(text) {
                Some(second) => return seconds.push(second),
                None => self.generalise(),
            },
            Self::Text { .. } => {}
        }
        if let Self::Text { ends, arena } = self {
            arena.push_str(text);
            ends.push(arena.len() as u32);
        }
    }

    /// Takes the last text back.
    pub fn pop(&mut self) {
        match self {
            Self::Uuid(uuids) => drop(uuids.pop()),
            Self::Time(seconds) => drop(seconds.pop()),
            Self::Text { ends, arena } => {
                ends.pop();
                arena.truncate(ends.last().copied().unwrap_or(0) as usize);
            }
        }
    }

    /// Number of texts.
    pub fn len(&self) -> usize {
        match self {
            Self::Uuid(uuids) => uuids.len(),
            Self::Time(seconds) => seconds.len(),
            Self::Text { ends, .. } => ends.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Calls `read` with the text at `index`; no allocation.
    #[inline]
    pub fn with<R>(&self, index: usize, read: impl FnOnce(&str) -> R) -> R {
        match self {
            Self::Uuid(uuids) => {
                let mut buffer = [0; 36];
                read(format_uuid(&uuids[index], &mut buffer))
            }
            Self::Time(seconds) => read(&EpochMs(i64::from(seconds[index]) * 1000).to_rfc3339()),
            Self::Text { ends, arena } => {
                let start = if index == 0 { 0 } else { ends[index - 1] as usize };
                read(&arena[start..ends[index] as usize])
            }
        }
    }

    /// False when the form of the texts rules out that any contains `part` (in whatever case).
    pub fn may_contain(&self, part: &str) -> bool {
        match self {
            Self::Uuid(_) => part.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-'),
            Self::Time(_) => part.bytes().all(|b| b.is_ascii_digit() || b"-:TtZz".contains(&b)),
            Self::Text { .. } => true,
        }
    }

    /// Heap bytes held.
    pub fn heap_bytes(&self) -> usize {
        match self {
            Self::Uuid(uuids) => uuids.capacity() * 16,
            Self::Time(seconds) => seconds.capacity() * 4,
            Self::Text { ends, arena } => ends.capacity() * 4 + arena.capacity(),
        }
    }

    /// Gives spare capacity back.
    pub fn shrink(&mut self) {
        match self {
            Self::Uuid(uuids) => uuids.shrink_to_fit(),
            Self::Time(seconds) => seconds.shrink_to_fit(),
            Self::Text { ends, arena } => {
                ends.shrink_to_fit();
                arena.shrink_to_fit();
            }
        }
    }

    fn generalise(&mut self) {
        let mut general = Self::Text { ends: Vec::with_capacity(self.len()), arena: String::new() };
        (0..self.len()).for_each(|i| self.with(i, |text| general.push(text)));
        *self = general;
    }
}

/// Reads a canonical lower-case UUID (`8-4-4-4-12` hex digits).
pub fn parse_uuid(text: &str) -> Option<[u8; 16]> {
    let bytes: &[u8; 36] = text.as_bytes().try_into().ok()?;
    let mut uuid = [0; 16];
    let mut at = 0;
    for (i, slot) in uuid.iter_mut().enumerate() {
        if matches!(i, 4 | 6 | 8 | 10) {
            if bytes[at] != b'-' {
                return None;
            }
            at += 1;
        }
        *slot = hex(bytes[at])? << 4 | hex(bytes[at + 1])?;
        at += 2;
    }
    Some(uuid)
}

fn hex(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    }
}

fn format_uuid<'a>(uuid: &[u8; 16], buffer: &'a mut [u8; 36]) -> &'a str {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut at = 0;
    for (i, byte) in uuid.iter().enumerate() {
        if matches!(i, 4 | 6 | 8 | 10) {
            buffer[at] = b'-';
            at += 1;
        }
        buffer[at] = DIGITS[usize::from(byte >> 4)];
        buffer[at + 1] = DIGITS[usize::from(byte & 15)];
        at += 2;
    }
    std::str::from_utf8(buffer).unwrap_or_default()
}

/// Reads `YYYY-MM-DDTHH:MM:SSZ` when it reproduces as exactly the same text.
fn parse_seconds(text: &str) -> Option<u32> {
    let bytes = text.as_bytes();
    if bytes.len() != 20 || bytes[10] != b'T' || bytes[19] != b'Z' || &bytes[17..19] == b"60" {
        return None;
    }
    u32::try_from(EpochMs::parse(text)?.0 / 1000).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_come_back_exactly() {
        let uuid = "0b93e3f9-4b65-4b28-9b0c-000000000001";
        let time = "2023-07-10T11:42:18Z";
        for values in [
            vec![uuid, uuid],
            vec![time, "2024-02-29T00:00:00Z"],
            vec![uuid, "0B93E3F9-4B65-4B28-9B0C-000000000001", "", "é"],
            vec![time, "2016-12-31T23:59:60Z", "2023-07-10t11:42:18Z", "..."],
        ] {
            let mut plain = Plain::for_value(values[0]);
            values.iter().for_each(|v| plain.push(v));
            for (i, value) in values.iter().enumerate() {
                plain.with(i, |text| assert_eq!(text, *value));
            }
            plain.pop();
            assert_eq!(plain.len(), values.len() - 1);
            plain.push("x");
            plain.with(values.len() - 1, |text| assert_eq!(text, "x"));
        }
    }
}
