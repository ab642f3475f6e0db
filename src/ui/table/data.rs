//! Rows of the table as they are known: the newest page, asked for again whenever what is visible leaves it.

use crate::model::query::{Row, RowRef, Scope, Sort};
use crate::ui::shell::{Shell, ValueTarget};
use crate::ui::state::{Answer, App, Page, use_answer};
use crate::view::deployed::is_account;
use crate::view::state::TIME_FIELD;
use crate::view::window::RowWindow;
use crate::view::{Column, format};
use leptos::prelude::*;
use std::ops::Range;

/// Rows asked for together.
const BLOCK: u64 = 64;

/// What a page depends on beside its place.
#[derive(Clone, PartialEq)]
struct Question {
    scope: Scope,
    sort: Sort,
    fields: Vec<String>,
}

/// A page and the question it answers.
struct Known {
    question: Question,
    page: Page,
}

/// One row to render.
#[derive(Clone)]
pub struct ShownRow {
    /// Tells rows apart: number, record, layout.
    pub key: (u64, Option<RowRef>, u64),
    /// Number in the table.
    pub number: u64,
    /// Cell texts by column; `None` is absent. Empty while the row is on its way.
    pub cells: Vec<Option<String>>,
    /// Whether the event carries an errorCode.
    pub error: bool,
}

/// The rows of the table.
#[derive(Clone, Copy)]
pub struct TableData {
    /// Rows in the table.
    pub total: Memo<u64>,
    /// Whether what is shown answers an older question.
    pub stale: Memo<bool>,
    /// Why there are no rows.
    pub error: Memo<Option<String>>,
    /// Grows when every row looks different: other columns, another zone.
    generation: Memo<u64>,
    page: ReadSignal<Answer<Known>>,
    columns: Memo<Vec<Column>>,
    app: App,
}

impl TableData {
    pub fn new(app: App, shell: Shell, window: RwSignal<RowWindow>, columns: Memo<Vec<Column>>) -> Self {
        let total = Memo::new(move |_| shell.matched_count());
        let fields =
            Memo::new(move |_| columns.with(|columns| columns.iter().map(|c| c.field.clone()).collect::<Vec<_>>()));
        let question = Memo::new(move |_| Question {
            scope: app.scope.get(),
            sort: app.view.with(|view| view.sort.clone()),
            fields: fields.get(),
        });
        let blocks = Memo::new(move |_| {
            let visible = window.with(RowWindow::visible);
            // The first rows are asked for while it is still being counted how many there are.
            (visible.start / BLOCK, visible.end.div_ceil(BLOCK).max(1))
        });
        let page = use_answer(
            move || {
                let blocks = blocks.get();
                (app.session.has_data() && blocks.0 < blocks.1)
                    .then(|| (question.get(), blocks, app.session.version.get()))
            },
            move |(question, (first, last), _)| async move {
                let Question { scope, sort, fields } = question.clone();
                let len = ((last - first) * BLOCK) as u32;
                let page = app.engine.page("table", scope, sort, first * BLOCK, len, fields).await?;
                Ok(Known { question, page })
            },
        );
        let stale = Memo::new(move |_| {
            let current = question.get();
            page.with(|page| page.stale && page.value.as_ref().is_some_and(|known| known.question != current))
        });
        // Cells of a new column are known only with the page that was asked for it.
        let answered = Memo::new(move |_| {
            page.with(|page| page.value.as_ref().map(|known| known.question.fields.clone()).unwrap_or_default())
        });
        // Read, not only tracked: a memo that nobody reads is never computed and never notifies.
        let looks = Memo::new(move |_| (fields.get(), answered.get(), app.zone.get(), app.session.accounts.get()));
        let generation = Memo::new(move |before: Option<&u64>| looks.with(|_| before.map_or(0, |before| before + 1)));
        let error = Memo::new(move |_| page.with(|page| page.error.clone()));
        Self { total, stale, error, generation, page, columns, app }
    }

    /// Subscribes to anything that renders rows anew.
    pub fn track(&self) {
        self.generation.track();
        self.page.track();
    }

    /// The rows of a range, known or not.
    pub fn rows(&self, range: Range<u64>) -> Vec<ShownRow> {
        let generation = self.generation.get();
        self.columns.with(|columns| {
            self.app.zone.with(|zone| {
                self.page.with(|page| {
                    range
                        .map(|number| {
                            let found = page.value.as_deref().and_then(|known| at(known, number));
                            let Some((origin, row, known)) = found else {
                                let key = (number, None, generation);
                                return ShownRow { key, number, cells: Vec::new(), error: false };
                            };
                            let cells = columns.iter().map(|column| {
                                if column.field == TIME_FIELD {
                                    row.time.map(|time| format::time(time, zone))
                                } else {
                                    let text = cell(known, row, &column.field);
                                    text.map(|text| self.named(&column.field, text))
                                }
                            });
                            let key = (number, Some(origin), generation);
                            ShownRow { key, number, cells: cells.collect(), error: row.error }
                        })
                        .collect()
                })
            })
        })
    }

    /// An account's number with its name, when it is known; any other text as it is.
    fn named(&self, field: &str, text: String) -> String {
        let name = is_account(field).then(|| self.app.session.account_name(&text)).flatten();
        name.map_or_else(|| text.clone(), |name| format!("{text} {name}"))
    }

    /// Where a row's record is, when it is known.
    pub fn row_ref(&self, number: u64) -> Option<RowRef> {
        self.page.with_untracked(|page| at(page.value.as_deref()?, number).map(|(origin, ..)| origin))
    }

    /// What a cell's menu is about.
    pub fn target(&self, number: u64, column: usize) -> Option<ValueTarget> {
        let field = self.columns.with_untracked(|columns| columns.get(column).map(|column| column.field.clone()))?;
        self.page.with_untracked(|page| {
            let (_, row, known) = at(page.value.as_deref()?, number)?;
            let value =
                if field == TIME_FIELD { row.time.map(|time| time.to_rfc3339()) } else { cell(known, row, &field) };
            Some(ValueTarget { selector: format!("$.{field}"), field, value })
        })
    }
}

fn at(known: &Known, number: u64) -> Option<(RowRef, &Row, &Known)> {
    let index = number.checked_sub(known.page.first)?;
    known.page.rows.get(index as usize).map(|(origin, row)| (*origin, row, known))
}

fn cell(known: &Known, row: &Row, field: &str) -> Option<String> {
    let index = known.question.fields.iter().position(|asked| asked == field)?;
    row.cells.get(index).cloned().flatten()
}
