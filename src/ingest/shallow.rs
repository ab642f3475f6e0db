//! The fields of one object, without looking into their values.

/// Iterates over the fields of a balanced object: key without its quotes, raw value. Stops where the text is
/// not JSON.
pub(super) fn fields(object: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    members(object.trim_ascii_start().strip_prefix(b"{").unwrap_or_default())
}

/// The same from behind the opening brace, or behind a value, to where the text ends.
pub(super) fn members(mut rest: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    std::iter::from_fn(move || {
        rest = skip_blank(rest, b',');
        let key_len = string_len(rest)?;
        let key = &rest[1..key_len - 1];
        rest = skip_blank(&rest[key_len..], b':');
        let value_len = value_len(rest)?;
        let (value, after) = rest.split_at(value_len);
        rest = after;
        Some((key, value))
    })
}

/// The raw value of a field.
pub(super) fn field<'a>(object: &'a [u8], key: &str) -> Option<&'a [u8]> {
    fields(object).find(|(name, _)| *name == key.as_bytes()).map(|(_, value)| value)
}

/// The text of a field that is a string.
pub(super) fn text(object: &[u8], key: &str) -> Option<String> {
    serde_json::from_slice(field(object, key)?).ok()
}

/// Whether an object has fields of all these names.
pub(super) fn has_all(object: &[u8], keys: &[&str]) -> bool {
    let found: Vec<&[u8]> = fields(object).map(|(key, _)| key).collect();
    keys.iter().all(|key| found.contains(&key.as_bytes()))
}

fn skip_blank(bytes: &[u8], separator: u8) -> &[u8] {
    let blank = bytes.iter().take_while(|&&byte| byte == separator || byte.is_ascii_whitespace()).count();
    &bytes[blank..]
}

/// Length of the string that `bytes` begins with, quotes included.
fn string_len(bytes: &[u8]) -> Option<usize> {
    if bytes.first() != Some(&b'"') {
        return None;
    }
    let mut at = 1;
    loop {
        at += memchr::memchr2(b'"', b'\\', bytes.get(at..)?)?;
        if bytes[at] == b'"' {
            return Some(at + 1);
        }
        at += 2;
    }
}

fn value_len(bytes: &[u8]) -> Option<usize> {
    let mut depth = 0usize;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' => {
                at += string_len(&bytes[at..])?;
                if depth == 0 {
                    return Some(at);
                }
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth <= 1 => {
                return if depth == 1 { Some(at + 1) } else { Some(at).filter(|&len| len > 0) };
            }
            b'}' | b']' => depth -= 1,
            b',' if depth == 0 => return Some(at),
            _ => {}
        }
        at += 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_fields_raw() {
        let text = br#" { "a" : {"x":[1,"}"]}, "b\"":"c\\" ,"n":12 ,"z":null}"#;
        let found: Vec<_> = fields(text).map(|(k, v)| (str(k), str(v))).collect();
        assert_eq!(found, [("a", r#"{"x":[1,"}"]}"#), (r#"b\""#, r#""c\\""#), ("n", "12 "), ("z", "null")]);
    }

    #[test]
    fn stops_at_what_is_not_json() {
        for text in ["", "{", "{}", "[1]", r#"{"a"#, r#"{"a":"#, r#"{"a":}"#, r#"{"a":"\"#] {
            assert_eq!(fields(text.as_bytes()).count(), 0, "{text}");
        }
    }

    fn str(bytes: &[u8]) -> &str {
        std::str::from_utf8(bytes).unwrap()
    }
}
