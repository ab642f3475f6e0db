//! The import report as text that leaves the page: JSON to keep, a table to paste.

use super::integrity::{ByPath, by_path, label};
use crate::base::{EpochMs, csv};
use crate::model::report::{FileRow, FilesPart, Finding};
use crate::verify::{self, Counts, Verdict};
use serde::Serialize;
use std::collections::BTreeMap;

/// The report as JSON: counts of dropped files, then what all lines add up to, what verification came to if there was
/// one, then the lines.
pub fn to_json(part: &FilesPart, files: u64, left_out: u64, verified: Option<&verify::Report>) -> String {
    let totals = &part.totals;
    let verdicts = verified.map(by_path).unwrap_or_default();
    let problems = totals
        .problems
        .iter()
        .map(|(code, known)| (code.name(), Occurrences { files: known.files, times: known.times }));
    let report = Report {
        files,
        files_not_read: left_out,
        entries: totals.entries,
        events: totals.events,
        duplicates: totals.duplicates,
        bytes_read: totals.bytes_in,
        bytes_unpacked: totals.bytes_out,
        problems: problems.collect(),
        integrity: verified.map(Integrity::of),
        lines: part.rows.iter().map(|row| Line::of(row, &verdicts)).collect(),
    };
    serde_json::to_string_pretty(&report).unwrap_or_default()
}

#[derive(Serialize)]
struct Report<'r> {
    files: u64,
    files_not_read: u64,
    entries: u64,
    events: u64,
    duplicates: u64,
    bytes_read: u64,
    bytes_unpacked: u64,
    problems: BTreeMap<&'static str, Occurrences>,
    integrity: Option<Integrity<'r>>,
    lines: Vec<Line<'r>>,
}

#[derive(Serialize)]
struct Integrity<'r> {
    summary: &'r str,
    files_by_verdict: &'r Counts,
    digests_by_verdict: &'r Counts,
    /// Bucket and key of log files and digest files that should be there.
    missing: Vec<&'r str>,
}

impl<'r> Integrity<'r> {
    fn of(report: &'r verify::Report) -> Self {
        let files = report.files.iter().filter(|file| file.verdict == Verdict::Missing);
        let digests = report.digests.iter().filter(|digest| digest.verdict == Verdict::Missing);
        Self {
            summary: &report.summary,
            files_by_verdict: &report.files_by_verdict,
            digests_by_verdict: &report.digests_by_verdict,
            missing: files
                .filter_map(|file| file.object.as_deref())
                .chain(digests.map(|digest| digest.object.as_str()))
                .collect(),
        }
    }
}

#[derive(Serialize)]
struct Occurrences {
    files: u64,
    times: u64,
}

#[derive(Serialize)]
struct Line<'r> {
    path: &'r str,
    format: &'r str,
    events: u64,
    duplicates: u64,
    bytes: u64,
    bytes_unpacked: u64,
    first: Option<String>,
    last: Option<String>,
    accounts: &'r [String],
    regions: &'r [String],
    problems: &'r [Finding],
    integrity: Option<Known<'r>>,
}

#[derive(Serialize)]
struct Known<'r> {
    verdict: Verdict,
    reason: &'r str,
}

impl<'r> Line<'r> {
    fn of(row: &'r FileRow, verdicts: &'r ByPath) -> Self {
        let known = verdicts.get(&row.path);
        Self {
            integrity: known.map(|(verdict, reason)| Known { verdict: *verdict, reason }),
            path: &row.path,
            format: &row.format,
            events: row.events,
            duplicates: row.duplicates,
            bytes: row.bytes_in,
            bytes_unpacked: row.bytes_out,
            first: row.first.map(EpochMs::to_rfc3339),
            last: row.last.map(EpochMs::to_rfc3339),
            accounts: &row.accounts,
            regions: &row.regions,
            problems: &row.problems,
        }
    }
}

/// The lines as a table with tabs, for spreadsheets.
pub fn to_table(part: &FilesPart, verified: Option<&verify::Report>) -> String {
    let mut table = String::from(
        "Path\tFormat\tEvents\tDuplicates\tBytes\tBytes unpacked\tFirst event\tLast event\tAccounts\tRegions\tProblems\tIntegrity\n",
    );
    let verdicts = verified.map(by_path).unwrap_or_default();
    let time = |time: Option<EpochMs>| time.map(EpochMs::to_rfc3339).unwrap_or_default();
    for row in &part.rows {
        let problems = row.problems.iter().map(|finding| {
            let times = if finding.count > 1 { format!(" ×{}", finding.count) } else { String::new() };
            format!("{}{times}: {}", finding.code.name(), finding.message)
        });
        let cells = [
            row.path.clone(),
            row.format.clone(),
            row.events.to_string(),
            row.duplicates.to_string(),
            row.bytes_in.to_string(),
            row.bytes_out.to_string(),
            time(row.first),
            time(row.last),
            row.accounts.join(" "),
            row.regions.join(" "),
            problems.collect::<Vec<_>>().join("; "),
            verdicts.get(&row.path).map(|(verdict, reason)| in_words(*verdict, reason)).unwrap_or_default(),
        ];
        table.push_str(&cells.map(|cell| inert(&cell)).join("\t"));
        table.push('\n');
    }
    table
}

/// What is known about one file: `Modified: its bytes are not those …`
pub fn in_words(verdict: Verdict, reason: &str) -> String {
    if reason.is_empty() { label(verdict).to_owned() } else { format!("{}: {reason}", label(verdict)) }
}

/// Text as one cell that no spreadsheet takes for a formula.
pub fn inert(text: &str) -> String {
    let text = text.replace(['\t', '\r', '\n'], " ");
    if text.starts_with(csv::FORMULA) { format!("'{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{Code, Severity};

    fn part() -> FilesPart {
        let finding =
            Finding { severity: Severity::Error, code: Code::TruncatedJson, message: "ends\tearly".into(), count: 2 };
        let mut part = FilesPart::default();
        part.totals.tell(finding.code, finding.count);
        part.totals.events = 7;
        part.rows.push(FileRow {
            path: "=HYPERLINK(\"x\").json".into(),
            format: "trail".into(),
            events: 7,
            first: Some(EpochMs(0)),
            regions: vec!["eu-west-1".into()],
            problems: vec![finding],
            ..FileRow::default()
        });
        part
    }

    #[test]
    fn the_json_says_everything_by_name() {
        let value: serde_json::Value = serde_json::from_str(&to_json(&part(), 3, 1, None)).unwrap();
        assert_eq!((&value["files"], &value["files_not_read"], &value["events"]), (&3.into(), &1.into(), &7.into()));
        assert_eq!(value["problems"]["truncated-json"]["times"], 2);
        let line = &value["lines"][0];
        assert_eq!((&line["first"], &line["last"]), (&"1970-01-01T00:00:00Z".into(), &serde_json::Value::Null));
        assert_eq!(
            (&line["problems"][0]["code"], &line["regions"][0]),
            (&"truncated-json".into(), &"eu-west-1".into())
        );
    }

    #[test]
    fn the_table_is_one_line_a_file_and_no_formula() {
        let table = to_table(&part(), None);
        let lines: Vec<&str> = table.lines().collect();
        assert_eq!(lines.len(), 2);
        assert!(lines[1].starts_with("'=HYPERLINK(\"x\").json\ttrail\t7\t0\t"), "{}", lines[1]);
        assert!(lines[1].ends_with("\teu-west-1\ttruncated-json ×2: ends early\t"), "{}", lines[1]);
        assert!(lines.iter().all(|line| line.matches('\t').count() == 11));
    }

    #[test]
    fn both_say_what_verification_came_to() {
        let file = |path: Option<&str>, verdict, reason: &str| verify::File {
            path: path.map(str::to_owned),
            object: Some("bucket/key.json.gz".into()),
            verdict,
            reason: reason.into(),
            expected: None,
            found: None,
            stated_by: None,
        };
        let part = part();
        let report = verify::Report {
            summary: "1 modified, 1 missing".into(),
            files: vec![
                file(Some(&part.rows[0].path), Verdict::Modified, "other bytes"),
                file(None, Verdict::Missing, "not dropped"),
            ],
            ..verify::Report::default()
        };
        let value: serde_json::Value = serde_json::from_str(&to_json(&part, 1, 0, Some(&report))).unwrap();
        assert_eq!(value["integrity"]["missing"][0], "bucket/key.json.gz");
        let known = &value["lines"][0]["integrity"];
        assert_eq!((&known["verdict"], &known["reason"]), (&"modified".into(), &"other bytes".into()));
        assert!(to_table(&part, Some(&report)).trim_end().ends_with("\tModified: other bytes"));
    }
}
