//! What each command does.

use super::alarm::Finding;
use super::load::picker;
use super::rule::say_converted;
use super::shell::{Dialog, Shell};
use super::state::{App, Density, Theme, ZoneChoice, history};
use super::widgets::clipboard;
use crate::alarm::composite::quote;
use crate::model::alarm::Backtest;
use crate::model::composite::CompositeAlarm;
use crate::model::export::ExportFormat;
use crate::pattern::convert::{Converted, filter_of_search};
use crate::view::commands::Command;
use crate::view::composites::alarm_names;
use crate::view::url::{Detail, encode};
use crate::view::workspace::{self, Workspace};
use crate::view::{Action, ArchiveTab, Panel, ViewState, formula};
use leptos::prelude::*;

/// Runs a command.
pub fn run(app: App, shell: Shell, command: Command) {
    match command {
        Command::FocusSearch => shell.focus_search.update(|count| *count += 1),
        Command::OpenPalette => shell.dialog.set(Some(Dialog::Palette)),
        Command::OpenHelp => shell.dialog.set(Some(Dialog::Help)),
        Command::Undo => {
            if !history::step_back() {
                shell.say("There is nothing to undo");
            }
        }
        Command::Redo => {
            if !history::step_forward() {
                shell.say("There is nothing to redo");
            }
        }
        Command::OpenFiles => picker::open_files(),
        Command::OpenFolder => picker::open_folder(),
        Command::ReadPart => shell.dialog.set(Some(Dialog::Selection)),
        // Made-up events among real ones are worse than none.
        Command::LoadSample if app.session.is_open() => {
            shell.say("Close this data set first: the sample would mix with it");
        }
        Command::LoadSample => {
            app.session.name.set("Sample: two weeks of a small company".into());
            app.engine.load_sample(app);
        }
        Command::CloseData => {
            shell.close_event();
            app.engine.close(app);
        }
        Command::CancelLoad => app.engine.cancel(),
        Command::ShowEvents => app.dispatch(Action::Open(Panel::Events)),
        Command::ShowAlarms => app.dispatch(Action::Open(Panel::Alarms)),
        Command::ShowControls => app.dispatch(Action::Open(Panel::Controls)),
        Command::ShowRules => app.dispatch(Action::Open(Panel::Rules)),
        Command::NewRule => super::rule::start_from_search(app, shell),
        Command::ShowArchive => app.dispatch(Action::Open(Panel::Archive)),
        Command::ShowFiles => app.dispatch(Action::OpenArchive(ArchiveTab::Files)),
        Command::ShowCoverage => app.dispatch(Action::OpenArchive(ArchiveTab::Coverage)),
        Command::ShowIntegrity => app.dispatch(Action::OpenArchive(ArchiveTab::Integrity)),
        Command::ToggleFacets => app.prefs.update(|prefs| prefs.facets_open = !prefs.facets_open),
        Command::ToggleDetail => toggle_detail(app, shell),
        Command::NextEvent => super::detail::step(app, shell, 1),
        Command::PreviousEvent => super::detail::step(app, shell, -1),
        Command::ZoomOut => {
            let count = app.view.with_untracked(|view| view.ranges.len());
            app.dispatch(Action::KeepRanges(count.saturating_sub(1)));
        }
        Command::FullRange => app.dispatch(Action::KeepRanges(0)),
        Command::ClearSearch => app.dispatch(Action::SetSearch(String::new())),
        Command::ChooseColumns => shell.dialog.set(Some(Dialog::Columns)),
        Command::AddFacet => shell.dialog.set(Some(Dialog::Facets)),
        Command::ToggleDuplicates => {
            let keep = !app.view.with_untracked(|view| view.keep_duplicates);
            app.dispatch(Action::KeepDuplicates(keep));
            shell.say(if keep { "Duplicates are kept" } else { "Duplicates are set aside" });
        }
        Command::NewMetricFilter => new_metric_filter(app, shell),
        Command::NewFormula => {
            let backtest = Box::new(formula::share_of_errors());
            app.dispatch(Action::AddFormula { name: "Share of failed calls".into(), backtest });
            app.dispatch(Action::Open(Panel::Alarms));
        }
        Command::NewBand => new_band(app),
        Command::ShowOverview => app.dispatch(Action::ShowOverview),
        Command::NewComposite => new_composite(app),
        Command::TimeTravel => show_finding(app, shell, Finding::TimeTravel),
        Command::Sweep => show_finding(app, shell, Finding::Sweep),
        Command::Noise => show_finding(app, shell, Finding::Noise),
        Command::Compare => show_finding(app, shell, Finding::Compare),
        Command::WhatIf => show_finding(app, shell, Finding::WhatIf),
        Command::SaveWorkspace => {
            let text = app.view.with_untracked(|view| workspace::save(&Workspace::of(view)));
            if clipboard::save("trailscope-workspace.json", "application/json", &text).is_some() {
                shell.say("Workspace saved");
            }
        }
        Command::LoadWorkspace => picker::open_workspace(),
        Command::Deploy => shell.dialog.set(Some(Dialog::Deploy)),
        Command::Translate => shell.dialog.set(Some(Dialog::Translate)),
        Command::ExportJson => app.export.begin(app, shell, ExportFormat::Json),
        Command::ExportNdjson => app.export.begin(app, shell, ExportFormat::Ndjson),
        Command::ExportCsv => app.export.begin(app, shell, super::export::shown_fields(app)),
        Command::ExportAllFields => app.export.begin(app, shell, super::export::every_field(app)),
        Command::StopExport => app.export.stop(),
        Command::SaveEvidence => super::controls::report::save(app, shell),
        Command::CopyLink => copy_link(app, shell, Detail::WithoutIdentifiers),
        Command::CopyFullLink => copy_link(app, shell, Detail::Everything),
        Command::ThemeSystem => app.prefs.update(|prefs| prefs.theme = Theme::System),
        Command::ThemeLight => app.prefs.update(|prefs| prefs.theme = Theme::Light),
        Command::ThemeDark => app.prefs.update(|prefs| prefs.theme = Theme::Dark),
        Command::ZoneUtc => app.prefs.update(|prefs| prefs.zone = ZoneChoice::Utc),
        Command::ZoneLocal => app.prefs.update(|prefs| prefs.zone = ZoneChoice::Local),
        Command::ToggleDensity => app.prefs.update(|prefs| {
            prefs.density = match prefs.density {
                Density::Compact => Density::Comfortable,
                Density::Comfortable => Density::Compact,
            }
        }),
        Command::ToggleSingleKeys => {
            app.prefs.update(|prefs| prefs.single_keys = !prefs.single_keys);
            let on = app.prefs.with_untracked(|prefs| prefs.single_keys);
            shell.say(if on { "Single-key shortcuts are on" } else { "Single-key shortcuts are off" });
        }
    }
}

fn toggle_detail(app: App, shell: Shell) {
    if shell.cursor.get_untracked().is_some() {
        shell.close_event();
    } else {
        super::detail::step(app, shell, 1);
    }
}

/// Opens a finding of the metric filter that is open, or of the first one.
fn show_finding(app: App, shell: Shell, finding: Finding) {
    let chosen = app.view.with_untracked(|view| {
        let mut ids = view.backtests.iter().map(|item| item.id);
        ids.clone().find(|id| Some(*id) == view.active).or_else(|| ids.next())
    });
    app.dispatch(Action::Open(Panel::Alarms));
    match chosen {
        Some(id) => {
            app.dispatch(Action::ActivateBacktest(id));
            shell.finding.set(Some(finding));
        }
        None => shell.say("There is no metric filter to tune yet"),
    }
}

fn copy_link(app: App, shell: Shell, detail: Detail) {
    let location = window().location();
    let page = location.href().unwrap_or_default();
    let page = page.split('#').next().unwrap_or_default();
    // What was typed counts before Enter: it is what the page shows.
    let view = ViewState { search: app.search.get_untracked(), ..app.view.get_untracked() };
    let link = format!("{page}#{}", encode(&view, detail));
    let done = match detail {
        Detail::WithoutIdentifiers => "Link copied, without identifiers",
        Detail::Everything => "Link copied, with everything in it",
    };
    clipboard::copy(link, move |ok| shell.say(if ok { done } else { "The browser refused to copy" }));
}

fn new_composite(app: App) {
    let names: Vec<String> = app.view.with_untracked(alarm_names).into_iter().map(|(_, name)| name).collect();
    let conditions: Vec<String> = names.iter().take(2).map(|name| format!("ALARM({})", quote(name))).collect();
    let alarm_rule = if conditions.is_empty() { "FALSE".to_owned() } else { conditions.join(" OR ") };
    let alarm = CompositeAlarm { alarm_rule, ..CompositeAlarm::default() };
    app.dispatch(Action::AddComposite { name: "New composite alarm".into(), alarm: Box::new(alarm) });
    app.dispatch(Action::Open(Panel::Alarms));
}

/// On the metric of the active backtest; without one, on all calls.
fn new_band(app: App) {
    let active = app.view.with_untracked(|view| view.active_backtest().cloned());
    let (name, on) = match active {
        Some(item) => (format!("{}, unusual", item.name), item.backtest),
        None => ("Unusual number of calls".into(), calls()),
    };
    app.dispatch(Action::AddFormula { name, backtest: Box::new(formula::band_on(&on)) });
    app.dispatch(Action::Open(Panel::Alarms));
}

fn calls() -> Backtest {
    Backtest { filter: formula::counting("AllCalls", ""), ..Backtest::default() }
}

/// Of the search, as far as that can be said; without one, on all events.
fn new_metric_filter(app: App, shell: Shell) {
    let search = app.search.get_untracked();
    let Converted { text, lost } = match filter_of_search(&search) {
        Ok(converted) => converted,
        Err(message) => return shell.say(message),
    };
    let mut backtest = Box::<Backtest>::default();
    backtest.filter.filter_pattern = text;
    backtest.filter.metric_transformations = vec![Default::default()];
    app.dispatch(Action::AddBacktest { name: "New metric filter".into(), backtest });
    app.dispatch(Action::Open(Panel::Alarms));
    if !search.trim().is_empty() {
        say_converted(shell, "Metric filter", &lost);
    }
}
