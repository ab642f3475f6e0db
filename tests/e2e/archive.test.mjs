// The archive panel: the import report, what was left out, coverage; and reading only part of an archive.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { drawer, dropFiles, eventually, loaded, loadSample, NARROW, openSite, scratch, status } from "./harness.mjs";
import { record, writeJson, writeTrail } from "./trail.mjs";

let site;
let folder;
before(async () => {
  site = await openSite();
  folder = scratch();
});
after(() => site.close());

const onPage = (work, options) => site.visit(work, options);

/** Opens the import report. */
async function openFiles(page) {
  await page.getByRole("button", { name: "Archive", exact: true }).click();
  await page.getByRole("tab", { name: "Files" }).click();
  await page.getByRole("table", { name: "Files" }).waitFor();
}

const table = (page) => page.getByRole("table", { name: "Files" });

/** The lines as lists of cell texts. */
const lines = (page) =>
  table(page)
    .locator("tbody tr")
    .evaluateAll((rows) => rows.map((row) => [...row.querySelectorAll("td")].map((cell) => cell.innerText.trim())));

const paths = async (page) => (await lines(page)).map(([path]) => path.split("\n")[0]);

const totals = (page) =>
  page
    .locator(".files-totals > div")
    .evaluateAll((items) => Object.fromEntries(items.map((item) => [...item.children].map((part) => part.innerText))));

/** A file as CloudTrail delivers it. */
function deliver(root, region, minute, events) {
  const account = "111122223333";
  const day = `${minute.slice(0, 4)}/${minute.slice(4, 6)}/${minute.slice(6, 8)}`;
  const name = `${account}_CloudTrail_${region}_${minute}_x.json.gz`;
  const path = join(root, "AWSLogs", account, "CloudTrail", region, day, name);
  mkdirSync(dirname(path), { recursive: true });
  const records = events.map((number) => ({ ...record(number), awsRegion: region }));
  writeFileSync(path, gzipSync(JSON.stringify({ Records: records })));
}

/** A bucket of three days and two Regions, ten events a file. */
function bucket(name) {
  const root = join(folder, name);
  const ten = (first) => Array.from({ length: 10 }, (_, index) => first + index);
  deliver(root, "eu-central-1", "20250106T0005Z", ten(0));
  deliver(root, "eu-central-1", "20250107T0005Z", ten(100));
  deliver(root, "eu-central-1", "20250108T0005Z", ten(200));
  deliver(root, "us-east-1", "20250107T1205Z", ten(300));
  writeJson(root, "notes.json", record(900));
  return root;
}

test("an event that only bears the eventID of another one takes nobody's place", () =>
  onPage(async (page) => {
    const planted = join(folder, "planted");
    const original = { ...record(7), eventName: "DeleteTrail" };
    writeJson(planted, "a-first.json", { Records: [{ ...original, eventName: "DescribeTrails" }] });
    writeJson(planted, "b-signed.json", { Records: [original, record(8)] });
    writeJson(planted, "c-copy.json", { Records: [original] });
    await dropFiles(page, [planted]);
    await loaded(page, "3 events");
    // Each of the two opens and stays open, though both have one eventID.
    for (const name of ["DeleteTrail", "DescribeTrails", "DeleteTrail"]) {
      await page.getByRole("grid", { name: "Events" }).getByText(name).click();
      await drawer(page).getByRole("heading", { name, exact: true }).waitFor();
      await drawer(page).getByText("conflicting copy").waitFor();
      await page.waitForTimeout(500);
      assert.equal(await drawer(page).getByRole("heading", { level: 2 }).first().innerText(), name);
    }
    // So does a duplicate, when duplicates are kept.
    await page.getByRole("contentinfo").getByRole("button", { name: "1 duplicate set aside" }).click();
    await loaded(page, "4 events");
    const copies = page.getByRole("grid", { name: "Events" }).getByText("DeleteTrail");
    const badges = [];
    for (const at of [0, 1]) {
      await copies.nth(at).click();
      await drawer(page).getByRole("heading", { name: "DeleteTrail", exact: true }).waitFor();
      await page.waitForTimeout(500);
      badges.push(await drawer(page).locator(".badge").first().innerText());
    }
    assert.deepEqual(badges.sort(), ["conflicting copy", "duplicate"]);
    await openFiles(page);
    await eventually(async () => (await totals(page))["Duplicates among them"], "1");
    const named = async () => (await lines(page)).filter((cells) => cells.join().includes("says something else"));
    // Of the two that say the same, the one that the browser names first stays.
    const names = async () => (await named()).map(([path]) => path.split("\n")[0].split("/").pop().replace(/^[bc]-.*/, "either")).sort();
    await eventually(names, ["a-first.json", "either"]);
  }));

test("lists every file, and the totals are those of the progress", () =>
  onPage(async (page) => {
    const mixed = join(folder, "mixed");
    writeTrail(mixed, { events: 40, each: 20 });
    writeTrail(join(mixed, "copy"), { events: 20, each: 20 });
    writeJson(mixed, "empty.json", "");
    writeJson(mixed, "words.txt", "this is no JSON");
    writeJson(mixed, "cut.json", JSON.stringify({ Records: [record(100), record(101)] }).slice(0, -100));
    await dropFiles(page, [mixed]);
    await loaded(page, "41 events");
    await openFiles(page);
    await eventually(async () => (await paths(page)).length, 6);
    const { Files, Events, "Duplicates among them": duplicates, "Files and entries": entries } = await totals(page);
    assert.deepEqual([Files, entries, Events, duplicates], ["6", "6", "61", "20"]);
    // The worst comes first.
    assert.deepEqual((await paths(page)).slice(0, 2).sort(), ["mixed/cut.json", "mixed/words.txt"]);
    await page.getByRole("button", { name: "Data set" }).click();
    const facts = await page.getByRole("dialog", { name: "Data set" }).locator("dd").allInnerTexts();
    assert.deepEqual(facts.slice(0, 2), ["41", "20"]);
    const read = await totals(page);
    assert.equal(facts[4], `${read.Read}, ${read.Unpacked} unpacked`);
    await page.keyboard.press("Escape");
  }));

test("searches, filters and sorts the files; a code is a button", () =>
  onPage(async (page) => {
    await dropFiles(page, [join(folder, "mixed")]);
    await loaded(page, "41 events");
    await openFiles(page);
    const field = page.getByRole("searchbox", { name: "Search files" });
    await field.fill("truncated");
    await eventually(() => paths(page), ["mixed/cut.json"]);
    await field.fill("COPY/");
    await eventually(() => paths(page), ["mixed/copy/log-0-0.json.gz"]);
    await field.fill("");
    await page.getByRole("button", { name: /^empty-file/ }).click();
    await eventually(() => paths(page), ["mixed/empty.json"]);
    await page.getByRole("button", { name: /^empty-file/ }).click();
    await page.getByRole("combobox", { name: "Which files" }).selectOption("With problems");
    await eventually(async () => (await paths(page)).sort(), ["mixed/cut.json", "mixed/words.txt"]);
    await page.getByRole("combobox", { name: "Which files" }).selectOption("All files");
    await page.getByRole("columnheader", { name: "Events", exact: true }).getByRole("button").click();
    await eventually(async () => (await lines(page)).map((cells) => cells[3].split("\n")[0]), ["20", "20", "20", "1", "0", "0"]);
    const sorted = await table(page).locator("th[aria-sort=descending]").innerText();
    assert.equal(sorted.trim(), "Events");
    await page.getByRole("contentinfo").getByRole("button", { name: "2 problems" }).click();
    await eventually(async () => (await paths(page)).length, 2);
  }));

test("saves the report as JSON and copies it, without a request", () =>
  onPage(async (page, context) => {
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await dropFiles(page, [join(folder, "mixed")]);
    await loaded(page, "41 events");
    await openFiles(page);
    const requests = [];
    context.on("request", (request) => requests.push(request.url()));
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Save as JSON" }).click(),
    ]);
    const report = JSON.parse(readFileSync(await download.path(), "utf8"));
    assert.equal(report.lines.length, 6);
    assert.deepEqual([report.files, report.entries, report.events, report.duplicates], [6, 6, 61, 20]);
    assert.equal(report.problems["truncated-json"].files, 1);
    const cut = report.lines.find(({ path }) => path === "mixed/cut.json");
    assert.deepEqual([cut.events, cut.regions, cut.problems[0].code], [1, ["eu-central-1"], "truncated-json"]);
    assert.equal(cut.first, new Date(Date.UTC(2025, 0, 6, 0, 1, 40)).toISOString().replace(".000", ""));
    await page.getByRole("button", { name: "Copy", exact: true }).click();
    await page.getByText("Report copied").waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    assert.equal(copied.trim().split("\n").length, 7);
    assert.deepEqual(requests.filter((url) => !url.startsWith("blob:")), []);
  }));

/** Chooses days and Regions on the start screen. */
async function choose(page, { from, to, regions }) {
  await page.getByText("Read only part of it…").click();
  if (from) await page.getByLabel("From", { exact: true }).fill(from);
  if (to) await page.getByLabel("To, inclusive").fill(to);
  if (regions) await page.getByLabel("Regions").fill(regions);
}

test("reads one day of a folder and says what was left out", () =>
  onPage(async (page) => {
    await choose(page, { from: "2025-01-07", to: "2025-01-07" });
    await page.getByText("Read only 2025-01-07").waitFor();
    // The file of midnight may hold the last events of the day; what has no key is always read.
    await dropFiles(page, [bucket("bucket")]);
    await loaded(page, "31 events");
    await page.getByRole("contentinfo").getByRole("button", { name: "1 file not read" }).click();
    await eventually(async () => (await paths(page)).length, 1);
    assert.match((await paths(page))[0], /20250106T0005Z/);
    assert.equal((await totals(page)).Files, "4");
  }));

test("reads one Region of a zip, also by the palette and the picker", () =>
  onPage(async (page) => {
    const root = bucket("zipped");
    const zip = join(folder, "bucket.zip");
    execFileSync("python3", ["-m", "zipfile", "-c", zip, `${root}/AWSLogs`, `${root}/notes.json`]);
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox", { name: "Command" }).fill("read only part");
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog", { name: "Read only part of it" });
    await dialog.getByLabel("Regions").fill("us-east-1");
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    const [chooser] = await Promise.all([
      page.waitForEvent("filechooser"),
      page.getByRole("button", { name: "Open files" }).click(),
    ]);
    await chooser.setFiles([zip]);
    await loaded(page, "11 events");
    await page.getByRole("contentinfo").getByRole("button", { name: "3 files not read" }).click();
    await eventually(async () => (await paths(page)).length, 3);
    for (const path of await paths(page)) assert.match(path, /^bucket\.zip › .*eu-central-1/);
  }));

test("says so when nothing is inside of what was chosen", () =>
  onPage(async (page) => {
    await choose(page, { from: "2030-01-01" });
    const root = bucket("outside");
    await dropFiles(page, [join(root, "AWSLogs")]);
    await loaded(page, "0 events");
    await page.getByRole("contentinfo").getByRole("button", { name: "4 files not read" }).click();
    await eventually(async () => (await paths(page)).length, 4);
  }));

const grid = (page) => page.getByRole("application", { name: "Files and events by account, Region and time" });

/** Opens the coverage and waits for its grid. */
async function openCoverage(page) {
  await page.getByRole("button", { name: "Archive", exact: true }).click();
  await page.getByRole("tab", { name: "Coverage" }).click();
  await grid(page).waitFor();
}

test("shows what is covered: places, gaps, lag, Regions never seen", () =>
  onPage(async (page) => {
    await dropFiles(page, [bucket("covered")]);
    await loaded(page, "41 events");
    await openCoverage(page);
    const rows = () =>
      page
        .getByRole("region", { name: "Accounts and Regions" })
        .locator(".coverage-table tbody tr")
        .evaluateAll((rows) => rows.map((row) => [...row.cells].map((cell) => cell.innerText)));
    // Events of midnight, delivered at five past and on the days after: 2 d 1 h, of which three hours are covered.
    await eventually(rows, [
      ["111122223333", "eu-central-1", "3", "31", "0", "3 of 49", "2", "23 h", "over 3 h, at most 2 d"],
      ["111122223333", "us-east-1", "1", "10", "0", "2 of 37", "1", "1 d 11 h", "over 3 h, at most 1 d 12 h"],
    ]);
    await page.getByText("32 of 34 Regions never seen").waitFor();
    const missing = page.getByRole("region", { name: "What this archive cannot show" });
    await missing.getByText(/^No data events/).waitFor();
    await missing.getByText(/^No events of IAM/).waitFor();
    await missing.getByText(/^Only 4 of 49 hours/).waitFor();
    assert.equal(await missing.getByText(/^No read-only events/).count(), 0);
  }));

test("on a phone what only screen readers meet does not widen the coverage", () =>
  onPage(
    async (page) => {
      await loadSample(page);
      await openCoverage(page);
      await page.getByRole("table", { name: /^Gaps/ }).getByRole("row").nth(1).waitFor();
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0);
    },
    { viewport: NARROW },
  ));

test("a cell leads to its events, by pointer and by keyboard", () =>
  onPage(async (page) => {
    await dropFiles(page, [bucket("clicked")]);
    await loaded(page, "41 events");
    await openCoverage(page);
    await grid(page).focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Home");
    await page.getByRole("status").getByText(/^111122223333 us-east-1, .*: 0 files, 10 events$/).waitFor();
    await page.keyboard.press("Enter");
    await eventually(() => status(page), "10 of 41 events (24%)");
    assert.match(await page.getByRole("combobox", { name: "Search events" }).inputValue(), /awsRegion:us-east-1/);
    await page.goBack();
    await grid(page).waitFor();
    const box = await grid(page).boundingBox();
    await page.mouse.move(box.x + 122, box.y + 16 + 20 + 10);
    await page.getByText("Click to see these events").waitFor();
    await page.mouse.click(box.x + 122, box.y + 16 + 20 + 10);
    await eventually(() => status(page), "31 of 41 events (76%)");
  }));

test("a change to logging is marked and leads to its event; a long span is days that open into hours", () =>
  onPage(async (page) => {
    const root = bucket("tampered");
    const stop = { ...record(700), eventName: "StopLogging", eventSource: "cloudtrail.amazonaws.com", eventTime: "2025-02-20T10:30:00Z" };
    writeJson(root, "stop.json", { Records: [stop] });
    await dropFiles(page, [root]);
    await loaded(page, "42 events");
    await openCoverage(page);
    await page.getByText("per 3 hours").waitFor();
    await grid(page).focus();
    await page.keyboard.press("Home");
    await page.keyboard.press("Enter");
    await page.getByText("per hour").waitFor();
    await page.getByRole("button", { name: "Whole span" }).click();
    await page.getByText("per 3 hours").waitFor();
    await page.getByRole("region", { name: "Changes to logging and detection" }).getByRole("button", { name: /StopLogging/ }).click();
    await page.getByRole("complementary", { name: "Event", exact: true }).getByRole("heading", { name: "StopLogging" }).waitFor();
    assert.equal(await status(page), "1 of 42 events (2.4%)");
  }));
