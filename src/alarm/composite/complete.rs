//! What could be typed at a place of a rule.

use super::lexer::{Lexeme, Role, lex, roles};
use std::ops::Range;

/// A place where something can be completed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Bytes that the chosen text replaces.
    pub replace: Range<usize>,
    /// What belongs there.
    pub wanted: Wanted,
}

/// What belongs at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// The name of an alarm that begins like this.
    Name(String),
    /// One of these.
    Word(Vec<&'static str>),
}

const CONDITIONS: [&str; 7] = ["ALARM(", "OK(", "INSUFFICIENT_DATA(", "AT_LEAST(", "NOT", "TRUE", "FALSE"];
const JOINS: [&str; 2] = ["AND", "OR"];
const STATES: [&str; 6] = ["ALARM", "OK", "INSUFFICIENT_DATA", "NOT ALARM", "NOT OK", "NOT INSUFFICIENT_DATA"];

/// What can be completed at byte `cursor` of a rule that is being typed.
pub fn completion(text: &str, cursor: usize) -> Option<Place> {
    let typed = text.get(..cursor)?;
    let mut tokens = lex(typed);
    let is_open = |lexeme: &Lexeme| matches!(lexeme, Lexeme::Word | Lexeme::Quoted { closed: false, .. });
    let last = tokens.last().filter(|token| token.span.end == cursor && is_open(&token.lexeme)).cloned();
    let start = last.as_ref().map_or(cursor, |token| token.span.start);
    if last.is_some() {
        tokens.pop();
    }
    // A word in front of nothing gets the role it would have here.
    let probed = format!("{}x", &text[..start]);
    let role = roles(&probed, &lex(&probed)).last().copied()?;
    let before = tokens.last().map(|token| &text[token.span.clone()]);
    let wanted = match (role, before) {
        (Role::Name, Some("(" | ",")) => Wanted::Name(match last.map(|token| token.lexeme) {
            Some(Lexeme::Quoted { name, .. }) => name,
            _ => text[start..cursor].to_owned(),
        }),
        (Role::Name | Role::Amount, _) => return None,
        (_, Some(",")) => words(&STATES, &text[start..cursor])?,
        (_, None | Some("(" | "AND" | "OR" | "NOT")) => words(&CONDITIONS, &text[start..cursor])?,
        (_, Some(")" | "TRUE" | "FALSE")) => words(&JOINS, &text[start..cursor])?,
        _ => return None,
    };
    // The rest of the word under the cursor is replaced as well.
    let whole = lex(text).into_iter().find(|token| token.span.start == start && token.span.end > cursor);
    let end = whole.filter(|token| token.lexeme == Lexeme::Word).map_or(cursor, |token| token.span.end);
    Some(Place { replace: start..end, wanted })
}

fn words(words: &[&'static str], typed: &str) -> Option<Wanted> {
    let typed = typed.to_ascii_uppercase();
    let found: Vec<_> = words.iter().copied().filter(|word| word.starts_with(&typed) && *word != typed).collect();
    (!found.is_empty()).then_some(Wanted::Word(found))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Option<Place> {
        let cursor = text.find('|').unwrap();
        completion(&text.replace('|', ""), cursor)
    }

    #[test]
    fn names_are_wanted_in_brackets_and_words_between() {
        let name = |text: &str| Some(Wanted::Name(text.to_owned()));
        let wanted = |text: &str| at(text).map(|place| place.wanted);
        assert_eq!(wanted("ALARM(|"), name(""));
        assert_eq!(wanted("ALARM(Ro|ot) AND"), name("Ro"));
        assert_eq!(wanted("ALARM(\"Root u|"), name("Root u"));
        assert_eq!(wanted("AT_LEAST(2, ALARM, (a, b|"), name("b"));
        assert_eq!(wanted("AT_LEAST(|"), None);
        assert_eq!(wanted("AT_LEAST(2, O|"), Some(Wanted::Word(vec!["OK"])));
        assert_eq!(wanted("ALARM(a) |"), Some(Wanted::Word(vec!["AND", "OR"])));
        assert_eq!(wanted("ALARM(a) AND a|"), Some(Wanted::Word(vec!["ALARM(", "AT_LEAST("])));
        assert_eq!(at("OK(Ro|ot)").map(|place| place.replace), Some(3..7));
    }
}
