//! What the colours of bars of events mean.

use crate::view::format;
use leptos::prelude::*;

/// Events without and with an error code.
#[component]
pub fn OutcomeLegend(
    /// How many there are of each; `None` while they are not counted.
    totals: Signal<Option<(u64, u64)>>,
) -> impl IntoView {
    // While nothing is counted yet there are rows already, so none would be wrong.
    let number = |count: Option<u64>| count.map_or_else(|| "–".into(), format::count);
    let success = move || number(totals.get().map(|(success, _)| success));
    let error = move || number(totals.get().map(|(_, error)| error));
    view! {
        <span class="legend"><i class="swatch success"></i><b class="number">{success}</b>" without error"</span>
        <span class="legend"><i class="swatch error"></i><b class="number">{error}</b>" with error code"</span>
    }
}
