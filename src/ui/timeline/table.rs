//! The table behind the histogram, for screen readers.

use super::Parts;
use crate::ui::state::use_app;
use crate::view::format;
use leptos::prelude::*;

/// All buckets with events as a table; not visible.
#[component]
pub fn Table(parts: Parts) -> impl IntoView {
    let app = use_app();
    let rows = move || {
        let zone = app.zone.get();
        parts.bins.with(|bins| {
            let buckets = bins.iter().flat_map(|bins| &bins.buckets);
            buckets
                .map(|bucket| {
                    view! {
                        <tr>
                            <th scope="row">{format::time(bucket.from, &zone)}</th>
                            <td>{bucket.ok}</td>
                            <td>{bucket.error}</td>
                        </tr>
                    }
                })
                .collect_view()
        })
    };
    view! {
        <div class="hidden-text">
            <table>
                <caption>{move || format!("Events per {}", parts.step.get().label())}</caption>
                <thead>
                    <tr>
                        <th scope="col">{move || format!("From ({})", app.zone.with(|zone| zone.name.clone()))}</th>
                        <th scope="col">"Without error code"</th>
                        <th scope="col">"With error code"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}
