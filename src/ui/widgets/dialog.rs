//! A modal dialog: the browser's own `<dialog>`, with focus trap, Esc and backdrop for free.

use super::Icon;
use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;

/// Shows its children in a modal dialog for as long as it exists; `close` is called on Esc, on the close
/// button and on a click beside the dialog.
#[component]
pub fn Modal(
    /// Heading, which also names the dialog for screen readers.
    #[prop(into)]
    title: String,
    /// Extra class for the style sheet.
    #[prop(optional)]
    class: &'static str,
    /// Whether to leave the heading bar out (the palette has its own field on top).
    #[prop(optional)]
    bare: bool,
    /// What closing does.
    close: impl Fn() + Copy + Send + Sync + 'static,
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        if let Some(dialog) = node.get()
            && !dialog.open()
        {
            let _ = dialog.show_modal();
            // Not the close button, which the browser would choose: the field, or the dialog itself.
            let field = dialog.query_selector("input[type=text], input:not([type])").ok().flatten();
            let field = field.and_then(|field| field.dyn_into::<web_sys::HtmlElement>().ok());
            let _ = field.map_or_else(|| dialog.focus(), |field| field.focus());
        }
    });
    let on_click = move |event: web_sys::MouseEvent| {
        let beside = node.get_untracked().is_some_and(|dialog| {
            event.target().is_some_and(|target| target == *dialog.unchecked_ref::<web_sys::EventTarget>())
        });
        if beside {
            close();
        }
    };
    let head = (!bare).then(|| {
        view! {
            <div class="dialog-head">
                <h2>{title.clone()}</h2>
                <button class="icon-button" aria-label="Close" on:click=move |_| close()><Icon name="close"/></button>
            </div>
        }
    });
    view! {
        <dialog node_ref=node class=class aria-label=title.clone() tabindex="-1" on:click=on_click on:close=move |_| close()>
            {head}
            {children()}
        </dialog>
    }
}
