//! The text of a cell as the JSON value it stands for. What a spreadsheet did to it is undone where only one original
//! is possible; otherwise the field is left out or keeps the text, and that is said. Nothing is made up.

use super::super::findings::Findings;
use super::super::shallow;
use super::field::{Members, find};
use super::plan::Kind;
use super::printed;
use super::time::{self, Reading};
use crate::base::json_text::compact;
use crate::base::{Code, Severity};
use serde_json::value::RawValue;

/// Digits of an account's number.
const ACCOUNT: usize = 12;

/// Appends the value of a cell. False if there is none: nothing was appended.
pub(super) fn write(kind: Kind, text: &str, findings: &mut Findings, out: &mut Vec<u8>) -> bool {
    let trimmed = text.trim();
    // Athena leaves a null empty, CloudTrail Lake spells it.
    if trimmed.is_empty() || trimmed == "null" && !matches!(kind, Kind::Json) {
        return false;
    }
    match kind {
        Kind::Text => string(text, out),
        Kind::Flag => flag(trimmed, findings, out),
        Kind::Account => return account(trimmed, findings, out),
        Kind::Time => moment(trimmed, findings, out),
        Kind::Json | Kind::Struct(_) | Kind::Structs(_) => nested(kind, trimmed, findings, out),
        Kind::ConsoleResources => return resources(trimmed, findings, out),
    }
    true
}

/// Appends a JSON string.
pub(super) fn string(text: &str, out: &mut Vec<u8>) {
    // Writing to memory does not fail.
    let _ = serde_json::to_writer(out, text);
}

fn repaired(findings: &mut Findings, kind: &'static str, message: &'static str) {
    findings.add(Severity::Note, Code::DamagedCell, kind, || message.to_owned());
}

fn flag(text: &str, findings: &mut Findings, out: &mut Vec<u8>) {
    let value: &[u8] = match text {
        "true" | "1" => b"true",
        "false" | "0" => b"false",
        _ if text.eq_ignore_ascii_case("true") => b"true",
        _ if text.eq_ignore_ascii_case("false") => b"false",
        _ => return string(text, out),
    };
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        repaired(findings, "flag", "a spreadsheet has written TRUE or FALSE: read as true or false");
    }
    out.extend_from_slice(value);
}

/// A spreadsheet takes the number of an account for a quantity: it drops zeros at its beginning, and rounds it.
fn account(text: &str, findings: &mut Findings, out: &mut Vec<u8>) -> bool {
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_digits(text) && text.len() == ACCOUNT {
        string(text, out);
        return true;
    }
    let whole = text.strip_suffix(".0").unwrap_or(text);
    let original = if is_digits(whole) && whole.len() <= ACCOUNT {
        Some(format!("{whole:0>ACCOUNT$}"))
    } else if let Some((mantissa, _)) = text.split_once("E+").filter(|(_, power)| is_digits(power)) {
        let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
        let is_number = mantissa.len() <= digits.len() + 1;
        match is_number && digits.len() == ACCOUNT && text.ends_with("E+11") {
            true => Some(digits),
            false if is_number => {
                findings.add(Severity::Warning, Code::DamagedCell, "account lost", || {
                    format!(
                        "a spreadsheet has rounded the number of an account ({}): the account of such events is \
                         not known",
                        text.chars().take(32).collect::<String>()
                    )
                });
                return false;
            }
            false => None,
        }
    } else {
        None
    };
    if original.is_some() {
        repaired(
            findings,
            "account",
            "a spreadsheet has changed the number of an account: its twelve digits are restored",
        );
    }
    string(original.as_deref().unwrap_or(text), out);
    true
}

fn moment(text: &str, findings: &mut Findings, out: &mut Vec<u8>) {
    match time::read(text) {
        Reading::Time(time) => string(&time, out),
        Reading::Repaired(time) => {
            repaired(
                findings,
                "time",
                "a spreadsheet has written times in a form of its own: read as UTC, to the full minute where there are \
                 no seconds",
            );
            string(&time, out);
        }
        Reading::Unclear => {
            findings.add(Severity::Warning, Code::DamagedCell, "time lost", || {
                format!(
                    "a time that can be read in several ways ({}) is kept as text: such events have no time",
                    text.chars().take(32).collect::<String>()
                )
            });
            string(text, out);
        }
    }
}

/// JSON, or what Athena prints; kept as text if it is neither.
fn nested(kind: Kind, text: &str, findings: &mut Findings, out: &mut Vec<u8>) {
    let before = out.len();
    if json(kind, text, out).is_some() || printed::value(kind, text, out).is_some() {
        return;
    }
    out.truncate(before);
    findings.add(Severity::Warning, Code::DamagedCell, "nested", || {
        "a cell that should hold an object can be read in several ways, or not at all: kept as text".to_owned()
    });
    string(text, out);
}

fn json(kind: Kind, text: &str, out: &mut Vec<u8>) -> Option<()> {
    let json = serde_json::from_str::<&RawValue>(text).ok()?.get().as_bytes();
    match (kind, json) {
        (Kind::Struct(members), [b'{', ..]) => object(json, members, out),
        (Kind::Structs(members), [b'[', ..]) => {
            let elements: Vec<&RawValue> = serde_json::from_slice(json).ok()?;
            out.push(b'[');
            for (number, element) in elements.iter().enumerate() {
                if number > 0 {
                    out.push(b',');
                }
                match element.get() {
                    json if json.starts_with('{') => object(json.as_bytes(), members, out),
                    json => compact(json.as_bytes(), out),
                }
            }
            out.push(b']');
        }
        _ => compact(json, out),
    }
    Some(())
}

/// Copies an object, its keys as CloudTrail writes them.
fn object(json: &[u8], members: Members, out: &mut Vec<u8>) {
    out.push(b'{');
    for (number, (key, value)) in shallow::fields(json).enumerate() {
        if number > 0 {
            out.push(b',');
        }
        let known = std::str::from_utf8(key).ok().and_then(|key| find(members, key));
        out.push(b'"');
        out.extend_from_slice(known.map_or(key, |(name, _)| name.as_bytes()));
        out.extend_from_slice(b"\":");
        match known {
            Some((_, Kind::Struct(inner))) if value.starts_with(b"{") => object(value, inner, out),
            _ => compact(value, out),
        }
    }
    out.push(b'}');
}

/// The console's list of resources with the names that CloudTrail's own has: `type`, and `ARN` if it is one. Other
/// names of resources have no field in an event and keep the console's.
fn resources(text: &str, findings: &mut Findings, out: &mut Vec<u8>) -> bool {
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Resource {
        resource_type: Option<String>,
        resource_name: Option<String>,
    }
    let Ok(list) = serde_json::from_str::<Vec<Resource>>(text) else {
        nested(Kind::Json, text, findings, out);
        return true;
    };
    if list.is_empty() {
        return false;
    }
    for (number, resource) in list.iter().enumerate() {
        out.push(if number == 0 { b'[' } else { b',' });
        let name = resource.resource_name.as_deref();
        let key = if name.is_some_and(|name| name.starts_with("arn:")) { "ARN" } else { "resourceName" };
        let mut separator = b'{';
        for (key, value) in [(key, name), ("type", resource.resource_type.as_deref())] {
            if let Some(value) = value {
                out.push(separator);
                string(key, out);
                out.push(b':');
                string(value, out);
                separator = b',';
            }
        }
        out.extend_from_slice(if separator == b'{' { b"{}" } else { b"}" });
    }
    out.push(b']');
    true
}
