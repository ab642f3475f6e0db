//! What an alarm watches, for the period that ends at each tick.
//!
//! A formula that only combines the datapoints of one time is calculated once over all ticks. One that looks around (`DIFF`,
//! `AVG(m1)`) depends on the range of the evaluation. Undocumented: we choose that each datapoint is calculated over the
//! range of periods that ends with it.

use super::band::{self, Edges, Expected};
use super::evaluate::{Grid, Known, Value, evaluate};
use super::queries::Formulas;
use super::syntax::Node;
use crate::base::EpochMs;
use crate::base::time::SECOND;
use crate::model::series::{Point, Run, Series, Sliding};
use std::ops::Range;

/// Ticks calculated at once: bounds what intermediate results take.
const BLOCK: i64 = 1 << 14;

/// Datapoints that formulas which look around look at in all, a year of minutes for ranges of eight; the newest are kept.
/// Ticks at which there can be none cost nothing.
const LOOKED_AT: i64 = 1 << 22;

/// Slides the formulas of an alarm over `metrics`, which are in their order. `range` is how many periods an evaluation looks
/// at.
pub fn sliding(formulas: &Formulas, metrics: &[Sliding], range: u32) -> Sliding {
    let mut result = slide(formulas, &formulas.watched, metrics, range);
    if let Some((metric, width)) = &formulas.band {
        let expected = expected(&result, &aligned(&slide(formulas, metric, metrics, range)));
        judge(&mut result, &expected, *width);
    }
    result
}

/// The same with a band of each of `widths` in place of the formulas' own; nothing of formulas without a band.
pub fn by_width<'w>(
    formulas: &Formulas,
    metrics: &[Sliding],
    range: u32,
    widths: &'w [f64],
) -> impl Iterator<Item = Sliding> + use<'w> {
    let banded = formulas.band.as_ref().map(|(metric, _)| {
        let result = slide(formulas, &formulas.watched, metrics, range);
        let expected = expected(&result, &aligned(&slide(formulas, metric, metrics, range)));
        (result, expected)
    });
    widths.iter().filter_map(move |width| {
        let (mut result, expected) = banded.as_ref().map(|(result, expected)| (result.clone(), expected))?;
        judge(&mut result, expected, *width);
        Some(result)
    })
}

/// The clock-aligned datapoints in what slides.
pub fn aligned(sliding: &Sliding) -> Series {
    let period = sliding.period_ticks();
    let mut points = Vec::new();
    for run in &sliding.runs {
        let skip = (-run.first_end).rem_euclid(period);
        for (at, value) in run.values.iter().enumerate().skip(skip as usize).step_by(period as usize) {
            if !value.is_nan() {
                let start = sliding.time(run.first_end + at as i64 - period);
                points.push(Point { start, value: *value, samples: u64::from(run.sample_counts[at]) });
            }
        }
    }
    Series { period_s: sliding.period_s, points }
}

/// What is expected of each value in each run.
fn expected(sliding: &Sliding, trained: &Series) -> Vec<Vec<Option<Expected>>> {
    let measured: Vec<_> = trained.points.iter().map(|point| (point.start, point.value)).collect();
    let period = sliding.period_ticks();
    let of_run = |run: &Run| {
        let starts = (0..run.values.len() as i64).map(|at| sliding.time(run.first_end + at - period));
        band::along(starts, &measured, sliding.period_s)
    };
    sliding.runs.iter().map(of_run).collect()
}

/// Puts the band beside each value; a value without a band is none that an alarm sees.
fn judge(sliding: &mut Sliding, expected: &[Vec<Option<Expected>>], width: f64) {
    for (run, expected) in sliding.runs.iter_mut().zip(expected) {
        let edges = |expected: Option<&Expected>| {
            expected.map_or((f64::NAN, f64::NAN), |expected| {
                let Edges { lower, upper } = expected.edges(width);
                (lower, upper)
            })
        };
        run.band = expected.iter().map(|expected| edges(expected.as_ref())).collect();
        for (value, expected) in run.values.iter_mut().zip(expected) {
            if expected.is_none() {
                *value = f64::NAN;
            }
        }
    }
}

fn slide(formulas: &Formulas, node: &Node, metrics: &[Sliding], range: u32) -> Sliding {
    let period_s = formulas.period_s;
    let step_s = if period_s < 60 { 10 } else { 60 };
    let log_minutes =
        metrics.iter().filter_map(|metric| metric.log_minutes).reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
    let omitted = metrics.iter().map(|metric| metric.omitted).sum();
    let mut result = Sliding { period_s, step_s, log_minutes, omitted, ..Sliding::default() };
    let range = i64::from(range.max(1));
    let looks_around = formulas.depends_on_range();
    let only_where_measured = formulas.is_only_where_measured();
    let is_worth = |tick: i64| !only_where_measured || metrics.iter().any(|metric| metric.at(tick).is_some());
    let period = result.period_ticks();
    let most = if looks_around { LOOKED_AT / range } else { Sliding::MAX_TICKS as i64 };
    let mut stretches = if formulas.fills() {
        filled(metrics, &mut result, most)
    } else {
        let runs = metrics.iter().flat_map(|metric| &metric.runs);
        joined(runs.map(|run| run.first_end..run.first_end + run.values.len() as i64).collect(), &result)
    };
    let mut cut = keep_newest(&mut stretches, Sliding::MAX_TICKS as i64, |_| true);
    if looks_around {
        cut = keep_newest(&mut stretches, most, is_worth).or(cut);
    }
    result.evaluated_from = metrics.iter().map(|metric| metric.evaluated_from).fold(cut, Option::max);
    let calculation = Calculation { formulas, node, metrics, step_s, period };
    for ticks in stretches {
        let mut run = Run { first_end: ticks.start, ..Run::default() };
        if looks_around {
            let value = |tick| if is_worth(tick) { calculation.newest(tick, range) } else { f64::NAN };
            run.values.extend(ticks.clone().map(value));
        } else {
            for from in ticks.clone().step_by(BLOCK as usize) {
                let len = (ticks.end - from).min(BLOCK) as usize;
                run.values.extend(calculation.over(from, 1, len));
            }
        }
        let samples = |tick: i64| {
            metrics.iter().filter_map(|metric| metric.at(tick)).map(|(_, samples)| samples).fold(0, u32::saturating_add)
        };
        run.sample_counts = ticks.map(samples).collect();
        result.runs.push(run);
    }
    result
}

/// The ticks of the log, where a formula fills gaps: all of it, silence included, if that is no more than `most`. A single
/// event decades away would otherwise push out the days that were logged.
fn filled(metrics: &[Sliding], result: &mut Sliding, most: i64) -> Vec<Range<i64>> {
    let per_minute = i64::from(60 / result.step_s);
    let period = result.period_ticks();
    let ticks = |(first, last): (i64, i64)| first * per_minute + 1..(last + 1) * per_minute + period;
    let whole = result.log_minutes.map(ticks);
    if whole.as_ref().is_none_or(|whole| whole.end - whole.start <= most) {
        return whole.into_iter().collect();
    }
    let logged = metrics.iter().flat_map(|metric| &metric.logged);
    let stretches = joined(logged.copied().map(ticks).collect(), result);
    result.is_silence_left_out = stretches.len() > 1;
    stretches
}

/// Joins stretches of ticks between which there is no gap.
fn joined(mut all: Vec<Range<i64>>, like: &Sliding) -> Vec<Range<i64>> {
    all.sort_by_key(|ticks| ticks.start);
    let gap = like.period_ticks() + Sliding::GAP_S / i64::from(like.step_s);
    let mut joined: Vec<Range<i64>> = Vec::new();
    for ticks in all {
        match joined.last_mut() {
            Some(last) if ticks.start - last.end <= gap => last.end = last.end.max(ticks.end),
            _ => joined.push(ticks),
        }
    }
    joined
}

/// Keeps the newest ticks, `most` of those that count; the first that is kept, if any is not.
fn keep_newest(stretches: &mut Vec<Range<i64>>, most: i64, counts: impl Fn(i64) -> bool) -> Option<i64> {
    let mut left = most;
    let mut first = None;
    for ticks in stretches.iter_mut().rev() {
        let is_too_old = |tick: &i64| {
            left -= i64::from(left >= 0 && counts(*tick));
            left < 0
        };
        if let Some(last) = ticks.clone().rev().find(is_too_old) {
            ticks.start = last + 1;
            first = first.or(Some(last + 1));
        }
    }
    stretches.retain(|ticks| !ticks.is_empty());
    first
}

struct Calculation<'a> {
    formulas: &'a Formulas,
    node: &'a Node,
    metrics: &'a [Sliding],
    step_s: u32,
    period: i64,
}

impl Calculation<'_> {
    /// Values of periods that end at `first` and each `stride` ticks later.
    fn over(&self, first: i64, stride: i64, len: usize) -> Vec<f64> {
        let ends = || (0..len as i64).map(|at| first + at * stride);
        let Formulas { metrics, formulas, period_s, .. } = self.formulas;
        let series =
            |metric: &Sliding| ends().map(|tick| metric.at(tick).map_or(f64::NAN, |(value, _)| value)).collect();
        let ids = metrics.iter().map(|(id, _)| id.clone());
        let mut known = Known { metrics: ids.zip(self.metrics.iter().map(series)).collect(), formulas: Vec::new() };
        let start = EpochMs((first - self.period) * i64::from(self.step_s) * SECOND);
        let grid = Grid { start, step_s: self.step_s * stride as u32, len, period_s: *period_s };
        for (id, node) in formulas {
            let value = evaluate(node, &known, grid);
            known.formulas.push((id.clone(), value));
        }
        match evaluate(self.node, &known, grid) {
            Value::Series(series) => series,
            _ => vec![f64::NAN; len],
        }
    }

    /// The newest value of the range of periods that ends at `tick`.
    fn newest(&self, tick: i64, range: i64) -> f64 {
        self.over(tick - (range - 1) * self.period, self.period, range as usize).pop().unwrap_or(f64::NAN)
    }
}
