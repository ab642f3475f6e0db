// Looking around: search, chips, facets, table, event, related events, time range, history, zone and theme.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import {
  cells,
  chips,
  closeDialog,
  drawer,
  dropFiles,
  eventually,
  facet,
  facetValues,
  loaded,
  openSite,
  row,
  scratch,
  search,
  searchField,
  status,
} from "./harness.mjs";
import { record, writeTrail } from "./trail.mjs";

const EVENTS = 20_000;

let site;
let trail;
before(async () => {
  site = await openSite();
  trail = writeTrail(join(scratch(), "trail"), { events: EVENTS, each: 1_000 });
});
after(() => site.close());

/** A page with the trail loaded, its newest event first; expects a console without errors. */
async function explore(work, options = {}) {
  const { page, errors, close } = await site.page(options);
  await dropFiles(page, [trail]);
  await loaded(page, "20,000 events");
  await row(page, 1).waitFor();
  await work(page);
  assert.deepEqual(errors, []);
  await close();
}

/** The time of event `number` as the table writes it. */
const timeOf = (number) => record(number).eventTime.replace("T", " ").replace("Z", "");
const firstTime = async (page) => (await cells(page, 1))[0];
const header = (page, name) => page.getByRole("grid", { name: "Events" }).getByRole("columnheader", { name });

test("searches text, fields and CloudWatch patterns", () =>
  explore(async (page) => {
    for (const [text, answer] of [
      ["accessdenied", "2,000 of 20,000 events (10%)"],
      ["eventName:ConsoleLogin", "4,000 of 20,000 events (20%)"],
      ["eventName:ConsoleLogin -errorCode:AccessDenied", "2,000 of 20,000 events (10%)"],
      ["eventName:Get*,Put*", "8,000 of 20,000 events (40%)"],
      ["errorCode:*", "2,000 of 20,000 events (10%)"],
      ['{ $.errorCode = "Access*" && $.readOnly IS FALSE }', "2,000 of 20,000 events (10%)"],
      ["{ $.sourceIPAddress = 192.0.2.7 || $.requestParameters.key = file-000000 }", "101 of 20,000 events (0.5%)"],
      ["", "20,000 events"],
    ]) {
      await search(page, text);
      await eventually(() => status(page), answer, text);
    }
  }));

test("shows what is typed in every pane before it is a step in the history", () =>
  explore(async (page) => {
    const buckets = page.getByRole("region", { name: "Events over time" }).locator(".legend b").first();
    const view = async () => [
      await status(page),
      await buckets.innerText(),
      (await facetValues(page, "Error code"))[0].join(" "),
      (await cells(page, 1))[1],
      (await chips(page)).join(),
    ];
    const all = ["20,000 events", "18,000", "AccessDenied 2,000", "ConsoleLogin", ""];
    await eventually(view, all);
    const [url, steps] = [page.url(), await page.evaluate(() => history.length)];
    await searchField(page).pressSequentially("-eventName:ConsoleLogin");
    const some = ["16,000 of 20,000 events (80%)", "16,000", "(none) 16.0k", "AssumeRole", "NOT eventName = ConsoleLogin"];
    await eventually(view, some);
    await page.getByRole("search").getByText("16,000").waitFor();
    assert.deepEqual([page.url(), await page.evaluate(() => history.length)], [url, steps]);

    // While it cannot be read, what was typed before stays in force.
    await searchField(page).pressSequentially(" {");
    await eventually(() => searchField(page).getAttribute("aria-invalid"), "true");
    assert.deepEqual(await view(), some);
    await page.keyboard.press("Enter");
    assert.equal(page.url(), url);

    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await eventually(view, all);
    assert.equal(await searchField(page).inputValue(), "");
    assert.equal(page.url(), url);
  }));

test("edits what is typed, and makes it one step of the history", () =>
  explore(async (page) => {
    await searchField(page).fill("errorCode:AccessDenied");
    await eventually(() => chips(page), ["errorCode = AccessDenied"]);
    await eventually(async () => (await facetValues(page, "Event name", 1))[0], ["ConsoleLogin", "2,000"]);
    await facet(page, "Event name").locator(".facet-pick").first().click();
    await eventually(() => searchField(page).inputValue(), "errorCode:AccessDenied eventName:ConsoleLogin");
    await page.goBack();
    await eventually(() => status(page), "20,000 events");
    assert.equal(await searchField(page).inputValue(), "");

    await search(page, "eventName:ConsoleLogin");
    await eventually(() => status(page), "4,000 of 20,000 events (20%)");
    await searchField(page).fill("eventName:ConsoleLogin -errorCode:*");
    await eventually(() => status(page), "2,000 of 20,000 events (10%)");
    await page.getByRole("button", { name: "Remove eventName = ConsoleLogin" }).click();
    await eventually(() => searchField(page).inputValue(), "-errorCode:*");
    await eventually(() => status(page), "18,000 of 20,000 events (90%)");
    await page.goBack();
    await eventually(() => searchField(page).inputValue(), "eventName:ConsoleLogin");
    await eventually(() => status(page), "4,000 of 20,000 events (20%)");
  }));

test("completes fields and values from the data", () =>
  explore(async (page) => {
    await searchField(page).pressSequentially("errorC");
    const option = page.getByRole("listbox", { name: "Suggestions" }).getByRole("option");
    await option.filter({ hasText: "errorCode" }).first().waitFor();
    await page.keyboard.press("Tab");
    await option.filter({ hasText: "AccessDenied" }).waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Enter");
    await eventually(() => status(page), "2,000 of 20,000 events (10%)");
    assert.deepEqual(await chips(page), ["errorCode = AccessDenied"]);
  }));

test("says in place what is wrong with a pattern, and leaves the table alone", () =>
  explore(async (page) => {
    await search(page, "{ $.errorCode = }");
    assert.equal(await searchField(page).getAttribute("aria-invalid"), "true");
    const message = page.locator(`#${await searchField(page).getAttribute("aria-describedby")}`);
    await message.waitFor();
    assert.ok((await message.innerText()).length > 10);
    assert.equal(await status(page), "20,000 events");
    await search(page, '{ $.errorCode = "AccessDenied" }');
    await eventually(() => status(page), "2,000 of 20,000 events (10%)");
    await eventually(() => searchField(page).getAttribute("aria-invalid"), "false");
  }));

test("moves nothing when the first letter of a search makes a chip", () =>
  explore(async (page) => {
    const places = () =>
      page.evaluate(() => [".timeline-chart", ".facets", ".table-pane"].map((pane) => JSON.stringify(document.querySelector(pane).getBoundingClientRect())));
    const before = await places();
    await searchField(page).pressSequentially("u");
    await eventually(() => chips(page), ["u"]);
    assert.deepEqual(await places(), before);
  }));

test("keeps chips and text two views of one search", () =>
  explore(async (page) => {
    const filters = page.getByRole("list", { name: "Filters" });
    await search(page, "user-3 eventName:ConsoleLogin,GetObject -readOnly:true");
    await eventually(() => chips(page), ["user-3", "eventName = ConsoleLogin or GetObject", "NOT readOnly = true"]);
    await filters.getByRole("button", { name: "Remove user-3" }).click();
    await eventually(() => searchField(page).inputValue(), "eventName:ConsoleLogin,GetObject -readOnly:true");
    await filters.getByRole("button", { name: "not readOnly = true: on" }).click();
    await eventually(() => searchField(page).inputValue(), "eventName:ConsoleLogin,GetObject ~-readOnly:true");
    await eventually(() => status(page), "8,000 of 20,000 events (40%)");
    await filters.getByRole("button", { name: "eventName = ConsoleLogin or GetObject", exact: true }).click();
    const field = filters.getByRole("textbox", { name: "Filter" });
    await field.fill("eventName:AssumeRole");
    await field.press("Enter");
    await eventually(() => searchField(page).inputValue(), "eventName:AssumeRole ~-readOnly:true");
    await page.getByRole("button", { name: "Clear filters" }).click();
    await eventually(() => status(page), "20,000 events");
    assert.equal(await searchField(page).inputValue(), "");
  }));

test("narrows down by facets: only, too, not, and back", () =>
  explore(async (page) => {
    const names = facet(page, "Event name");
    const value = (name) => names.getByRole("button", { name, exact: false }).and(names.locator(".facet-pick"));
    await value("AssumeRole").click();
    await eventually(() => searchField(page).inputValue(), "eventName:AssumeRole");
    await eventually(() => status(page), "4,000 of 20,000 events (20%)");
    await value("GetObject").click({ modifiers: ["Control"] });
    await eventually(() => searchField(page).inputValue(), "eventName:AssumeRole,GetObject");
    await value("PutObject").click();
    await eventually(() => searchField(page).inputValue(), "eventName:PutObject");
    await value("PutObject").click();
    await eventually(() => searchField(page).inputValue(), "");
    await value("ConsoleLogin").hover();
    await names.getByRole("button", { name: "Filter out ConsoleLogin" }).click();
    await eventually(() => searchField(page).inputValue(), "-eventName:ConsoleLogin");
    await eventually(() => status(page), "16,000 of 20,000 events (80%)");
    await eventually(() => facetValues(page, "Error code"), [["(none)", "16.0k"]]);
    const out = names.getByRole("button", { name: "Filter out ConsoleLogin" });
    await eventually(() => out.getAttribute("aria-pressed"), "true");
    await out.click();
    await eventually(() => searchField(page).inputValue(), "");
  }));

test("a facet value says when it occurs, while the pointer or the focus is in its facet", () =>
  explore(async (page) => {
    const values = facet(page, "Event name").locator(".facet-pick");
    const says = (number) => values.nth(number).getAttribute("title").then((title) => title?.includes("\nFirst ") ?? null);
    assert.equal(await says(0), null);
    await values.nth(0).focus();
    await eventually(() => says(0), true);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    assert.equal(await says(1), true, "the focus stays in the facet");
    await searchField(page).focus();
    await eventually(() => says(1), null);
    await values.nth(0).hover();
    await eventually(() => says(0), true);
  }));

test("counts the values a search chooses, however rare they are", () =>
  explore(async (page) => {
    const addresses = facet(page, "Source IP");
    const rare = addresses.locator(".facet-value").filter({ hasText: "192.0.2.99" });
    const width = async (bar) => Number((await rare.locator(bar).getAttribute("style")).match(/width: ([\d.]+)%/)[1]);
    const values = () => facetValues(page, "Source IP", 300);
    assert.equal(await rare.count(), 0);

    await search(page, "sourceIPAddress:192.0.2.99 errorCode:AccessDenied");
    await eventually(() => status(page), "100 of 20,000 events (0.5%)");
    await eventually(async () => (await values())[0], ["192.0.2.99", "100"]);
    await eventually(async () => [await width(".facet-bar:not(.ghost)"), await width(".facet-bar.ghost")], [5, 0.5]);
    await search(page, "sourceIPAddress:192.0.2.99,198.51.100.1");
    await eventually(async () => (await values()).slice(0, 2), [["192.0.2.99", "100"], ["198.51.100.1", "0"]]);

    await search(page, "-sourceIPAddress:192.0.2.99");
    await eventually(() => status(page), "19,900 of 20,000 events (99.5%)");
    await eventually(async () => (await values()).slice(8), [["192.0.2.99", "100"]]);
    assert.match(await rare.getAttribute("class"), /excluded/);
    await addresses.getByRole("button", { name: "Show more" }).click();
    await eventually(async () => (await values()).length, 200);
    assert.deepEqual((await values()).at(-1), ["192.0.2.99", "100"]);
    await addresses.getByRole("button", { name: "Search in sourceIPAddress" }).click();
    await page.getByRole("textbox", { name: "Values of sourceIPAddress that contain" }).fill("2.98");
    await eventually(values, [["192.0.2.98", "100"], ["192.0.2.99", "100"]]);
  }));

test("searches inside a facet and adds any field as one", () =>
  explore(async (page) => {
    await facet(page, "Source IP").getByRole("button", { name: "Search in sourceIPAddress" }).click();
    await page.getByRole("textbox", { name: "Values of sourceIPAddress that contain" }).fill("192.0.2.19");
    await eventually(async () => (await facetValues(page, "Source IP", 3)).map(([value]) => value), [
      "192.0.2.19",
      "192.0.2.190",
      "192.0.2.191",
    ]);
    await page.getByRole("button", { name: "Add a facet" }).click();
    const dialog = page.getByRole("dialog", { name: "Facets" });
    await dialog.getByRole("textbox", { name: "Find a field" }).fill("bucket");
    await dialog.getByRole("checkbox", { name: "requestParameters.bucketName" }).check();
    await dialog.getByRole("button", { name: "Close" }).click();
    await eventually(() => facetValues(page, "requestParameters.bucketName"), [["reports", "20.0k"]]);
  }));

test("sorts by time and by any column", () =>
  explore(async (page) => {
    assert.equal(await firstTime(page), timeOf(EVENTS - 1));
    await header(page, "Time").click();
    await eventually(() => firstTime(page), timeOf(0));
    assert.equal(await header(page, "Time").getAttribute("aria-sort"), "ascending");
    await header(page, "Source IP").click();
    await eventually(async () => (await cells(page, 1))[4], "192.0.2.0");
    await header(page, "Source IP").click();
    await eventually(async () => (await cells(page, 1))[4], "192.0.2.99");
    assert.equal(await header(page, "Source IP").getAttribute("aria-sort"), "descending");
    assert.equal(await header(page, "Time").getAttribute("aria-sort"), "none");
  }));

test("shows the right rows at the end and in the middle", () =>
  explore(async (page) => {
    const grid = page.getByRole("grid", { name: "Events" });
    assert.equal(await grid.getAttribute("aria-rowcount"), String(EVENTS + 1));
    const visible = () =>
      grid.locator(".row[aria-rowindex]:not([data-line='0'])").evaluateAll((rows) =>
        rows.map((item) => [Number(item.getAttribute("aria-rowindex")) - 1, item.firstElementChild?.innerText]),
      );
    for (const part of [0.5, 1, 0.123]) {
      await grid.evaluate((element, share) => (element.scrollTop = share * element.scrollHeight), part);
      await eventually(
        async () => {
          const rows = await visible();
          const inPlace = Math.abs(rows[0][0] / EVENTS - part) < 0.01;
          return inPlace && rows.length > 10 && rows.every(([number, time]) => time === timeOf(EVENTS - number));
        },
        true,
        `rows at ${part}`,
      );
    }
    await row(page, Math.round(0.123 * EVENTS)).first().getByRole("gridcell").first().click();
    await page.keyboard.press("Control+End");
    await eventually(async () => (await cells(page, EVENTS))[0], timeOf(0));
    await page.keyboard.press("Control+Home");
    await eventually(() => firstTime(page), timeOf(EVENTS - 1));
  }));

test("shows any field as a column, and takes columns away", () =>
  explore(async (page) => {
    await page.getByRole("button", { name: "Columns" }).click();
    const dialog = page.getByRole("dialog", { name: "Columns" });
    await dialog.getByRole("textbox", { name: "Find a field" }).fill("requestParameters.key");
    await dialog.getByRole("checkbox", { name: "requestParameters.key" }).check();
    await closeDialog(page);
    await eventually(async () => (await cells(page, 1)).at(-1), "file-019999");
    await header(page, "Region").click({ button: "right" });
    await page.getByRole("menuitem", { name: "Remove this column" }).click();
    await eventually(() => page.getByRole("grid", { name: "Events" }).getByRole("columnheader").allInnerTexts(), [
      "Time",
      "Event name",
      "Event source",
      "Principal",
      "Source IP",
      "Error code",
      "requestParameters.key",
    ]);
    await eventually(async () => (await cells(page, 1)).length, 7);
  }));

test("opens an event as fields, as JSON and as the bytes of the file", () =>
  explore(async (page) => {
    await row(page, 1).click();
    await drawer(page).getByRole("heading", { name: "ConsoleLogin" }).waitFor();
    await drawer(page).getByText("1 of 20,000").waitFor();
    await drawer(page).getByRole("button", { name: "eventID: 00000000-0000-4000-8000-000000019999. Menu" }).waitFor();
    await drawer(page).getByRole("textbox", { name: "Find in this event" }).fill("bucket");
    await eventually(() => drawer(page).locator("dt").allInnerTexts(), ["requestParameters.bucketName"]);
    await drawer(page).getByRole("tab", { name: "JSON" }).click();
    const tree = drawer(page).getByRole("list", { name: "Event as JSON" });
    await tree.getByRole("button", { name: /requestParameters\s*\{2\}/ }).click();
    await tree.getByText("file-019999").waitFor({ state: "detached" });
    await drawer(page).getByRole("tab", { name: "Raw" }).click();
    const raw = drawer(page).getByLabel("Record as in the file");
    await eventually(() => raw.textContent(), JSON.stringify(record(EVENTS - 1)));
    await drawer(page).getByRole("button", { name: "Next event" }).click();
    await eventually(() => raw.textContent(), JSON.stringify(record(EVENTS - 2)));
    await drawer(page).getByText("2 of 20,000").waitFor();
    await drawer(page).getByRole("button", { name: "Previous event" }).click();
    await eventually(() => raw.textContent(), JSON.stringify(record(EVENTS - 1)));
    await drawer(page).getByRole("button", { name: "Close" }).click();
    await drawer(page).waitFor({ state: "detached" });
  }));

test("stays at the event stepped to when the answer about the one before comes late", () =>
  explore(async (page) => {
    // Questions of some kinds wait until they are let go. In a message they are numbers: the only request (1), a query
    // (5) with its ticket, for an event (6); and to find (7) a text of 36 characters ("$"), the eventID.
    await page.evaluate(() => {
      const kinds = { Event: /^\x01\x05[\x80-\xff]*[\x00-\x7f]\x06/, Find: /\x07\$[0-9a-f]{8}-/ };
      const post = MessagePort.prototype.postMessage;
      const held = new Map();
      MessagePort.prototype.postMessage = function (parts, transfer) {
        const text = parts?.[0] instanceof Uint8Array ? new TextDecoder("latin1").decode(parts[0]) : "";
        const kind = [...held.keys()].find((kind) => kinds[kind].test(text));
        kind ? held.get(kind).push(() => post.call(this, parts, transfer)) : post.call(this, parts, transfer);
      };
      globalThis.hold = (kind) => held.set(kind, []);
      globalThis.held = (kind) => held.get(kind).length > 0;
      globalThis.letGo = (kind) => {
        const messages = held.get(kind);
        held.delete(kind);
        messages.forEach((send) => send());
      };
    });
    const stepHolding = async (kind, place) => {
      await page.evaluate((kind) => globalThis.hold(kind), kind);
      await page.keyboard.press("k");
      await drawer(page).getByText(place).waitFor();
      await eventually(() => page.evaluate((kind) => globalThis.held(kind), kind), true);
    };
    await row(page, 4).click();
    await drawer(page).getByText("4 of 20,000").waitFor();
    await drawer(page).getByRole("button", { name: /^eventID: \S*19996. Menu/ }).waitFor();
    await stepHolding("Find", "3 of 20,000");
    await stepHolding("Event", "2 of 20,000");
    await page.evaluate(() => globalThis.letGo("Find"));
    // Whatever is asked now is answered later.
    await facet(page, "Event name").getByRole("button", { name: "Search in eventName" }).click();
    await page.getByRole("textbox", { name: "Values of eventName that contain" }).fill("get");
    await eventually(() => facetValues(page, "Event name"), [["GetObject", "4,000"]]);
    assert.equal(await drawer(page).getByText("2 of 20,000").count(), 1);
    await page.evaluate(() => globalThis.letGo("Event"));
    await drawer(page).getByRole("button", { name: /^eventID: \S*19998. Menu/ }).waitFor();
    await drawer(page).getByText("2 of 20,000").waitFor();
  }));

test("filters from a value of the open event, and finds what belongs to it", () =>
  explore(async (page) => {
    await row(page, 1).click();
    await drawer(page).getByRole("button", { name: "eventName: ConsoleLogin. Menu" }).click();
    await page.getByRole("menuitem", { name: "Filter for value" }).click();
    await eventually(() => searchField(page).inputValue(), "eventName:ConsoleLogin");
    await drawer(page).getByRole("button", { name: "errorCode: AccessDenied. Menu" }).click();
    await page.getByRole("menuitem", { name: "Filter out value" }).click();
    await eventually(() => searchField(page).inputValue(), "eventName:ConsoleLogin -errorCode:AccessDenied");
    await eventually(() => status(page), "2,000 of 20,000 events (10%)");
    const related = drawer(page).getByRole("region", { name: "Related events" });
    await related.getByRole("button", { name: "Same request 2" }).click();
    await eventually(() => status(page), "2 of 20,000 events (<0.1%)");
    await related.getByRole("button", { name: /^Everything, ± 5 min/ }).click();
    await eventually(() => status(page), "301 of 20,000 events (1.5%)");
    await drawer(page).getByRole("button", { name: "requestParameters.key: file-019999. Menu" }).click();
    await page.getByRole("menuitem", { name: "Add as column" }).click();
    await eventually(async () => (await cells(page, 1)).at(-1), "file-019999");
  }));

test("goes back and forward as undo and redo", () =>
  explore(async (page) => {
    await search(page, "eventName:ConsoleLogin");
    await eventually(() => status(page), "4,000 of 20,000 events (20%)");
    await header(page, "Time").click();
    await eventually(() => firstTime(page), timeOf(4));
    await search(page, "eventName:ConsoleLogin errorCode:AccessDenied");
    await eventually(() => status(page), "2,000 of 20,000 events (10%)");
    await page.goBack();
    await eventually(() => status(page), "4,000 of 20,000 events (20%)");
    await eventually(() => firstTime(page), timeOf(4));
    await page.goBack();
    await eventually(() => firstTime(page), timeOf(EVENTS - 1));
    await page.goBack();
    await eventually(() => status(page), "20,000 events");
    await page.goForward();
    await eventually(() => status(page), "4,000 of 20,000 events (20%)");
    await eventually(() => searchField(page).inputValue(), "eventName:ConsoleLogin");
  }));

test("a search that was left without Enter is a step of its own", () =>
  explore(async (page) => {
    await searchField(page).pressSequentially("accessdenied");
    await eventually(() => status(page), "2,000 of 20,000 events (10%)");
    const newest = await firstTime(page);
    await header(page, "Time").click();
    await eventually(async () => (await firstTime(page)) === newest, false);
    await page.goBack();
    await eventually(() => firstTime(page), newest);
    assert.equal(await status(page), "2,000 of 20,000 events (10%)");
    assert.equal(await searchField(page).inputValue(), "accessdenied");
    await page.goBack();
    await eventually(() => status(page), "20,000 events");
    assert.equal(await searchField(page).inputValue(), "");
  }));

test("goes back with the focus anywhere", () =>
  explore(async (page) => {
    const open = (panel) => page.getByRole("button", { name: panel, exact: true }).click();
    await open("Alarms");
    await page.getByRole("button", { name: "Unauthorized API calls" }).click();
    const editor = page.getByRole("combobox", { name: "Filter pattern" });
    for (const enter of [
      () => editor.fill("{ $.errorCode = AccessDenied }"),
      () => page.getByRole("slider", { name: "Threshold" }).focus(),
      () => page.getByLabel("Metric value").fill("2"),
    ]) {
      await open("Events");
      await row(page, 1).waitFor();
      await open("Alarms");
      await enter();
      await page.goBack();
      await row(page, 1).waitFor();
      await open("Alarms");
    }
    await open("Events");
    await search(page, "eventName:ConsoleLogin");
    await page.getByRole("list", { name: "Filters" }).getByRole("button", { name: "eventName = ConsoleLogin", exact: true }).click();
    await page.getByRole("textbox", { name: "Filter", exact: true }).waitFor();
    await page.goBack();
    await eventually(() => status(page), "20,000 events");
    await row(page, 1).getByRole("gridcell").first().focus();
    await page.goBack();
    await editor.waitFor();
  }));

test("zooms into a time range by pointer and keyboard, and out again by breadcrumbs", () =>
  explore(async (page) => {
    const surface = page.getByRole("application", { name: "Time range of the events" });
    const box = await surface.boundingBox();
    const y = box.y + box.height / 2;
    await page.mouse.move(box.x + box.width * 0.3, y);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.5, y, { steps: 4 });
    await page.mouse.up();
    await page.getByRole("button", { name: "Zoom in" }).click();
    const crumbs = page.getByRole("list", { name: "Time ranges" }).getByRole("listitem");
    await eventually(() => crumbs.count(), 2);
    await eventually(async () => / of 20,000 events/.test(await status(page)), true);
    const wide = await status(page);
    await surface.focus();
    for (const key of ["Home", "Shift+ArrowRight", "Shift+ArrowRight", "Enter"]) await page.keyboard.press(key);
    await eventually(() => crumbs.count(), 3);
    await eventually(async () => (await status(page)) !== wide, true);
    await crumbs.nth(1).getByRole("button").first().click();
    await eventually(() => status(page), wide);
    await page.getByRole("button", { name: "Full range" }).click();
    await eventually(() => status(page), "20,000 events");
  }));

test("Esc closes a popover and leaves the event behind it open", () =>
  explore(async (page) => {
    await row(page, 1).getByRole("gridcell").first().click();
    await drawer(page).waitFor();
    await page.getByRole("button", { name: "Settings" }).click();
    const settings = page.getByRole("dialog", { name: "Settings" });
    await settings.waitFor();
    await page.keyboard.press("Escape");
    await settings.waitFor({ state: "hidden" });
    assert.equal(await drawer(page).isVisible(), true);
    await page.keyboard.press("Escape");
    await drawer(page).waitFor({ state: "hidden" });
  }));

test("a copied link holds the search that is typed but not entered", async () => {
  const { page, context, close } = await site.page();
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await dropFiles(page, [trail]);
  await loaded(page, "20,000 events");
  await searchField(page).pressSequentially("accessdenied");
  await eventually(() => status(page), "2,000 of 20,000 events (10%)");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("link with search");
  await page.keyboard.press("Enter");
  await eventually(() => page.locator(".toast").innerText(), "Link copied, with everything in it");
  const link = await page.evaluate(() => navigator.clipboard.readText());
  await close();

  const other = await site.page({ fragment: link.slice(link.indexOf("#")) });
  await dropFiles(other.page, [trail]);
  await loaded(other.page, "2,000 of 20,000 events (10%)");
  await other.close();
});

test("shows times in the chosen zone", () =>
  explore(
    async (page) => {
      assert.equal(await firstTime(page), "2025-01-06 05:33:19");
      await page.getByRole("contentinfo").getByRole("button", { name: "UTC" }).click();
      await eventually(() => firstTime(page), "2025-01-06 00:33:19");
      await page.getByRole("button", { name: "Settings" }).click();
      await page.getByRole("dialog", { name: "Settings" }).getByLabel("Time zone").selectOption("Asia/Tokyo");
      await eventually(() => firstTime(page), "2025-01-06 14:33:19");
    },
    { timezone: "America/New_York" },
  ));

test("switches the theme and remembers it", () =>
  explore(async (page) => {
    const background = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    const light = await background();
    await page.getByRole("button", { name: "Settings" }).click();
    await page.getByRole("button", { name: "Dark" }).click();
    await eventually(async () => (await background()) !== light, true);
    const dark = await background();
    await page.reload();
    await page.getByRole("button", { name: "Load the sample" }).waitFor();
    assert.equal(await background(), dark);
    await page.getByRole("button", { name: "Settings" }).click();
    await page.getByRole("button", { name: "System" }).click();
    await eventually(background, light);
  }));
