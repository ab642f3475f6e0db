//! The settings of a metric filter.

use super::fields::{Choice, Field, Number, Text};
use super::pattern_editor::{PatternCount, PatternEditor};
use super::run::Run;
use super::transformation::{metric, metric_of};
use crate::metric::notices;
use crate::model::alarm::Backtest;
use crate::pattern::cloudwatch::{Pattern, Setting, parse, value::UNITS};
use crate::pattern::convert::event_pattern_of_filter;
use crate::ui::rule::as_rule;
use crate::ui::shell::use_shell;
use crate::ui::state::use_app;
use crate::ui::widgets::Icon;
use crate::view::lab::{self, DIMENSIONS_MAX};
use leptos::prelude::*;

/// Id of the list of fields that a metric value or a dimension may refer to.
const REFERENCES: &str = "pattern-references";

/// The form.
#[component]
pub fn FilterForm(run: Run) -> impl IntoView {
    let editing = run.editing();
    let problem = move |setting: Setting| problem_of(run, setting);
    let pattern = editing.get(|backtest| backtest.filter.filter_pattern.clone());
    let value = editing.get(|backtest| metric_of(backtest).metric_value);
    let default = editing.get(|backtest| metric_of(backtest).default_value);
    let notices = move || {
        let metric = run.backtest.with(metric_of);
        run.part.with(|answer| answer.value.as_ref().map(|part| notices(part, &metric)).unwrap_or_default())
    };
    view! {
        <section class="form-section">
            <div class="form-head">
                <h3>"Metric filter"</h3>
                <AsRule run/>
            </div>
            <PatternEditor
                id="pattern"
                pattern
                draft=Callback::new(move |text| editing.draft(|backtest| backtest.filter.filter_pattern = text))
                done=Callback::new(move |()| editing.done())
            />
            <PatternCount run/>
            <References run/>
            <div class="form-row">
                <Field label="Metric value" problem=problem(Setting::MetricValue)>
                    <Text
                        value=value
                        mono=true
                        list=REFERENCES
                        draft=move |text| editing.draft(|backtest| metric(backtest).metric_value = text)
                        done=move || editing.done()
                    />
                </Field>
                <Field label="Default value" problem=problem(Setting::DefaultValue)>
                    <Number
                        value=default
                        placeholder="none"
                        draft=move |number| editing.draft(|backtest| metric(backtest).default_value = number)
                        done=move || editing.done()
                    />
                </Field>
            </div>
            <Dimensions run/>
            <ul class="pattern-notes">
                {move || notices().into_iter().map(|text| view! {
                    <li class="form-note"><Icon name="info" small=true/><span>{lab::capitalised(&text)}</span></li>
                }).collect_view()}
            </ul>
            <details class="form-more">
                <summary>"Names and unit"</summary>
                <Names run/>
            </details>
        </section>
    }
}

/// The button that makes an EventBridge rule of the filter, and what would be lost.
#[component]
fn AsRule(run: Run) -> impl IntoView {
    let (app, shell) = (use_app(), use_shell());
    let converted =
        Memo::new(move |_| run.backtest.with(|backtest| event_pattern_of_filter(&backtest.filter.filter_pattern)));
    let title = move || match converted.get() {
        Ok(converted) if converted.lost.is_empty() => "Says the same in EventBridge’s language".into(),
        Ok(converted) => converted.lost.join("\n"),
        Err(message) => message,
    };
    let convert = move |_| {
        let name = app.view.with_untracked(|view| {
            view.backtests.iter().find(|item| item.id == run.id).map(|item| item.name.clone()).unwrap_or_default()
        });
        as_rule(app, shell, &name, &run.backtest.get_untracked());
    };
    view! {
        <button
            type="button"
            class="button quiet"
            title=title
            disabled=move || converted.with(Result::is_err)
            on:click=convert
        >
            <Icon name="path" small=true/>"As an EventBridge rule"
        </button>
    }
}

fn problem_of(run: Run, setting: Setting) -> Signal<Option<String>> {
    Signal::derive(move || {
        run.filter_errors.with(|errors| {
            let error = &errors.iter().find(|error| error.setting == setting)?.error;
            Some(lab::advised(&error.message, error.help.as_deref()))
        })
    })
}

/// The fields of the pattern, offered where a value or dimension refers to one.
#[component]
fn References(run: Run) -> impl IntoView {
    let fields = move || {
        run.backtest.with(|backtest| match parse(&backtest.filter.filter_pattern) {
            Ok(Pattern::Json(expression)) => {
                let mut fields = std::collections::BTreeSet::new();
                expression.for_each(&mut |condition| {
                    fields.insert(condition.selector.to_string());
                });
                fields
            }
            _ => Default::default(),
        })
    };
    view! {
        <datalist id=REFERENCES>
            {move || fields().into_iter().map(|field| view! { <option value=field></option> }).collect_view()}
        </datalist>
    }
}

/// Name and field of a dimension.
type DimensionRow = (String, String);

/// Up to three dimensions, each a name and a field.
#[component]
fn Dimensions(run: Run) -> impl IntoView {
    let editing = run.editing();
    let saved = editing.get(|backtest| metric_of(backtest).dimensions);
    // Rows keep their order and their unfinished names while they are typed.
    let rows = RwSignal::new(Vec::<DimensionRow>::new());
    Effect::new(move |_| {
        let saved = saved.get();
        if rows.with_untracked(|rows| rows.iter().cloned().collect::<std::collections::BTreeMap<_, _>>() != saved) {
            rows.set(saved.into_iter().collect());
        }
    });
    let write = move || {
        let dimensions = rows.with_untracked(|rows| rows.iter().cloned().collect());
        editing.draft(|backtest: &mut Backtest| metric(backtest).dimensions = dimensions);
    };
    let change = move |change: &dyn Fn(&mut Vec<DimensionRow>)| {
        rows.update(change);
        write();
    };
    let add = move |_| {
        change(&|rows| rows.push((String::new(), String::new())));
        editing.done();
    };
    let count = Memo::new(move |_| rows.with(Vec::len));
    let row = move |index: usize| {
        let read = move |part: fn(&DimensionRow) -> &String| {
            Signal::derive(move || rows.with(|rows| rows.get(index).map(|row| part(row).clone()).unwrap_or_default()))
        };
        let problem = Signal::derive(move || {
            let name = rows.with(|rows| rows.get(index).map(|row| row.0.clone()))?;
            problem_of(run, Setting::Dimension(name)).get()
        });
        let remove = move |_| {
            change(&|rows| {
                rows.remove(index);
            });
            editing.done();
        };
        view! {
            <li class="dimension">
                <Text
                    value=read(|row| &row.0)
                    name="Dimension name"
                    placeholder="Name"
                    draft=move |text| change(&|rows| rows[index].0.clone_from(&text))
                    done=move || editing.done()
                />
                <Text
                    value=read(|row| &row.1)
                    name="Dimension value"
                    placeholder="$.field"
                    mono=true
                    list=REFERENCES
                    draft=move |text| change(&|rows| rows[index].1.clone_from(&text))
                    done=move || editing.done()
                />
                <button type="button" class="icon-button" aria-label="Remove this dimension" title="Remove this dimension" on:click=remove>
                    <Icon name="close" small=true/>
                </button>
                {move || problem.get().map(|problem| view! { <span class="form-problem">{problem}</span> })}
            </li>
        }
    };
    view! {
        <div class="form-field" role="group" aria-label="Dimensions">
            <span class="form-head">
                <span class="form-label">"Dimensions"</span>
                <Show when=move || count.get() < DIMENSIONS_MAX>
                    <button type="button" class="button quiet small" on:click=add>
                        <Icon name="plus" small=true/>"Add dimension"
                    </button>
                </Show>
            </span>
            <ul class="dimensions">{move || (0..count.get()).map(row).collect_view()}</ul>
            {move || problem_of(run, Setting::Dimensions).get().map(|problem| view! { <span class="form-problem">{problem}</span> })}
        </div>
    }
}

/// Names that change nothing about the result, and the unit.
#[component]
fn Names(run: Run) -> impl IntoView {
    let editing = run.editing();
    let filter_name = editing.get(|backtest| backtest.filter.filter_name.clone());
    let namespace = editing.get(|backtest| metric_of(backtest).metric_namespace);
    let metric_name = editing.get(|backtest| metric_of(backtest).metric_name);
    let unit = editing.get(|backtest| metric_of(backtest).unit.unwrap_or_default());
    let units = std::iter::once((String::new(), "None".to_owned()))
        .chain(UNITS.iter().filter(|unit| **unit != "None").map(|unit| ((*unit).to_owned(), (*unit).to_owned())))
        .collect::<Vec<_>>();
    view! {
        <Field label="Filter name">
            <Text
                value=filter_name
                draft=move |text| editing.draft(|backtest| backtest.filter.filter_name = text)
                done=move || editing.done()
            />
        </Field>
        <div class="form-row">
            <Field label="Metric namespace" problem=problem_of(run, Setting::MetricNamespace)>
                <Text
                    value=namespace
                    draft=move |text| editing.draft(|backtest| metric(backtest).metric_namespace = text)
                    done=move || editing.done()
                />
            </Field>
            <Field label="Metric name" problem=problem_of(run, Setting::MetricName)>
                <Text
                    value=metric_name
                    draft=move |text| editing.draft(|backtest| metric(backtest).metric_name = text)
                    done=move || editing.done()
                />
            </Field>
        </div>
        <Field label="Unit" problem=problem_of(run, Setting::Unit)>
            <Choice
                options=Signal::stored(units)
                value=unit
                set=move |unit| editing.set(|backtest| metric(backtest).unit = Some(unit).filter(|unit| !unit.is_empty()))
            />
        </Field>
    }
}
