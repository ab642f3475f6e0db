// DecompressionStream alone: inflates and throws away.

import { inflate, serve } from "./queue.js";

let raw = 0;

serve({
  each: (bytes) => inflate(bytes, (chunk) => (raw += chunk.length)),
  loaded: () => ({ raw }),
});
