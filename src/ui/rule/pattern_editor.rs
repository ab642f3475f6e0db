//! The event pattern with syntax colours, errors and warnings in place, and completion from the data.

use super::state::Active;
use crate::model::query::Scope;
use crate::pattern::eventbridge;
use crate::ui::state::{Values, drafted, use_answer, use_app};
use crate::ui::widgets::{Editor, Icon};
use crate::view::code::Problem;
use crate::view::{complete, format, lab};
use leptos::prelude::*;

/// The editor of a rule's pattern.
#[component]
pub fn PatternEditor(active: Active) -> impl IntoView {
    let app = use_app();
    let pattern = active.get(|rule| rule.event_pattern.clone());
    let text = drafted(pattern, move |text| {
        active.draft(|rule| rule.event_pattern = text);
    });
    let cursor = RwSignal::new(0);
    let problems = Memo::new(move |_| {
        active.pattern.with(|parsed| match parsed {
            Ok(pattern) => text.with(|text| {
                let lints = eventbridge::check(pattern, text).into_iter();
                let problem = |lint: eventbridge::Lint| {
                    let message = lab::advised(&lint.message, lint.help.as_deref());
                    Problem { span: lint.span, message, help: None, is_error: false }
                };
                lints.map(problem).collect()
            }),
            Err(error) => {
                let message = lab::advised(&error.message, error.help.as_deref());
                vec![Problem { span: error.span.clone(), message, help: None, is_error: true }]
            }
        })
    });
    let place = Memo::new(move |_| text.with(|text| eventbridge::completion(text, cursor.get())));
    let values = use_answer(
        move || place.with(|place| complete::wanted_values(place.as_ref())).filter(|_| app.session.has_data()),
        move |(field, prefix)| {
            let (scope, limit) = (Scope::default(), complete::LISTED as u32);
            app.engine
                .group("rule-values", Values { scope, field, contains: prefix, limit, named: Vec::new(), spans: false })
        },
    );
    let completions = Memo::new(move |_| {
        let Some(place) = place.get() else { return Vec::new() };
        app.catalog.with(|catalog| {
            values.with(|values| complete::choices(&place, catalog.value.as_deref(), values.value.as_deref()))
        })
    });
    let tokens = Memo::new(move |_| text.with(|text| eventbridge::tokens(text)));
    // The editor itself tells the first problem.
    let more = move || {
        problems.with(|problems| {
            let told = |problem: &Problem| {
                view! { <li class="form-note"><Icon name="alert" small=true/><span>{problem.message.clone()}</span></li> }
            };
            problems.iter().skip(1).map(told).collect_view()
        })
    };
    let tidy = move |_| {
        if let Some(Ok(pattern)) = active.pattern.try_get_untracked() {
            active.set(|rule| rule.event_pattern = pattern.pretty());
        }
    };
    let is_valid = move || active.pattern.with(Result::is_ok);
    let length = move || {
        let count = |chars: usize| format::count(chars as u64);
        text.with(|text| format!("{} of {} characters", count(text.chars().count()), count(eventbridge::MAX_CHARS)))
    };
    view! {
        <div class="pattern" on:focusout=move |_| active.done()>
            <Editor
                id="event-pattern"
                label="Event pattern"
                placeholder="{\"source\": [\"aws.iam\"]}"
                multiline=true
                text=text
                cursor=cursor
                tokens=tokens
                problems=problems
                completions=completions
                commit=move |()| active.done()
                cancel=|()| {}
            />
            <ul class="pattern-notes">{more}</ul>
            <div class="rule-pattern-foot">
                <span class="muted number">{length}</span>
                <button type="button" class="button quiet" disabled=move || !is_valid() on:click=tidy>"Tidy up"</button>
            </div>
        </div>
    }
}
