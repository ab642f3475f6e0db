//! The whole window is a drop target.

use super::handles;
use crate::model::selection::Selection;
use crate::ui::shell::use_shell;
use crate::ui::state::use_app;
use crate::ui::widgets::Icon;
use leptos::prelude::*;

/// Takes drops anywhere on the window; shows where to let go while files hover over it.
#[component]
pub fn DropTarget() -> impl IntoView {
    let app = use_app();
    let shell = use_shell();
    // Enter and leave fire for every element on the way: count them.
    let depth = RwSignal::new(0i32);
    let has_files = |event: &web_sys::DragEvent| {
        event.data_transfer().is_some_and(|transfer| transfer.types().includes(&"Files".into(), 0))
    };
    let listeners = [
        window_event_listener(leptos::ev::dragenter, move |event| {
            if has_files(&event) {
                event.prevent_default();
                depth.update(|depth| *depth += 1);
            }
        }),
        window_event_listener(leptos::ev::dragover, move |event| {
            if has_files(&event) {
                event.prevent_default();
            }
        }),
        window_event_listener(leptos::ev::dragleave, move |event| {
            if has_files(&event) {
                depth.update(|depth| *depth = (*depth - 1).max(0));
            }
        }),
        window_event_listener(leptos::ev::drop, move |event| {
            event.prevent_default();
            depth.set(0);
            if let Some(transfer) = event.data_transfer() {
                let dropped = handles::take(&transfer);
                leptos::task::spawn_local(handles::walk(app, shell, dropped));
            }
        }),
    ];
    on_cleanup(move || listeners.into_iter().for_each(|listener| listener.remove()));
    let hovering = move || depth.get() > 0;
    let hint = move || {
        if !app.selection.with(Selection::is_everything) {
            "Let go to load what is chosen to be read"
        } else if app.session.is_open() {
            "Let go to add to what is loaded"
        } else {
            "Let go to load"
        }
    };
    view! {
        <Show when=hovering>
            <div class="drop-overlay" aria-hidden="true">
                <div class="drop-card">
                    <Icon name="upload"/>
                    <p>{hint}</p>
                </div>
            </div>
        </Show>
    }
}
