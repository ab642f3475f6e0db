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
//! | [`Rule::leads`] | all of them: a subtraction and a comparison for each evaluation |

use super::missing_data::{Known, Steps};
use super::walk::{Evaluations, Leads};
use super::window::evaluation_range;
use crate::base::bitset::pack_bytes;
use crate::model::alarm::{AlarmState, ComparisonOperator, TreatMissingData};
use crate::model::series::Run;
use std::ops::Range;

/// How many datapoints have some property, along those one period apart.
///
/// The first `period` entries are zeros; entry `period + i` is of the ticks `i`, `i - period`, `i - 2 * period` … of the run.
/// Totals may wrap: only their differences count, and no evaluation range has 2¹⁶ datapoints.
pub(super) struct Totals(Vec<u16>);

impl Totals {
    /// Of one answer for each tick of a run, and `tail` ticks without datapoints after it.
    fn new(period: usize, tail: usize, answers: impl ExactSizeIterator<Item = bool>) -> Self {
        let mut totals = vec![0u16; period + answers.len() + tail];
        totals[period..].iter_mut().zip(answers).for_each(|(total, answer)| *total = u16::from(answer));
        for at in period..totals.len() {
            totals[at] = totals[at].wrapping_add(totals[at - period]);
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

impl Datapoints<'_> {
    /// Those that the band beside them says are unexpected.
    pub(super) fn outside_band(&self, operator: ComparisonOperator) -> Totals {
        let edges = self.run.band.iter().copied().chain(std::iter::repeat((f64::NAN, f64::NAN)));
        let beside: Vec<bool> = self
            .run
            .values
            .iter()
            .zip(edges)
            .map(|(&value, (lower, upper))| operator.breaches(value, lower, upper))
            .collect();
        Totals::new(self.period, self.tail, beside.into_iter())
    }
}

/// Where in a run the evaluations of an alarm with N periods look.
pub(super) struct Lookback<'d> {
    datapoints: &'d Datapoints<'d>,
    evaluations: Evaluations,
    /// The entry of [`Totals`] at which the newest period of the first evaluation ends.
    first_last: usize,
    /// How many periods each evaluation looks back: to the oldest of the newest N datapoints that are not missing.
    ages: Vec<u16>,
    /// The same in ticks. No evaluation range has more than the 30,240 minutes of three weeks.
    backs: Vec<u16>,
}

impl<'d> Lookback<'d> {
    /// `n` evaluation periods.
    pub(super) fn new(datapoints: &'d Datapoints, n: u32, evaluations: Evaluations) -> Self {
        let Datapoints { period, real, .. } = datapoints;
        let (period, range) = (*period, evaluation_range(n) as usize);
        let first_last = period + evaluations.first_tick;
        let lasts = (first_last..).step_by(evaluations.stride).take(evaluations.len);
        let end = lasts.clone().last().map_or(period, |last| last + 1);
        let mut ages = Vec::with_capacity(end);
        ages.resize(period, 0u16);
        for last in period..end {
            // One period later everything is one older; then the oldest ones go until the last of the newest N is left.
            let mut age = usize::from(ages[last - period]) + 1;
            let mut before = last - age * period;
            let mut inside = real.between(before, last);
            while age > 0 && (age > range || u32::from(inside) > n || real.between(before, before + period) == 0) {
                inside -= real.between(before, before + period);
                age -= 1;
                before += period;
            }
            ages.push(age as u16);
        }
        let ages = if evaluations.stride == 1 {
            ages.drain(..first_last.min(end));
            ages
        } else {
            lasts.map(|last| ages[last]).collect()
        };
        let backs = ages.iter().map(|age| age * period as u16).collect();
        Self { datapoints, evaluations, first_last, ages, backs }
    }

    /// What is known to each evaluation; `None` where too few samples keep the state.
    fn known(&self) -> impl Iterator<Item = Option<Known>> {
        let Datapoints { real, low, .. } = self.datapoints;
        let mut last = self.first_last;
        self.ages.iter().zip(&self.backs).map(move |(&age, &back)| {
            let before = last - usize::from(back);
            let is_low = low.as_ref().is_some_and(|low| low.between(before, last) > 0);
            let known = Known { real: u32::from(real.between(before, last)), oldest_age: u32::from(age) };
            last += self.evaluations.stride;
            (!is_low).then_some(known)
        })
    }
}

/// From how many breaching datapoints on each evaluation of a run leads where.
pub(super) struct Rule<'p> {
    lookback: &'p Lookback<'p>,
    alarm: Vec<u16>,
    keep: Vec<u16>,
    /// Whether any evaluation keeps the state, so that `keep` has to be looked at.
    keeps: bool,
    /// Evaluations that lead to INSUFFICIENT_DATA when nothing breaches, 64 in a word.
    insufficient: Vec<u64>,
}

impl<'p> Rule<'p> {
    /// `n` evaluation periods, `m` datapoints to alarm.
    pub(super) fn new(lookback: &'p Lookback, n: u32, m: u32, treatment: TreatMissingData) -> Self {
        let len = lookback.ages.len();
        let bound = |bound: u32| u16::try_from(bound).unwrap_or(u16::MAX);
        let (mut alarm, mut keep) = (Vec::with_capacity(len), Vec::with_capacity(len));
        let mut insufficient = vec![0; len.div_ceil(64)];
        let mut keeps = false;
        let steps_of = |known: Option<Known>| known.map_or(Steps::KEEP, |known| Steps::new(known, n, m, treatment));
        // One evaluation mostly knows as much as the one before.
        let mut before = (None, steps_of(None));
        for (at, known) in lookback.known().enumerate() {
            if before.0 != known {
                before = (known, steps_of(known));
            }
            let steps = before.1;
            alarm.push(bound(steps.alarm));
            keep.push(bound(steps.keep));
            keeps |= steps.keep < steps.alarm;
            insufficient[at / 64] |= u64::from(steps.calm == AlarmState::InsufficientData) << (at % 64);
        }
        Self { lookback, alarm, keep, keeps, insufficient }
    }

    /// Number of the first evaluation.
    pub(super) fn first(&self) -> i64 {
        self.lookback.evaluations.first
    }

    /// What the evaluations lead to, in words of 64 with their number.
    pub(super) fn leads(&self, breaching: &Totals) -> impl Iterator<Item = (Leads, usize)> {
        (0..self.insufficient.len()).map(|word| {
            let from = word * 64;
            let to = (from + 64).min(self.alarm.len());
            let alarm = self.reached(breaching, &self.alarm, from..to);
            let alarm_or_keep = if self.keeps { self.reached(breaching, &self.keep, from..to) } else { alarm };
            (Leads { alarm, alarm_or_keep, insufficient: self.insufficient[word] }, to - from)
        })
    }

    /// Which of up to 64 evaluations have reached their bound.
    #[inline]
    fn reached(&self, breaching: &Totals, bounds: &[u16], evaluations: Range<usize>) -> u64 {
        let Lookback { first_last, backs, evaluations: Evaluations { stride, .. }, .. } = self.lookback;
        let mut last = first_last + evaluations.start * stride;
        let (backs, bounds) = (&backs[evaluations.clone()], &bounds[evaluations]);
        let mut reached = [0u8; 64];
        // Not all(): without an early end the machine compares several at once.
        let differences = backs.iter().fold(0, |differences, back| differences | (back ^ backs[0]));
        if *stride == 1 && differences == 0 {
            // As long as nothing is missing all look back equally far, and again several are taken at once.
            let before = &breaching.0[last - usize::from(backs[0])..];
            let counts = breaching.0[last..].iter().zip(before).map(|(last, before)| last.wrapping_sub(*before));
            for ((reached, count), bound) in reached.iter_mut().zip(counts).zip(bounds) {
                *reached = u8::from(count >= *bound);
            }
        } else {
            for ((reached, back), bound) in reached.iter_mut().zip(backs).zip(bounds) {
                *reached = u8::from(breaching.between(last - usize::from(*back), last) >= *bound);
                last += stride;
            }
        }
        pack_bytes(&reached)
    }
}
