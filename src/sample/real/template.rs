//! JSON with gaps: `{"bucketName":"<bucket>"}`. The gaps are kinds of [`values`](super::values), known by number.

use super::values::{KINDS, Kind};

/// A text in pieces.
#[derive(Default)]
pub(in crate::sample) struct Template(pub(super) Vec<Piece>);

/// Part of a template.
pub(super) enum Piece {
    Text(&'static str),
    /// Index of the kind in [`KINDS`].
    Value(usize),
}

impl Template {
    /// What stands between angle brackets and is no kind is text.
    pub(super) fn new(text: &'static str) -> Self {
        let mut pieces = Vec::new();
        let (mut start, mut at) = (0, 0);
        while let Some(open) = text[at..].find('<').map(|found| at + found) {
            let Some(close) = text[open..].find('>').map(|found| open + found) else { break };
            at = open + 1;
            if let Some(kind) = KINDS.iter().position(|Kind { name, .. }| *name == &text[open + 1..close]) {
                pieces.push(Piece::Text(&text[start..open]));
                pieces.push(Piece::Value(kind));
                (start, at) = (close + 1, close + 1);
            }
        }
        pieces.push(Piece::Text(&text[start..]));
        Self(pieces)
    }
}
