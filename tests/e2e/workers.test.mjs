// Workers that die: what they had read is read again, and the load ends complete.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { dropFiles, eventually, facetValues, loaded, openSite, scratch } from "./harness.mjs";
import { writeTrail } from "./trail.mjs";

/** Enough, with its copies, to be caught in the middle of. */
const TRAIL = { events: 40_000, each: 250, copies: 15 };

let site;
let trail;
before(async () => {
  site = await openSite();
  trail = writeTrail(join(scratch(), "trail"), TRAIL);
});
after(() => site.close());

/** Has workers keep what their wasm instance exports where a test can reach it. */
function exposeExports() {
  const inWorker = `
    WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
      construct(target, given) {
        const instance = new target(...given);
        globalThis.wasmExports = instance.exports;
        return instance;
      },
    });`;
  globalThis.Blob = new Proxy(Blob, {
    construct: (target, [parts, options]) =>
      new target(options?.type === "text/javascript" ? [inWorker, ...parts] : parts, options),
  });
}

/** Loads the trail with two workers and does something to one of them on the way; answers what the console said. */
async function loadWhile(disturb) {
  const { page, errors, close } = await site.page({ ready: false });
  await page.addInitScript(exposeExports);
  // A limit of memory beyond what a worker can have, so that one can really run out of it.
  const prefs = JSON.stringify({ workers: 2, memory_mb: 64_000 });
  await page.evaluate((text) => localStorage.setItem("trailscope:prefs", text), prefs);
  await page.reload();
  await page.locator("#boot").waitFor({ state: "detached" });
  await eventually(() => page.workers().length, 2);
  const [victim] = page.workers();
  await dropFiles(page, [trail]);
  const strip = page.getByRole("region", { name: "Loading" });
  await strip.getByText(/^[1-9][0-9,]*$/).first().waitFor();
  await victim.evaluate(disturb);
  await eventually(() => page.workers().includes(victim), false, "the worker died and was replaced");
  await loaded(page, "40,000 events");
  await eventually(() => facetValues(page, "Event name", 5), [
    ["AssumeRole", "8,000"],
    ["ConsoleLogin", "8,000"],
    ["DescribeInstances", "8,000"],
    ["GetObject", "8,000"],
    ["PutObject", "8,000"],
  ]);
  assert.equal(page.workers().length, 2);
  await close();
  return errors;
}

test("a worker that throws in the middle of a load loses nothing", async () => {
  const errors = await loadWhile(() => setTimeout(() => { throw new Error("made to fail"); }));
  assert.deepEqual(errors.filter((text) => !text.includes("made to fail")), []);
});

test("a worker that runs out of memory in the middle of a load loses nothing", async () => {
  // wasm memory ends at 4 GiB, or 65,536 pages: nothing is left of it. What the console says of it is the browser's.
  await loadWhile(() => {
    const { memory } = globalThis.wasmExports;
    memory.grow(65_536 - memory.buffer.byteLength / 65_536);
  });
});
