// The control pack: fifteen controls over what is loaded, by the ids of a framework, and the ways on from each.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { NARROW, WIDE, dropFiles, eventually, openSite, row, scratch, searchField, seriousFindings } from "./harness.mjs";
import { writeJson } from "./trail.mjs";

let site, archive;
before(async () => {
  site = await openSite();
  archive = writeJson(scratch(), "day.json", { Records: day() });
});
after(() => site.close());

/** A quiet day: one call a minute; a trail stopped at noon and again at two; a root sign-in at three. */
function day() {
  const event = (minute, more) => ({
    eventTime: new Date(Date.UTC(2024, 0, 1, 0, minute)).toISOString().replace(".000", ""),
    eventID: `event-${minute}-${more.eventName}`,
    eventSource: "ec2.amazonaws.com",
    eventType: "AwsApiCall",
    userIdentity: { type: "IAMUser", userName: "alice" },
    ...more,
  });
  return [
    ...Array.from({ length: 1440 }, (_, minute) => event(minute, { eventName: "DescribeInstances" })),
    ...[720, 840].map((minute) => event(minute, { eventName: "StopLogging", eventSource: "cloudtrail.amazonaws.com" })),
    event(900, { eventName: "ConsoleLogin", eventSource: "signin.amazonaws.com", userIdentity: { type: "Root" } }),
  ];
}

async function openControls(options) {
  const opened = await site.page(options);
  await dropFiles(opened.page, [archive]);
  await opened.page.getByRole("application", { name: "Time range of the events" }).waitFor();
  await opened.page.getByRole("button", { name: "Controls", exact: true }).click();
  await opened.page.locator(".controls-summary").getByText(/^2 of 15 controls have matching events/).waitFor();
  return opened;
}

/** Id, events and fires of a control. */
const line = (page, key) =>
  page.locator(`[data-control="${key}"] .control-line`).evaluate((line) => {
    const text = (name) => line.querySelector(name).firstChild.textContent.trim();
    return [text(".control-id"), text(".control-events"), line.querySelector(".control-fires span").firstChild.textContent];
  });

test("all fifteen stand with their events and what their alarms would have done", async () => {
  const { page, errors, close } = await openControls();
  await eventually(() => page.locator(".control").count(), 15);
  assert.deepEqual(await line(page, "cloudtrail_configuration_changes"), ["CloudWatch.5", "2", "2×"]);
  assert.deepEqual(await line(page, "root_usage"), ["CloudWatch.1", "1", "1×"]);
  assert.deepEqual(await line(page, "vpc_changes"), ["CloudWatch.14", "0", "0×"]);
  assert.match(await page.locator(".controls-summary").innerText(), /the alarms on 2 would have fired, 3 times in all/);

  // Another framework: other ids, other groups, and its own text where it has one.
  const choose = (code) => page.getByLabel("Framework").selectOption(code);
  await choose("cis-v1.2.0");
  await eventually(async () => (await line(page, "cloudtrail_configuration_changes"))[0], "3.5");
  assert.deepEqual(await page.locator(".controls-group > h2").allInnerTexts(), [
    "Level 1",
    "Level 2",
    "Not in CIS AWS Foundations Benchmark v1.2.0",
  ]);
  await choose("cis-v1.4.0");
  await eventually(async () => (await line(page, "unauthorized_api_calls"))[1], "1,443", "the text of v1.4 to v3.0 matches nearly everything");
  await choose("hipaa");
  await page.getByText("not a statement of the standard").waitFor();
  await eventually(async () => (await line(page, "root_usage"))[0], "164.308(a)(6)(i), 164.308(a)(6)(ii)");
  await page.reload();
  assert.match(page.url(), /o=hipaa/);
  assert.deepEqual(errors, []);
  await close();
});

test("a control says what checkers make of its text, and leads to events and lab, by keyboard", async () => {
  const { page, errors, close } = await openControls();
  await page.getByRole("button", { name: /CloudTrail configuration changes/ }).press("Enter");
  const detail = page.locator(".control-detail");
  await detail.getByText("2 events match this text; the recommended alarm fires 2 times.").waitFor();
  await detail.getByText("Passes every release of Prowler").waitFor();
  await detail.getByText("Exactly the text").first().waitFor();
  await detail.getByRole("button", { name: "Show events" }).press("Enter");
  await row(page, 2).waitFor();
  assert.match(await searchField(page).inputValue(), /StopLogging/);

  await page.getByRole("button", { name: "Controls", exact: true }).click();
  await detail.getByRole("button", { name: "Open in the alarm lab" }).press("Enter");
  await page.locator(".headline").getByText(/^Fires 2 times/).waitFor();
  assert.equal(await page.getByRole("list", { name: "Advice" }).count(), 0);

  await page.getByRole("button", { name: "Controls", exact: true }).click();
  await page.getByRole("button", { name: /Unauthorized API calls/ }).click();
  await page.getByLabel("Pattern as in").selectOption({ label: "CIS v1.4-v3.0 as transcribed by Prowler" });
  await detail.getByText("1,443 events match this text").waitFor();
  await detail.getByText("CIS v1.4.0 – v3.0.0").waitFor();
  await detail.getByRole("button", { name: "Open in the alarm lab" }).click();
  const advice = page.getByRole("list", { name: "Advice" });
  await advice.getByText(/does not match the exact text Security Hub looks for \(CloudWatch.2\)/).waitFor();
  await advice.getByRole("button", { name: "Use Security Hub's text" }).click();
  await page.locator(".headline").getByText("Never fires").waitFor();
  await eventually(() => advice.count(), 0);
  assert.deepEqual(errors, []);
  await close();
});

test("the evidence report is one file that needs nothing, runs nothing, and can be printed", async () => {
  const { page, errors, close } = await openControls();
  await page.getByLabel("Framework").selectOption("pci-dss-4.0");
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Evidence report" }).click(),
  ]);
  assert.match(download.suggestedFilename(), /^trailscope-evidence-pci-dss-4\.0-\d{4}-\d\d-\d\d\.html$/);
  const file = join(scratch(), download.suggestedFilename());
  await download.saveAs(file);
  assert.deepEqual(errors, []);
  await close();

  const context = await site.browser.newContext({ viewport: WIDE });
  const report = await context.newPage();
  const asked = [];
  report.on("request", (request) => asked.push(request.url()));
  await report.goto(pathToFileURL(file).href);
  await report.getByRole("heading", { name: /CloudTrail configuration changes/ }).waitFor();
  assert.equal(asked.length, 1, "its own file and nothing else");
  assert.equal(await report.locator("script, link, img, iframe, form").count(), 0);
  await report.getByText("event-720-StopLogging").waitFor();
  // Sixteen centimetres are what is left of a page of A4.
  for (const viewport of [NARROW, { width: 640, height: 900 }, WIDE]) {
    await report.setViewportSize(viewport);
    const over = () => report.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.equal(await over(), 0, `nothing is wider than ${viewport.width} pixels`);
  }
  const printed = await report.pdf({ format: "A4" });
  const pages = printed.toString("latin1").match(/\/Type\s*\/Page\b(?!s)/g);
  assert.ok(pages.length > 2, `${pages.length} pages`);
  assert.deepEqual(await seriousFindings(report), []);
  await context.close();
});
