// The arithmetic of the benchmark: samples, figures and tables, without measuring anything.

import assert from "node:assert/strict";
import { test } from "node:test";
import { markdown } from "./report.mjs";
import { inTurns, median, quantile } from "./stats.mjs";
import { summary } from "./summary.mjs";

test("medians and quantiles do not depend on the order", () => {
  assert.equal(median([9, 1, 5]), 5);
  assert.equal(median([10, 9, 1, 2]), 5.5);
  assert.equal(quantile([30, 10, 20, 40], 0.95), 40);
  assert.equal(quantile([30, 10, 20, 40], 0.5), 30);
});

test("what is compared is measured in turns", async () => {
  const order = [];
  const task = (name) => async () => ({ ms: order.push(name) });
  const samples = await inTurns(2, { a: task("a"), b: task("b") });
  assert.deepEqual(order, ["a", "b", "a", "b"]);
  assert.deepEqual(samples, { a: { ms: [1, 3] }, b: { ms: [2, 4] } });
});

const samples = {
  memory: {
    "decompress-1": { load_ms: [800, 700, 900] },
    "store-1": { load_ms: [1_000, 1_100, 900], heap: [200, 200, 200], memory: [400, 400, 400] },
  },
};
const sets = { large: { events: 2, raw: 5e8 } };

test("a ratio says how much faster ours is, and what was not measured is left out", () => {
  const { ratios, absolute } = summary({ sets, samples });
  assert.deepEqual(ratios, { store_vs_decompressionstream: 0.8 });
  assert.equal(absolute.bytes_per_event, 100);
  assert.equal(absolute.megabytes_per_second, 500);
});

test("the tables show figures beside their goals, and what was skipped", () => {
  const machine = { date: "2026-11-25", cpu: "CPU", cores: 2, memory_gb: 8, jq: null };
  const text = markdown({ machine, runs: 3, skipped: ["jq is not there"], samples, ...summary({ sets, samples }) });
  assert.match(text, /\| 0\.80× \| 0\.75× \| 1\.1× \|/);
  assert.match(text, /\| store-1 \| 1\.00 \| 1\.00 1\.10 0\.90 \|/);
  assert.match(text, /jq not there/);
  assert.match(text, /Not measured: jq is not there/);
});
