//! The view in the address bar: a versioned fragment such as `v=1&t=…&c=…`.
//!
//! What could identify somebody (search text, the selected event, metric filter patterns) goes into a link
//! only when the user asks for it with [`Detail::Everything`]. Unknown keys are ignored, missing ones keep
//! their default, so that a damaged link still opens something. A change of meaning raises [`VERSION`] and
//! appends one function to `UPGRADERS`.

use super::action::{Action, reduce};
use super::rule_action::RuleAction;
use super::state::{
    ArchiveTab, Column, ListedRule, NamedBacktest, NamedComposite, NamedFormula, Panel, TIME_FIELD, TimeRange,
    ViewState,
};
use crate::base::EpochMs;
use crate::controls::{self, framework::Framework};
use crate::model::query::Sort;

type Params = Vec<(String, String)>;

/// `UPGRADERS[i]` turns the parameters of version `i + 1` into those of version `i + 2`.
const UPGRADERS: &[fn(Params) -> Params] = &[];

/// The version written.
pub const VERSION: usize = UPGRADERS.len() + 1;

/// In place of the number of the alarm that is open: none, all are shown at a glance.
const OVERVIEW: &str = "all";

/// How much of the view a link tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// Time ranges, fields and layout only.
    WithoutIdentifiers,
    /// Also search text, selected event and metric filters.
    Everything,
}

/// The fragment for a view, without `#`. Only what differs from the default is written.
pub fn encode(view: &ViewState, detail: Detail) -> String {
    let default = ViewState::default();
    let mut params: Vec<(&str, String)> = vec![("v", VERSION.to_string())];
    if !view.ranges.is_empty() {
        params.push(("t", join(view.ranges.iter().map(|r| format!("{}~{}", r.from.to_rfc3339(), r.to.to_rfc3339())))));
    }
    if view.facets != default.facets {
        params.push(("f", join(view.facets.iter().map(|field| escape(field)))));
    }
    if view.columns != default.columns {
        params
            .push(("c", join(view.columns.iter().map(|column| format!("{}:{}", escape(&column.field), column.width)))));
    }
    if view.sort != default.sort {
        let sign = if view.sort.descending { "-" } else { "+" };
        params.push(("s", format!("{sign}{}", escape(view.sort.field.as_deref().unwrap_or(TIME_FIELD)))));
    }
    if view.panel != default.panel {
        params.push(("p", view.panel.as_str().into()));
    }
    if view.archive != default.archive {
        params.push(("r", view.archive.as_str().into()));
    }
    if view.delay_minutes != default.delay_minutes {
        params.push(("w", view.delay_minutes.to_string()));
    }
    if view.exclude_oversize {
        params.push(("l", "256k".into()));
    }
    if view.framework != default.framework {
        params.push(("o", view.framework.code()));
    }
    if let Some(control) = &view.control {
        params.push(("k", escape(control)));
    }
    if view.keep_duplicates {
        params.push(("d", "keep".into()));
    }
    if detail == Detail::Everything {
        if !view.search.is_empty() {
            params.push(("q", escape(&view.search)));
        }
        if let Some(event) = &view.selected {
            params.push(("e", escape(event)));
        }
        if let Some(list) = serde_json::to_string(&view.backtests).ok().filter(|_| !view.backtests.is_empty()) {
            params.push(("m", escape(&list)));
            let active = view.backtests.iter().position(|item| Some(item.id) == view.active);
            params.extend(active.map(|index| ("a", index.to_string())));
        }
        if let Some(list) = serde_json::to_string(&view.formulas).ok().filter(|_| !view.formulas.is_empty()) {
            params.push(("fo", escape(&list)));
            let active = view.formulas.iter().position(|item| Some(item.id) == view.active);
            params.extend(active.map(|index| ("foa", index.to_string())));
        }
        if let Some(list) = serde_json::to_string(&view.composites).ok().filter(|_| !view.composites.is_empty()) {
            params.push(("co", escape(&list)));
            let active = view.composites.iter().position(|item| Some(item.id) == view.active);
            params.extend(active.map(|index| ("coa", index.to_string())));
        }
        if view.active.is_none() && view.alarm_ids().next().is_some() {
            params.push(("a", OVERVIEW.into()));
        }
        if let Some(list) = serde_json::to_string(&view.mutes).ok().filter(|_| !view.mutes.is_empty()) {
            params.push(("mu", escape(&list)));
        }
        if let Some(list) = serde_json::to_string(&view.rules).ok().filter(|_| !view.rules.is_empty()) {
            params.push(("u", escape(&list)));
            let active = view.rules.iter().position(|item| Some(item.id) == view.active_rule);
            params.extend(active.map(|index| ("ua", index.to_string())));
        }
    }
    params.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join("&")
}

/// Reads a fragment, with or without `#`. `Err` only for a link of a newer version, in words for the user.
pub fn decode(fragment: &str) -> Result<ViewState, String> {
    let mut params: Params = fragment
        .trim_start_matches('#')
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(key, value)| (key.into(), value.into()))
        .collect();
    let version =
        params.iter().find(|(key, _)| key == "v").and_then(|(_, value)| value.parse().ok()).unwrap_or(VERSION);
    if version > VERSION {
        return Err(format!(
            "This link was made by a newer version of Trailscope (v{version}; this one reads v{VERSION})"
        ));
    }
    for upgrade in &UPGRADERS[version.max(1) - 1..] {
        params = upgrade(params);
    }
    let mut view = ViewState::default();
    for (key, value) in &params {
        apply(&mut view, key, value);
    }
    Ok(view)
}

fn apply(view: &mut ViewState, key: &str, value: &str) {
    match key {
        "t" => {
            for range in value.split(',').filter_map(range) {
                reduce(view, Action::PushRange(range));
            }
        }
        "q" => reduce(view, Action::SetSearch(unescape(value))),
        "f" => {
            view.facets.clear();
            for field in value.split(',').filter(|field| !field.is_empty()).map(unescape) {
                if !view.facets.contains(&field) {
                    view.facets.push(field);
                }
            }
        }
        "c" => {
            let columns = columns(value);
            if !columns.is_empty() {
                view.columns = columns;
            }
        }
        "s" => {
            let field = unescape(value.trim_start_matches(['+', '-']));
            let field = Some(field).filter(|field| field != TIME_FIELD && !field.is_empty());
            view.sort = Sort { field, descending: !value.starts_with('+') };
        }
        "p" => {
            view.panel = Panel::ALL.into_iter().find(|known| known.as_str() == value).unwrap_or_default();
        }
        "r" => view.archive = ArchiveTab::ALL.into_iter().find(|tab| tab.as_str() == value).unwrap_or_default(),
        "l" => reduce(view, Action::ExcludeOversize(value == "256k")),
        "w" => reduce(view, Action::SetDelay(value.parse().unwrap_or_default())),
        "o" => view.framework = Framework::by_code(value).unwrap_or_default(),
        "k" => view.control = controls::by_key(value).map(|control| control.key.clone()),
        "d" => view.keep_duplicates = value == "keep",
        "e" => view.selected = Some(unescape(value)).filter(|event| !event.is_empty()),
        "m" => {
            if let Ok(items) = serde_json::from_str::<Vec<NamedBacktest>>(&unescape(value)) {
                reduce(view, Action::ReplaceBacktests(items));
            }
        }
        "u" => {
            if let Ok(items) = serde_json::from_str::<Vec<ListedRule>>(&unescape(value)) {
                let rules = items.into_iter().map(|item| item.rule).collect();
                reduce(view, Action::Rules(RuleAction::Replace(rules)));
            }
        }
        "ua" => {
            let chosen = value.parse::<usize>().ok().and_then(|index| view.rules.get(index));
            view.active_rule = chosen.map(|item| item.id).or(view.active_rule);
        }
        "fo" => {
            if let Ok(items) = serde_json::from_str::<Vec<NamedFormula>>(&unescape(value)) {
                reduce(view, Action::ReplaceFormulas(items));
            }
        }
        "foa" => {
            let chosen = value.parse::<usize>().ok().and_then(|index| view.formulas.get(index));
            view.active = chosen.map(|item| item.id).or(view.active);
        }
        "co" => {
            if let Ok(items) = serde_json::from_str::<Vec<NamedComposite>>(&unescape(value)) {
                let mutes = std::mem::take(&mut view.mutes);
                reduce(view, Action::ReplaceComposites(items, mutes));
            }
        }
        "mu" => view.mutes = serde_json::from_str(&unescape(value)).unwrap_or_default(),
        "coa" => {
            let chosen = value.parse::<usize>().ok().and_then(|index| view.composites.get(index));
            view.active = chosen.map(|item| item.id).or(view.active);
        }
        "a" if value == OVERVIEW => view.active = None,
        "a" => {
            let chosen = value.parse::<usize>().ok().and_then(|index| view.backtests.get(index));
            view.active = chosen.map(|item| item.id).or(view.active);
        }
        _ => {}
    }
}

fn range(text: &str) -> Option<TimeRange> {
    let (from, to) = text.split_once('~')?;
    Some(TimeRange { from: EpochMs::parse(&unescape(from))?, to: EpochMs::parse(&unescape(to))? })
}

fn columns(text: &str) -> Vec<Column> {
    let mut view = ViewState { columns: Vec::new(), ..ViewState::default() };
    for (field, width) in text.split(',').filter_map(|column| column.rsplit_once(':')) {
        let field = unescape(field);
        reduce(&mut view, Action::AddColumn(field.clone()));
        if let Ok(width) = width.parse() {
            reduce(&mut view, Action::ResizeColumn { field, width });
        }
    }
    view.columns
}

fn join(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(",")
}

/// Percent-encodes everything but unreserved characters (RFC 3986 section 2.3) and a few harmless ones.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~@$*".contains(&byte) {
            out.push(byte.into());
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// Undoes percent-encoding; bytes that are not UTF-8 become U+FFFD, a stray `%` stays.
fn unescape(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = bytes.get(at + 1..at + 3).filter(|_| bytes[at] == b'%').and_then(|hex| std::str::from_utf8(hex).ok());
        if let Some(byte) = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            out.push(byte);
            at += 3;
        } else {
            out.push(bytes[at]);
            at += 1;
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::alarm::Backtest;
    use proptest::prelude::*;

    fn full() -> ViewState {
        let mut view = ViewState::default();
        for action in [
            Action::PushRange(TimeRange { from: EpochMs(1_688_989_338_000), to: EpochMs(1_688_989_339_500) }),
            Action::SetSearch("errorCode:AccessDenied -user&=%,:é#".into()),
            Action::AddFacet("requestParameters['a,b:c']".into()),
            Action::AddColumn("resources[*].ARN".into()),
            Action::SetSort(Sort { field: Some("eventName".into()), descending: false }),
            Action::Select(Some("2b3e".into())),
            Action::KeepDuplicates(true),
            Action::SetDelay(5),
            Action::ExcludeOversize(true),
            Action::Open(Panel::Alarms),
            Action::AddBacktest { name: "Root & co".into(), backtest: Box::new(Backtest::default()) },
            Action::AddBacktest { name: "Second".into(), backtest: Box::new(Backtest::default()) },
            Action::AddComposite { name: "Third (both)".into(), alarm: Box::default() },
            Action::SetMutes(vec![Default::default()]),
            Action::ActivateBacktest(1),
            Action::Rules(RuleAction::Add(crate::view::rule::PRESETS.map(|preset| preset.rule()).to_vec())),
        ] {
            reduce(&mut view, action);
        }
        view
    }

    #[test]
    fn a_full_link_gives_the_view_back() {
        let view = full();
        let link = encode(&view, Detail::Everything);
        assert!(link.starts_with("v=1&"), "{link}");
        assert_eq!(decode(&link), Ok(view.clone()));
        assert_eq!(decode(&format!("#{link}")), Ok(view));
    }

    #[test]
    fn a_plain_link_tells_no_identifiers() {
        let link = encode(&full(), Detail::WithoutIdentifiers);
        for secret in ["AccessDenied", "2b3e", "Root", "m=", "q=", "e=", "co=", "u=", "mu=", "aws."] {
            assert!(!link.contains(secret), "{secret} in {link}");
        }
        let view = decode(&link).unwrap();
        assert_eq!((view.ranges.len(), view.panel, view.search.as_str()), (1, Panel::Alarms, ""));
    }

    #[test]
    fn an_active_composite_alarm_stays_active() {
        let mut view = full();
        reduce(&mut view, Action::ActivateBacktest(3));
        assert_eq!(decode(&encode(&view, Detail::Everything)), Ok(view));
    }

    #[test]
    fn the_overview_of_all_alarms_stays_open() {
        let mut view = full();
        reduce(&mut view, Action::ShowOverview);
        assert_eq!(view.active, None);
        assert_eq!(decode(&encode(&view, Detail::Everything)), Ok(view));
    }

    #[test]
    fn a_link_keeps_the_overview_open_whatever_kind_of_alarm_there_is() {
        let backtest = Box::new(crate::view::formula::share_of_errors());
        let mut view = ViewState::default();
        reduce(&mut view, Action::AddFormula { name: "Share".into(), backtest });
        let reopened = |view: &ViewState| decode(&encode(view, Detail::Everything)).unwrap();
        assert_eq!(reopened(&view), view);
        reduce(&mut view, Action::ShowOverview);
        assert_eq!((view.active, reopened(&view)), (None, view));
    }

    #[test]
    fn every_part_of_the_archive_has_a_link() {
        for tab in ArchiveTab::ALL {
            let mut view = ViewState::default();
            reduce(&mut view, Action::OpenArchive(tab));
            assert_eq!(decode(&encode(&view, Detail::WithoutIdentifiers)), Ok(view));
        }
        assert_eq!(decode("v=1&p=archive&r=integrity").map(|view| view.archive), Ok(ArchiveTab::Integrity));
    }

    #[test]
    fn the_default_view_is_a_short_link() {
        assert_eq!(encode(&ViewState::default(), Detail::Everything), "v=1");
        assert_eq!(decode(""), Ok(ViewState::default()));
    }

    #[test]
    fn a_newer_version_is_refused_in_words() {
        assert!(decode("v=99&t=x").unwrap_err().contains("newer version"));
    }

    #[test]
    fn damaged_links_open_something() {
        for link in ["v=0", "v=x&t=1~2,,~", "t=%", "c=,:,a", "m={", "s=", "a=9", "p=x&r=y", "&&=&", "q=%F0%9F"] {
            assert!(decode(link).is_ok(), "{link}");
        }
    }

    proptest! {
        #[test]
        fn any_search_survives(search in "\\PC{0,40}", field in "\\PC{1,12}") {
            let mut view = ViewState::default();
            reduce(&mut view, Action::SetSearch(search));
            reduce(&mut view, Action::AddFacet(field.clone()));
            reduce(&mut view, Action::AddColumn(field));
            prop_assert_eq!(decode(&encode(&view, Detail::Everything)), Ok(view));
        }

        #[test]
        fn any_text_decodes(link in "\\PC{0,80}") {
            let _ = decode(&link);
        }
    }
}
