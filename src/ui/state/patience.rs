//! When to show that answers are on their way: not before they have been for a while. Most come within a few frames, and
//! panes that dim and light up again with each letter would be drawn twice for nothing.

use super::client::Engine;
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use std::time::Duration;

/// How long answers may take before what they will replace is dimmed.
const PATIENCE: Duration = Duration::from_millis(150);

/// Whether questions have been open for longer than that.
pub fn use_patience(engine: Engine) -> ReadSignal<bool> {
    let waits = Memo::new(move |_| engine.waits());
    let (late, set_late) = signal(false);
    let pending = StoredValue::new(None::<TimeoutHandle>);
    let give_up = move || {
        if let Some(Some(timeout)) = pending.try_update_value(Option::take) {
            timeout.clear();
        }
    };
    Effect::new(move |_| {
        give_up();
        if waits.get() {
            pending.set_value(set_timeout_with_handle(move || set_late.set(true), PATIENCE).ok());
        } else if late.get_untracked() {
            set_late.set(false);
        }
    });
    on_cleanup(give_up);
    late
}
