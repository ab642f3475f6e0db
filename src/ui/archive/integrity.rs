//! Whether the files are those that CloudTrail delivered.

mod files;
mod hours;
mod proof;

use crate::model::attachment::AttachmentKind;
use crate::ui::shell::use_shell;
use crate::ui::state::{Verification, use_app};
use crate::ui::widgets::{Icon, clipboard};
use crate::verify::{Advice, Report};
use crate::view::format;
use crate::view::integrity::Tone;
use crate::view::report::inert;
use crate::worker::pool::LoadState;
use files::Files;
use hours::Hours;
use leptos::prelude::*;
use proof::{Digests, Keys, SignFiles};
use std::sync::Arc;

/// The tab.
#[component]
pub fn Integrity() -> impl IntoView {
    let app = use_app();
    view! {
        <div class="integrity">
            {move || app.integrity.with(|verification| match verification {
                Verification::None => view! { <Nothing/> }.into_any(),
                Verification::Hashing { done, all } => {
                    view! { <Working what="Hashing files" done=*done all=*all/> }.into_any()
                }
                Verification::Signatures { done, all } => {
                    view! { <Working what="Verifying signatures" done=*done all=*all/> }.into_any()
                }
                Verification::Done(report) => view! { <Verified report=Arc::clone(report)/> }.into_any(),
                Verification::Failed(reason) => view! { <Failed reason=reason.clone()/> }.into_any(),
            })}
        </div>
    }
}

/// There is nothing to verify with, or not yet.
#[component]
fn Nothing() -> impl IntoView {
    let app = use_app();
    let sentence = move || {
        if app.session.is_loading() {
            return "When all files are read, they are verified with the digest files among them.";
        }
        app.session.findings.track();
        let has_keys = app
            .engine
            .with_load(|load| load.attachments.iter().any(|attachment| attachment.kind == AttachmentKind::PublicKeys));
        if has_keys == Some(true) {
            "Public keys were dropped, but no digest files that they could verify."
        } else {
            "No digest files among what was dropped, so nothing can be said about whether the files are genuine."
        }
    };
    view! {
        <div class="empty-note">
            <Icon name="shield"/>
            <p>{sentence}</p>
            <p>
                "A trail with log file validation writes a digest every hour under "
                <code>"AWSLogs/…/CloudTrail-Digest/"</code>
                ", with the SHA-256 of each log file and the signature of the digest before it. Drop that folder, too."
            </p>
        </div>
    }
}

/// How far it is.
#[component]
fn Working(what: &'static str, done: u32, all: u32) -> impl IntoView {
    let (part, count) = (f64::from(done) / f64::from(all.max(1)), |number: u32| format::count(u64::from(number)));
    view! {
        <div class="integrity-progress" role="status">
            <progress max="1" prop:value=part aria-label=what></progress>
            <p>{format!("{what}: {} of {}", count(done), count(all))}</p>
        </div>
    }
}

#[component]
fn Failed(reason: String) -> impl IntoView {
    let app = use_app();
    view! {
        <div class="error-note" role="alert">
            <p>{format!("The files could not be verified: {reason}")}</p>
            <button class="button" on:click=move |_| app.integrity.start(app)>"Try again"</button>
        </div>
    }
}

/// What it came to.
#[component]
fn Verified(report: Arc<Report>) -> impl IntoView {
    let app = use_app();
    let shell = use_shell();
    let tone = Tone::of_report(&report);
    let json = {
        let report = Arc::clone(&report);
        move || serde_json::to_string_pretty(&*report).unwrap_or_default()
    };
    let copy = {
        let report = Arc::clone(&report);
        move |_| {
            clipboard::copy(as_text(&report), move |done| {
                shell.say(if done { "Result copied" } else { "The browser refused to copy" })
            });
        }
    };
    let save = move |_| {
        if clipboard::save("integrity.json", "application/json", &json()).is_none() {
            shell.say("The browser refused to save");
        }
    };
    let is_partial = app.engine.with_load(LoadState::was_stopped).unwrap_or_default();
    view! {
        <div class=format!("integrity-summary {}", tone.class())>
            <Icon name=tone.icon()/>
            <p>{report.summary.clone()}</p>
            <div class="integrity-actions">
                <button class="button" on:click=copy><Icon name="copy"/>"Copy"</button>
                <button class="button" on:click=save><Icon name="save"/>"Save as JSON"</button>
            </div>
        </div>
        {is_partial.then(|| view! {
            <p class="error-note">"Not everything was read: what is missing here may be among what was dropped."</p>
        })}
        <AdviceList advice=report.advice.clone() problems=report.problems.clone()/>
        <Hours report=Arc::clone(&report)/>
        <Files report=Arc::clone(&report)/>
        <Digests report=Arc::clone(&report)/>
        <SignFiles report=Arc::clone(&report)/>
        <Keys report=report/>
    }
}

/// What would get further, and what is of no use.
#[component]
fn AdviceList(advice: Vec<Advice>, problems: Vec<String>) -> impl IntoView {
    let shell = use_shell();
    let items = advice.into_iter().map(move |Advice { text, command }| {
        let command = command.map(|command| {
            let text = command.clone();
            let copy = move |_| {
                clipboard::copy(text.clone(), move |done| {
                    shell.say(if done { "Command copied" } else { "The browser refused to copy" })
                });
            };
            view! {
                <div class="integrity-command">
                    <code>{command}</code>
                    <button class="icon-button" aria-label="Copy command" title="Copy command" on:click=copy>
                        <Icon name="copy"/>
                    </button>
                </div>
            }
        });
        view! { <li><p>{text}</p>{command}</li> }
    });
    let items: Vec<_> = items.collect();
    let problems: Vec<_> = problems.into_iter().map(|problem| view! { <li>{problem}</li> }).collect();
    view! {
        {(!items.is_empty()).then(|| view! {
            <section aria-label="To get further">
                <h2>"To get further"</h2>
                <ul class="integrity-advice">{items}</ul>
            </section>
        })}
        {(!problems.is_empty()).then(|| view! {
            <section aria-label="Not used">
                <h2>"Not used"</h2>
                <ul class="integrity-advice">{problems}</ul>
            </section>
        })}
    }
}

/// The result for a letter or a ticket: what is wrong, line by line.
fn as_text(report: &Report) -> String {
    let mut text = format!("{}\n", report.summary);
    let digests = report.digests.iter().map(|it| (it.verdict, it.path.as_ref().unwrap_or(&it.object), &it.reason));
    let files =
        report.files.iter().filter_map(|it| Some((it.verdict, it.path.as_ref().or(it.object.as_ref())?, &it.reason)));
    for (verdict, name, reason) in digests.chain(files).filter(|(verdict, ..)| Tone::of(*verdict) != Tone::Good) {
        text.push_str(&format!("{}\t{}\t{}\n", verdict.words(), inert(name), inert(reason)));
    }
    text
}
