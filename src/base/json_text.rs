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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_goes_outside_strings_only() {
        let mut out = Vec::new();
        compact(b"{ \"a b\" : [ 1 ,\n 2.50, \"x \\\" y\\\\\" ] }", &mut out);
        assert_eq!(out, br#"{"a b":[1,2.50,"x \" y\\"]}"#);
    }
}
