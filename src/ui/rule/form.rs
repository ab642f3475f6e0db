//! The settings of a rule: name, pattern, state, targets.

use super::convert::AsMetricFilter;
use super::pattern_editor::PatternEditor;
use super::state::Active;
use super::targets::Targets;
use crate::model::rule::RuleState;
use crate::ui::metric::{Choice, Field};
use crate::view::rule::state_label;
use leptos::prelude::*;

/// The form.
#[component]
pub fn RuleForm(active: Active) -> impl IntoView {
    let states: Vec<_> =
        RuleState::ALL.iter().map(|state| (state.as_str().to_owned(), state_label(*state).to_owned())).collect();
    let state = active.get(|rule| rule.state);
    let hint = Signal::derive(move || {
        let hint = match state.get() {
            RuleState::Enabled => "Read-only management events (Get, List, Describe) do not arrive",
            RuleState::EnabledWithAllManagementEvents => "Read-only management events arrive, too",
            RuleState::Disabled => "Nothing arrives",
        };
        Some(hint.to_owned())
    });
    view! {
        <section class="form-section">
            <div class="form-head">
                <h3>"Event pattern"</h3>
                <AsMetricFilter active/>
            </div>
            <PatternEditor active/>
        </section>
        <section class="form-section">
            <h3>"Rule"</h3>
            <Field label="State" hint=hint>
                <Choice
                    options=Signal::stored(states)
                    value=Signal::derive(move || state.get().as_str().to_owned())
                    set=move |key| active.set(|rule| {
                        rule.state = RuleState::ALL.into_iter().find(|state| state.as_str() == key).unwrap_or_default();
                    })
                />
            </Field>
        </section>
        <Targets active/>
    }
}
