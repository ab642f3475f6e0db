// What every browser test stands on: the built site served from this machine, a page in Debian's
// Chromium, real drops, a log of every request of the page and its workers, and screenshots.

import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import { serve } from "../../scripts/serve.mjs";
import { launch } from "./browser.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const OUT = join(ROOT, "tests/e2e/out");
/** How long anything may take before a test gives up, in milliseconds. */
const PATIENCE = 20_000;

export const WIDE = { width: 1440, height: 900 };
export const NARROW = { width: 390, height: 844 };

/** Test data beside the repository; it never enters it. Null, said aloud, when it is not there. */
export function sharedData(path) {
  const full = resolve(ROOT, "../shared/data", path);
  if (existsSync(full)) return full;
  console.log(`skipped: no test data at ../shared/data/${path}`);
  return null;
}

/** Starts the server and the browser; close with `await site.close()`. */
export async function openSite({ prefix = "/" } = {}) {
  const served = [];
  const server = await serve({ dir: join(ROOT, "dist"), port: 0, prefix, onRequest: (url) => served.push(url) });
  const browser = await launch();
  return {
    url: server.url,
    browser,
    /** What the server was asked for, by whomever: page, worker, favicon. */
    served,
    async close() {
      await browser.close();
      await server.close();
    },
    /** A fresh page in a fresh profile. */
    async page({ viewport = WIDE, colorScheme = "light", fragment = "", timezone = "UTC", ready = true } = {}) {
      const context = await browser.newContext({ viewport, colorScheme, reducedMotion: "reduce", timezoneId: timezone });
      context.setDefaultTimeout(PATIENCE);
      const page = await context.newPage();
      const log = await watch(context, page);
      await page.goto(server.url + fragment);
      if (ready) await page.locator("#boot").waitFor({ state: "detached" });
      return { page, context, ...log, close: () => context.close() };
    },
    /** Opens a fresh page, does `work` on it, and expects a console without errors. */
    async visit(work, options) {
      const { page, context, errors, close } = await this.page(options);
      await work(page, context);
      assert.deepEqual(errors, []);
      await close();
    },
  };
}

/** Collects every request of the page and its workers, and everything written to a console as an error. */
async function watch(context, page) {
  const requests = [];
  const errors = [];
  context.on("request", (request) => requests.push(request.url()));
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("pageerror", (error) => errors.push(String(error)));
  return { requests, errors };
}

/** Drops files and folders from disk onto the page, as a hand would: entries and handles included. */
export async function dropFiles(page, paths, { x = 400, y = 300 } = {}) {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: paths, dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"]) {
    await session.send("Input.dispatchDragEvent", { type, x, y, data });
  }
  await session.detach();
}

/** Writes tests/e2e/out/NAME.png for the eye. */
export async function screenshot(page, name) {
  mkdirSync(OUT, { recursive: true });
  await page.screenshot({ path: join(OUT, `${name}.png`) });
}

/** What axe-core finds that is serious or worse, one line for each element. */
export async function seriousFindings(page) {
  await page.evaluate(readFileSync(join(ROOT, "tests/e2e/node_modules/axe-core/axe.min.js"), "utf8"));
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(" ")} (${node.failureSummary})`));
}

/** Waits until `read()` gives `expected`; says what it gave instead when it never does. */
export async function eventually(read, expected, what = "") {
  const end = Date.now() + PATIENCE;
  for (;;) {
    const actual = await read();
    if (isDeepStrictEqual(actual, expected)) return;
    if (Date.now() > end) assert.deepEqual(actual, expected, what);
    await new Promise((done) => setTimeout(done, 50));
  }
}

/** A new folder that is removed when the tests of the file are over. */
export function scratch() {
  const folder = mkdtempSync(join(tmpdir(), "trailscope-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The first number of the status bar: how many events pass, of how many. */
export const status = (page) => page.getByRole("contentinfo").locator(".status-count").innerText();

/** Waits until reading is over and `text` stands in the status bar. */
export async function loaded(page, text) {
  await page.getByRole("contentinfo").waitFor();
  await page.getByRole("region", { name: "Loading" }).waitFor({ state: "detached", timeout: 60_000 });
  await eventually(() => status(page), text);
}

/** Loads the built-in sample: 20,675 events. */
export async function loadSample(page) {
  await page.getByRole("button", { name: "Load the sample" }).click();
  await loaded(page, "20,675 events");
}

/** The facet of a field. */
export function facet(page, name) {
  const facets = page.getByRole("complementary", { name: "Facets" });
  return facets.locator("details").filter({ has: page.locator("summary", { hasText: name }) });
}

/** The first values of a facet as `[value, count]`, counts as written. */
export async function facetValues(page, name, most = 8) {
  const lines = await facet(page, name).locator(".facet-pick").allInnerTexts();
  return lines.slice(0, most).map((line) => line.split("\n"));
}

/** The row of the events table with this number, counted from 1. */
export const row = (page, number) => page.getByRole("grid", { name: "Events" }).locator(`[aria-rowindex="${number + 1}"]`);

/** The texts of a row. */
export const cells = (page, number) => row(page, number).getByRole("gridcell").allInnerTexts();

/** Closes the open dialog by Esc; over only when the element is gone, until then the keys are its own. */
export async function closeDialog(page) {
  await page.keyboard.press("Escape");
  await page.locator("dialog").waitFor({ state: "detached" });
}

/** The drawer with the open event. */
export const drawer = (page) => page.getByRole("complementary", { name: "Event", exact: true });

/** The search bar's field. */
export const searchField = (page) => page.getByRole("combobox", { name: "Search events" });

/** Replaces the search and presses Enter. */
export async function search(page, text) {
  await searchField(page).fill(text);
  await searchField(page).press("Enter");
}

/** The filter chips as texts. */
export const chips = (page) => page.getByRole("list", { name: "Filters" }).locator(".chip-text").allInnerTexts();
