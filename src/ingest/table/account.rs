//! Numbers of accounts, which a spreadsheet takes for quantities: it drops the zeros they begin with, and rounds them.

/// Digits of an account's number.
const DIGITS: usize = 12;

/// What a text says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// What stands there: twelve digits, or something that is no number.
    Text,
    /// The number, restored.
    Repaired(String),
    /// A number of which digits are lost.
    Lost,
}

/// Reads a cell.
pub(super) fn read(text: &str) -> Reading {
    let whole = text.strip_suffix(".0").unwrap_or(text);
    if is_digits(whole) {
        return match whole.len() {
            DIGITS if whole == text => Reading::Text,
            1..=DIGITS => Reading::Repaired(format!("{whole:0>DIGITS$}")),
            _ => Reading::Text,
        };
    }
    let Some((mantissa, power)) = text.split_once("E+").or_else(|| text.split_once("e+")) else { return Reading::Text };
    let digits = match mantissa.split_once(['.', ',']) {
        Some((first, rest)) if first.len() == 1 => format!("{first}{rest}"),
        _ => mantissa.to_owned(),
    };
    if !is_digits(&digits) || !is_digits(power) {
        Reading::Text
    } else if digits.len() == DIGITS && power == "11" {
        Reading::Repaired(digits)
    } else {
        Reading::Lost
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twelve_digits_or_none() {
        for text in ["123837392027", "1234567890123", "HIDDEN", "anonymous", "1E", "E+11", "x.yE+11", "1.5", "-1", "é"]
        {
            assert_eq!(read(text), Reading::Text, "{text}");
        }
        for (text, number) in [
            ("123837392027.0", "123837392027"),
            ("12345678901", "012345678901"),
            ("7", "000000000007"),
            ("1.23837392027E+11", "123837392027"),
            ("1,23837392027e+11", "123837392027"),
        ] {
            assert_eq!(read(text), Reading::Repaired(number.into()), "{text}");
        }
        for text in ["5.28758E+11", "5,28758E+11", "5E+11", "1.2383739202E+11", "1.23837392027E+10"] {
            assert_eq!(read(text), Reading::Lost, "{text}");
        }
    }
}
