//! ISO 8601 durations as mute rules have them.

use crate::base::time::{DAY, HOUR, MINUTE, SECOND};

/// Milliseconds of `PT4H`, `P2DT12H` …, from a minute to fifteen days.
pub fn duration(text: &str) -> Result<i64, String> {
    let wrong = || format!("“{text}” is not a duration such as PT4H or P2DT12H");
    let rest = text.trim().strip_prefix('P').ok_or_else(wrong)?;
    let (days, time) = rest.split_once('T').map_or((rest, ""), |(days, time)| (days, time));
    if rest.ends_with('T') || rest.is_empty() {
        return Err(wrong());
    }
    let mut sum = 0i64;
    for (part, units) in
        [(days, [('W', 7 * DAY), ('D', DAY), ('\0', 0)]), (time, [('H', HOUR), ('M', MINUTE), ('S', SECOND)])]
    {
        let mut digits = String::new();
        let mut units = units.into_iter();
        for character in part.chars() {
            if character.is_ascii_digit() && digits.len() < 9 {
                digits.push(character);
                continue;
            }
            // Each unit once, the larger ones first.
            let (_, size) = units.by_ref().find(|(unit, _)| *unit == character).ok_or_else(wrong)?;
            let count: i64 = digits.parse().map_err(|_| wrong())?;
            sum = sum.saturating_add(count.saturating_mul(size));
            digits.clear();
        }
        if !digits.is_empty() {
            return Err(wrong());
        }
    }
    if (MINUTE..=15 * DAY).contains(&sum) { Ok(sum) } else { Err("the duration must be PT1M to P15D".into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read() {
        for (text, minutes) in [("PT1M", 1), ("PT4H", 240), ("P2DT12H", 3_600), ("P15D", 21_600), ("P1WT1M", 10_081)] {
            assert_eq!(duration(text), Ok(minutes * MINUTE), "{text}");
        }
        for text in
            ["", "P", "PT", "P1DT", "PT59S", "P16D", "1H", "PT1H1H", "PT1M1H", "PT1", "P1H", "PT99999999999H", "Pé"]
        {
            assert!(duration(text).is_err(), "{text}");
        }
    }
}
