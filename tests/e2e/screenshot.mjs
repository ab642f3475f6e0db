// Takes the picture in the README: `node tests/e2e/screenshot.mjs` after `make dist`.

import { loadSample, openSite } from "./harness.mjs";

const site = await openSite();
const { page, close } = await site.page();
await loadSample(page);

// The night of the incident.
const brush = page.getByRole("application", { name: "Time range of the events" });
const box = await brush.boundingBox();
const y = box.y + box.height / 2;
await page.mouse.move(box.x + box.width * 0.6525, y);
await page.mouse.down();
await page.mouse.move(box.x + box.width * 0.665, y, { steps: 4 });
await page.mouse.up();
await page.getByRole("button", { name: "Zoom in" }).click();

await page.getByRole("button", { name: "Alarms", exact: true }).click();
await page.getByRole("button", { name: "Unauthorized API calls" }).click();
for (const preset of ["Console sign-in failures", "Usage of the root user", "IAM policy changes", "CloudTrail changes"]) {
  await page.getByRole("button", { name: "Add an alarm" }).click();
  await page.getByRole("dialog", { name: "Add an alarm" }).getByRole("button", { name: preset }).click();
  await page.getByRole("textbox", { name: "Name", exact: true }).waitFor();
}
await page.getByRole("button", { name: "Unauthorized API calls" }).first().click();
await page.getByLabel("Threshold", { exact: true }).last().fill("60");
await page.getByRole("status").getByText(/^Fires/).first().waitFor();
const chart = await page.locator(".metric-chart").boundingBox();
await page.mouse.move(chart.x + chart.width * 0.395, chart.y + chart.height * 0.2);
await page.screenshot({ path: process.argv[2] ?? "docs/screenshot.png" });
await close();
await site.close();
