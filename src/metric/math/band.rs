//! The band a metric is expected in: an approximation of CloudWatch's anomaly detection, whose algorithm is not published.
//!
//! "Using CloudWatch anomaly detection" documents two weeks of training, a trend, hourly, daily and weekly seasons, a width in
//! deviations and a lower edge of a count that is never below zero. Undocumented: we choose the rest. Counts are brought to
//! equal spread by a square root; the trend is the median of the slopes between days; the season is the median of the finest
//! slot with enough data; the spread is the median deviation, so that past incidents do not widen the band. A model is trained
//! anew each midnight UTC, on what was before it: no datapoint is ever judged by itself or by what came later.

use super::syntax::{Node, Tree};
use crate::base::EpochMs;
use crate::base::time::{DAY, HOUR, SECOND};
use std::cell::OnceCell;

/// Width where none is given.
pub const WIDTH: f64 = 2.0;

/// What a model is trained on, at most.
const TRAINING: i64 = 14 * DAY;

/// Without so much history there is no band.
pub const LEARNING: i64 = 3 * DAY;

/// Makes a median absolute deviation a standard deviation, if the values are normally distributed.
const NORMAL: f64 = 1.4826;

/// What the square root of counts is taken with (Anscombe).
const SHIFT: f64 = 3.0 / 8.0;

/// The band at one time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Edges {
    /// Below it a value is unexpected.
    pub lower: f64,
    /// Above it a value is unexpected.
    pub upper: f64,
}

/// What is expected at one time, from which a band of any width follows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Expected {
    /// Of square roots, if the metric is a count.
    is_count: bool,
    centre: f64,
    /// A standard deviation.
    spread: f64,
    /// How fine the season is.
    pub season: Season,
}

impl Expected {
    /// The band of a width in standard deviations.
    pub fn edges(&self, width: f64) -> Edges {
        let back = |value: f64| {
            if self.is_count { (value.max(SHIFT.sqrt()).powi(2) - SHIFT).max(0.0) } else { value }
        };
        let away = width * self.spread;
        Edges { lower: back(self.centre - away), upper: back(self.centre + away) }
    }
}

/// Which datapoints are compared with each other, the finest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Season {
    /// Those of the same hour of the week.
    HourOfWeek,
    /// Those of the same hour, working days apart from weekends.
    DayKindAndHour,
    /// Those of the same hour of the day.
    HourOfDay,
    /// All.
    None,
}

impl Season {
    const ALL: [Self; 4] = [Self::HourOfWeek, Self::DayKindAndHour, Self::HourOfDay, Self::None];

    /// Slots in all, and slots after which the hours begin again.
    fn slots(self) -> (usize, usize) {
        match self {
            Self::HourOfWeek => (168, 168),
            Self::DayKindAndHour => (48, 24),
            Self::HourOfDay => (24, 24),
            Self::None => (1, 1),
        }
    }

    fn slot(self, time: EpochMs) -> usize {
        let hour = time.0.rem_euclid(DAY) / HOUR;
        let day = (time.0.div_euclid(DAY) + 3).rem_euclid(7);
        let slot = match self {
            Self::HourOfWeek => day * 24 + hour,
            Self::DayKindAndHour => i64::from(day >= 5) * 24 + hour,
            Self::HourOfDay => hour,
            Self::None => 0,
        };
        slot as usize
    }

    /// Whether so many datapoints of so many days are enough for a slot.
    fn is_enough(self, points: usize, days: usize) -> bool {
        match self {
            Self::HourOfWeek => days >= 2 && points >= 6,
            Self::DayKindAndHour | Self::HourOfDay => days >= 3,
            Self::None => points >= 24,
        }
    }
}

/// The width in the arguments of `ANOMALY_DETECTION_BAND`.
pub(super) fn width(arguments: &[Node]) -> f64 {
    match arguments.get(1).map(|node| &node.tree) {
        Some(Tree::Number(width)) => *width,
        _ => WIDTH,
    }
}

/// What is expected at each of `times`, which ascend, of a metric measured at `points`, which ascend, too.
pub fn along(times: impl Iterator<Item = EpochMs>, points: &[(EpochMs, f64)], period_s: u32) -> Vec<Option<Expected>> {
    let mut trained: Option<(EpochMs, Option<Model>)> = None;
    let one = |time: EpochMs| {
        let midnight = time.floor_to(DAY);
        if trained.as_ref().is_none_or(|(day, _)| *day != midnight) {
            trained = Some((midnight, Model::train(points, midnight, period_s)));
        }
        trained.as_ref()?.1.as_ref()?.expected(time)
    };
    times.map(one).collect()
}

/// What is known at some midnight.
struct Model {
    now: EpochMs,
    is_count: bool,
    /// Change per day.
    slope: f64,
    /// Values without trend, ascending in time.
    values: Vec<(EpochMs, f64)>,
    /// By season, when first needed.
    levels: [OnceCell<Level>; 4],
}

/// The datapoints of a model by slots.
struct Level {
    slots: Vec<Slot>,
    /// Spread of all around the centres of their slots.
    spread: f64,
    /// What stands in for a spread of 0.
    deviation: f64,
}

#[derive(Clone, Default)]
struct Slot {
    points: usize,
    days: usize,
    centre: f64,
    spread: f64,
}

impl Model {
    /// On the datapoints whose periods end by `now`; `None` while there is too little history.
    fn train(points: &[(EpochMs, f64)], now: EpochMs, period_s: u32) -> Option<Self> {
        let period = i64::from(period_s) * SECOND;
        let known = &points[..points.partition_point(|(time, _)| time.0 + period <= now.0)];
        if now.0 - known.first()?.0.0 < LEARNING {
            return None;
        }
        let window = &known[known.partition_point(|(time, _)| time.0 < now.0 - TRAINING)..];
        let is_count = window.iter().all(|(_, value)| *value >= 0.0 && value.fract() == 0.0);
        let mut values: Vec<(EpochMs, f64)> =
            window.iter().map(|&(time, value)| (time, if is_count { (value + SHIFT).sqrt() } else { value })).collect();
        let slope = slope(&values, period);
        for (time, value) in &mut values {
            *value -= slope * days(*time, now);
        }
        Some(Self { now, is_count, slope, values, levels: Default::default() })
    }

    fn level(&self, at: usize) -> &Level {
        self.levels[at].get_or_init(|| Level::of(&self.values, Season::ALL[at]))
    }

    fn expected(&self, time: EpochMs) -> Option<Expected> {
        let enough = |(at, season): (usize, &Season)| {
            let level = self.level(at);
            let slot = &level.slots[season.slot(time)];
            season.is_enough(slot.points, slot.days).then_some((*season, level, slot))
        };
        let (season, level, slot) = Season::ALL.iter().enumerate().find_map(enough)?;
        let floor = if self.is_count { 0.5 } else { 1e-3 * slot.centre.abs().max(1.0) };
        let spread = ((slot.spread.powi(2) + level.spread.powi(2)) / 2.0).sqrt();
        let spread = if spread > 0.0 { spread } else { level.deviation }.max(floor);
        let centre = slot.centre + self.slope * days(time, self.now);
        Some(Expected { is_count: self.is_count, centre, spread, season })
    }
}

impl Level {
    fn of(values: &[(EpochMs, f64)], season: Season) -> Self {
        let (count, cycle) = season.slots();
        let mut members: Vec<Vec<f64>> = vec![Vec::new(); count];
        let mut slots = vec![Slot::default(); count];
        let mut last_days = vec![None; count];
        for &(time, value) in values {
            let at = season.slot(time);
            members[at].push(value);
            let day = time.0.div_euclid(DAY);
            slots[at].days += usize::from(last_days[at].replace(day) != Some(day));
        }
        let medians: Vec<Option<f64>> = members.iter().map(|values| median(&mut values.clone())).collect();
        for (at, slot) in slots.iter_mut().enumerate() {
            slot.points = members[at].len();
            slot.centre = smoothed(&medians, at, cycle);
        }
        let mut residuals = Vec::with_capacity(values.len());
        for (slot, values) in slots.iter_mut().zip(&members) {
            let mut away: Vec<f64> = values.iter().map(|value| value - slot.centre).collect();
            residuals.extend_from_slice(&away);
            slot.spread = deviation_of_median(&mut away);
        }
        let deviation = limited_deviation(&mut residuals);
        Self { slots, spread: deviation_of_median(&mut residuals), deviation }
    }
}

/// The median of a slot with those of the hours around it, by 1/4, 1/2, 1/4; a neighbour without data does not count.
fn smoothed(medians: &[Option<f64>], at: usize, cycle: usize) -> f64 {
    let from = at - at % cycle;
    let beside = |by: usize| medians[from + (at % cycle + by) % cycle];
    let Some(own) = medians[at] else { return f64::NAN };
    let around = if cycle > 1 { [beside(1), beside(cycle - 1)] } else { [None; 2] };
    let (sum, weight) =
        around.into_iter().flatten().fold((own * 0.5, 0.5), |(sum, weight), value| (sum + value * 0.25, weight + 0.25));
    sum / weight
}

/// Change per day: the median of the slopes between the medians of days (Theil–Sen), of seven days or more that have a
/// quarter of their datapoints; over two weeks it is no more than the days differ anyway.
fn slope(values: &[(EpochMs, f64)], period: i64) -> f64 {
    let expected = (DAY / period.max(1)).max(1);
    let mut by_day: Vec<(f64, f64)> = Vec::new();
    for day in values.chunk_by(|a, b| a.0.floor_to(DAY) == b.0.floor_to(DAY)) {
        if day.len() as i64 * 4 >= expected
            && let Some(median) = median(&mut day.iter().map(|(_, value)| *value).collect::<Vec<_>>())
        {
            by_day.push(((day[0].0.0.div_euclid(DAY)) as f64, median));
        }
    }
    if by_day.len() < 7 {
        return 0.0;
    }
    let mut slopes: Vec<f64> = Vec::new();
    for (at, (day, value)) in by_day.iter().enumerate() {
        slopes.extend(by_day[at + 1..].iter().map(|(later, other)| (other - value) / (later - day)));
    }
    let mut medians: Vec<f64> = by_day.iter().map(|(_, value)| *value).collect();
    medians.sort_by(f64::total_cmp);
    let most = (quantile(&medians, 0.75) - quantile(&medians, 0.25)) / (TRAINING / DAY) as f64;
    median(&mut slopes).unwrap_or(0.0).clamp(-most, most)
}

fn days(time: EpochMs, since: EpochMs) -> f64 {
    (time.0 - since.0) as f64 / DAY as f64
}

/// Leaves the values in some other order.
fn median(values: &mut [f64]) -> Option<f64> {
    if values.is_empty() {
        return None;
    }
    let (middle, is_odd) = (values.len() / 2, values.len() % 2 == 1);
    let (before, above, _) = values.select_nth_unstable_by(middle, f64::total_cmp);
    let below = before.iter().copied().max_by(f64::total_cmp).filter(|_| !is_odd).unwrap_or(*above);
    Some(below + (*above - below) * 0.5)
}

/// Of ascending values, of which there is at least one.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let rank = share * (sorted.len() - 1) as f64;
    let (below, above) = (sorted[rank.floor() as usize], sorted[rank.ceil() as usize]);
    below + (above - below) * rank.fract()
}

fn deviation_of_median(values: &mut [f64]) -> f64 {
    let Some(centre) = median(values) else { return 0.0 };
    let mut away: Vec<f64> = values.iter().map(|value| (value - centre).abs()).collect();
    NORMAL * median(&mut away).unwrap_or(0.0)
}

/// Standard deviation of values brought inside their 1st and 99th percentile.
fn limited_deviation(values: &mut [f64]) -> f64 {
    if values.is_empty() {
        return 0.0;
    }
    values.sort_unstable_by(f64::total_cmp);
    let (low, high) = (quantile(values, 0.01), quantile(values, 0.99));
    let limited = values.iter().map(|value| value.clamp(low, high));
    let mean = limited.clone().sum::<f64>() / values.len() as f64;
    (limited.map(|value| (value - mean).powi(2)).sum::<f64>() / values.len() as f64).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Hourly values for some days, Monday 1970-01-05 first.
    fn hourly(days: i64, value: impl Fn(i64) -> f64) -> Vec<(EpochMs, f64)> {
        (0..days * 24).map(|hour| (EpochMs(4 * DAY + hour * HOUR), value(hour))).collect()
    }

    fn after(points: &[(EpochMs, f64)], hour: i64) -> Option<Expected> {
        let end = points[points.len() - 1].0.0 + HOUR;
        along([EpochMs(end + hour * HOUR)].into_iter(), points, 3_600)[0]
    }

    /// A bell of sorts, the same on every run.
    fn noise(seed: i64) -> f64 {
        let mut state = (seed as u64).wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mut sum = 0.0;
        for _ in 0..12 {
            state ^= state >> 29;
            state = state.wrapping_mul(0xbf58_476d_1ce4_e5b9);
            state ^= state >> 32;
            sum += (state >> 11) as f64 / (1u64 << 53) as f64;
        }
        sum - 6.0
    }

    /// A day's wave of counts with the spread of counts.
    fn wave(hour: i64) -> f64 {
        let rate = 20.0 + 15.0 * (hour as f64 * std::f64::consts::TAU / 24.0).sin();
        (rate + rate.sqrt() * noise(hour)).round().max(0.0)
    }

    #[test]
    fn a_constant_lies_inside_its_band_and_counts_never_go_below_zero() {
        let seven = after(&hourly(14, |_| 7.0), 5).unwrap().edges(2.0);
        assert!(seven.lower < 7.0 && seven.upper > 7.0 && seven.upper < 15.0, "{seven:?}");
        let expected = after(&hourly(14, |_| 0.0), 5).unwrap();
        let zero = expected.edges(2.0);
        assert!(zero.lower == 0.0 && (1.5..3.0).contains(&zero.upper), "{zero:?}");
        // One datapoint an hour makes two a slot in two weeks, too few for hours of the week.
        assert_eq!(expected.season, Season::DayKindAndHour);
    }

    #[test]
    fn of_two_weeks_of_a_daily_wave_next_to_nothing_is_outside() {
        let all = hourly(28, wave);
        let expected = along(all.iter().map(|(time, _)| *time), &all, 3_600);
        let judged: Vec<_> = all
            .iter()
            .zip(&expected)
            .filter_map(|((_, value), expected)| Some((value, expected.as_ref()?.edges(3.0))))
            .collect();
        assert_eq!(judged.len(), 25 * 24, "three days to learn");
        let outside = judged.iter().filter(|(value, edges)| **value < edges.lower || **value > edges.upper).count();
        assert!(outside * 20 <= judged.len(), "{outside} of {}", judged.len());
    }

    #[test]
    fn one_spike_in_the_past_hardly_moves_the_band() {
        let calm = hourly(14, wave);
        let mut struck = calm.clone();
        struck[13 * 24 + 5].1 *= 10.0;
        for hour in 0..24 {
            let (a, b) = (after(&calm, hour).unwrap().edges(2.0), after(&struck, hour).unwrap().edges(2.0));
            assert!((a.upper - b.upper).abs() < 0.1 * a.upper, "{a:?} {b:?}");
        }
    }

    #[test]
    fn a_median_is_that_of_the_sorted_values() {
        assert_eq!(median(&mut []), None);
        for len in 1..40 {
            let mut values: Vec<f64> = (0..len).map(noise).collect();
            let mut sorted = values.clone();
            sorted.sort_by(f64::total_cmp);
            assert_eq!(median(&mut values), Some(quantile(&sorted, 0.5)));
        }
    }

    #[test]
    fn nothing_later_than_its_day_changes_a_band() {
        let all = hourly(20, wave);
        let times = || all[..10 * 24].iter().map(|(time, _)| *time);
        assert_eq!(along(times(), &all, 3_600), along(times(), &all[..10 * 24], 3_600));
        assert_eq!(along(times().take(72), &all, 3_600), vec![None; 72]);
    }
}
