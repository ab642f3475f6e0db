//! Keys as text, and when a key press means one.

use std::fmt;

/// A key with modifiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chord {
    /// Ctrl, or ⌘ on a Mac.
    pub control: bool,
    /// The key as `KeyboardEvent.key` gives it; letters in lower case.
    pub key: &'static str,
}

/// A key press as the browser reports it.
#[derive(Clone, Copy, Debug)]
pub struct Press<'a> {
    /// `KeyboardEvent.key`
    pub key: &'a str,
    /// Ctrl or ⌘ is held.
    pub control: bool,
    /// Alt is held.
    pub alt: bool,
    /// Whether the focus is where text is typed.
    pub typing: bool,
}

impl Chord {
    /// A key alone.
    pub const fn plain(key: &'static str) -> Self {
        Self { control: false, key }
    }

    /// A key with Ctrl or ⌘.
    pub const fn control(key: &'static str) -> Self {
        Self { control: true, key }
    }

    /// Whether this press is meant. Keys without Ctrl count only outside text fields and while the user has
    /// not switched single-key shortcuts off (WCAG 2.1.4). A text field undoes for itself, and with
    /// Shift it is the opposite.
    pub fn matches(self, press: Press<'_>, single_keys: bool) -> bool {
        let same_key = press.key == self.key || (press.key.len() == 1 && press.key.eq_ignore_ascii_case(self.key));
        let is_undo = self == Self::control("z");
        let is_meant = !is_undo || !press.typing && press.key == self.key;
        let allowed = if self.control { is_meant } else { single_keys && !press.typing };
        same_key && allowed && self.control == press.control && !press.alt
    }
}

impl fmt::Display for Chord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.control {
            f.write_str("Ctrl ")?;
        }
        match self.key {
            "Escape" => f.write_str("Esc"),
            "ArrowUp" => f.write_str("↑"),
            "ArrowDown" => f.write_str("↓"),
            key if key.starts_with(|c: char| c.is_ascii_uppercase()) && key.len() == 1 => write!(f, "Shift {key}"),
            key if key.len() == 1 => f.write_str(&key.to_ascii_uppercase()),
            key => f.write_str(key),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(key: &str) -> Press<'_> {
        Press { key, control: false, alt: false, typing: false }
    }

    #[test]
    fn undo_in_a_text_field_is_its_own() {
        let is_undo = |key, typing| Chord::control("z").matches(Press { control: true, typing, ..press(key) }, true);
        assert!(is_undo("z", false) && !is_undo("z", true) && !is_undo("Z", false));
    }

    #[test]
    fn single_keys_stay_out_of_text_fields() {
        let slash = Chord::plain("/");
        assert!(slash.matches(press("/"), true));
        assert!(!slash.matches(Press { typing: true, ..press("/") }, true));
        assert!(!slash.matches(press("/"), false));
        assert!(!slash.matches(Press { control: true, ..press("/") }, true));
    }

    #[test]
    fn control_keys_work_everywhere() {
        let palette = Chord::control("k");
        let pressed = Press { control: true, typing: true, ..press("K") };
        assert!(palette.matches(pressed, false));
        assert!(!palette.matches(Press { alt: true, ..pressed }, true));
        let texts =
            [palette, Chord::plain("Escape"), Chord::plain("z"), Chord::plain("Z")].map(|chord| chord.to_string());
        assert_eq!(texts, ["Ctrl K", "Esc", "Z", "Shift Z"]);
    }
}
