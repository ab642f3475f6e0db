//! What is chosen to be read, in words and as the days of date fields.

use crate::base::EpochMs;
use crate::model::selection::Selection;

const DAY_MS: i64 = 86_400_000;

/// In one line; `None` when everything is read.
pub fn summary(selection: &Selection) -> Option<String> {
    if selection.is_everything() {
        return None;
    }
    let days = match (day(selection.from, 0), day(selection.to, -1)) {
        (Some(from), Some(to)) if from == to => Some(from),
        (Some(from), Some(to)) => Some(format!("{from} to {to}")),
        (Some(from), None) => Some(format!("from {from}")),
        (None, Some(to)) => Some(format!("to {to}")),
        (None, None) => None,
    };
    let list = |items: &[String]| (!items.is_empty()).then(|| items.join(", "));
    let path = (!selection.path.is_empty()).then(|| format!("“{}” in the path", selection.path));
    let parts = [days, list(&selection.accounts), list(&selection.regions), path];
    Some(format!("Read only {}", parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")))
}

/// The first day as a date field has it; empty when there is none.
pub fn first_day(selection: &Selection) -> String {
    day(selection.from, 0).unwrap_or_default()
}

/// The last day, likewise.
pub fn last_day(selection: &Selection) -> String {
    day(selection.to, -1).unwrap_or_default()
}

/// The day of an instant, moved by some milliseconds.
fn day(time: Option<EpochMs>, by: i64) -> Option<String> {
    let day = EpochMs(time?.0.saturating_add(by)).floor_to(DAY_MS).to_rfc3339();
    Some(day.split('T').next()?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_selection_is_said_in_one_line() {
        let mut selection = Selection::default();
        assert_eq!(summary(&selection), None);
        selection.from = Selection::parse_from("2023-07-10");
        assert_eq!(summary(&selection).unwrap(), "Read only from 2023-07-10");
        selection.to = Selection::parse_to("2023-07-16");
        selection.regions = vec!["eu-west-1".into(), "us-east-1".into()];
        selection.path = "prod".into();
        let expected = "Read only 2023-07-10 to 2023-07-16 · eu-west-1, us-east-1 · “prod” in the path";
        assert_eq!(summary(&selection).unwrap(), expected);
        assert_eq!((first_day(&selection), last_day(&selection)), ("2023-07-10".into(), "2023-07-16".into()));
        selection.to = Selection::parse_to("2023-07-10");
        assert!(summary(&selection).unwrap().starts_with("Read only 2023-07-10 · "));
    }
}
