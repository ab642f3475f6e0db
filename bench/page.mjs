// The real page, as built: files are chosen or dropped, and it is watched from outside.

import { exposeMemory, memoryOf } from "../tests/e2e/wasm_memory.mjs";
import { record } from "./recorder.mjs";
import { FROM, longestTask } from "./trace.mjs";

/** Opens the built page in a fresh profile that starts so many workers; `lost` rejects if its process dies. */
export async function openPage(browser, url, workers) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, timezoneId: "UTC" });
  context.setDefaultTimeout(0);
  await context.addInitScript(record, { workers, from: FROM });
  await context.addInitScript(exposeMemory);
  const page = await context.newPage();
  const errors = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  const lost = new Promise((_, fail) => page.on("crash", () => fail(new Error("the browser's process of the page died"))));
  lost.catch(() => {}); // Whoever waits for something else hears of it there.
  await page.goto(url);
  await page.locator("#boot").waitFor({ state: "detached" });
  const close = async () => {
    await context.close();
    if (errors.length) throw new Error(`the page reported: ${errors.join("; ")}`);
  };
  return { page, close, lost };
}

/** Longer than any load takes. */
const PATIENCE_MS = 15 * 60_000;

/** Chooses files and follows them until everything is queryable; answers the recorder's figures. */
export async function load(page, choose) {
  await page.evaluate(() => globalThis.bench.watch("load"));
  await choose(page);
  let timer;
  const late = new Promise((_, fail) => {
    timer = setTimeout(() => fail(new Error(`the load did not end within ${PATIENCE_MS / 60_000} minutes`)), PATIENCE_MS);
  });
  try {
    return await Promise.race([page.evaluate(() => globalThis.bench.result()), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Gives the files to the input behind “Open files”. */
export const pick = (files) => (page) => page.locator("#pick-files").setInputFiles(files);

/** Drops a folder as a hand would. */
export const drop = (folder) => async (page) => {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [folder], dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"]) {
    await session.send("Input.dispatchDragEvent", { type, x: 400, y: 300, data });
  }
  await session.detach();
};

/** Waits until the page says that it has all events of `set`: it counts them anew after a load. */
async function shows(page, set) {
  const text = set.events.toLocaleString("en") + " events";
  await page.locator(".status-count").getByText(text, { exact: true }).waitFor({ timeout: 30_000 });
}

/** How long a page has been open when files are chosen: nobody is quicker. It prepares itself in the meantime. */
const OPEN_MS = 2_000;

/** Loads a set in a fresh page and answers what there is to say about it. */
export async function loadOnce(browser, url, set, { workers, choose = pick(set.files) }) {
  const { page, close, lost } = await openPage(browser, url, workers);
  const look = async () => {
    await page.waitForTimeout(OPEN_MS);
    const result = await load(page, choose);
    if (set.events !== undefined) await shows(page, set);
    return { result, memory: await memoryOf(page.workers()) };
  };
  const { result, memory } = await Promise.race([look(), lost]);
  if (memory.length !== workers) throw new Error(`${memory.length} workers instead of ${workers}`);
  await close();
  return { ...result, memory: memory.reduce((sum, bytes) => sum + bytes, 0) };
}

/** Tasks for `inTurns`: the page on `large` with one and two workers, and on the two sets of small files. */
export function pageTasks(browser, url, { large, small, packed }) {
  const task = (set, workers) => () => loadOnce(browser, url, set, { workers });
  return {
    "page-1": task(large, 1),
    "page-2": task(large, 2),
    "page-small": task(small, 2),
    "page-packed": task(packed, 2),
  };
}

/**
 * The longest task of the page thread during a load, exactly, and how long the browser makes the list of chosen files
 * before the page hears of them; tracing costs time, so nothing else is taken here.
 */
export async function longestTaskOfLoad(browser, url, set) {
  const { page, close } = await openPage(browser, url, 2);
  await page.waitForTimeout(OPEN_MS);
  const { longest_task_ms, before_ms } = await longestTask(browser, page, () => load(page, pick(set.files)));
  await close();
  return { longest_task_ms, file_list_ms: before_ms };
}
