//! One formula with syntax colours, errors in place and completion.

use super::run::FormulaRun;
use crate::ui::state::drafted;
use crate::ui::widgets::{Editor, Icon};
use crate::view::formula;
use leptos::prelude::*;

/// The editor of the formula with this id.
#[component]
pub fn Expression(run: FormulaRun, id: String) -> impl IntoView {
    let editing = run.editing();
    let id = StoredValue::new(id);
    let expression = editing.get(move |backtest| {
        let queries = &backtest.alarm.metrics;
        let found = id.with_value(|id| queries.iter().find(|query| query.id == *id).cloned());
        found.and_then(|query| query.expression).unwrap_or_default()
    });
    let text = drafted(expression, move |text| {
        editing.draft(|backtest| {
            let mut queries = backtest.alarm.metrics.iter_mut();
            if let Some(query) = id.with_value(|id| queries.find(|query| query.id == *id)) {
                query.expression = Some(text);
            }
        });
    });
    let cursor = RwSignal::new(0);
    let code = Memo::new(move |_| {
        run.backtest.with(|backtest| {
            let queries = &backtest.alarm.metrics;
            let at = id.with_value(|id| queries.iter().position(|query| query.id == *id)).unwrap_or(usize::MAX);
            let refusals = run.refusals.get();
            text.with(|text| formula::code(text, cursor.get(), at, queries, &refusals))
        })
    });
    let name = id.get_value();
    view! {
        <div class="formula-item pattern" on:focusout=move |_| editing.done()>
            <Watch run id=name.clone()/>
            <Editor
                id=format!("formula-{name}")
                label=format!("Formula {name}")
                placeholder="100 * m1 / m2"
                multiline=true
                text=text
                cursor=cursor
                tokens=Signal::derive(move || code.with(|code| code.tokens.clone()))
                problems=Signal::derive(move || code.with(|code| code.problems.clone()))
                completions=Signal::derive(move || code.with(|code| code.completions.clone()))
                commit=move |()| editing.done()
                cancel=|()| {}
            />
            <RemoveButton run id=name/>
        </div>
    }
}

/// The id, and whether the alarm watches it.
#[component]
pub fn Watch(run: FormulaRun, id: String) -> impl IntoView {
    let editing = run.editing();
    let id = StoredValue::new(id);
    let is_watched =
        editing.get(move |backtest| id.with_value(|id| backtest.alarm.watched().is_some_and(|query| query.id == *id)));
    let name = id.get_value();
    view! {
        <label class="formula-id" title="What the alarm watches">
            <input
                type="radio"
                name="watched"
                aria-label=format!("The alarm watches {name}")
                prop:checked=move || is_watched.get()
                on:change=move |_| editing.set(|backtest| id.with_value(|id| formula::watch(&mut backtest.alarm, id)))
            />
            <span class="mono">{name}</span>
        </label>
    }
}

/// Takes a metric or formula out.
#[component]
pub fn RemoveButton(run: FormulaRun, id: String) -> impl IntoView {
    let editing = run.editing();
    let label = format!("Remove {id}");
    view! {
        <button
            type="button"
            class="icon-button small"
            aria-label=label.clone()
            title=label
            on:click=move |_| editing.set(|backtest| formula::remove(backtest, &id))
        ><Icon name="trash" small=true/></button>
    }
}
