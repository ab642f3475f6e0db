//! The view in the browser's history, so that Back is undo and a reload keeps the place.
//!
//! The whole view goes into the entry's state, which never leaves the browser; the address bar shows only
//! the part without identifiers, so that copying it gives nothing away.

use crate::view::ViewState;
use crate::view::url::{Detail, decode, encode};
use leptos::prelude::*;
use std::cell::Cell;
use wasm_bindgen::JsValue;

thread_local! {
    /// Number of the newest entry that is known to be of this page: what comes after it may be another page.
    static NEWEST: Cell<u32> = const { Cell::new(0) };
}

/// The view of the current history entry.
pub fn current() -> ViewState {
    let kept = entry().map(|(_, view)| view);
    kept.unwrap_or_else(|| decode(&window().location().hash().unwrap_or_default()).unwrap_or_default())
}

/// How many entries of this page come before the current one.
pub fn steps() -> u32 {
    entry().map_or(0, |(steps, _)| steps)
}

/// The current entry, if this page made it.
fn entry() -> Option<(u32, ViewState)> {
    let state = window().history().ok()?.state().ok()?.as_string()?;
    serde_json::from_str(&state).ok()
}

/// Goes back to the entry before, which stays within the page. False: there is none.
pub fn step_back() -> bool {
    steps() > 0 && window().history().is_ok_and(|history| history.back().is_ok())
}

/// Goes to the entry after this one, which the page has made since it was opened. False: there is none.
pub fn step_forward() -> bool {
    steps() < NEWEST.get() && window().history().is_ok_and(|history| history.forward().is_ok())
}

/// Why the address bar's link cannot be shown, in words.
pub fn link_error() -> Option<String> {
    decode(&window().location().hash().unwrap_or_default()).err()
}

/// Puts the view into the history: as a new entry, or in place of the current one.
pub fn record(view: &ViewState, as_step: bool) {
    let Ok(history) = window().history() else { return };
    let Ok(state) = serde_json::to_string(&(steps() + u32::from(as_step), view)) else { return };
    let state = JsValue::from_str(&state);
    let url = format!("#{}", encode(view, Detail::WithoutIdentifiers));
    // A browser may refuse when calls come too fast; the next action records the view then.
    if as_step {
        let _ = history.push_state_with_url(&state, "", Some(&url));
        NEWEST.set(steps());
    } else {
        let _ = history.replace_state_with_url(&state, "", Some(&url));
    }
}

/// Calls `show` with the view of the entry the user went back or forward to.
pub fn on_navigate(show: impl Fn(ViewState) + 'static) {
    let moved = window_event_listener(leptos::ev::popstate, move |_| show(current()));
    // Whoever leaves the page, and comes back to it as it was, has dropped the entries after the current one.
    let left = window_event_listener(leptos::ev::pagehide, |_| NEWEST.set(0));
    on_cleanup(move || {
        moved.remove();
        left.remove();
    });
}
