// The benchmark: `make bench` builds what it needs and starts this. docs/benchmark.md says what is measured and how.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { serve } from "../scripts/serve.mjs";
import { launch } from "../tests/e2e/browser.mjs";
import { measureHands } from "./hands.mjs";
import { measureLab } from "./lab.mjs";
import { machine } from "./machine.mjs";
import { memoryTasks, openBlank } from "./memory.mjs";
import { nativeTasks } from "./native.mjs";
import { USAGE, options } from "./options.mjs";
import { longestTaskOfLoad, pageTasks } from "./page.mjs";
import { DIST, KEPT, RESULTS } from "./place.mjs";
import { measureQueries } from "./queries.mjs";
import { markdown } from "./report.mjs";
import { loadCurve, tinyFiles } from "./scale.mjs";
import { serveBlank } from "./server.mjs";
import { sets } from "./sets.mjs";
import { inTurns } from "./stats.mjs";
import { summary } from "./summary.mjs";

/** A gigabyte and a half of objects is what plain JavaScript makes of the large set. */
const HEAP = "--js-flags=--max-old-space-size=8192";

async function main(wishes) {
  if (wishes.help) return console.log(USAGE);
  if (wishes.markdown) return console.log(markdown(JSON.parse(readFileSync(RESULTS, "utf8"))));
  if (!existsSync(DIST)) throw new Error("there is no dist/; `make bench` builds it");
  const say = (text) => console.error(`[bench] ${text}`);
  const skipped = [];
  const skip = (text) => (skipped.push(text.replace("SKIPPED: ", "")), say(text));

  const browser = await launch([HEAP]);
  const blankServer = await serveBlank();
  const pageServer = await serve({ dir: DIST, port: 0 });
  try {
    const blank = await openBlank(browser, blankServer);
    const measured = await measure(wishes, { browser, blank, url: pageServer.url, say, skip });
    const results = { machine: machine(browser), runs: wishes.runs, skipped, ...summary(measured), ...measured };
    mkdirSync(KEPT, { recursive: true });
    writeFileSync(RESULTS, JSON.stringify(results, null, 1));
    console.log(markdown(results));
    say(`all samples are in ${RESULTS}`);
  } finally {
    await browser.close();
    await blankServer.close();
    await pageServer.close();
  }
}

/** Everything that is wanted, one part after the other; what is compared is measured in turns within a part. */
async function measure({ wants, smoke, runs, events, tinyFiles: tiny }, { browser, blank, url, say, skip }) {
  const samples = {};
  const large = sets.large(smoke);
  if (wants("memory") || wants("page")) {
    const page = () => pageTasks(browser, url, { large, small: sets.small(smoke), packed: sets.packed(smoke) });
    const tasks = { ...(wants("memory") ? memoryTasks(blank, large) : {}), ...(wants("page") ? page() : {}) };
    samples.memory = await inTurns(runs, tasks, say);
  }
  if (wants("page")) {
    samples.longest_task = await inTurns(runs, { load: () => longestTaskOfLoad(browser, url, large) }, say);
  }
  if (wants("memory")) {
    const one = { kinds: ["decompress", "store"], workers: [1] };
    samples.adversarial = await inTurns(runs, memoryTasks(blank, sets.adversarial(smoke), one), say);
    const invictus = sets.invictus();
    if (invictus) samples.invictus = await inTurns(runs, memoryTasks(blank, invictus, one), say);
    else skip("SKIPPED: the Invictus set, because ../shared/data/derived/invictus-trail is not there");
  }
  if (wants("queries")) samples.queries = await measureQueries(blank, sets.million(smoke), 4 * runs);
  await blank.close(); // Its memory is needed.
  if (wants("hands")) samples.hands = await measureHands(browser, url, sets.million(smoke), runs, say);
  if (wants("lab")) samples.lab = await measureLab(browser, url, events ? sets.scale(events) : sets.million(smoke), say);
  if (wants("native")) samples.native = await inTurns(runs, await nativeTasks(large, skip), say);
  if (wants("scale") && events) samples.scale = await loadCurve(browser, url, events, say);
  if (wants("tiny") && tiny) samples.tiny = await tinyFiles(browser, url, tiny, say);
  return { sets: { large: { ...large, files: large.files.length } }, samples };
}

// The browser goes with its parent; without this the signal would close it and leave the parent waiting.
process.once("SIGTERM", () => process.exit(143));

try {
  await main(options(process.argv.slice(2)));
} catch (error) {
  console.error(`[bench] ${error.stack ?? error}`);
  process.exitCode = 1;
}
