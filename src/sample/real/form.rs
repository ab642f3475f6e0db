//! Writes random text of a given form, such as `vpc-0#{16}`.
//!
//! `#` is a hexadecimal digit, `^` one in capitals, `?` a letter or digit as in AWS's unique ids, `*` one of base64,
//! `~` a small letter or digit, `%` a digit but zero, `@` a word; `{n}` repeats the one before n times. `|` separates
//! forms of which one is taken. All else stands for itself. A form says what is valid inside a JSON string.

use crate::sample::random::Random;

const WORDS: [&str; 24] = [
    "orders", "billing", "web", "mail", "search", "reports", "audit", "ingest", "archive", "login", "payments",
    "prices", "frontend", "gateway", "metrics", "export", "partner", "stock", "media", "events", "sessions", "backup",
    "staging", "internal",
];

/// Appends text of the form.
pub(super) fn write(form: &str, random: &mut Random, out: &mut String) {
    let form = if form.contains('|') {
        let number = random.below(form.split('|').count() as u64) as usize;
        form.split('|').nth(number).unwrap_or(form)
    } else {
        form
    };
    let mut rest = form;
    while let Some(class) = rest.chars().next() {
        rest = &rest[class.len_utf8()..];
        let mut times = 1;
        if let Some((count, after)) = rest.strip_prefix('{').and_then(|rest| rest.split_once('}')) {
            (times, rest) = (count.parse().unwrap_or(1), after);
        }
        let alphabet: &[u8] = match class {
            '#' => b"0123456789abcdef",
            '^' => b"0123456789ABCDEF",
            '?' => b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567",
            '*' => b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
            '~' => b"abcdefghijklmnopqrstuvwxyz0123456789",
            '%' => b"123456789",
            '@' => {
                out.push_str(WORDS[random.below(WORDS.len() as u64) as usize]);
                continue;
            }
            _ => {
                out.push(class);
                continue;
            }
        };
        for _ in 0..times {
            out.push(char::from(*random.pick(alphabet)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(form: &str) -> String {
        let mut out = String::new();
        write(form, &mut Random::new(1), &mut out);
        out
    }

    #[test]
    fn a_form_becomes_text() {
        assert_eq!(text("plain/Zürich"), "plain/Zürich");
        let id = text("vpc-0#{16}");
        assert!(id.len() == 21 && id[5..].bytes().all(|b| b.is_ascii_hexdigit()), "{id}");
        assert!(["a", "b"].contains(&text("a|b").as_str()));
        assert!(WORDS.contains(&text("@").as_str()));
    }
}
