//! The simulated inbox: each message, action and event an alarm would have sent, one of them opened beside the list.

use super::{AlarmRun, StateMark};
use crate::base::EpochMs;
use crate::ui::metric::run::Shared;
use crate::ui::shell::use_shell;
use crate::ui::state::use_app;
use crate::ui::widgets::{Icon, clipboard};
use crate::view::inbox::{Alarm, EXPORTED, Entry, Inbox as Model, Letter, To};
use crate::view::{composites, format};
use leptos::prelude::*;

/// Entries listed at first, and added on demand.
const ROWS: usize = 50;

/// What a metric alarm would have sent.
pub fn inbox_of(run: AlarmRun) -> Signal<Option<Shared<Model>>> {
    let mutes = crate::ui::composite::use_composites().mutes;
    Memo::new(move |_| {
        let (timeline, sliding, alarm) = (run.timeline.get()?, run.sliding.get()?, Box::new(run.alarm()));
        let name = run.name.with(|name| composites::named(&alarm.alarm_name, name));
        let alarm = Alarm::Metric { alarm, metric: run.metric.get(), sliding: sliding.arc() };
        Some(Shared::new(Model::new(&name, alarm, timeline.arc(), None, &mutes.get())))
    })
    .into()
}

/// The list and the reading pane.
#[component]
pub fn Inbox(
    /// What was sent.
    #[prop(into)]
    inbox: Signal<Option<Shared<Model>>>,
) -> impl IntoView {
    let (app, shell) = (use_app(), use_shell());
    // Without a chosen one all: the last changes come after the last event.
    let range = app.range;
    let limit = RwSignal::new(ROWS);
    let actions_only = RwSignal::new(false);
    let opened = RwSignal::new(None::<Entry>);
    // What was opened may not be in another inbox.
    Effect::new(move |_| {
        inbox.track();
        limit.set(ROWS);
        opened.set(None);
    });
    let listed = Memo::new(move |_| {
        let (range, only) = (range.get(), actions_only.get());
        inbox.with(|inbox| {
            let Some(inbox) = inbox else { return (0, Vec::new()) };
            let is_listed = |entry: &&Entry| {
                range.is_none_or(|range| range.contains(entry.time)) && !(only && entry.to == To::EventBridge)
            };
            let all = || inbox.entries().iter().filter(is_listed);
            (all().count(), all().take(limit.get()).copied().collect::<Vec<_>>())
        })
    });
    let total = Memo::new(move |_| listed.with(|listed| listed.0));
    let title = move || {
        let (ran, held) = inbox.with(|inbox| inbox.as_ref().map(|inbox| inbox.counts()).unwrap_or_default());
        let held = if held > 0 { format!(", {} not run", format::count(held as u64)) } else { String::new() };
        let ran = if ran > 0 { format::plural(ran as u64, "action", "actions") } else { "No action".into() };
        format!("{ran} would have run{held}")
    };
    let short = move |time: EpochMs| app.short_time(time);
    let row = move |entry: Entry| {
        let shown = inbox.with_untracked(|inbox| {
            let inbox = inbox.as_ref()?;
            let (kind, to) = inbox.addressee(&entry);
            Some((kind, to.to_owned(), inbox.transition(&entry).to, inbox.note(&entry, short)))
        });
        let (kind, to, state, note) = shown?;
        Some(view! {
            <li>
                <button
                    type="button"
                    class="inbox-entry"
                    class:is-held=!entry.ran
                    aria-current=move || (opened.get() == Some(entry)).then_some("true")
                    on:click=move |_| opened.set(Some(entry))
                >
                    <span class="number">{move || app.zone.with(|zone| format::time(entry.time, zone))}</span>
                    <span class="state"><StateMark state=state/>{state.as_str()}</span>
                    <span class="inbox-to"><span class="badge">{kind}</span>" "{to}</span>
                    {note.map(|note| view! { <span class="inbox-note">{note}</span> })}
                </button>
            </li>
        })
    };
    let save = move |_| {
        let Some(inbox) = inbox.get_untracked() else { return };
        if clipboard::save("inbox.json", "application/json", &inbox.export()).is_some() {
            let all = inbox.entries().len();
            let saved = format::plural(all.min(EXPORTED) as u64, "entry", "entries");
            let rest = if all > EXPORTED { format!(" of {}", format::count(all as u64)) } else { String::new() };
            shell.say(format!("{saved}{rest} saved as inbox.json"));
        }
    };
    let letter = move || {
        let entry = opened.get()?;
        inbox.with(|inbox| {
            let inbox = inbox.as_ref()?;
            Some((inbox.letter(&entry), inbox.reason(&entry), inbox.note(&entry, short), entry.time))
        })
    };
    view! {
        <section class="inbox" aria-label="Inbox">
            <div class="inbox-head">
                <h3>{title}</h3>
                <span class="badge">"Nothing is ever sent"</span>
                <button
                    type="button"
                    class="toggle"
                    aria-pressed=move || actions_only.get().to_string()
                    on:click=move |_| actions_only.update(|only| *only = !*only)
                >"Only actions"</button>
                <button type="button" class="button small" disabled=move || total.get() == 0 on:click=save>
                    <Icon name="save" small=true/>"Save as JSON"
                </button>
            </div>
            <Show
                when=move || total.get() != 0
                fallback=move || {
                    let nothing = if actions_only.get() {
                        "No action would have run in this time range."
                    } else {
                        "No change of state in this time range, so nothing would have been sent."
                    };
                    view! { <p class="empty-note">{nothing}</p> }
                }
            >
                <div class="inbox-panes">
                    <div class="inbox-list" tabindex="0" role="region" aria-label="Messages and events">
                        <ol>
                            <For each=move || listed.with(|listed| listed.1.clone()) key=|entry| (entry.change, entry.to, entry.time, entry.ran) children=row/>
                        </ol>
                        <Show when=move || limit.get() < total.get()>
                            <button type="button" class="button small" on:click=move |_| limit.update(|limit| *limit += ROWS)>
                                {move || format!("Show more of {}", format::count(total.get() as u64))}
                            </button>
                        </Show>
                    </div>
                    <div class="inbox-letter" tabindex="0" role="region" aria-label="Opened" aria-live="polite">
                        {move || match letter() {
                            None => view! { <p class="muted">"Choose an entry to read what AWS would have sent."</p> }.into_any(),
                            Some((letter, reason, note, time)) => view! { <Opened letter reason note time/> }.into_any(),
                        }}
                    </div>
                </div>
            </Show>
        </section>
    }
}

/// One entry in full.
#[component]
fn Opened(letter: Letter, reason: String, note: Option<String>, time: EpochMs) -> impl IntoView {
    let (app, shell) = (use_app(), use_shell());
    let Letter { kind, arn, subject, body, .. } = letter;
    let body = body.map(|body| {
        let text = body.clone();
        let copy = move |_| {
            clipboard::copy(text.clone(), move |done| {
                shell.say(if done { "Body copied" } else { "The browser refused to copy" });
            });
        };
        view! {
            <button type="button" class="button small" on:click=copy><Icon name="copy" small=true/>"Copy body"</button>
            <pre class="mono" tabindex="0" aria-label="Body">{body}</pre>
        }
    });
    view! {
        <h4>{subject}</h4>
        <dl>
            <div><dt>"Time"</dt><dd class="number">{move || app.zone.with(|zone| format::time(time, zone))}</dd></div>
            <div><dt>{kind}</dt><dd class="mono">{arn}</dd></div>
            {note.map(|note| view! { <div><dt>"Actions"</dt><dd>{note}</dd></div> })}
            <div><dt>"Reason"</dt><dd>{reason}</dd></div>
        </dl>
        {body}
    }
}
