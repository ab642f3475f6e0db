// The page starts under its policy, works under any path, and says so when it cannot start.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { dropFiles, openSite, screenshot, seriousFindings } from "./harness.mjs";

let site;
before(async () => (site = await openSite({ prefix: "/some/sub/path/" })));
after(() => site.close());

test("starts under any path without an error on the console", async () => {
  const { page, errors, close } = await site.page();
  await page.getByRole("heading", { name: "Trailscope" }).waitFor();
  await screenshot(page, "boot");
  assert.deepEqual(await seriousFindings(page), []);
  assert.deepEqual(errors, []);
  await close();
});

test("reads a dropped file in a worker", async () => {
  const folder = mkdtempSync(join(tmpdir(), "trailscope-"));
  writeFileSync(join(folder, "one.json"), '{"Records":[{"eventTime":"2026-01-02T03:04:05Z","eventName":"StopLogging"}]}');
  const { page, errors, close } = await site.page();
  await dropFiles(page, [join(folder, "one.json")]);
  await page.getByText("1 event", { exact: true }).waitFor();
  assert.deepEqual(errors, []);
  await close();
  rmSync(folder, { recursive: true });
});

test("says why it cannot start when the module is missing", async () => {
  const { page, context, close } = await site.page();
  await context.route("**/*.wasm", (route) => route.fulfill({ status: 404, body: "gone" }));
  await page.reload();
  await page.getByText("The program could not start").waitFor();
  assert.match(await page.locator("#boot-reason").innerText(), /404/);
  await close();
});

test("says that it has stopped when it panics", async () => {
  const { page, close } = await site.page();
  await page.evaluate(() => {
    // (module (func (export "f") unreachable)), which is what a panic ends in.
    const bytes = [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0, 10, 5, 1, 3, 0, 0, 11];
    const { f } = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(bytes))).exports;
    setTimeout(f);
  });
  await page.getByRole("alert").getByText("Trailscope has stopped").waitFor();
  await screenshot(page, "panic");
  await close();
});

test("says why it cannot start from a file", async () => {
  const context = await site.browser.newContext();
  const page = await context.newPage();
  await page.goto(pathToFileURL("dist/index.html").href);
  await page.getByText("cannot run from a file").waitFor();
  await context.close();
});
