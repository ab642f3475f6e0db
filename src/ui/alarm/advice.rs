//! What is worth knowing about the active backtest, each with the change that would help.

use crate::ui::metric::run::Run;
use crate::ui::state::use_app;
use crate::ui::widgets::Icon;
use crate::view::advice::{Advice, advise};
use crate::view::deployed;
use leptos::prelude::*;

/// The list; nothing when there is nothing to say. It rests while the threshold is dragged.
#[component]
pub fn AdviceList(run: Run) -> impl IntoView {
    let found = use_app().session.configuration;
    let editing = run.editing();
    let advice = Memo::new(move |before: Option<&Vec<Advice>>| {
        if run.dragged.get() || run.is_outdated() {
            return before.cloned().unwrap_or_default();
        }
        let (Some(samples), Some(sliding), Some(timeline)) = (run.samples.get(), run.sliding.get(), run.timeline.get())
        else {
            return Vec::new();
        };
        run.backtest.with(|backtest| {
            let alone = found.with(|found| deployed::advise(found, backtest));
            alone.into_iter().chain(advise(backtest, &samples, &sliding, &timeline)).collect()
        })
    });
    let line = move |Advice { text, fix }: Advice| {
        let button = fix.map(|(label, fixed)| {
            let adopt = move |_| {
                let fixed = fixed.clone();
                editing.set(|backtest| *backtest = fixed);
            };
            view! { <button type="button" class="button small" on:click=adopt>{label}</button> }
        });
        view! { <li><Icon name="info" small=true/><p>{text}</p>{button}</li> }
    };
    view! {
        <Show when=move || advice.with(|advice| !advice.is_empty())>
            <ul class="lab-advice" aria-label="Advice">
                {move || advice.get().into_iter().map(line).collect_view()}
            </ul>
        </Show>
    }
}
