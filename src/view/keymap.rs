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
    /// Shift is held.
    pub shift: bool,
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
    /// not switched single-key shortcuts off (WCAG 2.1.4). A text field undoes and redoes for itself, and Shift
    /// makes the one the other.
    pub fn matches(self, press: Press<'_>, single_keys: bool) -> bool {
        let same_key = press.key == self.key || (press.key.len() == 1 && press.key.eq_ignore_ascii_case(self.key));
        let is_step = matches!(self.key, "z" | "Z" | "y");
        let is_meant = !is_step || !press.typing && press.shift == (self.key == "Z");
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
        Press { key, control: false, shift: false, alt: false, typing: false }
    }

    #[test]
    fn undo_and_redo_in_a_text_field_are_its_own() {
        for (chord, with_shift) in [(Chord::control("z"), false), (Chord::control("Z"), true)] {
            for (shift, typing) in [(false, false), (false, true), (true, false), (true, true)] {
                // With Caps Lock, Shift makes a letter small.
                for key in ["z", "Z"] {
                    let press = Press { control: true, shift, typing, ..press(key) };
                    assert_eq!(chord.matches(press, true), shift == with_shift && !typing, "{chord} {press:?}");
                }
            }
        }
        let texts = [Chord::control("z"), Chord::control("Z"), Chord::control("y")].map(|chord| chord.to_string());
        assert_eq!(texts, ["Ctrl Z", "Ctrl Shift Z", "Ctrl Y"]);
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
