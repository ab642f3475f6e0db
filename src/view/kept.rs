//! What a view holds already while nothing is loaded: after a reload, from a link, or when an archive was closed.

use super::ViewState;
use super::format::plural;

/// Alarms, rules, search and time range in words; `None` if there are none of them.
pub fn sentence(view: &ViewState) -> Option<String> {
    let counted = |number: usize, one, many| (number > 0).then(|| plural(number as u64, one, many));
    let kept = [
        counted(view.alarm_ids().count(), "alarm", "alarms"),
        counted(view.rules.len(), "rule", "rules"),
        (!view.search.is_empty()).then(|| "a search".to_owned()),
        (!view.ranges.is_empty()).then(|| "a time range".to_owned()),
    ];
    let kept: Vec<String> = kept.into_iter().flatten().collect();
    (!kept.is_empty()).then(|| format!("Kept for what you open next: {}", kept.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::EpochMs;
    use crate::view::{Action, TimeRange, reduce};

    #[test]
    fn names_what_is_kept() {
        let mut view = ViewState::default();
        assert_eq!(sentence(&view), None);
        reduce(&mut view, Action::SetSearch("errorCode EXISTS".into()));
        assert_eq!(sentence(&view).as_deref(), Some("Kept for what you open next: a search"));
        view.ranges.extend(TimeRange::between(EpochMs(0), EpochMs(1)));
        reduce(
            &mut view,
            Action::AddFormula { name: "a".into(), backtest: Box::new(crate::view::formula::share_of_errors()) },
        );
        assert_eq!(sentence(&view).as_deref(), Some("Kept for what you open next: 1 alarm, a search, a time range"));
    }
}
