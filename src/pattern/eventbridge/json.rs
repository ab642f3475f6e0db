//! JSON with the place of every value, and errors that say what was expected where.

use super::MAX_DEPTH;
use super::lexer::{Lexeme, Token, lex};
use crate::pattern::{PatternError, Span};
use std::iter::Peekable;

/// A value and its place.
#[derive(Clone, Debug)]
pub(super) struct Json {
    pub span: Span,
    pub kind: Kind,
}

/// What a value is.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    Null,
    Bool(bool),
    /// As written.
    Number(String),
    Text(String),
    Array(Vec<Json>),
    /// In the order of the text, repeated names included.
    Object(Vec<Member>),
}

/// A member of an object.
#[derive(Clone, Debug)]
pub(super) struct Member {
    pub name: String,
    pub name_span: Span,
    pub value: Json,
}

impl Json {
    /// What it is, for messages.
    pub fn describe(&self) -> &'static str {
        match self.kind {
            Kind::Null => "null",
            Kind::Bool(_) => "a boolean",
            Kind::Number(_) => "a number",
            Kind::Text(_) => "a string",
            Kind::Array(_) => "an array",
            Kind::Object(_) => "an object",
        }
    }
}

/// Reads one JSON value and nothing else.
pub(super) fn parse(text: &str) -> Result<Json, PatternError> {
    let mut reader = Reader { text, tokens: lex(text).peekable() };
    let value = reader.value(0, "an object such as {\"source\": [\"aws.iam\"]}")?;
    match reader.tokens.next() {
        None => Ok(value),
        Some(token) => Err(PatternError::new(token.span.start..text.len(), "nothing can follow the pattern")),
    }
}

struct Reader<'t, I: Iterator<Item = Token>> {
    text: &'t str,
    tokens: Peekable<I>,
}

impl<I: Iterator<Item = Token>> Reader<'_, I> {
    fn next(&mut self, expected: &str) -> Result<Token, PatternError> {
        self.tokens.next().ok_or_else(|| {
            PatternError::new(self.text.len()..self.text.len(), format!("the pattern ends here; expected {expected}"))
        })
    }

    fn unexpected(&self, token: &Token, expected: &str) -> PatternError {
        let found: String = self.text[token.span.clone()].chars().take(20).collect();
        PatternError::new(token.span.clone(), format!("expected {expected}, not “{found}”"))
    }

    fn value(&mut self, depth: usize, expected: &str) -> Result<Json, PatternError> {
        let token = self.next(expected)?;
        let start = Span::from(token.span.clone());
        let whole = |kind| Json { span: start, kind };
        match token.lexeme {
            Lexeme::ObjectOpen | Lexeme::ArrayOpen if depth >= MAX_DEPTH => {
                Err(PatternError::new(token.span, format!("more than {MAX_DEPTH} levels inside each other")))
            }
            Lexeme::ObjectOpen => self.object(start, depth),
            Lexeme::ArrayOpen => self.array(start, depth),
            Lexeme::Text { .. } => Ok(whole(Kind::Text(self.string(&token)?))),
            Lexeme::Word => match &self.text[token.span.clone()] {
                "null" => Ok(whole(Kind::Null)),
                "true" => Ok(whole(Kind::Bool(true))),
                "false" => Ok(whole(Kind::Bool(false))),
                number if is_number(number) => Ok(whole(Kind::Number(number.to_owned()))),
                word => Err(self.unexpected(&token, expected).help(format!("text needs quotes: \"{word}\""))),
            },
            _ => Err(self.unexpected(&token, expected)),
        }
    }

    fn object(&mut self, start: Span, depth: usize) -> Result<Json, PatternError> {
        let mut members = Vec::new();
        if let Some(close) = self.tokens.next_if(|token| token.lexeme == Lexeme::ObjectClose) {
            return Ok(Json { span: start.to(close.span.into()), kind: Kind::Object(members) });
        }
        loop {
            let name = self.next("a field name in quotes")?;
            if !matches!(name.lexeme, Lexeme::Text { .. }) {
                let error = self.unexpected(&name, "a field name in quotes");
                let trailing = name.lexeme == Lexeme::ObjectClose;
                return Err(if trailing { error.help("the comma before it has nothing to separate") } else { error });
            }
            let name_span = Span::from(name.span.clone());
            let name = self.string(&name)?;
            let colon = self.next("a colon after the field name")?;
            if colon.lexeme != Lexeme::Colon {
                return Err(self.unexpected(&colon, "a colon after the field name"));
            }
            let value = self.value(depth + 1, "an array of values or an object of fields")?;
            members.push(Member { name, name_span, value });
            let next = self.next("a comma or }")?;
            match next.lexeme {
                Lexeme::Comma => {}
                Lexeme::ObjectClose => {
                    return Ok(Json { span: start.to(next.span.into()), kind: Kind::Object(members) });
                }
                _ => return Err(self.unexpected(&next, "a comma or }")),
            }
        }
    }

    fn array(&mut self, start: Span, depth: usize) -> Result<Json, PatternError> {
        let mut items = Vec::new();
        if let Some(close) = self.tokens.next_if(|token| token.lexeme == Lexeme::ArrayClose) {
            return Ok(Json { span: start.to(close.span.into()), kind: Kind::Array(items) });
        }
        loop {
            items.push(self.value(depth + 1, "a value")?);
            let next = self.next("a comma or ]")?;
            match next.lexeme {
                Lexeme::Comma => {}
                Lexeme::ArrayClose => return Ok(Json { span: start.to(next.span.into()), kind: Kind::Array(items) }),
                _ => return Err(self.unexpected(&next, "a comma or ]")),
            }
        }
    }

    /// The text of a string token; serde_json knows its escapes.
    fn string(&self, token: &Token) -> Result<String, PatternError> {
        if token.lexeme != (Lexeme::Text { closed: true }) {
            return Err(PatternError::new(token.span.clone(), "the quote is never closed"));
        }
        serde_json::from_str(&self.text[token.span.clone()]).map_err(|error| {
            let place = token.span.start + error.column().saturating_sub(1);
            let place = self.text.floor_char_boundary(place.clamp(token.span.start, token.span.end));
            let message = if error.to_string().contains("control character") {
                "a line break or tab in a string has to be written \\n or \\t"
            } else {
                "JSON has no such escape"
            };
            PatternError::new(place..token.span.end, message).help("a backslash itself is written \\\\")
        })
    }
}

/// Whether a word is a number as JSON writes it.
pub(super) fn is_number(word: &str) -> bool {
    serde_json::from_str::<serde_json::Number>(word).is_ok() || is_huge(word)
}

/// serde_json refuses numbers beyond a double's range; they are numbers all the same.
fn is_huge(word: &str) -> bool {
    word.starts_with(|c: char| c == '-' || c.is_ascii_digit())
        && word.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte))
        && word.parse::<f64>().is_ok_and(f64::is_infinite)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_stand_where_the_text_breaks_and_say_what_was_expected() {
        for (text, at, part) in [
            ("", 0, "expected an object"),
            ("{\"a\" [", 5, "a colon"),
            ("{\"a\": [1 2]}", 9, "a comma or ]"),
            ("{\"a\": [1],}", 10, "a field name"),
            ("{a: 1}", 1, "a field name in quotes"),
            ("{\"a\": abc}", 6, "an array of values"),
            ("{\"a\": [\"x]}", 7, "never closed"),
            ("{\"a\": [\"\\x\"]}", 9, "no such escape"),
            ("{\"a\": [1]} b", 11, "nothing can follow"),
            ("{\"a\": [01]}", 7, "a value"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.span.start == at && error.message.contains(part), "{text}: {error}");
        }
        let deep = "[".repeat(1_000_000);
        assert!(parse(&deep).unwrap_err().message.contains("levels"));
    }
}
