// Configuration dropped along: metric filters and alarms are offered to the lab, accounts get their names.

import assert from "node:assert/strict";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { after, before, test } from "node:test";
import { cells, drawer, dropFiles, eventually, facetValues, loaded, NARROW, openSite, row, screenshot, scratch, seriousFindings } from "./harness.mjs";
import { record, writeJson } from "./trail.mjs";

const FILES = fileURLToPath(new URL("../configuration/", import.meta.url));

let site;
let folder;
before(async () => {
  site = await openSite();
  folder = scratch();
  for (const name of ["metric-filters.json", "alarms.json", "accounts.json"]) cpSync(join(FILES, name), join(folder, name));
});
after(() => site.close());

const file = (name) => join(folder, name);

/** Ten minutes of events; in the fourth and fifth minute somebody fails to sign in four times each. */
function events() {
  return Array.from({ length: 600 }, (_, number) => {
    const fails = number >= 180 && number < 300 && number % 15 === 0;
    return { ...record(number), eventName: "ListBuckets", errorCode: undefined, ...(fails ? { eventName: "ConsoleLogin", errorMessage: "Failed authentication" } : {}) };
  });
}

const bar = (page) => page.getByRole("region", { name: "Found configuration" });
const overview = (page) => page.getByRole("region", { name: "Overview of all alarms" });
const line = (page, name) => overview(page).getByRole("row").filter({ has: page.getByRole("button", { name, exact: true }) });
const verdict = (page, name, word) => line(page, name).getByText(word, { exact: true }).waitFor();
const alarms = (page) => page.getByRole("button", { name: "Alarms", exact: true }).click();
const names = (page) => page.getByRole("navigation", { name: "Metric filters and alarms" }).locator(".lab-item-name").allInnerTexts().then(([, ...names]) => names);

test("filters and alarms dropped with events run in the lab, once, and Back takes them out", async () => {
  const { page, errors, close } = await site.page();
  await dropFiles(page, [writeJson(folder, "events.json", { Records: events() }), file("metric-filters.json"), file("alarms.json")]);
  await loaded(page, "600 events");
  await page.getByRole("status").getByText("3 metric filters and 4 alarms found in alarms.json and metric-filters.json: see Alarms").waitFor();
  await alarms(page);
  await bar(page).getByText("3 metric filters and 4 alarms found").waitFor();
  await bar(page).getByRole("button", { name: /notes on them/ }).click();
  await page.getByText("no metric filter here publishes AWS/EC2 / CPUUtilization").waitFor();
  await screenshot(page, "configuration-notes");
  await page.keyboard.press("Escape");
  await bar(page).getByRole("button", { name: "Add to the lab" }).click();
  await bar(page).waitFor({ state: "detached" });
  assert.deepEqual(await names(page), ["CIS-3.6-ConsoleSigninFailures", "AccessDenied-Ireland", "RootUsage", "UnusualDenials", "Anything"]);
  await verdict(page, "CIS-3.6-ConsoleSigninFailures", "Fires once");
  await screenshot(page, "configuration-overview");
  await overview(page).getByRole("button", { name: "CIS-3.6-ConsoleSigninFailures" }).click();
  // Eight failures inside one period of five minutes, three are enough.
  await page.getByRole("status").getByText(/^Fires once/).waitFor();
  await screenshot(page, "configuration-lab");

  await dropFiles(page, [file("metric-filters.json"), file("alarms.json")]);
  await page.getByRole("region", { name: "Loading" }).waitFor({ state: "detached" });
  await page.waitForTimeout(500);
  assert.equal(await bar(page).count(), 0, "nothing new is offered");
  await page.goBack();
  await overview(page).waitFor();
  await page.goBack();
  await bar(page).getByRole("button", { name: "Add to the lab" }).waitFor();
  assert.deepEqual(errors, []);
  await close();
});

test("configuration without events says that there are none, and gives no all-clear", async () => {
  const { page, errors, close } = await site.page();
  await dropFiles(page, [file("metric-filters.json"), file("alarms.json")]);
  await page.getByRole("region", { name: "Events over time" }).getByText("No events are loaded yet").waitFor();
  await page.getByRole("button", { name: "Controls", exact: true }).click();
  await page.getByText("No events are loaded yet: this says nothing about the controls").waitFor();
  assert.equal(await page.getByRole("button", { name: "Evidence report" }).isDisabled(), true);
  assert.deepEqual(errors, []);
  await close();
});

test("the overview judges each alarm, sorts, and opens one by keyboard", async () => {
  const { page, errors, close } = await site.page();
  await dropFiles(page, [writeJson(folder, "judged.json", { Records: events() }), file("metric-filters.json"), file("alarms.json")]);
  await loaded(page, "600 events");
  await alarms(page);
  await bar(page).getByRole("button", { name: "Add to the lab" }).click();
  await verdict(page, "CIS-3.6-ConsoleSigninFailures", "Fires once");
  await verdict(page, "AccessDenied-Ireland", "Cannot fire");
  await verdict(page, "RootUsage", "No data");
  await verdict(page, "Anything", "Refused");
  await verdict(page, "UnusualDenials", "Refused");
  await line(page, "RootUsage").getByText("The metric filter matches no event").waitFor();
  // A filter that no alarm watches gets one of the lab, which is not taken for a deployed one.
  await line(page, "RootUsage").getByText("Sum over 5 minutes ≥ 1, not deployed").waitFor();
  assert.equal(await overview(page).getByText("not deployed").count(), 1);
  await line(page, "CIS-3.6-ConsoleSigninFailures").getByText("namespace CISBenchmark instead of LogMetrics").waitFor();
  await overview(page).getByRole("status").getByText(/^5 alarms: 1 fires, 1 has no data, 1 cannot fire, 2 would be refused$/).waitFor();

  const first = () => overview(page).getByRole("row").nth(1).getByRole("button").innerText();
  assert.equal(await first(), "Anything");
  await overview(page).getByRole("button", { name: "Alarm", exact: true }).focus();
  await page.keyboard.press("Enter");
  await eventually(first, "AccessDenied-Ireland");
  await page.keyboard.press("Enter");
  await eventually(first, "UnusualDenials");
  assert.equal(await overview(page).getByRole("columnheader", { name: "Alarm", exact: true }).getAttribute("aria-sort"), "descending");

  await overview(page).getByRole("button", { name: "RootUsage" }).focus();
  await page.keyboard.press("Enter");
  await eventually(() => page.getByRole("textbox", { name: "Name", exact: true }).inputValue(), "RootUsage");
  await page.getByText("No alarm in the opened files watches this metric filter").waitFor();
  await page.keyboard.press("Control+k");
  await page.keyboard.type("overview");
  await page.keyboard.press("Enter");
  await overview(page).waitFor();
  // With none of them open, the configuration is that of all.
  await page.keyboard.press("Control+k");
  await page.keyboard.type("take it to aws");
  await page.keyboard.press("Enter");
  await page.getByLabel("Configuration").filter({ hasText: "CIS-3.6-ConsoleSigninFailures" }).waitFor();
  assert.deepEqual(errors, []);
  await close();
});

test("configuration dropped before any events is kept and offered when they are there", async () => {
  const { page, close } = await site.page();
  await dropFiles(page, [file("metric-filters.json"), file("alarms.json")]);
  await page.getByRole("contentinfo").waitFor();
  await page.getByRole("region", { name: "Loading" }).waitFor({ state: "detached" });
  await dropFiles(page, [writeJson(folder, "later.json", { Records: events() })]);
  await loaded(page, "600 events");
  await alarms(page);
  await bar(page).getByRole("button", { name: "Add to the lab" }).click();
  await eventually(() => names(page), ["CIS-3.6-ConsoleSigninFailures", "AccessDenied-Ireland", "RootUsage", "UnusualDenials", "Anything"]);
  await close();
});

test("accounts have their names in facets, table and event, as text", async () => {
  const { page, errors, close } = await site.page();
  const hostile = "<img src=x onerror=globalThis.pwned=1>";
  const accounts = { Accounts: [{ Id: "111122223333", Name: "Management" }, { Id: "444455556666", Name: hostile }] };
  const records = [record(0), { ...record(1), recipientAccountId: "444455556666" }];
  await dropFiles(page, [writeJson(folder, "two.json", { Records: records }), writeJson(folder, "names.json", accounts)]);
  await loaded(page, "2 events");
  await eventually(() => facetValues(page, "Account"), [["111122223333 Management", "1"], [`444455556666 ${hostile}`, "1"]]);
  await page.getByRole("button", { name: "Columns" }).click();
  await page.getByRole("dialog").getByRole("textbox").fill("recipientAccountId");
  await page.getByRole("dialog").getByText("recipientAccountId").first().click();
  await page.keyboard.press("Escape");
  await eventually(async () => (await cells(page, 2)).at(-1), "111122223333 Management");
  await row(page, 2).click();
  await drawer(page).getByText("Management").first().waitFor();
  await screenshot(page, "configuration-accounts");
  assert.equal(await page.evaluate(() => globalThis.pwned), undefined);
  assert.deepEqual(errors, []);
  await close();
});

for (const colorScheme of ["light", "dark"]) {
  test(`the offer looks right in ${colorScheme} colours, wide and narrow`, async () => {
    for (const [viewport, size] of [[undefined, "wide"], [NARROW, "narrow"]]) {
      const { page, close } = await site.page({ viewport, colorScheme });
      const files = [writeJson(folder, "looks.json", { Records: events() }), file("metric-filters.json"), file("alarms.json"), file("accounts.json")];
      await dropFiles(page, files, { x: 200, y: 300 });
      await loaded(page, "600 events");
      await alarms(page);
      await bar(page).waitFor();
      await screenshot(page, `configuration-offer-${size}-${colorScheme}`);
      assert.deepEqual(await seriousFindings(page), []);
      await bar(page).getByRole("button", { name: "Add to the lab" }).click();
      await verdict(page, "CIS-3.6-ConsoleSigninFailures", "Fires once");
      await screenshot(page, `configuration-overview-${size}-${colorScheme}`);
      assert.deepEqual(await seriousFindings(page), []);
      await close();
    }
  });
}
