//! Where the focus goes when what had it goes away: into the panel, from where Tab and arrows go on, instead of to the
//! top of the page. The table looks after its own cells (`table::focus`).

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, FocusOptions, HtmlElement, ScrollIntoViewOptions, ScrollLogicalPosition};

/// Follows the focus of the page from now on.
pub fn keep() {
    let listener = window_event_listener(leptos::ev::focusout, |event| {
        let left = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let Some(left) = left.filter(|_| event.related_target().is_none()) else { return };
        let table = left.closest("[role=grid]").ok().flatten();
        // Whoever takes it away may have a better place for the focus, and gives it one by then.
        request_animation_frame(move || {
            let is_row = table.is_some_and(|table| table.is_connected());
            if !left.is_connected() && !is_row && is_nowhere() {
                to_panel();
            }
        });
    });
    on_cleanup(move || listener.remove());
}

/// Gives the focus to the panel that is shown.
pub fn to_panel() {
    if let Some(panel) = document().get_element_by_id("main") {
        give(&panel);
    }
}

/// Gives the focus to the first element of a CSS selector, where there is one.
pub fn to_first(selector: &str) {
    if let Ok(Some(element)) = document().query_selector(selector) {
        give(&element);
    }
}

/// Gives the focus to an element without scrolling there. Where a narrow screen does not show it, it takes none.
pub fn give(element: &Element) {
    let options = FocusOptions::new();
    options.set_prevent_scroll(true);
    let _ = element.dyn_ref::<HtmlElement>().map(|element| element.focus_with_options(&options));
}

/// Scrolls as little as is needed to have an element in sight.
pub fn reveal(element: &Element) {
    let options = ScrollIntoViewOptions::new();
    options.set_block(ScrollLogicalPosition::Nearest);
    options.set_inline(ScrollLogicalPosition::Nearest);
    element.scroll_into_view_with_scroll_into_view_options(&options);
}

/// Whether no element has the focus.
pub fn is_nowhere() -> bool {
    document().active_element().is_none_or(|element| element.tag_name() == "BODY")
}
