// The browser's own trace, for what cannot be seen from inside the page: how long its tasks are.

/** The mark from which on tasks count. */
export const FROM = "trailscope-bench:from";

/**
 * Milliseconds of the longest task on the thread of `page` while `work()` runs, from the last mark `FROM` on, which is
 * made here, and by the page again where only a part of the work counts; and how long the task that made it had run
 * until then.
 */
export async function longestTask(browser, page, work) {
  await browser.startTracing(page, { categories: ["toplevel", "blink.user_timing"] });
  await page.evaluate((from) => performance.mark(from), FROM);
  await work();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  const from = traceEvents.filter((event) => event.name === FROM).sort((a, b) => a.ts - b.ts).at(-1);
  if (!from) throw new Error("the trace does not show the page's thread");
  const tasks = traceEvents.filter(
    (event) => event.pid === from.pid && event.tid === from.tid && event.name.endsWith("RunTask") && event.ts + event.dur > from.ts,
  );
  const longest = Math.max(...tasks.map((task) => task.ts + task.dur - Math.max(task.ts, from.ts)));
  const before = Math.max(...tasks.map((task) => from.ts - task.ts), 0);
  return { longest_task_ms: longest / 1000, before_ms: before / 1000 };
}
