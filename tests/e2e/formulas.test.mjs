// Alarms on metric math and anomaly detection bands.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { NARROW, dropFiles, openSite, scratch, screenshot, seriousFindings } from "./harness.mjs";

const folder = scratch();
const archive = join(folder, "weeks.json");
let site;
before(async () => {
  site = await openSite();
  writeFileSync(archive, JSON.stringify({ Records: weeks() }));
});
after(() => site.close());

/**
 * Three weeks with three or four calls every twenty minutes and two in a hundred refused; on the last day, half of the
 * calls between 10:00 and 11:00 are refused, and from 14:00 to 15:00 there are ten times as many.
 */
function weeks() {
  const start = Date.UTC(2024, 0, 1);
  const records = [];
  const add = (minute, second, refused) =>
    records.push({
      eventTime: new Date(start + minute * 60_000 + second * 1000).toISOString().replace(".000", ""),
      eventID: `${minute}-${second}`,
      eventName: "ListRoles",
      userIdentity: { type: "IAMUser", userName: "alice" },
      ...(refused && { errorCode: "AccessDenied" }),
    });
  const last = 20 * 1440;
  for (let slot = 0; slot < 21 * 72; slot++) {
    const minute = slot * 20;
    const calls = 3 + (slot % 2);
    const isStorm = minute >= last + 14 * 60 && minute < last + 15 * 60;
    for (let call = 0; call < (isStorm ? 10 * calls : calls); call++) {
      const isRefused = minute >= last + 600 && minute < last + 660 ? call % 2 === 0 : (slot * 4 + call) % 50 === 0;
      add(minute, call, isRefused);
    }
  }
  return records;
}

const headline = (page) => page.locator(".headline");
const says = (page, text) => headline(page).filter({ hasText: text }).waitFor();
const formula = (page) => page.getByRole("combobox", { name: "Formula e1" });
const choose = async (page, item) => {
  await page.getByRole("button", { name: "Add an alarm" }).click();
  await page.getByRole("button", { name: item, exact: true }).click();
};
const spans = (page) => page.getByRole("region", { name: "State changes" }).getByRole("row").allInnerTexts();

async function open(options = {}) {
  const opened = await site.page(options);
  const { page } = opened;
  await dropFiles(page, [archive], { x: 200, y: 300 });
  await page.getByRole("application", { name: "Time range of the events" }).waitFor();
  await page.getByRole("button", { name: "Alarms" }).click();
  await page.getByRole("button", { name: "Unauthorized API calls" }).click();
  await says(page, "Fires");
  return opened;
}

test("a share of calls fires where the share is high, and follows the formula as it is typed", async () => {
  const { page, close } = await open();
  await choose(page, "Metric math");
  await says(page, "Fires 3 times");
  assert.match(await page.locator(".lab-head").innerText(), /100 \* m1 \/ m2 over 5 minutes ≥ 50/);
  // A mistake says where, and the result of the last good formula stays, marked as out of date.
  await formula(page).fill("100 * m1 / nobody");
  await formula(page).press("Escape");
  await page.locator("#formula-e1-message", { hasText: "nobody" }).waitFor();
  await says(page, "Fires 3 times");
  await page.locator(".metric-chart.stale").waitFor();
  // Completion puts the name in.
  await formula(page).fill("100 * m1 / m");
  await page.getByRole("option", { name: /^m2/ }).waitFor();
  await formula(page).press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  assert.equal(await formula(page).inputValue(), "100 * m1 / m2");
  await formula(page).fill("m2 - m1");
  await page.locator(".lab-head").filter({ hasText: "m2 - m1 over 5 minutes ≥ 50" }).waitFor();
  await says(page, "Never fires");
  await close();
});

test("a band is drawn from what came before, and the alarm fires where the metric leaves it", async () => {
  const { page, close } = await open();
  await page.getByRole("button", { name: "Delete Unauthorized API calls" }).click();
  await page.getByRole("button", { name: "Your own metric filter" }).waitFor();
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "Command" }).fill("anomaly");
  await page.keyboard.press("Enter");
  await says(page, "Fires");
  assert.match(await page.locator(".lab-head").innerText(), /Sum of AllCalls over 1 hour above its band of width 2$/m);
  await page.locator(".legend", { hasText: "Expected" }).waitFor();
  // No threshold, so no handle and no field for it.
  assert.equal(await page.getByRole("slider", { name: "Threshold" }).count(), 0);
  await page.getByRole("button", { name: "Sweep" }).click();
  // The sweep tries widths; a click adopts one.
  await page.getByRole("columnheader", { name: "4 σ" }).waitFor();
  await page.getByRole("gridcell", { name: /^Sum of AllCalls over 1 hour above its band of width 4:/ }).click();
  await page.locator(".lab-head").filter({ hasText: "above its band of width 4" }).waitFor();
  assert.equal(await page.getByRole("spinbutton", { name: "Width of the band in standard deviations" }).inputValue(), "4");
  await page.getByRole("button", { name: "State changes" }).click();
  // A band wide enough holds everything.
  await page.getByRole("spinbutton", { name: "Width of the band in standard deviations" }).fill("500");
  await says(page, "Never fires");
  // Without the band the threshold is back.
  await page.getByRole("checkbox", { name: "Compare with an anomaly detection band" }).uncheck();
  await page.getByRole("slider", { name: "Threshold" }).waitFor();
  await close();
});

test("an alarm on formulas survives the address bar, the workspace file and composite alarms", async () => {
  const { page, close } = await open();
  await choose(page, "Metric math");
  await says(page, "Fires 3 times");
  await choose(page, "Composite alarm");
  const rule = page.getByRole("combobox", { name: "Alarm rule" });
  await rule.fill('ALARM("Share of failed calls")');
  await says(page, "Fires 3 times");
  const saved = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save workspace" }).click();
  const file = join(folder, "workspace.json");
  await (await saved).saveAs(file);
  const workspace = JSON.parse(readFileSync(file, "utf8"));
  assert.equal(workspace.formulas[0].Metrics[2].Expression, "100 * m1 / m2");
  assert.equal(workspace.formulas[0].metricFilters.length, 2);
  await page.getByRole("button", { name: "Delete Share of failed calls" }).click();
  await page.locator("input[aria-label='Workspace file']").setInputFiles(file);
  await page.getByRole("navigation", { name: "Metric filters and alarms" }).getByText("On formulas 1").waitFor();
  await page.getByRole("button", { name: /^Share of failed calls/ }).click();
  await says(page, "Fires 3 times");
  await close();
});

test("the settings are accessible and fit a narrow screen", async () => {
  const { page, close } = await open({ viewport: NARROW });
  await choose(page, "Metric math");
  await says(page, "Fires 3 times");
  assert.deepEqual(await seriousFindings(page), []);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  await screenshot(page, "formula-narrow");
  await close();
});
