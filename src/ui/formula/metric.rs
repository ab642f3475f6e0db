//! One metric of an alarm on several: the metric filter that publishes it, and its statistic.

use super::expression::{RemoveButton, Watch};
use super::run::FormulaRun;
use crate::model::alarm::{Dimension, MathBacktest};
use crate::model::metric::MetricFilter;
use crate::model::metric_data::MetricStat;
use crate::pattern::cloudwatch::Setting;
use crate::ui::metric::run::metrics_of;
use crate::ui::metric::{Choice, Field, Number, PatternEditor, Text, transformation};
use crate::view::{format, lab};
use leptos::prelude::*;

/// The fields of the metric with this id.
#[component]
pub fn MetricFields(run: FormulaRun, id: String) -> impl IntoView {
    let editing = run.editing();
    let name = id.clone();
    let id = StoredValue::new(id);
    let place = move |backtest: &MathBacktest| id.with_value(|id| place_of(backtest, id));
    let at = editing.get(place);
    let pattern = editing.get(move |backtest| {
        filter_at(backtest, place(backtest)).map(|filter| filter.filter_pattern.clone()).unwrap_or_default()
    });
    let statistic = editing.get(move |backtest| {
        id.with_value(|id| stat_of(backtest, id).map(|metric| metric.stat.to_string())).unwrap_or_default()
    });
    let statistics: Vec<_> =
        lab::STATISTICS.iter().map(|statistic| (statistic.to_string(), statistic.to_string())).collect();
    // One that is not offered came with a document.
    let options = Signal::derive(move || {
        let own = statistic.get();
        let is_listed = statistics.iter().any(|(key, _)| *key == own);
        statistics.iter().cloned().chain((!is_listed).then(|| (own.clone(), own))).collect::<Vec<_>>()
    });
    let draft = Callback::new(move |text: String| {
        editing.draft(|backtest| with_filter(backtest, id, |filter| filter.filter_pattern = text));
    });
    let value = editing.get(move |backtest| {
        let metric = filter_at(backtest, place(backtest)).and_then(|filter| filter.metric_transformations.first());
        metric.map(|metric| metric.metric_value.clone()).unwrap_or_default()
    });
    let default = editing
        .get(move |backtest| filter_at(backtest, place(backtest))?.metric_transformations.first()?.default_value);
    let problem = move |setting: Setting| {
        Signal::derive(move || {
            let at = at.get()?;
            run.filter_errors.with(|errors| {
                let error = &errors.get(at)?.iter().find(|error| error.setting == setting)?.error;
                Some(lab::advised(&error.message, error.help.as_deref()))
            })
        })
    };
    view! {
        <div class="formula-metric">
            <div class="formula-metric-head">
                <Watch run id=name.clone()/>
                <Count run at/>
                <RemoveButton run id=name.clone()/>
            </div>
            <PatternEditor id=format!("pattern-{name}") pattern draft done=Callback::new(move |()| editing.done())/>
            <div class="form-row">
                <Field label="Statistic">
                    <Choice
                        options
                        value=statistic
                        set=move |key: String| editing.set(|backtest| {
                            let stat = id.with_value(|id| stat_of_mut(backtest, id));
                            stat.zip(key.parse().ok()).into_iter().for_each(|(metric, stat)| metric.stat = stat);
                        })
                    />
                </Field>
                <Field label="Metric value" problem=problem(Setting::MetricValue)>
                    <Text
                        value
                        mono=true
                        draft=move |text: String| editing.draft(|backtest| with_filter(backtest, id, |filter| transformation(filter).metric_value = text))
                        done=move || editing.done()
                    />
                </Field>
                <Field label="Default value" problem=problem(Setting::DefaultValue)>
                    <Number
                        value=default
                        placeholder="none"
                        draft=move |number| editing.draft(|backtest| with_filter(backtest, id, |filter| transformation(filter).default_value = number))
                        done=move || editing.done()
                    />
                </Field>
            </div>
            <Dimensions run at id/>
        </div>
    }
}

/// Which of the filter's metrics, where it has dimensions.
#[component]
fn Dimensions(run: FormulaRun, at: Memo<Option<usize>>, id: StoredValue<String>) -> impl IntoView {
    let editing = run.editing();
    let names = editing.get(move |backtest| {
        let metric = filter_at(backtest, at.get()).and_then(|filter| filter.metric_transformations.first());
        metric.map(|metric| metric.dimensions.keys().cloned().collect::<Vec<_>>()).unwrap_or_default()
    });
    let chosen = editing.get(move |backtest| {
        let metric = id.with_value(|id| stat_of(backtest, id));
        metric.map(|metric| metric.metric.dimensions.clone()).unwrap_or_default()
    });
    let known = Memo::new(move |_| {
        let (names, at) = (names.get(), at.get());
        run.parts.with(|answer| {
            let part = answer.value.as_ref().zip(at).and_then(|(parts, at)| parts.get(at));
            let metrics = part.map(metrics_of).unwrap_or_default().into_iter().take(DIMENSIONS_LISTED);
            let dimension = |(name, value): (&String, String)| Dimension { name: name.clone(), value };
            metrics
                .map(|(values, _)| names.iter().zip(values).map(dimension).collect::<Vec<Dimension>>())
                .collect::<Vec<_>>()
        })
    });
    let options = Signal::derive(move || {
        let (known, chosen) = (known.get(), chosen.get());
        let is_listed = known.contains(&chosen);
        let own = (!is_listed).then_some(chosen);
        own.iter().chain(&known).map(|dimensions| (key(dimensions), label(dimensions))).collect::<Vec<_>>()
    });
    let choose = move |wanted: String| {
        let found = known.get_untracked().into_iter().find(|dimensions| key(dimensions) == wanted);
        let Some(dimensions) = found else { return };
        editing.set(|backtest| {
            if let Some(metric) = id.with_value(|id| stat_of_mut(backtest, id)) {
                metric.metric.dimensions = dimensions;
            }
        });
    };
    view! {
        <Show when=move || names.with(|names| !names.is_empty())>
            <Field label="Dimensions">
                <Choice options value=Signal::derive(move || chosen.with(|chosen| key(chosen))) set=choose/>
            </Field>
        </Show>
    }
}

/// Dimension values offered, those with the most samples.
const DIMENSIONS_LISTED: usize = 500;

fn key(dimensions: &[Dimension]) -> String {
    dimensions.iter().map(|pair| format!("{} = {}", pair.name, pair.value)).collect::<Vec<_>>().join(", ")
}

fn label(dimensions: &[Dimension]) -> String {
    if dimensions.is_empty() { "Choose one".into() } else { key(dimensions) }
}

/// How many events the filter matches.
#[component]
fn Count(run: FormulaRun, at: Memo<Option<usize>>) -> impl IntoView {
    let text = move || {
        let at = at.get()?;
        if run.filter_errors.with(|errors| errors.get(at).is_none_or(|errors| !errors.is_empty())) {
            return Some("not valid".into());
        }
        run.parts.with(|answer| {
            let part = answer.value.as_ref()?.get(at)?;
            let matched = part.matched_minutes.values().sum::<u64>() + part.undated;
            Some(format::plural(matched, "event matches", "events match"))
        })
    };
    view! { <span class="pattern-count number" class:stale=move || run.parts.with(|answer| answer.stale)>{text}</span> }
}

/// The place of a metric among the metrics, and so that of its filter.
fn place_of(backtest: &MathBacktest, id: &str) -> Option<usize> {
    backtest.alarm.metrics.iter().filter(|query| query.metric_stat.is_some()).position(|query| query.id == id)
}

fn filter_at(backtest: &MathBacktest, at: Option<usize>) -> Option<&MetricFilter> {
    backtest.metric_filters.get(at?)
}

fn stat_of<'b>(backtest: &'b MathBacktest, id: &str) -> Option<&'b MetricStat> {
    backtest.alarm.metrics.iter().find(|query| query.id == id)?.metric_stat.as_ref()
}

fn stat_of_mut<'b>(backtest: &'b mut MathBacktest, id: &str) -> Option<&'b mut MetricStat> {
    backtest.alarm.metrics.iter_mut().find(|query| query.id == id)?.metric_stat.as_mut()
}

fn with_filter(backtest: &mut MathBacktest, id: StoredValue<String>, change: impl FnOnce(&mut MetricFilter)) {
    let at = id.with_value(|id| place_of(backtest, id));
    if let Some(filter) = at.and_then(|at| backtest.metric_filters.get_mut(at)) {
        change(filter);
    }
}
