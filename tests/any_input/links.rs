//! Any text as a link.

use trailscope::view::url;

/// What opens as a link makes a link that opens the same view.
pub fn any_link(text: &str) {
    let Ok(view) = url::decode(text) else { return };
    let link = url::encode(&view, url::Detail::Everything);
    assert_eq!(url::decode(&link).as_ref(), Ok(&view), "{link}");
}
