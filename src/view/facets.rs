//! One facet: the values of a field and how often they occur.

use crate::model::partial::GroupPart;

/// Values shown at first.
pub const FEW: usize = 8;
/// Values shown after "show more".
pub const MANY: usize = 200;
/// Values asked for when the rarest are wanted.
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
    /// Whether the search selects exactly this value.
    pub selected: bool,
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
/// `unfiltered` is the same question without the search.
pub fn lines(
    part: &GroupPart,
    unfiltered: Option<&GroupPart>,
    selected: &[String],
    order: FacetOrder,
    limit: usize,
) -> Vec<FacetValue> {
    let fraction = |count: u64, events: u64| if events == 0 { 0.0 } else { count as f64 / events as f64 };
    let mut lines: Vec<FacetValue> = part
        .values
        .iter()
        .map(|(value, tally)| FacetValue {
            value: value.clone(),
            count: tally.count,
            share: fraction(tally.count, part.events),
            ghost: unfiltered
                .map_or(0.0, |all| fraction(all.values.get(value).map_or(0, |tally| tally.count), all.events)),
            selected: value.as_ref().is_some_and(|value| selected.contains(value)),
        })
        .collect();
    for value in selected.iter().filter(|value| !part.values.contains_key(&Some((*value).clone()))) {
        lines.push(FacetValue { value: Some(value.clone()), count: 0, share: 0.0, ghost: 0.0, selected: true });
    }
    lines.sort_by(|a, b| {
        let by_count = match order {
            FacetOrder::Frequent => b.count.cmp(&a.count),
            FacetOrder::Rare => a.count.cmp(&b.count),
        };
        (!a.selected, a.value.is_none())
            .cmp(&(!b.selected, b.value.is_none()))
            .then(by_count)
            .then_with(|| a.value.cmp(&b.value))
    });
    lines.truncate(limit);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
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
    fn selected_values_stay_in_sight_even_without_events() {
        let part = part(&[(Some("a"), 10), (Some("b"), 1)]);
        let selected = ["b".to_owned(), "gone".to_owned()];
        let lines = lines(&part, None, &selected, FacetOrder::Frequent, 9);
        assert_eq!(texts(&lines), ["b", "gone", "a"]);
        assert_eq!((lines[1].count, lines[0].count), (0, 1));
    }

    #[test]
    fn the_ghost_is_the_share_without_the_search() {
        let filtered = part(&[(Some("a"), 1), (Some("b"), 1)]);
        let all = part(&[(Some("a"), 9), (Some("b"), 1)]);
        let lines = lines(&filtered, Some(&all), &[], FacetOrder::Frequent, 9);
        assert_eq!((lines[0].share, lines[0].ghost), (0.5, 0.9));
    }
}
