// The results as Markdown: what the terminal shows and what docs/benchmark.md holds.

import { median } from "./stats.mjs";

/** Goals as the tables name them: least and aim; `up` says that more is better. */
const GOALS = {
  store_vs_decompressionstream: ["gz in memory → queryable store, one worker, against DecompressionStream alone", 0.75, 1.1],
  store_vs_plain_js: ["the same against plain JavaScript", 4, 6],
  two_workers_vs_one: ["two workers against one", 1.8, 1.95],
  page_vs_memory: ["the page, from file input to all queryable, against memory with the same two workers", 0.75, 0.9],
  small_files_vs_large: ["2,000 small files against the same bytes in 200", 0.5, 0.7],
  native_vs_duckdb: ["native tool against DuckDB on .json.gz, two threads", 8, 15],
  tiny_files_growth: ["time per tiny file, all of them against a thirtieth (less is better)", 1.3, 1.3],
  bytes_per_event: ["memory, every leaf kept, bytes an event", 290, 200],
  filter_1m_ms: ["two conditions and 5-minute bins over 1 M events, one worker, ms", 5, 1],
  keystroke_ms: ["keystroke to repainted histogram, table and facets at 1 M events, ms", 100, 33],
  threshold_frame_ms: ["dragging the threshold at 1 M events over 90 days, 95th percentile of frames, ms", 17, 17],
  sweep_ms: ["threshold × period × M-of-N, 200 cells over 90 days, ms", 200, 50],
  first_rows_ms: ["first rows on screen after choosing 200 files, ms", 300, 100],
  longest_task_ms: ["the page thread's longest task during a load, ms", 50, 16],
};

/** All tables of `results.json`. */
export function markdown(results) {
  const { ratios, absolute, samples } = results;
  return [
    `Measured ${where(results.machine)}. Medians of ${results.runs}.`,
    figures("Against the goals", ratios, absolute),
    table("Loading 300,000 events, seconds", ["", "median", "all runs"], loads(samples.memory, "load_ms")),
    table("The adversarial set, seconds", ["", "median", "all runs"], loads(samples.adversarial, "load_ms")),
    table("The Invictus set, seconds", ["", "median", "all runs"], loads(samples.invictus, "load_ms")),
    table("Natively, counting by eventName, seconds", ["", "median", "all runs"], loads(samples.native, "ms")),
    figures("Further", ratios, absolute, true),
    table("The lab, from a click to its answer, ms", ["", "answer", "longest task"], panels(samples.lab)),
    curve("Load curve, two workers", samples.scale, "events"),
    curve("Tiny files, two workers", samples.tiny, "files"),
    results.skipped.length ? `Not measured: ${results.skipped.join("; ")}` : "",
  ]
    .filter(Boolean)
    .join("\n\n");
}

function where({ date, cpu, cores, memory_gb, ...versions }) {
  const list = Object.entries(versions).map(([name, version]) => `${name} ${version ?? "not there"}`);
  return `${date} on ${cores} cores (${cpu}), ${memory_gb} GB; ${list.join(", ")}`;
}

/** Figures that have a goal, or those that have none. */
function figures(title, ratios, absolute, others = false) {
  const lines = [];
  for (const [name, value] of [...Object.entries(ratios), ...Object.entries(absolute)]) {
    if (typeof value !== "number" || name in GOALS === others) continue;
    const unit = name in ratios ? "×" : "";
    if (others) lines.push([name, short(value) + unit]);
    else lines.push([GOALS[name][0], short(value) + unit, GOALS[name][1] + unit, GOALS[name][2] + unit]);
  }
  return table(title, others ? ["", "measured"] : ["", "measured", "at least", "aim"], lines);
}

function loads(tasks, key) {
  const seconds = (ms) => (ms / 1000).toFixed(2);
  return Object.entries(tasks ?? {}).map(([name, { [key]: ms }]) => [name, seconds(median(ms)), ms.map(seconds).join(" ")]);
}

function panels(lab) {
  return Object.entries(lab ?? {}).map(([name, { ms, long_task_ms }]) => [name, short(ms), long_task_ms ? short(long_task_ms) : "< 50"]);
}

function curve(title, points, by) {
  const line = (point) => [
    point[by].toLocaleString("en"),
    (point.load_ms / 1000).toFixed(2),
    ((point.load_ms * 1000) / point[by]).toFixed(2),
    (point.memory / 1e6).toFixed(0),
    (point.memory / point[by]).toFixed(0),
    point.first_rows_ms.toFixed(0),
  ];
  const head = [by, "seconds", `µs for each`, "wasm MB", "bytes for each", "first rows, ms"];
  return table(title, head, (points ?? []).map(line));
}

function table(title, head, lines) {
  if (lines.length === 0) return "";
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [`### ${title}`, "", line(head), line(head.map((_, index) => (index ? "--:" : "---"))), ...lines.map(line)].join("\n");
}

const short = (value) => (value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2));
