//! The chosen event: whether it matches and why not, whether it is delivered, and what a target would get of it.

use super::state::Active;
use super::targets::Preview;
use crate::pattern::eventbridge::explain::Verdict;
use crate::pattern::eventbridge::{delivery, envelope, explain};
use crate::ui::state::{use_answer, use_app};
use crate::ui::widgets::Icon;
use leptos::prelude::*;
use serde_json::Value;
use std::sync::Arc;

/// An event as EventBridge would deliver it.
#[derive(Clone, Debug, PartialEq)]
pub struct Chosen {
    /// The record.
    pub record: Value,
    /// The record in its envelope.
    pub event: Value,
    /// Length of the record in bytes.
    pub bytes: usize,
}

/// The pane.
#[component]
pub fn EventPane(active: Active) -> impl IntoView {
    let app = use_app();
    let record = use_answer(
        move || active.chosen.get().filter(|_| app.session.has_data()),
        move |row| async move {
            let detail = app.engine.event("rule-event", row).await?;
            // Whoever reads it has to know the end of damaged text, too; what cannot be read has no fields.
            let record: Value = serde_json::from_str(&detail.raw).unwrap_or_default();
            Ok(Chosen { event: envelope::wrap(&record), record, bytes: detail.raw.len() })
        },
    );
    let chosen = Memo::new(move |_| record.with(|answer| answer.value.as_deref().cloned().map(Arc::new)));
    view! {
        {move || chosen.get().map(|chosen| view! { <Why active chosen=chosen.clone()/><Preview active chosen/> })}
    }
}

/// What the pattern and the state say about the event.
#[component]
fn Why(active: Active, chosen: Arc<Chosen>) -> impl IntoView {
    let chosen = StoredValue::new(chosen);
    let explanation = Memo::new(move |_| {
        active.usable.with(|pattern| pattern.as_ref().map(|pattern| explain(pattern, &chosen.get_value().event)))
    });
    let state = active.get(|rule| rule.state);
    let withheld = Memo::new(move |_| {
        let chosen = chosen.get_value();
        delivery::reason(&chosen.record, chosen.bytes, state.get())
    });
    let sentence = move || {
        let Some(explanation) = explanation.get() else { return String::new() };
        match (explanation.matches, withheld.get()) {
            (true, None) => "Matches and is delivered".to_owned(),
            (true, Some(reason)) => format!("Matches, but is not delivered: {}", reason.words()),
            (false, _) if explanation.is_apart() => {
                "Does not match: each field is met, but not in the same element of an array".to_owned()
            }
            (false, _) => match explanation.first_failing() {
                Some(verdict) if verdict.path == "$or" => "Does not match: no alternative of $or is met".to_owned(),
                Some(verdict) if verdict.found.is_empty() => format!("Does not match: there is no {}", verdict.path),
                Some(verdict) => format!("Does not match: {} is {}", verdict.path, verdict.found.join(", ")),
                None => "Does not match".to_owned(),
            },
        }
    };
    let rows = move || {
        let verdicts = explanation.get().map(|explanation| explanation.verdicts).unwrap_or_default();
        verdicts.into_iter().map(|verdict| lines(verdict, 0)).collect_view()
    };
    view! {
        <section class="rule-why" aria-label="Why">
            <h3 aria-live="polite">{sentence}</h3>
            <div class="rule-scroll" tabindex="0" role="region" aria-label="Fields of the pattern">
                <table>
                    <thead><tr><th></th><th>"Field"</th><th>"Asked for"</th><th>"The event has"</th></tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
    }
}

/// A field of the pattern, and the alternatives below an `$or`.
fn lines(verdict: Verdict, depth: usize) -> AnyView {
    let Verdict { path, met, wanted, found, alternatives, .. } = verdict;
    let is_or = !alternatives.is_empty();
    let found = if found.is_empty() && !is_or { "nothing".to_owned() } else { found.join(", ") };
    let inner = alternatives.into_iter().flatten().map(|verdict| lines(verdict, depth + 1)).collect_view();
    let (icon, word) = if met { ("check", "met") } else { ("close", "not met") };
    view! {
        <tr class:missed=!met>
            <td><Icon name=icon small=true/><span class="hidden-text">{word}</span></td>
            <td class="mono" data-depth=depth.min(3).to_string()>{path}</td>
            <td class="mono">{wanted.join(" or ")}</td>
            <td class="mono">{found}</td>
        </tr>
        {inner}
    }
    .into_any()
}
