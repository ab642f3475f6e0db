//! Cron expressions of five fields: minutes, hours, day of the month, month, day of the week.

use crate::base::EpochMs;
use crate::base::time::{DAY, HOUR, MINUTE};
use std::str::FromStr;

const MONTHS: [&str; 12] = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const DAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/// Local times that recur. Each field is a bit set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cron {
    minutes: u64,
    hours: u64,
    days: u64,
    months: u64,
    weekdays: u64,
    /// Whether a day of the month, or of the week, is asked for.
    asks: (bool, bool),
}

impl FromStr for Cron {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let fields: Vec<&str> = text.split_whitespace().collect();
        let [minutes, hours, days, months, weekdays] = fields.as_slice() else {
            return Err(format!(
                "a cron expression has five fields (minutes, hours, day of month, month, day of week), not {}",
                fields.len()
            ));
        };
        let weekday_bits = field(weekdays, 0, 7, &DAYS, "day of the week")?;
        Ok(Self {
            minutes: field(minutes, 0, 59, &[], "minutes")?,
            hours: field(hours, 0, 23, &[], "hours")?,
            days: field(days, 1, 31, &[], "day of the month")?,
            months: field(months, 1, 12, &MONTHS, "month")?,
            // 7 is Sunday, too.
            weekdays: weekday_bits | (weekday_bits >> 7),
            asks: (!days.starts_with('*'), !weekdays.starts_with('*')),
        })
    }
}

/// `*`, `5`, `1-5`, `MON,WED` as bits.
fn field(text: &str, first: u32, last: u32, names: &[&str], what: &str) -> Result<u64, String> {
    let wrong = || format!("“{text}” is not a {what} field: *, {first}-{last}, and lists with commas are");
    let number = |text: &str| {
        let named = names.iter().position(|name| name.eq_ignore_ascii_case(text));
        let plain = || text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<u32>().ok()).flatten();
        let number = named.map(|index| index as u32 + first).or_else(plain)?;
        (first..=last).contains(&number).then_some(number)
    };
    let mut bits = 0u64;
    for part in text.split(',') {
        let (from, to) = match part.split_once('-') {
            _ if part == "*" => (first, last),
            Some((from, to)) => (number(from).ok_or_else(wrong)?, number(to).ok_or_else(wrong)?),
            None => number(part).map(|number| (number, number)).ok_or_else(wrong)?,
        };
        if from > to {
            return Err(wrong());
        }
        bits |= (from..=to).fold(0, |bits, number| bits | 1 << number);
    }
    Ok(bits)
}

impl Cron {
    /// The local times at `newest` and before it, down to the day of `oldest`, newest first.
    pub fn before(self, newest: EpochMs, oldest: EpochMs) -> impl Iterator<Item = EpochMs> {
        let days = (oldest.0.div_euclid(DAY)..=newest.0.div_euclid(DAY)).rev().filter(move |day| self.is_on(*day));
        days.flat_map(move |day| {
            let hours = (0..24i64).rev().filter(move |hour| self.hours >> hour & 1 == 1);
            hours.flat_map(move |hour| {
                let minutes = (0..60i64).rev().filter(move |minute| self.minutes >> minute & 1 == 1);
                minutes.map(move |minute| EpochMs(day * DAY + hour * HOUR + minute * MINUTE))
            })
        })
        .filter(move |time| *time <= newest)
    }

    /// Whether any time falls on a day since the epoch.
    fn is_on(self, day: i64) -> bool {
        let date = EpochMs(day * DAY).civil();
        let (of_month, of_week) = (self.days >> date.day & 1 == 1, self.weekdays >> (day + 4).rem_euclid(7) & 1 == 1);
        let is_day = match self.asks {
            (true, true) => of_month || of_week,
            _ => of_month && of_week,
        };
        self.months >> date.month & 1 == 1 && is_day
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn newest(cron: &str, at: &str) -> Option<String> {
        let at = EpochMs::parse(at).unwrap();
        cron.parse::<Cron>().unwrap().before(at, EpochMs(at.0 - 60 * DAY)).next().map(EpochMs::to_rfc3339)
    }

    #[test]
    fn times_recur() {
        let at = "2024-05-15T12:34:56Z";
        for (cron, expect) in [
            ("0 2 * * *", "2024-05-15T02:00:00Z"),
            ("0 2 * * SUN", "2024-05-12T02:00:00Z"),
            ("0 2 * * 7", "2024-05-12T02:00:00Z"),
            ("0 1 1 * *", "2024-05-01T01:00:00Z"),
            ("0 18 * * fri", "2024-05-10T18:00:00Z"),
            ("15,45 9-17 * * MON-FRI", "2024-05-15T12:15:00Z"),
            ("0 0 14 * MON", "2024-05-14T00:00:00Z"),
            ("0 0 * APR *", "2024-04-30T00:00:00Z"),
        ] {
            assert_eq!(newest(cron, at).as_deref(), Some(expect), "{cron}");
        }
        assert_eq!(newest("0 0 31 FEB *", at), None);
    }

    #[test]
    fn other_fields_are_refused() {
        for cron in ["", "* * * *", "60 * * * *", "*/5 * * * *", "5-1 * * * *", "0 0 0 * *", "0 0 * FOO *", "é * * * *"]
        {
            assert!(cron.parse::<Cron>().is_err(), "{cron}");
        }
    }
}
