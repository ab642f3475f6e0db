//! What stands behind a chart for those who do not see it, once the chart has come to rest.

use crate::ui::state::{App, use_later};
use leptos::prelude::*;
use std::time::Duration;

/// Time without a change after which a chart has come to rest.
const REST: Duration = Duration::from_millis(500);

/// What `shown` says once that has not changed for a while; nothing while a load is in progress. A table of hundreds of rows costs
/// more than all that is seen, and one that changes all the time cannot be read aloud.
pub fn use_settled<T: Send + Sync + 'static>(app: App, shown: impl Fn() -> T + 'static) -> ReadSignal<Option<T>> {
    let (settled, set_settled) = signal(None);
    let later = use_later();
    Effect::new(move |_| {
        later.give_up();
        let shown = shown();
        if app.session.is_loading() {
            set_settled.set(None);
        } else {
            later.call(REST, move || set_settled.set(Some(shown)));
        }
    });
    settled
}
