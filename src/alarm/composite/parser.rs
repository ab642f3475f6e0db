//! Text → [`Rule`].

use super::lexer::{Lexeme, Token, lex, state};
use super::rule::{Amount, Name, Rule};
use crate::model::alarm::AlarmState;
use crate::pattern::{PatternError, Span};
use std::ops::Range;

/// Brackets and NOTs inside each other. Undocumented: we choose a bound that no rule of 500 elements needs.
const DEPTH_MAX: usize = 100;

/// Reads a rule. The error points at the first place that cannot be part of one.
pub fn parse(text: &str) -> Result<Rule, PatternError> {
    let mut parser = Parser { text, tokens: lex(text), at: 0, depth: 0 };
    if parser.tokens.is_empty() {
        return Err(PatternError::new(0..text.len(), "the rule is empty").help("for example ALARM(\"name\")"));
    }
    let rule = parser.or()?;
    match parser.tokens.get(parser.at) {
        None => Ok(rule),
        Some(token) => {
            let (span, word) = (token.span.clone(), &text[token.span.clone()]);
            let error = PatternError::new(span, "expected AND, OR or the end of the rule");
            Err(if is_key_word(&word.to_ascii_uppercase()) { error.help("key words are upper case") } else { error })
        }
    }
}

fn is_key_word(word: &str) -> bool {
    matches!(word, "AND" | "OR" | "NOT" | "TRUE" | "FALSE" | "AT_LEAST") || state(word).is_some()
}

struct Parser<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
}

impl<'a> Parser<'a> {
    fn or(&mut self) -> Result<Rule, PatternError> {
        let mut rules = vec![self.and()?];
        while self.take_word("OR") {
            rules.push(self.and()?);
        }
        Ok(one_or(rules, Rule::Or))
    }

    fn and(&mut self) -> Result<Rule, PatternError> {
        let mut rules = vec![self.not()?];
        while self.take_word("AND") {
            rules.push(self.not()?);
        }
        Ok(one_or(rules, Rule::And))
    }

    fn not(&mut self) -> Result<Rule, PatternError> {
        if self.word() == Some("NOT") {
            return self.deeper(|parser| {
                parser.at += 1;
                Ok(Rule::Not(Box::new(parser.not()?)))
            });
        }
        self.primary()
    }

    fn primary(&mut self) -> Result<Rule, PatternError> {
        if self.lexeme() == Some(&Lexeme::Open) {
            return self.deeper(|parser| {
                parser.at += 1;
                let rule = parser.or()?;
                parser.expect(&Lexeme::Close, ")")?;
                Ok(rule)
            });
        }
        let (span, word) = (self.span(), self.word().unwrap_or_default());
        match word {
            "TRUE" | "FALSE" => {
                self.at += 1;
                Ok(Rule::Constant(word == "TRUE"))
            }
            "AT_LEAST" => {
                self.at += 1;
                self.at_least()
            }
            _ => match state(word) {
                Some(state) => {
                    self.at += 1;
                    self.expect(&Lexeme::Open, "(")?;
                    let name = self.name()?;
                    self.expect(&Lexeme::Close, ")")?;
                    Ok(Rule::State(state, name))
                }
                None => {
                    let error = PatternError::new(span, "expected a condition such as ALARM(\"name\")");
                    let is_name = matches!(self.lexeme(), Some(Lexeme::Word | Lexeme::Quoted { .. }));
                    Err(match word {
                        _ if is_key_word(&word.to_ascii_uppercase()) && !is_key_word(word) => {
                            error.help("key words are upper case")
                        }
                        _ if is_name && !is_key_word(word) => {
                            error.help("the name of an alarm stands in ALARM(…), OK(…) or INSUFFICIENT_DATA(…)")
                        }
                        _ => error,
                    })
                }
            },
        }
    }

    /// `(amount, [NOT] state, (name, …))`
    fn at_least(&mut self) -> Result<Rule, PatternError> {
        self.expect(&Lexeme::Open, "(")?;
        let amount = self.amount()?;
        self.expect(&Lexeme::Comma, ",")?;
        let not = self.take_word("NOT");
        let state = self.state()?;
        self.expect(&Lexeme::Comma, ",")?;
        self.expect(&Lexeme::Open, "(")?;
        let mut names = vec![self.name()?];
        while self.take(&Lexeme::Comma) {
            names.push(self.name()?);
        }
        self.expect(&Lexeme::Close, ")")?;
        self.expect(&Lexeme::Close, ")")?;
        Ok(Rule::AtLeast { amount, not, state, names })
    }

    fn amount(&mut self) -> Result<Amount, PatternError> {
        let word = self.word().unwrap_or_default();
        let (digits, is_percent) = word.strip_suffix('%').map_or((word, false), |digits| (digits, true));
        let number = digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse::<u32>().ok()).flatten();
        let Some(number) = number else {
            return Err(PatternError::new(self.span(), "expected a number of alarms, such as 2 or 50%"));
        };
        self.at += 1;
        Ok(if is_percent { Amount::Percent(number) } else { Amount::Count(number) })
    }

    fn state(&mut self) -> Result<AlarmState, PatternError> {
        let found = self.word().and_then(state);
        let expected = || PatternError::new(self.span(), "expected ALARM, OK or INSUFFICIENT_DATA");
        let state = found.ok_or_else(expected)?;
        self.at += 1;
        Ok(state)
    }

    fn name(&mut self) -> Result<Name, PatternError> {
        let span = self.span();
        let text = match self.lexeme() {
            Some(Lexeme::Word) => self.text[span.clone()].to_owned(),
            Some(Lexeme::Quoted { closed: false, .. }) => {
                return Err(PatternError::new(span, "this name has no closing quote"));
            }
            Some(Lexeme::Quoted { name, .. }) if name.is_empty() => {
                return Err(PatternError::new(span, "the name of the alarm is empty"));
            }
            Some(Lexeme::Quoted { name, .. }) => name.clone(),
            _ => return Err(PatternError::new(span, "expected the name or ARN of an alarm")),
        };
        self.at += 1;
        Ok(Name { text, span: Span::from(span) })
    }

    fn deeper(&mut self, read: impl FnOnce(&mut Self) -> Result<Rule, PatternError>) -> Result<Rule, PatternError> {
        if self.depth == DEPTH_MAX {
            return Err(PatternError::new(self.span(), format!("nested deeper than {DEPTH_MAX} levels")));
        }
        self.depth += 1;
        let rule = read(self);
        self.depth -= 1;
        rule
    }

    fn lexeme(&self) -> Option<&Lexeme> {
        self.tokens.get(self.at).map(|token| &token.lexeme)
    }

    /// Where the next piece stands; behind the last one there is only the end.
    fn span(&self) -> Range<usize> {
        self.tokens.get(self.at).map_or(self.text.len()..self.text.len(), |token| token.span.clone())
    }

    fn word(&self) -> Option<&'a str> {
        (self.lexeme() == Some(&Lexeme::Word)).then(|| &self.text[self.span()])
    }

    fn take_word(&mut self, word: &str) -> bool {
        let found = self.word() == Some(word);
        self.at += usize::from(found);
        found
    }

    fn take(&mut self, lexeme: &Lexeme) -> bool {
        let found = self.lexeme() == Some(lexeme);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, lexeme: &Lexeme, what: &str) -> Result<(), PatternError> {
        if self.take(lexeme) {
            return Ok(());
        }
        let error = PatternError::new(self.span(), format!("expected {what}"));
        let splits_name = matches!(self.lexeme(), Some(Lexeme::Word)) && *lexeme == Lexeme::Close;
        Err(if splits_name { error.help("a name with spaces, brackets or commas needs quotes") } else { error })
    }
}

fn one_or(mut rules: Vec<Rule>, join: fn(Vec<Rule>) -> Rule) -> Rule {
    match rules.len() {
        1 => rules.remove(0),
        _ => join(rules),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_point_at_the_place() {
        for (text, at, message) in [
            ("", "", "the rule is empty"),
            ("ALARM(a) ALARM(b)", "ALARM(b)", "expected AND, OR or the end of the rule"),
            ("ALARM(a) and ALARM(b)", "and ", "expected AND, OR or the end of the rule"),
            ("ALARM(my alarm)", "alarm)", "expected )"),
            ("ALARM(\"open)", "\"open)", "this name has no closing quote"),
            ("ALARM(\"\")", "\"\"", "the name of the alarm is empty"),
            ("AT_LEAST(x, ALARM, (a))", "x,", "expected a number of alarms, such as 2 or 50%"),
            ("AT_LEAST(1, UP, (a))", "UP", "expected ALARM, OK or INSUFFICIENT_DATA"),
            ("my-alarm", "my-alarm", "expected a condition such as ALARM(\"name\")"),
            ("ALARM(a) AND", "", "expected a condition such as ALARM(\"name\")"),
        ] {
            let error = parse(text).unwrap_err();
            assert_eq!(error.message, message, "{text}");
            assert!(text[error.span.start..].starts_with(at), "{text}: {:?}", error.span);
        }
    }

    #[test]
    fn brackets_without_end_are_refused() {
        let deep = "(".repeat(5_000);
        assert_eq!(parse(&deep).unwrap_err().message, "nested deeper than 100 levels");
        assert!(parse(&"NOT ".repeat(5_000)).is_err());
    }
}
