//! The words and signs of a formula. Any text has tokens; what is no part of the language is [`Kind::Unknown`].

use std::ops::Range;

/// A piece of the text between white space.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: Kind,
    /// Its bytes.
    pub span: Range<usize>,
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Digits, a decimal point, an exponent.
    Number,
    /// Begins with a small letter.
    Id,
    /// Begins with a capital: a function, `AND`, `OR`, `REPEAT`.
    Word,
    /// In double or single quotes, closed or not.
    Text,
    /// An operator, a bracket or a comma.
    Sign,
    /// Anything else.
    Unknown,
}

/// Signs, the longer ones first.
const SIGNS: [&str; 21] =
    ["<=", ">=", "==", "!=", "&&", "||", "+", "-", "*", "/", "^", "<", ">", "(", ")", "[", "]", ",", "{", "}", "="];

/// All tokens of `text`, in order.
pub fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        }
        let rest = &text[at..];
        let (kind, len) = match first {
            '0'..='9' | '.' => (Kind::Number, number(rest)),
            'a'..='z' => (Kind::Id, word(rest)),
            'A'..='Z' => (Kind::Word, word(rest)),
            '"' | '\'' => (Kind::Text, quoted(rest, first)),
            _ => match SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
                Some(sign) => (Kind::Sign, sign.len()),
                None => (Kind::Unknown, first.len_utf8()),
            },
        };
        tokens.push(Token { kind, span: at..at + len });
        at += len;
    }
    tokens
}

fn word(text: &str) -> usize {
    text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len())
}

fn number(text: &str) -> usize {
    let digits = |text: &str| text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let mut len = digits(text);
    if text[len..].starts_with('.') {
        len += 1 + digits(&text[len + 1..]);
    }
    if let Some(exponent) = text[len..].strip_prefix(['e', 'E']) {
        let sign = usize::from(exponent.starts_with(['+', '-']));
        let count = digits(&exponent[sign..]);
        if count > 0 {
            len += 1 + sign + count;
        }
    }
    len
}

/// Up to the closing quote; a backslash takes the next character along.
fn quoted(text: &str, quote: char) -> usize {
    let mut characters = text.char_indices().skip(1);
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' => {
                characters.next();
            }
            _ if character == quote => return at + 1,
            _ => {}
        }
    }
    text.len()
}
