//! The browser side of the workers: starting them, talking to them, reading files in them.
//!
//! Generic over what is said: a [`port::Message`] is bytes beside buffers and file handles. One compiled module
//! serves the page and every worker. Entry points: [`spawn::WorkerHandle`] on the page,
//! [`worker_main`] in a worker.

pub mod blob_source;
pub mod driver;
pub mod fetch;
pub mod port;
pub mod spawn;
mod timing;

use super::protocol::{self, Request, Response};
use super::server::Server;
use crate::ingest::Part;
use blob_source::BlobSource;
use fetch::Fetcher;
use js_sys::Uint8Array;
use port::{Message, Port, next_turn};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::{Blob, MessagePort};

/// Steps are taken for about this long before the event loop gets its turn, in milliseconds.
const SLICE_MS: f64 = 8.0;
/// What nobody waits for is said about this often, in milliseconds: every message costs the page a task.
const REPORT_MS: f64 = 50.0;

/// A worker: its server, once started, and whether its loop is running.
struct Hall {
    port: Port,
    server: RefCell<Option<Server>>,
    fetcher: Rc<Fetcher>,
    busy: Cell<bool>,
    /// What is to be said at the end of the slice.
    outbox: RefCell<Vec<Response>>,
    /// Whether what is to be said should not wait.
    urgent: Cell<bool>,
    /// When something was last said.
    flushed: Cell<f64>,
    /// The size of memory last told.
    told: Cell<u64>,
}

/// Where the boot in `boot/worker.js` hands over. Messages posted before this point are waiting in the port.
#[wasm_bindgen]
pub fn worker_main(port: MessagePort) {
    let port = Port::new(port);
    let hall = Rc::new_cyclic(|hall: &std::rc::Weak<Hall>| {
        let hall = hall.clone();
        Hall {
            port: port.clone(),
            server: RefCell::new(None),
            fetcher: Fetcher::new(move |file, source| {
                if let Some(hall) = hall.upgrade() {
                    hall.with_server(|server| server.provide(file, source));
                }
            }),
            busy: Cell::new(false),
            outbox: RefCell::new(Vec::new()),
            urgent: Cell::new(false),
            flushed: Cell::new(0.0),
            told: Cell::new(0),
        }
    });
    port.listen(move |message| hall.receive(message));
}

/// Steps until there is nothing to do, letting messages and bytes in between.
async fn work(hall: Rc<Hall>) {
    loop {
        let slice_end = js_sys::Date::now() + SLICE_MS;
        let mut more = true;
        while more && js_sys::Date::now() < slice_end {
            more = hall.step();
            hall.fetcher.pump();
        }
        if !more || hall.urgent.get() || js_sys::Date::now() >= hall.flushed.get() + REPORT_MS {
            hall.flush();
        }
        if !more {
            // Writing the message may have taken memory.
            hall.flush();
            hall.busy.set(false);
            return;
        }
        next_turn().await;
    }
}

impl Hall {
    fn receive(self: &Rc<Self>, mut message: Message) {
        let mut requests: Vec<Request> = match protocol::decode(&message.bytes) {
            Ok(requests) => requests,
            Err(reason) => wasm_bindgen::throw_str(&format!("a message could not be read: {reason}")),
        };
        // Parts and files come with the only request of a message.
        let parts: Vec<_> = message.buffers.iter().map(|buffer| Uint8Array::new(buffer).to_vec()).collect();
        if let [request] = requests.as_mut_slice() {
            request.put_parts(parts);
        }
        for request in requests {
            self.take(request, std::mem::take(&mut message.blobs));
        }
    }

    fn take(self: &Rc<Self>, request: Request, blobs: Vec<Blob>) {
        match request {
            Request::Start { seed } => {
                let server = Server::new(seed, |bytes| Box::new(BlobSource::rehearsed(&bytes)));
                self.server.replace(Some(server));
            }
            Request::Load { ref items, .. } => {
                let files: Vec<_> = items.iter().map(|(file, job)| (*file, job.part == Part::Whole)).collect();
                self.handle(request);
                for ((file, whole), blob) in files.into_iter().zip(blobs) {
                    if !self.has_source(file) {
                        self.fetcher.want(file, blob, whole);
                    }
                }
                self.fetcher.pump();
            }
            Request::CancelLoads => {
                self.fetcher.cancel();
                self.handle(request);
            }
            request => self.handle(request),
        }
    }

    fn handle(self: &Rc<Self>, request: Request) {
        self.with_server(|server| server.handle(request, &mut |response| self.send(response)));
    }

    /// Changes the server and makes sure that the loop is running.
    fn with_server(self: &Rc<Self>, change: impl FnOnce(&mut Server)) {
        if let Some(server) = self.server.borrow_mut().as_mut() {
            change(server);
        }
        if !self.busy.replace(true) {
            wasm_bindgen_futures::spawn_local(work(self.clone()));
        }
    }

    fn has_source(&self, file: u32) -> bool {
        self.server.borrow().as_ref().is_some_and(|server| server.has_source(file))
    }

    /// One step of the server. False: there is nothing to do.
    fn step(&self) -> bool {
        let mut server = self.server.borrow_mut();
        server.as_mut().is_some_and(|server| server.step(&mut |response| self.send(response)))
    }

    /// Says something: at the end of the slice, when it is an answer, of which those of a few milliseconds make one
    /// picture, or when there is work to be had for it; when it is time, if it only tells how far the load is; else at
    /// once, because other workers wait for it.
    fn send(&self, response: Response) {
        match &response {
            Response::Progress { .. } | Response::Loaded { .. } | Response::Memory { .. } => {}
            Response::Split { .. } | Response::BatchDone { .. } | Response::Answer { .. } => self.urgent.set(true),
            _ => {
                self.outbox.borrow_mut().push(response);
                return self.flush();
            }
        }
        let mut outbox = self.outbox.borrow_mut();
        if let (Some(Response::Progress { .. }), Response::Progress { .. }) = (outbox.last(), &response) {
            // The newer count says it all.
            outbox.pop();
        }
        outbox.push(response);
    }

    /// Sends what there is to say, a change of memory included.
    fn flush(&self) {
        let mut responses = self.outbox.take();
        self.urgent.set(false);
        self.flushed.set(js_sys::Date::now());
        let bytes = wasm_bytes();
        if self.told.replace(bytes) != bytes {
            responses.push(Response::Memory { bytes });
        }
        if responses.is_empty() {
            return;
        }
        let parts: Vec<Vec<u8>> = responses.iter_mut().flat_map(Response::take_parts).collect();
        let buffers = parts.into_iter().map(|part| Uint8Array::from(part.as_slice()).buffer()).collect();
        let sent = protocol::encode(&responses)
            .and_then(|bytes| self.port.post(Message { bytes, buffers, blobs: Vec::new() }));
        if let Err(reason) = sent {
            wasm_bindgen::throw_str(&reason);
        }
    }
}

/// Size of this instance's wasm memory in bytes.
pub fn wasm_bytes() -> u64 {
    wasm_bindgen::memory()
        .dyn_into::<js_sys::WebAssembly::Memory>()
        .ok()
        .and_then(|memory| memory.buffer().dyn_into::<js_sys::ArrayBuffer>().ok())
        .map_or(0, |buffer| u64::from(buffer.byte_length()))
}
