//! The table behind the histogram, for screen readers.

use super::Parts;
use crate::ui::chart::use_settled;
use crate::ui::state::use_app;
use crate::view::chart::Bucket;
use crate::view::format;
use leptos::prelude::*;

/// All buckets with events as a table; not visible.
#[component]
pub fn Table(parts: Parts) -> impl IntoView {
    let app = use_app();
    let settled = use_settled(app, move || (parts.bins.get(), app.zone.get()));
    let table = move || {
        settled.with(|settled| {
            let (bins, zone) = settled.as_ref()?;
            let bins = bins.as_ref()?;
            let row = |bucket: &Bucket| {
                view! {
                    <tr>
                        <th scope="row">{format::time(bucket.from, zone)}</th>
                        <td>{bucket.ok}</td>
                        <td>{bucket.error}</td>
                    </tr>
                }
            };
            Some(view! {
                <table>
                    <caption>{format!("Events per {}", bins.step.label())}</caption>
                    <thead>
                        <tr>
                            <th scope="col">{format!("From ({})", zone.name)}</th>
                            <th scope="col">"Without error code"</th>
                            <th scope="col">"With error code"</th>
                        </tr>
                    </thead>
                    <tbody>{bins.buckets.iter().map(row).collect_view()}</tbody>
                </table>
            })
        })
    };
    view! { <div class="hidden-text">{table}</div> }
}
