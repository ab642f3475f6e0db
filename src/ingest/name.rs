//! Names of archive entries: hostile bytes made safe to show.

/// Separates a container from what is in it.
const INSIDE: &str = " › ";
/// Characters of an entry name that are shown.
const SHOWN: usize = 1_024;

/// The path of `inner` inside the container `outer`.
pub(super) fn inside(outer: &str, inner: &[u8]) -> String {
    let mut path = String::with_capacity(outer.len() + INSIDE.len() + inner.len());
    path.push_str(outer);
    path.push_str(INSIDE);
    let text = String::from_utf8_lossy(inner);
    for character in text.chars().take(SHOWN) {
        if is_deceptive(character) {
            path.extend(character.escape_unicode());
        } else {
            path.push(character);
        }
    }
    if text.chars().nth(SHOWN).is_some() {
        path.push('…');
    }
    path
}

/// Control characters, and formatting characters that reorder or hide their neighbours.
fn is_deceptive(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Entries that operating systems add to archives and nobody means to load.
pub(super) fn is_clutter(name: &[u8]) -> bool {
    let last = name.rsplit(|&byte| byte == b'/' || byte == b'\\').next().unwrap_or(name);
    name.starts_with(b"__MACOSX/")
        || last == b".DS_Store"
        || last.starts_with(b"._")
        || last == b"Thumbs.db"
        || last == b"desktop.ini"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_names_are_shown_not_obeyed() {
        assert_eq!(inside("a.zip", b"x/y.json.gz"), "a.zip › x/y.json.gz");
        assert_eq!(inside("a.zip", "e\u{202e}nosj.\n\u{1b}[31m".as_bytes()), r"a.zip › e\u{202e}nosj.\u{a}\u{1b}[31m");
        assert_eq!(inside("a", b"\xff"), "a › \u{fffd}");
        assert_eq!(inside("a", &[b'x'; 5_000]).chars().count(), 4 + SHOWN + 1);
    }

    #[test]
    fn clutter_is_known() {
        assert!(is_clutter(b"__MACOSX/a/._b.json") && is_clutter(b"a/.DS_Store") && is_clutter(b"._x"));
        assert!(!is_clutter(b"a/b.json.gz") && !is_clutter(b".hidden.json"));
    }
}
