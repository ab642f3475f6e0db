// What every browser test stands on: the built site served from this machine, a page in Debian's
// Chromium, real drops, a log of every request of the page and its workers, and screenshots.

import { accessSync, constants, existsSync, mkdirSync, readFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { serve } from "../../scripts/serve.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const OUT = join(ROOT, "tests/e2e/out");

export const WIDE = { width: 1440, height: 900 };
export const NARROW = { width: 390, height: 844 };

/** Test data beside the repository; it never enters it. Null, said aloud, when it is not there. */
export function sharedData(path) {
  const full = resolve(ROOT, "../shared/data", path);
  if (existsSync(full)) return full;
  console.log(`skipped: no test data at ../shared/data/${path}`);
  return null;
}

function browserPath() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  for (const name of ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]) {
    for (const folder of process.env.PATH.split(delimiter)) {
      try {
        accessSync(join(folder, name), constants.X_OK);
        return join(folder, name);
      } catch {
        // Not in this folder.
      }
    }
  }
  throw new Error("no Chromium found: install it or name it in the environment variable CHROMIUM");
}

/** Starts the server and the browser; close with `await site.close()`. */
export async function openSite({ prefix = "/" } = {}) {
  const served = [];
  const server = await serve({ dir: join(ROOT, "dist"), port: 0, prefix, onRequest: (url) => served.push(url) });
  const browser = await chromium.launch({
    executablePath: browserPath(),
    args: [
      "--no-sandbox", // Chromium does not start as root with it, and CI often is root.
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", // Nothing but this machine has an address.
    ],
  });
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
    async page({ viewport = WIDE, colorScheme = "light", fragment = "", ready = true } = {}) {
      const context = await browser.newContext({ viewport, colorScheme, reducedMotion: "reduce" });
      const page = await context.newPage();
      const log = await watch(context, page);
      await page.goto(server.url + fragment);
      if (ready) await page.locator("#boot").waitFor({ state: "detached" });
      return { page, context, ...log, close: () => context.close() };
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
