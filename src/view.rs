//! Pure view models: what the screen shows, without a DOM.
//!
//! Everything the user can change is one serialisable [`ViewState`], changed only by named [`Action`]s
//! through [`reduce`]. Menus, shortcuts, the command palette, the address bar and tests all speak these
//! actions. Nothing here touches a browser, so all of it is tested natively; components live in `ui`.

pub mod action;
pub mod advice;
pub mod chart;
pub mod code;
pub mod columns;
pub mod commands;
pub mod compare;
pub mod complete;
pub mod composites;
pub mod controls;
pub mod coverage;
pub mod deployed;
pub mod evidence;
pub mod export;
pub mod facets;
pub mod format;
pub mod formula;
pub mod inbox;
pub mod insights;
pub mod integrity;
pub mod json_tree;
pub mod kept;
pub mod keymap;
pub mod lab;
pub mod lint;
pub mod noise;
pub mod overview;
pub mod partial;
pub mod presets;
pub mod progress;
pub mod replay;
pub mod report;
pub mod rule;
pub mod rule_action;
pub mod search;
pub mod selection;
pub mod spelling;
pub mod state;
pub mod sweep;
pub mod time_travel;
pub mod translate;
pub mod url;
pub mod value_menu;
pub mod verdict;
pub mod what_if;
pub mod window;
pub mod workspace;
pub mod zone;

pub use action::{Action, reduce};
pub use rule_action::RuleAction;
pub use state::{
    ArchiveTab, Column, ListedRule, NamedBacktest, NamedComposite, NamedFormula, Panel, TimeRange, ViewState,
};
