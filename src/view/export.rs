//! Words around an export: what the file is called, what the buttons say, which fields a table with all of them has.

use super::format;
use crate::base::EpochMs;
use crate::model::export::{ExportFormat, LostRecords};
use crate::model::partial::CatalogPart;
use crate::pattern;
use std::collections::BTreeSet;

/// Columns of the widest CSV: what a spreadsheet opens.
const MOST_FIELDS: usize = 16_384;

/// `trailscope-2023-07-10--2023-07-11-1204-events.json`: the days (UTC) of the first and the last event, if any has a
/// time, and how many events there are. Nothing in it comes from a log.
pub fn file_name(span: Option<(i64, i64)>, records: u64, format: &ExportFormat) -> String {
    let day = |ms: i64| EpochMs(ms).to_rfc3339().chars().take_while(|c| *c != 'T').collect::<String>();
    let days = match span.map(|(first, last)| (day(first), day(last))) {
        None => String::new(),
        Some((first, last)) if first == last => format!("-{first}"),
        Some((first, last)) => format!("-{first}--{last}"),
    };
    let events = if records == 1 { "event" } else { "events" };
    format!("trailscope{days}-{records}-{events}.{}", format.extension())
}

/// The fields that hold values, of those that occur: no objects and no arrays, whose members have fields of their own.
pub fn all_fields(catalog: &CatalogPart) -> Vec<String> {
    let paths = &catalog.paths;
    let mut parents = BTreeSet::new();
    for path in paths.keys() {
        let ends = path.char_indices().filter(|(_, c)| matches!(c, '.' | '['));
        parents.extend(ends.map(|(end, _)| &path[..end]));
    }
    let leaves = paths.keys().filter(|path| !parents.contains(path.as_str()));
    // A key that no path can spell has no field.
    leaves.filter(|path| pattern::path::parse(path).is_ok()).take(MOST_FIELDS).cloned().collect()
}

/// What became of an export that lacks some of its events.
pub fn shortfall(exported: u64, wanted: u64, lost: &[LostRecords]) -> String {
    /// Files named one by one.
    const NAMED: usize = 5;
    let mut text = format!(
        "{} of {} were exported. {} could not be read again",
        format::count(exported),
        format::plural(wanted, "event", "events"),
        format::count(wanted.saturating_sub(exported))
    );
    for (index, LostRecords { path, records, reason }) in lost.iter().take(NAMED).enumerate() {
        let lead = if index == 0 { ": " } else { "; " };
        text.push_str(&format!("{lead}{} of {path}: {reason}", format::count(*records)));
    }
    if lost.len() > NAMED {
        text.push_str(&format!("; and {}", format::plural((lost.len() - NAMED) as u64, "more file", "more files")));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_days_and_number() {
        let day = 86_400_000;
        let csv = ExportFormat::Csv { fields: Vec::new() };
        assert_eq!(
            file_name(Some((0, day + 5)), 1204, &ExportFormat::Json),
            "trailscope-1970-01-01--1970-01-02-1204-events.json"
        );
        assert_eq!(file_name(Some((5, 6)), 1, &ExportFormat::Ndjson), "trailscope-1970-01-01-1-event.ndjson");
        assert_eq!(file_name(None, 0, &csv), "trailscope-0-events.csv");
    }

    #[test]
    fn all_fields_are_those_with_values() {
        let paths = ["a", "b", "b.c", "b.d", "b.d[*]", "b.d[*].e", "bc", "x['y z']", "x"];
        let catalog =
            CatalogPart { paths: paths.iter().map(|path| ((*path).to_owned(), 1)).collect(), ..CatalogPart::default() };
        assert_eq!(all_fields(&catalog), ["a", "b.c", "b.d[*].e", "bc", "x['y z']"]);
    }

    #[test]
    fn a_shortfall_names_files_and_reasons() {
        let lost =
            |number: u64| LostRecords { path: format!("log-{number}.json"), records: number, reason: "gone".into() };
        assert_eq!(
            shortfall(1_150, 1_204, &[lost(54)]),
            "1,150 of 1,204 events were exported. 54 could not be read again: 54 of log-54.json: gone"
        );
        let many: Vec<_> = (1..9).map(lost).collect();
        assert!(shortfall(0, 36, &many).ends_with("5 of log-5.json: gone; and 3 more files"));
    }
}
