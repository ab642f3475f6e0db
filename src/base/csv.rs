//! Rows of CSV (RFC 4180: CRLF, quotes where needed) that a spreadsheet shows and does not run.
//!
//! A cell that begins with `=`, `+`, `-`, `@`, their wide forms, a tab or a line end may be taken for a formula, which can fetch
//! addresses and start programs; it gets an apostrophe in front, which makes it text
//! (<https://owasp.org/www-community/attacks/CSV_Injection>). A plain number such as `-5` stays one: it can be
//! nothing else. Where semicolons or tabs part cells, as spreadsheets of many countries take for granted, the quotes around a cell
//! mean nothing, and a cell may begin in the midst of a text; so what comes after one of those or a line end gets one, too.

use csv_core::{Terminator, WriteResult, WriterBuilder};
use std::borrow::Cow;

/// What a formula begins with; some spreadsheets read the wide forms, which Japanese keyboards write, as the narrow ones.
pub const FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// What parts cells or rows, other than the comma, for which there are quotes.
const PARTS: [char; 4] = [';', '\t', '\r', '\n'];

/// Appends one row to `out`.
pub fn row<'c>(cells: impl IntoIterator<Item = &'c str>, out: &mut Vec<u8>) {
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).build();
    let mut buffer = [0; 1024];
    // A step that fills the buffer is taken again for the rest.
    let mut put = |step: &mut dyn FnMut(&mut [u8]) -> (WriteResult, usize)| {
        loop {
            let (result, written) = step(&mut buffer);
            out.extend_from_slice(&buffer[..written]);
            if result == WriteResult::InputEmpty {
                break;
            }
        }
    };
    for (index, cell) in cells.into_iter().enumerate() {
        if index > 0 {
            put(&mut |buffer| writer.delimiter(buffer));
        }
        // Whole: whether it needs quotes is decided by what the writer sees first.
        let cell = as_text(cell);
        let mut text = cell.as_bytes();
        put(&mut |buffer| {
            let (result, read, written) = writer.field(text, buffer);
            text = &text[read..];
            (result, written)
        });
    }
    put(&mut |buffer| writer.terminator(buffer));
}

/// A cell of which no spreadsheet takes a part for a formula.
fn as_text(cell: &str) -> Cow<'_, str> {
    if !cell.contains(FORMULA) && !cell.starts_with(PARTS) || is_number(cell) {
        return cell.into();
    }
    let mut text = String::with_capacity(cell.len() + 1);
    if cell.starts_with(PARTS) {
        text.push('\'');
    }
    let mut begins = true;
    for c in cell.chars() {
        if begins && FORMULA.contains(&c) {
            text.push('\'');
        }
        text.push(c);
        // A quote there opens a cell in quotes.
        begins = PARTS.contains(&c) || begins && c == '"';
    }
    text.into()
}

/// Whether `text` is a number as JSON spells it.
fn is_number(text: &str) -> bool {
    serde_json::from_str::<serde_json::Number>(text).is_ok_and(|_| !text.ends_with(|c: char| c.is_ascii_whitespace()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(cells: &[&str]) -> String {
        let mut out = Vec::new();
        row(cells.iter().copied(), &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn quotes_are_where_rfc_4180_wants_them() {
        assert_eq!(written(&["a", "", "b c"]), "a,,b c\r\n");
        assert_eq!(
            written(&["a,b", "say \"x\"", "two\nlines", "two\r\nlines"]),
            "\"a,b\",\"say \"\"x\"\"\",\"two\nlines\",\"two\r\nlines\"\r\n"
        );
        // An empty line would be no row.
        assert_eq!(written(&[""]), "\"\"\r\n");
        let long = "é\"".repeat(3_000);
        assert_eq!(written(&[&long, "x"]), format!("\"{}\",x\r\n", long.replace('"', "\"\"")));
    }

    #[test]
    fn formulas_become_text_and_numbers_stay_numbers() {
        for formula in [
            "=1+1",
            "+1",
            "-1+cmd|' /C calc'!A0",
            "@SUM(A1)",
            "\tx",
            "\rx",
            "\nx",
            "＝1+1",
            "＠SUM(A1)",
            "-",
            "-5 ",
            "--5",
            "-1e",
            "-0x1",
            "=",
            "−5".replace('−', "-$").as_str(),
        ] {
            let row = written(&[formula]);
            let cell = row.trim_end_matches("\r\n").trim_matches('"').replace("\"\"", "\"");
            assert_eq!(cell, format!("'{formula}"));
        }
        for harmless in ["-5", "-0.25", "-1e-7", "5", "a=b", " =1", "'=1", "2024-05-01T00:00:00Z"] {
            assert_eq!(written(&[harmless]), format!("{harmless}\r\n"));
        }
        for (parted, text) in [
            ("Mozilla/5.0 (X11;=1+cmd|' /C calc'!A0;)", "Mozilla/5.0 (X11;'=1+cmd|' /C calc'!A0;)"),
            ("a\t@b", "a\t'@b"),
            (";-5", "';'-5"),
            ("a; =b; c=d", "a; =b; c=d"),
        ] {
            assert_eq!(written(&[parted]), format!("{text}\r\n"));
        }
        assert_eq!(written(&["no\r\n=1"]), "\"no\r\n'=1\"\r\n");
        assert_eq!(written(&["a;\"=1"]), "\"a;\"\"'=1\"\r\n");
        assert_eq!(written(&["\t=1"]), "'\t'=1\r\n");
        assert_eq!(written(&["=HYPERLINK(\"x\",1)"]), "\"'=HYPERLINK(\"\"x\"\",1)\"\r\n");
    }
}
