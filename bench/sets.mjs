// The data sets: seeded, generated once, kept until the generator changes.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { INVICTUS, KEPT, ROOT, TOOL } from "./place.mjs";

const DATA = join(KEPT, "data");

const SMOKE = { events: 6_000, files: 20 };

/**
 * A set is `{ name, folder, files, events, bytes, raw }`: absolute paths, and bytes before and after inflating. A smoke run
 * has small ones of its own.
 */
export const sets = {
  /** The set that most is measured on: 1,500 events a file. */
  large: (smoke) => (smoke ? generated("smoke-large", SMOKE) : generated("large", { events: 300_000, files: 200 })),
  /** The same number in an order of keys that nothing can predict, with few repeated values. */
  adversarial: (smoke) =>
    smoke
      ? generated("smoke-adversarial", { ...SMOKE, preset: "adversarial" })
      : generated("adversarial", { events: 300_000, files: 200, preset: "adversarial" }),
  /** What a small account looks like: many files of few events. */
  small: (smoke) =>
    smoke ? generated("smoke-small", { events: 1_400, files: 50 }) : generated("small", { events: 56_000, files: 2_000 }),
  /** The same events in a tenth of the files. */
  packed: (smoke) => packed(sets.small(smoke), 10),
  /** What the questions are asked of. */
  million: (smoke) =>
    smoke ? generated("smoke-million", SMOKE) : generated("million", { events: 1_000_000, files: 667 }),
  /** Any number of events in files of 1,500. */
  scale: (events) => generated(`scale-${events}`, { events, files: Math.ceil(events / 1_500) }),
  /** Any number of files of five or six events. */
  tiny: (files) => generated(`tiny-${files}`, { events: Math.ceil(files * 5.5), files }),
  /** The real trail; null when it is not there. */
  invictus: () => (existsSync(INVICTUS) ? described("invictus", INVICTUS) : null),
};

/** Every `1/share`-th file of a set: fewer events over the same time; how many, nobody has counted. */
export function thinned(set, share) {
  const wanted = Math.max(1, Math.round(set.files.length * share));
  const files = Array.from({ length: wanted }, (_, index) => set.files[Math.floor((index * set.files.length) / wanted)]);
  return wanted === set.files.length ? set : { name: `${set.name}-${wanted}`, files };
}

/** A folder with the files of a part of `set`, linked, in the same folders below: those of S3, one a day. */
export function folderOf(part, set) {
  if (part === set) return set.folder;
  const folder = join(DATA, part.name);
  rmSync(folder, { recursive: true, force: true });
  for (const file of part.files) {
    const link = join(folder, relative(set.folder, file));
    mkdirSync(dirname(link), { recursive: true });
    linkSync(file, link);
  }
  return folder;
}

function generated(name, { events, files, preset = "real" }) {
  const wanted = { events, files, preset, generator: generator() };
  return cached(name, wanted, (folder) => {
    console.error(`generating ${name}: ${events} events in ${files} files`);
    const wishes = ["--events", events, "--files", files, "--seed", 1, "--preset", preset];
    execFileSync(TOOL, ["gen", folder, ...wishes.map(String)], { stdio: ["ignore", "ignore", "inherit"] });
  });
}

/** Puts the records of `many` files after each other into one. */
function packed(set, many) {
  return cached(`${set.name}-packed`, { many, generator: generator(), files: set.files.length }, (folder) => {
    mkdirSync(folder, { recursive: true });
    for (let first = 0; first < set.files.length; first += many) {
      const texts = set.files.slice(first, first + many).map((file) => gunzipSync(readFileSync(file)).toString());
      const records = texts.map((text) => text.slice(text.indexOf("[") + 1, text.lastIndexOf("]")));
      writeFileSync(join(folder, basename(set.files[first])), gzipSync(`{"Records":[${records.join(",")}]}`));
    }
  });
}

/** Runs `make(folder)` unless that has been done with the same wishes. */
function cached(name, wanted, make) {
  const folder = join(DATA, name);
  const stamp = `${folder}.json`;
  const text = JSON.stringify(wanted);
  if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== text) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(DATA, { recursive: true });
    make(folder);
    writeFileSync(stamp, text);
  }
  return described(name, folder);
}

const known = new Map();

/** Asks the tool what is in there; its answer is checked by those of jq and DuckDB later. */
function described(name, folder) {
  const files = filesBelow(folder);
  const stamp = `${folder} ${files.length} ${statSync(folder).mtimeMs}`;
  if (!known.has(stamp)) {
    const report = JSON.parse(execFileSync(TOOL, ["scan", folder, "--keep-duplicates", "--json"], { maxBuffer: 1 << 28 }));
    known.set(stamp, { name, folder, files, events: report.events, bytes: report.bytes_in, raw: report.bytes_out });
  }
  return known.get(stamp);
}

function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** What the generated bytes depend on. */
let generatorHash;
function generator() {
  if (!generatorHash) {
    const hash = createHash("sha256");
    const sources = [...filesBelow(join(ROOT, "src/sample")), join(ROOT, "src/sample.rs"), join(ROOT, "src/cli/generate.rs")];
    for (const file of sources) hash.update(readFileSync(file));
    generatorHash = hash.digest("hex").slice(0, 16);
  }
  return generatorHash;
}
