// Where everything is.

import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("..", import.meta.url));
export const DIST = join(ROOT, "dist");
export const TOOL = join(ROOT, "target/release/trailscope");
/** What the benchmark makes and keeps between runs. */
export const KEPT = join(ROOT, "target/bench");
/** The store's module, as `make bench` leaves it. */
export const STORE = join(KEPT, "store");
export const RESULTS = join(KEPT, "results.json");
/** The one real trail there is; not ours to pass on, so it may be missing. */
export const INVICTUS = join(ROOT, "../shared/data/derived/invictus-trail");
