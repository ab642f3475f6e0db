//! What the evaluations of a run look at, and what each leads to: 64 of them at a time.
//!
//! Evaluations a whole number of periods apart share their datapoints. So everything is counted as running [`Totals`]
//! from each datapoint to the one a period earlier, and how many breach within the newest N of an evaluation is a
//! difference of two totals, whatever N is. The work is divided by what it depends on:
//!
//! | | depends on |
//! |---|---|
//! | [`Totals`] of the breaching datapoints | threshold |
//! | [`Lookback`]: where the newest N begin | N |
//! | [`Rule`]: from how many breaching ones on what happens | N, M, treatment of missing data |
//! | [`Rule::leads_to`] | all of them: a subtraction and a comparison for each evaluation |

use super::missing_data::{Known, Steps};
use super::walk::{Evaluations, Leads};
use super::window::evaluation_range;
use crate::model::alarm::{AlarmState, TreatMissingData};
use crate::model::series::Run;

/// How many datapoints have some property, along those one period apart.
///
/// The first `period` entries are zeros; entry `period + i` is of the ticks `i`, `i - period`, `i - 2 * period` … of the run.
/// Totals may wrap: only their differences count, and no evaluation range has 2¹⁶ datapoints.
pub(super) struct Totals(Vec<u16>);

impl Totals {
    /// Of one answer for each tick of a run, and `tail` ticks without datapoints after it.
    fn new(period: usize, tail: usize, answers: impl ExactSizeIterator<Item = bool>) -> Self {
        let mut totals = Vec::with_capacity(period + answers.len() + tail);
        totals.resize(period, 0u16);
        for (at, answer) in answers.chain(std::iter::repeat_n(false, tail)).enumerate() {
            totals.push(totals[at].wrapping_add(u16::from(answer)));
        }
        Self(totals)
    }

    /// How many of the datapoints after entry `before` up to entry `last` have the property.
    #[inline]
    fn between(&self, before: usize, last: usize) -> u16 {
        self.0[last].wrapping_sub(self.0[before])
    }
}

/// The datapoints of a run, whatever the alarm makes of them.
pub(super) struct Datapoints<'a> {
    /// The run.
    pub run: &'a Run,
    period: usize,
    tail: usize,
    real: Totals,
    /// Those with too few samples, where that matters.
    low: Option<Totals>,
}

impl<'a> Datapoints<'a> {
    /// For evaluations up to `tail` ticks after the last value, with periods of so many ticks. `is_low` tells which
    /// numbers of samples are too few.
    pub(super) fn new(run: &'a Run, period: usize, tail: usize, is_low: Option<impl Fn(u32) -> bool>) -> Self {
        let real = Totals::new(period, tail, run.values.iter().map(|value| !value.is_nan()));
        let low = is_low.map(|is_low| {
            let is_low = |(value, &samples): (&f64, &u32)| !value.is_nan() && is_low(samples);
            Totals::new(period, tail, run.values.iter().zip(&run.sample_counts).map(is_low))
        });
        Self { run, period, tail, real, low }
    }

    /// Those that breach. A missing one is NaN, which no operator finds breaching.
    pub(super) fn breaching(&self, breaches: impl Fn(f64) -> bool) -> Totals {
        Totals::new(self.period, self.tail, self.run.values.iter().map(|&value| breaches(value)))
    }
}

/// Where in a run the evaluations of an alarm with N periods look.
pub(super) struct Lookback {
    evaluations: Evaluations,
    /// Of each evaluation: the entry of [`Totals`] just before the oldest of the newest N datapoints that are not missing.
    before: Vec<u32>,
    /// Of each evaluation; `None` where too few samples keep the state.
    known: Vec<Option<Known>>,
    /// The entry of [`Totals`] at which the newest period of the first evaluation ends.
    first_last: usize,
}

impl Lookback {
    /// `n` evaluation periods.
    pub(super) fn new(datapoints: &Datapoints, n: u32, evaluations: Evaluations) -> Self {
        let Datapoints { period, real, low, .. } = datapoints;
        let (period, range) = (*period, evaluation_range(n) as usize);
        let first_last = period + evaluations.first_tick;
        let lasts = (first_last..).step_by(evaluations.stride).take(evaluations.len);
        let mut ages = vec![0u16; period];
        let end = lasts.clone().last().map_or(0, |last| last + 1);
        for last in period..end {
            // One period later everything is one older; then the oldest ones go until the last of the newest N is left.
            let mut age = usize::from(ages[last - period]) + 1;
            let mut before = last - age * period;
            while age > 0
                && (age > range || real.between(before, last) > n as u16 || real.between(before, before + period) == 0)
            {
                age -= 1;
                before += period;
            }
            ages.push(age as u16);
        }
        let before = lasts.clone().map(|last| (last - usize::from(ages[last]) * period) as u32).collect();
        let known = lasts
            .map(|last| {
                let before = last - usize::from(ages[last]) * period;
                let is_low = low.as_ref().is_some_and(|low| low.between(before, last) > 0);
                let real = u32::from(real.between(before, last));
                (!is_low).then_some(Known { real, oldest_age: u32::from(ages[last]) })
            })
            .collect();
        Self { evaluations, before, known, first_last }
    }
}

/// From how many breaching datapoints on each evaluation of a run leads where.
pub(super) struct Rule<'a> {
    lookback: &'a Lookback,
    alarm: Vec<u16>,
    /// Where no evaluation keeps the state: nothing.
    keep: Vec<u16>,
    /// Evaluations that lead to INSUFFICIENT_DATA when nothing breaches, 64 in a word.
    insufficient: Vec<u64>,
}

impl<'a> Rule<'a> {
    /// `n` evaluation periods, `m` datapoints to alarm.
    pub(super) fn new(lookback: &'a Lookback, n: u32, m: u32, treatment: TreatMissingData) -> Self {
        let steps =
            lookback.known.iter().map(|known| known.map_or(Steps::KEEP, |known| Steps::new(known, n, m, treatment)));
        let bound = |bound: u32| u16::try_from(bound).unwrap_or(u16::MAX);
        let alarm = steps.clone().map(|steps| bound(steps.alarm)).collect();
        let keeps = steps.clone().any(|steps| steps.keep < steps.alarm);
        let keep = if keeps { steps.clone().map(|steps| bound(steps.keep)).collect() } else { Vec::new() };
        let mut insufficient = vec![0; lookback.known.len().div_ceil(64)];
        for (at, steps) in steps.enumerate() {
            insufficient[at / 64] |= u64::from(steps.calm == AlarmState::InsufficientData) << (at % 64);
        }
        Self { lookback, alarm, keep, insufficient }
    }

    /// Number of the first evaluation.
    pub(super) fn first(&self) -> i64 {
        self.lookback.evaluations.first
    }

    /// What the evaluations lead to, in words of 64 with their number.
    pub(super) fn leads<'t>(&'t self, breaching: &'t Totals) -> impl Iterator<Item = (Leads, usize)> + 't {
        (0..self.insufficient.len()).map(|word| {
            let from = word * 64;
            let to = (from + 64).min(self.alarm.len());
            let alarm = self.reached(breaching, &self.alarm, from..to);
            let alarm_or_keep =
                if self.keep.is_empty() { alarm } else { self.reached(breaching, &self.keep, from..to) };
            (Leads { alarm, alarm_or_keep, insufficient: self.insufficient[word] }, to - from)
        })
    }

    /// Which of up to 64 evaluations have reached their bound.
    #[inline]
    fn reached(&self, breaching: &Totals, bounds: &[u16], evaluations: std::ops::Range<usize>) -> u64 {
        let Lookback { before, first_last, evaluations: Evaluations { stride, .. }, .. } = self.lookback;
        let lasts = (first_last + evaluations.start * stride..).step_by(*stride);
        let mut word = 0;
        for (bit, ((&before, &bound), last)) in
            before[evaluations.clone()].iter().zip(&bounds[evaluations]).zip(lasts).enumerate()
        {
            word |= u64::from(breaching.between(before as usize, last) >= bound) << bit;
        }
        word
    }
}
