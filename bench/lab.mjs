// The alarm lab over a large archive: from a click to the answer of each panel.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { load, openPage, pick } from "./page.mjs";
import { KEPT, ROOT } from "./place.mjs";

/** Longer than any panel may think. */
const PATIENCE_MS = 120_000;

/** What an alarm says when it has states. */
const DECIDED = "^(Fires|Never|In ALARM)";

/** The steps, in the order in which they lead to each other: `prepare`, then `ask`, and `answer` has the text `like`. */
const steps = (page) => {
  const press = (name) => () => page.getByRole("button", { name, exact: true }).click();
  const command = (text) => async () => {
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox", { name: "Command" }).fill(text);
  };
  const preset = (name) => () => page.getByRole("button", { name }).click();
  const enter = () => page.keyboard.press("Enter");
  const other = () => page.getByLabel("Pattern B").fill('{ $.errorCode = "AccessDenied" }');
  return {
    controls: { ask: press("Controls"), answer: ".controls-summary", like: "of 15 controls" },
    alarm: { prepare: press("Alarms"), ask: preset(/^Unauthorized API calls/), answer: ".headline", like: DECIDED },
    sweep: { ask: press("Sweep"), answer: ".sweep-scroll table", like: "." },
    noise: { ask: press("Noise"), answer: ".noise-tools p", like: "events? matched" },
    noise_preview: { ask: () => page.locator(".noise-row").first().click(), answer: ".noise-effect p", like: "matches" },
    compare: { prepare: press("Compare"), ask: other, answer: ".compare-fires", like: "fires" },
    what_if: { ask: press("What if"), answer: ".what-if tbody", like: "." },
    time_travel: { ask: press("Time travel"), answer: ".time-travel-rule", like: "." },
    metric_math: { prepare: command("metric math"), ask: enter, answer: ".headline", like: DECIDED },
    band: { prepare: command("anomaly"), ask: enter, answer: ".headline", like: DECIDED },
    sweep_band: { ask: press("Sweep"), answer: ".sweep-scroll table", like: "σ" },
    rule: { prepare: press("Rules"), ask: preset(/^Activity of the root user/), answer: ".headline", like: "^(?!No result)" },
    // Fifteen deployed alarms at once.
    overview: {
      prepare: async () => (await press("Alarms")(), await pick(deployed())(page)),
      ask: press("Add to the lab"),
      answer: ".overview-head p",
      like: "^18 alarms: (?!.*still running)",
    },
  };
};

/** Loads `set` and opens every panel once; answers `{ panel: { ms, long_task_ms } }`. */
export async function measureLab(browser, url, set, say) {
  const { page, close } = await openPage(browser, url, 2);
  await load(page, pick(set.files));
  await page.waitForTimeout(3_000); // The panes ask once more when a load is over.
  const samples = {};
  for (const [name, { prepare, ask, answer, like }] of Object.entries(steps(page))) {
    await prepare?.();
    await page.waitForTimeout(500);
    await page.evaluate((wanted) => globalThis.bench.watch("answer", ...wanted), [answer, like, PATIENCE_MS]);
    await ask();
    const result = await page.evaluate(() => globalThis.bench.result());
    if (result === null) throw new Error(`${name}: no answer within ${PATIENCE_MS / 1000} s`);
    samples[name] = result;
    say(`${name}: ${result.ms.toFixed(0)} ms, longest task ${result.long_task_ms.toFixed(0)} ms`);
  }
  await close();
  return samples;
}

/** The fifteen controls as `describe-metric-filters` and `describe-alarms` would print them. */
function deployed() {
  const { controls } = JSON.parse(readFileSync(join(ROOT, "tests/cases/cis-controls.json"), "utf8"));
  const metricFilters = controls.map(({ key, filter_pattern }) => ({
    filterName: key,
    filterPattern: filter_pattern,
    logGroupName: "trail",
    metricTransformations: [{ metricName: key, metricNamespace: "LogMetrics", metricValue: "1", defaultValue: 0 }],
  }));
  const MetricAlarms = controls.map(({ key }) => ({
    AlarmName: key,
    MetricName: key,
    Namespace: "LogMetrics",
    Statistic: "Sum",
    Period: 300,
    EvaluationPeriods: 1,
    DatapointsToAlarm: 1,
    Threshold: 1,
    ComparisonOperator: "GreaterThanOrEqualToThreshold",
    TreatMissingData: "notBreaching",
  }));
  const folder = join(KEPT, "data", "deployed");
  mkdirSync(folder, { recursive: true });
  return Object.entries({ "metric-filters": { metricFilters }, alarms: { MetricAlarms } }).map(([name, value]) => {
    const file = join(folder, `${name}.json`);
    writeFileSync(file, JSON.stringify(value));
    return file;
  });
}
