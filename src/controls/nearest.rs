//! The control that a metric filter seems to be meant for.

use super::spelling::conditions;
use super::{Control, all};
use crate::model::metric::MetricFilter;
use std::collections::BTreeSet;

/// Part of all conditions of both patterns that must be shared: fewer, and the filter asks for something else.
const SHARED: f64 = 0.6;

/// The control whose name or whose text is nearly the filter's; `None` when no control is near.
pub fn nearest(filter: &MetricFilter) -> Option<&'static Control> {
    let ours: BTreeSet<String> = conditions(&filter.filter_pattern).into_iter().collect();
    let share = |control: &Control| {
        let shares = control.spellings.iter().map(|spelling| {
            let theirs: BTreeSet<String> = conditions(&spelling.pattern).into_iter().collect();
            let both = ours.intersection(&theirs).count();
            both as f64 / ours.union(&theirs).count().max(1) as f64
        });
        shares.fold(0.0, f64::max)
    };
    let by_text = all().iter().map(|control| (share(control), control));
    let by_text = by_text.filter(|(share, _)| *share >= SHARED).max_by(|a, b| a.0.total_cmp(&b.0));
    by_text.map(|(_, control)| control).or_else(|| all().iter().find(|control| is_named(filter, control)))
}

/// Whether filter or metric bear the control's name, however it is written.
fn is_named(filter: &MetricFilter, control: &Control) -> bool {
    let plain = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
    let known = [plain(&control.name), plain(&control.title), plain(&control.key)];
    let metric = filter.metric_transformations.first().map(|metric| metric.metric_name.as_str());
    [Some(filter.filter_name.as_str()), metric].into_iter().flatten().any(|name| known.contains(&plain(name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(name: &str, pattern: &str) -> MetricFilter {
        MetricFilter { filter_name: name.into(), filter_pattern: pattern.into(), metric_transformations: Vec::new() }
    }

    fn key(name: &str, pattern: &str) -> Option<&'static str> {
        nearest(&filter(name, pattern)).map(|control| control.key.as_str())
    }

    #[test]
    fn every_spelling_is_nearest_to_its_own_control() {
        for control in all() {
            for spelling in &control.spellings {
                assert_eq!(key("", &spelling.pattern), Some(control.key.as_str()), "{}", spelling.pattern);
            }
        }
    }

    #[test]
    fn names_in_another_order_or_one_less_are_still_near() {
        let pattern = "{ $.eventName = DeleteTrail || $.eventName = StopLogging || $.eventName = \"UpdateTrail\" }";
        assert_eq!(key("", pattern), Some("cloudtrail_configuration_changes"));
    }

    #[test]
    fn a_name_is_enough_and_other_filters_are_left_alone() {
        assert_eq!(key("root-usage", "{ $.userIdentity.type = Root }"), Some("root_usage"));
        assert_eq!(key("mine", "{ $.eventName = RunInstances }"), None);
        assert_eq!(key("", "ERROR"), None);
        assert_eq!(key("", ""), None);
    }
}
