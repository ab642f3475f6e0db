//! The view or a metric as a query for Athena or Logs Insights, to read, copy or save.

use super::metric::{Field, Text};
use super::shell::use_shell;
use super::state::{Values, use_answer, use_app};
use super::widgets::{Icon, Modal, clipboard};
use crate::model::partial::GroupPart;
use crate::model::query::Scope;
use crate::view::Panel;
use crate::view::translate::{Language, bucket, events, location_problem, metric, write};
use leptos::prelude::*;

/// Accounts and Regions that the table names at most.
const PLACES: u32 = 1_000;

/// The dialog.
#[component]
pub fn Translate() -> impl IntoView {
    let (app, shell) = (use_app(), use_shell());
    let language = RwSignal::new(Language::default());
    let has_metric = Memo::new(move |_| app.active_backtest.with(Option::is_some));
    let of_metric = RwSignal::new(has_metric.get_untracked() && app.panel.get_untracked() == Panel::Alarms);
    let location = RwSignal::new(String::new());
    let values = move |field: &'static str| {
        let question = move || {
            let is_wanted = language.get() == Language::AthenaTable && app.session.has_data();
            is_wanted.then(|| app.session.version.get())
        };
        use_answer(question, move |_| {
            let values = Values {
                scope: Scope::default(),
                field: field.to_owned(),
                contains: String::new(),
                limit: PLACES,
                named: Vec::new(),
                spans: false,
            };
            async move { app.engine.group(&format!("translate:{field}"), values).await }
        })
    };
    let (accounts, regions) = (values("recipientAccountId"), values("awsRegion"));
    let named = |part: &GroupPart| part.values.keys().flatten().cloned().collect::<Vec<String>>();
    let output = Memo::new(move |_| {
        let question = app.view.with(|view| match app.active_backtest.get().filter(|_| of_metric.get()) {
            Some(item) => metric(view, &item),
            None => events(view, &app.search.get()),
        });
        let list = |answer: ReadSignal<super::state::Answer<GroupPart>>| {
            answer.with(|answer| answer.value.as_deref().map(named).unwrap_or_default())
        };
        let first = app.session.loaded.with(|loaded| loaded.first);
        let place = location.with(|text| if location_problem(text).is_none() { text.clone() } else { String::new() });
        write(language.get(), &question, &bucket(&place, &list(accounts), &list(regions), first))
    });
    let text = move || output.with(|output| output.as_ref().map(|written| written.text.clone()).unwrap_or_default());
    let refusal = move || output.with(|output| output.as_ref().err().cloned());
    let notes = move || {
        output.with(|output| {
            let notes = output.as_ref().map(|written| written.notes.clone()).unwrap_or_default();
            notes
                .into_iter()
                .map(|note| view! { <li class="form-note"><Icon name="info" small=true/>{note}</li> })
                .collect_view()
        })
    };
    let is_empty = Memo::new(move |_| output.with(Result::is_err));
    let is_table = Memo::new(move |_| language.get() == Language::AthenaTable);
    let copy = move |_| {
        clipboard::copy(text(), move |done| {
            shell.say(if done { "Query copied" } else { "The browser refused to copy" });
        });
    };
    let save = move |_| {
        if clipboard::save(language.get_untracked().file_name(), "text/plain", &text()).is_some() {
            shell.say("Query saved");
        }
    };
    let in_language = move |option: Language| {
        view! {
            <button type="button" aria-pressed=move || (language.get() == option).to_string() on:click=move |_| language.set(option)>
                {option.label()}
            </button>
        }
    };
    let about = move |option: bool, label: &'static str| {
        view! {
            <button type="button" aria-pressed=move || (of_metric.get() == option).to_string() on:click=move |_| of_metric.set(option)>
                {label}
            </button>
        }
    };
    let problem = move || location.with(|text| location_problem(text).map(str::to_owned));
    let explanation = move || match language.get() {
        Language::Athena => "For the table cloudtrail_logs, see Athena table. Every condition says what it says here.",
        Language::AthenaTable => "Makes the table that the queries read, with the accounts and Regions seen here.",
        Language::LogsInsights => "For the log group that the trail delivers to.",
    };
    view! {
        <Modal title="Ask Athena or Logs Insights" class="deploy translate" close=move || shell.dialog.set(None)>
            <div class="deploy-choices">
                <div class="segmented" role="group" aria-label="Language">{Language::ALL.map(in_language)}</div>
                <Show when=move || has_metric.get() && !is_table.get()>
                    <div class="segmented" role="group" aria-label="Subject">
                        {about(false, "Events in view")}
                        {about(true, "Metric")}
                    </div>
                </Show>
            </div>
            <Show when=move || is_table.get()>
                <div class="translate-place">
                    <Field label="Where the trail’s log files are" problem=Signal::derive(problem)>
                        <Text
                            value=location
                            draft=move |text| location.set(text)
                            done=|| ()
                            placeholder="s3://your-bucket/AWSLogs/"
                            mono=true
                        />
                    </Field>
                </div>
            </Show>
            <ul class="deploy-notes">{notes}</ul>
            <Show when=move || !is_empty.get() fallback=move || view! { <p class="empty-note">{refusal}</p> }>
                <pre class="deploy-text mono" tabindex="0" aria-label="Query">{text}</pre>
            </Show>
            <div class="deploy-actions">
                <p class="muted">{explanation}</p>
                <button class="button" disabled=move || is_empty.get() on:click=copy><Icon name="copy" small=true/>"Copy"</button>
                <button class="button" disabled=move || is_empty.get() on:click=save>
                    <Icon name="save" small=true/>
                    {move || format!("Save {}", language.get().file_name())}
                </button>
            </div>
        </Modal>
    }
}
