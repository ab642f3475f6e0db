//! Small parts without any knowledge of events: icons, dialogs, popovers, pane resizers.

pub mod clipboard;
pub mod context_menu;
pub mod dialog;
pub mod editor;
pub mod icon;
pub mod popover;
pub mod resizer;

pub use context_menu::ContextMenu;
pub use dialog::Modal;
pub use editor::Editor;
pub use icon::Icon;
pub use popover::Popover;
pub use resizer::Resizer;
