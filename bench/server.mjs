// Serves the blank page, its scripts, the store's module and the data, on this machine only.
//
// The headers make the page isolated, which the real page cannot ask of its hosts: a clock of 5 µs and shared
// memory for the queue. Neither makes decompression, parsing or our store quicker.

import { createReadStream } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { ROOT, STORE } from "./place.mjs";

const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".wasm": "application/wasm" };

/** Answers `{ url, offer, close }`; `offer(set)` makes the files of a set available by number. */
export async function serveBlank() {
  const offered = new Map();
  const find = (path) => {
    const [first, ...rest] = path.split("/").slice(1);
    if (first === "data") return offered.get(rest[0])?.files[Number(rest[1])];
    if (first === "store" && /^[\w.]+$/.test(rest[0])) return join(STORE, rest[0]);
    return /^[\w.]*$/.test(first) && join(ROOT, "bench/browser", first || "index.html");
  };
  const server = createServer((request, response) => {
    const path = find(decodeURIComponent(new URL(request.url, "http://localhost").pathname));
    const missing = () => response.writeHead(404).end();
    if (!path) return missing();
    createReadStream(path)
      .on("open", () =>
        response.writeHead(200, {
          "content-type": TYPES[extname(path)] ?? "application/octet-stream",
          "cross-origin-opener-policy": "same-origin",
          "cross-origin-embedder-policy": "require-corp",
          "cache-control": "no-store",
        }),
      )
      .on("error", missing)
      .pipe(response);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    offer: (set) => offered.set(set.name, set),
    close: () => new Promise((done) => (server.close(done), server.closeAllConnections())),
  };
}
