//! The subset of regular expressions that filter patterns allow.
//!
//! CloudWatch Logs User Guide, "Filter pattern syntax", supported regular expression syntax (cases `mf-rx-*`):
//! ASCII letters and digits, space, a few symbols, no groups, no `!`, nothing beyond ASCII. The engine is linear in
//! the length of the text.

use crate::filter::predicate::Regex;
use crate::pattern::{PatternError, Span};
use std::ops::Range;

/// Symbols that stand for themselves.
const SYMBOLS: &str = " :_#=@/;,-";
/// Operators.
const OPERATORS: &str = "^$?[]{}|*+.\\";
/// Letters with a documented meaning after a backslash; `x` takes two hexadecimal digits.
const CLASSES: &str = "dDsSwWx";

/// Compiles the expression at `span`, which covers `source` and the `%` signs around it.
pub(super) fn compile(source: &str, span: Span) -> Result<Regex, PatternError> {
    if source.is_empty() {
        return Err(PatternError::new(span, "the regular expression is empty"));
    }
    let start = span.start + 1;
    for (at, piece) in pieces(source) {
        let here = start + at..start + at + piece.len();
        let refused = |why: &str| PatternError::new(here.clone(), format!("“{piece}” {why}"));
        let (escaped, c) = match piece.strip_prefix('\\') {
            Some(rest) => (true, rest.chars().next()),
            None => (false, piece.chars().next()),
        };
        let Some(c) = c else { return Err(refused("has nothing to escape")) };
        if !c.is_ascii() {
            return Err(refused("is not allowed: regular expressions hold ASCII characters only"));
        }
        let parenthesis = matches!(c, '(' | ')');
        if parenthesis && !escaped {
            return Err(refused("is not allowed: there are no groups").help("write \\x28 for ( and \\x29 for )"));
        }
        if !parenthesis && !c.is_ascii_alphanumeric() && !SYMBOLS.contains(c) && !OPERATORS.contains(c) {
            let help = format!("write \\x{:02X} for this character", c as u32);
            return Err(refused("is not supported in a regular expression").help(help));
        }
    }
    Regex::new(source).map_err(|reason| PatternError::new(span, format!("not a valid regular expression: {reason}")))
}

/// The text a plain expression looks for: one without operators, only literal characters and escaped symbols.
pub(super) fn literal(source: &str) -> Option<String> {
    pieces(source)
        .map(|(_, piece)| match piece.strip_prefix('\\') {
            Some(symbol) => symbol.chars().next().filter(|c| !c.is_ascii_alphanumeric()),
            None => piece.chars().next().filter(|c| !OPERATORS.contains(*c)),
        })
        .collect()
}

/// The alternatives that `|` splits an expression into; lacking groups, it always splits the whole.
pub(super) fn branches(source: &str) -> Vec<&str> {
    let mut branches = Vec::new();
    let mut start = 0;
    for (at, piece) in outside_lists(source) {
        if piece == "|" {
            branches.push(&source[start..at]);
            start = at + 1;
        }
    }
    branches.push(&source[start..]);
    branches
}

/// The longest text that every match of an expression without alternatives contains, if there is any: a cheap test
/// that spares most messages the engine.
pub(super) fn required(branch: &str) -> Option<String> {
    let (mut best, mut run) = (String::new(), String::new());
    let mut pieces = outside_lists(branch);
    loop {
        let piece = pieces.next().map(|(_, piece)| piece);
        let literal = piece.and_then(literal);
        match piece {
            // A code point in hexadecimal, and whatever else the engine knows: not worth reading.
            Some(p) if p.starts_with('\\') && literal.is_none() && !"dDsSwW".contains(&p[1..]) => return None,
            // The character before may be missing, even before `+` if another repetition follows.
            Some("?" | "*" | "+" | "{") => drop(run.pop()),
            _ => {}
        }
        if piece == Some("{") {
            pieces.find(|(_, piece)| *piece == "}");
        }
        match literal {
            Some(text) => run += &text,
            None => best = std::cmp::max_by_key(std::mem::take(&mut run), best, String::len),
        }
        if piece.is_none() {
            return (!best.is_empty()).then_some(best);
        }
    }
}

/// The pieces of an expression, where a whole list is shown as its `[` only.
fn outside_lists(source: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut pieces = pieces(source).peekable();
    std::iter::from_fn(move || {
        let piece = pieces.next()?;
        if piece.1 == "[" {
            // A closing bracket that comes first is a member of the list.
            pieces.next_if(|(_, piece)| *piece == "^");
            pieces.next_if(|(_, piece)| *piece == "]");
            pieces.find(|(_, piece)| *piece == "]");
        }
        Some(piece)
    })
}

/// Pieces outside the documented syntax that the engine understands all the same: escaped letters without a documented
/// meaning, and `?` after another repetition. Byte ranges within `source`.
pub(super) fn undocumented(source: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut after_repetition = false;
    for (at, piece) in outside_lists(source) {
        let lazy = piece == "?" && after_repetition;
        if lazy {
            found.push(at..at + piece.len());
        }
        after_repetition = matches!(piece, "*" | "+" | "?" | "}") && !lazy;
    }
    let odd = |c: char| c.is_ascii_alphabetic() && !CLASSES.contains(c);
    let escapes =
        pieces(source).filter(|(_, piece)| piece.strip_prefix('\\').is_some_and(|rest| rest.starts_with(odd)));
    found.extend(escapes.map(|(at, piece)| at..at + piece.len()));
    found.sort_by_key(|range| range.start);
    found
}

/// Characters and escapes (a backslash with the character after it), each with its byte offset.
fn pieces(source: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = &source[at..];
        let first = rest.chars().next()?;
        let len = first.len_utf8() + if first == '\\' { rest[1..].chars().next().map_or(0, char::len_utf8) } else { 0 };
        at += len;
        Some((at - len, &rest[..len]))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(source: &str) -> Option<(Range<usize>, String)> {
        let span = Span { start: 0, end: source.len() + 2 };
        compile(source, span).err().map(|error| (error.span, error.message))
    }

    #[test]
    fn the_documented_syntax_compiles() {
        for source in [
            r"10\.10\.0\.1",
            "a{3,5}b{2}c{1,}",
            "[^c]$|^x",
            r"\d\D\s\S\w\W\x3a",
            "a:_#=@/;,-b c",
            r"\(x\)",
            r"\bx\b",
            "a*?",
            r"\[.\]",
            r"\:\_\#\=\@\/\;\,\-",
        ] {
            assert_eq!(refusal(source), None, "{source}");
        }
    }

    #[test]
    fn everything_else_is_refused_at_its_place() {
        for (source, span) in [
            ("a!", 2..3),
            ("(a)", 1..2),
            ("x\u{e9}", 2..4),
            (r"a\", 2..3),
            ("a\"", 2..3),
            ("", 0..2),
            ("a{2", 0..5),
            (r"\1", 0..4),
        ] {
            assert_eq!(refusal(source).map(|(span, _)| span), Some(span), "{source}");
        }
    }

    #[test]
    fn plain_expressions_are_literals() {
        assert_eq!(literal("AUTHORIZED").as_deref(), Some("AUTHORIZED"));
        assert_eq!(literal(r"10\.0\.").as_deref(), Some("10.0."));
        for source in ["a.c", r"\d", "^a", "a|b", r"\x41"] {
            assert_eq!(literal(source), None, "{source}");
        }
    }

    #[test]
    fn alternatives_and_what_they_need() {
        assert_eq!(branches(r"a|[|]b\||"), ["a", r"[|]b\|", ""]);
        for (branch, text) in [
            (r"\d+\.amazonaws\.com$", Some(".amazonaws.com")),
            ("ab?cde", Some("cde")),
            ("abc{0,2}d", Some("ab")),
            ("abc+d", Some("ab")),
            ("a*?bc", Some("bc")),
            ("[]x]y[^]z]", Some("y")),
            (".*", None),
            (r"abc\x41", None),
            ("", None),
        ] {
            assert_eq!(required(branch).as_deref(), text, "{branch}");
        }
    }

    #[test]
    fn lazy_repetition_and_odd_escapes_are_found() {
        assert_eq!(undocumented(r"a*?b\bc[*?]d??"), [2..3, 4..6, 13..14]);
        assert!(undocumented(r"a?b+\d\x41").is_empty());
    }
}
