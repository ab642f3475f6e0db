//! A button with a panel under it: the browser's own popover, placed next to its button.

use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;

/// Distance kept from the edges of the window in CSS pixels.
const MARGIN: f64 = 8.0;

/// A button that opens a popover. Esc and a click elsewhere close it.
#[component]
pub fn Popover(
    /// Name of the button for screen readers and as a tooltip.
    #[prop(into)]
    label: Signal<String>,
    /// Class of the button.
    #[prop(default = "icon-button")]
    button_class: &'static str,
    /// Class of the panel.
    #[prop(default = "menu")]
    class: &'static str,
    /// What the button shows.
    button: impl IntoView + 'static,
    /// What the panel shows; made when it opens.
    children: ChildrenFn,
) -> impl IntoView {
    let panel = NodeRef::<html::Div>::new();
    let anchor = NodeRef::<html::Button>::new();
    let open = RwSignal::new(false);
    let toggle = move |_| {
        let (Some(panel), Some(anchor)) = (panel.get_untracked(), anchor.get_untracked()) else { return };
        if open.get_untracked() {
            let _ = panel.hide_popover();
            return;
        }
        open.set(true);
        let _ = panel.show_popover();
        request_animation_frame(move || place(&panel, &anchor.get_bounding_client_rect()));
    };
    let on_toggle = move |_| {
        // The element may outlive the component by an event.
        if let Some(panel) = panel.try_get_untracked().flatten() {
            open.set(panel.matches(":popover-open").unwrap_or(false));
        }
    };
    view! {
        <button
            node_ref=anchor
            class=button_class
            aria-label=move || label.get()
            title=move || label.get()
            aria-haspopup="dialog"
            aria-expanded=move || open.get().to_string()
            on:click=toggle
        >
            {button}
        </button>
        <div node_ref=panel popover="auto" class=class role="dialog" aria-label=move || label.get() on:toggle=on_toggle>
            {move || open.get().then(|| children())}
        </div>
    }
}

/// Whether a popover is open, which the browser closes on Esc.
pub fn is_any_open() -> bool {
    document().query_selector("[popover=auto]:popover-open").is_ok_and(|open| open.is_some())
}

/// Closes the popover around the element that was clicked.
pub fn close_around(event: &web_sys::MouseEvent) {
    let item = event.current_target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let menu = item.and_then(|item| item.closest("[popover]").ok().flatten());
    if let Some(menu) = menu.and_then(|menu| menu.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = menu.hide_popover();
    }
}

/// Puts an open popover under a rectangle, or above it where there is more room, inside the window.
pub fn place(panel: &web_sys::HtmlElement, anchor: &web_sys::DomRect) {
    let (width, height) = (f64::from(panel.offset_width()), f64::from(panel.offset_height()));
    let window = window();
    let size = |value: Result<wasm_bindgen::JsValue, _>| value.ok().and_then(|value| value.as_f64()).unwrap_or(0.0);
    let (window_width, window_height) = (size(window.inner_width()), size(window.inner_height()));
    let below = anchor.bottom() + 4.0;
    let top = if below + height + MARGIN <= window_height { below } else { (anchor.top() - 4.0 - height).max(MARGIN) };
    let left = anchor.left().min(window_width - width - MARGIN).max(MARGIN);
    let style = panel.style();
    let _ = style.set_property("position", "fixed");
    let _ = style.set_property("inset", "auto");
    let _ = style.set_property("top", &format!("{top}px"));
    let _ = style.set_property("left", &format!("{left}px"));
}
