// The page and the command-line tool are one library: the same events and the same alarm give the same history.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { dropFiles, eventually, facetValues, loaded, openSite, scratch, sharedData, status } from "./harness.mjs";
import { writeTrail } from "./trail.mjs";

const TOOL = ["debug", "release"].map((profile) => `target/${profile}/trailscope`).find(existsSync);
if (!TOOL) console.log("skipped: the command-line tool is not built (cargo build)");
const TRAIL = sharedData("derived/invictus-trail");

const trailscope = (...args) => JSON.parse(execFileSync(TOOL, [...args, "--json"], { encoding: "utf8", maxBuffer: 2 ** 28 }));

let site;
let folder;
before(async () => {
  site = await openSite();
  folder = scratch();
});
after(() => site.close());

const PRESETS = ["Usage of the root user", "Console sign-in failures", "Unauthorized API calls", "CloudTrail changes", "IAM policy changes"];

/** Adds every preset, saves the workspace, and holds each alarm's history on the page against the tool's. */
async function agree(trail) {
  const report = trailscope("scan", trail);
  const { page, errors, close } = await site.page();
  await dropFiles(page, [trail]);
  await loaded(page, `${report.events.toLocaleString("en")} events`);
  const [{ value, count }] = trailscope("count", trail, "--by", "eventName", "--top", "1").by;
  await eventually(async () => (await facetValues(page, "Event name", 1))[0][0], value);
  assert.ok(count > 0);

  await page.getByRole("button", { name: "Alarms", exact: true }).click();
  await page.getByRole("button", { name: PRESETS[0] }).click();
  for (const preset of PRESETS.slice(1)) {
    await page.getByRole("button", { name: "Add an alarm" }).click();
    await page.getByRole("dialog", { name: "Add an alarm" }).getByRole("button", { name: preset }).click();
    await page.keyboard.press("Escape");
  }
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Save workspace" }).click(),
  ]);
  const file = join(folder, "workspace.json");
  await download.saveAs(file);
  const { backtests } = JSON.parse(readFileSync(file, "utf8"));
  assert.deepEqual(backtests.map(({ name }) => name), PRESETS);

  let fires = 0;
  for (const backtest of backtests) {
    const document = join(folder, "alarm.json");
    writeFileSync(document, JSON.stringify(backtest));
    const expected = trailscope("alarm", trail, "--alarm", document);
    fires += expected.fires;
    const item = page.getByRole("navigation", { name: "Metric filters and alarms" }).getByRole("listitem");
    await item.filter({ hasText: backtest.name }).getByRole("button").first().click();
    // The two write the time at the end in their own ways.
    const words = (headline) => headline.replace(/,? [^,]*\d\d:\d\d[^,]*$/, "").toLowerCase();
    await eventually(async () => words(await page.locator(".headline").innerText()), words(expected.headline), backtest.name);
    const changes = page.getByRole("region", { name: "State changes" }).first();
    const shown = async () => {
      const more = changes.getByRole("button", { name: /^Show more of/ });
      if (await more.isVisible()) await more.click();
      return (await changes.locator("tbody tr").allInnerTexts()).slice(0, 100).map((text) => {
        const [time, states, reasons] = text.split("\t").map((cell) => cell.trim());
        const [, to, from] = /^(\S+)\s+from (\S+),/.exec(states);
        return { time: `${time.replace(" ", "T")}Z`, from, to, reason: reasons.split("\n")[0] };
      });
    };
    const wanted = expected.transitions.slice(0, 100).map(({ time, from, to, reason }) => ({ time, from, to, reason }));
    await eventually(shown, wanted, backtest.name);
  }
  assert.deepEqual(errors, []);
  await close();
  return fires;
}

test("on generated events", { skip: !TOOL }, async () => {
  const trail = join(folder, "generated");
  execFileSync(TOOL, ["gen", trail, "--events", "8000", "--seed", "5", "--days", "3"]);
  assert.ok((await agree(trail)) > 0, "some alarm fires");
});

test("on a real trail", { skip: !TOOL || !TRAIL }, async () => {
  assert.ok((await agree(TRAIL)) > 0, "some alarm fires");
});

test("an ALARM on the chart leads to the events behind it", async () => {
  const { page, errors, close } = await site.page();
  // Two refused calls in every twenty seconds for an hour: in ALARM throughout.
  await dropFiles(page, [writeTrail(join(folder, "hour"), { events: 3_600, each: 600 })]);
  await loaded(page, "3,600 events");
  await page.getByRole("button", { name: "Alarms", exact: true }).click();
  await page.getByRole("button", { name: "Unauthorized API calls" }).click();
  await eventually(async () => /^Fires once/.test(await page.locator(".headline").innerText()), true);
  const chart = await page.locator(".metric-chart").boundingBox();
  await page.mouse.click(chart.x + chart.width / 2, chart.y + chart.height / 2);
  await page.getByRole("grid", { name: "Events" }).waitFor();
  await eventually(() => status(page), "360 of 3,600 events (10%)");
  await eventually(() => facetValues(page, "Error code"), [["AccessDenied", "360"]]);
  await page.goBack();
  await eventually(async () => /^Fires once/.test(await page.locator(".headline").innerText()), true);
  assert.deepEqual(errors, []);
  await close();
});
