//! Icons from the one sprite, which stands in the document so that no icon costs a request.

use leptos::prelude::*;

const SPRITE: &str = include_str!("../../../style/icons.svg");

/// Puts the sprite into the document; once, at the start.
pub fn provide_sprite() {
    let holder = document().create_element("div");
    if let (Ok(holder), Some(body)) = (holder, document().body()) {
        // Our own file, compiled in: the only markup the page ever parses.
        holder.set_class_name("sprite");
        holder.set_inner_html(SPRITE);
        let _ = body.prepend_with_node_1(&holder);
    }
}

/// An icon of the sprite by name, for the eye only.
#[component]
pub fn Icon(
    /// Name in the sprite, without `i-`.
    #[prop(into)]
    name: Signal<&'static str>,
    /// Smaller than text height.
    #[prop(optional)]
    small: bool,
) -> impl IntoView {
    view! {
        <svg class="icon" class:small=small aria-hidden="true">
            <use href=move || format!("#i-{}", name.get())></use>
        </svg>
    }
}
