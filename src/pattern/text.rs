//! Quoted text, the same in every language: `"…"` with the escapes `\"` and `\\`.
//!
//! A backslash before any other character stands for itself.

/// Length in bytes of the quoted text that `text` begins with (quotes included), and whether it is closed.
/// An unclosed one runs to the end.
pub fn scan_quoted(text: &str) -> (usize, bool) {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return (at + 1, true),
            _ => {}
        }
    }
    (text.len(), false)
}

/// The text between the quotes of `quoted`, without escapes. The closing quote may be missing.
pub fn unquote(quoted: &str) -> String {
    let closed = scan_quoted(quoted).1;
    let inner = &quoted[quoted.len().min(1)..quoted.len() - usize::from(closed)];
    let mut out = String::with_capacity(inner.len());
    let mut chars = inner.chars().peekable();
    while let Some(c) = chars.next() {
        out.push(match chars.peek() {
            Some(&next @ ('"' | '\\')) if c == '\\' => {
                chars.next();
                next
            }
            _ => c,
        });
    }
    out
}

/// `text` in quotes, every quote and backslash escaped.
pub fn quote(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', r"\\").replace('"', r#"\""#))
}

/// `text` in quotes with as few escapes as will read back the same.
pub fn quote_tightly(text: &str) -> String {
    let mut out = String::from("\"");
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '"' || (c == '\\' && matches!(chars.peek(), None | Some('"' | '\\'))) {
            out.push('\\');
        }
        out.push(c);
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoting_is_undone_by_reading() {
        for text in ["", "a", "\"", "\\", "\\\\", "\\\"", "a\\b", "\\\\x\\", "ü \"q\" \\"] {
            for quoted in [quote(text), quote_tightly(text)] {
                assert_eq!(scan_quoted(&quoted), (quoted.len(), true), "{quoted}");
                assert_eq!(unquote(&quoted), text, "{quoted}");
            }
        }
        assert_eq!(quote_tightly(r"C:\tmp"), r#""C:\tmp""#);
    }

    #[test]
    fn an_open_quote_runs_to_the_end() {
        assert_eq!(scan_quoted(r#""a\""#), (4, false));
        assert_eq!(unquote(r#""a\""#), "a\"");
        assert_eq!(unquote("\""), "");
    }
}
