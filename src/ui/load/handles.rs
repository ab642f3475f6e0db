//! Walking dropped folders: by file system handles where the browser has them (twice as fast), by entries
//! elsewhere. Files are passed on in batches, so that reading starts before the walk is over.

use super::Source;
use crate::ui::state::App;
use crate::worker::web::port::text_of;
use js_sys::{Array, AsyncIterator, Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{DataTransfer, DataTransferItem, File, FileSystemDirectoryEntry, FileSystemEntry, FileSystemFileEntry};

/// Files passed on at a time.
const BATCH: usize = 1_000;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(extends = Object)]
    #[derive(Clone, Debug)]
    type Handle;
    #[wasm_bindgen(method, getter)]
    fn kind(this: &Handle) -> String;
    #[wasm_bindgen(method, getter)]
    fn name(this: &Handle) -> String;
    #[wasm_bindgen(method, js_name = getFile)]
    fn get_file(this: &Handle) -> Promise;
    #[wasm_bindgen(method)]
    fn values(this: &Handle) -> AsyncIterator;

    #[wasm_bindgen(extends = Object)]
    type HandleItem;
    #[wasm_bindgen(method, catch, js_name = getAsFileSystemHandle)]
    fn get_as_file_system_handle(this: &HandleItem) -> Result<Promise, JsValue>;
}

/// What a drop holds; taken in the event handler, because the browser forgets it afterwards.
pub enum Dropped {
    /// A promise of a file or folder handle.
    Handle(Promise),
    /// A file or folder entry.
    Entry(FileSystemEntry),
    /// A file without either.
    File(File),
}

/// Takes everything out of a drop.
pub fn take(transfer: &DataTransfer) -> Vec<Dropped> {
    let items = transfer.items();
    let mut dropped = Vec::new();
    for item in (0..items.length()).filter_map(|index| items.get(index)) {
        if item.kind() == "file"
            && let Some(found) = take_item(&item)
        {
            dropped.push(found);
        }
    }
    if dropped.is_empty()
        && let Some(files) = transfer.files()
    {
        dropped.extend((0..files.length()).filter_map(|index| files.get(index)).map(Dropped::File));
    }
    dropped
}

fn take_item(item: &DataTransferItem) -> Option<Dropped> {
    if Reflect::has(item, &"getAsFileSystemHandle".into()).unwrap_or(false)
        && let Ok(promise) = item.unchecked_ref::<HandleItem>().get_as_file_system_handle()
    {
        return Some(Dropped::Handle(promise));
    }
    if let Ok(Some(entry)) = item.webkit_get_as_entry() {
        return Some(Dropped::Entry(entry));
    }
    item.get_as_file().ok().flatten().map(Dropped::File)
}

/// Walks everything dropped and adds its files in batches. What cannot be read is listed as a problem.
pub async fn walk(app: App, dropped: Vec<Dropped>) {
    app.engine.begin_search(app);
    let mut found = Found { app, batch: Vec::new() };
    for item in dropped {
        match item {
            Dropped::File(file) => found.batch.push(Source::new(file, None)),
            Dropped::Handle(promise) => match JsFuture::from(promise).await {
                Ok(handle) => walk_handles(handle.unchecked_into(), &mut found).await,
                Err(reason) => found.unreadable("(dropped item)".into(), &reason),
            },
            Dropped::Entry(entry) => walk_entries(entry, &mut found).await,
        }
        found.flush(BATCH);
    }
    found.flush(1);
    app.engine.end_search();
}

/// Files found, on their way to the engine.
struct Found {
    app: App,
    batch: Vec<Source>,
}

impl Found {
    fn flush(&mut self, at_least: usize) {
        if self.batch.len() >= at_least {
            super::add(self.app, std::mem::take(&mut self.batch));
        }
    }

    fn file(&mut self, outcome: Result<JsValue, JsValue>, path: String) {
        match outcome {
            Ok(file) => self.batch.push(Source::new(file.unchecked_into(), Some(path))),
            Err(reason) => self.unreadable(path, &reason),
        }
    }

    fn unreadable(&self, path: String, reason: &JsValue) {
        self.app.engine.add_unreadable(path, &text_of(reason));
    }
}

async fn walk_handles(root: Handle, found: &mut Found) {
    let mut open = vec![(String::new(), root)];
    while let Some((parent, handle)) = open.pop() {
        let path = join(&parent, &handle.name());
        if handle.kind() == "file" {
            found.file(JsFuture::from(handle.get_file()).await, path);
            continue;
        }
        let (mut folders, files, paths) = (Vec::new(), Array::new(), &mut Vec::new());
        let children = handle.values();
        while let Some(child) = next(&children).await {
            if child.kind() == "file" {
                paths.push(join(&path, &child.name()));
                files.push(&child.get_file());
            } else {
                folders.push((path.clone(), child));
            }
        }
        // Settled, not all: one unreadable file must not hide its neighbours.
        let files = settled(Promise::all_settled(&files)).await.map(|files| Array::from(&files)).unwrap_or_default();
        for (outcome, path) in files.iter().zip(paths.drain(..)) {
            let part = |name: &str| Reflect::get(&outcome, &name.into()).unwrap_or_default();
            let file = part("value");
            found.file(if file.is_object() { Ok(file) } else { Err(part("reason")) }, path);
        }
        found.flush(BATCH);
        open.extend(folders.into_iter().rev());
    }
}

async fn next(children: &AsyncIterator) -> Option<Handle> {
    let step = settled(children.next().ok()?).await?;
    let done = Reflect::get(&step, &"done".into()).ok()?.as_bool().unwrap_or(true);
    if done { None } else { Reflect::get(&step, &"value".into()).ok().map(JsCast::unchecked_into) }
}

async fn walk_entries(root: FileSystemEntry, found: &mut Found) {
    let mut open = vec![root];
    while let Some(entry) = open.pop() {
        let path = entry.full_path().trim_start_matches('/').to_owned();
        if entry.is_file() {
            let entry: FileSystemFileEntry = entry.unchecked_into();
            let file = Promise::new(&mut |resolve, reject| {
                entry.file_with_callback_and_callback(&resolve, &reject);
            });
            found.file(JsFuture::from(file).await, path);
        } else {
            let reader = entry.unchecked_into::<FileSystemDirectoryEntry>().create_reader();
            // Browsers hand out at most a hundred entries a time: ask until there are none.
            loop {
                let some = JsFuture::from(Promise::new(&mut |resolve: Function, reject: Function| {
                    let _ = reader.read_entries_with_callback_and_callback(&resolve, &reject);
                }));
                let some = match some.await {
                    Ok(some) => Array::from(&some),
                    Err(reason) => {
                        found.unreadable(path, &reason);
                        break;
                    }
                };
                if some.length() == 0 {
                    break;
                }
                open.extend(some.iter().map(JsCast::unchecked_into::<FileSystemEntry>));
            }
        }
        found.flush(BATCH);
    }
}

async fn settled(promise: Promise) -> Option<JsValue> {
    JsFuture::from(promise).await.ok()
}

fn join(parent: &str, name: &str) -> String {
    if parent.is_empty() { name.into() } else { format!("{parent}/{name}") }
}
