// The whole main path without a pointer: load, search, walk the table, read an event, alarm, threshold.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { chips, closeDialog, drawer, eventually, facet, facetValues, loaded, openSite, searchField, status } from "./harness.mjs";

let site;
before(async () => (site = await openSite()));
after(() => site.close());

/** What has the focus: role or tag, and name. */
const focused = (page) =>
  page.evaluate(() => {
    const element = document.activeElement;
    const name = element.getAttribute("aria-label") ?? element.innerText.split("\n")[0].trim();
    return [element.getAttribute("role") ?? element.tagName.toLowerCase(), name];
  });

/** Presses Tab until `wanted(role, name)`; fails when it goes round without finding it. */
async function tabTo(page, wanted) {
  const passed = [];
  for (let presses = 0; presses < 250; presses++) {
    await page.keyboard.press("Tab");
    const [role, name] = await focused(page);
    if (wanted(role, name)) return name;
    passed.push(`${role} ${name}`);
  }
  assert.fail(`Tab never got there, only to ${passed.join(", ")}`);
}

test("the main path works by keyboard alone", async () => {
  const { page, errors, close } = await site.page();
  const press = async (...keys) => {
    for (const key of keys) await page.keyboard.press(key);
  };

  await tabTo(page, (role, name) => name.includes("Load the sample"));
  await press("Enter");
  await loaded(page, "20,675 events");

  // Search.
  await press("/");
  await eventually(async () => (await focused(page))[1], "Search events");
  await page.keyboard.type("eventName:ConsoleLogin");
  await press("Enter");
  await eventually(() => chips(page), ["eventName = ConsoleLogin"]);
  await eventually(async () => / of 20,675 events/.test(await status(page)), true);

  // The table: cells, value keys, value menu.
  await tabTo(page, (role) => role === "gridcell");
  const place = () =>
    page.evaluate(() => [document.activeElement.parentElement.dataset.line, document.activeElement.dataset.column].map(Number));
  await press("Control+Home");
  await eventually(place, [1, 0]);
  await press("ArrowDown", "ArrowDown", "ArrowRight");
  await eventually(place, [3, 1]);
  await press("Shift+F10");
  await page.getByRole("menu").waitFor();
  await eventually(async () => (await focused(page))[0], "menuitem");
  await press("Escape");
  await page.getByRole("menu").waitFor({ state: "detached" });
  await eventually(place, [3, 1]);
  await press("Enter");
  await drawer(page).getByRole("heading", { name: "ConsoleLogin" }).waitFor();
  await drawer(page).getByText(/^3 of /).waitFor();
  await press("j");
  await drawer(page).getByText(/^4 of /).waitFor();
  await press("k");
  await drawer(page).getByText(/^3 of /).waitFor();
  await press("k");
  await drawer(page).getByText(/^2 of /).waitFor();
  await press("]");
  await drawer(page).waitFor({ state: "detached" });

  // Palette and help.
  await press("Control+k");
  await eventually(async () => (await focused(page))[1], "Command");
  await page.keyboard.type("clear the search");
  await press("Enter");
  await eventually(() => status(page), "20,675 events");
  await press("?");
  await page.getByRole("dialog", { name: "Keyboard and search" }).waitFor();
  await closeDialog(page);

  // The alarm and its threshold.
  await press("2");
  await tabTo(page, (role, name) => name.startsWith("Unauthorized API calls"));
  await press("Enter");
  const headline = () => page.locator(".headline").innerText();
  await eventually(async () => /^Fires/.test(await headline()), true);
  const before = await headline();
  await tabTo(page, (role) => role === "slider");
  await press("PageUp");
  await eventually(async () => (await headline()) !== before, true);
  await page.goBack();
  await eventually(headline, before);

  // The archive and its tabs.
  await press("5");
  await tabTo(page, (role, name) => role === "tab" && name === "Files");
  await press("ArrowRight");
  await eventually(() => focused(page), ["tab", "Coverage"]);
  await page.getByRole("tabpanel", { name: "Coverage" }).waitFor();
  await press("End", "ArrowRight", "ArrowLeft");
  await eventually(() => focused(page), ["tab", "Integrity"]);
  await page.getByRole("tabpanel", { name: "Integrity" }).waitFor();
  await tabTo(page, (role) => role === "tabpanel");
  await page.goBack();
  await page.getByRole("tabpanel", { name: "Files" }).waitFor();

  // Back to the events; the search bar is where it was.
  await press("1");
  await page.getByRole("grid", { name: "Events" }).waitFor();
  assert.equal(await searchField(page).inputValue(), "");
  assert.deepEqual(errors, []);
  await close();
});

test("keys are left alone while something is typed, and when switched off", async () => {
  const { page, errors, close } = await site.page();
  await page.getByRole("button", { name: "Load the sample" }).press("Enter");
  await loaded(page, "20,675 events");
  await searchField(page).focus();
  await page.keyboard.type("2]?");
  assert.equal(await searchField(page).inputValue(), "2]?");
  assert.equal(await page.getByRole("dialog").count(), 0);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("single-key");
  await page.keyboard.press("Enter");
  await page.getByText("Single-key shortcuts are off").waitFor();
  await page.keyboard.press("?");
  await page.keyboard.press("Control+k");
  await page.getByRole("dialog", { name: "Commands" }).waitFor();
  assert.equal(await page.getByRole("dialog", { name: "Keyboard and search" }).count(), 0);
  assert.deepEqual(errors, []);
  await close();
});

test("the focus goes into the panel when what had it goes away", async () => {
  await site.visit(async (page) => {
    const inPanel = () => page.evaluate(() => document.activeElement.closest("#main") !== null);
    const command = async (text) => {
      await page.keyboard.press("Control+k");
      await page.keyboard.type(text);
      await page.keyboard.press("Enter");
      await page.getByRole("dialog").waitFor({ state: "detached" });
    };
    await tabTo(page, (role, name) => name.includes("Load the sample"));
    await page.keyboard.press("Enter");
    await loaded(page, "20,675 events");
    await eventually(async () => (await focused(page))[0], "gridcell");

    // A value that is picked moves to the top of its facet.
    const name = (await facetValues(page, "Event name"))[3][0];
    await facet(page, "Event name").locator(".facet-pick").nth(3).press("Enter");
    await eventually(async () => (await facetValues(page, "Event name"))[0][0], name);
    await eventually(async () => (await focused(page))[1], name, "the value keeps the focus");

    await page.getByRole("gridcell").first().focus();
    await page.keyboard.press("2");
    await eventually(inPanel, true, "the panel before is gone");
    await page.getByRole("button", { name: "Unauthorized API calls" }).press("Enter");
    await page.getByText("Skip to the content").press("Enter");
    await eventually(() => page.evaluate(() => document.activeElement.id), "main");

    await command("close");
    await page.getByText("Kept for what you open next: 1 alarm").waitFor();
    await eventually(inPanel, true, "the start screen");
  });
});
