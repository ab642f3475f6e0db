//! The panel of controls in words: ids, how a pattern compares with each version of the benchmark, other alarms.

use super::format;
use crate::controls::framework::{CIS_VERSIONS, Framework};
use crate::controls::history::History;
use crate::controls::spelling::{Likeness, likeness};
use crate::controls::{AlarmVariant, Control, all};
use crate::view::lab;

/// Ids that fit into a line.
const SHORT: usize = 2;

/// The patterns of a framework in the order of the pack.
pub fn patterns(framework: Framework) -> Vec<String> {
    all().iter().map(|control| framework.pattern(control).to_owned()).collect()
}

/// The ids of a control, in short: `10.2.1.1, 10.4.1 and 7 more`; none is a dash.
pub fn short_ids(ids: &[&str]) -> String {
    match ids {
        [] => "–".into(),
        ids if ids.len() <= SHORT + 1 => ids.join(", "),
        ids => format!("{} and {} more", ids[..SHORT].join(", "), ids.len() - SHORT),
    }
}

/// All of it in a sentence: `9 of 15 controls have matching events; the alarms on 7 would have fired, 41 times in all`.
pub fn summary(histories: &[History]) -> String {
    let matching = histories.iter().filter(|history| history.events > 0).count();
    let fires: Vec<usize> =
        histories.iter().map(|history| history.timeline.fires()).filter(|fires| *fires > 0).collect();
    let alarms = match fires.as_slice() {
        [] => "no alarm would have fired".into(),
        [_] => format!("the alarm on one would have fired {}", format::times(fires.iter().sum())),
        several => format!(
            "the alarms on {} would have fired, {} times in all",
            several.len(),
            format::count(several.iter().sum::<usize>() as u64)
        ),
    };
    format!("{matching} of {} controls have matching events; {alarms}", histories.len())
}

/// How a pattern compares with the text of each version of the CIS benchmark; versions in a row with the same outcome
/// together: `v1.4.0 – v3.0.0`. Versions without the control are left out.
pub fn by_version(control: &Control, pattern: &str) -> Vec<(String, Likeness)> {
    let mut runs: Vec<(&str, &str, Likeness)> = Vec::new();
    for version in CIS_VERSIONS {
        let Some(text) = control.cis_pattern(version) else { continue };
        let outcome = likeness(pattern, text);
        match runs.last_mut() {
            Some((_, last, known)) if *known == outcome => *last = version,
            _ => runs.push((version, version, outcome)),
        }
    }
    let name = |first: &str, last: &str| if first == last { first.to_owned() } else { format!("{first} – {last}") };
    runs.into_iter().map(|(first, last, outcome)| (name(first, last), outcome)).collect()
}

/// An alarm that others recommend: `Sum over 5 minutes ≥ 3 – cloudposse catalog`.
pub fn alarm_words(control: &Control, variant: &AlarmVariant) -> String {
    format!("{} – {}", lab::condition(&variant.alarm(control)), variant.source)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::controls::by_key;

    #[test]
    fn ids_are_cut_to_a_line() {
        assert_eq!(short_ids(&[]), "–");
        assert_eq!(short_ids(&["4.1"]), "4.1");
        assert_eq!(short_ids(&["a", "b", "c"]), "a, b, c");
        assert_eq!(short_ids(&["a", "b", "c", "d"]), "a, b and 2 more");
    }

    #[test]
    fn versions_with_one_outcome_stand_together() {
        let control = by_key("unauthorized_api_calls").unwrap();
        let runs = by_version(control, control.pattern());
        let words: Vec<_> = runs.iter().map(|(versions, outcome)| (versions.as_str(), *outcome)).collect();
        assert_eq!(words, [("v1.2.0 – v1.3.0", Likeness::Exact), ("v1.4.0 – v7.0.0", Likeness::Differs)]);
        let organizations = by_key("organizations_changes").unwrap();
        assert_eq!(by_version(organizations, organizations.pattern())[0].0, "v1.3.0 – v7.0.0");
    }

    #[test]
    fn the_summary_counts() {
        let none = vec![History::default(); 15];
        assert_eq!(summary(&none), "0 of 15 controls have matching events; no alarm would have fired");
    }

    #[test]
    fn other_alarms_are_put_in_words() {
        let control = by_key("console_authentication_failures").unwrap();
        assert_eq!(
            alarm_words(control, &control.alarm_alternatives[0]),
            "Sum over 5 minutes ≥ 3 – CloudTrail User Guide example; cloudposse catalog"
        );
    }
}
