//! The browser side of the workers: starting them, talking to them, reading files in them.
//!
//! Generic over what is said: a [`port::Message`] is bytes beside file handles. One compiled module
//! serves the page and every worker. Entry points: [`spawn::WorkerHandle`] on the page,
//! [`worker_main`] in a worker.

pub mod blob_source;
pub mod port;
pub mod spawn;

use blob_source::BlobSource;
use port::{Message, Port};
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::MessagePort;

/// Where the boot in `boot/worker.js` hands over. Messages posted before this point are waiting in the port.
#[wasm_bindgen]
pub fn worker_main(port: MessagePort) {
    let port = Port::new(port);
    let answers = port.clone();
    port.listen(move |message| {
        let mut read = 0;
        for blob in message.blobs {
            let source = BlobSource::new(blob);
            read += source.read_at(0, source.len() as usize).map_or(0, |bytes| bytes.len());
        }
        if let Err(reason) = answers.post(Message { bytes: read.to_string().into_bytes(), blobs: Vec::new() }) {
            wasm_bindgen::throw_str(&reason);
        }
    });
}
