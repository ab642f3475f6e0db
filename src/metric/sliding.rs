//! The value of the period that ends at each tick, for every tick with data: what an alarm looks at.
//!
//! One pass over the history whatever the period. Count, sum, minimum and maximum come from block-wise prefix and
//! suffix aggregates (van Herk), which adds only the samples of one period together and so loses no precision
//! to the rest of the history; statistics about ranks come from a tree over the distinct values.

use super::ranks::Ranks;
use super::samples::Samples;
use super::statistic::{Aggregate, ranked};
use crate::model::series::{Run, Sliding};
use crate::model::statistic::Statistic;

/// A tick and the samples stamped with it.
type Entry<'a> = (i64, &'a [(f64, u64)]);

/// Slides a period of `period_s` seconds over `samples`.
///
/// Metrics of metric filters have one-minute resolution: with a period below a minute, the samples of a minute
/// stand at its beginning and the rest of the minute has no data (PutMetricAlarm, "Period").
pub fn sliding(samples: &Samples, statistic: Statistic, period_s: u32) -> Sliding {
    let step_s = if period_s < 60 { 10 } else { 60 };
    let (log_minutes, logged) = (samples.log_minutes(), samples.logged().to_vec());
    let mut result = Sliding { period_s, step_s, log_minutes, logged, ..Sliding::default() };
    let period = result.period_ticks();
    let gap = period + Sliding::GAP_S / i64::from(step_s);
    let ticks_per_minute = i64::from(60 / step_s);
    let entries: Vec<Entry> = samples.iter().map(|(minute, values)| (minute * ticks_per_minute, values)).collect();
    let kept = newest(&entries, period, gap);
    result.omitted = entries[..entries.len() - kept.len()].iter().map(|entry| count(entry.1)).sum();
    result.evaluated_from = kept.first().filter(|_| kept.len() < entries.len()).map(|entry| entry.0 + 1);
    for run in kept.chunk_by(|a, b| b.0 - a.0 <= gap) {
        result.runs.push(if statistic.is_extended() {
            ranked_run(run, statistic, period, !samples.any_negative())
        } else {
            aggregates(run, statistic, period)
        });
    }
    result
}

/// The newest entries that fit into [`Sliding::MAX_TICKS`].
fn newest<'e, 'a>(entries: &'e [Entry<'a>], period: i64, gap: i64) -> &'e [Entry<'a>] {
    let mut ticks = 0;
    let mut later: Option<i64> = None;
    for (at, &(tick, _)) in entries.iter().enumerate().rev() {
        ticks += later.map(|later| later - tick).filter(|&distance| distance <= gap).unwrap_or(period);
        if ticks > Sliding::MAX_TICKS as i64 {
            return &entries[at + 1..];
        }
        later = Some(tick);
    }
    entries
}

fn empty_run(entries: &[Entry], period: i64) -> (Run, usize) {
    let (first, last) = (entries[0].0, entries[entries.len() - 1].0);
    let len = (last - first + period) as usize;
    let (values, sample_counts) = (Vec::with_capacity(len), Vec::with_capacity(len));
    (Run { first_end: first + 1, values, sample_counts, ..Run::default() }, len)
}

fn aggregates(entries: &[Entry], statistic: Statistic, period: i64) -> Run {
    let (mut run, len) = empty_run(entries, period);
    let period = period as usize;
    let mut block = vec![Aggregate::EMPTY; period];
    let mut suffixes = vec![Aggregate::EMPTY; period + 1];
    let mut prefix = Aggregate::EMPTY;
    let mut rest = entries.iter().peekable();
    for at in 0..len {
        let in_block = at % period;
        if in_block == 0 && at > 0 {
            for k in (0..period).rev() {
                suffixes[k] = block[k].and(suffixes[k + 1]);
            }
            prefix = Aggregate::EMPTY;
        }
        let tick = entries[0].0 + at as i64;
        let here = rest.next_if(|entry| entry.0 == tick).map_or(Aggregate::EMPTY, |entry| Aggregate::of(entry.1));
        block[in_block] = here;
        prefix = prefix.and(here);
        let window = suffixes[in_block + 1].and(prefix);
        run.values.push(window.value(statistic).unwrap_or(f64::NAN));
        run.sample_counts.push(saturate(window.count));
    }
    run
}

fn ranked_run(entries: &[Entry], statistic: Statistic, period: i64, available: bool) -> Run {
    let (mut run, len) = empty_run(entries, period);
    let mut ranks = Ranks::new(entries.iter().flat_map(|entry| entry.1).map(|&(value, _)| value));
    let (mut entering, mut leaving) = (entries.iter().peekable(), entries.iter().peekable());
    let mut value = f64::NAN;
    for at in 0..len {
        let tick = entries[0].0 + at as i64;
        let added = entering.next_if(|entry| entry.0 == tick);
        let removed = leaving.next_if(|entry| entry.0 == tick - period);
        for &(value, count) in added.into_iter().flat_map(|entry| entry.1) {
            ranks.change(value, |before| before + count);
        }
        for &(value, count) in removed.into_iter().flat_map(|entry| entry.1) {
            ranks.change(value, |before| before - count);
        }
        if available && (added.is_some() || removed.is_some()) {
            value = ranked(statistic, &ranks).unwrap_or(f64::NAN);
        }
        run.values.push(value);
        run.sample_counts.push(saturate(ranks.total()));
    }
    run
}

fn count(values: &[(f64, u64)]) -> u64 {
    values.iter().map(|&(_, count)| count).sum()
}

fn saturate(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
