//! A text field with syntax colours, problems in place and a completion list.
//!
//! A transparent `<textarea>` lies over a `<pre>` with the same text in colours; the browser does all the
//! editing. Used by the search bar and by the metric filter editor.

use crate::view::code::{Choice, Problem, Token, byte_position, class, segments, utf16_position};
use leptos::{html, prelude::*};

/// The field. It edits `text`; what is right, wrong and possible comes from the owner.
#[component]
pub fn Editor(
    /// Id of the field; the list and the message derive theirs from it.
    #[prop(into)]
    id: String,
    /// Name for screen readers.
    #[prop(into)]
    label: String,
    /// Shown while it is empty.
    #[prop(default = "")]
    placeholder: &'static str,
    /// The text.
    text: RwSignal<String>,
    /// Byte position of the cursor.
    cursor: RwSignal<usize>,
    /// Colours.
    #[prop(into)]
    tokens: Signal<Vec<Token>>,
    /// Problems; the first one is shown in words.
    #[prop(into)]
    problems: Signal<Vec<Problem>>,
    /// What can be put in at the cursor.
    #[prop(into)]
    completions: Signal<Vec<Choice>>,
    /// Enter.
    #[prop(into)]
    commit: Callback<()>,
    /// Esc with no list open.
    #[prop(into)]
    cancel: Callback<()>,
    /// Whether the text may have several lines.
    #[prop(optional)]
    multiline: bool,
    /// Gives the owner the field, to focus it.
    #[prop(optional)]
    node: NodeRef<html::Textarea>,
) -> impl IntoView {
    let focused = RwSignal::new(false);
    let closed = RwSignal::new(true);
    let chosen = RwSignal::new(None::<usize>);
    let open = Memo::new(move |_| focused.get() && !closed.get() && completions.with(|list| !list.is_empty()));
    let list_id = format!("{id}-list");
    let message_id = format!("{id}-message");

    // Blurs may come when the component is gone.
    let area = move || node.try_get_untracked().flatten();
    let follow = move || {
        if let Some(area) = area() {
            let at = area.selection_start().ok().flatten().unwrap_or(0) as usize;
            cursor.set(text.with_untracked(|text| byte_position(text, at)));
        }
    };
    let input = move |event: web_sys::Event| {
        let typed = event_target_value(&event);
        text.set(if multiline { typed } else { typed.replace('\n', " ") });
        closed.set(false);
        chosen.set(None);
        follow();
    };
    let put_in = move |index: usize| {
        let Some(item) = completions.with_untracked(|list| list.get(index).cloned()) else { return };
        let at = item.span.start + item.text.len();
        text.update(|text| {
            if text.get(item.span.clone()).is_some() {
                text.replace_range(item.span, &item.text);
            }
        });
        chosen.set(None);
        cursor.set(at);
        // At once, not when the signal has reached the field: somebody may type on before that.
        if let Some(area) = area() {
            text.with_untracked(|text| {
                let at = utf16_position(text, at) as u32;
                area.set_value(text);
                let _ = area.focus();
                let _ = area.set_selection_range(at, at);
            });
        }
    };
    let step = move |by: isize| {
        let count = completions.with_untracked(Vec::len) as isize;
        let next = chosen
            .get_untracked()
            .map_or(if by > 0 { 0 } else { count - 1 }, |at| (at as isize + by).rem_euclid(count.max(1)));
        chosen.set(Some(next as usize));
    };
    let key = move |event: web_sys::KeyboardEvent| {
        if event.is_composing() {
            return;
        }
        match event.key().as_str() {
            "ArrowDown" if open.get_untracked() => step(1),
            "ArrowUp" if open.get_untracked() => step(-1),
            "ArrowDown" if !completions.with_untracked(Vec::is_empty) => closed.set(false),
            "Tab" if open.get_untracked() && !event.shift_key() => put_in(chosen.get_untracked().unwrap_or(0)),
            "Enter" => match chosen.get_untracked().filter(|_| open.get_untracked()) {
                Some(index) => put_in(index),
                None if multiline => return,
                None => {
                    closed.set(true);
                    commit.run(());
                }
            },
            "Escape" if open.get_untracked() => closed.set(true),
            "Escape" => cancel.run(()),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    };
    // The newest text also reaches the field when somebody else changes it.
    let ink = move || {
        text.with(|text| {
            let cut = tokens.with(|tokens| problems.with(|problems| segments(text, tokens, problems)));
            cut.into_iter()
                .map(|segment| {
                    let problem = segment.problem;
                    view! {
                        <span
                            class=class(segment.kind)
                            class:bad=problem == Some(true)
                            class:doubtful=problem == Some(false)
                        >{segment.text}</span>
                    }
                })
                .collect_view()
        })
    };
    let first = move || problems.with(|list| list.iter().find(|item| item.is_error).or(list.first()).cloned());
    let has_error = move || problems.with(|list| list.iter().any(|item| item.is_error));
    let stem = StoredValue::new(id.clone());
    let option_id = move |index: usize| stem.with_value(|id| format!("{id}-option-{index}"));
    view! {
        <div class="editor" class:has-error=has_error>
            <div class="editor-field">
                <pre class="editor-ink" aria-hidden="true">{ink}" "</pre>
                <textarea
                    node_ref=node
                    id=id
                    rows="1"
                    spellcheck="false"
                    autocomplete="off"
                    autocapitalize="off"
                    role="combobox"
                    aria-label=label
                    aria-autocomplete="list"
                    aria-expanded=move || open.get().to_string()
                    aria-controls=list_id.clone()
                    aria-activedescendant=move || chosen.get().filter(|_| open.get()).map(option_id)
                    aria-invalid=move || has_error().to_string()
                    aria-describedby=message_id.clone()
                    placeholder=placeholder
                    prop:value=move || text.get()
                    on:input=input
                    on:keydown=key
                    on:keyup=move |_| follow()
                    on:click=move |_| { closed.set(false); follow(); }
                    on:focus=move |_| focused.set(true)
                    on:blur=move |_| { focused.try_set(false); closed.try_set(true); }
                ></textarea>
            </div>
            <ul id=list_id class="editor-list" role="listbox" aria-label="Suggestions" hidden=move || !open.get()>
                {move || completions.with(|list| list.iter().enumerate().map(|(index, item)| view! {
                    <li
                        id=option_id(index)
                        role="option"
                        aria-selected=move || (chosen.get() == Some(index)).to_string()
                        // Before the field loses the focus.
                        on:pointerdown=move |event| { event.prevent_default(); put_in(index); }
                    >
                        <span class="mono">{item.label.clone()}</span>
                        <span class="muted number">{item.detail.clone()}</span>
                    </li>
                }).collect_view())}
            </ul>
            <p id=message_id class="editor-message" class:is-error=has_error hidden=move || open.get() || first().is_none() aria-live="polite">
                {move || first().map(|item| view! {
                    <span>{item.message}</span>
                    {item.help.map(|help| view! { <span class="muted">" "{help}</span> })}
                })}
            </p>
        </div>
    }
}
