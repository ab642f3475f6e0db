//! Getting files: drop, pickers, paste. The page only collects handles; workers read them.

pub mod drop;
pub mod empty;
pub mod found;
pub mod handles;
pub mod partly;
pub mod paste;
pub mod picker;
pub mod progress;

use super::state::App;
use leptos::prelude::*;

/// A file to read and the path it is listed under.
#[derive(Clone, Debug)]
pub struct Source {
    /// Path as dropped, folders separated by `/`.
    pub path: String,
    /// The handle; its bytes stay on disk until a worker reads them.
    pub file: web_sys::Blob,
    /// Size in bytes.
    pub size: u64,
}

impl Source {
    /// A file under the path given, or under its own name.
    pub fn new(file: web_sys::File, path: Option<String>) -> Self {
        let path = path.filter(|path| !path.is_empty()).unwrap_or_else(|| file.name());
        Self { path, size: file.size() as u64, file: file.into() }
    }
}

/// Adds files to the data set.
pub fn add(app: App, sources: Vec<Source>) {
    if sources.is_empty() {
        return;
    }
    let name = name_of(&sources).unwrap_or_default();
    let is_first = app.session.files().is_none();
    if is_first || app.session.name.with_untracked(|known| *known != name) {
        app.session.name.set(if is_first { name } else { String::new() });
    }
    app.engine.add_files(app, sources);
}

/// What to call a set of files: the folder they share, or the only file.
fn name_of(sources: &[Source]) -> Option<String> {
    let folder = |source: &'_ Source| source.path.find('/').map(|end| source.path[..end].to_owned());
    let shared = folder(sources.first()?);
    match (sources, shared) {
        ([only], None) => Some(only.path.clone()),
        (_, shared) => shared.filter(|shared| {
            let is_inside = |path: &str| path.strip_prefix(shared.as_str()).is_some_and(|rest| rest.starts_with('/'));
            sources.iter().all(|source| is_inside(&source.path))
        }),
    }
}
