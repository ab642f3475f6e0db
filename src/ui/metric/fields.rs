//! Fields of the forms: a label, a control, and what is wrong with it.

use crate::view::format;
use leptos::prelude::*;

/// A labelled control with its problem under it.
#[component]
pub fn Field(
    /// Name.
    #[prop(into)]
    label: Signal<String>,
    /// What is wrong, or worth knowing.
    #[prop(optional, into)]
    problem: Signal<Option<String>>,
    /// Extra class for the style sheet.
    #[prop(default = "")]
    class: &'static str,
    children: Children,
) -> impl IntoView {
    view! {
        <label class=format!("form-field {class}")>
            <span class="form-label">{label}</span>
            {children()}
            {move || problem.get().map(|problem| view! { <span class="form-problem">{problem}</span> })}
        </label>
    }
}

/// A line of text.
#[component]
pub fn Text(
    /// The text.
    #[prop(into)]
    value: Signal<String>,
    /// Takes what is typed.
    draft: impl Fn(String) + Copy + Send + Sync + 'static,
    /// Typing has ended.
    done: impl Fn() + Copy + Send + Sync + 'static,
    /// Shown while it is empty.
    #[prop(default = "")]
    placeholder: &'static str,
    /// Whether it is code.
    #[prop(optional)]
    mono: bool,
    /// Id of a `<datalist>` with suggestions.
    #[prop(default = "")]
    list: &'static str,
    /// Name for screen readers where there is no visible label.
    #[prop(default = "")]
    name: &'static str,
) -> impl IntoView {
    view! {
        <input
            class="field"
            class:mono=mono
            type="text"
            list=Some(list).filter(|list| !list.is_empty())
            spellcheck="false"
            autocomplete="off"
            aria-label=Some(name).filter(|name| !name.is_empty())
            placeholder=placeholder
            prop:value=move || value.get()
            on:input=move |event| draft(event_target_value(&event))
            on:change=move |_| done()
        />
    }
}

/// A number, or nothing.
#[component]
pub fn Number(
    /// The number.
    #[prop(into)]
    value: Signal<Option<f64>>,
    /// Takes each number typed, and nothing for an empty field.
    draft: impl Fn(Option<f64>) + Copy + Send + Sync + 'static,
    /// Typing has ended.
    done: impl Fn() + Copy + Send + Sync + 'static,
    /// Smallest number allowed.
    #[prop(optional, into)]
    min: Option<f64>,
    /// Shown while it is empty.
    #[prop(default = "")]
    placeholder: &'static str,
    /// Name for screen readers where there is no visible label.
    #[prop(default = "")]
    name: &'static str,
) -> impl IntoView {
    // What is typed (`1.`, `-`) is kept as it is for as long as it means the same number.
    let text = RwSignal::new(String::new());
    Effect::new(move |_| {
        let value = value.get();
        if text.with_untracked(|text| parse(text)) != value {
            text.set(value.map(|value| value.to_string()).unwrap_or_default());
        }
    });
    let input = move |event: web_sys::Event| {
        let typed = event_target_value(&event);
        let number = parse(&typed);
        let usable = number.is_some() || typed.trim().is_empty();
        text.set(typed);
        if usable {
            draft(number);
        }
    };
    let ended = move |_| {
        let value = value.get_untracked();
        if text.with_untracked(|text| parse(text)) != value {
            text.set(value.map(|value| value.to_string()).unwrap_or_default());
        }
        done();
    };
    view! {
        <input
            class="field number"
            type="number"
            step="any"
            min=min.map(format::number)
            aria-label=Some(name).filter(|name| !name.is_empty())
            placeholder=placeholder
            prop:value=move || text.get()
            on:input=input
            on:change=ended
        />
    }
}

fn parse(text: &str) -> Option<f64> {
    text.trim().parse().ok().filter(|number: &f64| number.is_finite())
}

/// One of a few values.
#[component]
pub fn Choice(
    /// Values as text with their labels.
    #[prop(into)]
    options: Signal<Vec<(String, String)>>,
    /// The chosen one.
    #[prop(into)]
    value: Signal<String>,
    /// Takes the new one.
    set: impl Fn(String) + Copy + Send + Sync + 'static,
    /// Name for screen readers where there is no visible label.
    #[prop(default = "")]
    name: &'static str,
) -> impl IntoView {
    let list = move || {
        options
            .get()
            .into_iter()
            .map(|(key, label)| {
                let chosen = key == value.get();
                view! { <option value=key selected=chosen>{label}</option> }
            })
            .collect_view()
    };
    view! {
        <select
            class="field"
            aria-label=Some(name).filter(|name| !name.is_empty())
            prop:value=move || value.get()
            on:change=move |event| set(event_target_value(&event))
        >
            {list}
        </select>
    }
}
