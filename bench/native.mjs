// Natively, on the same files: our tool, zcat with jq, and DuckDB. All count events by name, and must agree.

import { execFileSync, spawnSync } from "node:child_process";
import { createWriteStream, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { KEPT, ROOT, TOOL } from "./place.mjs";

const DUCKDB = "2.0.1";
const VENV = join(KEPT, "venv");
const PYTHON = join(VENV, "bin/python");

/** Tasks for `inTurns`, as far as the machine has the tools; what is missing is said. */
export async function nativeTasks(set, say) {
  const expected = ours(set, 1).counts;
  const checked = (name, count) => () => {
    const { counts, ms } = count();
    if (!same(counts, expected)) throw new Error(`${name} counts other events than trailscope`);
    return { ms };
  };
  const tasks = { "ours-1": checked("ours", () => ours(set, 1)), "ours-2": checked("ours", () => ours(set, 2)) };
  if (has("jq") && has("zcat")) tasks.jq = checked("jq", () => jq(set));
  else say("SKIPPED: zcat | jq, because jq or zcat is not there (apt-get install jq)");
  if (installDuckdb(say)) {
    const ndjson = await asNdjson(set);
    const lists = { gz: listOf(set.name, set.files), ndjson: listOf(`${set.name}-ndjson`, [ndjson]) };
    for (const threads of [1, 2]) {
      for (const form of ["gz", "ndjson"]) {
        tasks[`duckdb-${form}-${threads}`] = checked("DuckDB", () => duckdb(lists[form], form, threads));
      }
    }
  }
  return tasks;
}

/** From starting the process to its end, as for jq. */
function ours(set, threads) {
  const args = ["count", set.folder, "--by", "eventName", "--keep-duplicates", "--json", "--threads", String(threads)];
  const { text, ms } = timed(TOOL, args);
  return { counts: JSON.parse(text).by.map(({ value, count }) => [value, count]), ms };
}

function jq(set) {
  const list = listOf(set.name, set.files);
  const script = `xargs zcat < '${list}' | jq -r '.Records[].eventName' | sort | uniq -c`;
  const { text, ms } = timed("sh", ["-c", script]);
  const counts = text.trim().split("\n").map((line) => line.trim().split(" ")).map(([count, name]) => [name, Number(count)]);
  return { counts, ms };
}

/** Without the start of Python and the import: those are not DuckDB's. */
function duckdb(list, form, threads) {
  const { text } = timed(PYTHON, [join(ROOT, "bench/duckdb_count.py"), list, form, String(threads)]);
  return JSON.parse(text);
}

function timed(command, args) {
  const begin = performance.now();
  const text = execFileSync(command, args, { encoding: "utf8", maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "inherit"] });
  return { text, ms: performance.now() - begin };
}

const has = (command) => spawnSync("sh", ["-c", `command -v ${command}`]).status === 0;

function same(one, other) {
  const sorted = (counts) => JSON.stringify([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
  return sorted(one) === sorted(other);
}

function listOf(name, files) {
  const path = join(KEPT, "data", `${name}.list`);
  writeFileSync(path, files.join("\n") + "\n");
  return path;
}

/** The events of a set, one a line; what DuckDB reads best. */
async function asNdjson(set) {
  const path = join(KEPT, "data", `${set.name}.ndjson`);
  const stamp = `${path}.json`;
  const wanted = JSON.stringify({ bytes: set.bytes, files: set.files.length });
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return path;
  const out = createWriteStream(path);
  for (const file of set.files) {
    const lines = JSON.parse(gunzipSync(readFileSync(file))).Records.map((record) => JSON.stringify(record));
    if (!out.write(lines.join("\n") + "\n")) await once(out, "drain");
  }
  out.end();
  await once(out, "finish");
  writeFileSync(stamp, wanted);
  return path;
}

/** DuckDB in an environment of its own. False, said aloud, when it cannot be had. */
function installDuckdb(say) {
  if (duckdbVersion() === DUCKDB) return true;
  mkdirSync(KEPT, { recursive: true });
  for (const [command, ...args] of [
    ["python3", "-m", "venv", VENV],
    [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", `duckdb==${DUCKDB}`],
  ]) {
    if (spawnSync(command, args, { stdio: ["ignore", "ignore", "inherit"] }).status !== 0) {
      say(`SKIPPED: DuckDB, because “${command} ${args.join(" ")}” failed`);
      return false;
    }
  }
  return true;
}

/** Which DuckDB is installed for the benchmark, if any. */
export function duckdbVersion() {
  if (!existsSync(PYTHON)) return null;
  const { status, stdout } = spawnSync(PYTHON, ["-c", "import duckdb; print(duckdb.__version__)"], { encoding: "utf8" });
  return status === 0 ? stdout.trim() : null;
}
