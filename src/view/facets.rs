//! One facet: the values of a field and how often they occur.

use super::format;
use crate::model::partial::GroupPart;
use std::collections::{BTreeMap, BTreeSet};

/// Values shown at first.
pub const FEW: usize = 8;
/// Values shown after "show more".
pub const MANY: usize = 200;
/// Values asked for when the rarest are wanted. A value that is rare in one worker may be frequent in another, so that only
/// all values tell the rarest; of more than these the most frequent are named, which [`not_the_rarest`] says.
pub const ALL: usize = 20_000;

/// One line of a facet.
#[derive(Clone, Debug, PartialEq)]
pub struct FacetValue {
    /// Value as text; `None` stands for events without the field.
    pub value: Option<String>,
    /// Events.
    pub count: u64,
    /// Part of all events in scope, 0 to 1.
    pub share: f64,
    /// Part without the search, 0 to 1: the ghost bar.
    pub ghost: f64,
    /// Whether the search asks for this value (`Some(false)`) or excludes it.
    pub choice: Option<bool>,
}

/// Which lines come first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FacetOrder {
    /// Most frequent first.
    #[default]
    Frequent,
    /// Rarest first.
    Rare,
}

/// The lines of a facet. Selected values come first, "without the field" last; ties are alphabetical.
///
/// `choices` are the values that the search selects (`false`) or excludes (`true`). All of them are shown as soon as
/// `part` tells how many events have them, beyond the limit, too. `unfiltered` is the same question without the search.
pub fn lines(
    part: &GroupPart,
    unfiltered: Option<&GroupPart>,
    choices: &[(Option<String>, bool)],
    order: FacetOrder,
    limit: usize,
) -> Vec<FacetValue> {
    let fraction = |count: u64, events: u64| if events == 0 { 0.0 } else { count as f64 / events as f64 };
    let count = |part: &GroupPart, value| part.tally(value).map_or(0, |tally| tally.count);
    let choices: BTreeMap<&Option<String>, bool> = choices.iter().rev().map(|(value, out)| (value, *out)).collect();
    let beyond = choices.keys().copied().filter(|value| part.named.contains_key(*value));
    let values: BTreeSet<&Option<String>> = part.values.keys().chain(beyond).collect();
    let mut lines: Vec<FacetValue> = values
        .into_iter()
        .map(|value| FacetValue {
            value: value.clone(),
            count: count(part, value),
            share: fraction(count(part, value), part.events),
            ghost: unfiltered.map_or(0.0, |all| fraction(count(all, value), all.events)),
            choice: choices.get(value).copied(),
        })
        .collect();
    lines.sort_by(|a, b| {
        let by_count = match order {
            FacetOrder::Frequent => b.count.cmp(&a.count),
            FacetOrder::Rare => a.count.cmp(&b.count),
        };
        (a.choice != Some(false), a.value.is_none())
            .cmp(&(b.choice != Some(false), b.value.is_none()))
            .then(by_count)
            .then_with(|| a.value.cmp(&b.value))
    });
    let mut place = 0..;
    lines.retain(|line| place.next().is_some_and(|place| place < limit) || line.choice.is_some());
    lines
}

/// What to say where the rarest values are wanted and there are too many values to know them.
pub fn not_the_rarest(part: &GroupPart, order: FacetOrder) -> Option<String> {
    // Fewer are of an answer from before the rarest were wanted, which is on screen for a moment more.
    if order != FacetOrder::Rare || part.omitted == 0 || part.values.len() < ALL {
        return None;
    }
    // The number is an estimate, but that there are more is not.
    let distinct = part.distinct.count().max(part.values.len() as u64 + 1);
    Some(format!(
        "Not the rarest of all ≈{} values, only of the {} most frequent, and some may have more events than their number says. \
         Search values, or narrow the events down, to see the rarest.",
        format::count(distinct),
        format::count(part.values.len() as u64),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::distinct::Distinct;
    use crate::model::partial::Tally;

    fn part(values: &[(Option<&str>, u64)]) -> GroupPart {
        GroupPart {
            values: values
                .iter()
                .map(|(value, count)| (value.map(String::from), Tally { count: *count, ..Tally::default() }))
                .collect(),
            events: values.iter().map(|(_, count)| count).sum(),
            ..GroupPart::default()
        }
    }

    fn texts(lines: &[FacetValue]) -> Vec<&str> {
        lines.iter().map(|line| line.value.as_deref().unwrap_or("∅")).collect()
    }

    #[test]
    fn frequent_or_rare_first_and_absent_last() {
        let part = part(&[(None, 50), (Some("a"), 1), (Some("b"), 30), (Some("c"), 19)]);
        assert_eq!(texts(&lines(&part, None, &[], FacetOrder::Frequent, 9)), ["b", "c", "a", "∅"]);
        assert_eq!(texts(&lines(&part, None, &[], FacetOrder::Rare, 2)), ["a", "c"]);
        assert_eq!(lines(&part, None, &[], FacetOrder::Frequent, 1)[0].share, 0.3);
    }

    #[test]
    fn what_is_not_rarest_of_all_says_so() {
        let values: Vec<String> = (0..=ALL).map(|number| number.to_string()).collect();
        let counted: Vec<_> = values.iter().zip(1..).map(|(value, count)| (Some(value.as_str()), count)).collect();
        let mut part = part(&counted);
        part.distinct = Distinct::of(counted.iter().map(|(value, _)| *value));
        assert_eq!(not_the_rarest(&part, FacetOrder::Rare), None, "all are there");
        part.keep_top(ALL);
        assert_eq!(texts(&lines(&part, None, &[], FacetOrder::Rare, 1)), ["1"], "the rarest is 0");
        assert_eq!(not_the_rarest(&part, FacetOrder::Frequent), None);
        let told = not_the_rarest(&part, FacetOrder::Rare).unwrap();
        let estimate = format::count(part.distinct.count().max(20_001));
        let start = format!("Not the rarest of all ≈{estimate} values, only of the 20,000 most frequent, and");
        assert!(told.starts_with(&start), "{told}");
        part.keep_top(FEW);
        assert_eq!(not_the_rarest(&part, FacetOrder::Rare), None, "the answer is on its way");
    }

    fn chosen(values: &[(Option<&str>, bool)]) -> Vec<(Option<String>, bool)> {
        values.iter().map(|(value, out)| (value.map(String::from), *out)).collect()
    }

    #[test]
    fn selected_values_stay_in_sight_with_their_count_even_without_events() {
        let mut part = part(&[(Some("a"), 10), (Some("b"), 9), (Some("c"), 8)]);
        part.named = self::part(&[(Some("rare"), 3), (Some("gone"), 0), (Some("b"), 9)]).values;
        let all = GroupPart { events: 60, named: self::part(&[(Some("rare"), 6)]).values, ..GroupPart::default() };
        let selected = chosen(&[(Some("b"), false), (Some("gone"), false), (Some("rare"), false)]);
        for limit in [1, 4, 9] {
            let lines = lines(&part, Some(&all), &selected, FacetOrder::Frequent, limit);
            assert_eq!(texts(&lines), ["b", "rare", "gone", "a", "c"][..limit.clamp(3, 5)]);
            assert_eq!(lines.iter().map(|line| line.count).collect::<Vec<_>>(), [9, 3, 0, 10, 8][..lines.len()]);
            assert_eq!((lines[1].share, lines[1].ghost), (3.0 / 27.0, 0.1));
        }
    }

    #[test]
    fn excluded_values_stay_in_their_place_or_follow_the_others() {
        let mut part = part(&[(None, 5), (Some("a"), 10), (Some("b"), 9), (Some("c"), 8)]);
        part.named = self::part(&[(Some("b"), 9), (Some("rare"), 3), (None, 5)]).values;
        let excluded = chosen(&[(Some("b"), true), (Some("rare"), true), (None, true)]);
        let lines = lines(&part, None, &excluded, FacetOrder::Frequent, 2);
        assert_eq!(texts(&lines), ["a", "b", "rare", "∅"]);
        assert_eq!(lines.iter().map(|line| line.count).collect::<Vec<_>>(), [10, 9, 3, 5]);
    }

    #[test]
    fn a_choice_waits_for_the_answer_that_counts_it() {
        let part = part(&[(Some("a"), 10)]);
        let selected = chosen(&[(Some("rare"), false)]);
        assert_eq!(texts(&lines(&part, None, &selected, FacetOrder::Frequent, 9)), ["a"]);
    }

    #[test]
    fn the_ghost_is_the_share_without_the_search() {
        let filtered = part(&[(Some("a"), 1), (Some("b"), 1)]);
        let all = part(&[(Some("a"), 9), (Some("b"), 1)]);
        let lines = lines(&filtered, Some(&all), &[], FacetOrder::Frequent, 9);
        assert_eq!((lines[0].share, lines[0].ghost), (0.5, 0.9));
    }
}
