//! The view and its metrics as queries for Athena and Logs Insights: what there is to choose, and what is known of the
//! bucket.

use super::state::{NamedBacktest, ViewState};
use crate::base::EpochMs;
use crate::dialect::{Question, Written, athena, logs_insights};

/// What is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// SQL for Athena.
    #[default]
    Athena,
    /// The statement that makes its table.
    AthenaTable,
    /// A CloudWatch Logs Insights query.
    LogsInsights,
}

impl Language {
    /// In the order offered.
    pub const ALL: [Self; 3] = [Self::Athena, Self::AthenaTable, Self::LogsInsights];

    /// What people call it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Athena => "Athena",
            Self::AthenaTable => "Athena table",
            Self::LogsInsights => "Logs Insights",
        }
    }

    /// Name of a file that holds it.
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Athena => "query.sql",
            Self::AthenaTable => "cloudtrail_logs.sql",
            Self::LogsInsights => "query.logs-insights.txt",
        }
    }
}

/// What the view asks.
pub fn events(view: &ViewState, search: &str) -> Question {
    let scope = crate::model::query::Scope { filter: search.to_owned(), ..view.scope() };
    Question::Events { scope, columns: view.columns.iter().map(|column| column.field.clone()).collect() }
}

/// The metric of a backtest, as its alarm looks at it, over the view's time range.
pub fn metric(view: &ViewState, item: &NamedBacktest) -> Question {
    Question::Metric {
        filter: item.backtest.filter.clone(),
        statistic: item.backtest.alarm.statistic(),
        period: item.backtest.alarm.period,
        range: view.range().map(|range| (range.from, range.to)),
    }
}

/// The query, or why there is none.
pub fn write(language: Language, question: &Question, bucket: &athena::Bucket) -> Result<Written, String> {
    match language {
        Language::Athena => athena::write(question),
        Language::LogsInsights => logs_insights::write(question),
        Language::AthenaTable => {
            let stands_in = "The bucket is the one of AWS's examples: give the place of your trail's log files";
            let notes = if bucket.location.is_empty() { vec![stands_in.to_owned()] } else { Vec::new() };
            Ok(Written { text: athena::create(bucket), notes })
        }
    }
}

/// What is known of the bucket. Accounts and Regions come from logs, so what does not look like one is left out; the
/// table begins with the year of the first event.
pub fn bucket(location: &str, accounts: &[String], regions: &[String], first: Option<EpochMs>) -> athena::Bucket {
    let is_account = |text: &&String| text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_region = |text: &&String| {
        text.len() < 32 && text.contains('-') && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let new_year = |time: EpochMs| EpochMs::parse(&format!("{:04}-01-01T00:00:00Z", time.civil().year));
    athena::Bucket {
        location: location.trim().to_owned(),
        accounts: accounts.iter().filter(is_account).cloned().collect(),
        regions: regions.iter().filter(is_region).cloned().collect(),
        first: first.and_then(new_year),
    }
}

/// What is wrong with the place of a trail's log files, if anything is. It goes into a template with `${…}` in it.
pub fn location_problem(location: &str) -> Option<&'static str> {
    let location = location.trim();
    let is_fine = |text: &str| {
        text.len() > 2 && text.chars().all(|c| c.is_ascii_graphic() && !matches!(c, '$' | '{' | '}' | '\'' | '\\'))
    };
    match location.strip_prefix("s3://") {
        _ if location.is_empty() => None,
        Some(rest) if is_fine(rest) => None,
        _ => Some("Expected s3://bucket/AWSLogs/ or, for an organization, s3://bucket/AWSLogs/o-exampleorgid/"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::presets::PRESETS;

    #[test]
    fn the_view_and_every_preset_can_be_asked_elsewhere() {
        let view = ViewState::default();
        let bucket = athena::Bucket::default();
        for language in Language::ALL {
            assert!(write(language, &events(&view, "eventName:Get*"), &bucket).is_ok());
            for (id, preset) in (0..).zip(PRESETS) {
                let item = NamedBacktest { id, name: String::new(), backtest: preset.backtest() };
                let written = write(language, &metric(&view, &item), &bucket);
                assert!(written.is_ok(), "{}: {written:?}", preset.title);
            }
        }
        assert!(write(Language::Athena, &events(&view, "alice"), &bucket).unwrap_err().contains("alice"));
    }

    #[test]
    fn text_from_logs_does_not_reach_the_table() {
        let texts = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect::<Vec<_>>();
        let accounts = texts(&["111122223333", "', 'x' = '"]);
        let regions = texts(&["eu-west-1", "eu,west-1", "somewhere"]);
        let bucket = bucket(" s3://logs/AWSLogs/ ", &accounts, &regions, EpochMs::parse("2024-03-04T08:00:00Z"));
        assert_eq!((bucket.accounts.len(), bucket.regions.len()), (1, 1));
        let text = athena::create(&bucket);
        assert!(text.contains("'projection.day.range' = '2024/01/01,NOW'"), "{text}");
        assert!(text.contains("'s3://logs/AWSLogs/${account}/CloudTrail/${region}/${day}'"), "{text}");
    }

    #[test]
    fn places_are_addresses_of_s3() {
        for fine in ["", "s3://logs/AWSLogs/", " s3://logs/prefix/AWSLogs/o-abc/ "] {
            assert_eq!(location_problem(fine), None, "{fine}");
        }
        for wrong in ["logs", "s3://", "https://logs", "s3://logs/${x}/", "s3://logs/it's/"] {
            assert!(location_problem(wrong).is_some(), "{wrong}");
        }
    }
}
