// Log text is hostile: whatever an event holds is shown as text, everywhere, and does nothing.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { cells, chips, drawer, dropFiles, eventually, facetValues, loaded, openSite, row, scratch, searchField } from "./harness.mjs";
import { record, writeJson } from "./trail.mjs";

const SCRIPT = `<img src=x onerror="globalThis.pwned=1">'"><script>globalThis.pwned=1</script>`;
const REVERSED = "user\u202Egnp.exe\u2066 \u0007\u200B";
const FIELD = '"><svg onload=globalThis.pwned=1>';

const EVENT = {
  ...record(0),
  eventName: SCRIPT,
  userAgent: REVERSED,
  errorCode: "javascript:globalThis.pwned=1",
  errorMessage: `=HYPERLINK("https://example.com")\n${SCRIPT}`,
  requestParameters: { [FIELD]: SCRIPT, __proto__x: { constructor: SCRIPT }, quotes: `"\\'\`` },
};

let site;
let file;
before(async () => {
  site = await openSite();
  file = writeJson(join(scratch(), "trail"), "hostile.json", { Records: [EVENT] });
});
after(() => site.close());

/** Nothing of the event became an element, ran, or was asked for. */
async function isHarmless({ page, errors, requests }) {
  assert.equal(await page.evaluate(() => globalThis.pwned), undefined);
  const made = "img, script:not([src]), iframe, object, embed, [onerror], [onload], a[href^='javascript:']";
  assert.equal(await page.locator(`body :is(${made})`).count(), 0);
  assert.deepEqual(errors, []);
  assert.deepEqual(requests.filter((url) => !url.startsWith(site.url) && !url.startsWith("blob:") && !url.startsWith("data:")), []);
}

test("shows hostile text literally in table, facets, chips and event", async () => {
  const opened = await site.page();
  const { page } = opened;
  await dropFiles(page, [file]);
  await loaded(page, "1 event");
  await eventually(async () => (await cells(page, 1))[1], SCRIPT);
  await eventually(() => facetValues(page, "Event name"), [[SCRIPT, "1"]]);
  await page.getByRole("complementary", { name: "Facets" }).locator(".facet-pick").first().click();
  await eventually(() => chips(page), [`eventName = ${SCRIPT}`]);
  await eventually(async () => (await page.getByRole("contentinfo").innerText()).includes("1 event"), true);
  await row(page, 1).click();
  const event = drawer(page);
  await event.getByRole("heading", { name: SCRIPT }).waitFor();
  await event.getByText(FIELD).first().waitFor();
  await event.getByRole("tab", { name: "JSON" }).click();
  await event.getByText(SCRIPT).first().waitFor();
  await event.getByRole("tab", { name: "Raw" }).click();
  await eventually(() => event.getByLabel("Record as in the file").textContent(), JSON.stringify(EVENT));
  await isHarmless(opened);
  await opened.close();
});

test("hostile text survives search, completion, columns, link and metric filter", async () => {
  const opened = await site.page();
  const { page } = opened;
  await dropFiles(page, [file]);
  await loaded(page, "1 event");
  await searchField(page).pressSequentially("eventName:");
  await page.getByRole("option").filter({ hasText: "onerror" }).waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  await eventually(() => chips(page), [`eventName = ${SCRIPT}`]);
  await row(page, 1).getByRole("gridcell").nth(1).click({ button: "right" });
  await page.getByRole("menuitem", { name: "Start a metric filter" }).click();
  const pattern = page.getByRole("combobox", { name: "Filter pattern" });
  await pattern.waitFor();
  assert.ok((await pattern.inputValue()).includes("onerror"));
  await page.getByText("1 event matches of 1 (100%)").waitFor();
  await isHarmless(opened);
  await opened.close();
});

test("a hostile link does nothing", async () => {
  for (const fragment of [`#${encodeURIComponent(SCRIPT)}`, "#v1.////", "#search=%E0%A4%A", `#q=${SCRIPT}`]) {
    const opened = await site.page({ fragment });
    await opened.page.getByRole("button", { name: "Load the sample" }).waitFor();
    await isHarmless(opened);
    await opened.close();
  }
});

test("shows hostile names of files, accounts and Regions literally in the archive panel", async () => {
  const opened = await site.page();
  const { page } = opened;
  const name = "<img src=x onerror=globalThis.pwned=1>.json";
  const stop = { eventName: "StopLogging", eventSource: "cloudtrail.amazonaws.com", recipientAccountId: FIELD };
  const events = [{ ...EVENT, awsRegion: SCRIPT }, { ...record(1), ...stop, awsRegion: "x".repeat(100_000) }];
  await dropFiles(page, [writeJson(join(scratch(), "names"), name, { Records: events })]);
  await loaded(page, "2 events");
  await page.getByRole("button", { name: "Archive", exact: true }).click();
  const files = page.getByRole("table", { name: "Files" });
  await files.getByText(name).waitFor();
  const cell = await files.locator("tbody tr").first().locator("td").last().innerText();
  assert.ok(cell.startsWith("<img src=x onerror") && cell.length < 80, cell);
  await page.getByRole("tab", { name: "Coverage" }).click();
  await page.getByRole("region", { name: "Accounts and Regions" }).getByText(SCRIPT.slice(0, 16)).first().waitFor();
  await page.getByRole("region", { name: "Changes to logging and detection" }).getByText("StopLogging").waitFor();
  const { width } = await page.locator(".archive-body").evaluate((body) => ({ width: body.scrollWidth - body.clientWidth }));
  assert.equal(width, 0, "nothing is wider than the panel");
  await isHarmless(opened);
  await opened.close();
});

test("hostile digest files, alarms and dimensions are text in integrity and the lab", async () => {
  const opened = await site.page();
  const { page } = opened;
  const folder = scratch();
  const name = `<img src=x onerror="globalThis.pwned=1">.json`;
  const event = { ...EVENT, awsRegion: SCRIPT, recipientAccountId: FIELD };
  const digest = { digestStartTime: SCRIPT, digestEndTime: FIELD, awsAccountId: SCRIPT, digestS3Object: FIELD, logFiles: [{ s3Object: SCRIPT, hashValue: FIELD }] };
  const paths = [
    writeJson(folder, name, { Records: [event] }),
    writeJson(folder, `digest ${name}`, digest),
  ];
  await dropFiles(page, paths);
  await loaded(page, "1 event");
  await page.getByRole("button", { name: "Archive", exact: true }).click();
  await page.getByRole("tab", { name: "Integrity" }).click();
  await page.getByRole("tabpanel").getByText(`digest ${name}`, { exact: false }).first().waitFor();
  // The file with the event is there, too: no digest file can name it.
  await page.getByText("1 file not covered").click();
  await page.getByRole("tabpanel").getByText(name, { exact: true }).waitFor();
  await isHarmless(opened);
  const alarm = {
    name: SCRIPT,
    filterName: FIELD,
    filterPattern: "{ $.awsRegion = * }",
    metricTransformations: [{ metricName: SCRIPT, metricNamespace: FIELD, metricValue: "1", dimensions: { Region: "$.awsRegion" } }],
    AlarmName: SCRIPT,
    AlarmDescription: FIELD,
    AlarmActions: [SCRIPT],
    Dimensions: [{ Name: "Region", Value: SCRIPT }],
    Statistic: "Sum",
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: 1,
    ComparisonOperator: "GreaterThanOrEqualToThreshold",
  };
  await page.getByRole("button", { name: "Alarms", exact: true }).click();
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.getByRole("button", { name: "Load workspace" }).click()]);
  await chooser.setFiles(writeJson(folder, "workspace.json", { trailscope: 1, backtests: [{ id: 1, ...alarm }] }));
  await eventually(() => page.getByRole("textbox", { name: "Name", exact: true }).inputValue(), SCRIPT);
  await page.getByRole("button", { name: "Sweep" }).click();
  await page.getByRole("grid").waitFor();
  await isHarmless(opened);
  await page.getByRole("button", { name: "Take it to AWS" }).click();
  await page.getByLabel("Configuration").waitFor();
  await eventually(async () => (await page.getByLabel("Configuration").innerText()).includes("<script>"), true);
  await isHarmless(opened);
  await opened.close();
});
