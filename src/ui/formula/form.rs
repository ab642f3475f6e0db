//! The settings of an alarm on metric math: its metrics, its formulas, and the alarm.

use super::band::BandFields;
use super::expression::Expression;
use super::metric::MetricFields;
use super::run::FormulaRun;
use crate::metric::math::Function;
use crate::model::statistic::Statistic;
use crate::ui::alarm::AlarmForm;
use crate::ui::state::use_app;
use crate::ui::widgets::{Icon, Popover, popover};
use crate::view::{formula, lab};
use leptos::prelude::*;

/// The form.
#[component]
pub fn FormulaForm(run: FormulaRun) -> impl IntoView {
    let editing = run.editing();
    let ids = move |is_metric: bool| {
        editing.get(move |backtest| {
            let queries = formula::watchable(&backtest.alarm).filter(|query| query.metric_stat.is_some() == is_metric);
            queries.map(|query| query.id.clone()).collect::<Vec<_>>()
        })
    };
    let (metrics, formulas) = (ids(true), ids(false));
    let takes_metrics = editing.get(|backtest| formula::takes_metrics(&backtest.alarm));
    let has_formulas = move || formulas.with(|ids| !ids.is_empty());
    // What is wrong with none of them alone.
    let whole = move || {
        run.refusals.with(|refusals| {
            let whole = refusals.iter().filter(|refusal| refusal.at.is_none());
            whole
                .map(|refusal| view! { <p class="form-problem">{lab::capitalised(&refusal.message)}</p> })
                .collect_view()
        })
    };
    view! {
        <section class="form-section">
            <div class="form-head">
                <h3>"Metrics"</h3>
                <Show when=move || takes_metrics.get()>
                    <Popover label="Add a metric" button=view! { <Icon name="plus"/> }>
                        <MetricAdditions run/>
                    </Popover>
                </Show>
            </div>
            <ul class="formula-items">
                <For each=move || metrics.get() key=|id| id.clone() let:id><li><MetricFields run id/></li></For>
            </ul>
        </section>
        <section class="form-section">
            <div class="form-head">
                <h3>"Formulas"</h3>
                <button
                    type="button"
                    class="icon-button"
                    aria-label="Add a formula"
                    title="Add a formula"
                    on:click=move |_| editing.set(|backtest| formula::add_formula(backtest, ""))
                ><Icon name="plus"/></button>
            </div>
            <ul class="formula-items">
                <For each=move || formulas.get() key=|id| id.clone() let:id><li><Expression run id/></li></For>
            </ul>
            <Show when=has_formulas fallback=|| view! { <p class="form-note">"Without a formula the alarm watches one metric."</p> }>
                <Functions/>
            </Show>
            {whole}
            <BandFields run/>
        </section>
        <AlarmForm run=run.on_alarm/>
    }
}

/// What a new metric may begin with.
#[component]
fn MetricAdditions(run: FormulaRun) -> impl IntoView {
    let app = use_app();
    let editing = run.editing();
    let all = move |event| {
        popover::close_around(&event);
        let filter = formula::counting("AllCalls", "");
        editing.set(|backtest| formula::add_metric(backtest, &filter, Statistic::Sum));
    };
    let listed = move || {
        let item = |item: &crate::view::NamedBacktest| {
            let (filter, statistic) = (item.backtest.filter.clone(), item.backtest.alarm.statistic());
            let add = move |event| {
                popover::close_around(&event);
                editing.set(|backtest| formula::add_metric(backtest, &filter, statistic));
            };
            view! { <button type="button" class="menu-item" on:click=add><Icon name="bell" small=true/>{item.name.clone()}</button> }
        };
        app.view.with(|view| view.backtests.iter().map(item).collect_view())
    };
    let has_listed = move || app.view.with(|view| !view.backtests.is_empty());
    view! {
        <button type="button" class="menu-item" on:click=all><Icon name="plus" small=true/>"All calls"</button>
        <Show when=has_listed>
            <div class="menu-line"></div>
            <p class="menu-title">"Of a metric filter in the lab"</p>
        </Show>
        {listed}
    }
}

/// The functions there are.
#[component]
fn Functions() -> impl IntoView {
    let line = |function: Function| {
        view! {
            <div><dt class="mono">{function.name()}{function.example()}</dt><dd class="muted">{function.about()}</dd></div>
        }
    };
    let available = Function::all().filter(|function| function.unavailable().is_none());
    view! {
        <details class="form-more">
            <summary>"Functions"</summary>
            <dl class="formula-functions">{available.map(line).collect_view()}</dl>
        </details>
    }
}
