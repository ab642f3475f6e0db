//! What the values of fields are: their kinds, and whether a text is among them, in these letters or in other ones; and
//! how many events have a field.
//!
//! A value with a dictionary code is looked at once a path, however many events have it; the search for a text ends
//! with the first value that matches it.

use super::group::FieldPath;
use crate::base::BitSet;
use crate::filter::predicate::Glob;
use crate::model::fields::{FieldPart, SPELLINGS_MAX};
use crate::model::value::Scalar;
use crate::store::Shard;

/// What there is at some paths; `text` is compared with their texts.
pub fn field(shard: &Shard, paths: &[FieldPath], text: &str) -> FieldPart {
    let glob = Some(Glob::parse(text)).filter(|glob| !glob.text.is_empty());
    let mut part = FieldPart::default();
    for FieldPath { path, positions } in paths {
        let dictionary = shard.dictionary(*path);
        let mut seen = vec![false; dictionary.len()];
        for column in shard.segments().iter().filter_map(|segment| segment.column(*path)) {
            for entry in 0..column.len() {
                let is_selected = |allowed: &BitSet| allowed.contains(column.position(entry) as usize);
                if !positions.as_ref().is_none_or(is_selected) {
                    continue;
                }
                match column.code(entry) {
                    Some(code) if std::mem::replace(&mut seen[code as usize], true) => {}
                    Some(code) => add(&mut part, dictionary.value(code), glob.as_ref()),
                    None => column.with(entry, dictionary, |value| add(&mut part, value, glob.as_ref())),
                }
            }
        }
    }
    part
}

/// How many of the `matched` rows that are no duplicates there are, and how many have anything at the paths.
pub fn having(shard: &Shard, paths: &[FieldPath], matched: &[BitSet]) -> (u64, u64) {
    let (mut events, mut lacking) = (0, 0);
    for (segment, matched) in shard.segments().iter().zip(matched) {
        let mut rows = matched.clone();
        rows.and_not(&segment.duplicates);
        events += rows.count() as u64;
        let mut absent = rows.clone();
        for FieldPath { path, positions } in paths {
            let Some(column) = segment.column(*path) else { continue };
            match positions {
                None => absent.and_not(&column.rows.to_set(segment.len())),
                Some(allowed) => column.rows.for_each_in(&rows, |entry, row| {
                    if allowed.contains(column.position(entry) as usize) {
                        absent.remove(row);
                    }
                }),
            }
        }
        lacking += absent.count() as u64;
    }
    (events, events - lacking)
}

fn add(part: &mut FieldPart, value: Scalar<'_>, glob: Option<&Glob>) {
    part.is_present = true;
    match value {
        Scalar::Int(_) | Scalar::Float(_) => part.has_numbers = true,
        Scalar::Bool(_) => part.has_booleans = true,
        Scalar::Str(text) => {
            part.has_texts = true;
            let Some(glob) = glob.filter(|_| !part.matches) else { return };
            if glob.matches(text) {
                part.matches = true;
            } else if let Some(spelling) = spelled(glob, text)
                && !part.spellings.contains(spelling)
            {
                part.spellings.insert(spelling.to_owned());
                if part.spellings.len() > SPELLINGS_MAX {
                    part.spellings.pop_last();
                }
            }
        }
        Scalar::Null | Scalar::Object | Scalar::Array => {}
    }
}

/// The part of `text` that stands where the pattern has its text, in other letters.
fn spelled<'t>(glob: &Glob, text: &'t str) -> Option<&'t str> {
    let len = glob.text.len();
    let last = text.len().checked_sub(len)?;
    let is_here = |at: usize| text.get(at..at + len).filter(|part| part.eq_ignore_ascii_case(&glob.text));
    match (glob.open_start, glob.open_end) {
        (false, false) => is_here(0).filter(|_| last == 0),
        (false, true) => is_here(0),
        (true, false) => is_here(last),
        (true, true) => (0..=last).find_map(is_here),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_letters_stand_where_the_text_would() {
        for (pattern, text, expected) in [
            ("consoleLogin", "ConsoleLogin", Some("ConsoleLogin")),
            ("consoleLogin", "ConsoleLogins", None),
            ("get*", "GetObject", Some("Get")),
            ("*denied", "AccessDenied", Some("Denied")),
            ("*access*", "Client.AccessDenied", Some("Access")),
            ("é*", "É", None),
            ("*x*", "é", None),
            ("longer", "x", None),
        ] {
            assert_eq!(spelled(&Glob::parse(pattern), text), expected, "{pattern} {text}");
        }
    }
}
