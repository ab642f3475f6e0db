// axe-core finds nothing serious on any screen, in either theme, wide or narrow.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { closeDialog, drawer, loadSample, NARROW, openSite, row, screenshot, search, seriousFindings, WIDE } from "./harness.mjs";

let site;
before(async () => (site = await openSite()));
after(() => site.close());

for (const colorScheme of ["light", "dark"]) {
  for (const [width, viewport] of [["wide", WIDE], ["narrow", NARROW]]) {
    test(`every screen, ${colorScheme} and ${width}`, async () => {
      const { page, errors, close } = await site.page({ viewport, colorScheme });
      const check = async (screen) => {
        await screenshot(page, `${screen}-${colorScheme}-${width}`);
        assert.deepEqual(await seriousFindings(page), [], screen);
      };
      await check("empty");
      await loadSample(page);
      await row(page, 1).waitFor();
      await check("events");
      await search(page, "eventName:ConsoleLogin -errorCode:*");
      await page.getByRole("list", { name: "Filters" }).waitFor();
      await row(page, 1).click();
      await drawer(page).getByRole("heading", { name: "ConsoleLogin" }).waitFor();
      await check("event");
      for (const [command, dialog] of [
        ["keyboard shortcuts", "Keyboard and search"],
        ["choose columns", "Columns"],
        ["add a facet", "Facets"],
      ]) {
        await page.keyboard.press("Control+k");
        await page.getByRole("combobox", { name: "Command" }).fill(command);
        if (dialog === "Columns") await check("palette");
        await page.keyboard.press("Enter");
        await page.getByRole("dialog", { name: dialog }).waitFor();
        await check(dialog.toLowerCase().replaceAll(" ", "-"));
        await closeDialog(page);
      }
      await page.getByRole("button", { name: "Settings" }).click();
      await page.getByRole("dialog", { name: "Settings" }).waitFor();
      await check("settings");
      await page.keyboard.press("Escape");
      await page.keyboard.press("Escape");
      await drawer(page).waitFor({ state: "hidden" });
      await search(page, "nothing-is-called-this");
      await page.getByText("No event passes").waitFor();
      await check("no-events");
      await search(page, "");
      await page.getByRole("button", { name: "Alarms", exact: true }).click();
      await page.getByText("Which alarm would have fired?").waitFor();
      await check("presets");
      await page.getByRole("button", { name: "Unauthorized API calls" }).click();
      await page.locator(".headline").getByText(/^Fires/).waitFor();
      await check("alarm");
      await page.getByRole("button", { name: "Controls", exact: true }).click();
      await page.locator(".controls-summary").getByText(/^\d+ of 15 controls/).waitFor();
      await check("controls");
      await page.getByRole("button", { name: /Unauthorized API calls/ }).click();
      await page.locator(".control-detail").getByText(/events match this text/).waitFor();
      await check("control");
      await page.getByRole("button", { name: "Archive", exact: true }).click();
      for (const tab of ["Files", "Coverage", "Integrity"]) {
        await page.getByRole("tab", { name: tab }).click();
        await page.getByRole("tabpanel", { name: tab }).waitFor();
        if (tab === "Coverage") await page.getByRole("application", { name: /^Files and events by/ }).waitFor();
        await check(`archive-${tab.toLowerCase()}`);
      }
      assert.deepEqual(errors, []);
      await close();
    });
  }
}
