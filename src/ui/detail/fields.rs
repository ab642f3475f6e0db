//! The event as a flat list of fields, each with its menu.

use super::Record;
use crate::ui::shell::{OpenMenu, ValueTarget, use_shell};
use crate::ui::state::use_app;
use crate::ui::widgets::Icon;
use crate::view::deployed::is_account;
use crate::view::json_tree::{Kind, Line, lines};
use leptos::prelude::*;
use std::sync::Arc;

/// The list, with a field to narrow it down.
#[component]
pub fn FieldList(record: Arc<Record>) -> impl IntoView {
    let query = RwSignal::new(String::new());
    let all: Vec<Line> = match &record.json {
        Ok(json) => lines(json).into_iter().filter(is_leaf).collect(),
        Err(error) => return view! { <p class="error-note">{error.clone()}</p> }.into_any(),
    };
    let shown = move || {
        let wanted = query.with(|query| query.to_lowercase());
        let passes =
            |line: &&Line| line.field.to_lowercase().contains(&wanted) || line.text.to_lowercase().contains(&wanted);
        all.iter().filter(passes).cloned().map(|line| view! { <Field line=line/> }).collect_view()
    };
    view! {
        <input
            class="field detail-find"
            aria-label="Find in this event"
            placeholder="Find in this event"
            on:input=move |event| query.set(event_target_value(&event))
        />
        <dl class="field-list">{shown}</dl>
        <p class="muted detail-source">
            <Icon name="file" small=true/>
            <span class="mono" title=record.detail.file.clone()>{record.detail.file.clone()}</span>
        </p>
    }
    .into_any()
}

/// Values, and objects and arrays with nothing in them.
fn is_leaf(line: &Line) -> bool {
    !matches!(line.kind, Kind::Array(1..) | Kind::Object(1..))
}

#[component]
fn Field(line: Line) -> impl IntoView {
    let class = super::tree::kind_class(line.kind);
    let text = match line.kind {
        Kind::Array(_) => "[]".to_owned(),
        Kind::Object(_) => "{}".to_owned(),
        _ => line.text.clone(),
    };
    view! {
        <div class="field-row">
            <dt class="mono" title=line.selector.clone()>{path_view(line.selector.trim_start_matches("$."))}</dt>
            <dd><ValueButton line=line class=class text=text/></dd>
        </div>
    }
}

/// A path that breaks at its dots, its last step set off from the way to it.
fn path_view(path: &str) -> impl IntoView + use<> {
    let (way, last) = path.rsplit_once('.').map_or(("", path), |(way, last)| (way, last));
    let way = way.split('.').filter(|step| !step.is_empty()).map(|step| format!("{step}."));
    let way = way.map(|step| view! { <span class="faint">{step}</span><wbr/> }).collect_view();
    view! { {way}<span>{last.to_owned()}</span> }
}

/// A value that opens its menu.
#[component]
pub fn ValueButton(line: Line, class: &'static str, text: String) -> impl IntoView {
    let shell = use_shell();
    let name = format!("{}: {text}. Menu", line.field);
    let session = use_app().session;
    let number = is_account(&line.field).then(|| line.text.clone());
    let account = move || {
        let name = session.account_name(number.as_ref()?)?;
        Some(view! { " "<span class="account-name">{name}</span> })
    };
    let target = StoredValue::new(ValueTarget { field: line.field, selector: line.selector, value: Some(line.text) });
    let open = move |event: web_sys::MouseEvent| {
        event.prevent_default();
        event.stop_propagation();
        let button: web_sys::Element = event_target(&event);
        // A key press has no pointer.
        let at = if event.detail() == 0 {
            let rect = button.get_bounding_client_rect();
            (rect.left(), rect.bottom())
        } else {
            (f64::from(event.client_x()), f64::from(event.client_y()))
        };
        shell.menu.set(Some(OpenMenu { target: target.get_value(), at }));
    };
    view! {
        <button class=format!("value mono {class}") aria-haspopup="menu" aria-label=name on:click=open on:contextmenu=open>
            {text}
        </button>
        {account}
    }
}
