// Rows of a CSV beside full records: they are marked, and whoever asks for a field that they cannot have is told.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import {
  drawer, dropFiles, eventually, facetValues, loaded, NARROW, openSite, row, scratch, screenshot, search, seriousFindings, WIDE,
} from "./harness.mjs";

const folder = scratch();
let site;
before(async () => {
  site = await openSite();
  const header = "User name,AWS access key,Event time,Event source,Event name,AWS region,Event ID,Recipient Account Id";
  const rows = Array.from({ length: 1_200 }, (_, at) =>
    `ann,AKIAX,2024-01-01T00:${String(at % 60).padStart(2, "0")}:00Z,s3.amazonaws.com,=DeleteBucket,us-east-1,e${at},5.28758E+11`);
  writeFileSync(join(folder, "event_history.csv"), [header, ...rows].join("\r\n"));
  const full = { eventVersion: "1.08", eventTime: "2024-01-01T00:00:00Z", eventName: "DeleteBucket", eventID: "e0",
    userIdentity: { arn: "arn:aws:iam::1:user/ann" }, requestParameters: { bucketName: "b" } };
  writeFileSync(join(folder, "trail.json"), JSON.stringify({ Records: [full] }));
});
after(() => site.close());

const files = () => ["event_history.csv", "trail.json"].map((name) => join(folder, name));
const note = (page) => page.getByRole("status").filter({ hasText: "cannot have" });

for (const [colorScheme, viewport] of [["light", WIDE], ["dark", NARROW]]) {
  test(`a search names the field that rows of a CSV cannot have, ${colorScheme}, ${viewport.width} px`, async () => {
    const { page, errors, close } = await site.page({ viewport, colorScheme });
    await dropFiles(page, files(), { x: 200, y: 300 });
    await loaded(page, "1,200 events");
    await search(page, "eventName:DeleteBucket userIdentity.userName:ann");
    await page.getByRole("list", { name: "Filters" }).waitFor();
    assert.equal(await note(page).count(), 0);
    await search(page, "requestParameters.bucketName:b");
    await loaded(page, "1 of 1,200 events (<0.1%)");
    const said = async () => (await note(page).innerText()).trim();
    await eventually(said, "1,199 events cannot have requestParameters.bucketName");
    await screenshot(page, `tables-search-${viewport.width}`);
    assert.deepEqual(await seriousFindings(page), []);
    await row(page, 1).click();
    await drawer(page).getByRole("heading", { name: "DeleteBucket" }).waitFor();
    assert.equal(await drawer(page).getByText("This event comes from").count(), 0, "the full record has no note");
    assert.deepEqual(errors, []);
    await close();
  });
}

test("an event of a CSV says what it lacks, and who acted is its user name", async () => {
  const { page, close } = await site.page();
  await dropFiles(page, files());
  await loaded(page, "1,200 events");
  assert.deepEqual(await facetValues(page, "Principal"), [["ann", "1,199"], ["user/ann", "1"]]);
  await search(page, "eventID:e7");
  await row(page, 1).click();
  await drawer(page).getByText("This event comes from a file that has no request and response: only these fields are known.").waitFor();
  await screenshot(page, "tables-event");
  assert.deepEqual(await seriousFindings(page), []);
  await close();
});

test("a metric filter says how many events it tells nothing about", async () => {
  const { page, close } = await site.page();
  await dropFiles(page, files());
  await loaded(page, "1,200 events");
  await page.getByRole("button", { name: "Alarms", exact: true }).click();
  await page.getByRole("button", { name: "Unauthorized API calls" }).click();
  await page.getByText("1,199 events cannot have errorCode: this metric filter tells nothing about them.").waitFor();
  await screenshot(page, "tables-metric-filter");
  assert.deepEqual(await seriousFindings(page), []);
  await close();
});
