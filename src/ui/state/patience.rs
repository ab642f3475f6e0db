//! When to show that answers are on their way: not before they have been for a while. Most come within a few frames, and
//! panes that dim and light up again with each letter would be drawn twice for nothing.

use super::client::Engine;
use super::later::use_later;
use leptos::prelude::*;
use std::time::Duration;

/// How long answers may take before what they will replace is dimmed.
const PATIENCE: Duration = Duration::from_millis(150);

/// Whether questions have been open for longer than that.
pub fn use_patience(engine: Engine) -> ReadSignal<bool> {
    let waits = Memo::new(move |_| engine.waits());
    let (late, set_late) = signal(false);
    let later = use_later();
    Effect::new(move |_| {
        later.give_up();
        if waits.get() {
            later.call(PATIENCE, move || set_late.set(true));
        } else if late.get_untracked() {
            set_late.set(false);
        }
    });
    late
}
