//! Rows of CSV (RFC 4180: CRLF, quotes where needed) that a spreadsheet shows and does not run.
//!
//! A cell that begins with `=`, `+`, `-`, `@`, their wide forms, a tab or a line end may be taken for a formula, which can fetch
//! addresses and start programs; it gets an apostrophe in front, which makes it text
//! (<https://owasp.org/www-community/attacks/CSV_Injection>). A plain number such as `-5` stays one: it can be
//! nothing else.

use csv_core::{Terminator, WriteResult, WriterBuilder};
use std::borrow::Cow;

/// What a formula begins with; some spreadsheets read the wide forms, which Japanese keyboards write, as the narrow ones.
pub const FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

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
        let cell = if is_risky(cell) { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) };
        let mut text = cell.as_bytes();
        put(&mut |buffer| {
            let (result, read, written) = writer.field(text, buffer);
            text = &text[read..];
            (result, written)
        });
    }
    put(&mut |buffer| writer.terminator(buffer));
}

/// Whether a spreadsheet may take the cell for a formula.
fn is_risky(cell: &str) -> bool {
    (cell.starts_with(FORMULA) || cell.starts_with(['\t', '\r', '\n'])) && !is_number(cell)
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
            "\t=1",
            "\r=1",
            "\n=1",
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
        assert_eq!(written(&["=HYPERLINK(\"x\",1)"]), "\"'=HYPERLINK(\"\"x\"\",1)\"\r\n");
    }
}
