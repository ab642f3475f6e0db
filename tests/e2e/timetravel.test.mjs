// One evaluation of an alarm, laid open: from a state change, by keys, by a typed time, by a click on the chart.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { eventually, loadSample, NARROW, openSite, screenshot, seriousFindings, WIDE } from "./harness.mjs";

let site;
before(async () => {
  site = await openSite();
});
after(() => site.close());

async function root(page) {
  await loadSample(page);
  await page.getByRole("group", { name: "Panel" }).getByRole("button", { name: "Alarms" }).click();
  await page.getByRole("button", { name: "Usage of the root user" }).click();
}

const panel = (page) => page.getByRole("region", { name: "Time travel" });
const outcome = (page) => panel(page).locator(".time-travel-outcome > .state").innerText();
const field = (page) => panel(page).getByRole("textbox", { name: "Time" });

test("a state change is explained, and keys walk from evaluation to evaluation", () =>
  site.visit(async (page) => {
    await root(page);
    await page.getByRole("row", { name: /ALARM.*from OK/ }).getByRole("button", { name: "Why" }).click();
    await eventually(() => outcome(page), "OK → ALARM");
    const entered = await field(page).inputValue();
    assert.match(entered, /^2024-03-13 02:\d\d:00$/);
    await panel(page).getByText("There is a datapoint, so missing data plays no part. 1 of 1 breach, 1 needed for ALARM.").waitFor();
    const rows = await panel(page).getByRole("row").allInnerTexts();
    assert.equal(rows.length, 1 + 3);
    assert.match(rows[1], /\tbreaching$/);

    await panel(page).getByRole("button", { name: "Next evaluation" }).focus();
    await page.keyboard.press("ArrowRight");
    await eventually(() => outcome(page), "stays ALARM");
    await page.keyboard.press("Shift+ArrowRight");
    await eventually(() => outcome(page), "ALARM → OK");
    await page.keyboard.press("Shift+ArrowLeft");
    await eventually(() => field(page).inputValue(), entered);

    await field(page).fill("soon");
    await field(page).press("Enter");
    await panel(page).getByText("Expected a time such as 2024-03-13 02:34").waitFor();
    await field(page).fill("2024-03-10 12:00");
    await field(page).press("Enter");
    await eventually(() => outcome(page), "stays OK");

    const chart = page.locator(".metric-chart .chart-surface");
    const { width } = await chart.boundingBox();
    await chart.click({ position: { x: width * 0.3, y: 60 } });
    await eventually(async () => (await field(page).inputValue()) < "2024-03-10", true);
    assert.equal(await page.locator(".metric-chart .instant").count(), 1);
  }));

for (const [viewport, size] of [[WIDE, "wide"], [NARROW, "narrow"]]) {
  for (const colorScheme of ["light", "dark"]) {
    test(`time travel looks right, ${size}, ${colorScheme}`, () =>
      site.visit(
        async (page) => {
          await root(page);
          await page.getByRole("button", { name: "Time travel" }).click();
          await eventually(() => outcome(page), "OK → ALARM");
          await panel(page).scrollIntoViewIfNeeded();
          assert.deepEqual(await seriousFindings(page), []);
          await screenshot(page, `timetravel-${size}-${colorScheme}`);
        },
        { viewport, colorScheme },
      ));
  }
}
