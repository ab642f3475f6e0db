// The view and a metric as queries for other tools.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { closeDialog, eventually, loadSample, NARROW, openSite, screenshot, search, seriousFindings, WIDE } from "./harness.mjs";

let site;
before(async () => {
  site = await openSite();
});
after(() => site.close());

const query = (page) => page.getByRole("dialog").getByLabel("Query", { exact: true });
const choose = (page, name) => page.getByRole("dialog").getByRole("button", { name, exact: true }).click();

/** Opens the dialog by the palette, as a keyboard does. */
async function open(page) {
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "Command" }).fill("Athena");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog", { name: "Ask Athena or Logs Insights" }).waitFor();
}

test("the events in view become SQL, a table and a Logs Insights query", () =>
  site.visit(async (page) => {
    await loadSample(page);
    await search(page, `{ $.userIdentity.type = "Root" && $.errorCode NOT EXISTS }`);
    await page.getByRole("button", { name: /^Export / }).click();
    await page.getByRole("button", { name: /^Query/ }).click();
    assert.match(await query(page).innerText(), /\n  WHERE \(useridentity\.type = 'Root' AND errorcode IS NULL\)/);
    await page.getByText("do not tell a field that is null from one that is absent").waitFor();

    await choose(page, "Athena table");
    await eventually(async () => /'projection\.account\.values' = '\d{12}/.test(await query(page).innerText()), true);
    const place = page.getByLabel("Where the trail’s log files are");
    await place.fill("https://example.com");
    await page.getByText("Expected s3://bucket/AWSLogs/").waitFor();
    await place.fill("s3://our-logs/AWSLogs/o-abc123/");
    await eventually(async () => (await query(page).innerText()).includes("LOCATION 's3://our-logs/AWSLogs/o-abc123/'"), true);
    const saved = page.waitForEvent("download");
    await choose(page, "Save cloudtrail_logs.sql");
    assert.match(readFileSync(await (await saved).path(), "utf8"), /^CREATE EXTERNAL TABLE cloudtrail_logs \(/);

    await choose(page, "Logs Insights");
    assert.match(await query(page).innerText(), /^fields @timestamp.*\n\| filter \(userIdentity\.type = "Root" and not ispresent\(errorCode\)\)/);
    await closeDialog(page);
    await search(page, "alice");
    await open(page);
    await page.getByText("Athena cannot look for “alice” in every field; name the field").waitFor();
  }));

for (const [viewport, size] of [[WIDE, "wide"], [NARROW, "narrow"]]) {
  for (const colorScheme of ["light", "dark"]) {
    test(`a metric becomes a query, ${size}, ${colorScheme}`, () =>
      site.visit(
        async (page) => {
          await loadSample(page);
          await page.getByRole("group", { name: "Panel" }).getByRole("button", { name: "Alarms" }).click();
          await page.getByRole("button", { name: "Usage of the root user" }).click();
          await open(page);
          assert.match(await query(page).innerText(), /from_unixtime\(floor\(to_unixtime\(minute\) \/ 300\) \* 300\)/);
          assert.deepEqual(await seriousFindings(page), []);
          await screenshot(page, `query-${size}-${colorScheme}`);
        },
        { viewport, colorScheme },
      ));
  }
}
