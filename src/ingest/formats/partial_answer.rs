//! What stands beside a list of events or rows in an answer of AWS, and says that the list is not all there is.
//!
//! `NextToken` of `lookup-events` and of Lake, `nextToken` of `filter-log-events`: there is another page
//! (<https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html>). `get-log-events` has a
//! `nextForwardToken` always, at its end too. The `status` of a Logs Insights query that goes on or broke off, and how
//! many log events it matched, of which it answers 10,000 unless told otherwise
//! (<https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetQueryResults.html>).

use crate::ingest::shallow;

/// Why a list is not all there is.
pub(in crate::ingest) enum PartialAnswer {
    /// One page of several.
    Page,
    /// Results of a query in this state.
    Query(&'static str),
    /// So many of the log events that a query matched.
    Rows(u64, u64),
}

/// Other than `Complete`.
const STATES: [&str; 6] = ["Cancelled", "Failed", "Running", "Scheduled", "Timeout", "Unknown"];

/// What the members in `text` say: from the opening brace of the object on, or from the bracket that closes a list of
/// `rows`.
pub(super) fn judge(text: &[u8], rows: u64) -> Option<PartialAnswer> {
    let members = || shallow::members(text.get(1..).unwrap_or_default());
    let of_text = |(key, value): (&[u8], &[u8])| {
        let value = value.trim_ascii_end().strip_prefix(b"\"")?.strip_suffix(b"\"")?;
        match key {
            b"NextToken" | b"nextToken" if !value.is_empty() => Some(PartialAnswer::Page),
            b"status" => STATES.into_iter().find(|state| state.as_bytes() == value).map(PartialAnswer::Query),
            _ => None,
        }
    };
    let of_statistics = || {
        let (_, statistics) = members().find(|(key, _)| *key == b"statistics")?;
        let matched: f64 = serde_json::from_slice(shallow::field(statistics, "recordsMatched")?).ok()?;
        (rows > 0 && matched > rows as f64).then_some(PartialAnswer::Rows(rows, matched as u64))
    };
    members().find_map(of_text).or_else(of_statistics)
}

impl PartialAnswer {
    /// A sentence for the diagnostic.
    pub(in crate::ingest) fn message(&self) -> String {
        match self {
            Self::Page => {
                "this is one page of several: its `NextToken` says that AWS has more events, which count only if \
                 they are loaded as well (without `--max-items` or `--no-paginate` all come at once)"
                    .into()
            }
            Self::Query(state) => format!(
                "the query had not ended (its status is {state}), so events may be missing; load what it answers when \
                 its status is Complete"
            ),
            Self::Rows(rows, matched) => format!(
                "the query matched {matched} log events and answered {rows}: without `limit`, 10,000 are answered. Ask \
                 for shorter times, and load all answers"
            ),
        }
    }
}
