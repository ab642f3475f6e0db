// Where it was measured and with what.

import { spawnSync } from "node:child_process";
import { cpus, totalmem } from "node:os";
import { duckdbVersion } from "./native.mjs";
import { ROOT } from "./place.mjs";

/** Versions and sizes, as texts. */
export function machine(browser) {
  return {
    date: new Date().toISOString().slice(0, 10),
    cpu: cpus()[0].model.trim(),
    cores: cpus().length,
    memory_gb: Math.round(totalmem() / 2 ** 30),
    chromium: browser.version(),
    rustc: version("rustc", ["--version"]),
    node: process.versions.node,
    jq: version("jq", ["--version"]),
    duckdb: duckdbVersion(),
    commit: version("git", ["-C", ROOT, "describe", "--always", "--dirty"]),
  };
}

function version(command, args) {
  const { status, stdout } = spawnSync(command, args, { encoding: "utf8", cwd: ROOT });
  return status === 0 ? stdout.trim().replace(/^(rustc |jq-)/, "") : null;
}
