//! Where grid lines stand and what they say.

use super::calendar::{Step, TICK_STEPS};
use super::scale::TimeScale;
use crate::base::EpochMs;
use crate::base::time::{DAY, MINUTE};
use crate::view::format;

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A mark on the time axis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tick {
    /// Where.
    pub at: EpochMs,
    /// Text under it.
    pub label: String,
    /// Whether a larger unit begins here (midnight among hours, January among months).
    pub strong: bool,
}

/// Pixels between two marks: room for `12 Mar 14:05`, and for `12 Mar`.
const SPACING: (f64, f64) = (84.0, 46.0);

/// Calendar-aligned marks with room for their labels. The first one names its day if no other does.
pub fn time_ticks(scale: &TimeScale, offset_ms: i64) -> Vec<Tick> {
    let fits = |step: &Step| {
        let spacing = if step.typical_ms() < DAY { SPACING.0 } else { SPACING.1 };
        step.typical_ms() as f64 >= scale.ms_per_pixel() * spacing
    };
    let step = TICK_STEPS.into_iter().find(fits).unwrap_or(Step::Months(120));
    let mut ticks = Vec::new();
    let mut at = step.ceil(scale.range.from, offset_ms);
    while at <= scale.range.to {
        let (label, strong) = tick_label(at, step, offset_ms);
        ticks.push(Tick { at, label, strong });
        at = step.next(at, offset_ms);
    }
    let named = ticks.iter().take(2).any(|tick| tick.strong);
    if let Some(first) = ticks.first_mut().filter(|_| !named && step.typical_ms() < DAY) {
        first.label = format!("{} {}", day_label(first.at, offset_ms), first.label);
    }
    ticks
}

/// The label of a boundary: the largest unit that begins there.
fn tick_label(at: EpochMs, step: Step, offset_ms: i64) -> (String, bool) {
    let civil = EpochMs(at.0 + offset_ms).civil();
    let month = MONTHS[civil.month as usize - 1];
    let year_start = civil.month == 1 && civil.day == 1;
    let midnight = (civil.hour, civil.minute, civil.second) == (0, 0, 0);
    match step {
        Step::Months(months) if months % 12 == 0 => (civil.year.to_string(), false),
        Step::Months(_) if civil.month == 1 => (civil.year.to_string(), true),
        Step::Months(_) => (month.into(), false),
        _ if midnight && year_start => (format!("1 Jan {}", civil.year), true),
        _ if midnight => (format!("{} {month}", civil.day), step.typical_ms() < DAY),
        Step::Fixed(ms) if ms < MINUTE => (format!("{:02}:{:02}:{:02}", civil.hour, civil.minute, civil.second), false),
        _ => (format!("{:02}:{:02}", civil.hour, civil.minute), false),
    }
}

/// `12 Mar`
fn day_label(at: EpochMs, offset_ms: i64) -> String {
    let civil = EpochMs(at.0 + offset_ms).civil();
    format!("{} {}", civil.day, MONTHS[civil.month as usize - 1])
}

/// The smallest of 1, 2, 5 times a power of ten that is not below `least`.
pub fn nice_step(least: f64) -> f64 {
    if !least.is_finite() || least <= 0.0 {
        return 1.0;
    }
    let power = 10f64.powf(least.log10().floor());
    [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .map(|factor| factor * power)
        .find(|step| *step >= least * (1.0 - 1e-9))
        .unwrap_or(power * 10.0)
}

/// Multiples of a 1-2-5 step inside `[min, max]`, about `count` of them, at least `least_step` apart.
pub fn value_ticks(min: f64, max: f64, count: f64, least_step: f64) -> Vec<f64> {
    let step = nice_step((max - min) / count.max(1.0)).max(least_step);
    let first = (min / step - 1e-9).ceil() as i64;
    let last = (max / step + 1e-9).floor() as i64;
    // `multiple * step` would print 0.30000000000000004.
    (first..=last).map(|multiple| round_to(multiple as f64 * step, step)).collect()
}

/// Rounds to the decimals a step has.
pub fn round_to(value: f64, step: f64) -> f64 {
    let decimals = decimals_of(step);
    let factor = 10f64.powi(decimals);
    let rounded = (value * factor).round() / factor;
    if rounded == 0.0 { 0.0 } else { rounded }
}

fn decimals_of(step: f64) -> i32 {
    (-step.log10().floor() as i32).clamp(0, 12)
}

/// A short number for an axis: `250`, `1.5k`, `20M`, `0.05`.
pub fn axis_number(value: f64) -> String {
    let size = value.abs();
    let (scaled, suffix) = match size {
        _ if size >= 1e12 => return format!("{value:.0e}"),
        _ if size >= 1e9 => (value / 1e9, "G"),
        _ if size >= 1e6 => (value / 1e6, "M"),
        _ if size >= 1e4 => (value / 1e3, "k"),
        _ => (value, ""),
    };
    format!("{}{suffix}", format::number(scaled))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::time::HOUR;
    use crate::view::TimeRange;
    use crate::view::chart::Frame;

    fn labels(from: &str, to: &str, width: f64, offset_ms: i64) -> Vec<String> {
        let range = TimeRange { from: EpochMs::parse(from).unwrap(), to: EpochMs::parse(to).unwrap() };
        let scale = TimeScale::new(range, &Frame::inside(width, 100.0, (0.0, 0.0, 0.0, 0.0)));
        time_ticks(&scale, offset_ms).into_iter().map(|tick| tick.label).collect()
    }

    #[test]
    fn labels_name_the_unit_that_begins() {
        assert_eq!(
            labels("2024-03-12T22:30:00Z", "2024-03-13T02:10:00Z", 400.0, 0),
            ["23:00", "13 Mar", "01:00", "02:00"]
        );
        assert_eq!(
            labels("2024-03-12T14:01:00Z", "2024-03-12T14:16:00Z", 320.0, 0),
            ["12 Mar 14:05", "14:10", "14:15"]
        );
        assert_eq!(labels("2024-03-12T14:00:00Z", "2024-03-12T14:00:12Z", 320.0, 0)[1], "14:00:05");
        assert_eq!(labels("2023-11-20T00:00:00Z", "2024-02-10T00:00:00Z", 320.0, 0), ["Dec", "2024", "Feb"]);
        assert_eq!(labels("2023-12-31T00:00:00Z", "2024-01-02T00:00:00Z", 300.0, 0), ["31 Dec", "1 Jan 2024", "2 Jan"]);
        assert_eq!(labels("2020-05-01T00:00:00Z", "2024-05-01T00:00:00Z", 500.0, 0), ["2021", "2022", "2023", "2024"]);
    }

    #[test]
    fn labels_follow_the_zone() {
        assert_eq!(labels("2024-03-12T20:00:00Z", "2024-03-13T02:00:00Z", 600.0, 2 * HOUR)[2], "13 Mar");
    }

    #[test]
    fn value_ticks_are_round() {
        assert_eq!(value_ticks(0.0, 10.0, 5.0, 1.0), [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]);
        assert_eq!(value_ticks(0.0, 0.3, 3.0, 0.0), [0.0, 0.1, 0.2, 0.3]);
        assert_eq!(value_ticks(-5.0, 5.0, 2.0, 0.0), [-5.0, 0.0, 5.0]);
        assert_eq!((nice_step(0.0), nice_step(3.0), nice_step(0.02), nice_step(1000.0)), (1.0, 5.0, 0.02, 1000.0));
    }

    #[test]
    fn numbers_read_well() {
        let axis = [0.0, 250.0, 1_500.0, 20_000.0, 2.5e6, 0.05, -12_000.0].map(axis_number);
        assert_eq!(axis, ["0", "250", "1,500", "20k", "2.5M", "0.05", "−12k"]);
    }
}
