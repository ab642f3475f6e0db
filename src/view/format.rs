//! Numbers, sizes, durations and times as text, the same everywhere on the screen.

use super::state::TimeRange;
use super::zone::Zone;
use crate::base::EpochMs;
pub use crate::base::number::grouped as count;
use crate::base::time::{Civil, DAY, HOUR, MINUTE, SECOND};

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const WEEKDAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];

/// How often an alarm fires, where there is little room: `1,234×`
pub fn fires(times: usize) -> String {
    format!("{}×", count(times as u64))
}

/// At most four characters and a unit: `987`, `12.3k`, `4.56M`.
pub fn short_count(number: u64) -> String {
    match number {
        0..10_000 => count(number),
        10_000..1_000_000 => format!("{}k", three_digits(number as f64 / 1e3)),
        1_000_000..1_000_000_000 => format!("{}M", three_digits(number as f64 / 1e6)),
        _ => format!("{}G", three_digits(number as f64 / 1e9)),
    }
}

/// `1 event`, `2 events`
pub fn plural(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", count(number), if number == 1 { one } else { many })
}

/// `once`, `14 times`
pub fn times(number: usize) -> String {
    if number == 1 { "once".into() } else { plural(number as u64, "time", "times") }
}

/// Bytes in decimal units: `512 B`, `12.3 MB`.
pub fn bytes(number: u64) -> String {
    let number = number as f64;
    for (limit, unit) in [(1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB")] {
        if number >= limit {
            return format!("{} {unit}", three_digits(number / limit));
        }
    }
    format!("{number} B")
}

/// A part of a whole as percent: `0%`, `<0.1%`, `3.4%`, `34%`, `99.5%`, `>99.9%`, `100%`.
pub fn share(part: u64, whole: u64) -> String {
    let percent = if whole == 0 { 0.0 } else { part as f64 * 100.0 / whole as f64 };
    if part == 0 || whole == 0 {
        "0%".into()
    } else if part == whole {
        "100%".into()
    } else if percent < 0.1 {
        "<0.1%".into()
    } else if percent > 99.9 {
        ">99.9%".into()
    } else if !(10.0..=99.0).contains(&percent) {
        format!("{percent:.1}%")
    } else {
        format!("{percent:.0}%")
    }
}

/// A number of a metric, with at most four decimals: `3`, `0.25`, `1,234.5`.
pub fn number(value: f64) -> String {
    if !value.is_finite() {
        return value.to_string();
    }
    if value != 0.0 && (value.abs() < 1e-4 || value.abs() >= 1e15) {
        return format!("{value:e}");
    }
    let text = format!("{:.4}", value.abs());
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let sign = if value < 0.0 { "−" } else { "" };
    let whole = whole.parse().map_or_else(|_| whole.to_owned(), count);
    let fraction = fraction.trim_end_matches('0');
    let dot = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{whole}{dot}{fraction}")
}

/// Milliseconds in the two largest units: `450 ms`, `12 s`, `5 m`, `3 h 20 m`, `2 d 4 h`.
pub fn duration(millis: i64) -> String {
    let millis = millis.max(0);
    let pair = |large: i64, large_unit: &str, small: i64, small_unit: &str| {
        let (whole, rest) = (millis / large, millis % large / small);
        if rest == 0 { format!("{whole} {large_unit}") } else { format!("{whole} {large_unit} {rest} {small_unit}") }
    };
    match millis {
        0..SECOND => format!("{millis} ms"),
        SECOND..MINUTE => format!("{} s", millis / SECOND),
        MINUTE..HOUR => pair(MINUTE, "m", SECOND, "s"),
        HOUR..DAY => pair(HOUR, "h", MINUTE, "m"),
        _ => pair(DAY, "d", HOUR, "h"),
    }
}

/// `2023-07-10 11:42:18` in the zone, with `.mmm` only when there are milliseconds.
pub fn time(time: EpochMs, zone: &Zone) -> String {
    let c = zone.local(time).civil();
    let fraction = if c.milli == 0 { String::new() } else { format!(".{:03}", c.milli) };
    format!("{:04}-{:02}-{:02} {:02}:{:02}:{:02}{fraction}", c.year, c.month, c.day, c.hour, c.minute, c.second)
}

/// `Mon 10 Jul 2023, 11:42:18 UTC`: one instant for a person.
pub fn long_time(time: EpochMs, zone: &Zone) -> String {
    let local = zone.local(time);
    let c = local.civil();
    let weekday = WEEKDAYS[local.0.div_euclid(DAY).rem_euclid(7) as usize];
    format!("{weekday} {} {} {}, {:02}:{:02}:{:02} {}", c.day, month(c), c.year, c.hour, c.minute, c.second, zone.name)
}

/// `12 Mar 14:05`: enough to find a moment on a chart of one year; `12 Mar 2024 14:05` `with_year`.
pub fn short_time(time: EpochMs, zone: &Zone, with_year: bool) -> String {
    let c = zone.local(time).civil();
    if with_year {
        format!("{} {} {} {}", c.day, month(c), c.year, clock(c))
    } else {
        format!("{} {} {}", c.day, month(c), clock(c))
    }
}

/// Whether two instants lie in different years of the zone.
pub fn spans_years(first: EpochMs, last: EpochMs, zone: &Zone) -> bool {
    zone.local(first).civil().year != zone.local(last).civil().year
}

/// `10 Jul 10:00–12:00`, `10 Jul – 14 Jul 2023`: a range without what both ends share; times of a single year
/// `with_year` only.
pub fn range(range: TimeRange, zone: &Zone, with_year: bool) -> String {
    let (from, to) = (zone.local(range.from), zone.local(range.to));
    let (a, b) = (from.civil(), to.civil());
    let date = |c: Civil| format!("{} {}", c.day, month(c));
    let dated = |c: Civil| format!("{} {} {}", c.day, month(c), c.year);
    let whole_days = from.0.rem_euclid(DAY) == 0 && to.0.rem_euclid(DAY) == 0;
    if whole_days {
        let last = EpochMs(to.0 - DAY).civil();
        return match (a.year == last.year, from.0 == to.0 - DAY) {
            (_, true) => dated(a),
            (true, false) => format!("{} – {}", date(a), dated(last)),
            (false, false) => format!("{} – {}", dated(a), dated(last)),
        };
    }
    let is_one_year = a.year == b.year && !with_year;
    if (a.year, a.month, a.day) == (b.year, b.month, b.day) {
        let date = if with_year { dated(a) } else { date(a) };
        format!("{date} {}–{}", clock(a), clock(b))
    } else if is_one_year {
        format!("{} {} – {} {}", date(a), clock(a), date(b), clock(b))
    } else {
        format!("{} {} – {} {}", dated(a), clock(a), dated(b), clock(b))
    }
}

fn month(civil: Civil) -> &'static str {
    MONTHS[civil.month as usize - 1]
}

/// Hours and minutes, with seconds and milliseconds only where they are not zero.
fn clock(c: Civil) -> String {
    match (c.second, c.milli) {
        (0, 0) => format!("{:02}:{:02}", c.hour, c.minute),
        (_, 0) => format!("{:02}:{:02}:{:02}", c.hour, c.minute, c.second),
        _ => format!("{:02}:{:02}:{:02}.{:03}", c.hour, c.minute, c.second, c.milli),
    }
}

fn three_digits(value: f64) -> String {
    match value {
        0.0..10.0 => format!("{value:.2}"),
        10.0..100.0 => format!("{value:.1}"),
        _ => format!("{value:.0}"),
    }
}

/// What tells identities apart: the part of an IAM or STS ARN after the account (`user/dana`,
/// `assumed-role/web-app/i-0abc`). Anything else stays as it is.
pub fn short_identity(text: &str) -> &str {
    let mut parts = text.splitn(6, ':');
    match (parts.next(), parts.nth(1), parts.nth(2)) {
        (Some("arn"), Some("iam" | "sts"), Some(resource)) if !resource.is_empty() => resource,
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> EpochMs {
        EpochMs::parse(text).unwrap()
    }

    fn between(from: &str, to: &str) -> String {
        range(TimeRange { from: at(from), to: at(to) }, &Zone::default(), false)
    }

    #[test]
    fn counts_are_grouped() {
        for (number, text) in [(9_999, "9,999"), (12_345, "12.3k"), (456_789, "457k"), (2_000_000, "2.00M")] {
            assert_eq!(short_count(number), text);
        }
        assert_eq!((times(0), times(1), times(2)), ("0 times".into(), "once".into(), "2 times".into()));
        assert_eq!((plural(1, "event", "events"), plural(0, "event", "events")), ("1 event".into(), "0 events".into()));
        assert_eq!(fires(4_481), "4,481×");
    }

    #[test]
    fn sizes_and_shares() {
        assert_eq!([bytes(512), bytes(12_345_678), bytes(3_000_000_000)], ["512 B", "12.3 MB", "3.00 GB"]);
        let shares = [(0, 5), (1, 100_000), (34, 1_000), (1, 3), (199, 200), (99_999, 100_000), (5, 5), (0, 0)];
        let texts = ["0%", "<0.1%", "3.4%", "33%", "99.5%", ">99.9%", "100%", "0%"];
        assert_eq!(shares.map(|(part, whole)| share(part, whole)), texts);
    }

    #[test]
    fn metric_values_keep_what_matters() {
        let values = [0.0, 3.0, 0.25, 1_234.5, -2.0, 1.0 / 3.0, 1e-9, 1e20];
        let texts = ["0", "3", "0.25", "1,234.5", "−2", "0.3333", "1e-9", "1e20"];
        assert_eq!(values.map(number), texts);
    }

    #[test]
    fn durations_have_two_units() {
        let millis = [0, 999, 12_000, 61_000, 300_000, 12_000_000, DAY + 5 * HOUR + 3];
        let texts = ["0 ms", "999 ms", "12 s", "1 m 1 s", "5 m", "3 h 20 m", "1 d 5 h"];
        assert_eq!(millis.map(duration), texts);
    }

    #[test]
    fn times_follow_the_zone() {
        let tokyo = Zone::fixed("Asia/Tokyo", 9 * HOUR);
        let instant = at("2023-07-10T18:42:18.5Z");
        assert_eq!(time(instant, &Zone::default()), "2023-07-10 18:42:18.500");
        assert_eq!(time(instant, &tokyo), "2023-07-11 03:42:18.500");
        assert_eq!(long_time(instant, &tokyo), "Tue 11 Jul 2023, 03:42:18 Asia/Tokyo");
        let noon = at("2024-03-12T14:05:00Z");
        assert_eq!(short_time(noon, &Zone::default(), false), "12 Mar 14:05");
        assert_eq!(short_time(noon, &Zone::default(), true), "12 Mar 2024 14:05");
    }

    #[test]
    fn ranges_say_shared_things_once() {
        assert_eq!(between("2023-07-10T10:00:00Z", "2023-07-10T12:30:05Z"), "10 Jul 10:00–12:30:05");
        let morning = TimeRange { from: at("2023-07-10T10:00:00Z"), to: at("2023-07-10T12:30:05Z") };
        assert_eq!(range(morning, &Zone::default(), true), "10 Jul 2023 10:00–12:30:05");
        assert_eq!(between("2023-07-10T10:00:00Z", "2023-07-11T12:00:00Z"), "10 Jul 10:00 – 11 Jul 12:00");
        assert_eq!(between("2023-07-10T00:00:00Z", "2023-07-11T00:00:00Z"), "10 Jul 2023");
        assert_eq!(between("2023-07-10T00:00:00Z", "2023-07-15T00:00:00Z"), "10 Jul – 14 Jul 2023");
        assert_eq!(between("2022-12-31T23:00:00Z", "2023-01-01T01:00:00Z"), "31 Dec 2022 23:00 – 1 Jan 2023 01:00");
    }

    #[test]
    fn identities_are_told_apart_by_what_follows_the_account() {
        assert_eq!(short_identity("arn:aws:iam::111122223333:user/ops/dana"), "user/ops/dana");
        assert_eq!(short_identity("arn:aws-cn:sts::111122223333:assumed-role/web-app/i:1"), "assumed-role/web-app/i:1");
        for whole in ["arn:aws:s3:::bucket/key", "arn:aws:iam::1:", "arn:aws:iam", "cloudtrail.amazonaws.com", ""] {
            assert_eq!(short_identity(whole), whole);
        }
    }
}
