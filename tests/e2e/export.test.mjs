// The way back: the events in view as a file, which loads as the same events again.

import assert from "node:assert/strict";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import {
  cells, dropFiles, eventually, facet, facetValues, loaded, NARROW, openSite, screenshot, scratch, search, seriousFindings,
} from "./harness.mjs";
import { record, writeJson, writeTrail } from "./trail.mjs";

let site;
let folder;
before(async () => {
  site = await openSite();
  folder = scratch();
});
after(() => site.close());

/** Exports by an item of the menu; answers the file's name and text. */
async function exported(page, item) {
  await page.getByRole("button", { name: /^Export / }).click();
  const saved = page.waitForEvent("download");
  await page.getByRole("button", { name: item }).click();
  const download = await saved;
  return { name: download.suggestedFilename(), path: await download.path(), text: readFileSync(await download.path(), "utf8") };
}

/** Every wanted record is there once, byte for byte; files come in the order in which the browser found them. */
function sameRecords(texts, wanted) {
  const sorted = (list) => list.toSorted().join("\n");
  assert.equal(texts.length, wanted.length);
  assert.ok(sorted(texts) === sorted(wanted.map((event) => JSON.stringify(event))), "not the records that were dropped");
  return texts;
}

const JSON_ITEM = /^JSON/;
const LINES_ITEM = /^NDJSON/;
const COLUMNS_ITEM = /^CSV the \d+ columns shown/;
const ALL_ITEM = /^CSV all \d+ fields/;

test("what is exported as JSON, NDJSON and CSV is what is in view, and loads again", async () => {
  const { page, requests, errors, close } = await site.page();
  await dropFiles(page, [writeTrail(join(folder, "trail"), { events: 3_000, each: 250, copies: 2 })]);
  await loaded(page, "3,000 events");
  await search(page, "eventName:GetObject");
  await eventually(() => page.getByRole("button", { name: "Export 600 events" }).count(), 1);
  const wanted = Array.from({ length: 600 }, (_, index) => record(index * 5));
  const before = requests.length;

  const json = await exported(page, JSON_ITEM);
  assert.equal(json.name, "trailscope-2025-01-06-600-events.json");
  const records = sameRecords(/^\{"Records":\[\n(.*)\n\]\}\n$/s.exec(json.text)[1].split(",\n"), wanted);
  const lines = await exported(page, LINES_ITEM);
  assert.equal(lines.name, "trailscope-2025-01-06-600-events.ndjson");
  assert.ok(lines.text === records.map((text) => `${text}\n`).join(""), "the same records in the same order");
  const csv = await exported(page, COLUMNS_ITEM);
  assert.equal(csv.name, "trailscope-2025-01-06-600-events.csv");
  const rows = csv.text.split("\r\n");
  assert.equal(rows.length, 602);
  assert.equal(rows[0], "eventTime,eventName,eventSource,principal,sourceIPAddress,awsRegion,errorCode");
  assert.ok(rows.includes("2025-01-06T00:00:00Z,GetObject,s3.amazonaws.com,arn:aws:iam::111122223333:user/user-0,192.0.2.0,eu-central-1,"));
  const all = await exported(page, ALL_ITEM);
  const names = all.text.split("\r\n")[0].split(",");
  assert.ok(names.includes("requestParameters.key") && !names.includes("requestParameters"), names.join());
  await page.getByRole("status").getByText("600 events saved as trailscope-2025-01-06-600-events.csv").waitFor();
  assert.deepEqual(requests.slice(before).filter((url) => !url.startsWith("blob:")), [], "no request");
  await close();

  const again = await site.page();
  await dropFiles(again.page, [writeJson(join(folder, "again"), json.name, json.text)]);
  await loaded(again.page, "600 events");
  await eventually(() => facetValues(again.page, "Event name"), [["GetObject", "600"]]);
  assert.equal((await cells(again.page, 1))[0].slice(0, 10), "2025-01-06");
  assert.deepEqual([...errors, ...again.errors], []);
  await again.close();
});

test("no cell of a CSV is a formula, and the JSON keeps hostile text as it is", async () => {
  const { page, close } = await site.page();
  const hostile = ['=HYPERLINK("https://example.com","x")', "+1+1", "-1+cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "\r=1", 'a "b", c\nd', "-5", "(X11;=1+1)"];
  const events = hostile.map((eventName, number) => ({ ...record(number), eventName }));
  await dropFiles(page, [writeJson(join(folder, "hostile"), "hostile.json", { Records: events })]);
  await loaded(page, `${hostile.length} events`);
  const { text } = await exported(page, COLUMNS_ITEM);
  const quoted = (cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
  for (const name of hostile) {
    // In front, and where semicolons, tabs and line ends part cells.
    const guarded = name === "-5" ? name : name.replace(/^(?=[\t\r])|(?<=^|[;\t\r\n])(?=[=+\-@])/g, "'");
    assert.ok(text.includes(`Z,${quoted(guarded)},s3.amazonaws.com`), `${JSON.stringify(name)} in\n${text}`);
  }
  const json = await exported(page, JSON_ITEM);
  assert.deepEqual(JSON.parse(json.text).Records, events);
  await close();
});

test("a file that is gone is named, and the rest is exported", async () => {
  const { page, close } = await site.page();
  const trail = writeTrail(join(folder, "gone"), { events: 300, each: 100 });
  await dropFiles(page, [trail]);
  await loaded(page, "300 events");
  rmSync(join(trail, "log-100-0.json.gz"));
  const { text, name } = await exported(page, LINES_ITEM);
  assert.equal(name, "trailscope-2025-01-06-200-events.ndjson");
  assert.equal(text.split("\n").length, 201);
  const trouble = page.getByRole("alert", { name: "Not everything was exported" });
  await trouble.getByText(/200 of 300 events were exported\. 100 could not be read again: 100 of gone\/log-100-0\.json\.gz: /).waitFor();
  await screenshot(page, "export-trouble");
  await trouble.getByRole("button", { name: "Dismiss" }).click();
  await trouble.waitFor({ state: "detached" });
  await close();
});

test("an export can be stopped, and begun again from the palette", async () => {
  const { page, close } = await site.page();
  await dropFiles(page, [writeTrail(join(folder, "long"), { events: 60_000, each: 60_000 })]);
  await loaded(page, "60,000 events");
  await page.evaluate(() => {
    // Stops as soon as the strip is there: an export of this size may be over before a test can click.
    new MutationObserver(() => document.querySelector("section[aria-label=Exporting] button")?.click()).observe(document.body, {
      childList: true,
      subtree: true,
    });
  });
  let downloads = 0;
  page.on("download", () => (downloads += 1));
  await page.getByRole("button", { name: "Export 60,000 events" }).click();
  await page.getByRole("button", { name: JSON_ITEM }).click();
  await page.getByRole("region", { name: "Exporting" }).waitFor({ state: "detached" });
  await page.waitForTimeout(1_500);
  assert.equal(downloads, 0);
  await close();

  const second = await site.page();
  await dropFiles(second.page, [join(folder, "long")]);
  await loaded(second.page, "60,000 events");
  await second.page.keyboard.press("Control+k");
  await second.page.getByRole("combobox", { name: "Command" }).fill("export ndjson");
  const saved = second.page.waitForEvent("download");
  await second.page.keyboard.press("Enter");
  const text = readFileSync(await (await saved).path(), "utf8");
  assert.equal(text.split("\n").length, 60_001);
  await second.close();
});

for (const colorScheme of ["light", "dark"]) {
  test(`the menu looks right in ${colorScheme} colours, wide and narrow`, async () => {
    const trail = writeTrail(join(folder, "looks"), { events: 3_000, each: 250 });
    for (const [viewport, size] of [[undefined, "wide"], [NARROW, "narrow"]]) {
      const { page, close } = await site.page({ viewport, colorScheme });
      await dropFiles(page, [trail], { x: 200, y: 300 });
      await loaded(page, "3,000 events");
      if (size === "wide") await facet(page, "Event name").waitFor();
      await page.getByRole("button", { name: "Export 3,000 events" }).click();
      await page.getByRole("button", { name: JSON_ITEM }).waitFor();
      await screenshot(page, `export-menu-${size}-${colorScheme}`);
      assert.deepEqual(await seriousFindings(page), []);
      await close();
    }
  });
}
