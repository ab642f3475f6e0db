//! The promise that nothing leaves the page, how to check it, and a count of requests that should stay 0.

use super::widgets::{Icon, Popover};
use crate::view::format;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::PerformanceEntry;

/// The promise.
pub const PROMISE: &str = "Nothing leaves this page. Your files are read in this browser and nowhere else.";

/// Ways to check the promise.
#[component]
pub fn HowToCheck() -> impl IntoView {
    view! {
        <ul class="checks">
            <li>"Open the developer tools, tab Network, and load your files: no request appears, but for blob: addresses, from which the page starts its own workers."</li>
            <li>"Disconnect from the network after this page has opened. Everything still works."</li>
            <li>
                "The page’s content security policy shuts the network once the page has started, for its workers too. Type "
                <code>"fetch('https://example.com')"</code>" into the console and see it refused."
            </li>
            <li>"Events are stored nowhere. The browser keeps your preferences, and the history of this tab the view: search, time range, the open event’s eventID, filters, alarms and rules."</li>
        </ul>
    }
}

/// The promise in the status bar, with the number of requests since the page started.
#[component]
pub fn PrivacyStatus() -> impl IntoView {
    let started = window().performance().map_or(0.0, |performance| performance.now());
    let count = move || format::plural(requests_since(started), "request", "requests");
    view! {
        <Popover
            label="Nothing leaves this page"
            class="menu privacy-panel"
            button_class="status-item private"
            button=view! { <Icon name="shield" small=true/>"Nothing leaves this page" }
        >
            <p>{PROMISE}</p>
            <p><b class="number">{count}</b>" since the page started"</p>
            <HowToCheck/>
        </Popover>
    }
}

/// Requests the browser has recorded since `start`, in milliseconds; workers start from memory, not from the network.
fn requests_since(start: f64) -> u64 {
    let Some(performance) = window().performance() else { return 0 };
    let entries = performance.get_entries_by_type("resource");
    let entries = entries.iter().filter_map(|entry| entry.dyn_into::<PerformanceEntry>().ok());
    entries.filter(|entry| entry.start_time() > start && !entry.name().starts_with("blob:")).count() as u64
}
