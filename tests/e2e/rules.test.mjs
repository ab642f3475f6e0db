// EventBridge rules: from an event pattern to what it would have received, why not, and what targets would have got.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { dropFiles, eventually, NARROW, openSite, screenshot, searchField, seriousFindings } from "./harness.mjs";

let site, folder, archive;
before(async () => {
  site = await openSite();
  folder = mkdtempSync(join(tmpdir(), "trailscope-"));
  archive = join(folder, "hour.json");
  writeFileSync(archive, JSON.stringify({ Records: hour() }));
});
after(async () => {
  await site.close();
  rmSync(folder, { recursive: true });
});

/** An hour: a call a minute by turns, and one with hostile text. */
function hour() {
  const names = [["CreateUser", false], ["ListUsers", true], ["DeleteUser", false]];
  const event = (minute, [eventName, readOnly], more = {}) => ({
    eventVersion: "1.11",
    eventTime: `2024-01-01T00:${String(minute).padStart(2, "0")}:00Z`,
    eventID: `00000000-0000-0000-0000-0000000000${String(minute).padStart(2, "0")}`,
    eventType: "AwsApiCall",
    eventName,
    eventSource: "iam.amazonaws.com",
    awsRegion: "us-east-1",
    recipientAccountId: "111122223333",
    readOnly,
    managementEvent: true,
    userIdentity: { type: "IAMUser", arn: `arn:aws:iam::111122223333:user/${minute % 2 ? "alice" : "bob"}` },
    ...more,
  });
  const calls = Array.from({ length: 30 }, (_, minute) => event(minute, names[minute % 3]));
  return [...calls, event(40, ["CreateUser", false], { userAgent: "<img src=x onerror=alert(1)>\"" })];
}

async function openRules(options = {}) {
  const opened = await site.page(options);
  await dropFiles(opened.page, [archive], { x: 200, y: 300 });
  await opened.page.getByRole("application", { name: "Time range of the events" }).waitFor();
  await opened.page.getByRole("button", { name: "Rules", exact: true }).click();
  return opened;
}

const PATTERN = '{"source": ["aws.iam"], "detail": {"eventName": [{"prefix": "Create"}, {"prefix": "List"}]}}';
const headline = (page, text) => page.locator(".headline", { hasText: new RegExp(`^${text}$`) }).waitFor();
const editor = (page) => page.getByRole("combobox", { name: "Event pattern" });

async function ownRule(page, pattern = PATTERN) {
  await page.getByRole("button", { name: /^Your own rule/ }).click();
  await editor(page).fill(pattern);
}

test("a rule tells what is delivered, what is kept back and why", async () => {
  const { page, errors, close } = await openRules();
  await page.getByText("Which rule would have been triggered?").waitFor();
  await screenshot(page, "rules-start");
  assert.deepEqual(await seriousFindings(page), []);
  await ownRule(page);
  await headline(page, "11 events delivered of 21 that match");
  await page.getByText(/^10 events are not delivered: read-only management events/).waitFor();
  await page.getByRole("combobox", { name: "State" }).selectOption({ label: "Enabled with all CloudTrail management events" });
  await headline(page, "21 events delivered");
  await page.getByRole("combobox", { name: "State" }).selectOption({ label: "Disabled" });
  await headline(page, "21 events match, none is delivered");
  await page.goBack();
  await headline(page, "21 events delivered");
  await page.getByRole("button", { name: "Open in Events" }).click();
  assert.equal(await searchField(page).inputValue(), PATTERN);
  await page.getByRole("contentinfo").getByText("21 of 31 events").waitFor();
  assert.deepEqual(errors, []);
  await close();
});

test("an event says which field it misses, and near misses are grouped by what they have there", async () => {
  const { page, errors, close } = await openRules();
  await ownRule(page);
  await headline(page, "11 events delivered of 21 that match");
  await page.getByRole("button", { name: "Near misses" }).press("Enter");
  const miss = page.getByRole("button", { name: "all but detail.eventName 10 events" });
  await miss.waitFor();
  await page.getByRole("button", { name: /^DeleteUser/ }).press("Enter");
  await page.getByRole("region", { name: "Latest events" }).getByRole("button").first().press("Enter");
  await page.getByRole("heading", { name: "Does not match: detail.eventName is DeleteUser" }).waitFor();
  await page.getByRole("button", { name: "Matches", exact: true }).click();
  await page.getByRole("region", { name: "Latest events" }).getByRole("button").first().click();
  await page.getByRole("heading", { name: "Matches and is delivered" }).waitFor();
  await screenshot(page, "rules");
  assert.deepEqual(await seriousFindings(page), []);
  assert.deepEqual(errors, []);
  await close();
});

test("a target gets what its transformer makes of the event, hostile text as text", async () => {
  const { page, errors, close } = await openRules();
  await ownRule(page);
  await headline(page, "11 events delivered of 21 that match");
  // The card of a preset stands further down than the head of the rule.
  await eventually(() => page.locator(".lab").evaluate((panel) => panel.scrollTop), 0);
  await page.getByRole("region", { name: "Latest events" }).getByRole("button").first().click();
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByRole("combobox", { name: "What it gets" }).selectOption({ label: "Input transformer" });
  const got = page.getByLabel("What the target gets");
  await got.getByText('"arn:aws:iam::111122223333:user/bob called CreateUser in us-east-1"').waitFor();
  await page.getByRole("textbox", { name: "Input paths, one a line: name = path" }).fill("agent = $.detail.userAgent");
  await page.getByRole("textbox", { name: "Input template" }).fill('{"agent": <agent>}');
  await got.getByText('{"agent": "<img src=x onerror=alert(1)>""}').waitFor();
  await page.getByText("EventBridge escapes nothing that it puts in").waitFor();
  assert.deepEqual(errors, []);
  await close();
});

test("errors stand in the pattern, and what can be typed is offered", async () => {
  const { page, errors, close } = await openRules();
  await ownRule(page, '{"source": "aws.iam"}');
  await page.getByText(/^Expected an array of values, not a string/).first().waitFor();
  await headline(page, "No result while the pattern is not valid|No event matches|.*");
  await editor(page).fill("");
  await editor(page).pressSequentially('{"detail": {"eventN');
  await page.getByRole("option", { name: /^eventName/ }).waitFor();
  await editor(page).press("ArrowDown");
  await editor(page).press("Enter");
  assert.equal(await editor(page).inputValue(), '{"detail": {"eventName": [""]');
  assert.deepEqual(errors, []);
  await close();
});

test("a metric filter becomes a rule and a rule a metric filter", async () => {
  const { page, errors, close } = await openRules();
  await page.getByRole("button", { name: "Alarms", exact: true }).click();
  await page.getByRole("button", { name: "CloudTrail changes" }).click();
  await page.getByRole("button", { name: "As an EventBridge rule" }).click();
  await headline(page, "No event matches");
  assert.match(await editor(page).inputValue(), /"eventName": \[\s*"CreateTrail"/);
  await page.getByRole("button", { name: "As a metric filter" }).click();
  const filter = page.getByRole("combobox", { name: "Filter pattern" });
  await filter.waitFor();
  assert.match(await filter.inputValue(), /\$\.eventName = "?CreateTrail/);
  assert.deepEqual(errors, []);
  await close();
});

test("everything fits a narrow screen", async () => {
  const { page, errors, close } = await openRules({ viewport: NARROW });
  await ownRule(page);
  await headline(page, "11 events delivered of 21 that match");
  await page.getByRole("region", { name: "Latest events" }).getByRole("button").first().click();
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
  await screenshot(page, "rules-narrow");
  assert.deepEqual(await seriousFindings(page), []);
  assert.deepEqual(errors, []);
  await close();
});
