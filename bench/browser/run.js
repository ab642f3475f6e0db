// The blank page: gives workers the gzipped files of a set, all of them in memory, and times until the last is done.

/** Gzipped files by the name of their set; only the newest set is kept. */
const memory = { set: "", files: [] };

async function read({ name, count }) {
  if (memory.set !== name) {
    const one = async (number) => (await fetch(`./data/${name}/${number}`)).arrayBuffer();
    memory.files = await Promise.all(Array.from({ length: count }, (_, number) => one(number)));
    memory.set = name;
  }
  return memory.files;
}

/** A worker of the script `kind`, asked one thing after the other. */
function start(kind) {
  const worker = new Worker(`./${kind}.js`, { type: "module" });
  const ask = (message, transfer = []) =>
    new Promise((done, fail) => {
      worker.onmessage = ({ data }) => done(data);
      worker.onerror = (event) => fail(new Error(`${kind}: ${event.message}`));
      worker.onmessageerror = () => fail(new Error(`${kind}: an answer that cannot be read`));
      worker.postMessage(message, transfer);
    });
  return { ask, end: () => worker.terminate() };
}

/**
 * Loads `set` in new workers of a kind; answers milliseconds and what the workers say they have. `questions`
 * are asked of each when it is loaded.
 */
globalThis.measure = async ({ kind, workers: count, set, questions = [] }) => {
  const files = await read(set);
  const workers = Array.from({ length: count }, () => start(kind));
  try {
    const next = new SharedArrayBuffer(4); // The queue: the number of the file that nobody has taken yet.
    await Promise.all(workers.map((worker) => worker.ask({ files, next, workers: count })));
    const begin = performance.now();
    let states = await Promise.all(workers.map((worker) => worker.ask("load")));
    if (kind === "store") states = await compareIds(workers, states);
    const load_ms = performance.now() - begin;
    const answers = [];
    for (const question of questions) answers.push(await Promise.all(workers.map((worker) => worker.ask(question))));
    return { load_ms, states, answers };
  } finally {
    for (const worker of workers) worker.end();
  }
};

/** As the page does it: worker k gets the k-th part of what every worker has, four times over. */
async function compareIds(workers, states) {
  let held = states.map((state) => state.ids);
  for (const step of ["Find", "Look", "Judge", "Set"]) {
    held = await Promise.all(
      workers.map((worker, k) => {
        const parts = held.map((of) => of[k]);
        return worker.ask({ step, parts }, parts.map((part) => part.buffer));
      }),
    );
  }
  return held;
}
