//! Fields of the forms: a label, a control, and what is wrong with it.

use crate::view::format;
use leptos::prelude::*;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Numbers the fields of the page, so that each label finds its control.
static NEXT_ID: AtomicUsize = AtomicUsize::new(0);

/// The field that a control stands in.
#[derive(Clone)]
struct Labelled {
    id: String,
    problem: Signal<Option<String>>,
}

/// How a control is named: by the field around it, or by a name of its own.
struct Naming {
    id: Option<String>,
    label: Option<&'static str>,
    note: Option<String>,
    problem: Signal<Option<String>>,
}

impl Naming {
    fn of(name: &'static str) -> Self {
        match use_context::<Labelled>().filter(|_| name.is_empty()) {
            Some(Labelled { id, problem }) => {
                Self { note: Some(format!("{id}-note")), id: Some(id), label: None, problem }
            }
            None => Self { id: None, label: Some(name), note: None, problem: Signal::default() },
        }
    }
}

/// A labelled control with what there is to say about it under it.
#[component]
pub fn Field(
    /// Name.
    #[prop(into)]
    label: Signal<String>,
    /// What is wrong.
    #[prop(optional, into)]
    problem: Signal<Option<String>>,
    /// What the value means.
    #[prop(optional, into)]
    hint: Signal<Option<String>>,
    children: Children,
) -> impl IntoView {
    let id = format!("field-{}", NEXT_ID.fetch_add(1, Ordering::Relaxed));
    provide_context(Labelled { id: id.clone(), problem });
    view! {
        <div class="form-field">
            <label class="form-label" for=id.clone()>{label}</label>
            {children()}
            <div id=format!("{id}-note") class="form-said">
                {move || hint.get().map(|hint| view! { <p class="form-note">{hint}</p> })}
                {move || problem.get().map(|problem| view! { <p class="form-problem">{problem}</p> })}
            </div>
        </div>
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
    let Naming { id, label, note, problem } = Naming::of(name);
    view! {
        <input
            class="field"
            class:mono=mono
            type="text"
            list=Some(list).filter(|list| !list.is_empty())
            spellcheck="false"
            autocomplete="off"
            id=id
            aria-label=label
            aria-describedby=note
            aria-invalid=move || problem.with(Option::is_some).then_some("true")
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
    let Naming { id, label, note, problem } = Naming::of(name);
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
        // A field that is taken away while it is being typed into still says so.
        let Some((value, typed)) = value.try_get_untracked().zip(text.try_with_untracked(|text| parse(text))) else {
            return;
        };
        if typed != value {
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
            id=id
            aria-label=label
            aria-describedby=note
            aria-invalid=move || problem.with(Option::is_some).then_some("true")
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
    let Naming { id, label, note, problem } = Naming::of(name);
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
            id=id
            aria-label=label
            aria-describedby=note
            aria-invalid=move || problem.with(Option::is_some).then_some("true")
            prop:value=move || value.get()
            on:change=move |event| set(event_target_value(&event))
        >
            {list}
        </select>
    }
}
