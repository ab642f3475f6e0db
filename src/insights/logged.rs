//! Minutes in which silence means that nothing was called.
//!
//! A gap in the logs is not a time without calls: a minute counts when its account and Region have a record within the hour
//! before and within the hour after.

/// Minutes.
const REACH: i64 = 60;

/// Logged minutes of one account and Region, as stretches.
#[derive(Debug, Default)]
pub(super) struct Logged {
    /// Ascending, `[from, to)`, with the number of logged minutes before each.
    stretches: Vec<(i64, i64, i64)>,
}

impl Logged {
    /// From the minutes with records, ascending.
    pub(super) fn new(recorded: impl Iterator<Item = i64>) -> Self {
        let mut logged = Self::default();
        let mut before: Option<i64> = None;
        for minute in recorded {
            if let Some(before) = before {
                // Of the minutes between two records those near to both.
                let (from, to) = ((before + 1).max(minute - REACH), minute.min(before + REACH + 1));
                if from < to {
                    logged.add(from, to);
                }
            }
            logged.add(minute, minute + 1);
            before = Some(minute);
        }
        logged
    }

    fn add(&mut self, from: i64, to: i64) {
        match self.stretches.last_mut() {
            Some((_, end, _)) if *end >= from => *end = to,
            last => {
                let known = last.map_or(0, |(start, end, known)| *known + (*end - *start));
                self.stretches.push((from, to, known));
            }
        }
    }

    /// Logged minutes in `[from, to)`.
    pub(super) fn minutes(&self, from: i64, to: i64) -> i64 {
        (self.before(to) - self.before(from)).max(0)
    }

    /// First minute after everything.
    pub(super) fn end(&self) -> i64 {
        self.stretches.last().map_or(0, |(_, end, _)| *end)
    }

    fn before(&self, minute: i64) -> i64 {
        let after = self.stretches.partition_point(|(from, ..)| *from < minute);
        let Some((from, to, known)) = after.checked_sub(1).and_then(|at| self.stretches.get(at)) else { return 0 };
        known + (minute.min(*to) - from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_minute_is_logged_when_records_are_near_on_both_sides(
            steps in prop::collection::vec(1i64..200, 0..12),
            from in -10i64..900,
            length in 0i64..400,
        ) {
            let mut at = 0;
            let recorded: Vec<i64> = steps.iter().map(|step| { at += step; at }).collect();
            let logged = Logged::new(recorded.iter().copied());
            let is_logged = |minute: i64| {
                recorded.iter().any(|record| (0..=REACH).contains(&(minute - record)))
                    && recorded.iter().any(|record| (0..=REACH).contains(&(record - minute)))
            };
            let expected = (from..from + length).filter(|minute| is_logged(*minute)).count() as i64;
            prop_assert_eq!(logged.minutes(from, from + length), expected);
            prop_assert_eq!(logged.end(), recorded.last().map_or(0, |last| last + 1));
        }
    }
}
