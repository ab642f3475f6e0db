// The real page under the hands of somebody: typing in the search, dragging the threshold, scrolling.

import { load, openPage, pick } from "./page.mjs";
import { quantile } from "./stats.mjs";
import { longestTask } from "./trace.mjs";

/** Most letters find fewer events than those before them. */
const WORD = "denied";
/** How long a keystroke may take before it counts as one that is not followed. */
const PATIENCE_MS = 5_000;
/** Pointer and wheel events of a gesture, about one a frame. */
const MOVES = 120;

/** Loads `set` and works with it; answers raw samples in milliseconds. */
export async function measureHands(browser, url, set, runs, say) {
  const { page, close } = await openPage(browser, url, 2);
  await load(page, pick(set.files));
  await page.waitForTimeout(1_000); // The panes ask once more when a load is over.
  const samples = { idle_frame_ms: await frames(page, () => page.waitForTimeout(1_000)) };
  samples.scroll_frame_ms = await frames(page, () => scroll(page));
  say(`scroll: 95th percentile of frames ${quantile(samples.scroll_frame_ms, 0.95).toFixed(1)} ms`);
  Object.assign(samples, await typing(page, runs));
  say(`keystroke: ${samples.keystroke_ms.map(Math.round).join(", ")} ms`);
  Object.assign(samples, await threshold(browser, page));
  say(`threshold: 95th percentile of frames ${quantile(samples.threshold_frame_ms, 0.95).toFixed(1)} ms`);
  await close();
  return samples;
}

/** Milliseconds between the frames while `work()` goes on. */
async function frames(page, work) {
  await page.evaluate(() => globalThis.bench.watch("frames"));
  await work();
  return page.evaluate(() => (globalThis.bench.stop(), globalThis.bench.result()));
}

async function scroll(page) {
  await page.locator("[role=grid]").hover();
  for (let move = 0; move < MOVES; move++) await page.mouse.wheel(0, 240);
}

/** From pressing a key to the panes that show its answer. */
async function typing(page, runs) {
  const field = page.locator("#search");
  const press = async (key) => {
    await page.evaluate((patience) => globalThis.bench.watch("keystroke", patience), PATIENCE_MS);
    await page.keyboard.press(key);
    return page.evaluate(() => globalThis.bench.result());
  };
  await field.click();
  const keystroke_ms = [];
  for (let run = 0; run < runs; run++) {
    await field.fill("");
    await page.waitForTimeout(500);
    for (const letter of WORD) {
      const time = await press(letter);
      if (time !== null) keystroke_ms.push(time);
    }
  }
  await field.fill("");
  await page.keyboard.press("Enter");
  if (keystroke_ms.length === 0) throw new Error("no keystroke was followed by an answer");
  return { keystroke_ms };
}

/** Drags the threshold of the alarm on refused calls up and down. */
async function threshold(browser, page) {
  await page.getByRole("button", { name: "Alarms" }).click();
  await page.getByRole("button", { name: "Unauthorized API calls" }).click();
  const grip = page.locator(".threshold-grip");
  await grip.waitFor();
  await page.waitForTimeout(500);
  const drag = async () => {
    const box = await grip.boundingBox();
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await page.mouse.move(x, y);
    await page.mouse.down();
    for (let move = 0; move < MOVES; move++) await page.mouse.move(x, y - 40 + 40 * Math.cos((move / MOVES) * 4 * Math.PI));
    await page.mouse.up();
  };
  const threshold_frame_ms = await frames(page, drag);
  const { longest_task_ms: threshold_task_ms } = await longestTask(browser, page, drag);
  return { threshold_frame_ms, threshold_task_ms };
}
