//! What a query of CloudTrail Lake answers: `{"QueryResultRows":[[{"eventname":"…"}, {"eventtime":"…"}, …], …]}`, each row
//! a list of objects with one column each.
//!
//! <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetQueryResults.html>

use super::rows::Cells;
use super::{Format, Item, Output};
use crate::ingest::scanner::Place;
use serde_json::{Map, Value};

const LIST: &str = "QueryResultRows";

pub(super) struct LakeResults;

impl Format for LakeResults {
    fn name(&self) -> &'static str {
        "CloudTrail Lake query results"
    }

    fn row_lists(&self) -> &'static [&'static str] {
        &[LIST]
    }

    fn recognises(&self, item: &Item) -> bool {
        item.place == Place::List(LIST) && item.json.starts_with(b"[")
    }

    fn read(&self, item: &Item, out: &mut Output) {
        let columns: Vec<Map<String, Value>> = serde_json::from_slice(item.json).unwrap_or_default();
        let mut cells = Cells::default();
        columns.into_iter().flatten().for_each(|(name, value)| cells.push(name, &value));
        out.row(item, &cells);
    }
}
