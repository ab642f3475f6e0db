//! Times as tables write them: a database's, and what spreadsheets make of CloudTrail's. Spreadsheets know no zone and
//! do not shift what they read, so the digits are still UTC.

use crate::base::time::{EpochMs, is_date};

/// What a text says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// A time in the form that CloudTrail writes.
    Time(String),
    /// The same, restored from another form that can mean nothing else.
    Repaired(String),
    /// None, or one of several.
    Unclear,
}

/// Reads a cell.
pub(super) fn read(text: &str) -> Reading {
    if let Some(time) = EpochMs::parse(text) {
        let is_utc = text.ends_with('Z');
        return Reading::Time(if is_utc { text.to_owned() } else { time.to_rfc3339() });
    }
    let (text, half) = without_half(text.strip_suffix(" UTC").unwrap_or(text));
    let Some((date, clock)) = text.split_once([' ', 'T']) else { return Reading::Unclear };
    let Some((clock, has_seconds)) = read_clock(clock.trim(), half) else { return Reading::Unclear };
    let separator = date.find(|c: char| !c.is_ascii_digit()).map(|at| date.as_bytes()[at]);
    let parts: Option<Vec<u32>> =
        date.trim_end_matches(',').split(['-', '/', '.']).map(|part| part.parse().ok()).collect();
    let Some([a, b, c]) = parts.as_deref() else { return Reading::Unclear };
    let (year, month, day) = match (*a, *b, *c) {
        (year @ 1000.., month, day) => (year, month, day),
        // Dots stand in dates of languages that begin with the day.
        (day, month, year @ 1000..) if separator == Some(b'.') || day > 12 || day == month => (year, month, day),
        (month, day @ 13.., year @ 1000..) => (year, month, day),
        _ => return Reading::Unclear,
    };
    if !is_date(i64::from(year), month, day) {
        return Reading::Unclear;
    }
    let iso = format!("{year:04}-{month:02}-{day:02}T{clock}Z");
    // A database's form: from the largest unit to the smallest, with seconds.
    if *a >= 1000 && separator == Some(b'-') && has_seconds { Reading::Time(iso) } else { Reading::Repaired(iso) }
}

/// The text without AM or PM, and the hours that this adds to twelve.
fn without_half(text: &str) -> (&str, Option<u32>) {
    let end = text.len().saturating_sub(2);
    match text.get(end..) {
        Some(half) if half.eq_ignore_ascii_case("am") => (text[..end].trim_end(), Some(0)),
        Some(half) if half.eq_ignore_ascii_case("pm") => (text[..end].trim_end(), Some(12)),
        _ => (text, None),
    }
}

/// `HH:MM:SS`, with a fraction unless it is zero, and whether there were seconds.
fn read_clock(text: &str, half: Option<u32>) -> Option<(String, bool)> {
    let (text, fraction) = text.split_once('.').unwrap_or((text, ""));
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) || fraction.len() > 9 {
        return None;
    }
    let parts: Vec<u32> = text.split(':').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let (hour, minute, second) = match *parts.as_slice() {
        [hour, minute] => (hour, minute, None),
        [hour, minute, second] => (hour, minute, Some(second)),
        _ => return None,
    };
    let hour = match half {
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some(half) => hour % 12 + half,
        None => hour,
    };
    if hour > 23 || minute > 59 || second.is_some_and(|second| second > 59) {
        return None;
    }
    let fraction = fraction.trim_end_matches('0');
    let point = if fraction.is_empty() { "" } else { "." };
    Some((format!("{hour:02}:{minute:02}:{:02}{point}{fraction}", second.unwrap_or(0)), second.is_some()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_meaning_or_none() {
        let time = |text: &str| Reading::Time(text.to_owned());
        let repaired = |text: &str| Reading::Repaired(text.to_owned());
        for (text, reading) in [
            ("2023-07-10T12:32:01Z", time("2023-07-10T12:32:01Z")),
            ("2023-07-10T08:32:01.500-04:00", time("2023-07-10T12:32:01.500Z")),
            ("2023-06-11 16:26:29.000", time("2023-06-11T16:26:29Z")),
            ("2023-06-11 16:26:29.120 UTC", time("2023-06-11T16:26:29.12Z")),
            ("2023-07-10 12:32", repaired("2023-07-10T12:32:00Z")),
            ("2023/7/10 12:32:01", repaired("2023-07-10T12:32:01Z")),
            ("10.07.2023 12:32", repaired("2023-07-10T12:32:00Z")),
            ("7/23/2023 1:32:01 PM", repaired("2023-07-23T13:32:01Z")),
            ("23/07/2023, 00:32", repaired("2023-07-23T00:32:00Z")),
            ("7/7/2023 12:01 AM", repaired("2023-07-07T00:01:00Z")),
            ("7/10/2023 12:32", Reading::Unclear),
            ("31.02.2023 12:32", Reading::Unclear),
            ("7/23/23 12:32", Reading::Unclear),
            ("45117.52", Reading::Unclear),
            ("7/23/2023 13:00 PM", Reading::Unclear),
            ("2023-07-10T12:61:00Z", Reading::Unclear),
            ("é", Reading::Unclear),
        ] {
            assert_eq!(read(text), reading, "{text}");
        }
    }
}
