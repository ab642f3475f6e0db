//! The browser side of the workers: starting them, talking to them, reading files in them.
//!
//! Generic over what is said: a [`port::Message`] is bytes beside file handles. One compiled module
//! serves the page and every worker. Entry points: [`spawn::WorkerHandle`] on the page,
//! [`worker_main`] in a worker.

pub mod blob_source;
pub mod driver;
pub mod port;
pub mod spawn;
mod timing;

use super::protocol::{self, Request, Response};
use super::server::Server;
use crate::ingest::ReadAt;
use blob_source::prefetch;
use port::{Message, Port, next_turn};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::MessagePort;

/// Steps are taken for about this long before the event loop gets its turn, in milliseconds.
const SLICE_MS: f64 = 8.0;

/// A worker: its server, once started, and whether its loop is running.
struct Hall {
    port: Port,
    server: RefCell<Option<Server>>,
    busy: Cell<bool>,
    /// Cancels so far: a batch whose files were still being read when one came is cancelled too.
    cancels: Cell<u32>,
}

/// Where the boot in `boot/worker.js` hands over. Messages posted before this point are waiting in the port.
#[wasm_bindgen]
pub fn worker_main(port: MessagePort) {
    let port = Port::new(port);
    let hall =
        Rc::new(Hall { port: port.clone(), server: RefCell::new(None), busy: Cell::new(false), cancels: Cell::new(0) });
    port.listen(move |message| hall.receive(message));
}

/// Steps until there is nothing to do, letting messages in between.
async fn work(hall: Rc<Hall>) {
    loop {
        let slice_end = js_sys::Date::now() + SLICE_MS;
        let mut more = true;
        while more && js_sys::Date::now() < slice_end {
            more = hall
                .server
                .borrow_mut()
                .as_mut()
                .is_some_and(|server| server.step(&mut |response| hall.send(&response)));
        }
        if !more {
            hall.busy.set(false);
            return;
        }
        next_turn().await;
    }
}

impl Hall {
    fn receive(self: &Rc<Self>, message: Message) {
        let request = match protocol::decode(&message.bytes) {
            Ok(request) => request,
            Err(reason) => wasm_bindgen::throw_str(&format!("a message could not be read: {reason}")),
        };
        match request {
            Request::Start { seed } => drop(self.server.replace(Some(Server::new(seed, |_| wasm_bytes())))),
            Request::Load { .. } => {
                let (hall, cancels) = (self.clone(), self.cancels.get());
                wasm_bindgen_futures::spawn_local(async move {
                    hall.handle(request, prefetch(message.blobs).await);
                    if hall.cancels.get() != cancels {
                        hall.handle(Request::CancelLoads, Vec::new());
                    }
                });
            }
            request => {
                self.cancels.set(self.cancels.get() + u32::from(request == Request::CancelLoads));
                self.handle(request, Vec::new());
            }
        }
    }

    /// Passes a request to the server and makes sure that the loop is running.
    fn handle(self: &Rc<Self>, request: Request, sources: Vec<Box<dyn ReadAt>>) {
        if let Some(server) = self.server.borrow_mut().as_mut() {
            server.handle(request, sources, &mut |response| self.send(&response));
        }
        if !self.busy.replace(true) {
            wasm_bindgen_futures::spawn_local(work(self.clone()));
        }
    }

    fn send(&self, response: &Response) {
        let sent = protocol::encode(response).and_then(|bytes| self.port.post(Message { bytes, blobs: Vec::new() }));
        if let Err(reason) = sent {
            wasm_bindgen::throw_str(&reason);
        }
    }
}

/// Size of this worker's wasm memory in bytes.
fn wasm_bytes() -> u64 {
    wasm_bindgen::memory()
        .dyn_into::<js_sys::WebAssembly::Memory>()
        .ok()
        .and_then(|memory| memory.buffer().dyn_into::<js_sys::ArrayBuffer>().ok())
        .map_or(0, |buffer| u64::from(buffer.byte_length()))
}
