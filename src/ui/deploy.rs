//! Metric filters and alarms, or rules in their panel, as configuration to take to AWS: which, as what, to read, copy or save.

use super::shell::{Dialog, use_shell};
use super::state::use_app;
use super::widgets::{Icon, Modal, clipboard};
use crate::deploy::{Alarms, CompositeEntry, Entry, Format, FormulaEntry, Output, rule, write};
use crate::view::Panel;
use leptos::prelude::*;

/// The dialog.
#[component]
pub fn Deploy() -> impl IntoView {
    let (app, shell) = (use_app(), use_shell());
    let format = RwSignal::new(Format::default());
    let of_rules = app.panel.get_untracked() == Panel::Rules;
    let is_one_open =
        app.view.with_untracked(|view| if of_rules { view.active_rule.is_some() } else { view.active.is_some() });
    let all = RwSignal::new(!is_one_open);
    let count =
        Memo::new(move |_| app.view.with(|view| if of_rules { view.rules.len() } else { view.alarm_ids().count() }));
    let output = Memo::new(move |_| {
        app.view.with(|view| {
            if of_rules {
                let wanted = view.rules.iter().filter(|item| all.get() || Some(item.id) == view.active_rule);
                return rule::write(wanted.map(|item| &item.rule), format.get());
            }
            let is_wanted = |id: u32| all.get() || Some(id) == view.active;
            let backtests = view.backtests.iter().filter(|item| is_wanted(item.id));
            let formulas = view.formulas.iter().filter(|item| is_wanted(item.id));
            let composites = view.composites.iter().filter(|item| is_wanted(item.id));
            let alarms = Alarms {
                backtests: backtests.map(|item| Entry { name: &item.name, backtest: &item.backtest }).collect(),
                formulas: formulas.map(|item| FormulaEntry { name: &item.name, backtest: &item.backtest }).collect(),
                composites: composites.map(|item| CompositeEntry { name: &item.name, alarm: &item.alarm }).collect(),
                mutes: &view.mutes,
            };
            write(&alarms, format.get())
        })
    });
    let file_name = move |format: Format| if of_rules { rule::file_name(format) } else { format.file_name() };
    let text = move || output.with(|Output { text, .. }| text.clone());
    let close = move || shell.dialog.set(None);
    let copy = move |_| {
        clipboard::copy(text(), move |done| {
            shell.say(if done { "Configuration copied" } else { "The browser refused to copy" });
        });
    };
    let save = move |_| {
        if clipboard::save(file_name(format.get_untracked()), "text/plain", &text()).is_some() {
            shell.say("Configuration saved");
        }
    };
    let as_format = move |option: Format| {
        view! {
            <button type="button" aria-pressed=move || (format.get() == option).to_string() on:click=move |_| format.set(option)>
                {option.label()}
            </button>
        }
    };
    let which = move |option: bool, label: String| {
        view! {
            <button type="button" aria-pressed=move || (all.get() == option).to_string() on:click=move |_| all.set(option)>
                {label}
            </button>
        }
    };
    let is_empty = Memo::new(move |_| output.with(|output| output.text.is_empty()));
    view! {
        <Modal title="Take it to AWS" class="deploy" close=close>
            <div class="deploy-choices">
                <div class="segmented" role="group" aria-label="Format">{Format::ALL.map(as_format)}</div>
                <Show when=move || { is_one_open && count.get() > 1 }>
                    <div class="segmented" role="group" aria-label=if of_rules { "Rules" } else { "Alarms" }>
                        {which(false, if of_rules { "This rule" } else { "This alarm" }.to_owned())}
                        {which(true, format!("All {}", count.get_untracked()))}
                    </div>
                </Show>
            </div>
            <ul class="deploy-notes">
                {move || output.with(|output| output.notes.iter().map(|note| view! {
                    <li class="form-note"><Icon name="alert" small=true/>{note.clone()}</li>
                }).collect_view())}
            </ul>
            <Show
                when=move || !is_empty.get()
                fallback=move || {
                    let nothing = match (count.get(), of_rules) {
                        (0, false) => "No metric filter yet: add one first",
                        (0, true) => "No rule yet: add one first",
                        _ => "Nothing that AWS would accept",
                    };
                    view! { <p class="empty-note">{nothing}</p> }
                }
            >
                <pre class="deploy-text mono" tabindex="0" aria-label="Configuration">{text}</pre>
            </Show>
            <div class="deploy-actions">
                <p class="muted">"Nothing is created from here: read it, then deploy it with your own tools."</p>
                <button class="button quiet" on:click=move |_| shell.dialog.set(Some(Dialog::Translate))>
                    <Icon name="search" small=true/>
                    "Query for Athena or Logs Insights"
                </button>
                <button class="button" disabled=move || is_empty.get() on:click=copy><Icon name="copy" small=true/>"Copy"</button>
                <button class="button" disabled=move || is_empty.get() on:click=save>
                    <Icon name="save" small=true/>
                    {move || format!("Save {}", file_name(format.get()))}
                </button>
            </div>
        </Modal>
    }
}
