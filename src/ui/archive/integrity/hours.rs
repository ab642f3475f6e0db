//! Hour by hour, chain by chain.

use crate::ui::state::use_app;
use crate::ui::widgets::Icon;
use crate::verify::{Chain, Report, Verdict};
use crate::view::format;
use crate::view::integrity::{Stretch, Tone, label, stretches};
use leptos::prelude::*;
use std::sync::Arc;

/// Chains and stretches of one chain that are shown; the export has them all.
const CHAINS: usize = 100;
const STRETCHES: usize = 200;

/// A strip and a list for each chain.
#[component]
pub fn Hours(report: Arc<Report>) -> impl IntoView {
    let chains = report.chains.iter().enumerate().take(CHAINS);
    let chains: Vec<_> = chains.map(|(number, chain)| chain_view(chain, stretches(&report.hours, number))).collect();
    let more = report.chains.len().saturating_sub(CHAINS) as u64;
    (!chains.is_empty()).then(|| {
        view! {
            <section aria-label="Hours">
                <h2>"Hours"</h2>
                {chains}
                {(more > 0).then(|| view! {
                    <p class="muted">{format!("and {} more, all of them in the file that is saved", format::plural(more, "chain", "chains"))}</p>
                })}
            </section>
        }
    })
}

fn chain_view(chain: &Chain, stretches: Vec<Stretch>) -> impl IntoView + use<> {
    let kind = if chain.backfill { "backfill digests" } else { "digests" };
    let name =
        [&chain.account, &chain.region, &chain.trail].map(String::as_str).into_iter().filter(|part| !part.is_empty());
    let name = format!(
        "{} · {}",
        name.collect::<Vec<_>>().join(" · "),
        format::plural(chain.digests, "digest file", "digest files")
    );
    let state = match (chain.breaks.len(), chain.begins) {
        (0, true) => format!(
            "Unbroken from the first {} of the trail.",
            if chain.backfill { "backfill digest" } else { "digest" }
        ),
        (0, false) => format!("Unbroken; there are earlier {kind} that were not dropped."),
        (breaks, _) => format!("{}.", format::plural(breaks as u64, "break", "breaks")),
    };
    let bar = (stretches.len() > 1 && stretches.len() <= STRETCHES).then(|| {
        let parts = stretches.iter().map(|stretch| {
            let hours = ((stretch.to.0 - stretch.from.0) as f64 / 3_600_000.0).max(1.0);
            view! { <span class=Tone::of(stretch.verdict).class() style:flex-grow=hours.to_string()></span> }
        });
        view! { <div class="integrity-bar" aria-hidden="true">{parts.collect_view()}</div> }
    });
    let more = stretches.len().saturating_sub(STRETCHES) as u64;
    view! {
        <h3>{name}</h3>
        <p class="muted">{state}</p>
        {bar}
        <ul class="integrity-list">
            {stretches.into_iter().take(STRETCHES).map(|stretch| view! { <Line stretch/> }).collect_view()}
        </ul>
        {(more > 0).then(|| view! {
            <p class="muted">{format!("and {} more, all of them in the file that is saved", format::plural(more, "stretch", "stretches"))}</p>
        })}
    }
}

#[component]
fn Line(stretch: Stretch) -> impl IntoView {
    let app = use_app();
    let tone = Tone::of(stretch.verdict);
    let (from, to) = (stretch.from, stretch.to);
    let range = move || app.zone.with(|zone| format!("{} – {}", format::time(from, zone), format::time(to, zone)));
    let count = (stretch.count > 1).then(|| format::plural(stretch.count, "digest file", "digest files"));
    let reason = (stretch.verdict != Verdict::Valid).then_some(stretch.reason);
    view! {
        <li class=tone.class()>
            <Icon name=tone.icon()/>
            <div>
                <p class="mono">{range}</p>
                {reason.map(|reason| view! { <p class="integrity-reason">{reason}</p> })}
            </div>
            <p class="integrity-verdict">{label(stretch.verdict)}{count.map(|count| view! { <span class="muted">{count}</span> })}</p>
        </li>
    }
}
