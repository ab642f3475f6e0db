//! What the page puts together from the answers of all workers.

use super::hall::Hall;
use trailscope::model::export::ExportFormat;
use trailscope::model::query::{Answer, PRINCIPAL, Query, Row, RowRef, Scope, Sort};
use trailscope::worker::pool::{place, window};

/// Every so many rows are a sample of the order.
const STRIDE: u32 = 3;

impl Hall {
    pub fn turns(&mut self, turns: usize) {
        for _ in 0..turns {
            self.turn();
        }
    }

    pub fn page(&mut self, scope: &Scope, sort: &Sort, first: u64, len: usize) -> Vec<Row> {
        let samples: Vec<_> = self
            .ask(Query::SortSamples { scope: scope.clone(), sort: sort.clone(), stride: STRIDE }, None)
            .into_iter()
            .map(|a| if let Answer::SortSamples(keys) = a { keys } else { panic!() })
            .collect();
        let from = place(&samples, STRIDE, first, sort);
        let reach = len as u32 + STRIDE * (self.servers.len() as u32 + 1);
        let windows = self
            .ask(
                Query::SortWindow { scope: scope.clone(), sort: sort.clone(), from, len: reach, fields: Vec::new() },
                None,
            )
            .into_iter()
            .map(|a| if let Answer::SortWindow { before, rows, .. } = a { (before, rows) } else { panic!() })
            .collect();
        let rows: Vec<RowRef> = window(windows, first, len, sort);
        rows.iter()
            .map(|row| {
                let fields = vec!["eventName".into(), "resources[*].ARN".into(), PRINCIPAL.into()];
                let answer = self.ask(Query::Cells { rows: vec![row.row], fields }, Some(row.shard as usize));
                match &answer[0] {
                    Answer::Cells(rows) => rows[0].clone(),
                    other => panic!("{other:?}"),
                }
            })
            .collect()
    }

    /// The exported file and the number of events in it, put together as the page does.
    pub fn export(&mut self, scope: &Scope, format: &ExportFormat, budget: u32) -> (Vec<u8>, u64) {
        let mut parts = Vec::new();
        for worker in 0..self.servers.len() {
            let mut after = None;
            loop {
                let query = Query::Export { scope: scope.clone(), format: format.clone(), after, budget };
                let Some(Answer::Export(piece)) = self.ask(query, Some(worker)).pop() else { panic!() };
                let mut rest = piece.bytes.as_slice();
                for part in piece.parts {
                    let (text, after) = rest.split_at(part.len as usize);
                    parts.push(((part.file, part.entry), part.records, text.to_vec()));
                    rest = after;
                }
                assert_eq!(piece.lost, []);
                after = piece.next;
                if after.is_none() {
                    break;
                }
            }
        }
        // Stable: the parts of one file come from one worker, in order.
        parts.sort_by_key(|(place, ..)| *place);
        let records = parts.iter().map(|(_, records, _)| records).sum();
        let texts: Vec<_> = parts.into_iter().map(|(.., text)| text).collect();
        ([&format.head()[..], &texts.join(format.separator()), format.tail()].concat(), records)
    }
}
