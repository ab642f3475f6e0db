// Whether files are as CloudTrail delivered them: digest files, keys and signatures dropped along with the logs.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { after, before, test } from "node:test";
import { keys, writeDigestedTrail } from "./digests.mjs";
import { NARROW, dropFiles, eventually, loaded, openSite, scratch, screenshot, seriousFindings, sharedData } from "./harness.mjs";
import { writeJson } from "./trail.mjs";

let site;
before(async () => {
  site = await openSite();
});
after(() => site.close());

/** On the tab Integrity. */
const onPage = (work, options) => site.visit(work, { fragment: "#v=1&p=archive&r=integrity", ...options });

const panel = (page) => page.getByRole("tabpanel", { name: "Integrity" });

const summary = (page) => panel(page).locator(".integrity-summary > p").innerText();

/** The log files that are not valid, as `[name, verdict]`. */
const suspects = (page) =>
  panel(page)
    .getByRole("region", { name: "Log files" })
    .locator(":scope > .integrity-list > li")
    .evaluateAll((items) =>
      items.map((item) => [item.querySelector(".integrity-name").innerText, item.querySelector(".integrity-verdict").innerText]),
    );

test("a whole chain with keys and the newest signature is valid", () =>
  onPage(async (page) => {
    const folder = scratch();
    const { head } = writeDigestedTrail(join(folder, "trail"), 3);
    writeJson(folder, "keys.json", keys);
    writeJson(folder, "head.json", head);
    await dropFiles(page, [folder]);
    await loaded(page, "6 events");
    const text = "6 log files valid; 3 digest files valid; chain from 2024-05-01T00:00:07Z to 2024-05-01T03:00:07Z unbroken.";
    await eventually(() => summary(page), text);
    assert.deepEqual(await suspects(page), []);
    await panel(page).getByText("3 valid digest files").click();
    assert.equal(await panel(page).getByText("its signature verifies").count(), 3);
    assert.deepEqual(await seriousFindings(page), []);
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      panel(page).getByRole("button", { name: "Save as JSON" }).click(),
    ]);
    const report = JSON.parse(readFileSync(await download.path(), "utf8"));
    assert.deepEqual(report.files_by_verdict, { valid: 6 });
    await screenshot(page, "integrity-valid");
  }));

test("a changed file is named with what was expected and found", () =>
  onPage(async (page) => {
    const folder = scratch();
    const change = (number, text) => (number === 3 ? text.replace("GetObject", "PutObject").replace('"', '" ') : text);
    const { head, logs } = writeDigestedTrail(join(folder, "trail"), 3, change);
    writeJson(folder, "keys.json", keys);
    writeJson(folder, "head.json", head);
    await dropFiles(page, [folder], { x: 200 });
    await eventually(async () => (await suspects(page)).map(([name, verdict]) => [basename(name), verdict]), [
      [basename(logs[3]), "Modified"],
    ]);
    assert.match(await summary(page), /^5 log files valid, 1 modified; 3 digest files valid/);
    assert.equal(await page.getByRole("contentinfo").getByText("1 file not as delivered").count(), 1);
    assert.match(await panel(page).getByRole("region", { name: "Hours" }).innerText(), /Modified/);
    for (const term of ["Expected SHA-256", "Found SHA-256"]) {
      assert.match(await panel(page).locator("dl > div", { hasText: term }).first().locator("dd").innerText(), /^[0-9a-f]{64}$/);
    }
    assert.deepEqual(await seriousFindings(page), []);
    await screenshot(page, "integrity-modified");
    // The import report says it beside the file, and in what it exports.
    await page.getByRole("tab", { name: "Files" }).click();
    const line = page.getByRole("table", { name: "Files" }).getByRole("row").filter({ hasText: basename(logs[3]) });
    await line.getByText(/^Modified: /).waitFor();
    assert.equal(await page.locator(".verdict.tone-good").count(), 8);
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Save as JSON" }).click()]);
    const report = JSON.parse(readFileSync(await download.path(), "utf8"));
    assert.deepEqual(report.integrity.files_by_verdict, { modified: 1, valid: 5 });
    assert.equal(report.lines.find(({ path }) => path.endsWith(basename(logs[3]))).integrity.verdict, "modified");
  }, { viewport: NARROW, colorScheme: "dark" }));

test("keys and signatures may come later; what is missing to prove more is said", () =>
  onPage(async (page) => {
    const folder = scratch();
    const { head } = writeDigestedTrail(join(folder, "trail"), 2);
    await dropFiles(page, [join(folder, "trail")]);
    await eventually(async () => (await summary(page)).startsWith("2 log files unsigned, 2 without a key; 1 digest file unsigned"), true);
    const advice = panel(page).getByRole("region", { name: "To get further" });
    assert.match(await advice.innerText(), /list-public-keys --region eu-west-1 --start-time 2024-05-01T00:00:07Z/);
    assert.match(await advice.innerText(), /head-object --bucket trail-bucket --key AWSLogs/);
    await screenshot(page, "integrity-unsigned");
    await dropFiles(page, [writeJson(folder, "keys.json", keys), writeJson(folder, "head.json", head)]);
    await eventually(async () => (await summary(page)).startsWith("4 log files valid; 2 digest files valid;"), true);
    assert.equal(await advice.count(), 0);
  }));

test("without digest files it says what to drop", () =>
  onPage(async (page) => {
    const folder = scratch();
    await dropFiles(page, [writeJson(folder, "keys.json", keys), writeJson(folder, "one.json", { Records: [] })]);
    await eventually(async () => /Public keys were dropped, but no digest files/.test(await panel(page).innerText()), true);
  }));

test("the real chain is valid and its tampered copy is not", async (context) => {
  const names = ["invictus-trail", "invictus-trail-tampered", "invictus-trail-digest-keys/list-public-keys.json", "invictus-trail-digest-keys/s3-object-metadata.json"];
  const [trail, tampered, ...proof] = names.map((name) => sharedData(`derived/${name}`));
  if (!trail) return context.skip();
  await onPage(async (page) => {
    await dropFiles(page, [trail, ...proof]);
    await eventually(async () => (await summary(page)).startsWith("55 log files valid; 2 digest files valid;"), true);
    await dropFiles(page, [tampered]);
    await eventually(async () => (await suspects(page)).map(([name, verdict]) => [basename(name), verdict]), [
      ["218007301253_CloudTrail_us-east-1_20230710T1200Z_iLj9fb7yyUG9X4Bf.json.gz", "Modified"],
    ]);
  });
});
