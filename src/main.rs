//! The Leptos page on wasm32, the command-line tool natively.

/// Every instance of the module runs this, workers too: only the page has something to mount.
#[cfg(target_arch = "wasm32")]
fn main() {
    console_error_panic_hook::set_once();
    if web_sys::window().is_some() {
        trailscope::ui::start();
    }
}

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    trailscope::cli::run()
}
