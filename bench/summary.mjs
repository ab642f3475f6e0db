// From samples to the figures that count: ratios of things measured in turns, and absolute numbers.
//
// A figure that was not measured is left out.

import { median, quantile } from "./stats.mjs";

/** Answers `{ ratios, absolute }` of what `run.mjs` collected. */
export function summary({ sets = {}, samples }) {
  const time = (part, task, key = "load_ms") => middle(samples[part]?.[task]?.[key]);
  const memory = (task) => time("memory", task);
  const page = (task, key) => time("memory", task, key);
  const native = (task) => time("native", task, "ms");
  const faster = (slow, fast) => (slow === undefined || fast === undefined ? undefined : slow / fast);
  const load = samples.memory?.["store-1"];
  const ratios = {
    store_vs_decompressionstream: faster(memory("decompress-1"), memory("store-1")),
    store_vs_decompressionstream_two: faster(memory("decompress-2"), memory("store-2")),
    store_vs_plain_js: faster(memory("plain-1"), memory("store-1")),
    store_vs_plain_js_two: faster(memory("plain-2"), memory("store-2")),
    two_workers_vs_one: faster(memory("store-1"), memory("store-2")),
    page_vs_memory: faster(memory("store-2"), page("page-2")),
    page_vs_memory_one: faster(memory("store-1"), page("page-1")),
    small_files_vs_large: faster(page("page-packed"), page("page-small")),
    native_vs_duckdb: faster(native("duckdb-gz-2"), native("ours-2")),
    native_vs_duckdb_one: faster(native("duckdb-gz-1"), native("ours-1")),
    native_vs_duckdb_ndjson: faster(native("duckdb-ndjson-2"), native("ours-2")),
    native_vs_jq: faster(native("jq"), native("ours-1")),
    tiny_files_growth: faster(samples.tiny?.[1]?.us_per_file, samples.tiny?.[0]?.us_per_file),
  };
  const { queries = {}, hands = {} } = samples;
  const absolute = {
    bytes_per_event: load && median(load.heap) / sets.large.events,
    memory_per_event: load && median(load.memory) / sets.large.events,
    megabytes_per_second: load && sets.large.raw / 1e3 / memory("store-1"),
    filter_1m_ms: middle(queries.filter_1m_ms),
    filter_common_1m_ms: middle(queries.filter_common_1m_ms),
    bins_1m_ms: middle(queries.bins_1m_ms),
    group_1m_ms: middle(queries.group_1m_ms),
    sweep_ms: middle(queries.sweep_ms),
    first_rows_ms: page("page-2", "first_rows_ms"),
    longest_task_ms: middle(samples.longest_task?.load?.longest_task_ms),
    file_list_ms: middle(samples.longest_task?.load?.file_list_ms),
    long_task_ms: page("page-2", "long_task_ms"),
    keystroke_ms: middle(hands.keystroke_ms),
    keystroke_worst_ms: hands.keystroke_ms && Math.max(...hands.keystroke_ms),
    threshold_frame_ms: high(hands.threshold_frame_ms),
    threshold_task_ms: hands.threshold_task_ms,
    scroll_frame_ms: high(hands.scroll_frame_ms),
    idle_frame_ms: high(hands.idle_frame_ms),
    load_curve: samples.scale,
    tiny_files: samples.tiny,
  };
  return { ratios: measured(ratios), absolute: measured(absolute) };
}

const middle = (values) => values && median(values);
const high = (values) => values && quantile(values, 0.95);
const measured = (figures) => Object.fromEntries(Object.entries(figures).filter(([, value]) => value !== undefined));
