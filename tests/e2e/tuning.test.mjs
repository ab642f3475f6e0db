// Tuning a metric filter: what is loud, what excluding it would do, clauses from any value, other defaults and delays.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { NARROW, dropFiles, openSite, screenshot, seriousFindings } from "./harness.mjs";

let site, folder, archive;
before(async () => {
  site = await openSite();
  folder = mkdtempSync(join(tmpdir(), "trailscope-"));
  archive = join(folder, "day.json");
  writeFileSync(archive, JSON.stringify({ Records: day() }));
});
after(async () => {
  await site.close();
  rmSync(folder, { recursive: true });
});

/** Ten hours with one call a minute; a scanner is refused every half hour, once somebody else is, three times. */
function day() {
  const event = (minute, second, eventName, more) => ({
    eventTime: new Date(Date.UTC(2024, 0, 1, 0, minute, second)).toISOString().replace(".000", ""),
    eventID: `${minute}-${second}`,
    eventName,
    eventSource: "s3.amazonaws.com",
    awsRegion: "eu-west-1",
    userIdentity: { type: "IAMUser", arn: "arn:aws:iam::111122223333:user/ops" },
    ...more,
  });
  const refused = { errorCode: "AccessDenied" };
  const scanner = { ...refused, userIdentity: { type: "IAMUser", arn: "arn:aws:iam::111122223333:user/scanner" } };
  return [
    ...Array.from({ length: 600 }, (_, minute) => event(minute, 0, "ListRoles")),
    ...Array.from({ length: 20 }, (_, i) => event(i * 30 + 5, 10, "GetObject", scanner)),
    ...[20, 30, 40].map((second) => event(200, second, "PutObject", refused)),
    event(200, 50, "DeleteObject", { ...refused, userIdentity: { invokedBy: "s3.amazonaws.com" } }),
  ].sort((a, b) => a.eventTime.localeCompare(b.eventTime));
}

async function openLab(options = {}) {
  const opened = await site.page(options);
  await dropFiles(opened.page, [archive], { x: 200, y: 300 });
  await opened.page.getByRole("application", { name: "Time range of the events" }).waitFor();
  await opened.page.getByRole("button", { name: "Alarms" }).click();
  await opened.page.getByRole("button", { name: "Unauthorized API calls" }).click();
  await opened.page.locator(".headline", { hasText: /^Fires 21 times/ }).waitFor();
  return opened;
}

test("the loudest value is found, its exclusion is shown before it is done, and Back takes it back", async () => {
  const { page, errors, close } = await openLab();
  await page.getByRole("button", { name: "Noise", exact: true }).click();
  const principals = page.getByRole("region", { name: "Principal" });
  await principals.getByRole("button", { name: /user\/scanner/ }).waitFor();
  assert.match(await principals.getByRole("button").first().innerText(), /scanner\s+20\s+83/);
  await principals.getByRole("button", { name: /user\/scanner/ }).click();
  // The event without the field is kept.
  await page.getByText(/24 → 4 matches, fires 21 → 1 times/).waitFor();
  await page.locator(".headline", { hasText: /^Fires 21 times/ }).waitFor();
  await screenshot(page, "noise");
  assert.deepEqual(await seriousFindings(page), []);
  await page.getByRole("button", { name: "Exclude", exact: true }).click();
  await page.locator(".headline", { hasText: /^Fires once/ }).waitFor();
  const editor = page.getByRole("combobox", { name: "Filter pattern" });
  assert.equal(
    await editor.inputValue(),
    '{ ($.errorCode = "*UnauthorizedOperation" || $.errorCode = "AccessDenied*") && ($.userIdentity.arn != ' +
      '"arn:aws:iam::111122223333:user/scanner" || $.userIdentity.arn NOT EXISTS) }',
  );
  await page.getByRole("button", { name: "Times in ALARM" }).click();
  await page.getByText("4 events that led to ALARM or kept it").waitFor();
  await page.goBack();
  await page.locator(".headline", { hasText: /^Fires 21 times/ }).waitFor();
  assert.deepEqual(errors, []);
  await close();
});

test("any value becomes a clause of the open filter", async () => {
  const { page, errors, close } = await openLab();
  await page.getByRole("button", { name: "Events", exact: true }).click();
  await page.locator(".facet", { hasText: "DeleteObject" }).getByText("DeleteObject").click({ button: "right" });
  await page.getByRole("menuitem", { name: /but not this/ }).click();
  await page.getByText(/but not Event name DeleteObject/).waitFor();
  await page.getByRole("button", { name: "Alarms", exact: true }).click();
  assert.match(
    await page.getByRole("combobox", { name: "Filter pattern" }).inputValue(),
    /&& \(\$\.eventName != "DeleteObject" \|\| \$\.eventName NOT EXISTS\) \}$/,
  );
  await page.getByText("23 events match of 624").waitFor();
  assert.deepEqual(errors, []);
  await close();
});

test("a delivery delay moves the detection, is adopted and kept in the address", async () => {
  const { page, errors, close } = await openLab();
  await page.getByRole("button", { name: "What if" }).click();
  const later = page.getByRole("row", { name: /Delivered after 5 minutes/ });
  await later.getByText("first detected 5 m later").waitFor();
  await screenshot(page, "what-if");
  assert.deepEqual(await seriousFindings(page), []);
  await later.getByRole("button", { name: "Adopt" }).click();
  await page.getByRole("row", { name: /Delivered at once/ }).getByText("first detected 5 m earlier").waitFor();
  assert.match(page.url(), /[&]w=5/);
  await page.goBack();
  await later.getByText("first detected 5 m later").waitFor();
  assert.deepEqual(errors, []);
  await close();
});

test("events too large for the log group are left out on request, and the controls say that they count there", async () => {
  const { page, errors, close } = await site.page();
  const large = { eventID: "large", eventName: "PutObject", errorCode: "AccessDenied", eventTime: "2024-01-01T09:50:10Z" };
  const records = [...day(), { ...large, requestParameters: { text: "x".repeat(256 * 1024) } }];
  const file = join(folder, "large.json");
  writeFileSync(file, JSON.stringify({ Records: records }));
  await dropFiles(page, [file], { x: 200, y: 300 });
  await page.getByRole("application", { name: "Time range of the events" }).waitFor();
  await page.getByRole("button", { name: "Alarms" }).click();
  await page.getByRole("button", { name: "Unauthorized API calls" }).click();
  await page.locator(".headline", { hasText: /^Fires 22 times/ }).waitFor();
  await page.getByRole("button", { name: "What if" }).click();
  await page.getByText("1 of 25 matching events is larger than 256 KB.").waitFor();
  const without = page.getByRole("row", { name: /Events over 256 KB left out/ });
  await without.getByText("21 fires instead of 22").waitFor();
  await screenshot(page, "what-if-size");
  await without.getByRole("button", { name: "Adopt" }).press("Enter");
  await page.locator(".headline", { hasText: /^Fires 21 times/ }).waitFor();
  await page.getByRole("button", { name: "Controls", exact: true }).click();
  await page.getByText("Counted on all events, each at its own time").waitFor();
  assert.match(page.url(), /[&]l=256k/);
  assert.deepEqual(errors, []);
  await close();
});

test("every finding opens from the command palette", async () => {
  const { page, errors, close } = await openLab();
  for (const [words, region] of [
    ["sweep", "Sweep"],
    ["noise what", "Noise"],
    ["what if other", "What if"],
    ["compare the alarm", "Compare"],
    ["time travel why", "Time travel"],
  ]) {
    await page.keyboard.press("Control+k");
    await page.keyboard.type(words);
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: region, exact: true, pressed: true }).waitFor();
  }
  assert.deepEqual(errors, []);
  await close();
});

test("two filters are compared: three sets, why they differ, and the way to the events", async () => {
  const { page, errors, close } = await openLab();
  await page.getByRole("button", { name: "Compare", exact: true }).click();
  const pattern = '{ $.errorCode = "accessDenied*" || $.eventName = ListRoles && $.userIdentity.arn != "x" }';
  await page.getByRole("textbox", { name: "Pattern B" }).fill(pattern);
  await page.getByText(/^Letter case counts: .* holds in 24 of the 24 that only A finds/).waitFor();
  await page.getByText("1 of the 24 that only A finds lack $.userIdentity.arn.").waitFor();
  await page.getByText("The same alarm fires 21 times on A, once on B.").waitFor();
  await screenshot(page, "compare");
  assert.deepEqual(await seriousFindings(page), []);
  await page.getByRole("button", { name: "Show events: Only A" }).click();
  await page.getByText("24 of 624 events").waitFor();
  assert.deepEqual(errors, []);
  await close();
});

test("a finding about the pattern is mended by the keyboard alone, and Back takes it back", async () => {
  const { page, errors, close } = await openLab();
  const editor = page.getByRole("combobox", { name: "Filter pattern" });
  const findings = page.getByRole("list", { name: "Findings about the pattern" });
  /** Types a pattern, tabs from the editor to the button and presses it. */
  async function mend(pattern, label) {
    await editor.fill(pattern);
    const button = findings.getByRole("button", { name: label });
    await button.waitFor();
    await editor.focus();
    await page.keyboard.press("Escape");
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.textContent), label);
    assert.deepEqual(await seriousFindings(page), []);
    await page.keyboard.press("Enter");
    await button.waitFor({ state: "detached" });
    assert.ok(await editor.evaluate((field) => field === document.activeElement), "the editor has the focus again");
    return editor.inputValue();
  }

  assert.equal(
    await mend('{ $.errorCode = "AccessDenied" || $.eventName != "GetObject" }', "Join the exclusion by &&"),
    '{ $.errorCode = "AccessDenied" && $.eventName != "GetObject" }',
  );
  assert.equal(await mend("{ $.eventName = putobject }", "Use “PutObject”"), "{ $.eventName = PutObject }");
  assert.equal(await mend("{ $.eventname = PutObject }", "Use $.eventName"), "{ $.eventName = PutObject }");
  await page.getByText(/^3 events match/).waitFor();
  await page.goBack();
  await findings.getByText("No loaded event has $.eventname, so this condition never holds; there is $.eventName.").waitFor();
  assert.equal(await editor.inputValue(), "{ $.eventname = PutObject }");
  await screenshot(page, "pattern-findings");

  await editor.fill("{ $.eventName > 5 }");
  await findings.getByText(/holds text only, so it is never true/).waitFor();
  assert.equal(await findings.getByRole("button").count(), 0);
  assert.deepEqual(errors, []);
  await close();
});

test("nothing of an alarm is wider than a phone", async () => {
  const { page, errors, close } = await openLab({ viewport: NARROW });
  const rules = await page.getByRole("button", { name: "Rules", exact: true }).boundingBox();
  assert.ok(rules.x + rules.width <= NARROW.width, "four of the panels are in view");
  const names = ["State changes", "Time travel", "Sweep", "Noise", "Compare", "Inbox", "What if"];
  for (const name of names) {
    const tab = page.getByRole("button", { name, exact: true });
    await tab.click();
    assert.equal(await tab.getAttribute("aria-pressed"), "true");
    await page.waitForFunction(() => !document.querySelector(".lab .stale"));
    const wide = await page.locator(".lab").evaluate((lab) => lab.scrollWidth);
    assert.ok(wide <= NARROW.width, `${name}: ${wide} pixels wide`);
    const { x, width } = await tab.boundingBox();
    assert.ok(x >= 0 && x + width <= NARROW.width, `the choice “${name}” is in view`);
  }
  assert.deepEqual(errors, []);
  await close();
});
