//! What the lists of the panels Alarms and Rules have in common: the tools above, an entry's tools, an alarm's entry, and
//! the card of a preset where the list is still empty.

use crate::alarm::Timeline;
use crate::model::query::Scope;
use crate::ui::chart::strip::Strip;
use crate::ui::commands;
use crate::ui::focus;
use crate::ui::metric::run::Shared;
use crate::ui::shell::use_shell;
use crate::ui::state::{use_answer, use_app};
use crate::ui::widgets::Icon;
use crate::view::commands::Command;
use crate::view::{Action, format, lab};
use leptos::ev::MouseEvent;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::Element;

/// Buttons that take everything to AWS, save it and load it.
#[component]
pub fn WorkspaceTools() -> impl IntoView {
    let (app, shell) = (use_app(), use_shell());
    let tool = move |command: Command, name: &'static str, icon: &'static str| {
        view! {
            <button class="icon-button" aria-label=name title=name on:click=move |_| commands::run(app, shell, command)>
                <Icon name=icon small=true/>
            </button>
        }
    };
    view! {
        {tool(Command::Deploy, "Take it to AWS", "cloud")}
        {tool(Command::SaveWorkspace, "Save workspace", "save")}
        {tool(Command::LoadWorkspace, "Load workspace", "upload")}
    }
}

/// Buttons that copy and delete an entry.
#[component]
pub fn EntryTools(
    /// What the entry is called.
    #[prop(into)]
    name: Signal<String>,
    /// Copies it.
    duplicate: Action,
    /// Deletes it.
    remove: Action,
) -> impl IntoView {
    let (app, shell) = (use_app(), use_shell());
    let delete = move |event: MouseEvent| {
        let text = format!("“{}” is deleted", name.get_untracked());
        let focus_next = event.target().and_then(|target| target.dyn_into().ok()).map(next_focus);
        app.dispatch(remove.clone());
        shell.say_done(text);
        if let Some(focus_next) = focus_next {
            request_animation_frame(focus_next);
        }
    };
    view! {
        <button
            class="icon-button small"
            aria-label=move || format!("Duplicate {}", name.get())
            title="Duplicate"
            on:click=move |_| app.dispatch(duplicate.clone())
        >
            <Icon name="copy" small=true/>
        </button>
        <button class="icon-button small" aria-label=move || format!("Delete {}", name.get()) title="Delete" on:click=delete>
            <Icon name="trash" small=true/>
        </button>
    }
}

/// Shows another entry from its beginning, where a narrow screen scrolls all of the panel, and its place in the list.
pub fn show_active(active: Memo<Option<u32>>) {
    Effect::new(move |before: Option<Option<u32>>| {
        let now = active.get();
        if before.is_some_and(|before| before != now) {
            request_animation_frame(|| {
                let find = |selector| document().query_selector(selector).ok().flatten();
                if let Some(panel) = find(".lab") {
                    panel.set_scroll_top(0);
                }
                if let Some(entry) = find(".lab-item.is-active") {
                    focus::reveal(&entry);
                }
            });
        }
        now
    });
}

/// Takes the focus, when the entry with this button is gone, to the one beside it, or to what is shown instead of a list.
fn next_focus(button: Element) -> impl FnOnce() {
    let entry = button.closest("li").ok().flatten();
    let beside = entry.and_then(|entry| entry.next_element_sibling().or_else(|| entry.previous_element_sibling()));
    move || match beside.and_then(|entry| entry.query_selector("button").ok().flatten()) {
        Some(button) => focus::give(&button),
        None => focus::to_first(".preset"),
    }
}

/// An alarm of any kind: how often it fires, on what condition, its states.
#[component]
pub fn AlarmEntry(
    /// Id in the list.
    id: u32,
    /// Name there.
    #[prop(into)]
    name: Signal<String>,
    /// When it is in ALARM.
    #[prop(into)]
    condition: Signal<String>,
    /// True: the condition is written in the language of rules.
    is_rule: bool,
    /// Its states; `None` while they are not known.
    #[prop(into)]
    timeline: Signal<Option<Shared<Timeline>>>,
) -> impl IntoView {
    let app = use_app();
    let active = Memo::new(move |_| app.view.with(|view| view.active == Some(id)));
    let fires = move || timeline.with(|timeline| timeline.as_ref().map(|timeline| timeline.fires()));
    let state = move || match fires() {
        None => "unknown",
        Some(0) => "quiet",
        Some(_) => "fires",
    };
    let count = move || fires().map_or("–".into(), format::fires);
    let spans = Signal::derive(move || {
        timeline.with(|timeline| timeline.as_ref().map(|timeline| timeline.spans.clone()).unwrap_or_default())
    });
    let words = move || {
        timeline.with(|timeline| match timeline {
            None => "no result".into(),
            Some(timeline) => lab::sentence(timeline, |time| app.short_time(time)),
        })
    };
    view! {
        <li class="lab-item" class:is-active=move || active.get()>
            <button
                class="lab-item-main"
                aria-current=move || active.get().then_some("true")
                title=words
                on:click=move |_| app.dispatch(Action::ActivateBacktest(id))
            >
                <span class="lab-item-name">{name}</span>
                <span class="lab-item-fires number" data-state=state>{count}<span class="hidden-text">" "{words}</span></span>
                <span class="muted lab-item-condition" class:mono=is_rule>{condition}</span>
                <Strip spans/>
            </button>
            <span class="lab-item-tools">
                <EntryTools name duplicate=Action::DuplicateBacktest(id) remove=Action::RemoveBacktest(id)/>
            </span>
        </li>
    }
}

/// A preset with the number of loaded events that it matches; a click takes it.
#[component]
pub fn PresetCard(
    /// Name, which is also that of the question.
    title: &'static str,
    /// What it is for.
    #[prop(into)]
    about: String,
    /// What it matches, as a search.
    filter: String,
    /// What a click does.
    choose: Callback<()>,
) -> impl IntoView {
    let app = use_app();
    let question = move || app.session.has_data().then(|| app.session.version.get());
    let count = use_answer(question, move |_| {
        let scope = Scope { filter: filter.clone(), ..Scope::default() };
        async move { app.engine.count(title, scope).await }
    });
    let matched = move || count.with(|answer| answer.value.as_ref().map(|count| count.matched));
    let text = move || matched().map(|matched| format::plural(matched, "event", "events"));
    let choose = move |_| {
        choose.run(());
        // The card is gone; its entry in the list is what became of it.
        request_animation_frame(|| focus::to_first(".lab-item.is-active .lab-item-main"));
    };
    view! {
        <li>
            <button class="preset" on:click=choose>
                <span class="preset-title">{title}</span>
                <span class="muted">{about}</span>
                <span class="preset-count number" class:none=move || matched() == Some(0)>{text}</span>
            </button>
        </li>
    }
}
