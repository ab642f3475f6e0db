// A static file server for the built site, on this machine only.
//   node scripts/serve.mjs [--dir dist] [--port 8080] [--prefix /any/path/]
// Without --port it takes the first free one from 8080. Prints the address it serves.

import { createReadStream } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const TYPES = {
  ".css": "text/css; charset=utf-8",
  ".gz": "application/gzip",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
  ".woff2": "font/woff2",
};

/**
 * Serves `dir` under `prefix`; answers `{ url, close }`. `port` 0 takes any free one, `onRequest` gets
 * every address that is asked for.
 */
export async function serve({ dir, port, prefix = "/", onRequest = () => {} }) {
  const root = await realpath(dir);
  const server = createServer(async (request, response) => {
    onRequest(request.url);
    const path = request.method === "GET" || request.method === "HEAD" ? await locate(root, prefix, request.url) : null;
    if (!path) {
      response.writeHead(404, { "content-type": "text/plain" }).end("not found\n");
      return;
    }
    // Names carry a content hash, all but index.html.
    const cache = path.endsWith(".html") ? "no-cache" : "max-age=31536000, immutable";
    const type = TYPES[extname(path)] ?? "application/octet-stream";
    response.writeHead(200, { "content-type": type, "cache-control": cache, "x-content-type-options": "nosniff" });
    if (request.method === "HEAD") response.end();
    else createReadStream(path).on("error", () => response.destroy()).pipe(response);
  });
  await listen(server, port);
  const close = () => new Promise((done) => (server.close(done), server.closeAllConnections()));
  return { url: `http://127.0.0.1:${server.address().port}${prefix}`, close };
}

/** The file a request names, or null when there is none inside `root`. */
async function locate(root, prefix, url) {
  try {
    const path = decodeURIComponent(new URL(url, "http://localhost").pathname);
    if (!path.startsWith(prefix) || path.includes("\0")) return null;
    const name = path.slice(prefix.length);
    const file = await realpath(join(root, name === "" || name.endsWith("/") ? `${name}index.html` : name));
    return file.startsWith(root + sep) && (await stat(file)).isFile() ? file : null;
  } catch {
    return null;
  }
}

async function listen(server, port) {
  const last = port ?? 8099;
  for (let candidate = port ?? 8080; ; candidate++) {
    try {
      await new Promise((done, fail) => {
        server.once("error", fail);
        server.listen(candidate, "127.0.0.1", () => (server.off("error", fail), done()));
      });
      return;
    } catch (error) {
      if (error.code !== "EADDRINUSE" || candidate === last) throw error;
    }
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: { dir: { type: "string", default: "dist" }, port: { type: "string" }, prefix: { type: "string" } },
  });
  try {
    const { url } = await serve({ ...values, port: values.port === undefined ? undefined : Number(values.port) });
    console.log(`Trailscope is at ${url}  (Ctrl-C stops it)`);
  } catch (error) {
    console.error(`cannot serve ${values.dir}: ${error.message}`);
    process.exit(1);
  }
}
