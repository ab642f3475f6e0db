//! Hostile text in every field that reaches the evidence report stays text.

#![allow(clippy::unwrap_used)]

use base64::Engine as _;
use sha2::{Digest, Sha256};
use trailscope::base::EpochMs;
use trailscope::controls::framework::Framework;
use trailscope::controls::history::History;
use trailscope::model::coverage::{CoveragePart, Place};
use trailscope::view::evidence::{Archive, evidence, html};

/// What an attacker would write: markup, an attribute's end, an entity, a comment, the end of the style sheet, letters
/// that turn the line.
const HOSTILE: &str =
    "\"'><script>alert(1)</script><img src=x onerror=alert(1)>&lt;b&gt;--></style></title><!-- \u{202e}\u{0}\u{1b}";

/// Elements that the report is made of.
const ELEMENTS: [&str; 24] = [
    "html", "head", "meta", "title", "style", "body", "main", "section", "h1", "h2", "h3", "p", "ul", "li", "dl", "dt",
    "dd", "table", "thead", "tbody", "tr", "th", "td", "code",
];

fn hostile_report(framework: Framework) -> String {
    let mut coverage = CoveragePart::default();
    let place = Place { hours: [(0, 1), (1, 1)].into(), events: 9, ..Place::default() };
    coverage.kinds.events = 9;
    coverage.places.insert((HOSTILE.into(), HOSTILE.into()), place);
    let history = || History {
        events: 2,
        first: Some(EpochMs(0)),
        last: Some(EpochMs(1)),
        earliest: vec![(EpochMs(0), HOSTILE.into()), (EpochMs(1), HOSTILE.repeat(1_000))],
        ..History::default()
    };
    let archive = Archive {
        name: HOSTILE.into(),
        files: (1, 2),
        not_read: vec![format!("1 problem in reading files, the first in {HOSTILE}")],
        coverage,
        integrity: format!("1 file of {HOSTILE} is modified"),
        ..Archive::default()
    };
    html(&evidence(framework, EpochMs(0), archive, (0..15).map(|_| history()).collect()))
}

/// The tags of a document, read strictly: whatever begins with `<` outside the style sheet must be a known element
/// without an attribute, but for those that are written out in the head, and a class.
fn tags(html: &str) -> Vec<String> {
    let body = html.split("</style>").nth(1).unwrap();
    let mut tags = Vec::new();
    for piece in body.split('<').skip(1) {
        let (tag, text) = piece.split_once('>').unwrap();
        assert!(!text.contains(['>', '"', '\'']), "unescaped: {text}");
        for (at, _) in text.match_indices('&') {
            let entity = ["&lt;", "&gt;", "&amp;", "&quot;", "&#39;"];
            assert!(entity.iter().any(|entity| text[at..].starts_with(entity)), "bare &: {text}");
        }
        assert!(text.chars().all(|c| c == '\n' || !c.is_control() && c != '\u{202e}'), "{text:?}");
        tags.push(tag.trim_start_matches('/').to_owned());
    }
    tags
}

#[test]
fn hostile_text_stays_text_in_every_framework() {
    for framework in Framework::every() {
        let html = hostile_report(framework);
        assert!(html.len() < 1_000_000, "bounded: {}", html.len());
        assert_eq!(html.matches("<style>").count(), 1);
        assert_eq!(html.matches("</style>").count(), 1, "{framework:?}");
        assert_eq!(html.matches("</title>").count(), 1);
        for tag in tags(&html) {
            let name = tag.strip_suffix(" class=\"control\"").unwrap_or(&tag);
            assert!(ELEMENTS.contains(&name), "{tag}");
        }
        assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
        assert!(html.contains("\\u{202e}") && html.contains("\\u{1b}"));
        for banned in ["<script", "<img", "<link", "<iframe", "http://", "https://"] {
            assert!(!html.contains(banned), "{banned}");
        }
    }
}

#[test]
fn the_policy_allows_the_style_sheet_and_nothing_else() {
    let html = hostile_report(Framework::SecurityHub);
    let style = html.split("<style>").nth(1).unwrap().split("</style>").next().unwrap();
    assert!(!style.contains("url(") && !style.contains("@import"));
    let hash = base64::prelude::BASE64_STANDARD.encode(Sha256::digest(style.as_bytes()));
    let policy = format!("default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'");
    assert!(html.contains(&policy), "{policy}");
}

#[test]
fn every_control_is_there_with_its_ids_and_their_source() {
    let html = hostile_report(Framework::PciDss4);
    for control in trailscope::controls::all() {
        assert!(html.contains(&format!("<h2>{}</h2>", control.title)), "{}", control.title);
    }
    assert!(html.contains("the opinion of the sources named") && html.contains("turbot/steampipe-mod-aws-compliance"));
    assert!(html.contains("No data events") && html.contains("1970-01-01T01:00:00Z to 1970-01-02T00:00:00Z"));
}
