//! High-cardinality strings of one column chunk, stored as they come instead of in a dictionary.
//!
//! UUIDs take 16 bytes and second-precise timestamps 4, both reproduced exactly as text.

use crate::base::{EpochMs, time};

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
        ends: Vec<usize>,
        /// All texts back to back.
        arena: String,
    },
}

/// What the strings of a sequence look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Canonical lower-case UUIDs.
    Uuid,
    /// `YYYY-MM-DDTHH:MM:SSZ` between 1970 and 2106.
    Time,
    /// Anything.
    Text,
}

impl Default for Plain {
    /// None; the first text decides about the form.
    fn default() -> Self {
        Self::new(Form::Text)
    }
}

impl Plain {
    /// No strings yet; in the general form the first text decides about another.
    pub fn new(form: Form) -> Self {
        match form {
            Form::Uuid => Self::Uuid(Vec::new()),
            Form::Time => Self::Time(Vec::new()),
            Form::Text => Self::Text { ends: Vec::new(), arena: String::new() },
        }
    }

    /// What the strings look like.
    pub fn form(&self) -> Form {
        match self {
            Self::Uuid(_) => Form::Uuid,
            Self::Time(_) => Form::Time,
            Self::Text { .. } => Form::Text,
        }
    }

    /// Whether `text` has the form.
    pub fn fits(&self, text: &str) -> bool {
        match self {
            Self::Uuid(_) => text.as_bytes().try_into().ok().and_then(parse_uuid).is_some(),
            Self::Time(_) => text.as_bytes().try_into().ok().and_then(parse_seconds).is_some(),
            Self::Text { .. } => true,
        }
    }

    /// Adds a text, turning to the general form when it does not fit.
    pub fn push(&mut self, text: &str) {
        self.choose(text.as_bytes());
        match self {
            Self::Uuid(uuids) => match text.as_bytes().try_into().ok().and_then(parse_uuid) {
                Some(uuid) => return uuids.push(uuid),
                None => self.generalise(),
            },
            Self::Time(seconds) => match text.as_bytes().try_into().ok().and_then(parse_seconds) {
                Some(second) => return seconds.push(second),
                None => self.generalise(),
            },
            Self::Text { .. } => {}
        }
        if let Self::Text { ends, arena } = self {
            arena.push_str(text);
            ends.push(arena.len());
        }
    }

    /// Adds the string whose inside `text` begins with, if the form tells its length and it fits. Gives the length
    /// with the closing quote, and the seconds since the epoch if it is a time.
    #[inline]
    pub fn push_fixed(&mut self, text: &[u8]) -> Option<(usize, Option<u32>)> {
        self.choose(text);
        match self {
            Self::Uuid(uuids) if text.get(UUID_LEN) == Some(&b'"') => {
                uuids.push(parse_uuid(text.first_chunk()?)?);
                Some((UUID_LEN + 1, None))
            }
            Self::Time(seconds) if text.get(TIME_LEN) == Some(&b'"') => {
                let second = parse_seconds(text.first_chunk()?)?;
                seconds.push(second);
                Some((TIME_LEN + 1, Some(second)))
            }
            _ => None,
        }
    }

    /// Adds something that nobody will read, without a change of the form.
    pub fn push_filler(&mut self) {
        match self {
            Self::Uuid(uuids) => uuids.push([0; 16]),
            Self::Time(seconds) => seconds.push(0),
            Self::Text { ends, arena } => ends.push(arena.len()),
        }
    }

    /// As long as there is no string and no form but the general one, takes the form that suits the beginning of
    /// `text`.
    #[inline]
    fn choose(&mut self, text: &[u8]) {
        if matches!(self, Self::Text { ends, .. } if ends.is_empty()) {
            self.choose_first(text);
        }
    }

    #[cold]
    fn choose_first(&mut self, text: &[u8]) {
        if text.first_chunk().and_then(parse_uuid).is_some() {
            *self = Self::Uuid(Vec::new());
        } else if text.first_chunk().and_then(parse_seconds).is_some() {
            *self = Self::Time(Vec::new());
        }
    }

    /// Takes the last text back.
    pub fn pop(&mut self) {
        match self {
            Self::Uuid(uuids) => drop(uuids.pop()),
            Self::Time(seconds) => drop(seconds.pop()),
            Self::Text { ends, arena } => {
                ends.pop();
                arena.truncate(ends.last().copied().unwrap_or(0));
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
                let start = if index == 0 { 0 } else { ends[index - 1] };
                read(&arena[start..ends[index]])
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
            Self::Text { ends, arena } => ends.capacity() * size_of::<usize>() + arena.capacity(),
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
        let (mut ends, mut arena) = (Vec::with_capacity(self.len()), String::new());
        for index in 0..self.len() {
            self.with(index, |text| arena.push_str(text));
            ends.push(arena.len());
        }
        *self = Self::Text { ends, arena };
    }
}

/// Bytes of a UUID's text.
const UUID_LEN: usize = 36;
/// Bytes of `YYYY-MM-DDTHH:MM:SSZ`.
const TIME_LEN: usize = 20;

/// Reads a canonical lower-case UUID (`8-4-4-4-12` hex digits).
// Sixteen bytes that are returned through memory are read back late.
#[inline(always)]
pub fn parse_uuid(text: &[u8; UUID_LEN]) -> Option<[u8; 16]> {
    let [
        a0,
        a1,
        a2,
        a3,
        a4,
        a5,
        a6,
        a7,
        b'-',
        b0,
        b1,
        b2,
        b3,
        b'-',
        c0,
        c1,
        c2,
        c3,
        b'-',
        d0,
        d1,
        d2,
        d3,
        b'-',
        e0,
        e1,
        e2,
        e3,
        e4,
        e5,
        e6,
        e7,
        e8,
        e9,
        e10,
        e11,
    ] = *text
    else {
        return None;
    };
    let a = u128::from(parse_hex([a0, a1, a2, a3, a4, a5, a6, a7])?);
    let b = u128::from(parse_hex([b0, b1, b2, b3, c0, c1, c2, c3])?);
    let c = u128::from(parse_hex([d0, d1, d2, d3, e0, e1, e2, e3])?);
    let d = u128::from(parse_hex([e4, e5, e6, e7, e8, e9, e10, e11])?);
    Some((a | b << 32 | c << 64 | d << 96).to_le_bytes())
}

/// Reads eight lower-case hex digits, all in one word; the first two are the lowest byte.
#[inline]
fn parse_hex(digits: [u8; 8]) -> Option<u32> {
    const ONES: u64 = 0x0101_0101_0101_0101;
    let text = u64::from_le_bytes(digits);
    // Letters have bit 6 and begin at 1 in their low half.
    let values = (text & (ONES * 0x0f)) + ((text >> 6) & ONES) * 9;
    // Written again: anything but a lower-case digit comes out differently.
    let letters = ((values + ONES * 6) >> 4) & ONES;
    if values & (ONES * 0xf0) != 0 || values + ONES * u64::from(b'0') + letters * u64::from(b'a' - b'9' - 1) != text {
        return None;
    }
    let pairs = (values << 4 | values >> 8) & 0x00ff_00ff_00ff_00ff;
    let quads = (pairs | pairs >> 8) & 0x0000_ffff_0000_ffff;
    Some((quads | quads >> 16) as u32)
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
#[inline]
fn parse_seconds(text: &[u8; TIME_LEN]) -> Option<u32> {
    let [y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1, b'T', h0, h1, b':', n0, n1, b':', s0, s1, b'Z'] = *text else {
        return None;
    };
    let pair = |tens: u8, ones: u8| {
        let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
        (tens < 10 && ones < 10).then_some(u32::from(tens) * 10 + u32::from(ones))
    };
    let year = pair(y0, y1)? * 100 + pair(y2, y3)?;
    let (month, day) = (pair(m0, m1)?, pair(d0, d1)?);
    let (hour, minute, second) = (pair(h0, h1)?, pair(n0, n1)?, pair(s0, s1)?);
    if !time::is_date(i64::from(year), month, day) || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let days = time::days_from_civil(i64::from(year), month, day);
    u32::try_from(days * 86_400 + i64::from(hour * 3_600 + minute * 60 + second)).ok()
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
            let mut plain = Plain::default();
            values.iter().for_each(|v| plain.push(v));
            for (i, value) in values.iter().enumerate() {
                plain.with(i, |text| assert_eq!(text, *value));
            }
            plain.push_filler();
            plain.pop();
            plain.pop();
            assert_eq!(plain.len(), values.len() - 1);
            plain.push("x");
            plain.with(values.len() - 1, |text| assert_eq!(text, "x"));
        }
    }

    #[test]
    fn the_length_of_a_fixed_form_is_known_only_for_what_fits() {
        let uuid = "0b93e3f9-4b65-4b28-9b0c-000000000001";
        let mut plain = Plain::default();
        assert_eq!(plain.push_fixed(format!("{uuid}\",").as_bytes()), Some((37, None)));
        for other in [format!("{uuid}x"), uuid.into(), uuid.to_uppercase() + "\"", "2023-07-10T11:42:18Z\"".into()] {
            assert_eq!(plain.push_fixed(other.as_bytes()), None, "{other}");
        }
        assert_eq!(plain.len(), 1);
        plain.with(0, |text| assert_eq!(text, uuid));
        let mut plain = Plain::default();
        assert_eq!(plain.push_fixed(b"1970-01-02T00:00:01Z\"}"), Some((21, Some(86_401))));
        for other in ["1970-01-02T00:00:60Z", "1970-02-29T00:00:00Z", "1970-01-0aT00:00:00Z", "1969-01-01T00:00:00Z"] {
            assert_eq!(plain.push_fixed(format!("{other}\"").as_bytes()), None, "{other}");
        }
        assert_eq!(Plain::default().push_fixed(b"a\""), None);
    }

    #[test]
    fn only_lower_case_digits_are_hexadecimal() {
        for byte in 0..=255u8 {
            let value = char::from(byte).to_digit(16).filter(|_| !byte.is_ascii_uppercase());
            for lane in 0..8 {
                let mut digits = *b"09afbc18";
                digits[lane] = byte;
                let expected = value.and_then(|_| u32::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok());
                assert_eq!(parse_hex(digits).map(u32::swap_bytes), expected, "{byte:#x} in lane {lane}");
            }
        }
    }
}
