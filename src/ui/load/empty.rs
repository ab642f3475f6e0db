//! The screen before anything is loaded: what this is, how to begin, why it is safe.

use super::partly::Partly;
use super::picker;
use crate::ui::commands::run;
use crate::ui::privacy::{HowToCheck, PROMISE};
use crate::ui::shell::use_shell;
use crate::ui::state::{Phase, use_app};
use crate::ui::widgets::Icon;
use crate::view::commands::Command;
use crate::view::kept;
use crate::worker::web::port::{next_frame, next_turn};
use leptos::prelude::*;

/// The start screen.
#[component]
pub fn EmptyScreen() -> impl IntoView {
    let app = use_app();
    let shell = use_shell();
    // Once the screen is drawn, one thing after the other: what is dropped next finds everything at hand. A screen
    // that comes back does so with panes of their own.
    shell.is_ready.set(false);
    leptos::task::spawn_local(async move {
        next_frame().await;
        app.engine.warm_up(app);
        next_turn().await;
        shell.is_ready.set(true);
    });
    let failure = move || {
        app.session.phase.with(|phase| match phase {
            Phase::Failed(message) => Some(message.clone()),
            _ => None,
        })
    };
    view! {
        <main class="welcome" id="main" tabindex="-1">
            <div class="welcome-inner">
                <Motif/>
                <h1>"Drop a CloudTrail archive"</h1>
                <p class="welcome-lead">
                    "See what happened, then write a CloudWatch metric filter and see every time its alarm would have fired."
                </p>
                {move || failure().map(|message| view! { <p class="error-note" role="alert">{message}</p> })}
                <div class="welcome-actions">
                    <button class="button primary large" on:click=move |_| picker::open_files()>
                        <Icon name="file"/>"Open files"
                    </button>
                    <button class="button large" on:click=move |_| picker::open_folder()>
                        <Icon name="folder"/>"Open a folder"
                    </button>
                    <button class="button large" on:click=move |_| run(app, shell, Command::LoadSample)>
                        <Icon name="flask"/>"Load the sample"
                    </button>
                </div>
                {move || app.view.with(kept::sentence).map(|kept| view! { <p class="welcome-kept">{kept}</p> })}
                <p class="welcome-formats">
                    "Drop files or folders anywhere, or paste JSON. Reads "
                    <code>".json"</code>" "<code>".json.gz"</code>" "<code>".csv"</code>" "<code>".zip"</code>" "<code>".tar"</code>" "
                    <code>".tar.gz"</code>" as S3, CloudWatch Logs, EventBridge and the AWS CLI give them to you."
                </p>
                <Partly/>
                <Privacy/>
            </div>
        </main>
    }
}

/// The promise that nothing leaves the page, and how to check it.
#[component]
fn Privacy() -> impl IntoView {
    view! {
        <details class="privacy">
            <summary>
                <Icon name="shield"/>
                <span>{PROMISE}</span>
                <span class="privacy-how">"How to check"</span>
            </summary>
            <HowToCheck/>
        </details>
    }
}

/// A small picture of what the page is for: events, a threshold, alarm states.
#[component]
fn Motif() -> impl IntoView {
    let bars = [7, 9, 6, 10, 8, 12, 9, 7, 11, 30, 38, 22, 9, 8, 12, 7, 10, 9, 26, 11, 8, 10, 7, 9];
    view! {
        <svg class="motif" viewBox="0 0 240 64" aria-hidden="true">
            {bars
                .into_iter()
                .enumerate()
                .map(|(index, height)| {
                    let class = if height > 20 { "motif-alarm" } else { "motif-bar" };
                    view! {
                        <rect
                            class=class
                            x=(index * 10 + 1).to_string()
                            y=(48 - height).to_string()
                            width="8"
                            height=height.to_string()
                            rx="1"
                        />
                    }
                })
                .collect_view()}
            <path class="motif-threshold" d="M0 28h240"/>
            <rect class="motif-ok" x="0" y="55" width="240" height="5" rx="1"/>
            <rect class="motif-alarm" x="91" y="55" width="28" height="5" rx="1"/>
            <rect class="motif-alarm" x="181" y="55" width="8" height="5" rx="1"/>
        </svg>
    }
}
