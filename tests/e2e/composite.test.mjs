// Composite alarms, mute rules and the simulated inbox.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { NARROW, closeDialog, dropFiles, eventually, openSite, scratch, screenshot, seriousFindings } from "./harness.mjs";

const folder = scratch();
const archive = join(folder, "night.json");
let site;
before(async () => {
  site = await openSite();
  writeFileSync(archive, JSON.stringify({ Records: night() }));
});
after(() => site.close());

/** Six hours with one call a minute, and refusals from 02:00 to 02:09 and at 04:00. */
function night() {
  const event = (minute, second, eventName, errorCode) => ({
    eventTime: new Date(Date.UTC(2024, 0, 1, 0, minute, second)).toISOString().replace(".000", ""),
    eventID: `${minute}-${second}`,
    eventName,
    userIdentity: { type: "IAMUser", userName: "alice" },
    ...(errorCode && { errorCode }),
  });
  const refused = [...Array.from({ length: 10 }, (_, i) => 120 + i), 240];
  return [
    ...Array.from({ length: 360 }, (_, minute) => event(minute, 0, "ListRoles")),
    ...refused.map((minute) => event(minute, 10, "GetObject", "AccessDenied")),
  ].sort((a, b) => a.eventTime.localeCompare(b.eventTime));
}

const headline = (page, text) => page.getByRole("status").filter({ hasText: new RegExp(`^${text}$`) }).waitFor();
/** Writes a rule and closes the suggestions, which stand where the message does. */
const write = async (page, text) => {
  await rule(page).fill(text);
  await rule(page).press("Escape");
};
const rule = (page) => page.getByRole("combobox", { name: "Alarm rule" });
const addTopic = async (page, name) => {
  await page.getByRole("textbox", { name: "SNS topic name" }).first().fill(name);
  await page.getByRole("textbox", { name: "SNS topic name" }).first().press("Enter");
};

/** The lab with the alarm on refusals and a composite alarm on it, which say the same. */
async function openComposite(options = {}, file = archive, says = "Fires 2 times, 19 m in ALARM, longest 1 Jan 02:01") {
  const opened = await site.page(options);
  const { page } = opened;
  await dropFiles(page, [file], { x: 200, y: 300 });
  await page.getByRole("application", { name: "Time range of the events" }).waitFor();
  await page.getByRole("button", { name: "Alarms" }).click();
  await page.getByRole("button", { name: "Unauthorized API calls" }).click();
  await headline(page, says);
  await page.getByRole("button", { name: "Add an alarm" }).click();
  await page.getByRole("button", { name: "Composite alarm" }).click();
  await headline(page, says);
  return opened;
}

test("a rule is written with completion, errors stand in place, and its states follow", async () => {
  const { page, errors, close } = await openComposite();
  assert.equal(await rule(page).inputValue(), 'ALARM(UnauthorizedApiCalls)');
  await write(page, "ALARM(missing)");
  await page.locator("#alarm-rule-message", { hasText: "there is no alarm called “missing”" }).waitFor();
  await headline(page, "No result while the rule is not valid");
  await rule(page).fill("NOT OK(una");
  await page.locator("#alarm-rule-list").getByRole("option", { name: "UnauthorizedApiCalls" }).waitFor();
  await rule(page).press("Tab");
  await rule(page).press("End");
  await rule(page).pressSequentially(")");
  await rule(page).press("Escape");
  assert.equal(await rule(page).inputValue(), 'NOT OK(UnauthorizedApiCalls)');
  await headline(page, "Fires .*");
  await write(page, 'ALARM("New composite alarm")');
  await page.locator("#alarm-rule-message", { hasText: "waits for itself" }).waitFor();
  await write(page, 'AT_LEAST(50%, ALARM, (UnauthorizedApiCalls))');
  await headline(page, "Fires 2 times, 19 m in ALARM, longest 1 Jan 02:01");
  await screenshot(page, "composite");
  assert.deepEqual(await seriousFindings(page), []);
  assert.deepEqual(errors, []);
  await close();
});

test("a suppressor holds the actions back, and the inbox says so", async () => {
  const { page, errors, close } = await openComposite();
  await addTopic(page, "pager");
  await page.getByRole("button", { name: "Inbox" }).click();
  await page.getByRole("heading", { name: "2 actions would have run" }).waitFor();
  await page.getByRole("combobox", { name: "Actions suppressor" }).selectOption("UnauthorizedApiCalls");
  await page.getByRole("heading", { name: "No action would have run, 2 not run" }).waitFor();
  const held = page.getByRole("button", { name: /pager/ }).first();
  await held.press("Enter");
  const letter = page.getByRole("region", { name: "Opened" });
  await letter.getByText("not sent: the suppressor was in ALARM").waitFor();
  const body = JSON.parse(await letter.locator("pre").innerText());
  assert.equal(body.AlarmRule, 'ALARM(UnauthorizedApiCalls)');
  assert.equal(body.NewStateValue, "ALARM");
  assert.equal(body.TriggeringChildren.length, 1);
  await screenshot(page, "inbox");
  const saving = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save as JSON" }).click();
  const saved = JSON.parse(readFileSync(await (await saving).path(), "utf8"));
  assert.deepEqual(new Set(saved.map(({ kind }) => kind)), new Set(["EventBridge", "SNS"]));
  assert.equal(saved.find(({ kind }) => kind === "SNS").sent, false);
  assert.deepEqual(await seriousFindings(page), []);
  assert.deepEqual(errors, []);
  await close();
});

test("a mute rule keeps the actions of a metric alarm from running", async () => {
  const { page, errors, close } = await openComposite();
  await page.getByRole("navigation", { name: "Metric filters and alarms" }).getByRole("button", { name: /^Unauthorized/ }).click();
  await addTopic(page, "pager");
  await page.getByRole("button", { name: "Inbox" }).click();
  await page.getByRole("heading", { name: "2 actions would have run" }).waitFor();
  await page.locator("summary", { hasText: "Mute rules" }).click();
  await page.getByRole("button", { name: "Add a mute rule" }).click();
  await page.getByRole("textbox", { name: "Schedule" }).fill("at(2024-01-01T03:00)");
  await page.getByRole("textbox", { name: "Duration" }).fill("PT90M");
  await page.getByRole("textbox", { name: "Time zone" }).fill("Europe/Berlin");
  // 02:00 to 03:30 UTC: only the first ALARM falls into it, and it is over by its end.
  await page.getByRole("heading", { name: "1 action would have run, 1 not run" }).waitFor();
  await page.getByText("not sent: muted by “Mute rule 1” until 1 Jan 03:30").waitFor();
  await page.getByRole("button", { name: "Take it to AWS" }).click();
  const dialog = page.getByRole("dialog", { name: "Take it to AWS" });
  await dialog.getByLabel("Configuration", { exact: true }).getByText('Type: "AWS::CloudWatch::AlarmMuteRule"').waitFor();
  await closeDialog(page);
  await page.getByRole("textbox", { name: "Time zone" }).fill("Mars/Base");
  await page.getByText(/“Mars\/Base” is not a time zone/).waitFor();
  assert.deepEqual(await seriousFindings(page), []);
  assert.deepEqual(errors, []);
  await close();
});

test("a long list of state changes grows as one scrolls to its end", async () => {
  const many = join(folder, "many.json");
  const refused = Array.from({ length: 60 }, (_, hour) => ({
    eventTime: new Date(Date.UTC(2024, 0, 1, hour)).toISOString().replace(".000", ""),
    eventID: `${hour}`,
    eventName: "GetObject",
    errorCode: "AccessDenied",
  }));
  writeFileSync(many, JSON.stringify({ Records: refused }));
  const { page, errors, close } = await openComposite({}, many, "Fires 60 times.*");
  const list = page.locator(".transitions-scroll");
  const rows = () => list.locator("tbody tr").count();
  await eventually(rows, 12);
  await list.evaluate((list) => list.scrollTo(0, list.scrollHeight));
  await eventually(async () => (await rows()) >= 24, true);
  await list.getByRole("button").press("Enter");
  // The last two come after the last event: without a chosen range they are listed, too.
  await eventually(rows, 120);
  await list.getByRole("button").waitFor({ state: "detached" });
  assert.deepEqual(errors, []);
  await close();
});

test("composite alarms and mute rules travel in a workspace", async () => {
  const { page, errors, close } = await openComposite();
  const saving = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save workspace" }).click();
  const path = await (await saving).path();
  await page.getByRole("button", { name: "Delete New composite alarm" }).click({ force: true });
  await eventually(() => page.getByText("New composite alarm").count(), 0);
  await page.getByLabel("Workspace file").setInputFiles(path);
  await page.getByRole("navigation", { name: "Metric filters and alarms" }).getByRole("button", { name: /^New composite alarm/ }).click();
  await headline(page, "Fires 2 times, 19 m in ALARM, longest 1 Jan 02:01");
  assert.deepEqual(errors, []);
  await close();
});

test("everything fits a phone, in the dark", async () => {
  const { page, errors, close } = await openComposite({ viewport: NARROW, colorScheme: "dark" });
  const change = page.locator(".transitions tbody tr").first();
  const [time, reason] = await Promise.all([change.locator("td").first().boundingBox(), change.locator(".transition-reason").boundingBox()]);
  assert.ok(reason.y >= time.y + time.height, "the reason stands below the time");
  assert.ok(reason.x + reason.width <= NARROW.width, `the reason ends at ${reason.x + reason.width}`);
  await screenshot(page, "composite-changes-phone");
  await page.getByRole("button", { name: "Inbox" }).click();
  await page.getByRole("heading", { name: /would have run/ }).waitFor();
  const wide = await page.locator(".lab").evaluate((lab) => lab.scrollWidth);
  assert.ok(wide <= NARROW.width, `${wide} pixels wide`);
  await screenshot(page, "composite-phone");
  assert.deepEqual(await seriousFindings(page), []);
  assert.deepEqual(errors, []);
  await close();
});
