//! What is open at the moment: dialogs, the value menu, the event in the drawer. Not part of the view state,
//! because going back in the browser should not open menus.

use super::alarm::Finding;
use super::state::{Answer, App, history, use_answer};
use crate::model::partial::CountPart;
use crate::model::query::RowRef;
use crate::model::report::{FileFilter, FileOrder, FileQuestion};
use crate::view::{Action, ArchiveTab};
use leptos::prelude::*;
use std::time::Duration;

/// A dialog over the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialog {
    /// The command palette.
    Palette,
    /// The list of shortcuts.
    Help,
    /// Configuration to take to AWS.
    Deploy,
    /// The view or a metric as a query for other tools of AWS.
    Translate,
    /// What is to be read of what is opened next.
    Selection,
    /// Fields to show as columns.
    Columns,
    /// Fields to show as facets.
    Facets,
}

/// A value that a menu is about.
#[derive(Clone, Debug, PartialEq)]
pub struct ValueTarget {
    /// Field path as in searches and columns.
    pub field: String,
    /// CloudWatch selector of exactly this value, where it is known.
    pub selector: String,
    /// The value as text; `None` when the event lacks the field.
    pub value: Option<String>,
}

/// The value menu while it is open.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenMenu {
    /// What it is about.
    pub target: ValueTarget,
    /// Where it opens, in CSS pixels from the top left of the window.
    pub at: (f64, f64),
}

/// The event in the drawer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// Where its record is.
    pub row: RowRef,
    /// Its number in the table, when it is known.
    pub number: Option<u64>,
}

/// The pane a narrow screen shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NarrowPane {
    /// Facets.
    Facets,
    /// The table.
    #[default]
    Table,
    /// The event.
    Detail,
}

impl NarrowPane {
    /// Value of the `data-pane` attribute.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Facets => "facets",
            Self::Table => "table",
            Self::Detail => "detail",
        }
    }
}

/// An event and where it was read: others may have the same eventID.
#[derive(Clone, PartialEq)]
pub struct ReadEvent {
    /// Its row.
    pub row: RowRef,
    /// Its eventID.
    pub id: String,
    /// Workers that had stopped by then; after another one the row may be that of another event.
    pub lost: u64,
}

/// How long a short message is shown.
const SHOWN: Duration = Duration::from_secs(4);
const SHOWN_WITH_UNDO: Duration = Duration::from_secs(10);

/// A short message; without text there is none.
#[derive(Clone, Default)]
pub struct Toast {
    number: u32,
    /// What it says.
    pub text: String,
    /// The [step](history::steps) that it is about, if that can be taken back as long as it is the last.
    pub undoes: Option<u32>,
}

/// The context of what is open. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Shell {
    /// The dialog that is open.
    pub dialog: RwSignal<Option<Dialog>>,
    /// The value menu that is open.
    pub menu: RwSignal<Option<OpenMenu>>,
    /// A short message that goes away by itself.
    pub toast: RwSignal<Toast>,
    /// The event in the drawer.
    pub cursor: RwSignal<Option<Cursor>>,
    /// The event that was read last for the drawer.
    pub read: StoredValue<Option<ReadEvent>>,
    /// Grows when the search bar should take the focus.
    pub focus_search: RwSignal<u32>,
    /// The finding of the metric filter that a command asks for, until it is shown.
    pub finding: RwSignal<Option<Finding>>,
    /// The pane a narrow screen shows.
    pub narrow: RwSignal<NarrowPane>,
    /// Which lines of the import report are looked at.
    pub files: RwSignal<FileQuestion>,
    /// Whether the panes are to be there before there is anything to show.
    pub is_ready: RwSignal<bool>,
    /// How many events pass, of how many.
    pub matched: ReadSignal<Answer<CountPart>>,
}

impl Shell {
    /// Makes the context and provides it.
    pub fn provide(app: App) -> Self {
        let question = move || app.session.has_data().then(|| (app.scope.get(), app.session.version.get()));
        let matched = use_answer(question, move |(scope, _)| app.engine.count("matched", scope));
        let shell = Self {
            dialog: RwSignal::new(None),
            menu: RwSignal::new(None),
            toast: RwSignal::new(Toast::default()),
            cursor: RwSignal::new(None),
            read: StoredValue::new(None),
            focus_search: RwSignal::new(0),
            finding: RwSignal::new(None),
            narrow: RwSignal::new(NarrowPane::default()),
            files: RwSignal::new(FileQuestion {
                order: FileOrder::Problems,
                descending: true,
                ..FileQuestion::default()
            }),
            is_ready: RwSignal::new(false),
            matched,
        };
        provide_context(shell);
        shell
    }

    /// Opens an event in the drawer.
    pub fn open_event(self, cursor: Cursor) {
        self.cursor.set(Some(cursor));
        self.narrow.set(NarrowPane::Detail);
    }

    /// Closes the drawer.
    pub fn close_event(self) {
        self.cursor.set(None);
        self.narrow.set(NarrowPane::Table);
    }

    /// Opens the import report at some of its lines.
    pub fn open_files(self, app: App, filter: FileFilter) {
        self.files.update(|question| *question = FileQuestion { filter, ..question.clone() });
        self.files.update(|question| question.search.clear());
        app.dispatch(Action::OpenArchive(ArchiveTab::Files));
    }

    /// Number of events that pass, as far as it is known.
    pub fn matched_count(self) -> u64 {
        self.matched.with(|answer| answer.value.as_ref().map_or(0, |count| count.matched))
    }

    /// Shows a short message, also to screen readers.
    pub fn say(self, message: impl Into<String>) {
        self.show(message.into(), None, SHOWN);
    }

    /// The same about what was just recorded as a step, with a button that takes it back.
    pub fn say_done(self, message: impl Into<String>) {
        self.show(message.into(), Some(history::steps()), SHOWN_WITH_UNDO);
    }

    fn show(self, text: String, undoes: Option<u32>, shown: Duration) {
        let number = self.toast.with_untracked(|toast| toast.number) + 1;
        self.toast.set(Toast { number, text, undoes });
        let clear = move || {
            // A newer one has a time of its own.
            if self.toast.try_with_untracked(|toast| toast.number) == Some(number) {
                self.toast.set(Toast { number, ..Toast::default() });
            }
        };
        leptos::leptos_dom::helpers::set_timeout(clear, shown);
    }
}

/// The context; only inside components under `Shell::provide`.
pub fn use_shell() -> Shell {
    expect_context()
}
