//! The text of a cell as the JSON value it stands for. What a spreadsheet did to it is undone where only one original
//! is possible; otherwise the field is left out or keeps the text, and that is said. Nothing is made up.

use super::super::findings::Findings;
use super::super::shallow;
use super::field::{Members, find};
use super::plan::Kind;
use super::{account, printed, time};
use crate::base::json_text::compact;
use crate::base::{Code, Severity};
use serde_json::value::RawValue;

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

/// As much of a text as a finding quotes.
fn short(text: &str) -> String {
    text.chars().take(32).collect()
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

fn account(text: &str, findings: &mut Findings, out: &mut Vec<u8>) -> bool {
    match account::read(text) {
        account::Reading::Text => string(text, out),
        account::Reading::Repaired(number) => {
            repaired(
                findings,
                "account",
                "a spreadsheet has changed the number of an account: its twelve digits are restored",
            );
            string(&number, out);
        }
        account::Reading::Lost => {
            findings.add(Severity::Warning, Code::DamagedCell, "account lost", || {
                format!("a spreadsheet has rounded the number of an account ({}): such events have none", short(text))
            });
            return false;
        }
    }
    true
}

fn moment(text: &str, findings: &mut Findings, out: &mut Vec<u8>) {
    match time::read(text) {
        time::Reading::Time(time) => string(&time, out),
        time::Reading::Repaired(time) => {
            repaired(
                findings,
                "time",
                "a spreadsheet has written times in a form of its own: read as UTC, to the full minute where there are \
                 no seconds",
            );
            string(&time, out);
        }
        time::Reading::Unclear => {
            findings.add(Severity::Warning, Code::DamagedCell, "time lost", || {
                format!(
                    "a time that can be read in several ways ({}) is kept as text: such events have no time",
                    short(text)
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
