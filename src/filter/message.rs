//! Text tests on whole records, answered from columns wherever that is exact.
//!
//! The log message of a record is its compact JSON. A piece of text without JSON punctuation can only stand
//! inside one key, one string or one literal, so "the message contains it" is "some key or value contains
//! it", which dictionaries answer. That holds for rows whose tokens read the same in the message as in the
//! columns; the others (escapes, fractional numbers, repaired or cut records) are in
//! [`Segment::opaque`](crate::store::Segment) and are looked up in the raw text. Text with punctuation is cut
//! into such pieces to find candidates, which are then checked against the raw text.

use super::eval::{Messages, passing_codes, scan_codes};
use super::find::Needle;
use super::predicate::MessageTest;
use crate::base::BitSet;
use crate::store::{PathId, PathStep, PathTree, Segment, Shard, Values};

/// A text test resolved against a shard.
pub struct MessagePlan {
    /// Each must be found in a key or value of a row, or the row cannot match.
    pieces: Vec<Piece>,
    check: Check,
}

/// What decides about the rows that have all pieces.
enum Check {
    /// Nothing more to check: free text over string values.
    None,
    /// Only opaque rows need the raw text.
    Opaque(MessageTest),
    /// All candidates need the raw text.
    All(MessageTest),
}

/// Text to be found in a key or value.
struct Piece {
    needle: Needle,
    /// Dictionary codes that contain the text, per path that has any.
    codes: Vec<(PathId, BitSet)>,
    /// Paths whose last key contains the text.
    keys: Vec<PathId>,
}

/// Resolves a message test.
pub fn plan(test: &MessageTest, shard: &Shard) -> MessagePlan {
    match test {
        MessageTest::Contains(text) => {
            let is_punctuation = |c: char| c.is_control() || !c.is_ascii() || "\"\\:,{}[]".contains(c);
            let pieces: Vec<Piece> = text
                .split(is_punctuation)
                .filter(|piece| !piece.is_empty())
                .map(|piece| Piece::new(Needle::exact(piece), shard))
                .collect();
            let whole = pieces.len() == 1 && pieces[0].needle.text() == text;
            let check = if whole { Check::Opaque(test.clone()) } else { Check::All(test.clone()) };
            MessagePlan { pieces, check }
        }
        MessageTest::Matches(_) | MessageTest::Fields(_) => {
            MessagePlan { pieces: Vec::new(), check: Check::All(test.clone()) }
        }
    }
}

impl MessagePlan {
    /// Free text (lower-cased) over all string values.
    pub fn any_text(needle: &str, shard: &Shard) -> Self {
        Self { pieces: vec![Piece::new(Needle::free(needle), shard)], check: Check::None }
    }

    /// The rows of `among` that pass.
    pub fn rows(
        &self,
        among: &BitSet,
        shard: &Shard,
        segment: &Segment,
        messages: &dyn Messages,
    ) -> Result<BitSet, String> {
        let mut rows = among.clone();
        for piece in &self.pieces {
            rows = piece.rows(&rows, shard, segment);
        }
        let mut unsure = segment.opaque.clone();
        unsure.and(among);
        let test = match &self.check {
            Check::None => return Ok(rows),
            Check::Opaque(test) => test,
            Check::All(test) => {
                unsure.or(&rows);
                test
            }
        };
        if !unsure.is_none() {
            messages.read(segment, &unsure, &mut |row, message| {
                if test.matches(message) {
                    rows.insert(row);
                } else {
                    rows.remove(row);
                }
            })?;
        }
        Ok(rows)
    }
}

impl Piece {
    fn new(needle: Needle, shard: &Shard) -> Self {
        let paths = shard.paths();
        let all = || (0..paths.len() as u32).map(PathId).filter(|&path| path != PathTree::PRINCIPAL);
        let codes = all()
            .map(|path| (path, passing_codes(shard.dictionary(path), |value| needle.is_in(value))))
            .filter(|(_, codes)| !codes.is_none())
            .collect();
        let names = |path| matches!(paths.step(path), PathStep::Key(key) if key.contains(needle.text()));
        let keys = all().filter(|&path| !needle.is_free() && names(path)).collect();
        Self { needle, codes, keys }
    }

    /// The rows of `among` with the text. Dictionaries are looked at first; values without a code, whose search takes
    /// longest, only for the rows that are still in question.
    fn rows(&self, among: &BitSet, shard: &Shard, segment: &Segment) -> BitSet {
        let mut rows = BitSet::new(segment.len());
        for &path in &self.keys {
            if let Some(column) = segment.column(path) {
                rows.or(&column.rows.to_set(segment.len()));
            }
        }
        for (path, passing) in &self.codes {
            if let Some(column) = segment.column(*path)
                && let Values::Codes(codes) = &column.values
            {
                scan_codes(column, codes, passing, &mut rows);
            }
        }
        rows.and(among);
        let mut left = among.clone();
        left.and_not(&rows);
        for (path, column) in segment.columns().filter(|(_, column)| matches!(column.values, Values::Plain { .. })) {
            if left.is_none() {
                break;
            }
            self.needle.add_rows(column, shard.dictionary(path), &left, &mut rows);
            left.and_not(&rows);
        }
        rows
    }
}
