//! Something that happens after a while, unless it is given up before.

use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use std::time::Duration;

/// At most one call that is still to come; given up when the component goes.
#[derive(Clone, Copy)]
pub struct Later {
    pending: StoredValue<Option<TimeoutHandle>>,
}

/// For calls of this component, none of which is to come yet.
pub fn use_later() -> Later {
    let later = Later { pending: StoredValue::new(None) };
    on_cleanup(move || later.give_up());
    later
}

impl Later {
    /// Calls `then` after the `pause`.
    pub fn call(self, pause: Duration, then: impl FnOnce() + 'static) {
        self.give_up();
        self.pending.set_value(set_timeout_with_handle(then, pause).ok());
    }

    /// What was to come does not.
    pub fn give_up(self) {
        if let Some(Some(timeout)) = self.pending.try_update_value(Option::take) {
            timeout.clear();
        }
    }
}
