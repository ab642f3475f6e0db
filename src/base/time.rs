//! Instants as milliseconds since 1970-01-01T00:00:00Z, and the RFC 3339 text CloudTrail writes.

use serde::{Deserialize, Serialize};

/// Milliseconds in a second.
pub const SECOND: i64 = 1_000;
/// Milliseconds in a minute.
pub const MINUTE: i64 = 60 * SECOND;
/// Milliseconds in an hour.
pub const HOUR: i64 = 60 * MINUTE;
/// Milliseconds in a day.
pub const DAY: i64 = 24 * HOUR;

/// An instant in UTC, in milliseconds since the Unix epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EpochMs(pub i64);

/// A UTC calendar date and time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Civil {
    /// Proleptic Gregorian year.
    pub year: i64,
    /// 1..=12.
    pub month: u32,
    /// 1..=31.
    pub day: u32,
    /// 0..=23.
    pub hour: u32,
    /// 0..=59.
    pub minute: u32,
    /// 0..=59.
    pub second: u32,
    /// 0..=999.
    pub milli: u32,
}

impl EpochMs {
    /// Reads RFC 3339 (`2023-07-10T11:42:18Z`, optional fraction, `Z` or an offset). `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        if bytes.len() < 20
            || bytes[4] != b'-'
            || bytes[7] != b'-'
            || !matches!(bytes[10], b'T' | b't' | b' ')
            || bytes[13] != b':'
            || bytes[16] != b':'
        {
            return None;
        }
        let number = |from: usize, to: usize| {
            bytes[from..to].iter().try_fold(0i64, |sum, &b| b.is_ascii_digit().then(|| sum * 10 + i64::from(b - b'0')))
        };
        let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
        let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
        if !is_date(year, month as u32, day as u32) || hour > 23 || minute > 59 || second > 60 {
            return None;
        }
        let mut at = 19;
        let mut milli = 0;
        if bytes[at] == b'.' {
            let start = at + 1;
            at = start + bytes[start..].iter().take_while(|b| b.is_ascii_digit()).count();
            if at == start {
                return None;
            }
            milli =
                (0..3).fold(0, |sum, i| sum * 10 + if start + i < at { i64::from(bytes[start + i] - b'0') } else { 0 });
        }
        let offset = match &bytes[at..] {
            b"Z" | b"z" => 0,
            [sign @ (b'+' | b'-'), rest @ ..] if rest.len() == 5 && rest[2] == b':' => {
                let start = at + 1;
                let (hours, minutes) = (number(start, start + 2)?, number(start + 3, start + 5)?);
                if hours > 23 || minutes > 59 {
                    return None;
                }
                (hours * HOUR + minutes * MINUTE) * if *sign == b'-' { -1 } else { 1 }
            }
            _ => return None,
        };
        let days = days_from_civil(year, month as u32, day as u32);
        Some(Self(days * DAY + hour * HOUR + minute * MINUTE + second * SECOND + milli - offset))
    }

    /// The UTC calendar fields.
    pub fn civil(self) -> Civil {
        let days = self.0.div_euclid(DAY);
        let rest = self.0.rem_euclid(DAY);
        let (year, month, day) = civil_from_days(days);
        Civil {
            year,
            month,
            day,
            hour: (rest / HOUR) as u32,
            minute: (rest / MINUTE % 60) as u32,
            second: (rest / SECOND % 60) as u32,
            milli: (rest % SECOND) as u32,
        }
    }

    /// `2023-07-10T11:42:18Z`, with `.mmm` only when there are milliseconds.
    pub fn to_rfc3339(self) -> String {
        let c = self.civil();
        let fraction = if c.milli == 0 { String::new() } else { format!(".{:03}", c.milli) };
        format!("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{fraction}Z", c.year, c.month, c.day, c.hour, c.minute, c.second)
    }

    /// The last multiple of `step_ms` milliseconds since the epoch that is not after this instant.
    pub fn floor_to(self, step_ms: i64) -> Self {
        Self(self.0.div_euclid(step_ms) * step_ms)
    }
}

/// Days since 1970-01-01 of a proleptic Gregorian date (Howard Hinnant's `days_from_civil`).
pub fn days_from_civil(year: i64, month: u32, day: u32) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let month_from_march = i64::from((month + 9) % 12);
    let day_of_year = (153 * month_from_march + 2) / 5 + i64::from(day) - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// The date (year, month, day) that is `days` after 1970-01-01; inverse of [`days_from_civil`].
pub fn civil_from_days(days: i64) -> (i64, u32, u32) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = (day_of_year - (153 * month_from_march + 2) / 5 + 1) as u32;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 } as u32;
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// Whether the proleptic Gregorian calendar has this date.
pub fn is_date(year: i64, month: u32, day: u32) -> bool {
    (1..=12).contains(&month) && (1..=days_in_month(year, month)).contains(&day)
}

fn days_in_month(year: i64, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_cloudtrail_writes() {
        assert_eq!(EpochMs::parse("1970-01-01T00:00:00Z"), Some(EpochMs(0)));
        assert_eq!(EpochMs::parse("2023-07-10T11:42:18Z"), Some(EpochMs(1_688_989_338_000)));
        assert_eq!(EpochMs::parse("2023-07-10T13:42:18.5+02:00"), Some(EpochMs(1_688_989_338_500)));
        for bad in [
            "",
            "...",
            "2023-07-10",
            "2023-13-10T11:42:18Z",
            "2023-02-29T11:42:18Z",
            "2023-07-10T11:42:18",
            "2023-07-10T11:42:18Zx",
            "2023-07-10T11:42:18.Z",
        ] {
            assert_eq!(EpochMs::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn text_round_trips() {
        for days in (-800_000..800_000).step_by(997) {
            let (year, month, day) = civil_from_days(days);
            assert_eq!(days_from_civil(year, month, day), days);
        }
        for text in ["2024-02-29T23:59:59Z", "2000-01-01T00:00:00.007Z"] {
            assert_eq!(EpochMs::parse(text).unwrap().to_rfc3339(), text);
        }
    }
}
