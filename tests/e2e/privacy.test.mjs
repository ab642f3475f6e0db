// Nothing leaves the page: what the policy says, that the browser holds to it in the page and in the
// workers, and that a whole session makes no request once the page has started.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { openSite } from "./harness.mjs";

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
    "img-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'none'",
    "base-uri": "'none'",
  });
  assert.doesNotMatch(html, /<style|style=|<script(?![^>]*\ssrc=)|\son[a-z]+=/, "nothing inline");
  assert.doesNotMatch(html, /(href|src)="(?!\.\/)/, "every address is relative");
});

test("neither the page nor a worker reaches another origin, nor its own", async () => {
  const { page, close } = await site.page();
  const foreign = `http://127.0.0.1:${stranger.address().port}/`;
  await page.waitForFunction(() => true);
  const worker = page.workers()[0] ?? (await page.waitForEvent("worker"));
  for (const place of [page, worker]) {
    for (const [way, outcome] of Object.entries(await place.evaluate(tryToReach, foreign))) {
      assert.match(outcome, /^blocked/, `${way} to another origin`);
    }
    const { fetch, webSocket } = await place.evaluate(tryToReach, site.url);
    assert.match(fetch, /^blocked/, "fetch from the own origin");
    assert.match(webSocket, /^blocked/, "socket to the own origin");
  }
  assert.deepEqual(visits, [], "the other server was never asked");
  await close();
});
