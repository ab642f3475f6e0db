// Times with more calls or errors than usual: found in the sample's incident, and read from CloudTrail's own records.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import {
  dropFiles, eventually, loaded, loadSample, NARROW, openSite, screenshot, scratch, searchField, seriousFindings, status, WIDE,
} from "./harness.mjs";
import { record, writeJson } from "./trail.mjs";

let site;
let folder;
before(async () => {
  site = await openSite();
  folder = scratch();
});
after(() => site.close());

/** Opens the list; answers its lines. */
async function list(page, name) {
  await page.getByRole("button", { name, exact: true }).click();
  return page.getByRole("dialog", { name, exact: true }).locator(".insight-item").allInnerTexts();
}

test("the sample's incident stands out, and a click shows its events", () =>
  site.visit(async (page) => {
    await loadSample(page);
    const lines = await list(page, "4 insights");
    assert.equal(lines.length, 4);
    assert.match(lines[0], /^ConsoleLogin\n×\d+\n2\.4 calls a minute instead of 0\.0026\ncomputed\nsignin · us-east-1 · 111122223333 · /);
    await page.getByRole("button", { name: /^ListUsers AccessDenied/ }).click();
    await eventually(() => searchField(page).inputValue(),
      "recipientAccountId:111122223333 awsRegion:us-east-1 eventSource:iam.amazonaws.com eventName:ListUsers errorCode:AccessDenied");
    await eventually(() => status(page), "48 of 20,675 events (0.2%)");
    await page.goBack();
    await eventually(() => status(page), "20,675 events");
  }));

test("what CloudTrail recorded is shown as its own, hostile names as text", () =>
  site.visit(async (page) => {
    const insight = (state, minute) => ({
      ...record(1), eventID: `10000000-0000-4000-8000-00000000000${minute}`, eventType: "AwsCloudTrailInsight", eventCategory: "Insight",
      eventTime: `2025-01-06T00:0${minute}:00Z`, sharedEventID: "shared-1",
      insightDetails: {
        state, eventSource: "ec2.amazonaws.com", eventName: "<img src=x onerror=alert(1)>", insightType: "ApiCallRateInsight",
        insightContext: { statistics: { baseline: { average: 0.5 }, insight: { average: 60 } } },
      },
    });
    const records = [insight("Start", 2), insight("End", 9), record(2), record(3)];
    await dropFiles(page, [writeJson(join(folder, "recorded"), "insights.json", JSON.stringify({ Records: records }))]);
    await loaded(page, "4 events");
    const lines = await list(page, "1 insight");
    assert.match(lines[0], /^<img src=x onerror=alert\(1\)>\n×120\n60 calls a minute instead of 0\.5\nrecorded\nec2 · .* · .*, 7 m$/);
  }));

for (const [viewport, size] of [[WIDE, "wide"], [NARROW, "narrow"]]) {
  for (const colorScheme of ["light", "dark"]) {
    test(`the list looks right, ${size}, ${colorScheme}`, () =>
      site.visit(
        async (page) => {
          await loadSample(page);
          await list(page, "4 insights");
          assert.deepEqual(await seriousFindings(page), []);
          await screenshot(page, `insights-${size}-${colorScheme}`);
          await page.keyboard.press("Escape");
          await page.getByRole("dialog").waitFor({ state: "hidden" });
        },
        { viewport, colorScheme },
      ));
  }
}
