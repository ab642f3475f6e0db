//! Starting workers and ending them.
//!
//! A worker starts from a `Blob`, because a policy in a `<meta>` element does not bind a worker that
//! comes from a network address, while one from a blob inherits it. The blob holds the whole script and
//! the page hands over the module it has compiled, so no worker costs a request or a compilation.

use super::port::{Message, Port, text_of};
use js_sys::{Array, Object, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::{Blob, BlobPropertyBag, ErrorEvent, MessageChannel, MessagePort, Url, Worker, WorkerOptions, WorkerType};

#[wasm_bindgen]
extern "C" {
    /// The text of the glue script, left here by `boot/main.js`.
    #[wasm_bindgen(thread_local_v2, js_namespace = globalThis, js_name = trailscopeGlue)]
    static GLUE: String;
}

const BOOT: &str = include_str!("../../boot/worker.js");

/// A running worker. Dropping it terminates the worker and gives its memory back.
pub struct WorkerHandle {
    worker: Worker,
    port: Port,
    _on_error: Closure<dyn FnMut(ErrorEvent)>,
}

impl WorkerHandle {
    /// Starts a worker. `on_message` gets its answers; `on_error` is called when it fails to start or
    /// panics, after which it answers no more.
    pub fn spawn(
        on_message: impl FnMut(Message) + 'static,
        mut on_error: impl FnMut(String) + 'static,
    ) -> Result<WorkerHandle, String> {
        let worker = start().map_err(|error| text_of(&error))?;
        let on_error = Closure::<dyn FnMut(ErrorEvent)>::new(move |event: ErrorEvent| on_error(event.message()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));

        let channel = MessageChannel::new().map_err(|error| text_of(&error))?;
        hand_over(&worker, &channel.port2()).map_err(|error| text_of(&error))?;
        let port = Port::new(channel.port1());
        port.listen(on_message);
        Ok(WorkerHandle { worker, port, _on_error: on_error })
    }

    /// Sends a message; it waits in the port while the worker is still starting.
    pub fn post(&self, message: Message) -> Result<(), String> {
        self.port.post(message)
    }
}

impl Drop for WorkerHandle {
    fn drop(&mut self) {
        self.worker.set_onerror(None);
        self.worker.terminate();
        self.port.close();
    }
}

fn start() -> Result<Worker, JsValue> {
    let kind = BlobPropertyBag::new();
    kind.set_type("text/javascript");
    let url = Url::create_object_url_with_blob(&Blob::new_with_str_sequence_and_options(
        &Array::of2(&GLUE.with(|glue| JsValue::from_str(glue)), &JsValue::from_str(BOOT)),
        &kind,
    )?)?;
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    let worker = Worker::new_with_options(&url, &options);
    Url::revoke_object_url(&url)?;
    worker
}

fn hand_over(worker: &Worker, port: &MessagePort) -> Result<(), JsValue> {
    let parcel = Object::new();
    Reflect::set(&parcel, &"module".into(), &wasm_bindgen::module())?;
    Reflect::set(&parcel, &"port".into(), port)?;
    worker.post_message_with_transfer(&parcel, &Array::of1(port))
}
