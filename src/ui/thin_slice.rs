//! One drop, real workers, one number: holds boot, policy and workers until the panes stand.

use crate::worker::web::driver::Driver;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// Mounts the page into the body.
pub fn start() {
    leptos::mount::mount_to_body(App);
}

#[component]
fn App() -> impl IntoView {
    let report = RwSignal::new(String::from("Drop a trail"));
    let driver = Driver::start(2, 1, move |load| report.set(format!("{:?}: {} events", load.phase, load.records)));
    let drop = move |event: web_sys::DragEvent| {
        event.prevent_default();
        let files = event.data_transfer().and_then(|transfer| transfer.files());
        let files = files.into_iter().flat_map(|files| (0..files.length()).filter_map(move |i| files.get(i)));
        let files = files.map(|file| (file.name(), file.unchecked_into())).collect();
        match &driver {
            Ok(driver) => driver.add_files(files),
            Err(reason) => report.set(reason.clone()),
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
