//! A menu at a place: the browser's own popover with arrow keys.

use super::popover::place;
use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{DomRect, HtmlElement};

/// Shows its children (elements of class `menu-item`) as a menu for as long as it exists.
#[component]
pub fn ContextMenu(
    /// Where, in CSS pixels from the top left of the window.
    at: (f64, f64),
    /// Name for screen readers.
    #[prop(into)]
    label: String,
    /// Called when the menu closes by Esc, Tab or a click elsewhere.
    close: impl Fn() + Copy + Send + Sync + 'static,
    /// Called with each key that is not the menu's own; returns whether it was taken.
    #[prop(optional, into)]
    key: Option<Callback<String, bool>>,
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<html::Div>::new();
    let before =
        StoredValue::new_local(document().active_element().and_then(|element| element.dyn_into::<HtmlElement>().ok()));
    Effect::new(move |_| {
        let Some(menu) = node.get() else { return };
        let _ = menu.show_popover();
        if let Ok(anchor) = DomRect::new_with_x_and_y_and_width_and_height(at.0, at.1 - 4.0, 0.0, 4.0) {
            place(&menu, &anchor);
        }
        focus(&menu, 0);
    });
    on_cleanup(move || {
        if let Some(element) = before.try_with_value(Clone::clone).flatten().filter(|element| element.is_connected()) {
            let _ = element.focus();
        }
    });
    let on_toggle = move |_| {
        // The element may outlive the component by an event.
        if node.try_get_untracked().flatten().is_some_and(|menu| !menu.matches(":popover-open").unwrap_or(false)) {
            close();
        }
    };
    let on_key = move |event: web_sys::KeyboardEvent| {
        let Some(menu) = node.get_untracked() else { return };
        let items = items(&menu);
        let current = document().active_element();
        let current = items.iter().position(|item| current.as_ref() == Some(item.unchecked_ref()));
        let count = items.len().max(1);
        match event.key().as_str() {
            "ArrowDown" => focus(&menu, current.map_or(0, |at| (at + 1) % count)),
            "ArrowUp" => focus(&menu, current.map_or(count - 1, |at| (at + count - 1) % count)),
            "Home" => focus(&menu, 0),
            "End" => focus(&menu, count - 1),
            "Escape" | "Tab" => close(),
            other => {
                if !key.is_some_and(|key| key.run(other.to_owned())) {
                    return;
                }
            }
        }
        event.prevent_default();
        event.stop_propagation();
    };
    view! {
        <div node_ref=node popover="auto" class="menu" role="menu" aria-label=label on:toggle=on_toggle on:keydown=on_key>
            {children()}
        </div>
    }
}

fn items(menu: &HtmlElement) -> Vec<HtmlElement> {
    let Ok(list) = menu.query_selector_all(".menu-item") else { return Vec::new() };
    (0..list.length()).filter_map(|index| list.get(index)?.dyn_into().ok()).collect()
}

fn focus(menu: &HtmlElement, index: usize) {
    if let Some(item) = items(menu).get(index) {
        let _ = item.focus();
    }
}
