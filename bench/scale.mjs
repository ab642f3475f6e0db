// How cost grows: the page on ever more events, and on ever more tiny files.

import { drop, loadOnce } from "./page.mjs";
import { folderOf, sets, thinned } from "./sets.mjs";

const CURVE = [100_000, 300_000, 1_000_000, 2_000_000, 5_000_000];

/** The load curve up to `events`: parts of one set over the same time, with two workers. */
export async function loadCurve(browser, url, events, say) {
  const all = sets.scale(events);
  const points = [];
  for (const wanted of new Set([...CURVE.filter((point) => point < events), events])) {
    const set = thinned(all, wanted / events);
    const { load_ms, first_rows_ms, memory, long_task_ms } = await loadOnce(browser, url, set, { workers: 2 });
    points.push({ events: wanted, files: set.files.length, load_ms, first_rows_ms, memory, long_task_ms });
    say(`${wanted} events: ${(load_ms / 1000).toFixed(1)} s, ${(memory / 1e6).toFixed(0)} MB of wasm memory`);
  }
  return points;
}

/** Time per file when a folder of tiny files is dropped: a thirtieth of them against all. */
export async function tinyFiles(browser, url, files, say) {
  const all = sets.tiny(files);
  const points = [];
  for (const set of [thinned(all, 1 / 30), all]) {
    const choose = drop(folderOf(set, all));
    const { load_ms, first_rows_ms, memory, long_task_ms } = await loadOnce(browser, url, set, { workers: 2, choose });
    const us_per_file = (load_ms * 1000) / set.files.length;
    points.push({ files: set.files.length, load_ms, us_per_file, first_rows_ms, memory, long_task_ms });
    say(`${set.files.length} tiny files: ${(load_ms / 1000).toFixed(1)} s, ${us_per_file.toFixed(0)} µs a file`);
  }
  return points;
}
