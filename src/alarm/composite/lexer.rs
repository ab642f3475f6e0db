//! Words, quoted names and punctuation of a rule; the same pieces give the colours of the editor.

use crate::model::alarm::AlarmState;
use crate::pattern::TokenKind;
use std::ops::Range;

/// What a piece is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Lexeme {
    /// A key word, an amount or a bare name: its place decides.
    Word,
    /// A name in quotes, without them and their escapes.
    Quoted {
        name: String,
        closed: bool,
    },
    Open,
    Close,
    Comma,
}

/// A piece and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub span: Range<usize>,
    pub lexeme: Lexeme,
}

/// Cuts a text into pieces; every text has some.
pub(super) fn lex(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = text.char_indices().peekable();
    while let Some((start, character)) = rest.next() {
        let lexeme = match character {
            '(' => Lexeme::Open,
            ')' => Lexeme::Close,
            ',' => Lexeme::Comma,
            '"' => {
                let (mut name, mut closed) = (String::new(), false);
                while let Some((_, character)) = rest.next() {
                    match character {
                        '"' => {
                            closed = true;
                            break;
                        }
                        '\\' => match rest.next_if(|(_, next)| matches!(next, '"' | '\\')) {
                            Some((_, escaped)) => name.push(escaped),
                            None => name.push('\\'),
                        },
                        other => name.push(other),
                    }
                }
                Lexeme::Quoted { name, closed }
            }
            _ if character.is_whitespace() => continue,
            _ => {
                while rest.next_if(|(_, next)| !ends_word(*next)).is_some() {}
                Lexeme::Word
            }
        };
        let end = rest.peek().map_or(text.len(), |(at, _)| *at);
        tokens.push(Token { span: start..end, lexeme });
    }
    tokens
}

/// Whether a character cannot be part of a name without quotes.
pub(super) fn ends_word(character: char) -> bool {
    character.is_whitespace() || matches!(character, '(' | ')' | ',')
}

/// The state a function of the language is called after.
pub(super) fn state(word: &str) -> Option<AlarmState> {
    [AlarmState::Alarm, AlarmState::Ok, AlarmState::InsufficientData].into_iter().find(|state| state.as_str() == word)
}

/// Pieces for syntax colours, of whatever is being typed.
pub fn tokens(text: &str) -> Vec<(Range<usize>, TokenKind)> {
    let tokens = lex(text);
    let roles = roles(text, &tokens);
    tokens
        .iter()
        .zip(roles)
        .map(|(token, role)| {
            let kind = match (&token.lexeme, role) {
                (Lexeme::Open | Lexeme::Close | Lexeme::Comma, _) => TokenKind::Punctuation,
                (Lexeme::Quoted { .. }, _) | (_, Role::Name) => TokenKind::Text,
                (_, Role::Amount) => TokenKind::Number,
                (_, Role::Operator) => TokenKind::Operator,
                (_, Role::Function) => TokenKind::Keyword,
                (_, Role::Nothing) => TokenKind::Error,
            };
            (token.span.clone(), kind)
        })
        .collect()
}

/// What a word is in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Operator,
    Function,
    Amount,
    Name,
    Nothing,
}

/// What each piece is, judged by what stands before it.
pub(super) fn roles(text: &str, tokens: &[Token]) -> Vec<Role> {
    // What the open brackets belong to.
    let mut open: Vec<Bracket> = Vec::new();
    let mut roles: Vec<Role> = Vec::with_capacity(tokens.len());
    for (at, token) in tokens.iter().enumerate() {
        let before = at.checked_sub(1).map(|at| &text[tokens[at].span.clone()]);
        let role = match token.lexeme {
            Lexeme::Open => {
                open.push(match (open.last(), before) {
                    (Some(Bracket::AtLeast), _) => Bracket::Names,
                    (_, Some("AT_LEAST")) => Bracket::AtLeast,
                    (_, Some(word)) if state(word).is_some() => Bracket::Names,
                    _ => Bracket::Group,
                });
                Role::Nothing
            }
            Lexeme::Close => {
                open.pop();
                Role::Nothing
            }
            Lexeme::Comma => Role::Nothing,
            Lexeme::Quoted { .. } => Role::Name,
            Lexeme::Word => {
                let word = &text[token.span.clone()];
                match open.last() {
                    Some(Bracket::Names) => Role::Name,
                    Some(Bracket::AtLeast) if before == Some("(") => Role::Amount,
                    _ if matches!(word, "AND" | "OR" | "NOT") => Role::Operator,
                    _ if matches!(word, "TRUE" | "FALSE" | "AT_LEAST") || state(word).is_some() => Role::Function,
                    _ => Role::Nothing,
                }
            }
        };
        roles.push(role);
    }
    roles
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Bracket {
    Group,
    AtLeast,
    Names,
}
