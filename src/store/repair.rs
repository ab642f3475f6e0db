//! Makes almost-JSON text readable: what other tools write and strict parsers refuse.

use std::fmt::Write;

/// Repairs invalid UTF-8, lone surrogate escapes (both become U+FFFD), raw control characters inside
/// strings (escaped) and numbers beyond double precision (clamped to the largest double).
///
/// The result may still be invalid JSON: the parser decides.
pub fn repair(json: &[u8]) -> String {
    let text = String::from_utf8_lossy(json);
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_ref();
    let mut in_string = false;
    while let Some(c) = rest.chars().next() {
        let taken = if in_string {
            match c {
                '\\' => copy_escape(rest, &mut out),
                '"' => {
                    in_string = false;
                    out.push('"');
                    1
                }
                c if c < ' ' => {
                    let _ = write!(out, "\\u{:04x}", c as u32);
                    1
                }
                c => {
                    out.push(c);
                    c.len_utf8()
                }
            }
        } else if c == '-' || c.is_ascii_digit() {
            copy_number(rest, &mut out)
        } else {
            in_string = c == '"';
            out.push(c);
            c.len_utf8()
        };
        rest = &rest[taken..];
    }
    out
}

/// Copies one escape sequence (a surrogate pair counts as one) and returns its length in bytes.
fn copy_escape(rest: &str, out: &mut String) -> usize {
    let unit = |at: usize| {
        rest.get(at..at + 2).filter(|head| *head == "\\u")?;
        u32::from_str_radix(rest.get(at + 2..at + 6)?, 16).ok()
    };
    let len = match (unit(0), unit(6)) {
        (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => 12,
        (Some(0xd800..=0xdfff), _) => {
            out.push('\u{fffd}');
            return 6;
        }
        (Some(_), _) => 6,
        (None, _) => 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
    };
    out.push_str(&rest[..len]);
    len
}

/// Copies one number, clamped to the range of a double, and returns its length in bytes.
fn copy_number(rest: &str, out: &mut String) -> usize {
    let len = rest.bytes().take_while(|b| matches!(b, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E')).count();
    let token = &rest[..len];
    match token.parse::<f64>() {
        Ok(number) if number.is_infinite() => {
            let _ = write!(out, "{:e}", f64::MAX.copysign(number));
        }
        _ => out.push_str(token),
    }
    len
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn almost_json_becomes_json() {
        for (broken, fixed) in [
            (&b"{\"a\":\"\xff\"}"[..], "{\"a\":\"\u{fffd}\"}"),
            (br#"{"a":"\ud800x"}"#, "{\"a\":\"\u{fffd}x\"}"),
            (br#"{"a":"\ud83d\ude00"}"#, r#"{"a":"\ud83d\ude00"}"#),
            (b"{\"a\":\"x\ty\"}", r#"{"a":"x\u0009y"}"#),
            (br#"{"a":-1e999,"b":12}"#, r#"{"a":-1.7976931348623157e308,"b":12}"#),
            (br#"{"a":"\"1e999\\"}"#, r#"{"a":"\"1e999\\"}"#),
        ] {
            assert_eq!(repair(broken), fixed);
            serde_json::from_str::<serde_json::Value>(fixed).unwrap();
        }
    }

    #[test]
    fn ends_on_any_bytes() {
        for broken in [&b"\"\\"[..], b"\"\\u", b"\"\\ud8", b"-", b"\"\\\xc3\xa9", b"\xed\xa0\x80"] {
            repair(broken);
        }
    }
}
