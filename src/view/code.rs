//! Text with syntax colours and problems in place, as the editors show it.

use crate::pattern::{PatternError, TokenKind};
use std::ops::Range;

/// Class of a kind of token in the style sheet.
pub fn class(kind: Option<TokenKind>) -> &'static str {
    match kind {
        None | Some(TokenKind::Error) => "",
        Some(TokenKind::Field) => "t-field",
        Some(TokenKind::Operator | TokenKind::Punctuation) => "t-operator",
        Some(TokenKind::Text) => "t-text",
        Some(TokenKind::Number) => "t-number",
        Some(TokenKind::Keyword) => "t-word",
        Some(TokenKind::Regex) => "t-regex",
    }
}

/// A piece of code: where it stands, as byte positions, and what it is.
pub type Token = (Range<usize>, TokenKind);

/// Something wrong or doubtful at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where, as byte positions; empty means "here".
    pub span: Range<usize>,
    /// What is wrong, one sentence.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// Whether the text cannot be used as it is.
    pub is_error: bool,
}

impl From<PatternError> for Problem {
    fn from(error: PatternError) -> Self {
        Self { span: error.span, message: error.message, help: error.help, is_error: true }
    }
}

/// Something that can be put in at the cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What it replaces, as byte positions.
    pub span: Range<usize>,
    /// What is put in.
    pub text: String,
    /// What the list shows.
    pub label: String,
    /// A remark beside it, such as how often the value occurs.
    pub detail: String,
}

/// A run of text with one look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// The text.
    pub text: String,
    /// What it is, if anything special.
    pub kind: Option<TokenKind>,
    /// Whether a problem covers it: `Some(true)` for an error, `Some(false)` for a warning.
    pub problem: Option<bool>,
}

/// Cuts text at the borders of tokens and problems. Spans outside the text or inside a character are moved to
/// the nearest place before.
pub fn segments(text: &str, tokens: &[Token], problems: &[Problem]) -> Vec<Segment> {
    let mut cuts = vec![0, text.len()];
    let spans = tokens.iter().map(|(span, _)| span).chain(problems.iter().map(|problem| &problem.span));
    cuts.extend(spans.flat_map(|span| [floor(text, span.start), floor(text, span.end)]));
    cuts.sort_unstable();
    cuts.dedup();
    let covers = |span: &Range<usize>, at: usize| span.start <= at && at < span.end;
    cuts.windows(2)
        .map(|cut| {
            let at = cut[0];
            let problem =
                problems.iter().filter(|problem| covers(&problem.span, at)).map(|problem| problem.is_error).max();
            let kind = tokens.iter().find(|(span, _)| covers(span, at)).map(|(_, kind)| *kind);
            Segment { text: text[cut[0]..cut[1]].into(), kind, problem }
        })
        .collect()
}

/// Byte position of a position counted in UTF-16 units, as browsers count.
pub fn byte_position(text: &str, utf16: usize) -> usize {
    let mut units = 0;
    for (at, character) in text.char_indices() {
        if units >= utf16 {
            return at;
        }
        units += character.len_utf16();
    }
    text.len()
}

/// Position in UTF-16 units of a byte position.
pub fn utf16_position(text: &str, byte: usize) -> usize {
    text[..floor(text, byte)].encode_utf16().count()
}

fn floor(text: &str, at: usize) -> usize {
    text.floor_char_boundary(at.min(text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn text_is_cut_at_tokens_and_problems() {
        let tokens = [(0..3, TokenKind::Field), (3..4, TokenKind::Operator), (4..9, TokenKind::Text)];
        let problem = Problem { span: 6..8, message: String::new(), help: None, is_error: true };
        let cut = segments("abc:value!", &tokens, &[problem]);
        let texts: Vec<_> = cut.iter().map(|segment| segment.text.as_str()).collect();
        assert_eq!(texts, ["abc", ":", "va", "lu", "e", "!"]);
        assert_eq!((cut[3].kind, cut[3].problem, cut[5].kind), (Some(TokenKind::Text), Some(true), None));
        assert!(segments("", &[], &[]).is_empty());
    }

    #[test]
    fn positions_survive_the_browsers_counting() {
        let text = "aé𝄞b";
        for (byte, utf16) in [(0, 0), (1, 1), (3, 2), (7, 4), (8, 5)] {
            assert_eq!((byte_position(text, utf16), utf16_position(text, byte)), (byte, utf16));
        }
        assert_eq!(byte_position(text, 99), 8);
    }

    proptest! {
        #[test]
        fn segments_put_together_are_the_text(text in "\\PC{0,20}", spans in prop::collection::vec((0usize..40, 0usize..40), 0..6)) {
            let tokens: Vec<_> =
                spans.into_iter().map(|(start, end)| (start..end, TokenKind::Text)).collect();
            let joined: String = segments(&text, &tokens, &[]).into_iter().map(|segment| segment.text).collect();
            prop_assert_eq!(joined, text);
        }
    }
}
