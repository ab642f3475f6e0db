//! Text to tree. Groups in parentheses live on a heap stack, so nesting costs no call depth.

use super::ast::{
    Expr, JsonCondition, JsonTest, Pattern, Role, SpaceCondition, SpaceItem, SpaceItemKind, Term, Value, ValueKind,
};
use super::lexer::{Class, Dialect, Lexeme, Token, classify, lex, term_spans};
use super::{MAX_CHARS, MAX_REGEXES, MAX_WILDCARD_SELECTORS, regex};
use crate::filter::predicate::{Selector, Step, number};
use crate::pattern::{PatternError, Span, path, text};

/// Reads a pattern. An error means that the service refuses it (PutMetricFilter, InvalidParameterException).
pub fn parse(pattern: &str) -> Result<Pattern, PatternError> {
    check_length(pattern)?;
    match classify(pattern) {
        Class::Terms => terms(pattern).map(Pattern::Terms),
        Class::Regex => whole_regex(pattern),
        Class::Json => Parser::new(pattern, Dialect::Json).json(),
        Class::Space => Parser::new(pattern, Dialect::Space).space().map(Pattern::Space),
    }
}

/// Reads the JSON pattern that stands at `start..end` of a longer text; all spans are those of the longer text.
pub fn parse_json_at(text: &str, start: usize, end: usize) -> Result<Pattern, PatternError> {
    let pattern = &text[start..end];
    check_length(pattern).map_err(|error| error.shifted(start))?;
    let mut parser = Parser::new(pattern, Dialect::Json);
    parser.base = start;
    parser.json()
}

fn check_length(pattern: &str) -> Result<(), PatternError> {
    match pattern.char_indices().nth(MAX_CHARS) {
        None => Ok(()),
        Some((at, _)) => Err(PatternError::new(
            at..pattern.len(),
            format!("a filter pattern has at most {MAX_CHARS} characters, this one has {}", pattern.chars().count()),
        )),
    }
}

fn terms(pattern: &str) -> Result<Vec<Term>, PatternError> {
    let mut terms = Vec::new();
    for found in term_spans(pattern) {
        let span = Span { start: found.start, end: found.end };
        let body = &pattern[found.start + found.sign..found.end];
        if !found.closed {
            return Err(
                PatternError::new(span, "the quote is never closed").help("write \\\" for a quote inside quotes")
            );
        }
        if found.quoted && pattern[found.end..].chars().next().is_some_and(|c| !c.is_whitespace()) {
            let here = found.end..found.end;
            return Err(PatternError::new(here, "a space is missing after the closing quote"));
        }
        let role = match &pattern[found.start..found.start + found.sign] {
            "?" => Role::Optional,
            "-" => Role::Excluded,
            _ => Role::Required,
        };
        let text = if found.quoted { text::unquote(body) } else { body.to_owned() };
        terms.push(Term { span, role, text, quoted: found.quoted });
    }
    Ok(terms)
}

fn whole_regex(pattern: &str) -> Result<Pattern, PatternError> {
    let start = pattern.len() - pattern.trim_start().len();
    let source = pattern.trim().strip_prefix('%').unwrap_or_default();
    let span = Span { start, end: pattern.trim_end().len() };
    match source.find('%') {
        None => Err(PatternError::new(span, "the regular expression is never closed").help("it ends with %")),
        Some(at) if at + 1 < source.len() => {
            let after = start + at + 2;
            Err(PatternError::new(
                after..span.end,
                "a pattern that begins with % is one regular expression and ends with it",
            )
            .help("write \\x25 for % inside it, or put the text in quotes"))
        }
        Some(at) => Ok(Pattern::Regex { span, regex: regex::compile(&source[..at], span)? }),
    }
}

/// A group in parentheses that is still open, or the whole expression.
struct Group<C> {
    open: usize,
    alternatives: Vec<Expr<C>>,
    conjuncts: Vec<Expr<C>>,
}

impl<C> Group<C> {
    fn new(open: usize) -> Self {
        Self { open, alternatives: Vec::new(), conjuncts: Vec::new() }
    }

    /// Ends the conjunction that the last `||` or the start began.
    fn end_conjunction(&mut self) {
        let items = std::mem::take(&mut self.conjuncts);
        if let (Some(first), Some(last)) = (items.first(), items.last()) {
            let span = first.span.to(last.span);
            self.alternatives.push(Expr::and(span, items));
        }
    }

    fn finish(mut self, span: Option<Span>) -> Option<Expr<C>> {
        self.end_conjunction();
        let written = self.alternatives.first()?.span.to(self.alternatives.last()?.span);
        let mut expr = Expr::or(written, self.alternatives);
        if let Some(span) = span
            && !matches!(expr.kind, super::ast::ExprKind::Leaf(_))
        {
            expr.span = span;
        }
        Some(expr)
    }
}

struct Parser<'t> {
    text: &'t str,
    dialect: Dialect,
    tokens: Vec<Token>,
    at: usize,
    /// Where `text` begins in the text that spans are about.
    base: usize,
    regexes: usize,
    wildcard_selectors: usize,
}

impl<'t> Parser<'t> {
    fn new(text: &'t str, dialect: Dialect) -> Self {
        let tokens = lex(text, dialect);
        Self { text, dialect, tokens, at: 0, base: 0, regexes: 0, wildcard_selectors: 0 }
    }

    fn json(&mut self) -> Result<Pattern, PatternError> {
        self.at += 1;
        if self.peek() == Some(Lexeme::Close) {
            return Err(self
                .error("a condition is missing here")
                .help("for example { $.eventName = \"ConsoleLogin\" }"));
        }
        let expr = self.expression(Self::json_condition)?;
        self.close("}")?;
        Ok(Pattern::Json(expr))
    }

    fn space(&mut self) -> Result<Vec<SpaceItem>, PatternError> {
        self.at += 1;
        let mut items: Vec<SpaceItem> = Vec::new();
        if self.take(Lexeme::Close) {
            self.at -= 1;
            return self.close("]").map(|()| items);
        }
        loop {
            let item = self.space_item()?;
            if item.kind == SpaceItemKind::Ellipsis && items.iter().any(|other| other.kind == SpaceItemKind::Ellipsis) {
                return Err(PatternError::new(item.span, "only one ... is allowed"));
            }
            items.push(item);
            if !self.take(Lexeme::Comma) {
                break;
            }
        }
        self.close("]").map(|()| items)
    }

    /// The closing bracket, with nothing after it.
    fn close(&mut self, bracket: &str) -> Result<(), PatternError> {
        if !self.take(Lexeme::Close) {
            let error = match self.peek() {
                None => self.error(format!("“{bracket}” is missing at the end")),
                Some(_) if self.dialect == Dialect::Json => self.error("expected &&, || or } here"),
                Some(_) => self.error("expected a comma, &&, || or ] here"),
            };
            return Err(self.with_value_help(error));
        }
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(PatternError::new(
                self.base + self.here().start..self.base + self.text.trim_end().len(),
                format!("nothing may follow the closing “{bracket}”"),
            )
            .help("to look for text that begins with a bracket, put it in quotes")),
        }
    }

    /// Advice when a word follows a complete condition.
    fn with_value_help(&self, error: PatternError) -> PatternError {
        let previous = self.at.checked_sub(1).map(|at| self.tokens[at]);
        match (previous.map(|token| token.lexeme), self.peek()) {
            (_, Some(Lexeme::Word)) if is_and_or(self.word()) => error.help("write && for “and”, || for “or”"),
            (Some(Lexeme::Bare), Some(Lexeme::Word | Lexeme::Unknown | Lexeme::Regex { .. } | Lexeme::ParenOpen)) => {
                error.help("a value with spaces or other symbols needs quotes")
            }
            (_, Some(Lexeme::Comma)) if self.dialect == Dialect::Json => {
                error.help("there are no lists of values; join conditions with ||")
            }
            _ => error,
        }
    }

    /// Conditions joined by `&&`, `||` and parentheses; `&&` binds tighter (cases `mf-cmp-02`, `mf-cmp-08`).
    fn expression<C>(
        &mut self,
        mut condition: impl FnMut(&mut Self) -> Result<Expr<C>, PatternError>,
    ) -> Result<Expr<C>, PatternError> {
        let mut outer: Vec<Group<C>> = Vec::new();
        let mut group = Group::new(self.here().start);
        loop {
            while self.peek() == Some(Lexeme::ParenOpen) {
                outer.push(std::mem::replace(&mut group, Group::new(self.here().start)));
                self.at += 1;
            }
            group.conjuncts.push(condition(self)?);
            while self.peek() == Some(Lexeme::ParenClose)
                && let Some(parent) = outer.pop()
            {
                let span = Span { start: self.base + group.open, end: self.base + self.here().end };
                self.at += 1;
                let inner = std::mem::replace(&mut group, parent);
                group.conjuncts.extend(inner.finish(Some(span)));
            }
            if self.take(Lexeme::Or) {
                group.end_conjunction();
            } else if !self.take(Lexeme::And) {
                break;
            }
        }
        if !outer.is_empty() {
            let open = self.base + group.open;
            let error = match self.peek() {
                None | Some(Lexeme::Close) => PatternError::new(open..open + 1, "this parenthesis is never closed"),
                Some(_) => self.error("expected &&, || or ) here"),
            };
            return Err(self.with_value_help(error));
        }
        if self.peek() == Some(Lexeme::ParenClose) {
            return Err(self.error("there is no open parenthesis to close"));
        }
        let nothing = self.error("a condition is missing here");
        group.finish(None).ok_or(nothing)
    }

    fn json_condition(&mut self) -> Result<Expr<JsonCondition>, PatternError> {
        let start = self.here();
        let (selector, selector_span) = self.selector()?;
        let test = match self.peek() {
            Some(Lexeme::Compare(comparison)) => {
                self.at += 1;
                JsonTest::Compare(comparison, self.value()?)
            }
            Some(Lexeme::Word) => match self.word() {
                "IS" => {
                    self.at += 1;
                    self.is_test()?
                }
                "NOT" => {
                    self.at += 1;
                    if !self.take_word("EXISTS") {
                        return Err(self.error("expected EXISTS after NOT"));
                    }
                    JsonTest::NotExists
                }
                _ => return Err(self.operator_error()),
            },
            _ => return Err(self.operator_error()),
        };
        let span = Span { start: self.base + start.start, end: self.base + self.previous_end() };
        Ok(Expr::leaf(span, JsonCondition { selector, selector_span, test }))
    }

    fn is_test(&mut self) -> Result<JsonTest, PatternError> {
        let test = match self.peek().map(|_| self.word()) {
            Some("NULL") => JsonTest::IsNull,
            Some("TRUE") => JsonTest::IsBool(true),
            Some("FALSE") => JsonTest::IsBool(false),
            Some("NOT") => {
                return Err(self.error("IS NOT is not supported").help("write != * for “not null”, or NOT EXISTS"));
            }
            _ => return Err(self.error("expected NULL, TRUE or FALSE after IS")),
        };
        self.at += 1;
        Ok(test)
    }

    fn operator_error(&self) -> PatternError {
        let help = match self.peek().map(|_| self.word()) {
            Some("EXISTS") => "write = * for “is present”".to_owned(),
            Some("IN") => "there is no IN; join conditions with ||".to_owned(),
            Some("LIKE") => "there is no LIKE; write = with * at the start or end of the value".to_owned(),
            Some(word) if super::lexer::is_keyword(&word.to_ascii_uppercase()) => "keywords are upper case".to_owned(),
            _ => "=, !=, <, <=, >, >=, IS NULL, IS TRUE, IS FALSE or NOT EXISTS".to_owned(),
        };
        self.error("expected an operator here").help(help)
    }

    fn selector(&mut self) -> Result<(Selector, Span), PatternError> {
        let token = self.here();
        let text = &self.text[token.start..token.end];
        match self.peek() {
            Some(Lexeme::Selector) => {}
            Some(Lexeme::Word) if text == "NOT" => {
                return Err(self.error("there is no NOT ( … )").help("negate each condition: !=, NOT EXISTS"));
            }
            Some(Lexeme::Word) => {
                return Err(self.error("a selector begins with $.").help(format!("write $.{text}")));
            }
            _ => {
                return Err(self
                    .error("a condition is missing here")
                    .help("a condition begins with a selector such as $.eventName"));
            }
        }
        let start = self.base + token.start;
        let selector = path::parse_selector(text).map_err(|error| error.shifted(start))?;
        self.at += 1;
        let span = Span { start, end: start + text.len() };
        let wildcards = selector.steps.iter().filter(|step| matches!(step, Step::AnyKey | Step::AnyElement)).count();
        if wildcards > 1 {
            return Err(PatternError::new(span, "a selector has at most one wildcard"));
        }
        self.wildcard_selectors += wildcards;
        if self.wildcard_selectors > MAX_WILDCARD_SELECTORS {
            let message = format!("a pattern has at most {MAX_WILDCARD_SELECTORS} selectors with a wildcard");
            return Err(PatternError::new(span, message));
        }
        Ok((selector, span))
    }

    fn value(&mut self) -> Result<Value, PatternError> {
        let token = self.here();
        let text = &self.text[token.start..token.end];
        let span = Span { start: self.base + token.start, end: self.base + token.end };
        let kind = match self.peek() {
            Some(Lexeme::Bare) => match text.char_indices().find(|(_, c)| !c.is_ascii()) {
                Some((at, c)) => {
                    let start = span.start + at;
                    return Err(PatternError::new(
                        start..start + c.len_utf8(),
                        format!("“{c}” is not allowed without quotes"),
                    )
                    .help(format!("write {}", text::quote(text))));
                }
                None if number(text).is_some() => ValueKind::Number(text.to_owned()),
                None => ValueKind::Bare(text.to_owned()),
            },
            Some(Lexeme::Quoted { closed: true }) => ValueKind::Quoted(text::unquote(text)),
            Some(Lexeme::Regex { closed: true }) => {
                self.regexes += 1;
                if self.regexes > MAX_REGEXES {
                    let message = format!("a pattern has at most {MAX_REGEXES} regular expressions");
                    return Err(PatternError::new(span, message));
                }
                ValueKind::Regex(regex::compile(&text[1..text.len() - 1], span)?)
            }
            Some(Lexeme::Quoted { .. }) => return Err(PatternError::new(span, "the quote is never closed")),
            Some(Lexeme::Regex { .. }) => {
                return Err(PatternError::new(span, "the regular expression is never closed")
                    .help("it ends with %; put text that holds % in quotes"));
            }
            Some(Lexeme::Unknown) if text.starts_with('=') => {
                return Err(PatternError::new(span, "there is no such operator").help("= compares for equality"));
            }
            _ => return Err(self.error("a value is missing here").help("text with symbols needs quotes")),
        };
        self.at += 1;
        Ok(Value { span, kind })
    }

    fn space_item(&mut self) -> Result<SpaceItem, PatternError> {
        let start = self.here();
        let next = self.tokens.get(self.at + 1).map(|token| token.lexeme);
        let kind = match self.peek() {
            Some(Lexeme::Comma | Lexeme::Close) => SpaceItemKind::Unnamed,
            Some(Lexeme::Ellipsis) => {
                self.at += 1;
                SpaceItemKind::Ellipsis
            }
            Some(Lexeme::Word) if matches!(next, None | Some(Lexeme::Comma | Lexeme::Close)) => {
                let name = self.word().to_owned();
                self.at += 1;
                SpaceItemKind::Named(name)
            }
            _ => {
                let mut name: Option<String> = None;
                let expr = self.expression(|parser| parser.space_condition(&mut name))?;
                SpaceItemKind::Condition(name.unwrap_or_default(), expr)
            }
        };
        let end = if matches!(kind, SpaceItemKind::Unnamed) { start.start } else { self.previous_end() };
        Ok(SpaceItem { span: Span { start: self.base + start.start, end: self.base + end }, kind })
    }

    /// `name = value`, always about the same field (case `mf-space-27`).
    fn space_condition(&mut self, field: &mut Option<String>) -> Result<Expr<SpaceCondition>, PatternError> {
        let start = self.here();
        if self.peek() != Some(Lexeme::Word) {
            return Err(self.error("the name of a field is missing here"));
        }
        let name = self.word();
        let first = field.get_or_insert_with(|| name.to_owned());
        if first != name {
            return Err(self
                .error(format!("a condition on “{first}” may not name another field"))
                .help("give each field its own condition; all of them have to hold"));
        }
        self.at += 1;
        let Some(Lexeme::Compare(comparison)) = self.peek() else {
            return Err(self.error("expected an operator here").help("=, !=, <, <=, > or >="));
        };
        self.at += 1;
        let value = self.value()?;
        let span = Span { start: self.base + start.start, end: value.span.end };
        Ok(Expr::leaf(span, SpaceCondition { comparison, value }))
    }

    fn peek(&self) -> Option<Lexeme> {
        self.tokens.get(self.at).map(|token| token.lexeme)
    }

    fn take(&mut self, lexeme: Lexeme) -> bool {
        let found = self.peek() == Some(lexeme);
        self.at += usize::from(found);
        found
    }

    fn take_word(&mut self, word: &str) -> bool {
        let found = self.peek() == Some(Lexeme::Word) && self.word() == word;
        self.at += usize::from(found);
        found
    }

    /// The current token, or an empty one at the end. Positions are those of `text`.
    fn here(&self) -> Token {
        let end = self.text.trim_end().len();
        self.tokens.get(self.at).copied().unwrap_or(Token { start: end, end, lexeme: Lexeme::Unknown })
    }

    fn previous_end(&self) -> usize {
        self.at.checked_sub(1).map_or(0, |at| self.tokens[at].end)
    }

    fn word(&self) -> &'t str {
        let token = self.here();
        &self.text[token.start..token.end]
    }

    fn error(&self, message: impl Into<String>) -> PatternError {
        let token = self.here();
        PatternError::new(self.base + token.start..self.base + token.end, message)
    }
}

fn is_and_or(word: &str) -> bool {
    ["and", "or"].iter().any(|known| word.eq_ignore_ascii_case(known))
}
