//! The rule with syntax colours, errors in place and completion of the lab's alarm names.

use super::run::use_composites;
use crate::alarm::composite::{completion, tokens};
use crate::ui::state::drafted;
use crate::ui::widgets::Editor;
use crate::view::code::Problem;
use crate::view::composites::choices;
use leptos::prelude::*;

/// The editor of one alarm's rule.
#[component]
pub fn RuleEditor(id: u32) -> impl IntoView {
    let editing = use_composites().editing(id);
    let composites = use_composites();
    let (found, names) = (composites.of(id), composites.names(id));
    let rule = editing.get(|alarm| alarm.alarm_rule.clone());
    let text = drafted(rule, move |text| {
        editing.draft(|alarm| alarm.alarm_rule = text);
    });
    let cursor = RwSignal::new(0);
    let problems = Memo::new(move |_| {
        found.with(|found| {
            let error = found.as_ref().and_then(|found| found.rule.as_ref().err().cloned());
            error.map(Problem::from).into_iter().collect::<Vec<_>>()
        })
    });
    let completions = Memo::new(move |_| {
        let place = text.with(|text| completion(text, cursor.get()));
        place.map(|place| names.with(|names| choices(&place, names))).unwrap_or_default()
    });
    let colours = Memo::new(move |_| text.with(|text| tokens(text)));
    view! {
        <div class="pattern" on:focusout=move |_| editing.done()>
            <Editor
                id="alarm-rule"
                label="Alarm rule"
                placeholder="ALARM(\"name\") AND NOT ALARM(maintenance)"
                multiline=true
                text=text
                cursor=cursor
                tokens=colours
                problems=problems
                completions=completions
                commit=move |()| editing.done()
                cancel=|()| {}
            />
        </div>
    }
}
