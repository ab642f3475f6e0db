//! Objects as Athena and CloudTrail Lake print them: `{type=IAMUser, arn=…, sessioncontext={…}}`. Texts stand there
//! without quotes and may hold `, ` and `=` themselves, so that the names of the members have to tell where a text
//! ends. What can be read in two ways is not read.

use super::cell::string;
use super::field::{Members, find};
use super::plan::Kind;
use super::time::{self, Reading};
use crate::base::json_text::compact;
use serde_json::value::RawValue;

const SEPARATOR: &str = ", ";
const NULL: &str = "null";

/// Appends the JSON of all of `text`; after `None` the caller takes back what was appended.
pub(super) fn value(kind: Kind, text: &str, out: &mut Vec<u8>) -> Option<()> {
    match kind {
        Kind::Struct(members) => structure(text, members, out).filter(|rest| rest.is_empty()).map(drop),
        Kind::Structs(members) => structures(text, members, out),
        Kind::Json => map(text, out),
        _ => None,
    }
}

fn structures(text: &str, members: Members, out: &mut Vec<u8>) -> Option<()> {
    let mut rest = text.strip_prefix('[')?;
    out.push(b'[');
    while rest != "]" {
        if !out.ends_with(b"[") {
            rest = rest.strip_prefix(SEPARATOR)?;
            out.push(b',');
        }
        rest = structure(rest, members, out)?;
    }
    out.push(b']');
    Some(())
}

/// Appends the object that `text` begins with, and gives what follows it.
fn structure<'t>(text: &'t str, members: Members, out: &mut Vec<u8>) -> Option<&'t str> {
    let mut rest = text.strip_prefix('{')?;
    let mut seen: Vec<&str> = Vec::with_capacity(members.len());
    out.push(b'{');
    loop {
        let ((name, kind), after) = member(rest, members)?;
        // Twice the same name: one of them is part of a text.
        if seen.contains(name) {
            return None;
        }
        seen.push(name);
        let before = out.len();
        if !out.ends_with(b"{") {
            out.push(b',');
        }
        string(name, out);
        out.push(b':');
        let is_object = after.starts_with('{');
        rest = match kind {
            Kind::Struct(inner) if is_object => structure(after, inner, out)?,
            Kind::Json if is_object => {
                let (object, rest) = after.split_at(after.find('}')? + 1);
                map(object, out)?;
                rest
            }
            _ => {
                let (text, rest) = after.split_at(text_len(after, members)?);
                if text == NULL {
                    out.truncate(before);
                } else if let (Kind::Time, Reading::Time(time)) = (kind, time::read(text)) {
                    string(&time, out);
                } else {
                    string(text, out);
                }
                rest
            }
        };
        match rest.strip_prefix(SEPARATOR) {
            Some(next) => rest = next,
            None => {
                out.push(b'}');
                return rest.strip_prefix('}');
            }
        }
    }
}

/// The member that `text` begins with, and what follows its `=`.
fn member(text: &str, members: Members) -> Option<(&'static (&'static str, Kind), &str)> {
    let (name, after) = key(text)?;
    Some((find(members, name)?, after))
}

/// The key that `text` begins with, and what follows its `=`. It is not looked for beyond what a key is made of: text
/// with a separator in every place would be read through again from each.
fn key(text: &str) -> Option<(&str, &str)> {
    let is_of_key = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.:@/".contains(&byte);
    let end = text.bytes().position(|byte| !is_of_key(byte)).filter(|end| *end > 0)?;
    Some((&text[..end], text[end..].strip_prefix('=')?))
}

/// Length of the text that `rest` begins with: to the next member or the end of the object.
fn text_len(rest: &str, members: Members) -> Option<usize> {
    let end = rest.find('}')?;
    let next =
        rest[..end].match_indices(SEPARATOR).find(|(at, _)| member(&rest[at + SEPARATOR.len()..], members).is_some());
    Some(next.map_or(end, |(at, _)| at))
}

/// A map: its keys may be any, so a text ends where `, key=` follows outside brackets.
fn map(text: &str, out: &mut Vec<u8>) -> Option<()> {
    let mut rest = text.strip_prefix('{')?.strip_suffix('}')?;
    out.push(b'{');
    while !rest.is_empty() {
        let (key, after) = key(rest)?;
        let len = entry_len(after)?;
        let before = out.len();
        if !out.ends_with(b"{") {
            out.push(b',');
        }
        string(key, out);
        out.push(b':');
        match &after[..len] {
            NULL => out.truncate(before),
            value => match serde_json::from_str::<&RawValue>(value) {
                Ok(json) if value.starts_with(['{', '[']) => compact(json.get().as_bytes(), out),
                _ => string(value, out),
            },
        }
        rest = after[len..].strip_prefix(SEPARATOR).unwrap_or_default();
    }
    out.push(b'}');
    Some(())
}

/// Length of a map's value. `None` if its brackets are not balanced.
fn entry_len(text: &str) -> Option<usize> {
    let mut depth = 0usize;
    let mut in_string = false;
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' if depth > 0 => in_string = !in_string,
            _ if in_string => {}
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.checked_sub(1)?,
            b',' if depth == 0 && text[at..].strip_prefix(SEPARATOR).and_then(key).is_some() => return Some(at),
            _ => {}
        }
    }
    (depth == 0).then_some(text.len())
}
