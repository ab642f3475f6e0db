//! One end of the line between the page and a worker.
//!
//! A message is bytes (what they mean is `worker::protocol`'s business) beside buffers that are passed on unseen
//! and the file handles they speak of. Bytes and buffers move by transfer, a handle by structured clone, so
//! nothing large is copied between threads. Order is kept, nothing is lost while the other end is still starting.

use js_sys::{Array, ArrayBuffer, Promise, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AddEventListenerOptions, Blob, MessageChannel, MessageEvent, MessagePort};

/// What crosses a port.
#[derive(Debug, Default)]
pub struct Message {
    /// The encoded request or answer.
    pub bytes: Vec<u8>,
    /// Parts of an exchange between workers.
    pub buffers: Vec<ArrayBuffer>,
    /// Handles of the files it speaks of, in the order it numbers them.
    pub blobs: Vec<Blob>,
}

/// A cheap handle of a `MessagePort`.
#[derive(Clone, Debug)]
pub struct Port {
    port: MessagePort,
}

impl Port {
    /// Wraps a port. It does not deliver until [`Port::listen`] is called.
    pub fn new(port: MessagePort) -> Port {
        Port { port }
    }

    /// Sends a message. Fails only when a handle cannot be cloned.
    pub fn post(&self, message: Message) -> Result<(), String> {
        let bytes = Uint8Array::from(message.bytes.as_slice());
        let transfer = Array::of1(&bytes.buffer());
        let parts = Array::of1(&bytes);
        message.buffers.iter().for_each(|buffer| {
            transfer.push(buffer);
            parts.push(buffer);
        });
        message.blobs.iter().for_each(|blob| {
            parts.push(blob);
        });
        self.port.post_message_with_transferable(&parts, &transfer).map_err(|error| text_of(&error))
    }

    /// Calls `receive` for each message, those already waiting included, for as long as the port lives.
    pub fn listen(&self, mut receive: impl FnMut(Message) + 'static) {
        let listener = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            receive(decode(&event.data()));
        });
        self.port.set_onmessage(Some(listener.into_js_value().unchecked_ref()));
    }

    /// Stops delivery; what was sent before may be lost.
    pub fn close(&self) {
        self.port.close();
    }
}

fn decode(data: &JsValue) -> Message {
    let mut message = Message::default();
    for part in Array::from(data).iter() {
        match part.dyn_into::<Blob>().map_err(JsCast::dyn_into::<ArrayBuffer>) {
            Ok(blob) => message.blobs.push(blob),
            Err(Ok(buffer)) => message.buffers.push(buffer),
            Err(Err(bytes)) => message.bytes = Uint8Array::new(&bytes).to_vec(),
        }
    }
    message
}

thread_local! {
    static TURNS: Option<MessageChannel> = MessageChannel::new().ok().inspect(|channel| channel.port1().start());
}

/// Lets the event loop take its other tasks, waiting messages among them, before the caller goes on.
/// A message to oneself, because timers are clamped to 4 ms.
pub async fn next_turn() {
    let waiting = TURNS.with(|channel| {
        let channel = channel.as_ref()?;
        let options = AddEventListenerOptions::new();
        options.set_once(true);
        let promise = Promise::new(&mut |resolve, _| {
            // Listening to a message port cannot fail; if it did the promise would stay open.
            let _ = channel
                .port1()
                .add_event_listener_with_callback_and_add_event_listener_options("message", &resolve, &options);
        });
        channel.port2().post_message(&JsValue::NULL).ok()?;
        Some(promise)
    });
    if let Some(promise) = waiting {
        let _ = JsFuture::from(promise).await;
    }
}

/// Waits until the frame that is being made has been painted. In a page nobody sees that may take for ever.
pub async fn next_frame() {
    let Some(window) = web_sys::window() else { return };
    let promise = Promise::new(&mut |resolve, _| {
        // Fails only where there are no frames to wait for.
        if window.request_animation_frame(&resolve).is_err() {
            let _ = resolve.call0(&JsValue::NULL);
        }
    });
    let _ = JsFuture::from(promise).await;
    next_turn().await;
}

/// The text of something thrown: `message` of an error, else its string form.
pub fn text_of(error: &JsValue) -> String {
    match error.dyn_ref::<js_sys::Error>() {
        Some(error) => String::from(error.message()),
        None => error.as_string().unwrap_or_else(|| format!("{error:?}")),
    }
}
