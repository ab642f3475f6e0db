//! JSON as text: the compact form that serves as the CloudWatch log message.

/// Appends `json` to `out` without the white space between tokens. Strings, escapes and number
/// spellings stay as they are. `json` is expected to be one valid JSON value.
pub fn compact(json: &[u8], out: &mut Vec<u8>) {
    let mut in_string = false;
    let mut escaped = false;
    for &byte in json {
        if in_string {
            out.push(byte);
            if escaped {
                escaped = false;
            } else if byte == b'\\' {
                escaped = true;
            } else if byte == b'"' {
                in_string = false;
            }
        } else if !matches!(byte, b' ' | b'\n' | b'\r' | b'\t') {
            in_string = byte == b'"';
            out.push(byte);
        }
    }
}

/// Appends `json` to `out` as one line, with its line feed. A raw control character inside a string, which is not valid
/// JSON but occurs, becomes an escape: a line feed would end the line.
pub fn one_line(json: &[u8], out: &mut Vec<u8>) {
    let start = out.len();
    compact(json, out);
    if out[start..].iter().any(|byte| *byte < b' ') {
        let raw = out.split_off(start);
        for byte in raw {
            if byte < b' ' {
                out.extend_from_slice(format!("\\u{byte:04x}").as_bytes());
            } else {
                out.push(byte);
            }
        }
    }
    out.push(b'\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_one_line() {
        let mut out = b"x\n".to_vec();
        one_line(b"{\n\t\"a\": \"b\nc\td\"\r\n}", &mut out);
        assert_eq!(out, b"x\n{\"a\":\"b\\u000ac\\u0009d\"}\n");
    }

    #[test]
    fn white_space_goes_outside_strings_only() {
        let mut out = Vec::new();
        compact(b"{ \"a b\" : [ 1 ,\n 2.50, \"x \\\" y\\\\\" ] }", &mut out);
        assert_eq!(out, br#"{"a b":[1,2.50,"x \" y\\"]}"#);
    }
}
