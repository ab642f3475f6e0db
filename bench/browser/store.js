// Our store in memory: the engine of a worker, fed with bytes that are there already.

import init, { Question, Step, Store } from "./store/trailscope_bench.js";
import { serve } from "./queue.js";

/** How long the browser has to optimise what was rehearsed; the page is open longer before somebody chooses files. */
const OPTIMISE_MS = 1_000;
/** More different filters than the engine keeps the rows of. */
const FORGET = 100;

let store, wasm, workers;

/** Milliseconds of `times` runs and what the last counted; between two runs the engine forgets the filter's rows. */
function timed({ query, times }) {
  const ms = [];
  let count;
  for (let run = 0; run < times; run++) {
    for (let other = 0; other < FORGET; other++) store.ask(countOf(`{ $.eventName = "forget-${run}-${other}" }`));
    const question = new Question(JSON.stringify(query));
    const begin = performance.now();
    count = store.ask(question);
    ms.push(performance.now() - begin);
  }
  return { ms, count };
}

/** Milliseconds of trying 200 alarms on the metric of a pattern. */
function swept({ pattern, times }) {
  const metric = store.metric(pattern);
  const ms = [];
  let count;
  for (let run = 0; run < times; run++) {
    const begin = performance.now();
    count = metric.sweep();
    ms.push(performance.now() - begin);
  }
  return { ms, count };
}

const countOf = (pattern) =>
  new Question(JSON.stringify({ Count: { filter: "", pattern, range: null, keep_duplicates: false } }));

serve({
  async prepare(given) {
    wasm = await init();
    workers = given.workers;
    Store.rehearse();
    await new Promise((over) => setTimeout(over, OPTIMISE_MS));
    store = new Store(1);
  },
  each: (bytes, number) => store.load(number, `${number}.json.gz`, bytes),
  loaded: () => ({ ids: store.id_parts(workers) }),
  answer({ step, parts, ...question }) {
    if (!step) return question.query ? timed(question) : swept(question);
    const next = store.compare(Step[step], parts);
    if (next) return next;
    return {
      raw: store.bytes_out(),
      events: store.events(),
      heap: store.heap_bytes(),
      memory: wasm.memory.buffer.byteLength,
    };
  },
});
