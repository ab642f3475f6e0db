//! Tree to text. Law: `parse(print(p)) == p`, for both layouts.

use super::ast::{Content, Excluded, Field, Fields, Literal, Member, Pattern, Text, Value, ValueKind, Values};
use super::lower::Item;
use crate::filter::predicate::Comparison;
use std::fmt;

/// Widest line of the layout for reading, from where it begins.
const WIDTH: usize = 88;

impl Pattern {
    /// On one line.
    pub fn print(&self) -> String {
        fields(&self.fields).compact()
    }

    /// Laid out for reading: what does not fit on a line is broken.
    pub fn pretty(&self) -> String {
        let mut out = String::new();
        fields(&self.fields).lay_out(0, &mut out);
        out
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.print())
    }
}

impl Value {
    /// One value on one line.
    pub fn print(&self) -> String {
        value(self).compact()
    }
}

impl Item {
    /// As an event pattern of its own, on one line.
    pub fn print(&self) -> String {
        object(std::slice::from_ref(self)).compact()
    }
}

/// Items with their whole paths as names.
fn object(items: &[Item]) -> Piece {
    let member = |item: &Item| match item {
        Item::Field { path, values } => (quoted(path), self::values(values)),
        Item::Or(alternatives) => {
            (quoted("$or"), Piece::List(alternatives.iter().map(|items| object(items)).collect()))
        }
    };
    Piece::Object(items.iter().map(member).collect())
}

/// JSON in pieces, with numbers as they are written.
enum Piece {
    Word(String),
    List(Vec<Piece>),
    Object(Vec<(String, Piece)>),
}

impl Piece {
    fn compact(&self) -> String {
        let join = |pieces: Vec<String>| pieces.join(", ");
        match self {
            Self::Word(word) => word.clone(),
            Self::List(items) => format!("[{}]", join(items.iter().map(Self::compact).collect())),
            Self::Object(members) => {
                let member = |(name, piece): &(String, Self)| format!("{name}: {}", piece.compact());
                format!("{{{}}}", join(members.iter().map(member).collect()))
            }
        }
    }

    fn lay_out(&self, indent: usize, out: &mut String) {
        let compact = self.compact();
        let simple = !matches!(self, Self::Object(members) if indent == 0 || members.iter().any(|(_, piece)| matches!(piece, Self::Object(_))));
        if simple && compact.len() + indent <= WIDTH {
            return out.push_str(&compact);
        }
        let inner = indent + 2;
        let line = |out: &mut String, first: bool| {
            out.push_str(if first { "\n" } else { ",\n" });
            out.extend(std::iter::repeat_n(' ', inner));
        };
        match self {
            Self::Word(word) => out.push_str(word),
            Self::List(items) => {
                out.push('[');
                for (at, item) in items.iter().enumerate() {
                    line(out, at == 0);
                    item.lay_out(inner, out);
                }
                close(']', indent, out);
            }
            Self::Object(members) => {
                out.push('{');
                for (at, (name, piece)) in members.iter().enumerate() {
                    line(out, at == 0);
                    out.push_str(name);
                    out.push_str(": ");
                    piece.lay_out(inner, out);
                }
                close('}', indent, out);
            }
        }
    }
}

fn close(bracket: char, indent: usize, out: &mut String) {
    out.push('\n');
    out.extend(std::iter::repeat_n(' ', indent));
    out.push(bracket);
}

fn fields(fields: &Fields) -> Piece {
    let member = |member: &Member| match member {
        Member::Or { alternatives, .. } => {
            (quoted("$or"), Piece::List(alternatives.iter().map(self::fields).collect()))
        }
        Member::Field(Field { name, content, .. }) => {
            let piece = match content {
                Content::Fields(fields) => self::fields(fields),
                Content::Values(values) => self::values(values),
            };
            (quoted(name), piece)
        }
    };
    Piece::Object(fields.members.iter().map(member).collect())
}

fn values(values: &Values) -> Piece {
    Piece::List(values.alternatives.iter().map(value).collect())
}

fn value(value: &Value) -> Piece {
    match &value.kind {
        ValueKind::Literal(literal) => self::literal(literal),
        ValueKind::Prefix(text) => operator("prefix", affix(text)),
        ValueKind::Suffix(text) => operator("suffix", affix(text)),
        ValueKind::EqualsIgnoreCase(text) => operator("equals-ignore-case", word(text)),
        ValueKind::Wildcard(text) => operator("wildcard", word(text)),
        ValueKind::AnythingBut(excluded) => operator("anything-but", self::excluded(excluded)),
        ValueKind::Numeric(bounds) => {
            let bound =
                |(comparison, number): &(Comparison, String)| [word(sign(*comparison)), Piece::Word(number.clone())];
            operator("numeric", Piece::List(bounds.iter().flat_map(bound).collect()))
        }
        ValueKind::Cidr(text) => operator("cidr", word(text)),
        ValueKind::Exists(exists) => operator("exists", Piece::Word(exists.to_string())),
    }
}

fn excluded(excluded: &Excluded) -> Piece {
    match excluded {
        Excluded::Literals(literals) => one_or_list(literals.iter().map(literal).collect()),
        Excluded::Prefix(texts) => operator("prefix", words(texts)),
        Excluded::Suffix(texts) => operator("suffix", words(texts)),
        Excluded::EqualsIgnoreCase(texts) => operator("equals-ignore-case", words(texts)),
        Excluded::Wildcard(texts) => operator("wildcard", words(texts)),
    }
}

fn affix(text: &Text) -> Piece {
    if text.ignore_case { operator("equals-ignore-case", word(&text.text)) } else { word(&text.text) }
}

fn operator(name: &str, argument: Piece) -> Piece {
    Piece::Object(vec![(quoted(name), argument)])
}

fn words(texts: &[String]) -> Piece {
    one_or_list(texts.iter().map(|text| word(text)).collect())
}

fn one_or_list(mut pieces: Vec<Piece>) -> Piece {
    match pieces.pop() {
        Some(only) if pieces.is_empty() => only,
        last => {
            pieces.extend(last);
            Piece::List(pieces)
        }
    }
}

fn literal(literal: &Literal) -> Piece {
    match literal {
        Literal::Text(text) => word(text),
        Literal::Number(number) => Piece::Word(number.clone()),
        Literal::Bool(value) => Piece::Word(value.to_string()),
        Literal::Null => Piece::Word("null".into()),
    }
}

fn word(text: &str) -> Piece {
    Piece::Word(quoted(text))
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn sign(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Less => "<",
        Comparison::LessOrEqual => "<=",
        Comparison::Greater => ">",
        Comparison::GreaterOrEqual => ">=",
        Comparison::Equal | Comparison::NotEqual => "=",
    }
}
