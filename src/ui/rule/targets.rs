//! The targets of a rule, and what each would get of the chosen event. Simulated: nothing is ever sent.

use super::event::Chosen;
use super::state::Active;
use crate::model::rule::{InputTransformer, Target};
use crate::pattern::eventbridge::transform;
use crate::ui::metric::{Choice, Field, Text};
use crate::ui::widgets::Icon;
use crate::view::rule::TARGETS_MAX;
use leptos::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a target gets: the choices of the console.
const INPUTS: [(&str, &str); 4] = [
    ("event", "The matched event"),
    ("path", "Part of the matched event"),
    ("constant", "Constant (JSON)"),
    ("transformer", "Input transformer"),
];

/// The topic of AWS's examples.
const ARN: &str = "arn:aws:sns:us-east-1:111122223333:security";

/// The targets.
#[component]
pub fn Targets(active: Active) -> impl IntoView {
    let count = active.get(|rule| rule.targets.len());
    let add = move |_| {
        active.set(|rule| {
            let id = (1..).map(|number| format!("Target{number}")).find(|id| rule.targets.iter().all(|t| t.id != *id));
            rule.targets.push(Target { id: id.unwrap_or_default(), arn: ARN.into(), ..Target::default() });
        });
    };
    view! {
        <section class="form-section">
            <div class="form-head">
                <h3>"Targets " <span class="badge">"Simulated, nothing is sent"</span></h3>
                <button type="button" class="button quiet" disabled=move || { count.get() >= TARGETS_MAX } on:click=add>
                    <Icon name="plus" small=true/>"Add"
                </button>
            </div>
            <For each=move || 0..count.get() key=|index| *index let:index><TargetForm active index/></For>
        </section>
    }
}

/// One target.
#[component]
fn TargetForm(active: Active, index: usize) -> impl IntoView {
    let of = move |read: fn(&Target) -> String| {
        active.get(move |rule| rule.targets.get(index).map(read).unwrap_or_default())
    };
    let edit = move |change: Box<dyn FnOnce(&mut Target)>| {
        active.draft(|rule| {
            if let Some(target) = rule.targets.get_mut(index) {
                change(target);
            }
        });
    };
    let kind = of(|target| input_kind(target).to_owned());
    let options: Vec<_> = INPUTS.iter().map(|(key, label)| ((*key).to_owned(), (*label).to_owned())).collect();
    let choose = move |key: String| {
        active.set(|rule| rule.targets.get_mut(index).into_iter().for_each(|target| set_kind(target, &key)));
    };
    let arn = of(|target| target.arn.clone());
    let path = of(|target| target.input_path.clone().unwrap_or_default());
    let constant = of(|target| target.input.clone().unwrap_or_default());
    let paths = of(|target| target.input_transformer.as_ref().map(paths_text).unwrap_or_default());
    let template = of(|target| target.input_transformer.as_ref().map(|t| t.input_template.clone()).unwrap_or_default());
    let done = move || active.done();
    view! {
        <fieldset class="rule-target">
            <legend class="hidden-text">{format!("Target {}", index + 1)}</legend>
            <div class="rule-target-head">
                <Text value=arn mono=true name="ARN of the target" draft=move |text| edit(Box::new(move |target| target.arn = text)) done/>
                <button
                    type="button"
                    class="icon-button"
                    aria-label="Remove the target"
                    title="Remove the target"
                    on:click=move |_| active.set(|rule| if index < rule.targets.len() { rule.targets.remove(index); })
                ><Icon name="trash" small=true/></button>
            </div>
            <Field label="What it gets"><Choice options=Signal::stored(options) value=kind set=choose/></Field>
            <Show when=move || kind.get() == "path">
                <Field label="Path">
                    <Text value=path mono=true placeholder="$.detail" draft=move |text| edit(Box::new(move |target| target.input_path = Some(text))) done/>
                </Field>
            </Show>
            <Show when=move || kind.get() == "constant">
                <Area label="JSON" value=constant draft=move |text| edit(Box::new(move |target| target.input = Some(text))) done/>
            </Show>
            <Show when=move || kind.get() == "transformer">
                <Area
                    label="Input paths, one a line: name = path"
                    value=paths
                    draft=move |text| edit(Box::new(move |target| transformer(target).input_paths_map = parse_paths(&text)))
                    done
                />
                <Area
                    label="Input template"
                    value=template
                    draft=move |text| edit(Box::new(move |target| transformer(target).input_template = text))
                    done
                />
            </Show>
        </fieldset>
    }
}

/// Lines of text.
#[component]
fn Area(
    label: &'static str,
    value: Memo<String>,
    draft: impl Fn(String) + Copy + Send + Sync + 'static,
    done: impl Fn() + Copy + Send + Sync + 'static,
) -> impl IntoView {
    // What is typed stays as it is while it is typed: paths are read line by line and would come back in order.
    let text = RwSignal::new(value.get_untracked());
    let focused = RwSignal::new(false);
    Effect::new(move |_| {
        let value = value.get();
        if !focused.get_untracked() {
            text.set(value);
        }
    });
    view! {
        <label class="form-field">
            <span class="form-label">{label}</span>
            <textarea
                class="field mono rule-area"
                rows="4"
                spellcheck="false"
                prop:value=move || text.get()
                on:focus=move |_| focused.set(true)
                on:input=move |event| { text.set(event_target_value(&event)); draft(event_target_value(&event)); }
                on:blur=move |_| { focused.try_set(false); done(); }
            ></textarea>
        </label>
    }
}

/// What the targets would get of the chosen event.
#[component]
pub fn Preview(active: Active, chosen: Arc<Chosen>) -> impl IntoView {
    let inputs = Memo::new(move |_| {
        active.rule.with(|rule| {
            let whole = [Target { arn: "A target without input settings".into(), ..Target::default() }];
            let targets = if rule.targets.is_empty() { &whole[..] } else { &rule.targets };
            let input = |target: &Target| (target.arn.clone(), transform::input(target, &rule.name, &chosen.event));
            targets.iter().map(input).collect::<Vec<_>>()
        })
    });
    let one = |(arn, input): (String, Result<transform::Delivered, String>)| {
        let (text, notes) = match input {
            Ok(delivered) => (delivered.text, delivered.notes),
            Err(message) => (String::new(), vec![message]),
        };
        let notes =
            notes.into_iter().map(|note| view! { <li class="form-note"><Icon name="alert" small=true/>{note}</li> });
        view! {
            <li>
                <p class="mono rule-arn">{arn}</p>
                <ul>{notes.collect_view()}</ul>
                <pre class="mono rule-input" tabindex="0" aria-label="What the target gets">{text}</pre>
            </li>
        }
    };
    view! {
        <section class="rule-preview" aria-label="What targets get">
            <h3>"What targets get " <span class="badge">"Simulated, nothing is sent"</span></h3>
            <ul>{move || inputs.get().into_iter().map(one).collect_view()}</ul>
        </section>
    }
}

fn input_kind(target: &Target) -> &'static str {
    match target {
        Target { input_transformer: Some(_), .. } => "transformer",
        Target { input_path: Some(_), .. } => "path",
        Target { input: Some(_), .. } => "constant",
        _ => "event",
    }
}

fn set_kind(target: &mut Target, kind: &str) {
    (target.input, target.input_path, target.input_transformer) = (None, None, None);
    match kind {
        "path" => target.input_path = Some("$.detail".into()),
        "constant" => target.input = Some("{\"alert\": true}".into()),
        "transformer" => {
            let paths = [("who", "$.detail.userIdentity.arn"), ("what", "$.detail.eventName"), ("region", "$.region")];
            target.input_transformer = Some(InputTransformer {
                input_paths_map: paths.map(|(name, path)| (name.to_owned(), path.to_owned())).into(),
                input_template: "\"<who> called <what> in <region>\"".into(),
            });
        }
        _ => {}
    }
}

fn transformer(target: &mut Target) -> &mut InputTransformer {
    target.input_transformer.get_or_insert_default()
}

fn paths_text(transformer: &InputTransformer) -> String {
    transformer.input_paths_map.iter().map(|(name, path)| format!("{name} = {path}")).collect::<Vec<_>>().join("\n")
}

fn parse_paths(text: &str) -> BTreeMap<String, String> {
    let pairs = text.lines().filter_map(|line| line.split_once('='));
    pairs.map(|(name, path)| (name.trim().to_owned(), path.trim().to_owned())).collect()
}
