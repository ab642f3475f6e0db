//! One row of the table. Its text is fixed when it is rendered; a changed row is a new one.

use super::data::ShownRow;
use crate::ui::shell::use_shell;
use crate::view::format::short_identity;
use leptos::prelude::*;

/// A row.
#[component]
pub fn RowView(row: ShownRow) -> impl IntoView {
    let shell = use_shell();
    let origin = row.key.1;
    let open = move || origin.is_some() && shell.cursor.get().map(|cursor| cursor.row) == origin;
    let cells = row.cells.into_iter().enumerate().map(|(column, text)| {
        let (absent, title) = (text.is_none(), text.clone());
        let text = text.as_deref().map_or("–", short_identity).to_owned();
        let column = column.to_string();
        view! {
            <div class="cell" class:absent=absent role="gridcell" tabindex="-1" data-column=column title=title>
                {text}
            </div>
        }
    });
    view! {
        <div
            class="row"
            class:error=row.error
            class:open=open
            role="row"
            aria-rowindex=row.number + 2
            aria-selected=move || open().to_string()
            data-line=(row.number + 1).to_string()
        >
            {cells.collect_view()}
        </div>
    }
}
