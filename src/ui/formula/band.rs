//! The anomaly detection band, in place of a threshold.

use super::run::FormulaRun;
use crate::ui::metric::{Field, Number};
use crate::view::formula;
use leptos::prelude::*;

/// Whether there is a band, and how wide it is.
#[component]
pub fn BandFields(run: FormulaRun) -> impl IntoView {
    let editing = run.on_alarm.editing();
    let has_band = editing.get(|alarm| alarm.threshold_metric_id.is_some());
    let width = editing.get(formula::band_width);
    view! {
        <label class="check">
            <input
                type="checkbox"
                prop:checked=move || has_band.get()
                on:change=move |event| editing.set(|alarm| formula::set_band(alarm, event_target_checked(&event)))
            />
            "Compare with an anomaly detection band"
        </label>
        <Show when=move || has_band.get()>
            <Field label="Width of the band in standard deviations">
                <Number
                    value=width
                    min=0.1
                    draft=move |width| { if let Some(width) = width { editing.draft(|alarm| formula::set_band_width(alarm, width)) } }
                    done=move || editing.done()
                />
            </Field>
        </Show>
    }
}
