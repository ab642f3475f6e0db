//! One control in the list: ids, events, what its alarm would have done; opens to the detail.

use super::detail::Detail;
use crate::controls::Control;
use crate::controls::framework::Framework;
use crate::controls::history::History;
use crate::ui::chart::strip::Strip;
use crate::ui::state::use_app;
use crate::ui::widgets::Icon;
use crate::view::controls::short_ids;
use crate::view::{Action, format, lab};
use leptos::prelude::*;
use std::sync::Arc;

/// The line.
#[component]
pub fn Line(control: &'static Control, framework: Framework, history: Memo<Option<Arc<History>>>) -> impl IntoView {
    let app = use_app();
    let open = Memo::new(move |_| app.view.with(|view| view.control.as_deref() == Some(control.key.as_str())));
    let toggle = move |_| {
        let next = (!open.get_untracked()).then(|| control.key.clone());
        app.dispatch(Action::OpenControl(next));
    };
    let ids = framework.ids(control);
    let all_ids = ids.join(", ");
    let events = move || history.with(|history| history.as_ref().map(|history| history.events));
    let count = move || events().map_or_else(|| "…".into(), format::count);
    let fires = move || history.with(|history| history.as_ref().map(|history| history.timeline.fires()));
    let state = move || match fires() {
        None => "unknown",
        Some(0) => "quiet",
        Some(_) => "fires",
    };
    let short_time = move |time| app.short_time(time);
    let last = move || history.with(|history| history.as_ref().and_then(|history| history.last)).map(short_time);
    let words =
        move || history.with(|history| history.as_ref().map(|history| lab::sentence(&history.timeline, short_time)));
    let spans = Signal::derive(move || {
        history.with(|history| history.as_ref().map(|history| history.timeline.spans.clone()).unwrap_or_default())
    });
    view! {
        <li class="control" class:is-open=move || open.get() data-control=control.key.as_str()>
            <button class="control-line" aria-expanded=move || open.get().to_string() on:click=toggle>
                <span class="control-id number" title=all_ids>{short_ids(&ids)}</span>
                <span class="control-name"><Icon name="right" small=true/><b>{control.title.as_str()}</b><span class="muted control-about">{control.about.as_str()}</span></span>
                <span class="control-events number" class:none=move || events() == Some(0)>{count}<span class="hidden-text">" events"</span></span>
                <Strip spans/>
                <span class="control-fires"><span class="lab-item-fires number" data-state=state title=words>
                    {move || fires().map_or_else(|| "–".into(), format::fires)}
                    <span class="hidden-text">" "{words}</span>
                </span></span>
                <span class="control-last number muted">{move || last().unwrap_or_else(|| "–".into())}</span>
            </button>
            {move || open.get().then(|| view! { <Detail control framework/> })}
        </li>
    }
}
