//! The edge of a pane that can be dragged, or moved with the arrow keys.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// Narrowest and widest pane in CSS pixels.
pub const PANE_WIDTH: std::ops::RangeInclusive<u32> = 180..=1_200;

/// A separator that changes the width of the pane it stands in.
#[component]
pub fn Resizer(
    /// What it resizes, for screen readers.
    label: &'static str,
    /// Current width.
    #[prop(into)]
    width: Signal<u32>,
    /// Takes the new width.
    set_width: impl Fn(u32) + Copy + Send + Sync + 'static,
    /// Whether the pane is at the end, so that moving left widens it.
    #[prop(optional)]
    at_end: bool,
) -> impl IntoView {
    let start = StoredValue::new(None::<(i32, u32)>);
    let clamp = |width: i64| width.clamp(i64::from(*PANE_WIDTH.start()), i64::from(*PANE_WIDTH.end())) as u32;
    let sign = if at_end { -1 } else { 1 };
    let down = move |event: web_sys::PointerEvent| {
        event.prevent_default();
        if let Some(target) = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok()) {
            let _ = target.set_pointer_capture(event.pointer_id());
        }
        start.set_value(Some((event.client_x(), width.get_untracked())));
    };
    let moved = move |event: web_sys::PointerEvent| {
        if let Some((x, width)) = start.get_value() {
            set_width(clamp(i64::from(width) + sign * i64::from(event.client_x() - x)));
        }
    };
    let key = move |event: web_sys::KeyboardEvent| {
        let step = match event.key().as_str() {
            "ArrowLeft" => -16,
            "ArrowRight" => 16,
            _ => return,
        };
        event.prevent_default();
        set_width(clamp(i64::from(width.get_untracked()) + sign * step));
    };
    view! {
        <div
            class="resizer"
            role="separator"
            tabindex="0"
            aria-orientation="vertical"
            aria-label=label
            aria-valuenow=move || width.get()
            aria-valuemin=*PANE_WIDTH.start()
            aria-valuemax=*PANE_WIDTH.end()
            on:pointerdown=down
            on:pointermove=moved
            on:pointerup=move |_| start.set_value(None)
            on:pointercancel=move |_| start.set_value(None)
            on:keydown=key
        ></div>
    }
}
