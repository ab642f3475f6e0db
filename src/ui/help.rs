//! The list of shortcuts and of the search language, made from the registries.

use super::shell::use_shell;
use super::widgets::Modal;
use crate::view::commands::COMMANDS;
use crate::view::value_menu::VALUE_MENU;
use leptos::prelude::*;

/// How the search reads, by example.
const SEARCHES: [(&str, &str); 8] = [
    ("accessdenied", "text anywhere, upper or lower case"),
    ("\"console login\"", "a phrase"),
    ("eventName:ConsoleLogin", "a field has this value"),
    ("eventName:Delete*,Put*", "one of these, * at either end"),
    ("-userIdentity.type:AWSService", "not this"),
    ("~awsRegion:eu-west-1", "switched off, kept for later"),
    ("errorCode:*", "the field is present"),
    ("{ $.errorCode = \"*Unauthorized*\" }", "a CloudWatch filter pattern"),
];

/// Keys inside the table.
const TABLE_KEYS: [(&str, &str); 4] = [
    ("← → ↑ ↓", "Move between cells"),
    ("Enter", "Open the event"),
    ("Home / End", "First or last column"),
    ("Shift F10", "Menu of the value"),
];

/// The dialog.
#[component]
pub fn Help() -> impl IntoView {
    let shell = use_shell();
    let mut groups: Vec<&str> =
        COMMANDS.iter().filter(|entry| !entry.keys.is_empty()).map(|entry| entry.group).collect();
    groups.dedup();
    let section = |group: &'static str| {
        let lines = COMMANDS.iter().filter(move |entry| entry.group == group && !entry.keys.is_empty());
        view! {
            <section>
                <h3>{group}</h3>
                <dl class="keys">
                    {lines.map(|entry| view! {
                        <dt>{entry.keys.iter().map(|key| view! { <kbd>{key.to_string()}</kbd> }).collect_view()}</dt>
                        <dd>{entry.title}</dd>
                    }).collect_view()}
                </dl>
            </section>
        }
    };
    view! {
        <Modal title="Keyboard and search" class="help" close=move || shell.dialog.set(None)>
            <div class="dialog-body" tabindex="0">
                <div class="help-columns">
                    {groups.into_iter().map(section).collect_view()}
                    <section>
                        <h3>"Table"</h3>
                        <dl class="keys">
                            {TABLE_KEYS.map(|(key, title)| view! { <dt><kbd>{key}</kbd></dt><dd>{title}</dd> }).collect_view()}
                        </dl>
                    </section>
                    <section>
                        <h3>"On a value"</h3>
                        <dl class="keys">
                            {VALUE_MENU.iter().map(|entry| view! {
                                <dt><kbd>{entry.key.to_string()}</kbd></dt><dd>{entry.title}</dd>
                            }).collect_view()}
                        </dl>
                    </section>
                </div>
                <section>
                    <h3>"Search"</h3>
                    <dl class="keys searches">
                        {SEARCHES.map(|(text, meaning)| view! { <dt><code>{text}</code></dt><dd>{meaning}</dd> }).collect_view()}
                    </dl>
                </section>
            </div>
        </Modal>
    }
}
