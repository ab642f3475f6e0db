//! Walking dropped folders: by file system handles where the browser has them (twice as fast), by entries
//! elsewhere. Files are passed on in batches, so that reading starts before the walk is over.

use super::Source;
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

/// Walks everything dropped and passes files on in batches. Folders that cannot be read are left out.
pub async fn walk(dropped: Vec<Dropped>, pass_on: impl Fn(Vec<Source>)) {
    let mut batch = Vec::new();
    for item in dropped {
        match item {
            Dropped::File(file) => batch.push(Source::new(file, None)),
            Dropped::Handle(promise) => {
                if let Ok(handle) = JsFuture::from(promise).await {
                    walk_handles(handle.unchecked_into(), &mut batch, &pass_on).await;
                }
            }
            Dropped::Entry(entry) => walk_entries(entry, &mut batch, &pass_on).await,
        }
        flush(&mut batch, BATCH, &pass_on);
    }
    flush(&mut batch, 1, &pass_on);
}

fn flush(batch: &mut Vec<Source>, at_least: usize, pass_on: &impl Fn(Vec<Source>)) {
    if batch.len() >= at_least {
        pass_on(std::mem::take(batch));
    }
}

async fn walk_handles(root: Handle, batch: &mut Vec<Source>, pass_on: &impl Fn(Vec<Source>)) {
    let mut open = vec![(String::new(), root)];
    while let Some((parent, handle)) = open.pop() {
        let path = join(&parent, &handle.name());
        if handle.kind() == "file" {
            if let Some(file) = settled(handle.get_file()).await {
                batch.push(Source::new(file.unchecked_into(), Some(path)));
            }
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
            let file = Reflect::get(&outcome, &"value".into()).ok().and_then(|file| file.dyn_into::<File>().ok());
            batch.extend(file.map(|file| Source::new(file, Some(path))));
        }
        flush(batch, BATCH, pass_on);
        open.extend(folders.into_iter().rev());
    }
}

async fn next(children: &AsyncIterator) -> Option<Handle> {
    let step = settled(children.next().ok()?).await?;
    let done = Reflect::get(&step, &"done".into()).ok()?.as_bool().unwrap_or(true);
    if done { None } else { Reflect::get(&step, &"value".into()).ok().map(JsCast::unchecked_into) }
}

async fn walk_entries(root: FileSystemEntry, batch: &mut Vec<Source>, pass_on: &impl Fn(Vec<Source>)) {
    let mut open = vec![root];
    while let Some(entry) = open.pop() {
        let path = entry.full_path().trim_start_matches('/').to_owned();
        if entry.is_file() {
            let entry: FileSystemFileEntry = entry.unchecked_into();
            let file = settled(Promise::new(&mut |resolve, reject| {
                entry.file_with_callback_and_callback(&resolve, &reject);
            }));
            if let Some(file) = file.await {
                batch.push(Source::new(file.unchecked_into(), Some(path)));
            }
        } else {
            let reader = entry.unchecked_into::<FileSystemDirectoryEntry>().create_reader();
            // Browsers hand out at most a hundred entries a time: ask until there are none.
            loop {
                let some = settled(Promise::new(&mut |resolve: Function, reject: Function| {
                    let _ = reader.read_entries_with_callback_and_callback(&resolve, &reject);
                }));
                let some = some.await.map(|some| Array::from(&some)).unwrap_or_default();
                if some.length() == 0 {
                    break;
                }
                open.extend(some.iter().map(JsCast::unchecked_into::<FileSystemEntry>));
            }
        }
        flush(batch, BATCH, pass_on);
    }
}

async fn settled(promise: Promise) -> Option<JsValue> {
    JsFuture::from(promise).await.ok()
}

fn join(parent: &str, name: &str) -> String {
    if parent.is_empty() { name.into() } else { format!("{parent}/{name}") }
}
