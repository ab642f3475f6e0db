//! One drop, one worker, one number: holds boot, policy and workers until the panes stand.

use crate::worker::web::{port::Message, spawn::WorkerHandle};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// Mounts the page into the body.
pub fn start() {
    leptos::mount::mount_to_body(App);
}

#[component]
fn App() -> impl IntoView {
    let report = RwSignal::new(String::from("Drop a trail"));
    let worker = WorkerHandle::spawn(
        move |message| report.set(format!("{} bytes read", String::from_utf8_lossy(&message.bytes))),
        move |reason| report.set(reason),
    );
    let drop = move |event: web_sys::DragEvent| {
        event.prevent_default();
        let files = event.data_transfer().and_then(|transfer| transfer.files());
        let blobs = files.into_iter().flat_map(|files| (0..files.length()).filter_map(move |i| files.get(i)));
        let blobs = blobs.map(|file| file.unchecked_into()).collect();
        if let Ok(worker) = &worker
            && let Err(reason) = worker.post(Message { bytes: Vec::new(), blobs })
        {
            report.set(reason);
        }
    };
    let _ = window_event_listener(leptos::ev::dragover, |event| event.prevent_default());
    let _ = window_event_listener(leptos::ev::drop, drop);
    view! {
        <main>
            <h1>"Trailscope"</h1>
            <p id="report">{report}</p>
        </main>
    }
}
