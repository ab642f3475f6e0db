// From a filter pattern to the states of its alarm: charts, editor, threshold, and the way to the events.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { dropFiles, eventually, openSite, screenshot, search, seriousFindings, sharedData, status } from "./harness.mjs";

let site, folder, archive;
before(async () => {
  site = await openSite();
  folder = mkdtempSync(join(tmpdir(), "trailscope-"));
  archive = join(folder, "night.json");
  writeFileSync(archive, JSON.stringify({ Records: night() }));
});
after(async () => {
  await site.close();
  rmSync(folder, { recursive: true });
});

/** Six hours with one call a minute, three refusals a minute from 02:00 to 02:09, and a single one at 04:00. */
function night() {
  const event = (minute, second, eventName, errorCode) => ({
    eventTime: new Date(Date.UTC(2024, 0, 1, 0, minute, second)).toISOString().replace(".000", ""),
    eventID: `${minute}-${second}`,
    eventName,
    userIdentity: { type: "IAMUser", userName: second < 20 ? "alice" : "bob" },
    ...(errorCode && { errorCode }),
  });
  const refused = [...Array.from({ length: 10 }, (_, i) => 120 + i).flatMap((m) => [10, 20, 30].map((s) => [m, s])), [240, 10]];
  return [
    ...Array.from({ length: 360 }, (_, minute) => event(minute, 0, "ListRoles")),
    ...refused.map(([minute, second]) => event(minute, second, "GetObject", "AccessDenied")),
  ].sort((a, b) => a.eventTime.localeCompare(b.eventTime));
}

async function openAlarms(options = {}, files = [archive]) {
  const opened = await site.page(options);
  await dropFiles(opened.page, files, { x: 200, y: 300 });
  await opened.page.getByRole("application", { name: "Time range of the events" }).waitFor();
  await opened.page.getByRole("button", { name: "Alarms" }).click();
  return opened;
}

const headline = (page, text) => page.getByRole("status").filter({ hasText: new RegExp(`^${text}$`) }).waitFor();

/** Counts what the page sends to its workers from now on. */
async function countQuestions(page) {
  await page.evaluate(() => {
    const post = MessagePort.prototype.postMessage;
    globalThis.asked = 0;
    MessagePort.prototype.postMessage = function (...message) {
      globalThis.asked += 1;
      return post.apply(this, message);
    };
  });
  return () => page.evaluate(() => globalThis.asked);
}

test("a preset fires, its threshold moves by keyboard, and an alarm leads to its events", async () => {
  const { page, errors, close } = await openAlarms();
  await page.getByRole("button", { name: "Unauthorized API calls" }).press("Enter");
  await headline(page, "Fires 2 times, 19 m in ALARM, longest 1 Jan 02:01");
  await screenshot(page, "alarm");
  const threshold = page.getByRole("slider", { name: "Threshold" });
  await threshold.press("ArrowUp");
  await headline(page, "Fires once, 14 m in ALARM, 1 Jan 02:01");
  assert.equal(await threshold.getAttribute("aria-valuetext"), "≥ 2, fires once");
  await threshold.press("End");
  await threshold.press("ArrowUp");
  await headline(page, "Never fires");
  await page.goBack();
  await page.goBack();
  await headline(page, "Fires once, 14 m in ALARM, 1 Jan 02:01");
  await page.getByRole("button", { name: "Show events" }).click();
  await page.getByText("30 of 391 events").waitFor();
  assert.match(await page.getByRole("combobox", { name: "Search events" }).inputValue(), /AccessDenied/);
  await page.goBack();
  await headline(page, "Fires once, 14 m in ALARM, 1 Jan 02:01");
  assert.deepEqual(errors, []);
  await close();
});

test("a deleted entry comes back, and the focus stays where one works", async () => {
  const { page, errors, close } = await openAlarms();
  const entries = page.locator("li.lab-item");
  const focused = () => page.evaluate(() => document.activeElement.querySelector(".lab-item-name")?.textContent);
  await page.getByRole("button", { name: "Unauthorized API calls" }).press("Enter");
  await eventually(focused, "Unauthorized API calls");
  await page.getByRole("button", { name: "Duplicate Unauthorized API calls", exact: true }).press("Enter");
  await eventually(() => entries.count(), 2);
  const remove = page.getByRole("button", { name: /^Delete Unauthorized API calls/ });
  await remove.first().press("Enter");
  await eventually(() => entries.count(), 1);
  await eventually(async () => (await focused())?.startsWith("Unauthorized API calls"), true, "the entry beside it");
  await page.getByRole("button", { name: "Undo", exact: true }).click();
  await eventually(() => entries.count(), 2);
  await page.getByRole("button", { name: "Undo", exact: true }).waitFor({ state: "detached" });
  await remove.first().press("Enter");
  await eventually(() => entries.count(), 1);
  await remove.press("Enter");
  await eventually(() => entries.count(), 0);
  await eventually(() => page.evaluate(() => document.activeElement.className), "preset");
  await page.keyboard.press("ControlOrMeta+z");
  await eventually(() => entries.count(), 1);
  await page.keyboard.press("ControlOrMeta+Shift+z");
  await eventually(() => entries.count(), 0);
  await page.keyboard.press("ControlOrMeta+y");
  await page.getByText("There is nothing to redo").waitFor();
  await page.keyboard.press("ControlOrMeta+z");
  await eventually(() => entries.count(), 1);
  // All the way back, and no further: the page stays.
  for (let step = 0; step < 8; step++) await page.keyboard.press("ControlOrMeta+z");
  await page.getByText("There is nothing to undo").waitFor();
  assert.match(await page.locator(".status-count").textContent(), /391 events/);
  // In a text field the keys are the field's own.
  const search = page.getByRole("combobox", { name: "Search events" });
  await page.keyboard.press("1");
  await search.fill("bob");
  await search.press("Enter");
  await search.fill("alice");
  await search.press("ControlOrMeta+z");
  assert.notEqual(await search.inputValue(), "alice");
  await page.getByText("Nothing leaves this page").first().waitFor();
  assert.deepEqual(errors, []);
  await close();
});

test("the handle is dragged and everything follows before it is let go", async () => {
  const { page, errors, close } = await openAlarms();
  await page.getByRole("button", { name: "Unauthorized API calls" }).click();
  await headline(page, "Fires 2 times, 19 m in ALARM, longest 1 Jan 02:01");
  const grip = await page.locator(".threshold-grip").boundingBox();
  await page.mouse.move(grip.x + 20, grip.y + grip.height / 2);
  await page.mouse.down();
  const asked = await countQuestions(page);
  await page.mouse.move(grip.x + 20, grip.y - 60, { steps: 6 });
  await headline(page, "Fires once, .*");
  assert.equal(await asked(), 0, "a threshold asks nothing of the events anew");
  await page.mouse.up();
  await page.goBack();
  await headline(page, "Fires 2 times, 19 m in ALARM, longest 1 Jan 02:01");
  await page.getByRole("button", { name: "Show events" }).first().click();
  await page.getByText("30 of 391 events").waitFor();
  assert.notEqual(await asked(), 0, "other events do");
  assert.deepEqual(errors, []);
  await close();
});

test("an alarm goes without taking the page along, whichever way it goes", async () => {
  const { page, errors, close } = await openAlarms();
  const panel = (name) => page.getByRole("group", { name: "Panel" }).getByRole("button", { name }).click();
  const alarms = () => page.locator(".lab-section-items .lab-item").count();
  await page.getByRole("button", { name: "Usage of the root user" }).click();
  await eventually(alarms, 1);
  const active = page.locator(".lab-item.is-active");
  const deleted = async () => {
    await active.hover();
    await active.getByRole("button", { name: /^Delete/ }).click();
  };
  // Over the steps between the panels to the one that added it.
  const undone = async () => {
    while ((await alarms()) !== 1) await page.goBack();
  };
  for (const goes of [deleted, undone]) {
    await page.getByRole("button", { name: "Add an alarm" }).click();
    await page.locator(".menu:popover-open .menu-item").nth(5).click();
    await eventually(alarms, 2);
    // The panel is made anew with the newest alarm open.
    await panel("Events");
    await panel("Alarms");
    await eventually(alarms, 2);
    await goes();
    await eventually(alarms, 1);
  }
  await panel("Events");
  await search(page, "eventName:NoSuchCall");
  await eventually(() => status(page), "0 of 391 events (0%)");
  assert.deepEqual(errors, []);
  await close();
});

test("a metric filter from the search matches what the search finds", async () => {
  const { page, errors, close } = await site.page();
  await dropFiles(page, [archive], { x: 200, y: 300 });
  await page.getByRole("application", { name: "Time range of the events" }).waitFor();
  await search(page, "errorCode:AccessDenied -userIdentity.userName:bob");
  await page.getByRole("button", { name: "Alarms" }).click();
  await page.getByRole("button", { name: "Your own metric filter" }).click();
  await page.getByText("Metric filter added; it says the same").waitFor();
  await page.getByText("11 events match of 391 (2.8%)").waitFor();
  assert.equal(
    await page.getByRole("combobox", { name: "Filter pattern" }).inputValue(),
    '{ $.errorCode = "AccessDenied" && ($.userIdentity.userName != "bob" || $.userIdentity.userName NOT EXISTS) }',
  );
  assert.deepEqual(errors, []);
  await close();
});

test("the editor completes from the data, counts, and says what is wrong", async () => {
  const { page, errors, close } = await openAlarms();
  await page.getByRole("button", { name: "Your own metric filter" }).click();
  const editor = page.getByRole("combobox", { name: "Filter pattern" });
  await editor.fill("");
  await editor.pressSequentially("{ $.userIdentity.userName = ");
  await page.getByRole("option", { name: /alice/ }).waitFor();
  await page.getByRole("option", { name: /bob/ }).click();
  await editor.pressSequentially(" }");
  await page.getByText("20 events match of 391 (5.1%)").waitFor();
  assert.equal(await editor.inputValue(), '{ $.userIdentity.userName = "bob" }');
  // What is put in is there, and the cursor behind it, before anything else can be typed.
  await editor.fill("{ $.userIdentity.userName = ");
  const option = page.getByRole("option", { name: /alice/ });
  await option.waitFor();
  const there = await option.evaluate((option) => {
    option.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true, cancelable: true }));
    return [document.activeElement.value, document.activeElement.selectionStart];
  });
  assert.deepEqual(there, ['{ $.userIdentity.userName = "alice"', 35]);
  await editor.fill("{ $.userIdentity.userName == bob }");
  await page.getByText(/^There is no such operator/).waitFor();
  await page.getByText("Not counted while the metric filter is not valid").waitFor();
  await editor.fill("bob");
  await page.getByText(/compact JSON as the log message/).waitFor();
  await page.getByText("20 events match of 391 (5.1%)").waitFor();
  assert.deepEqual(errors, []);
  await close();
});

test("dimensions make one metric each, and topics are notified in the simulation only", async () => {
  const { page, errors, close } = await openAlarms();
  await page.getByRole("button", { name: "Unauthorized API calls" }).click();
  await page.getByRole("combobox", { name: "Filter pattern" }).fill("{ $.errorCode = * && $.userIdentity.userName = * }");
  await page.getByLabel("Default value").fill("");
  await page.getByRole("button", { name: "Add dimension" }).click();
  await page.getByLabel("Dimension name").fill("User");
  await page.getByLabel("Dimension value").fill("$.userIdentity.userName");
  const metric = page.getByRole("combobox", { name: "Metric", exact: true });
  await metric.waitFor();
  assert.deepEqual(await metric.locator("option").allTextContents(), ["User = bob (20 samples)", "User = alice (11 samples)"]);
  // Without a default value there are gaps, and an evaluation looks back over them for real datapoints.
  await headline(page, "Fires once, 24 m in ALARM, 1 Jan 02:01");
  await metric.selectOption({ index: 1 });
  await headline(page, "Fires 2 times, 39 m in ALARM, longest 1 Jan 02:01");
  await page.getByLabel("SNS topic name").first().fill("security-alerts");
  await page.keyboard.press("Enter");
  await page.getByRole("cell", { name: /Simulated ?security-alerts \(SNS notification\)/ }).first().waitFor();
  assert.deepEqual(errors, []);
  await close();
});

test("a time range is chosen with the keyboard alone", async () => {
  const { page, errors, close } = await site.page();
  await dropFiles(page, [archive]);
  const brush = page.getByRole("application", { name: "Time range of the events" });
  await page.getByText("360 without error").waitFor();
  await brush.focus();
  await brush.press("Home");
  for (let i = 0; i < 3; i++) await brush.press("Shift+PageUp");
  await page.getByRole("button", { name: "Zoom in" }).waitFor();
  const shown = page.getByText(/^\d+ of 391 events/);
  await shown.waitFor();
  await brush.press("Escape");
  await shown.waitFor({ state: "detached" });
  await brush.press("Shift+PageUp");
  await brush.press("Enter");
  await page.getByText("Full range").waitFor();
  await shown.waitFor();
  assert.deepEqual(errors, []);
  await close();
});

test("behind each chart stands a table for those who do not see it, of what is shown now", async () => {
  const { page, errors, close } = await site.page();
  await dropFiles(page, [archive]);
  const cells = page.getByRole("table", { name: /^Events per/ }).getByRole("cell");
  const counted = async () => {
    const counts = (await cells.allTextContents()).map(Number);
    return [0, 1].map((column) => counts.filter((_, cell) => cell % 2 === column).reduce((sum, count) => sum + count, 0));
  };
  await eventually(counted, [360, 31]);
  await page.getByRole("combobox", { name: "Search events" }).fill("GetObject");
  await eventually(counted, [0, 31]);
  await page.getByRole("button", { name: "Alarms" }).click();
  await page.getByRole("button", { name: "Unauthorized API calls" }).click();
  const metric = page.getByRole("table", { name: /^Sum .*at most 500 rows$/ }).getByRole("row");
  await metric.filter({ hasText: "02:00" }).getByText("15", { exact: true }).waitFor();
  assert.deepEqual(errors, []);
  await close();
});

test("the table behind a chart is not made anew while the chart still changes", async () => {
  const { page, errors, close } = await site.page();
  await dropFiles(page, [archive]);
  await page.getByRole("table", { name: /^Events per/ }).getByRole("cell").first().waitFor();
  const search = page.getByRole("combobox", { name: "Search events" });
  await page.evaluate(() => {
    globalThis.made = 0;
    const table = document.querySelector(".timeline table");
    new MutationObserver(() => (globalThis.made += 1)).observe(table, { childList: true, characterData: true, subtree: true });
  });
  const searches = Array.from({ length: 10 }, (_, turn) => (turn % 2 ? ["ListRoles", 360] : ["GetObject", 31]));
  for (const [name, count] of searches) {
    await search.fill(name);
    await page.getByText(`${count} of 391 events`).waitFor();
  }
  const made = await page.evaluate(() => globalThis.made);
  assert.ok(made < searches.length - 2, `made ${made} times for ${searches.length} searches`);
  await eventually(async () => (await page.evaluate(() => globalThis.made)) > made, true);
  assert.deepEqual(errors, []);
  await close();
});

test("where no event has a time, keys on the timeline choose nothing", async () => {
  const { page, errors, close } = await site.page();
  const undated = join(folder, "undated.json");
  writeFileSync(undated, JSON.stringify({ Records: night().map(({ eventTime, ...event }) => event) }));
  await dropFiles(page, [undated]);
  await page.getByText("No event has a readable time").waitFor();
  await page.getByRole("application", { name: "Time range of the events" }).press("Shift+PageUp");
  await page.getByRole("combobox", { name: "Search events" }).fill("ListRoles");
  await page.getByText("360 of 391 events").waitFor();
  assert.equal(await page.getByRole("button", { name: "Zoom in" }).count(), 0);
  assert.deepEqual(errors, []);
  await close();
});

test("the workspace goes into a file and comes back", async () => {
  const { page, errors, close } = await openAlarms();
  await page.getByRole("button", { name: "Console sign-in failures" }).click();
  await page.getByRole("button", { name: "Duplicate Console sign-in failures" }).click();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Save workspace" }).click(),
  ]);
  const path = join(folder, "workspace.json");
  await download.saveAs(path);
  const saved = JSON.parse(readFileSync(path, "utf8"));
  assert.deepEqual(saved.backtests.map(({ name }) => name), ["Console sign-in failures", "Console sign-in failures 2"]);
  await page.getByRole("button", { name: "Delete Console sign-in failures 2" }).click();
  await page.getByRole("button", { name: "Delete Console sign-in failures" }).click();
  await page.getByText("Which alarm would have fired?").waitFor();
  const [chooser] = await Promise.all([
    page.waitForEvent("filechooser"),
    page.getByRole("button", { name: "Load workspace" }).click(),
  ]);
  await chooser.setFiles(path);
  await page.getByRole("button", { name: "Delete Console sign-in failures 2" }).waitFor();
  assert.deepEqual(errors, []);
  await close();
});

test("no serious accessibility finding in either theme, wide or narrow", async () => {
  for (const options of [{ colorScheme: "light" }, { colorScheme: "dark" }, { viewport: { width: 390, height: 844 } }]) {
    const { page, close } = await openAlarms(options);
    assert.deepEqual(await seriousFindings(page), []);
    await page.getByRole("button", { name: "Unauthorized API calls" }).click();
    await headline(page, "Fires 2 times, 19 m in ALARM, longest 1 Jan 02:01");
    assert.deepEqual(await seriousFindings(page), []);
    await screenshot(page, `alarm-${options.colorScheme ?? "narrow"}`);
    await close();
  }
});

test("presets count what the real trail holds", async (t) => {
  const trail = sharedData("derived/invictus-all.json.gz");
  if (!trail) return t.skip("no test data");
  const { page, close } = await openAlarms({}, [trail]);
  for (const [name, count] of [
    ["Usage of the root user", "0 events"],
    ["Console sign-in failures", "0 events"],
    ["Unauthorized API calls", "60 events"],
    ["CloudTrail changes", "13 events"],
    ["IAM policy changes", "26 events"],
  ]) {
    await page.getByRole("button", { name }).getByText(count, { exact: true }).waitFor();
  }
  await close();
});

test("the sweep shows what other settings would have done, and a cell adopts them", async () => {
  const { page, errors, close } = await openAlarms();
  await page.getByRole("button", { name: "Unauthorized API calls" }).click();
  await headline(page, "Fires 2 times, 19 m in ALARM, longest 1 Jan 02:01");
  await page.getByRole("button", { name: "Sweep" }).click();
  const grid = page.getByRole("grid");
  const selected = grid.getByRole("gridcell", { selected: true });
  await eventually(() => selected.getAttribute("aria-label"), "Sum over 5 minutes ≥ 1: fires 2 times, 19 m in ALARM, longest 14 m, first 1 Jan 02:01");
  assert.equal(await selected.innerText(), "2");
  await page.getByRole("button", { name: "Time in ALARM" }).click();
  await eventually(() => selected.innerText(), "19 m");
  assert.deepEqual(await seriousFindings(page), []);

  // By click, then by keyboard; the alarm, its headline and the history follow.
  await grid.getByRole("gridcell", { name: "Sum over 5 minutes ≥ 2: fires once," }).click();
  await headline(page, "Fires once, 14 m in ALARM, 1 Jan 02:01");
  await eventually(() => selected.getAttribute("aria-label").then((text) => text?.startsWith("Sum over 5 minutes ≥ 2:")), true);
  await selected.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.getByText("Sum over 5 minutes ≥ 2, 2 of 3 periods", { exact: true }).first().waitFor();
  await page.goBack();
  await headline(page, "Fires once, 14 m in ALARM, 1 Jan 02:01");
  await page.goBack();
  await headline(page, "Fires 2 times, 19 m in ALARM, longest 1 Jan 02:01");
  assert.deepEqual(errors, []);
  await close();
});

test("an alarm is taken to AWS as configuration to copy or save", async () => {
  const { page, context, errors, close } = await openAlarms();
  await page.getByRole("button", { name: "Unauthorized API calls" }).click();
  await headline(page, "Fires 2 times, 19 m in ALARM, longest 1 Jan 02:01");
  await page.getByRole("button", { name: "Take it to AWS" }).click();
  const dialog = page.getByRole("dialog", { name: "Take it to AWS" });
  const text = dialog.getByLabel("Configuration");
  await eventually(async () => (await text.innerText()).includes('Type: "AWS::Logs::MetricFilter"'), true);
  assert.deepEqual(await seriousFindings(page), []);
  for (const [format, sign] of [
    ["CloudFormation JSON", '"AWS::CloudWatch::Alarm"'],
    ["Terraform", 'resource "aws_cloudwatch_metric_alarm" "unauthorized_api_calls"'],
    ["AWS CLI", "aws cloudwatch put-metric-alarm"],
    ["JSON", '"metricFilters"'],
  ]) {
    await dialog.getByRole("button", { name: format, exact: true }).click();
    await eventually(async () => (await text.innerText()).includes(sign), true, format);
  }
  await screenshot(page, "deploy");
  const [download] = await Promise.all([page.waitForEvent("download"), dialog.getByRole("button", { name: "Save alarms.json" }).click()]);
  const saved = JSON.parse(readFileSync(await download.path(), "utf8"));
  assert.equal(saved.MetricAlarms[0].MetricName, "UnauthorizedApiCalls");
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await dialog.getByRole("button", { name: "Copy" }).click();
  await eventually(async () => JSON.parse((await page.evaluate(() => navigator.clipboard.readText())) || "null"), saved);
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  assert.deepEqual(errors, []);
  await close();
});

test("an alarm that cannot fire says why and offers the change that helps", async () => {
  const { page, errors, close } = await openAlarms();
  await page.getByRole("button", { name: "Unauthorized API calls" }).click();
  await headline(page, "Fires 2 times, 19 m in ALARM, longest 1 Jan 02:01");
  const advice = page.getByRole("list", { name: "Advice" });
  assert.equal(await advice.count(), 0);
  await page.getByLabel("Statistic", { exact: true }).selectOption("Average");
  const threshold = page.getByRole("spinbutton", { name: "Threshold" });
  await threshold.fill("10");
  await threshold.press("Enter");
  await advice.getByText("This alarm can never fire: the Average of these samples").waitFor();
  assert.deepEqual(await seriousFindings(page), []);
  await advice.getByRole("button", { name: "Use Sum" }).click();
  await eventually(() => page.getByLabel("Statistic", { exact: true }).inputValue(), "Sum");
  await headline(page, "Fires once, .*");
  await advice.waitFor({ state: "detached" });
  assert.deepEqual(errors, []);
  await close();
});

/** An archive of refused calls at these times. */
function refusedAt(name, times) {
  const path = join(folder, name);
  const event = (eventTime, index) => ({ eventTime, eventID: `${index}`, eventName: "GetObject", errorCode: "AccessDenied" });
  writeFileSync(path, JSON.stringify({ Records: times.map(event) }));
  return path;
}

test("shows the whole evaluation of an archive of seconds", async () => {
  const seconds = refusedAt("seconds.json", ["2024-03-12T14:05:01Z", "2024-03-12T14:05:09Z"]);
  const { page, errors, close } = await openAlarms({}, [seconds]);
  await page.getByRole("button", { name: "Unauthorized API calls" }).click();
  await headline(page, "Fires once, 15 m in ALARM, 12 Mar 14:06");
  const box = await page.locator(".metric-chart").boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.locator(".metric-chart").getByText("ALARM").waitFor();
  assert.deepEqual(errors, []);
  await close();
});

test("names the year where events lie in several", async () => {
  const years = refusedAt("years.json", ["2022-03-12T14:05:01Z", "2023-06-01T00:00:00Z"]);
  const { page, errors, close } = await openAlarms({}, [years]);
  await page.getByRole("button", { name: "Unauthorized API calls" }).click();
  await headline(page, "Fires 2 times, 30 m in ALARM, longest 12 Mar 2022 14:06");
  assert.deepEqual(errors, []);
  await close();
});
