// Getting data in: folders, archives, pickers, paste, the sample; duplicates, damage, stopping.

import assert from "node:assert/strict";
import { linkSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import {
  cells,
  dropFiles,
  eventually,
  facetValues,
  loaded,
  loadSample,
  openSite,
  scratch,
  search,
  sharedData,
  status,
} from "./harness.mjs";
import { record, writeJson, writeTrail } from "./trail.mjs";
import { exposeMemory, memoryOf } from "./wasm_memory.mjs";

let site;
let folder;
before(async () => {
  site = await openSite();
  folder = scratch();
});
after(() => site.close());

const onPage = (work) => site.visit(work);

/** Opens the import report; answers what it has to tell about files as `[file, message, code]`. */
async function report(page) {
  await page.getByRole("button", { name: "Data set" }).click();
  await page.getByRole("button", { name: "Import report" }).click();
  await page.getByRole("table", { name: "Files" }).waitFor();
  const findings = page.getByRole("table", { name: "Files" }).locator(".finding:not(.verdict)");
  const texts = await findings.evaluateAll((items) =>
    items.map((item) => [
      item.closest("td").querySelector(".problem-file").innerText,
      item.querySelector("span").innerText,
      item.querySelector("code").innerText,
    ]),
  );
  await page.getByRole("group", { name: "Panel" }).getByRole("button", { name: "Events" }).click();
  return texts;
}

test("loads the sample with one click", () =>
  onPage(async (page) => {
    await loadSample(page);
    await eventually(async () => (await cells(page, 1)).length > 0, true);
    assert.equal((await facetValues(page, "Event name")).length, 8);
    await page.getByRole("button", { name: /data set$/ }).click();
    await page.getByText("4 Mar 00:01:07 – 17 Mar 23:54:27", { exact: true }).waitFor();
    await page.keyboard.press("Escape");
    assert.deepEqual(await report(page), []);
  }));

test("no count stands above the histogram before there is one", () =>
  onPage(async (page) => {
    await page.evaluate(() => {
      globalThis.legends = [];
      const look = () => {
        const text = document.querySelector(".timeline .legend .number")?.textContent;
        if (text && text !== globalThis.legends.at(-1)) globalThis.legends.push(text);
      };
      new MutationObserver(look).observe(document.body, { childList: true, characterData: true, subtree: true });
    });
    await loadSample(page);
    const seen = () => page.evaluate(() => globalThis.legends);
    await eventually(async () => /^[1-9]/.test((await seen()).at(-1)), true);
    assert.ok(!(await seen()).includes("0"), `the sample has such events, so none is wrong: ${await seen()}`);
  }));

test("loads a dropped folder of any depth", () =>
  onPage(async (page) => {
    const deep = join(folder, "deep");
    writeTrail(join(deep, "a/b/c"), { events: 120, each: 7 });
    writeJson(join(deep, "a"), "single.json", record(120));
    await dropFiles(page, [deep]);
    await loaded(page, "121 events");
    await eventually(() => facetValues(page, "Error code"), [["AccessDenied", "12"], ["(none)", "109"]]);
  }));

test("loads several files by the picker", () =>
  onPage(async (page) => {
    const files = [
      writeJson(folder, "records.json", { Records: [record(0), record(1)] }),
      writeJson(folder, "lines.json", [record(2), record(3)].map((item) => JSON.stringify(item)).join("\n")),
      writeJson(folder, "array.json", [record(4)]),
    ];
    const [chooser] = await Promise.all([
      page.waitForEvent("filechooser"),
      page.getByRole("button", { name: "Open files" }).click(),
    ]);
    await chooser.setFiles(files);
    await loaded(page, "5 events");
  }));

test("loads a folder by the picker and adds to it", () =>
  onPage(async (page) => {
    const chosen = writeTrail(join(folder, "chosen"), { events: 30, each: 10 });
    const [chooser] = await Promise.all([
      page.waitForEvent("filechooser"),
      page.getByRole("button", { name: "Open a folder" }).click(),
    ]);
    await chooser.setFiles(chosen);
    await loaded(page, "30 events");
    await dropFiles(page, [writeJson(folder, "more.json", { Records: [record(1_000)] })]);
    await loaded(page, "31 events");
  }));

test("loads pasted JSON", () =>
  onPage(async (page, context) => {
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.evaluate((text) => navigator.clipboard.writeText(text), JSON.stringify({ Records: [record(0), record(1)] }));
    await page.keyboard.press("Control+v");
    await loaded(page, "2 events");
  }));

test("counts duplicates, sets them aside, and keeps them on demand", () =>
  onPage(async (page) => {
    const trail = writeTrail(join(folder, "twice"), { events: 60, each: 20 });
    await dropFiles(page, [trail]);
    await loaded(page, "60 events");
    await dropFiles(page, [trail]);
    await loaded(page, "60 events");
    const footer = page.getByRole("contentinfo");
    await footer.getByRole("button", { name: "60 duplicates set aside" }).click();
    await eventually(() => status(page), "120 events");
    await eventually(() => facetValues(page, "Event name", 1), [["AssumeRole", "24"]]);
    await footer.getByRole("button", { name: "60 duplicates kept" }).click();
    await eventually(() => status(page), "60 events");
  }));

test("says so when a folder holds no files", () =>
  onPage(async (page) => {
    const empty = join(folder, "empty");
    mkdirSync(join(empty, "below"), { recursive: true });
    await dropFiles(page, [empty]);
    await eventually(() => page.locator(".toast").innerText(), "There are no files in what was chosen");
    await page.getByRole("button", { name: "Load the sample" }).waitFor();
  }));

test("never mixes the sample with what is loaded", () =>
  onPage(async (page) => {
    await dropFiles(page, [writeJson(folder, "own.json", { Records: [record(0)] })]);
    await loaded(page, "1 event");
    await page.keyboard.press("Control+k");
    await page.keyboard.type("load the sample");
    await page.keyboard.press("Enter");
    await eventually(
      () => page.locator(".toast").innerText(),
      "Close this data set first: the sample would mix with it",
    );
    await loaded(page, "1 event");
  }));

test("lists what it could not read, by file and reason", () =>
  onPage(async (page) => {
    const broken = join(folder, "broken");
    writeTrail(broken, { events: 10, each: 10 });
    writeJson(broken, "empty.json", "");
    writeJson(broken, "words.json", "this is no JSON");
    writeJson(broken, "cut.json", JSON.stringify({ Records: [record(100), record(101)] }).slice(0, -100));
    await dropFiles(page, [broken]);
    await loaded(page, "11 events");
    const lines = await report(page);
    assert.deepEqual(lines.map(([file]) => file).sort(), ["broken/cut.json", "broken/empty.json", "broken/words.json"]);
    for (const [file, reason, kind] of lines) {
      assert.ok(reason.length > 0, `${file} has a reason`);
      assert.match(kind, /^[a-z-]+$/);
    }
  }));

test("stops in the middle and keeps what is loaded", () =>
  onPage(async (page) => {
    const big = writeTrail(join(folder, "big"), { events: 20_000, each: 500, copies: 60 });
    await dropFiles(page, [big]);
    const strip = page.getByRole("region", { name: "Loading" });
    await strip.getByText(/^[1-9][0-9,]*$/).waitFor();
    await strip.getByRole("button", { name: "Stop" }).click();
    await strip.waitFor({ state: "detached" });
    const notice = page.getByRole("alert", { name: "Not everything was read" });
    await notice.getByText(/^Reading was stopped; up to [1-9]/).waitFor();
    await notice.getByRole("button", { name: "Dismiss" }).click();
    await notice.waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Data set" }).click();
    const facts = await page.getByRole("dialog", { name: "Data set" }).locator("dd").allInnerTexts();
    const [events, duplicates] = facts.map((text) => Number(text.replaceAll(",", "")));
    assert.ok(events > 0 && events + duplicates < 1_200_000, `${events} events and ${duplicates} duplicates`);
    await page.keyboard.press("Escape");
    await search(page, "eventName:ConsoleLogin");
    await eventually(async () => / of .* \(20(\.\d)?%\)$/.test(await status(page)), true);
  }));

test("stops a walk through a large folder, not only reading", () =>
  onPage(async (page) => {
    const large = join(folder, "large");
    const first = join(writeTrail(large, { events: 2, each: 2 }), "log-0-0.json.gz");
    const files = 20_000;
    for (let number = 1; number < files; number++) linkSync(first, join(large, `log-${number}.json.gz`));
    await dropFiles(page, [large]);
    const strip = page.getByRole("region", { name: "Loading" });
    await strip.getByText(/^[1-9][0-9,]* of/).first().waitFor();
    await strip.getByRole("button", { name: "Stop" }).click();
    await strip.waitFor({ state: "detached" });
    const found = async () => {
      const facts = await page.getByRole("dialog", { name: "Data set" }).locator("dd").allInnerTexts();
      return Number(facts[3].replaceAll(",", ""));
    };
    await page.getByRole("button", { name: "Data set" }).click();
    const stopped = await found();
    assert.ok(stopped > 0 && stopped < files, `${stopped} files found`);
    await dropFiles(page, [writeJson(folder, "afterwards.json", { Records: [record(5)] })]);
    await strip.waitFor({ state: "detached" });
    await eventually(found, stopped + 1, "the stopped walk adds nothing to a later load");
  }));

test("ends at the limit of memory with a sentence and keeps what is loaded", async () => {
  const { page, errors, close } = await site.page({ ready: false });
  await page.evaluate(() => localStorage.setItem("trailscope:prefs", JSON.stringify({ workers: 2, memory_mb: 24 })));
  await page.reload();
  await page.locator("#boot").waitFor({ state: "detached" });
  await dropFiles(page, [writeTrail(join(folder, "beyond"), { events: 20_000, each: 500, copies: 60 })]);
  const notice = page.getByRole("alert", { name: "Not everything was read" });
  await notice.waitFor();
  assert.match(await notice.innerText(), /limit of memory.* files or archive entries were not read.*beyond\/log-.* is kept/s);
  await eventually(async () => / events$/.test(await status(page)), true);
  const [, message, kind] = (await report(page)).find(([file]) => file === "(load)");
  assert.ok((await notice.innerText()).startsWith(message));
  assert.equal(kind, "memory-limit");
  await search(page, "eventName:ConsoleLogin");
  await eventually(async () => / of .*%\)$/.test(await status(page)), true);
  await notice.getByRole("button", { name: "Dismiss" }).click();
  await notice.waitFor({ state: "detached" });
  assert.deepEqual(errors, []);
  await close();
});

test("shows as much memory as the wasm instances really have", async () => {
  const { page, errors, close } = await site.page({ ready: false });
  await page.addInitScript(exposeMemory);
  await page.evaluate(() => localStorage.setItem("trailscope:prefs", JSON.stringify({ workers: 2 })));
  await page.reload();
  await page.locator("#boot").waitFor({ state: "detached" });
  const readOut = page.getByRole("contentinfo").locator("[title^='Memory:']");
  const agrees = async () => {
    const sizes = await memoryOf([page, ...page.workers()]);
    assert.equal(sizes.length, 3);
    const real = sizes.reduce((sum, size) => sum + size) / 1e6;
    const shown = /^([\d.]+) MB$/.exec(await readOut.innerText());
    // Three digits are shown.
    return shown !== null && Math.abs(Number(shown[1]) / real - 1) < 0.01;
  };
  await dropFiles(page, [writeTrail(join(folder, "grows"), { events: 60_000, each: 500 })]);
  await loaded(page, "60,000 events");
  await eventually(agrees, true, "after a load");
  const before = await readOut.innerText();
  await dropFiles(page, [join(folder, "grows")]);
  await page.getByRole("button", { name: "60,000 duplicates set aside" }).waitFor();
  await eventually(agrees, true, "after another load");
  assert.notEqual(await readOut.innerText(), before);
  await search(page, "reports");
  await eventually(agrees, true, "after a search");
  assert.deepEqual(errors, []);
  await close();
});

const FACTS = sharedData("dev-facts.json");
const facts = FACTS && JSON.parse(readFileSync(FACTS, "utf8"))["invictus-ir_aws_dataset"];
const real = { skip: !facts };

/** The whole data set is there, as other tools counted it. */
async function isInvictus(page) {
  await loaded(page, "2,900 events");
  const expected = (list) => list.slice(0, 8).map(([value, count]) => [value, String(count)]);
  await eventually(() => facetValues(page, "Event name"), expected(facts.top10_eventName));
  await eventually(() => facetValues(page, "Event source"), expected(facts.top10_eventSource));
  await eventually(() => facetValues(page, "Read-only"), [["true", "2,326"], ["false", "574"]]);
  await eventually(
    () => page.getByRole("region", { name: "Events over time" }).locator(".legend b").allInnerTexts(),
    ["2,600", "300"],
  );
}

test("loads a real trail by its folder, digests set aside", real, () =>
  onPage(async (page) => {
    await dropFiles(page, [sharedData("derived/invictus-trail")]);
    await isInvictus(page);
    const lines = await report(page);
    assert.equal(lines.length, 2);
    for (const [file, reason] of lines) {
      assert.match(file, /CloudTrail-Digest.*\.json\.gz$/);
      assert.match(reason, /digest/);
    }
  }));

for (const name of [
  "invictus-trail.zip",
  "invictus-trail.tar",
  "invictus-trail.tar.gz",
  "invictus-all.json.gz",
  "invictus-all.array.json.gz",
  "invictus-all.ndjson.gz",
  "invictus-multimember.ndjson.gz",
  "invictus-concatenated-records.json.gz",
  "cwl-export",
]) {
  test(`loads the same trail from ${name}`, real, () =>
    onPage(async (page) => {
      await dropFiles(page, [sharedData(`derived/${name}`)]);
      await isInvictus(page);
    }));
}

test("shows the event that stands in another object as the record it was", () =>
  onPage(async (page) => {
    const event = {
      eventVersion: "1.11",
      eventID: "00000000-0000-4000-8000-000000000001",
      eventName: "CreateUser",
      eventTime: "2026-01-02T03:04:05Z",
      userAgent: '<b>"quoted"</b>\n',
    };
    const entry = { EventId: event.eventID, CloudTrailEvent: JSON.stringify(event) };
    const file = writeJson(join(folder, "wrapped"), "lookup.json", { Events: [entry] });
    await dropFiles(page, [file]);
    await loaded(page, "1 event");
    await page.getByRole("grid", { name: "Events" }).getByRole("row").nth(1).click();
    await page.getByRole("tab", { name: "Raw" }).click();
    await eventually(() => page.getByLabel("Record as in the file").textContent(), JSON.stringify(event));
  }));

test("finds the duplicates of a folder and an archive of it", real, () =>
  onPage(async (page) => {
    await dropFiles(page, [sharedData("derived/invictus-trail"), sharedData("derived/invictus-trail.zip")]);
    await isInvictus(page);
    await page.getByRole("button", { name: "2,900 duplicates set aside" }).click();
    await eventually(() => status(page), "5,800 events");
    await page.getByRole("button", { name: "2,900 duplicates kept" }).click();
    await eventually(() => status(page), "2,900 events");
  }));

test("reads a folder of damaged files to its end", real, () =>
  onPage(async (page) => {
    await dropFiles(page, [sharedData("derived/damaged")]);
    await loaded(page, "27 events");
    const lines = await report(page);
    const files = lines.map(([file]) => file.replace("damaged/", ""));
    for (const file of ["truncated.json.gz", "crc-error.json.gz", "truncated.json", "ndjson-one-bad-line.ndjson", "deep.json"]) {
      assert.ok(files.includes(file), `${file} is listed`);
    }
    const reason = (file) => lines.find(([name]) => name.endsWith(file))[1];
    assert.match(reason("/truncated.json.gz"), /too early.*7 events are kept/);
    assert.match(reason("/truncated.json"), /in the middle of a value; 9 events are kept/);
  }));
