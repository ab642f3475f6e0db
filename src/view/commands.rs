//! The command registry: one list feeds the palette, the help page and the shortcuts.

use super::keymap::{Chord, Press};

/// Everything a user can tell the page to do without pointing at something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Command {
    /// Puts the cursor into the search bar.
    FocusSearch,
    /// Opens the command palette.
    OpenPalette,
    /// Opens the list of shortcuts.
    OpenHelp,
    /// Takes the last step back, whatever it was.
    Undo,
    /// Takes the last undone step again.
    Redo,
    /// Chooses files to load.
    OpenFiles,
    /// Chooses a folder to load.
    OpenFolder,
    /// Chooses what is read of what is opened next.
    ReadPart,
    /// Loads the sample archive.
    LoadSample,
    /// Closes the data set and frees its memory.
    CloseData,
    /// Stops reading and keeps what is loaded.
    CancelLoad,
    /// Shows facets, table and detail.
    ShowEvents,
    /// Shows metric filters and alarms.
    ShowAlarms,
    /// Shows the control pack over the loaded history.
    ShowControls,
    /// Shows EventBridge rules.
    ShowRules,
    /// Shows what is known about the archive, where it was left.
    ShowArchive,
    /// Lists every file and what became of it.
    ShowFiles,
    /// Shows which accounts, Regions and hours are covered.
    ShowCoverage,
    /// Shows whether the files are genuine.
    ShowIntegrity,
    /// Opens or closes the facet pane.
    ToggleFacets,
    /// Opens or closes the detail drawer.
    ToggleDetail,
    /// Opens the next event.
    NextEvent,
    /// Opens the event before.
    PreviousEvent,
    /// Steps back one time range.
    ZoomOut,
    /// Shows the full time range.
    FullRange,
    /// Empties the search.
    ClearSearch,
    /// Chooses the columns of the table.
    ChooseColumns,
    /// Adds a field to the facet pane.
    AddFacet,
    /// Keeps or removes duplicates.
    ToggleDuplicates,
    /// Starts a metric filter from the search.
    NewMetricFilter,
    /// Starts an EventBridge rule from the search.
    NewRule,
    /// Starts an alarm on metric math.
    NewFormula,
    /// Starts an alarm that compares the active metric with an anomaly detection band.
    NewBand,
    /// Shows what all alarms of the lab would have done.
    ShowOverview,
    /// Starts a composite alarm.
    NewComposite,
    /// Lays an evaluation of the alarm open.
    TimeTravel,
    /// Tries other thresholds, periods and numbers of datapoints.
    Sweep,
    /// Shows what contributes most to the alarm.
    Noise,
    /// Compares the alarm's filter with another one.
    Compare,
    /// Shows what the alarm would have done under other circumstances.
    WhatIf,
    /// Saves metric filters and alarms to a file.
    SaveWorkspace,
    /// Loads metric filters and alarms from a file.
    LoadWorkspace,
    /// Shows metric filters and alarms as configuration to deploy.
    Deploy,
    /// Shows the events in view, or a metric, as a query for Athena or Logs Insights.
    Translate,
    /// Saves the events in view as `{"Records":[…]}`.
    ExportJson,
    /// Saves the events in view, one record a line.
    ExportNdjson,
    /// Saves the columns of the table.
    ExportCsv,
    /// Saves all fields of the events in view.
    ExportAllFields,
    /// Gives an export up.
    StopExport,
    /// Saves the evidence report of the framework that the controls are shown by.
    SaveEvidence,
    /// Copies a link without identifiers.
    CopyLink,
    /// Copies a link with search, event and metric filters.
    CopyFullLink,
    /// Follows the system's colours.
    ThemeSystem,
    /// Light colours.
    ThemeLight,
    /// Dark colours.
    ThemeDark,
    /// Shows times in UTC.
    ZoneUtc,
    /// Shows times in the browser's zone.
    ZoneLocal,
    /// Switches between row heights.
    ToggleDensity,
    /// Switches shortcuts without Ctrl off or on.
    ToggleSingleKeys,
}

/// How a command is listed.
#[derive(Debug)]
pub struct Entry {
    /// The command.
    pub command: Command,
    /// Heading it stands under.
    pub group: &'static str,
    /// What it does, in the imperative.
    pub title: &'static str,
    /// Its shortcuts.
    pub keys: &'static [Chord],
    /// Whether it needs loaded data.
    pub needs_data: bool,
}

const fn entry(
    command: Command,
    group: &'static str,
    title: &'static str,
    keys: &'static [Chord],
    needs_data: bool,
) -> Entry {
    Entry { command, group, title, keys, needs_data }
}

const fn key(key: &'static str) -> Chord {
    Chord::plain(key)
}

const fn ctrl(key: &'static str) -> Chord {
    Chord::control(key)
}

/// All commands, in the order they are listed.
pub const COMMANDS: &[Entry] = &[
    entry(Command::OpenPalette, "General", "Open the command palette", &[ctrl("k")], false),
    entry(Command::OpenHelp, "General", "Show keyboard shortcuts", &[key("?")], false),
    entry(Command::Undo, "General", "Undo the last step", &[ctrl("z")], true),
    entry(Command::Redo, "General", "Redo the step that was undone", &[ctrl("Z"), ctrl("y")], true),
    entry(Command::FocusSearch, "Search", "Search events", &[key("/")], true),
    entry(Command::ClearSearch, "Search", "Clear the search", &[], true),
    entry(Command::ToggleDuplicates, "Search", "Keep or remove duplicate events", &[], true),
    entry(Command::ZoomOut, "Time", "Step back one time range", &[key("z")], true),
    entry(Command::FullRange, "Time", "Show the full time range", &[key("Z")], true),
    entry(Command::ShowEvents, "View", "Show events", &[key("1")], true),
    entry(Command::ShowAlarms, "View", "Show metric filters and alarms", &[key("2")], true),
    entry(Command::ShowControls, "View", "Show the controls of CIS, Security Hub, PCI DSS, HIPAA", &[key("3")], true),
    entry(Command::ShowRules, "View", "Show EventBridge rules", &[key("4")], true),
    entry(Command::ShowArchive, "View", "Show the archive: files, coverage, integrity", &[key("5")], true),
    entry(Command::ToggleFacets, "View", "Open or close the facet pane", &[key("[")], true),
    entry(Command::ToggleDetail, "View", "Open or close the event detail", &[key("]")], true),
    entry(Command::ChooseColumns, "View", "Choose columns", &[], true),
    entry(Command::AddFacet, "View", "Add a facet", &[], true),
    entry(Command::ToggleDensity, "View", "Switch row height", &[], false),
    entry(Command::NextEvent, "Events", "Open the next event", &[key("j"), key("n")], true),
    entry(Command::PreviousEvent, "Events", "Open the previous event", &[key("k"), key("p")], true),
    entry(Command::ShowOverview, "Alarms", "Show the overview: which alarms fire, never fire, cannot fire", &[], true),
    entry(Command::NewMetricFilter, "Alarms", "Start a metric filter from the search", &[], true),
    entry(Command::NewRule, "Rules", "Start an EventBridge rule from the search", &[], true),
    entry(Command::NewFormula, "Alarms", "Start an alarm on metric math", &[], true),
    entry(Command::NewBand, "Alarms", "Start an alarm on an anomaly detection band", &[], true),
    entry(Command::NewComposite, "Alarms", "Start a composite alarm", &[], true),
    entry(Command::TimeTravel, "Alarms", "Time travel: why the alarm had its state at an instant", &[], true),
    entry(Command::Sweep, "Alarms", "Sweep: try thresholds, periods and M of N", &[], true),
    entry(Command::Noise, "Alarms", "Noise: what contributes most to the alarm", &[], true),
    entry(Command::Compare, "Alarms", "Compare the alarm’s filter with another", &[], true),
    entry(Command::WhatIf, "Alarms", "What if: other default values and delays", &[], true),
    entry(Command::SaveWorkspace, "Alarms", "Save metric filters and alarms to a file", &[ctrl("s")], true),
    entry(Command::LoadWorkspace, "Alarms", "Load metric filters and alarms from a file", &[], true),
    entry(
        Command::Deploy,
        "Alarms",
        "Take it to AWS: deploy metric filters, alarms and rules by CloudFormation, Terraform, CLI",
        &[],
        true,
    ),
    entry(Command::OpenFiles, "Data", "Open files", &[ctrl("o")], false),
    entry(Command::OpenFolder, "Data", "Open a folder", &[], false),
    entry(Command::ReadPart, "Data", "Read only part of it: dates, accounts, Regions, paths", &[], false),
    entry(Command::LoadSample, "Data", "Load the sample archive", &[], false),
    entry(Command::ShowFiles, "Data", "Show the import report: what was skipped or repaired", &[], true),
    entry(Command::ShowCoverage, "Data", "Show the coverage by account, Region and hour", &[], true),
    entry(Command::ShowIntegrity, "Data", "Show whether the files are genuine", &[], true),
    entry(Command::CancelLoad, "Data", "Stop loading and keep what is loaded", &[], true),
    entry(Command::ExportJson, "Data", "Export the events in view as JSON", &[], true),
    entry(Command::ExportNdjson, "Data", "Export the events in view as NDJSON", &[], true),
    entry(Command::ExportCsv, "Data", "Export the columns of the table as CSV", &[], true),
    entry(Command::ExportAllFields, "Data", "Export all fields of the events in view as CSV", &[], true),
    entry(Command::Translate, "Data", "Ask Athena or Logs Insights: the view or a metric as a query", &[], true),
    entry(Command::SaveEvidence, "Data", "Save the evidence report of the controls", &[], true),
    entry(Command::StopExport, "Data", "Stop the export", &[], true),
    entry(Command::CloseData, "Data", "Close the data set", &[], true),
    entry(Command::CopyLink, "Share", "Copy a link to this view without identifiers", &[], true),
    entry(Command::CopyFullLink, "Share", "Copy a link with search, event and metric filters", &[], true),
    entry(Command::ThemeSystem, "Appearance", "Use the system’s theme", &[], false),
    entry(Command::ThemeLight, "Appearance", "Use the light theme", &[], false),
    entry(Command::ThemeDark, "Appearance", "Use the dark theme", &[], false),
    entry(Command::ZoneUtc, "Appearance", "Show times in UTC", &[], false),
    entry(Command::ZoneLocal, "Appearance", "Show times in the local zone", &[], false),
    entry(Command::ToggleSingleKeys, "Appearance", "Switch single-key shortcuts on or off", &[], false),
];

/// The command a key press means, if any.
pub fn pressed(press: Press<'_>, single_keys: bool, has_data: bool) -> Option<Command> {
    let exact = |entry: &&Entry| entry.keys.iter().any(|chord| chord.key == press.key);
    let usable = || {
        COMMANDS
            .iter()
            .filter(|entry| has_data || !entry.needs_data)
            .filter(|entry| entry.keys.iter().any(|chord| chord.matches(press, single_keys)))
    };
    usable().find(exact).or_else(|| usable().next()).map(|entry| entry.command)
}

/// Entries whose title or group contains every word of the query, those whose title starts with it first.
pub fn search(query: &str, has_data: bool) -> Vec<&'static Entry> {
    let query = query.trim().to_lowercase();
    let mut found: Vec<&Entry> = COMMANDS
        .iter()
        .filter(|entry| has_data || !entry.needs_data)
        .filter(|entry| {
            let text = format!("{} {}", entry.group, entry.title).to_lowercase();
            query.split_whitespace().all(|word| text.contains(word))
        })
        .collect();
    found.sort_by_key(|entry| !entry.title.to_lowercase().starts_with(&query));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(key: &str, control: bool) -> Press<'_> {
        Press { key, control, shift: false, alt: false, typing: false }
    }

    #[test]
    fn every_command_is_listed_once_and_no_key_twice() {
        let mut keys: Vec<Chord> = Vec::new();
        for (index, entry) in COMMANDS.iter().enumerate() {
            assert!(COMMANDS[..index].iter().all(|other| other.command != entry.command), "{entry:?}");
            for chord in entry.keys {
                assert!(!keys.contains(chord), "{chord} twice");
                keys.push(*chord);
            }
        }
    }

    #[test]
    fn keys_find_their_command() {
        assert_eq!(pressed(press("k", true), true, false), Some(Command::OpenPalette));
        assert_eq!(pressed(press("k", false), true, true), Some(Command::PreviousEvent));
        assert_eq!(pressed(press("z", false), true, true), Some(Command::ZoomOut));
        assert_eq!(pressed(press("Z", false), true, true), Some(Command::FullRange));
        assert_eq!(pressed(press("/", false), true, false), None);
        assert_eq!(pressed(press("?", false), false, true), None);
    }

    #[test]
    fn the_palette_finds_words_in_any_order() {
        let found = search("theme dark", false);
        assert_eq!(found.iter().map(|entry| entry.command).collect::<Vec<_>>(), [Command::ThemeDark]);
        assert_eq!(search("show", true)[0].group, "General");
        assert!(search("deploy", true).iter().any(|entry| entry.command == Command::Deploy));
        assert!(search("nothing like this", true).is_empty());
        assert_eq!(search("", true).len(), COMMANDS.len());
    }
}
