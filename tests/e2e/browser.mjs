// Debian's Chromium, or whichever is there, started so that nothing but this machine has an address.

import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "playwright-core";

/** Starts the browser; `args` are further switches. */
export function launch(args = []) {
  return chromium.launch({
    executablePath: browserPath(),
    args: [
      "--no-sandbox", // Chromium does not start as root with it, and CI often is root.
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", // Nothing but this machine has an address.
      ...args,
    ],
  });
}

function browserPath() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  for (const name of ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]) {
    for (const folder of process.env.PATH.split(delimiter)) {
      try {
        accessSync(join(folder, name), constants.X_OK);
        return join(folder, name);
      } catch {
        // Not in this folder.
      }
    }
  }
  throw new Error("no Chromium found: install it or name it in the environment variable CHROMIUM");
}
