//! What stands beside a list of events or rows in an answer of AWS, and says that the list is not all there is.
//!
//! `NextToken` of `lookup-events` and of Lake, `nextToken` of `filter-log-events`: there is another page
//! (<https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html>). `get-log-events` has a
//! `nextForwardToken` always, at its end too. The `status` of a Logs Insights query that goes on or broke off
//! (<https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetQueryResults.html>).

use crate::ingest::shallow;

/// Why a list is not all there is.
pub(in crate::ingest) enum Part {
    /// One page of several.
    Page,
    /// Results of a query in this state.
    Query(&'static str),
}

/// Other than `Complete`.
const STATES: [&str; 6] = ["Cancelled", "Failed", "Running", "Scheduled", "Timeout", "Unknown"];

/// What the members in `text` say: from the opening brace of the object on, or from the bracket that closes a list.
pub(super) fn part(text: &[u8]) -> Option<Part> {
    shallow::members(text.get(1..)?).find_map(|(key, value)| {
        let value = value.trim_ascii_end().strip_prefix(b"\"")?.strip_suffix(b"\"")?;
        match key {
            b"NextToken" | b"nextToken" if !value.is_empty() => Some(Part::Page),
            b"status" => STATES.into_iter().find(|state| state.as_bytes() == value).map(Part::Query),
            _ => None,
        }
    })
}

impl Part {
    /// A sentence for the diagnostic.
    pub(in crate::ingest) fn message(&self) -> String {
        match self {
            Self::Page => {
                "this is one page of several: its `NextToken` says that AWS has more events; they count only \
                           if they are loaded as well (without `--max-items` or `--no-paginate` all come at once)"
                    .to_owned()
            }
            Self::Query(state) => format!(
                "the query had not ended (its status is {state}), so events may be missing; load what it answers when \
                 its status is Complete"
            ),
        }
    }
}
