//! Whether the files are those that CloudTrail delivered.

use crate::base::{Code, Diagnostic};
use crate::ui::state::use_app;
use crate::ui::widgets::Icon;
use crate::view::format;
use leptos::prelude::*;

/// The tab.
#[component]
pub fn Integrity() -> impl IntoView {
    let app = use_app();
    let digests = Memo::new(move |_| {
        app.session.findings.track();
        let count = |findings: &[Diagnostic]| findings.iter().filter(|finding| is_digest(finding)).count() as u64;
        app.engine.with_load(|load| count(&load.diagnostics)).unwrap_or_default()
    });
    let sentence = move || match digests.get() {
        0 => {
            "No digest files among what was dropped, so nothing can be said about whether the files are genuine.".into()
        }
        count => format!(
            "{} set aside; they are not checked.",
            format::plural(count, "digest file was", "digest files were")
        ),
    };
    view! {
        <div class="empty-note">
            <Icon name="shield"/>
            <p>{sentence}</p>
            <p>
                "A trail with log file validation writes a digest every hour under "
                <code>"AWSLogs/…/CloudTrail-Digest/"</code>
                ", with the SHA-256 of each log file and the signature of the digest before it."
            </p>
        </div>
    }
}

fn is_digest(finding: &Diagnostic) -> bool {
    finding.code == Code::SetAside && finding.file.contains("CloudTrail-Digest")
}
