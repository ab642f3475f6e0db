//! Copying text and saving files, both without leaving the page.

use leptos::prelude::*;
use std::time::Duration;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

/// A file of any size is on disk after this.
const SAVED_AFTER: Duration = Duration::from_secs(120);

/// Copies text; calls `done` with whether it worked. Over plain HTTP from another machine, browsers have no clipboard.
pub fn copy(text: String, done: impl FnOnce(bool) + 'static) {
    if !window().is_secure_context() {
        return done(false);
    }
    let promise = window().navigator().clipboard().write_text(&text);
    leptos::task::spawn_local(async move { done(JsFuture::from(promise).await.is_ok()) });
}

/// Offers text as a file to save.
pub fn save(name: &str, media_type: &str, text: &str) -> Option<()> {
    save_parts(name, media_type, &js_sys::Array::of1(&text.into()))
}

/// Offers texts and `Blob`s, one behind the other, as a file to save.
pub fn save_parts(name: &str, media_type: &str, parts: &js_sys::Array) -> Option<()> {
    let options = web_sys::BlobPropertyBag::new();
    options.set_type(media_type);
    let blob = web_sys::Blob::new_with_blob_sequence_and_options(parts, &options).ok()?;
    let url = web_sys::Url::create_object_url_with_blob(&blob).ok()?;
    let link = document().create_element("a").ok()?.dyn_into::<web_sys::HtmlAnchorElement>().ok()?;
    link.set_href(&url);
    link.set_download(name);
    link.click();
    // Not every browser has begun to read by now.
    set_timeout(move || drop(web_sys::Url::revoke_object_url(&url)), SAVED_AFTER);
    Some(())
}
