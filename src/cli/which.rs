//! Which of the loaded events a command is about.

use super::failure::Failure;
use crate::base::EpochMs;
use crate::model::query::Scope;
use crate::pattern;

/// What events have to pass.
#[derive(Debug, clap::Args)]
pub struct Which {
    /// Only events that match a CloudWatch filter pattern: JSON, terms, space-delimited or %regular expression%.
    #[arg(long, value_name = "P", default_value = "", hide_default_value = true, allow_hyphen_values = true)]
    filter: String,
    /// Only events that the page's search bar would find: free text, field:value, - to exclude.
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true, allow_hyphen_values = true)]
    search: String,
    /// Only events from this time on, such as 2023-07-10T00:00:00Z.
    #[arg(long, value_name = "TIME")]
    from: Option<String>,
    /// Only events before this time.
    #[arg(long, value_name = "TIME")]
    to: Option<String>,
}

impl Which {
    /// The same as a scope; the error says which option cannot be read.
    pub fn scope(&self, keep_duplicates: bool) -> Result<Scope, Failure> {
        pattern::cloudwatch::parse(&self.filter).map_err(|error| Failure::pattern("--filter", &self.filter, &error))?;
        pattern::search::parse(&self.search).map_err(|error| Failure::pattern("--search", &self.search, &error))?;
        let range = match (&self.from, &self.to) {
            (None, None) => None,
            (from, to) => Some((
                from.as_ref().map_or(Ok(EpochMs(i64::MIN + 1)), |text| time("--from", text))?,
                to.as_ref().map_or(Ok(EpochMs(i64::MAX)), |text| time("--to", text))?,
            )),
        };
        Ok(Scope { filter: self.search.clone(), pattern: self.filter.clone(), range, keep_duplicates })
    }
}

fn time(option: &str, text: &str) -> Result<EpochMs, Failure> {
    EpochMs::parse(text)
        .ok_or_else(|| Failure::usage(format!("{option}: “{text}” is not a time like 2023-07-10T00:00:00Z")))
}
