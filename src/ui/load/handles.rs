//! Walking dropped folders: by file system handles where the browser has them (twice as fast), by entries
//! elsewhere. The browser is asked for many things at once, but files are found in the order of the folders:
//! the same drop is the same data set.

use super::Source;
use super::found::Found;
use crate::ui::shell::Shell;
use crate::ui::state::App;
use crate::worker::web::port::next_turn;
use js_sys::{Array, AsyncIterator, Function, Object, Promise, Reflect};
use std::collections::VecDeque;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::{DataTransfer, DataTransferItem, File, FileSystemDirectoryEntry, FileSystemEntry, FileSystemFileEntry};

/// Files the browser is asked for at a time.
const FILES_AHEAD: usize = 64;
/// Folders the browser is asked for at a time.
const FOLDERS_AHEAD: usize = 4;
/// Children of a folder that are listed together: the first are read long before the last are known.
const LISTED: u32 = 256;

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

/// Walks everything dropped and adds its files. What cannot be read is listed as a problem.
pub async fn walk(app: App, shell: Shell, dropped: Vec<Dropped>) {
    let Some(mut found) = Found::begin(app, shell) else { return };
    for item in dropped {
        match item {
            Dropped::File(file) if found.selects(&file.name()) => found.add(Source::new(file, None)),
            Dropped::File(_) => {}
            Dropped::Handle(promise) => match JsFuture::from(promise).await {
                Ok(handle) => walk_handles(handle.unchecked_into(), &mut found).await,
                Err(reason) => found.unreadable("(dropped item)".into(), &reason),
            },
            Dropped::Entry(entry) => walk_entries(entry, &mut found).await,
        }
        if !found.goes_on().await {
            break;
        }
    }
    found.end();
}

/// Files the browser was asked for, in the order they will be added.
#[derive(Default)]
struct Asked {
    files: VecDeque<(String, JsFuture)>,
}

impl Asked {
    /// Adds the files that were asked for, but for the last `left`. False: the search is not wanted any more.
    async fn settle(&mut self, left: usize, found: &mut Found) -> bool {
        while self.files.len() > left {
            let Some((path, file)) = self.files.pop_front() else { break };
            found.add_outcome(file.await, path);
            if !found.goes_on().await {
                return false;
            }
        }
        true
    }
}

/// A folder that is still to be walked.
struct Folder {
    path: String,
    handle: Handle,
    /// Its children, once they were asked for: an iterator and a promise of the next of them.
    listing: Option<(AsyncIterator, Promise)>,
    /// Folders among the children listed so far.
    folders: Vec<Folder>,
}

impl Folder {
    fn new(path: String, handle: Handle) -> Self {
        Self { path, handle, listing: None, folders: Vec::new() }
    }

    /// Has the browser list the next children, unless it is at it.
    fn begin(&mut self) {
        self.listing.get_or_insert_with(|| {
            let children = self.handle.values();
            (children.clone(), next_children(children))
        });
    }

    /// The next children, at most [`LISTED`], while the browser is already listing those after them; fewer than that
    /// are the last.
    async fn next(&mut self) -> Result<Array, JsValue> {
        self.begin();
        let Some((children, listed)) = self.listing.take() else { return Ok(Array::new()) };
        let listed = Array::from(&JsFuture::from(listed).await?);
        if listed.length() == LISTED {
            self.listing = Some((children.clone(), next_children(children)));
        }
        Ok(listed)
    }
}

async fn walk_handles(root: Handle, found: &mut Found) {
    let mut asked = Asked::default();
    if root.kind() == "file" {
        if !found.selects(&root.name()) {
            return;
        }
        asked.files.push_back((root.name(), root.get_file().into()));
        asked.settle(0, found).await;
        return;
    }
    let mut open = vec![Folder::new(root.name(), root)];
    loop {
        open.iter_mut().rev().take(FOLDERS_AHEAD).for_each(Folder::begin);
        let Some(mut folder) = open.pop() else { break };
        let children = match folder.next().await {
            Ok(children) => children,
            Err(reason) => {
                found.unreadable(folder.path, &reason);
                open.extend(folder.folders.into_iter().rev());
                continue;
            }
        };
        for child in children.iter().map(JsCast::unchecked_into::<Handle>) {
            let path = format!("{}/{}", folder.path, child.name());
            if child.kind() == "file" {
                if !found.selects(&path) {
                    continue;
                }
                asked.files.push_back((path, child.get_file().into()));
                if !asked.settle(FILES_AHEAD, found).await {
                    return;
                }
            } else {
                folder.folders.push(Folder::new(path, child));
            }
        }
        if folder.listing.is_some() {
            open.push(folder);
        } else {
            open.extend(folder.folders.into_iter().rev());
        }
    }
    asked.settle(0, found).await;
}

/// The next children of a folder, as an array of handles.
fn next_children(children: AsyncIterator) -> Promise {
    future_to_promise(async move {
        let listed = Array::new();
        while listed.length() < LISTED {
            let step = JsFuture::from(children.next()?).await?;
            if Reflect::get(&step, &"done".into())?.is_truthy() {
                break;
            }
            listed.push(&Reflect::get(&step, &"value".into())?);
        }
        next_turn().await;
        Ok(listed.into())
    })
}

async fn walk_entries(root: FileSystemEntry, found: &mut Found) {
    let mut open = vec![root];
    let mut asked = Asked::default();
    while let Some(entry) = open.pop() {
        let path = entry.full_path().trim_start_matches('/').to_owned();
        if entry.is_file() {
            if !found.selects(&path) {
                continue;
            }
            let entry: FileSystemFileEntry = entry.unchecked_into();
            let file = Promise::new(&mut |resolve, reject| {
                entry.file_with_callback_and_callback(&resolve, &reject);
            });
            asked.files.push_back((path, file.into()));
            if !asked.settle(FILES_AHEAD, found).await {
                return;
            }
            continue;
        }
        let reader = entry.unchecked_into::<FileSystemDirectoryEntry>().create_reader();
        let mut children = Vec::new();
        // Browsers hand out at most a hundred entries a time: ask until there are none.
        loop {
            let some = JsFuture::from(Promise::new(&mut |resolve: Function, reject: Function| {
                let _ = reader.read_entries_with_callback_and_callback(&resolve, &reject);
            }));
            match some.await {
                Ok(some) if Array::from(&some).length() == 0 => break,
                Ok(some) => children.extend(Array::from(&some).iter().map(JsCast::unchecked_into::<FileSystemEntry>)),
                Err(reason) => {
                    found.unreadable(path, &reason);
                    break;
                }
            }
            if !found.goes_on().await {
                return;
            }
        }
        open.extend(children.into_iter().rev());
    }
    asked.settle(0, found).await;
}
