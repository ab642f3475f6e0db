// The benchmark's command line.

import { parseArgs } from "node:util";

export const USAGE = `usage: make bench ARGS="…", or node bench/run.mjs …
  --runs N         how often each thing is measured; medians count (5)
  --only A,B       some of: memory, page, queries, hands, lab, native, scale, tiny
  --events N       also the load curve up to N events, 2000000 say, and the lab on so many
  --tiny-files N   also N files of five or six events, 300000 say
  --smoke          a few thousand events once, to see that everything works
  --markdown       print the last results as docs/benchmark.md has them, measure nothing`;

const PARTS = ["memory", "page", "queries", "hands", "lab", "native", "scale", "tiny"];

/** The options, or an error that says what is wrong with them. */
export function options(args) {
  const { values } = parseArgs({
    args,
    options: {
      runs: { type: "string" },
      only: { type: "string" },
      events: { type: "string" },
      "tiny-files": { type: "string" },
      smoke: { type: "boolean", default: false },
      markdown: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const only = values.only?.split(",") ?? PARTS;
  const unknown = only.find((part) => !PARTS.includes(part));
  if (unknown) throw new Error(`--only does not know “${unknown}”; it knows ${PARTS.join(", ")}`);
  return {
    ...values,
    runs: number("--runs", values.runs) ?? (values.smoke ? 1 : 5),
    events: number("--events", values.events),
    tinyFiles: number("--tiny-files", values["tiny-files"]),
    wants: (part) => only.includes(part),
  };
}

function number(name, text) {
  if (text === undefined) return undefined;
  if (!/^[1-9][0-9]*$/.test(text)) throw new Error(`${name} takes a positive whole number, not “${text}”`);
  return Number(text);
}
