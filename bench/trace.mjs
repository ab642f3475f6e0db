// The browser's own trace, for what cannot be seen from inside the page: how long its tasks are.

/** Milliseconds of the longest task on the thread of `page` while `work()` runs. */
export async function longestTask(browser, page, work) {
  await browser.startTracing(page, { categories: ["toplevel", "blink.user_timing"] });
  await page.evaluate(() => performance.mark("trailscope-bench:here"));
  await work();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  const here = traceEvents.find((event) => event.name === "trailscope-bench:here");
  if (!here) throw new Error("the trace does not show the page's thread");
  const tasks = traceEvents.filter(
    (event) => event.pid === here.pid && event.tid === here.tid && event.ts > here.ts && event.dur && event.name.endsWith("RunTask"),
  );
  return Math.max(...tasks.map((task) => task.dur)) / 1000;
}
