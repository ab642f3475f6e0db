//! Field paths: the part of a CloudWatch selector after `$.` (`userIdentity.type`, `resources[*].ARN`,
//! `requestParameters['a.b']`), or `@principal`.
//!
//! Grammar: CloudWatch Logs User Guide, "Filter pattern syntax", JSON selectors. Names without brackets hold ASCII
//! letters, digits, `-` and `_`; a key in `['…']` holds anything but `'`.

use super::PatternError;
use crate::filter::predicate::{Field, Selector, Step};
use crate::model::query::{PRINCIPAL, SIZE};

/// What to write, for whoever wrote something else.
const STEPS: &str = "steps are .name, .*, [0], [*] and ['name']";

/// Reads a field path; the `$.` of a selector may stand in front.
pub fn parse(text: &str) -> Result<Field, PatternError> {
    if text == PRINCIPAL { Ok(Field::Principal) } else { parse_selector(text).map(Field::Path) }
}

/// Reads a path of steps, with or without `$`.
pub fn parse_selector(text: &str) -> Result<Selector, PatternError> {
    let (selector, end) = prefix(text);
    if end < text.len() || selector.steps.is_empty() {
        let message = match text[end..].chars().next() {
            None => "a path is missing here".to_owned(),
            Some(c) => format!("“{c}” does not continue a path"),
        };
        return Err(PatternError::new(end..text.len(), message).help(STEPS));
    }
    Ok(selector)
}

/// The path text of a field; the inverse of [`parse`].
pub fn print(field: &Field) -> String {
    match field {
        Field::Principal => PRINCIPAL.into(),
        Field::Size => SIZE.into(),
        Field::Path(selector) => {
            let text = selector.to_string();
            text.strip_prefix("$.").or_else(|| text.strip_prefix('$')).unwrap_or(&text).to_owned()
        }
    }
}

/// The longest path that `text` begins with, and its length in bytes.
pub fn prefix(text: &str) -> (Selector, usize) {
    let mut steps = Vec::new();
    let mut at = usize::from(text.starts_with('$'));
    loop {
        // A path that does not begin with `$` has no dot in front of its first name.
        let bare_start = at == 0;
        match step(&text[at..], bare_start) {
            Some((step, len)) => {
                steps.push(step);
                at += len;
            }
            None => return (Selector { steps }, at),
        }
    }
}

/// One step at the start of `text` and its length.
fn step(text: &str, bare_start: bool) -> Option<(Step, usize)> {
    let undotted = text.strip_prefix('.');
    if let Some(rest) = undotted.filter(|_| !bare_start).unwrap_or(text).strip_prefix("['") {
        let end = rest.find('\'')?;
        let key = &rest[..end];
        rest[end..].starts_with("']").then_some(())?;
        return Some((Step::Key(key.into()), text.len() - rest.len() + end + 2));
    }
    if let Some(rest) = text.strip_prefix('[') {
        let end = rest.find(']')?;
        let step = match &rest[..end] {
            "*" => Step::AnyElement,
            digits if digits.bytes().all(|byte| byte.is_ascii_digit()) => Step::Index(digits.parse().ok()?),
            _ => return None,
        };
        return Some((step, end + 2));
    }
    let name = if bare_start { text } else { undotted? };
    let dot = text.len() - name.len();
    if name.starts_with('*') {
        return Some((Step::AnyKey, dot + 1));
    }
    let len = name.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')).count();
    (len > 0).then(|| (Step::Key(name[..len].into()), dot + len))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_read_back() {
        for text in
            ["eventName", "userIdentity.type", "resources[*].ARN", "requestParameters['a.b']", "@principal", "*", "a.*"]
        {
            assert_eq!(print(&parse(text).unwrap()), text);
        }
        for (text, printed) in
            [("$.a.b", "a.b"), ("$['a b'][0]", "['a b'][0]"), ("$.['x']", "x"), ("$[0].a", "[0].a"), ("['']", "['']")]
        {
            assert_eq!(print(&parse(text).unwrap()), printed);
        }
    }

    #[test]
    fn errors_stand_where_the_path_breaks() {
        for (text, at) in [
            ("", 0),
            ("$", 1),
            ("$.", 1),
            ("a.", 1),
            ("a..b", 1),
            ("a[", 1),
            ("a[x]", 1),
            ("a['b", 1),
            ("a.[0]", 1),
            ("é", 0),
            (".a", 0),
            ("a b", 1),
            ("a[99999999999]", 1),
        ] {
            assert_eq!(parse(text).unwrap_err().span, at..text.len(), "{text}");
        }
    }
}
