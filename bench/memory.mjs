// From gzipped bytes in memory: the browser's own inflate, plain JavaScript, and our store.

/** The kinds and what they are called in the samples. */
const KINDS = ["decompress", "plain", "store"];

/** Opens the blank page; answers tasks for `inTurns` and a way to ask single questions. */
export async function openBlank(browser, server) {
  const page = await browser.newPage();
  page.setDefaultTimeout(0);
  await page.goto(server.url);
  await page.waitForFunction(() => globalThis.measure);
  const measure = (kind, workers, set, questions = []) => {
    server.offer(set);
    const order = { kind, workers, set: { name: set.name, count: set.files.length }, questions };
    return page.evaluate((order) => globalThis.measure(order), order);
  };
  return { measure, close: () => page.close() };
}

/** One task for each kind and number of workers: milliseconds to load, and bytes of memory for ours. */
export function memoryTasks(blank, set, { kinds = KINDS, workers = [1, 2] } = {}) {
  const tasks = {};
  for (const kind of kinds) {
    for (const count of workers) {
      tasks[`${kind}-${count}`] = async () => {
        const { load_ms, states } = await blank.measure(kind, count, set);
        check(kind, set, states);
        return { load_ms, ...sizes(states) };
      };
    }
  }
  return tasks;
}

const total = (states, key) => states.reduce((sum, state) => sum + (state[key] ?? 0), 0);

function sizes(states) {
  return total(states, "memory") ? { heap: total(states, "heap"), memory: total(states, "memory") } : {};
}

/** A figure counts only when all of the data was there. */
function check(kind, set, states) {
  const wrong = (what, got, expected) => {
    if (got !== expected) throw new Error(`${kind} on ${set.name}: ${got} ${what} instead of ${expected}`);
  };
  if (set.raw !== undefined) wrong("bytes", total(states, "raw"), set.raw);
  if (kind !== "decompress") wrong("events", total(states, "events"), set.events);
}
