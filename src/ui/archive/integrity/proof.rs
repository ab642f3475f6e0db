//! What proves the files: digest files, sign files of Lake queries, and the keys that signed them.

use crate::base::EpochMs;
use crate::ui::state::{App, use_app};
use crate::ui::widgets::Icon;
use crate::verify::{DigestFile, Key, Report, SignFile, Verdict};
use crate::view::format;
use crate::view::integrity::{Tone, label};
use leptos::prelude::*;
use std::sync::Arc;

/// Digest files that are shown; the export has them all.
const SHOWN: usize = 200;

/// The digest files that are not valid, and the others on demand.
#[component]
pub fn Digests(report: Arc<Report>) -> impl IntoView {
    let app = use_app();
    let list = move |digests: Vec<&DigestFile>| {
        let more = digests.len().saturating_sub(SHOWN) as u64;
        view! {
            <ul class="integrity-list">
                {digests.into_iter().take(SHOWN).map(|digest| digest_line(app, digest)).collect_view()}
            </ul>
            {(more > 0).then(|| view! {
                <p class="muted">{format!("and {} more, all of them in the file that is saved", format::count(more))}</p>
            })}
        }
    };
    let (valid, others): (Vec<_>, Vec<_>) = report.digests.iter().partition(|digest| digest.verdict == Verdict::Valid);
    let valid = (!valid.is_empty()).then(|| {
        let count = format::plural(valid.len() as u64, "valid digest file", "valid digest files");
        view! { <details class="integrity-more"><summary>{count}</summary>{list(valid)}</details> }
    });
    (!report.digests.is_empty()).then(|| {
        view! {
            <section aria-label="Digest files">
                <h2>"Digest files"</h2>
                {(!others.is_empty()).then(|| list(others))}
                {valid}
            </section>
        }
    })
}

fn digest_line(app: App, digest: &DigestFile) -> impl IntoView + use<> {
    let tone = Tone::of(digest.verdict);
    let (from, to) = (digest.from, digest.to);
    let range = move || {
        let (from, to) = (from?, to?);
        Some(app.zone.with(|zone| format!("{} – {}", format::time(from, zone), format::time(to, zone))))
    };
    let differs = matches!(digest.verdict, Verdict::Modified | Verdict::InvalidSignature);
    let facts = [
        ("Expected SHA-256", digest.expected.as_ref().filter(|_| differs)),
        ("Found SHA-256", digest.found.as_ref().filter(|_| differs)),
        ("Key", digest.key.as_ref()),
    ];
    let facts = facts.into_iter().filter_map(|(term, fact)| {
        fact.cloned().map(|fact| view! { <div><dt>{term}</dt><dd class="mono">{fact}</dd></div> })
    });
    view! {
        <li class=tone.class()>
            <Icon name=tone.icon()/>
            <div>
                <p class="mono">{range}</p>
                <p class="integrity-name mono">{digest.path.clone().unwrap_or_else(|| digest.object.clone())}</p>
                <p class="integrity-reason">{digest.reason.clone()}</p>
                <dl>{facts.collect_view()}</dl>
            </div>
            <p class="integrity-verdict">{label(digest.verdict)}</p>
        </li>
    }
}

/// The sign files of Lake queries.
#[component]
pub fn SignFiles(report: Arc<Report>) -> impl IntoView {
    let line = |file: &SignFile| {
        let tone = Tone::of(file.verdict);
        view! {
            <li class=tone.class()>
                <Icon name=tone.icon()/>
                <div>
                    <p class="integrity-name mono">{file.path.clone()}</p>
                    <p class="integrity-reason">{file.reason.clone()}</p>
                </div>
                <p class="integrity-verdict">{label(file.verdict)}</p>
            </li>
        }
    };
    (!report.sign_files.is_empty()).then(|| {
        view! {
            <section aria-label="Sign files of Lake queries">
                <h2>"Sign files of Lake queries"</h2>
                <ul class="integrity-list">{report.sign_files.iter().take(SHOWN).map(line).collect_view()}</ul>
            </section>
        }
    })
}

/// The public keys.
#[component]
pub fn Keys(report: Arc<Report>) -> impl IntoView {
    let app = use_app();
    let validity = move |from: Option<EpochMs>, to: Option<EpochMs>| {
        move || {
            let time = |time: EpochMs| app.zone.with(|zone| format::time(time, zone));
            match (from.map(time), to.map(time)) {
                (None, None) => "When it was valid is not said".to_owned(),
                (Some(from), None) => format!("Valid from {from}"),
                (None, Some(to)) => format!("Valid to {to}"),
                (Some(from), Some(to)) => format!("Valid from {from} to {to}"),
            }
        }
    };
    let row = |key: &Key| {
        let tone = match &key.problem {
            Some(_) => Tone::Bad,
            None if key.used > 0 => Tone::Good,
            None => Tone::Open,
        };
        let use_of_it = match &key.problem {
            Some(problem) => format!("Not usable: {problem}"),
            None => format!("Verified {}", format::plural(key.used, "file", "files")),
        };
        view! {
            <li class=tone.class()>
                <Icon name=tone.icon()/>
                <div>
                    <p class="mono">{key.fingerprint.clone()}</p>
                    <p>{validity(key.from, key.to)}</p>
                </div>
                <p class="integrity-verdict">{use_of_it}</p>
            </li>
        }
    };
    (!report.keys.is_empty()).then(|| {
        view! {
            <section aria-label="Public keys">
                <h2>"Public keys"</h2>
                <p class="muted">
                    "They prove as much as where you have them from: ask AWS for them yourself, with "
                    <code>"aws cloudtrail list-public-keys"</code>"."
                </p>
                <ul class="integrity-list">{report.keys.iter().take(SHOWN).map(row).collect_view()}</ul>
            </section>
        }
    })
}
