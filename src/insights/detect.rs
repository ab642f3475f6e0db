//! Finds times with more calls or errors than usual.
//!
//! Counts are compared with those of the seven days before by a test for Poisson counts whose variance may be larger than
//! their mean: a window of five minutes is unusual when the square root of its count is six standard deviations off, with at
//! least ten calls and three times the usual rate. Fewer calls than usual are not reported; CloudTrail's examples show
//! increases. The numbers are ours: CloudTrail does not publish its own.

use super::Insight;
use super::logged::Logged;
use crate::base::EpochMs;
use crate::base::time::MINUTE;
use crate::model::rates::{RateKey, RatesPart};
use std::collections::BTreeMap;

/// Minutes of the baseline: the seven days that a record of CloudTrail Insights names (`baselineDuration`).
const BASELINE: i64 = 7 * 24 * 60;
/// Minutes that must have been logged before anything is unusual.
const LEAST_LOGGED: i64 = 24 * 60;
/// Minutes that are compared with the baseline.
const WINDOW: i64 = 5;
/// Standard deviations from which on a window is unusual, and calls and times the usual rate that it must have.
const LEAST_SCORE: f64 = 6.0;
const LEAST_CALLS: f64 = 10.0;
const LEAST_RATIO: f64 = 3.0;
/// Standard deviations above the mean of the first minute, and of any that keeps an insight going.
const FIRST: f64 = 3.0;
const GOES_ON: f64 = 2.0;
/// Minutes like any other that end an insight.
const CALM: i64 = 10;
/// A rate below one call an hour counts as one an hour.
const LEAST_RATE: f64 = 1.0 / 60.0;

/// The insights of everything counted, in order of time.
pub fn detect(rates: &RatesPart) -> Vec<Insight> {
    let logged: BTreeMap<_, _> = rates
        .minutes
        .iter()
        .map(|((account, region), hours)| {
            ((account.as_str(), region.as_str()), Logged::new(RatesPart::recorded(hours)))
        })
        .collect();
    let mut found: Vec<Insight> = Vec::new();
    for (key, counts) in &rates.counts {
        if let Some(logged) = logged.get(&(key.account.as_str(), key.region.as_str())) {
            found.extend(of_one(key, counts, logged));
        }
    }
    found.sort_by(|a, b| a.start.cmp(&b.start).then_with(|| a.key.cmp(&b.key)));
    found
}

/// What is usual before an instant.
struct Usual {
    mean: f64,
    /// Variance over mean, at least one.
    spread: f64,
}

/// Sums over the counts of a baseline. They are whole numbers, so that nothing is lost by adding and taking away.
#[derive(Default)]
struct Sums {
    counts: f64,
    squares: f64,
}

impl Sums {
    fn add(&mut self, count: u32) {
        self.counts += f64::from(count);
        self.squares += f64::from(count).powi(2);
    }

    fn take(&mut self, count: u32) {
        self.counts -= f64::from(count);
        self.squares -= f64::from(count).powi(2);
    }
}

impl Usual {
    /// Of the counts of so many minutes.
    fn new(sums: &Sums, minutes: f64) -> Self {
        let mean = sums.counts / minutes;
        let variance = (sums.squares - minutes * mean * mean) / (minutes - 1.0);
        Self { mean, spread: if mean > 0.0 { (variance / mean).max(1.0) } else { 1.0 } }
    }

    /// So many standard deviations above the mean of a minute.
    fn above(&self, deviations: f64) -> f64 {
        self.mean + deviations * (self.spread * self.mean.max(LEAST_RATE)).sqrt()
    }

    fn is_unusual(&self, calls: f64) -> bool {
        let root = |count: f64| (count + 3.0 / 8.0).sqrt();
        let window = WINDOW as f64;
        let score = 2.0 * (root(calls) - root(window * self.mean)) / self.spread.sqrt();
        score >= LEAST_SCORE && calls >= LEAST_CALLS && calls >= LEAST_RATIO * window * self.mean
    }
}

fn of_one(key: &RateKey, counts: &[(i64, u32)], logged: &Logged) -> Vec<Insight> {
    let mut found = Vec::new();
    // Minutes of the insights found, which no baseline contains.
    let mut unusual: Vec<(i64, i64)> = Vec::new();
    let mut sums = Sums::default();
    // The baseline holds the entries from `tail` to before `at`.
    let (mut tail, mut at) = (0, 0);
    // Logged minutes of the insights from `recent` on, the first that ends in the baseline.
    let (mut recent, mut logged_in_recent) = (0, 0);
    let is_in = |spans: &[(i64, i64)], minute: i64| {
        let after = spans.partition_point(|span| span.0 <= minute);
        after > 0 && minute < spans[after - 1].1
    };
    while let Some(&(minute, count)) = counts.get(at) {
        while counts[tail].0 < minute - BASELINE {
            if !is_in(&unusual, counts[tail].0) {
                sums.take(counts[tail].1);
            }
            tail += 1;
        }
        let from = minute - BASELINE;
        while let Some(&(start, end)) = unusual.get(recent).filter(|span| span.1 <= from) {
            logged_in_recent -= logged.minutes(start, end);
            recent += 1;
        }
        // Only the first of them can begin before the baseline does.
        let before = unusual.get(recent).map_or(0, |span| logged.minutes(span.0, from));
        let minutes = logged.minutes(from, minute) - (logged_in_recent - before);
        let window = || counts[at..].iter().take_while(|(other, _)| *other < minute + WINDOW);
        let usual = (minutes >= LEAST_LOGGED).then(|| Usual::new(&sums, minutes as f64));
        let calls: f64 = window().map(|(_, count)| f64::from(*count)).sum();
        match usual.filter(|usual| usual.is_unusual(calls)) {
            None => {
                sums.add(count);
                at += 1;
            }
            Some(usual) => {
                let first = window().find(|(_, count)| f64::from(*count) > usual.above(FIRST));
                let start = first.map_or(minute, |(first, _)| *first);
                let (end, is_over) = end_of(counts, start, &usual, logged);
                // What comes before the first unusual minute is usual.
                while let Some(&(other, count)) = counts.get(at).filter(|(other, _)| *other < end) {
                    if other < start {
                        sums.add(count);
                    }
                    at += 1;
                }
                let inside = counts[counts.partition_point(|(other, _)| *other < start)..at].iter();
                let calls: f64 = inside.map(|(_, count)| f64::from(*count)).sum();
                unusual.push((start, end));
                logged_in_recent += logged.minutes(start, end);
                let time = |minute: i64| EpochMs(minute * MINUTE);
                found.push(Insight {
                    key: key.clone(),
                    start: time(start),
                    end: is_over.then(|| time(end)),
                    baseline: usual.mean,
                    average: calls / (end - start) as f64,
                });
            }
        }
    }
    found
}

/// The first minute after an insight, and whether it is known to be over.
fn end_of(counts: &[(i64, u32)], start: i64, usual: &Usual, logged: &Logged) -> (i64, bool) {
    let bound = usual.above(GOES_ON);
    let from = counts.partition_point(|(minute, _)| *minute < start);
    let mut last = start;
    for (minute, count) in &counts[from..] {
        if *minute > last + CALM {
            break;
        }
        if f64::from(*count) > bound {
            last = *minute;
        }
    }
    (last + 1, last + CALM < logged.end())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const DAY: i64 = 1_440;

    /// Records in every tenth minute of so many days, and these calls.
    fn rates(days: i64, counts: Vec<(i64, u32)>) -> RatesPart {
        let mut hours = BTreeMap::new();
        (0..days * DAY).step_by(10).for_each(|minute| RatesPart::mark(&mut hours, minute));
        RatesPart {
            counts: [(RateKey::default(), counts)].into(),
            minutes: [(Default::default(), hours)].into(),
            omitted: 0,
        }
    }

    fn spans(rates: &RatesPart) -> Vec<(i64, Option<i64>)> {
        let minute = |time: EpochMs| time.0 / MINUTE;
        detect(rates).iter().map(|insight| (minute(insight.start), insight.end.map(minute))).collect()
    }

    /// One call every hour, and a burst.
    fn burst(from: i64, minutes: i64, each: u32) -> Vec<(i64, u32)> {
        let mut counts: BTreeMap<i64, u32> = (0..10 * DAY).step_by(60).map(|minute| (minute, 1)).collect();
        (from..from + minutes).for_each(|minute| *counts.entry(minute).or_default() += each);
        counts.into_iter().collect()
    }

    #[test]
    fn a_burst_is_found_with_its_averages() {
        let rates = rates(10, burst(8 * DAY + 7, 20, 12));
        let found = detect(&rates);
        assert_eq!(spans(&rates), [(8 * DAY + 7, Some(8 * DAY + 27))]);
        assert!((found[0].average - 12.0).abs() < 0.1, "{:?}", found[0]);
        assert!((found[0].baseline - 1.0 / 60.0).abs() < 0.001, "{:?}", found[0]);
    }

    #[test]
    fn nothing_is_unusual_before_a_day_was_logged_or_below_ten_calls() {
        assert_eq!(spans(&rates(10, burst(DAY / 2, 20, 12))), []);
        assert_eq!(spans(&rates(10, burst(8 * DAY, 3, 3))), []);
    }

    #[test]
    fn what_was_unusual_once_is_not_usual_later() {
        let mut counts: BTreeMap<i64, u32> = burst(5 * DAY + 7, 60, 100).into_iter().collect();
        (8 * DAY + 7..8 * DAY + 17).for_each(|minute| *counts.entry(minute).or_default() += 20);
        let found = spans(&rates(10, counts.into_iter().collect()));
        assert_eq!(found, [(5 * DAY + 7, Some(5 * DAY + 67)), (8 * DAY + 7, Some(8 * DAY + 17))]);
    }

    #[test]
    fn a_burst_that_reaches_the_end_of_the_logs_goes_on() {
        let end = 10 * DAY;
        assert_eq!(spans(&rates(10, burst(end - 30, 25, 12))), [(end - 30, None)]);
    }

    #[test]
    fn a_steady_rate_with_chance_in_it_is_usual() {
        // Poisson-like counts around two a minute from a small generator.
        let mut state = 7u64;
        let mut chance = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as f64 / f64::from(1u32 << 31)
        };
        let mut poisson = |mean: f64| {
            let (bound, mut product, mut count) = ((-mean).exp(), 1.0, 0u32);
            loop {
                product *= chance();
                if product < bound {
                    return count;
                }
                count += 1;
            }
        };
        let counts = (0..10 * DAY).map(|minute| (minute, poisson(2.0))).filter(|(_, count)| *count > 0).collect();
        assert_eq!(spans(&rates(10, counts)), []);
    }

    proptest! {
        /// The sliding sums are those of the minutes themselves.
        #[test]
        fn sliding_equals_counting_anew(
            quiet in prop::collection::vec((0i64..9 * DAY, 1u32..4), 0..80),
            bursts in prop::collection::vec((0i64..9 * DAY, 1i64..40, 5u32..40), 0..5),
        ) {
            let mut counts: BTreeMap<i64, u32> = BTreeMap::new();
            quiet.into_iter().for_each(|(minute, count)| *counts.entry(minute).or_default() += count);
            for (from, minutes, each) in bursts {
                (from..from + minutes).for_each(|minute| *counts.entry(minute).or_default() += each);
            }
            let rates = rates(10, counts.into_iter().collect());
            prop_assert_eq!(spans(&rates), naive(&rates));
        }
    }

    #[test]
    fn a_year_of_bursts_is_searched_in_one_pass() {
        let burst = |from: i64| (from..from + 5).map(|minute| (minute, 5));
        let rates = rates(365, (2 * DAY..365 * DAY).step_by(15).flat_map(burst).collect());
        let found = detect(&rates);
        assert_eq!(found.len() as i64, 363 * DAY / 15);
        assert!(found.iter().all(|insight| insight.average == 5.0 && insight.baseline == 0.0));
    }

    proptest! {
        /// The running totals are those of everything added up for each minute.
        #[test]
        fn one_pass_equals_scanning_everything(
            steps in prop::collection::vec((0i64..300, 1u32..6), 0..200),
            bursts in prop::collection::vec((0i64..16 * DAY, 1i64..90, 3u32..40), 0..40),
            records in prop::collection::vec(1i64..150, 0..400),
        ) {
            let mut counts: BTreeMap<i64, u32> = BTreeMap::new();
            let mut at = 0;
            for (step, count) in steps {
                at += step;
                *counts.entry(at).or_default() += count;
            }
            for (from, minutes, each) in bursts {
                (from..from + minutes).for_each(|minute| *counts.entry(minute).or_default() += each);
            }
            let counts: Vec<_> = counts.into_iter().collect();
            // Times without records lie between; each call is a record too.
            let mut at = 0;
            let mut recorded: Vec<i64> = records.iter().map(|step| { at += step; at }).collect();
            recorded.extend(counts.iter().map(|(minute, _)| *minute).chain((2 * DAY..14 * DAY).step_by(10)));
            recorded.sort_unstable();
            recorded.dedup();
            let logged = Logged::new(recorded.into_iter());
            let key = RateKey::default();
            prop_assert_eq!(of_one(&key, &counts, &logged), scanning(&key, &counts, &logged));
        }
    }

    /// `of_one` without running totals: adds everything up for each minute and each insight.
    fn scanning(key: &RateKey, counts: &[(i64, u32)], logged: &Logged) -> Vec<Insight> {
        let mut found = Vec::new();
        let mut unusual: Vec<(i64, i64)> = Vec::new();
        let mut sums = Sums::default();
        let (mut tail, mut at) = (0, 0);
        let is_in = |spans: &[(i64, i64)], minute: i64| spans.iter().any(|span| (span.0..span.1).contains(&minute));
        while let Some(&(minute, count)) = counts.get(at) {
            while counts[tail].0 < minute - BASELINE {
                if !is_in(&unusual, counts[tail].0) {
                    sums.take(counts[tail].1);
                }
                tail += 1;
            }
            let from = minute - BASELINE;
            let recent = unusual.partition_point(|span| span.1 <= from);
            let apart: i64 = unusual[recent..].iter().map(|span| logged.minutes(span.0.max(from), span.1)).sum();
            let minutes = logged.minutes(from, minute) - apart;
            let window = || counts[at..].iter().take_while(|(other, _)| *other < minute + WINDOW);
            let usual = (minutes >= LEAST_LOGGED).then(|| Usual::new(&sums, minutes as f64));
            let calls: f64 = window().map(|(_, count)| f64::from(*count)).sum();
            let Some(usual) = usual.filter(|usual| usual.is_unusual(calls)) else {
                sums.add(count);
                at += 1;
                continue;
            };
            let first = window().find(|(_, count)| f64::from(*count) > usual.above(FIRST));
            let start = first.map_or(minute, |(first, _)| *first);
            let (end, is_over) = scanned_end(counts, start, &usual, logged);
            while let Some(&(other, count)) = counts.get(at).filter(|(other, _)| *other < end) {
                if other < start {
                    sums.add(count);
                }
                at += 1;
            }
            let inside = counts.iter().filter(|(other, _)| (start..end).contains(other));
            let calls: f64 = inside.map(|(_, count)| f64::from(*count)).sum();
            unusual.push((start, end));
            let time = |minute: i64| EpochMs(minute * MINUTE);
            found.push(Insight {
                key: key.clone(),
                start: time(start),
                end: is_over.then(|| time(end)),
                baseline: usual.mean,
                average: calls / (end - start) as f64,
            });
        }
        found
    }

    fn scanned_end(counts: &[(i64, u32)], start: i64, usual: &Usual, logged: &Logged) -> (i64, bool) {
        let bound = usual.above(GOES_ON);
        let mut last = start;
        for (minute, _) in counts.iter().filter(|(minute, count)| *minute >= start && f64::from(*count) > bound) {
            if *minute > last + CALM {
                break;
            }
            last = *minute;
        }
        (last + 1, last + CALM < logged.end())
    }

    fn naive(rates: &RatesPart) -> Vec<(i64, Option<i64>)> {
        let counts = &rates.counts[&RateKey::default()];
        let of =
            |minute: i64| counts.iter().find(|(other, _)| *other == minute).map_or(0.0, |(_, count)| f64::from(*count));
        let end = 10 * DAY - 9;
        let mut found: Vec<(i64, Option<i64>)> = Vec::new();
        let mut apart: Vec<bool> = vec![false; 11 * DAY as usize];
        let mut free_from = 0;
        for &(minute, _) in counts {
            if minute < free_from {
                continue;
            }
            let base: Vec<i64> =
                ((minute - BASELINE).max(0)..minute.min(end)).filter(|m| !apart[*m as usize]).collect();
            if (base.len() as i64) < LEAST_LOGGED {
                continue;
            }
            let mut sums = Sums::default();
            counts.iter().filter(|(m, _)| base.binary_search(m).is_ok()).for_each(|(_, n)| sums.add(*n));
            let usual = Usual::new(&sums, base.len() as f64);
            let window = minute..minute + WINDOW;
            if !usual.is_unusual(window.clone().map(of).sum()) {
                continue;
            }
            let start = window.clone().find(|m| of(*m) > usual.above(FIRST)).unwrap_or(minute);
            let mut last = start;
            let mut at = start;
            while at <= last + CALM {
                if of(at) > usual.above(GOES_ON) {
                    last = at;
                }
                at += 1;
            }
            (start..=last).for_each(|m| apart[m as usize] = true);
            free_from = last + 1;
            found.push((start, (last + CALM < end).then_some(last + 1)));
        }
        found
    }
}
