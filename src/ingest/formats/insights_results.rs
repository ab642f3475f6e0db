//! What a query of CloudWatch Logs Insights answers: `{"results":[[{"field":"@message","value":"{event}"}, …], …]}`, each
//! row a list of fields. Those without a value are left out.
//!
//! <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetQueryResults.html>

use super::rows::Cells;
use super::{Format, Item, Output};
use crate::ingest::scanner::Place;
use serde::Deserialize;
use serde_json::Value;

const LIST: &str = "results";

pub(super) struct InsightsResults;

#[derive(Deserialize)]
struct ResultField {
    field: String,
    #[serde(default)]
    value: Value,
}

impl Format for InsightsResults {
    fn name(&self) -> &'static str {
        "CloudWatch Logs Insights results"
    }

    fn row_lists(&self) -> &'static [&'static str] {
        &[LIST]
    }

    fn recognises(&self, item: &Item) -> bool {
        item.place == Place::List(LIST) && item.json.starts_with(b"[")
    }

    fn read(&self, item: &Item, out: &mut Output) {
        let fields: Vec<ResultField> = serde_json::from_slice(item.json).unwrap_or_default();
        let mut cells = Cells::default();
        fields.into_iter().for_each(|ResultField { field, value }| cells.push(field, &value));
        out.row(item, &cells);
    }
}
