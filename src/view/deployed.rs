//! Metric filters and alarms found in configuration files, as the lab offers them: what is not in it yet, in words.

use super::advice::Advice;
use super::format::plural;
use super::lab;
use super::state::{NamedBacktest, NamedComposite, NamedFormula};
use crate::configuration::{Configuration, Deployed};
use crate::model::alarm::{Backtest, MathBacktest};
use crate::model::composite::{AlarmMuteRule, CompositeAlarm};

/// Backtests added at a time: each asks all workers.
pub const MOST: usize = 100;

/// What is found and not in the lab yet.
pub fn offered<'c>(found: &'c Configuration, lab: &[NamedBacktest]) -> Vec<&'c Deployed> {
    found
        .backtests
        .iter()
        .filter(|deployed| !lab.iter().any(|item| is_same(&item.backtest, &deployed.backtest)))
        .collect()
}

/// Alarms on metric math that are found and not in the lab yet.
pub fn offered_formulas<'c>(found: &'c Configuration, lab: &[NamedFormula]) -> Vec<&'c MathBacktest> {
    let is_there =
        |wanted: &MathBacktest| lab.iter().any(|item| item.backtest.alarm.alarm_name == wanted.alarm.alarm_name);
    found.formulas.iter().filter(|formula| !is_there(formula)).collect()
}

/// Composite alarms that are found and not in the lab yet.
pub fn offered_composites<'c>(found: &'c Configuration, lab: &[NamedComposite]) -> Vec<&'c CompositeAlarm> {
    let is_there = |alarm: &CompositeAlarm| lab.iter().any(|item| item.alarm.alarm_name == alarm.alarm_name);
    found.composites.iter().filter(|alarm| !is_there(alarm)).collect()
}

/// Mute rules that are found and not in the lab yet.
pub fn offered_mutes<'c>(found: &'c Configuration, lab: &[AlarmMuteRule]) -> Vec<&'c AlarmMuteRule> {
    found.mutes.iter().filter(|rule| !lab.iter().any(|known| known.name == rule.name)).collect()
}

/// Whether two backtests are of the same deployed filter and alarm; settings may have been tried out on either.
pub fn is_same(a: &Backtest, b: &Backtest) -> bool {
    let metric = |backtest: &Backtest| {
        let metric = backtest.filter.metric_transformations.first();
        metric.map(|metric| (metric.metric_namespace.clone(), metric.metric_name.clone()))
    };
    let names = |backtest: &Backtest| (backtest.alarm.alarm_name.clone(), backtest.filter.filter_name.clone());
    names(a) == names(b) && metric(a) == metric(b)
}

/// Whether the metric filter was found without an alarm, so that the backtest's is the lab's own.
fn is_alone(found: &Configuration, backtest: &Backtest) -> bool {
    found.backtests.iter().any(|deployed| !deployed.has_alarm && is_same(&deployed.backtest, backtest))
}

/// What to know about a backtest whose alarm is not deployed.
pub fn advise(found: &Configuration, backtest: &Backtest) -> Option<Advice> {
    if !is_alone(found, backtest) {
        return None;
    }
    let text = "No alarm in the opened files watches this metric filter: the alarm here is the lab's, to begin with, not a \
                deployed one.";
    Some(Advice { text: text.into(), fix: None })
}

/// `Sum over 5 minutes ≥ 5`, and whether that is not deployed.
pub fn condition(found: &Configuration, backtest: &Backtest) -> String {
    let condition = lab::condition(&backtest.alarm);
    if is_alone(found, backtest) { format!("{condition}, not deployed") } else { condition }
}

/// `3 metric filters and 2 alarms found in alarms.json and filters.json`
pub fn sentence(found: &Configuration) -> String {
    let filters = plural(found.filters as u64, "metric filter", "metric filters");
    let alarms = plural(found.alarms as u64, "alarm", "alarms");
    let mutes = plural(found.mutes.len() as u64, "mute rule", "mute rules");
    let counts = [(found.filters, filters), (found.alarms, alarms), (found.mutes.len(), mutes)];
    let some: Vec<String> = counts.into_iter().filter(|(count, _)| *count > 0).map(|(_, words)| words).collect();
    let what = match some.as_slice() {
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        _ => some.concat(),
    };
    let name = |path: &String| path.rsplit(['/', '›']).next().unwrap_or_default().trim().to_owned();
    let place = match found.files.as_slice() {
        [] => String::new(),
        [one] => format!(" in {}", name(one)),
        [one, other] => format!(" in {} and {}", name(one), name(other)),
        [one, rest @ ..] => format!(" in {} and {} more files", name(one), rest.len()),
    };
    format!("{what} found{place}")
}

/// Whether a field holds an account's number.
pub fn is_account(field: &str) -> bool {
    let last = field.rsplit('.').next().unwrap_or(field);
    ["accountId", "AccountId", "accountID"].iter().any(|name| last.ends_with(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deployed(name: &str) -> Deployed {
        let mut backtest = Backtest::default();
        backtest.alarm.alarm_name = name.into();
        Deployed { name: name.into(), log_group: None, has_alarm: true, backtest }
    }

    #[test]
    fn what_is_in_the_lab_is_not_offered_again_even_if_it_was_tuned() {
        let found = Configuration { backtests: vec![deployed("a"), deployed("b")], ..Configuration::default() };
        let mut tuned = deployed("a").backtest;
        tuned.alarm.threshold = 99.0;
        let lab = [NamedBacktest { id: 1, name: "my own name".into(), backtest: tuned }];
        let names: Vec<_> = offered(&found, &lab).iter().map(|deployed| deployed.name.as_str()).collect();
        assert_eq!(names, ["b"]);
    }

    #[test]
    fn an_alarm_of_the_lab_is_not_taken_for_a_deployed_one() {
        let alone = Deployed { has_alarm: false, ..deployed("") };
        let found = Configuration { backtests: vec![deployed("a"), alone.clone()], ..Configuration::default() };
        let mut tuned = alone.backtest;
        tuned.alarm.threshold = 99.0;
        assert!(advise(&found, &tuned).is_some());
        assert_eq!(condition(&found, &tuned), "Sum over 5 minutes ≥ 99, not deployed");
        assert_eq!(condition(&found, &deployed("a").backtest), "Sum over 5 minutes ≥ 1");
        assert_eq!(advise(&found, &deployed("a").backtest), None);
    }

    #[test]
    fn the_sentence_counts_and_names() {
        let of = |filters, alarms, files: &[&str]| Configuration {
            filters,
            alarms,
            files: files.iter().map(|file| (*file).to_owned()).collect(),
            ..Configuration::default()
        };
        assert_eq!(
            sentence(&of(3, 2, &["x/alarms.json", "x.zip › filters.json"])),
            "3 metric filters and 2 alarms found in alarms.json and filters.json"
        );
        assert_eq!(sentence(&of(1, 0, &["template.json"])), "1 metric filter found in template.json");
        assert_eq!(sentence(&of(1, 1, &["a", "b", "c"])), "1 metric filter and 1 alarm found in a and 2 more files");
        let mutes = vec![AlarmMuteRule::default()];
        assert_eq!(
            sentence(&Configuration { mutes, ..of(2, 1, &["a"]) }),
            "2 metric filters, 1 alarm and 1 mute rule found in a"
        );
    }

    #[test]
    fn account_fields_are_known_by_their_last_step() {
        for field in ["recipientAccountId", "userIdentity.accountId", "resources[*].accountId", "sharedEventAccountId"]
        {
            assert!(is_account(field), "{field}");
        }
        assert!(!is_account("userIdentity.arn") && !is_account("accountIdentity"));
    }
}
