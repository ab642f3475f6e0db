//! A pool and its workers in one thread, and the files they read.

use std::collections::{BTreeMap, VecDeque};
use trailscope::ingest::BytesSource;
use trailscope::model::partial::CountPart;
use trailscope::model::query::{Answer, Query, Scope};
use trailscope::worker::pool::{Effect, LoadPhase, MemoryLimit, Pool, Unanswered, merged};
use trailscope::worker::protocol::{Request, Response, decode, encode};
use trailscope::worker::server::Server;

/// A pool and its workers in one thread; a pseudo-random scheduler decides who works next.
pub struct Hall {
    pub pool: Pool,
    pub servers: Vec<Option<Server>>,
    pub inbox: Vec<VecDeque<Request>>,
    /// Files each worker was given whose bytes have not arrived.
    pub fetching: Vec<VecDeque<u32>>,
    /// Every worker's newest part for every worker.
    pub parts: Vec<Vec<Vec<u8>>>,
    pub files: Vec<Vec<u8>>,
    pub settled: BTreeMap<u64, Result<Vec<Answer>, Unanswered>>,
    pub random: u64,
}

impl Hall {
    pub fn new(workers: usize, seed: u64) -> Self {
        let mut hall = Self {
            pool: Pool::new(workers, 7, MemoryLimit::default()),
            servers: (0..workers).map(|_| None).collect(),
            inbox: vec![VecDeque::new(); workers],
            fetching: vec![VecDeque::new(); workers],
            parts: vec![Vec::new(); workers],
            files: Vec::new(),
            settled: BTreeMap::new(),
            random: seed * 2 + 1,
        };
        hall.carry_out();
        hall
    }

    pub fn loaded(workers: usize, seed: u64, files: &[(String, Vec<u8>)]) -> Self {
        let mut hall = Self::new(workers, seed);
        hall.drop_files(files);
        hall.run();
        assert_eq!(hall.pool.load().phase, LoadPhase::Done);
        hall
    }

    pub fn drop_files(&mut self, files: &[(String, Vec<u8>)]) {
        self.files.extend(files.iter().map(|(_, bytes)| bytes.clone()));
        self.pool.add_files(files.iter().map(|(path, bytes)| (path.clone(), bytes.len() as u64)).collect());
        self.carry_out();
    }

    pub fn carry_out(&mut self) {
        for effect in self.pool.take_effects() {
            match effect {
                Effect::Send { worker, request, files } => {
                    self.fetching[worker].extend(files);
                    self.inbox[worker].push_back(decode(&encode(&request).unwrap()).unwrap());
                }
                Effect::Exchange { worker, request } => {
                    let mut request: Request = decode(&encode(&request).unwrap()).unwrap();
                    request.put_parts(self.parts.iter_mut().map(|parts| std::mem::take(&mut parts[worker])).collect());
                    self.inbox[worker].push_back(request);
                }
                Effect::Restart { worker } => {
                    self.servers[worker] = None;
                    self.inbox[worker].clear();
                    self.fetching[worker].clear();
                }
                Effect::Settle { ticket, outcome } => {
                    assert!(self.settled.insert(ticket, outcome).is_none(), "settled twice");
                }
            }
        }
    }

    pub fn dice(&mut self, sides: usize) -> usize {
        self.random = self.random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.random >> 33) as usize % sides
    }

    /// One message, one step or the bytes of one file for a random worker. False: nobody has anything to do.
    pub fn turn(&mut self) -> bool {
        let workers = self.servers.len();
        let start = self.dice(workers);
        for worker in (0..workers).map(|i| (start + i) % workers) {
            let mut sent = Vec::new();
            let mut busy = false;
            if let Some(request) = self.inbox[worker].pop_front() {
                busy = true;
                if let Request::Start { seed } = request {
                    self.servers[worker] = Some(Server::new(seed, |bytes| Box::new(BytesSource(bytes))));
                } else {
                    self.servers[worker].as_mut().unwrap().handle(request, &mut |r| sent.push(r));
                }
            } else if let Some(server) = &mut self.servers[worker] {
                busy = server.step(&mut |response| sent.push(response)) || !sent.is_empty();
            }
            if !busy && let Some(file) = self.arrival(worker) {
                busy = true;
                let source = BytesSource(self.files[file as usize].clone());
                self.servers[worker].as_mut().unwrap().provide(file, Box::new(source));
            }
            for mut response in sent {
                let parts = response.take_parts();
                if !parts.is_empty() {
                    self.parts[worker] = parts;
                }
                let response: Response = decode(&encode(&response).unwrap()).unwrap();
                self.pool.receive(worker, response);
            }
            self.carry_out();
            if busy {
                return true;
            }
        }
        false
    }

    /// A file whose bytes arrive at a worker; the order is not that of asking.
    pub fn arrival(&mut self, worker: usize) -> Option<u32> {
        let waiting = self.fetching[worker].len();
        if waiting == 0 || self.servers[worker].is_none() {
            None
        } else {
            let at = self.dice(waiting);
            self.fetching[worker].remove(at)
        }
    }

    pub fn run(&mut self) {
        while self.turn() {}
    }

    pub fn ask(&mut self, query: Query, target: Option<usize>) -> Vec<Answer> {
        let ticket = self.pool.ask("test", query, target);
        self.carry_out();
        self.run();
        self.settled.remove(&ticket).unwrap().unwrap()
    }

    pub fn count(&mut self, scope: &Scope) -> CountPart {
        merged(
            self.ask(Query::Count(scope.clone()), None),
            |a| if let Answer::Count(part) = a { Some(part) } else { None },
        )
    }
}

pub fn event(id: u32, minute: u32, name: &str, error: bool) -> serde_json::Value {
    let mut event = serde_json::json!({
        "eventVersion": "1.08", "eventID": format!("00000000-0000-4000-8000-{id:012}"),
        "eventTime": format!("2024-05-01T{:02}:{:02}:{:02}Z", minute / 60 % 24, minute % 60, id % 60),
        "eventSource": "s3.amazonaws.com", "eventName": name, "awsRegion": "eu-west-1",
        "userIdentity": {"type": "IAMUser", "arn": format!("arn:aws:iam::1:user/u{}", id % 5)},
        "requestParameters": {"size": id % 7, "text": "a \"quoted\" word"},
        "resources": [{"ARN": format!("arn:aws:s3:::b{}", id % 3)}, {"ARN": "arn:aws:s3:::common"}],
    });
    if error {
        event["errorCode"] = "AccessDenied".into();
    }
    event
}

/// Eleven files with 20 events each; every fifth event stands in the next file too.
pub fn files() -> Vec<(String, Vec<u8>)> {
    let names = ["GetObject", "PutObject", "DeleteObject", "ListBuckets"];
    (0..11u32)
        .map(|file| {
            let mut records: Vec<_> = (0..20)
                .map(|i| {
                    let id = file * 20 + i;
                    event(id, id * 7 % 300, names[(id % 4) as usize], id % 6 == 0)
                })
                .collect();
            if file > 0 {
                records.extend((0..20).step_by(5).map(|i| {
                    let id = (file - 1) * 20 + i;
                    event(id, id * 7 % 300, names[(id % 4) as usize], id % 6 == 0)
                }));
            }
            records.reverse();
            (format!("logs/{file:02}.json"), serde_json::json!({ "Records": records }).to_string().into_bytes())
        })
        .collect()
}
