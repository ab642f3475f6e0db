// What one would write without a program of one's own: inflate, JSON.parse, keep the objects, loop over them.

import { inflate, serve } from "./queue.js";

const events = [];
let raw = 0;

async function each(bytes) {
  const chunks = [];
  let length = 0;
  await inflate(bytes, (chunk) => (chunks.push(chunk), (length += chunk.length)));
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) (whole.set(chunk, at), (at += chunk.length));
  for (const record of JSON.parse(new TextDecoder().decode(whole)).Records) events.push(record);
  raw += length;
}

/** Milliseconds of each run of `task`, and what it answered last. */
function timed(task, times) {
  const ms = [];
  let count;
  for (let run = 0; run < times; run++) {
    const begin = performance.now();
    count = task();
    ms.push(performance.now() - begin);
  }
  return { ms, count };
}

/** Events with both values, in bins of five minutes. */
function filter({ conditions }) {
  const bins = new Map();
  let count = 0;
  for (const event of events) {
    if (conditions.every(([field, value]) => event[field] === value)) {
      const bin = Math.floor(Date.parse(event.eventTime) / 300_000);
      bins.set(bin, (bins.get(bin) ?? 0) + 1);
      count++;
    }
  }
  return count;
}

function group({ field }) {
  const groups = new Map();
  for (const event of events) groups.set(event[field], (groups.get(event[field]) ?? 0) + 1);
  return events.length;
}

serve({
  each,
  loaded: () => ({ raw, events: events.length }),
  answer: (question) => timed(() => (question.conditions ? filter(question) : group(question)), question.times),
});
