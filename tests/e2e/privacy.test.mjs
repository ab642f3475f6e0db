// Nothing leaves the page: what the policy says, that the browser holds to it in the page and in the
// workers, and that a whole session makes no request once the page has started.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { dropFiles, loadSample, openSite } from "./harness.mjs";

let site;
let stranger;
const visits = [];
before(async () => {
  site = await openSite();
  stranger = createServer((request, response) => {
    visits.push(request.url);
    response.writeHead(200, { "access-control-allow-origin": "*" }).end("hello");
  });
  await new Promise((done) => stranger.listen(0, "127.0.0.1", done));
});
after(async () => {
  await site.close();
  stranger.close();
});

/** Runs in the page or a worker: tries to reach `url` by each way that code has. */
async function tryToReach(url) {
  const outcome = async (attempt) => {
    try {
      return `reached: ${await attempt()}`;
    } catch (error) {
      return `blocked: ${error}`;
    }
  };
  return {
    fetch: await outcome(() => fetch(url).then((response) => response.status)),
    noCors: await outcome(() => fetch(url, { mode: "no-cors" }).then((response) => response.type)),
    import: await outcome(() => import(url)),
    eventSource: await outcome(
      () =>
        new Promise((open, fail) => {
          const source = new EventSource(url);
          source.onopen = () => open("open");
          source.onerror = () => (source.close(), fail(new Error("refused")));
        }),
    ),
    worker: await outcome(
      () =>
        new Promise((open, fail) => {
          const worker = new Worker(url);
          worker.onmessage = () => open("message");
          worker.onerror = () => fail(new Error("refused"));
        }),
    ),
    webSocket: await outcome(
      () =>
        new Promise((open, fail) => {
          const socket = new WebSocket(url.replace("http", "ws"));
          socket.onopen = () => open("open");
          socket.onerror = () => fail(new Error("refused"));
        }),
    ),
  };
}

test("the policy allows scripts, styles and pictures of its own and nothing else", () => {
  const html = readFileSync("dist/index.html", "utf8");
  const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)[1];
  const directives = Object.fromEntries(policy.split("; ").map((part) => part.split(/ (.*)/s).slice(0, 2)));
  assert.deepEqual(directives, {
    "default-src": "'none'",
    "script-src": "'self' 'wasm-unsafe-eval'",
    "worker-src": "blob:",
    "style-src": "'self'",
    "img-src": "data:",
    "connect-src": "'self'",
    "form-action": "'none'",
    "base-uri": "'none'",
  });
  assert.doesNotMatch(html, /<style|style=|<script(?![^>]*\ssrc=)|\son[a-z]+=/, "nothing inline");
  assert.doesNotMatch(html, /(href|src)="(?!\.\/|data:)/, "every address is relative");
});

test("neither the page nor a worker reaches another origin, nor its own", async () => {
  const { page, close } = await site.page();
  await loadSample(page);
  assert.ok(page.workers().length > 0, "there are workers");
  const own = await page.locator('link[rel="modulepreload"]').evaluate((link) => link.href);
  const foreign = `http://127.0.0.1:${stranger.address().port}/`;
  const before = site.served.length;
  for (const [name, place] of [["page", page], ...page.workers().map((worker, number) => [`worker ${number}`, worker])]) {
    for (const url of [foreign, own]) {
      for (const [way, outcome] of Object.entries(await place.evaluate(tryToReach, url))) {
        assert.match(outcome, /^blocked/, `${way} from the ${name} to ${url}`);
      }
    }
  }
  // Not by the answer but by the post: these say nothing of whether they arrived.
  await page.evaluate((url) => {
    navigator.sendBeacon(url, "x");
    new Image().src = url;
    const form = document.body.appendChild(document.createElement("form"));
    Object.assign(form, { action: url, method: "post", target: "_blank" }).submit();
  }, foreign);
  await page.waitForTimeout(300);
  assert.deepEqual(visits, [], "the other server was never asked");
  assert.deepEqual(site.served.slice(before), [], "the own server was never asked again");
  await close();
});

test("a session makes no request after the page has started", async () => {
  const folder = mkdtempSync(join(tmpdir(), "trailscope-"));
  writeFileSync(join(folder, "one.json"), '{"Records":[{"eventTime":"2026-01-02T03:04:05Z","eventName":"StopLogging"}]}');
  const { page, requests, close } = await site.page();
  await page.getByRole("heading", { name: "Trailscope" }).waitFor();
  const started = requests.length;
  const served = site.served.length;
  await dropFiles(page, [join(folder, "one.json")]);
  await page.getByText("1 event", { exact: true }).waitFor();
  await page.waitForTimeout(300);
  assert.ok(started > 0, "the log sees requests");
  assert.deepEqual(requests.slice(started).filter((url) => !url.startsWith("blob:")), []);
  assert.deepEqual(site.served.slice(served), []);
  await close();
  rmSync(folder, { recursive: true });
});
