//! The texts of `wildcard`: `*` is any run of characters, `\*` an asterisk and `\\` a backslash (Comparison operators,
//! "Wildcard"; cases `eb-wild-*`).

/// Asterisks in one text from which on the service may refuse it. Undocumented: we choose to refuse what has the shape
/// of the one that it is known to refuse (case `eb-wild-17`).
const TOO_COMPLEX: usize = 5;

/// The text between the asterisks; the value has them in this order, with anything between. The error is one sentence.
pub fn pieces(text: &str) -> Result<Vec<String>, &'static str> {
    let mut pieces = vec![String::new()];
    let mut chars = text.chars().peekable();
    let mut after_star = false;
    while let Some(c) = chars.next() {
        let is_star = c == '*';
        match (c, chars.peek()) {
            ('*', _) if after_star => return Err("two asterisks in a row are not allowed"),
            ('*', _) => pieces.push(String::new()),
            ('\\', Some(&escaped @ ('*' | '\\'))) => {
                chars.next();
                push(&mut pieces, escaped);
            }
            ('\\', _) => return Err("a backslash escapes only an asterisk or a backslash"),
            _ => push(&mut pieces, c),
        }
        after_star = is_star;
    }
    if is_too_complex(&pieces) {
        return Err("the service refuses so many asterisks between the same character");
    }
    Ok(pieces)
}

/// Number of asterisks.
pub fn stars(text: &str) -> usize {
    pieces(text).map_or(0, |pieces| pieces.len() - 1)
}

fn push(pieces: &mut [String], c: char) {
    if let Some(piece) = pieces.last_mut() {
        piece.push(c);
    }
}

/// Whether many asterisks in a row have the same single character between them.
fn is_too_complex(pieces: &[String]) -> bool {
    let inner = pieces.get(1..pieces.len().saturating_sub(1)).unwrap_or_default();
    let is_single = |piece: &String| piece.chars().count() == 1;
    inner.windows(TOO_COMPLEX - 1).any(|run| is_single(&run[0]) && run.iter().all(|piece| *piece == run[0]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn asterisks_cut_and_escapes_stay() {
        assert_eq!(pieces(r"a\*b*c\\"), Ok(vec!["a*b".into(), "c\\".into()]));
        assert_eq!(pieces("*"), Ok(vec![String::new(); 2]));
        assert!(pieces("a**").is_err() && pieces(r"\x").is_err() && pieces("\\").is_err());
        assert!(pieces("*:*:*:*:*:event-bus/*").is_err() && pieces("*:*:*:*").is_ok());
    }
}
