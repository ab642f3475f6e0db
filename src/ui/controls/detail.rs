//! What opens under a control: its patterns and what each checker makes of them, traps, mappings, and the ways on to the
//! events and to the alarm lab.

use crate::controls::framework::Framework;
use crate::controls::history::{History, histories};
use crate::controls::spelling::{Likeness, ProwlerVerdict, prowler, security_hub};
use crate::controls::{Control, Spelling};
use crate::ui::shell::use_shell;
use crate::ui::state::{Answer, use_answer, use_app};
use crate::ui::widgets::{Icon, clipboard};
use crate::view::controls::{alarm_words, by_version};
use crate::view::spelling::{hub_words, likeness_words, prowler_words};
use crate::view::{Action, Panel, format, lab};
use leptos::prelude::*;

/// The detail.
#[component]
pub fn Detail(control: &'static Control, framework: Framework) -> impl IntoView {
    let (app, shell) = (use_app(), use_shell());
    let wanted = framework.pattern(control);
    let first = control.spellings.iter().position(|spelling| spelling.pattern == wanted).unwrap_or_default();
    let chosen = RwSignal::new(first);
    let spelling = move || control.spellings.get(chosen.get());
    let pattern = move || spelling().map_or("", |spelling| spelling.pattern.as_str());
    let question = move || {
        let keep_duplicates = app.view.with(|view| view.keep_duplicates);
        app.session.has_data().then(|| (keep_duplicates, app.session.version.get()))
    };
    // All spellings at once: choosing one is then immediate.
    let answer = use_answer(question, move |(keep_duplicates, _)| async move {
        let patterns = control.spellings.iter().map(|spelling| spelling.pattern.clone()).collect();
        app.engine
            .matches("control", patterns, keep_duplicates, 0)
            .await
            .map(|part| histories(part).collect::<Vec<History>>())
    });
    let outcome = move || {
        answer.with(|answer: &Answer<Vec<History>>| answer.value.as_ref()?.get(chosen.get()).map(outcome_words))
    };
    let option = move |(at, spelling): (usize, &'static Spelling)| {
        view! { <option value=at.to_string() prop:selected=move || chosen.get() == at>{spelling.source.as_str()}</option> }
    };
    let show_events = move |_| {
        if let Some(search) = lab::search_for(pattern()) {
            app.preview(Action::KeepRanges(0));
            app.preview(Action::SetSearch(search.into()));
            app.dispatch(Action::Open(Panel::Events));
        }
    };
    let open_lab = move |_| {
        if let Some(spelling) = spelling() {
            let backtest = control.backtest(spelling);
            let known = app.view.with_untracked(|view| {
                view.backtests.iter().find(|item| item.backtest == backtest).map(|item| item.id)
            });
            match known {
                Some(id) => app.preview(Action::ActivateBacktest(id)),
                None => app.preview(Action::AddBacktest { name: control.title.clone(), backtest: Box::new(backtest) }),
            }
            app.dispatch(Action::Open(Panel::Alarms));
        }
    };
    let copy = move |_| {
        clipboard::copy(pattern().into(), move |ok| {
            shell.say(if ok { "Pattern copied" } else { "The browser refused to copy" });
        });
    };
    view! {
        <div class="control-detail">
            <div class="control-pattern">
                <label class="control-spelling">
                    <span class="muted">"Pattern as in"</span>
                    <select class="field" on:change=move |event| chosen.set(event_target_value(&event).parse().unwrap_or_default())>
                        {control.spellings.iter().enumerate().map(option).collect_view()}
                    </select>
                </label>
                <pre tabindex="0" aria-label="Filter pattern"><code>{pattern}</code></pre>
                {move || spelling().and_then(|spelling| spelling.note.clone()).map(|note| view! { <p class="muted">{lab::capitalised(&note)}"."</p> })}
                <p class="number" role="status">{move || outcome().unwrap_or_else(|| "Looking at the events…".into())}</p>
                <div class="control-actions">
                    <button class="button primary" on:click=open_lab><Icon name="flask" small=true/>"Open in the alarm lab"</button>
                    <button class="button" on:click=show_events><Icon name="list" small=true/>"Show events"</button>
                    <button class="button quiet" on:click=copy><Icon name="copy" small=true/>"Copy"</button>
                </div>
            </div>
            <div class="control-facts">
                {move || checks(control, pattern())}
                <Traps control/>
                <Mappings control/>
            </div>
        </div>
    }
}

fn outcome_words(history: &History) -> String {
    let events = format::plural(history.events, "event matches", "events match");
    let fires = match history.timeline.fires() {
        0 => "the recommended alarm never fires".into(),
        fires => format!("the recommended alarm fires {}", format::times(fires)),
    };
    format!("{events} this text; {fires}.")
}

/// What each checker makes of the pattern.
fn checks(control: &'static Control, pattern: &str) -> impl IntoView + use<> {
    let tone = |likeness: Option<Likeness>| match likeness {
        Some(Likeness::Exact) => "good",
        Some(Likeness::Equivalent) | None => "open",
        Some(Likeness::Differs) => "bad",
    };
    let line = |tone: &'static str, who: String, words: String| {
        view! { <li data-tone=tone><b>{who}</b><span>{lab::capitalised(&words)}</span></li> }
    };
    let hub = control.security_hub.as_ref().map_or_else(|| "Security Hub".into(), |id| format!("Security Hub {id}"));
    let verdict = prowler(control, pattern);
    let prowler_tone = match verdict {
        ProwlerVerdict::Accepted => "good",
        ProwlerVerdict::OtherOrder => "open",
        ProwlerVerdict::Lacks(_) => "bad",
    };
    let versions = by_version(control, pattern).into_iter();
    view! {
        <section aria-label="What checkers want">
            <h3>"Is it what the checkers want?"</h3>
            <ul class="control-checks">
                {line(tone(security_hub(control, pattern)), hub, hub_words(control, pattern).into())}
                {line(prowler_tone, "Prowler".into(), prowler_words(&verdict))}
                {versions.map(|(versions, likeness)| line(tone(Some(likeness)), format!("CIS {versions}"), likeness_words(likeness).into())).collect_view()}
            </ul>
        </section>
    }
}

/// What is known to go wrong, and alarms that others recommend.
#[component]
fn Traps(control: &'static Control) -> impl IntoView {
    let traps = (!control.traps.is_empty()).then(|| {
        view! {
            <section aria-label="Known traps">
                <h3>"Known traps"</h3>
                <ul class="control-traps">{control.traps.iter().map(|trap| view! { <li>{trap.as_str()}</li> }).collect_view()}</ul>
            </section>
        }
    });
    let alarms = (!control.alarm_alternatives.is_empty()).then(|| {
        let words = control.alarm_alternatives.iter().map(|variant| view! { <li>{alarm_words(control, variant)}</li> });
        view! {
            <section aria-label="Other alarms">
                <h3>"Alarms others recommend"</h3>
                <ul class="control-traps">{words.collect_view()}</ul>
            </section>
        }
    });
    view! { {traps}{alarms} }
}

/// Ids and clauses in all frameworks, each with its source.
#[component]
fn Mappings(control: &'static Control) -> impl IntoView {
    let line = |framework: Framework| {
        let ids = framework.ids(control);
        (!ids.is_empty()).then(|| {
            let (title, ids, source) = (framework.title(), ids.join(", "), framework.source(control));
            view! { <dt>{title}</dt><dd><span class="number">{ids}</span><span class="muted">{source}</span></dd> }
        })
    };
    view! {
        <section aria-label="Mappings">
            <h3>"Mapped to"</h3>
            <dl class="control-mappings">
                {[Framework::PciDss4, Framework::PciDss3, Framework::Hipaa].into_iter().filter_map(line).collect_view()}
                <dt>"Prowler"</dt><dd><span class="number">{control.prowler.check.as_str()}</span></dd>
                <dt>"CIS profile"</dt><dd>{control.cis_profile.as_str()}</dd>
            </dl>
        </section>
    }
}
