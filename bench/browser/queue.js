// What every worker of the benchmark does: gets the files, says it is ready, takes one file after the other from the
// common queue when told to, and answers questions afterwards.

/**
 * `prepare(given)` comes before the clock starts; `each(bytes, number)` takes one file, `loaded()` tells what there is
 * when the queue is empty; `answer(message)` is for everything else.
 */
export function serve({ prepare = () => {}, each, loaded, answer }) {
  let files, next;
  const load = async () => {
    for (;;) {
      const number = Atomics.add(next, 0, 1);
      if (number >= files.length) return loaded();
      await each(files[number], number);
    }
  };
  onmessage = async ({ data }) => {
    if (data === "load") return postMessage(await load());
    if (!data.files) return postMessage(await answer(data));
    files = data.files.map((buffer) => new Uint8Array(buffer));
    next = new Int32Array(data.next);
    await prepare(data);
    postMessage("ready");
  };
}

/** Bytes written to a stream at a time. Larger or smaller was slower, and so was a whole file at once. */
const CHUNK = 1 << 16;

/** Inflates by the browser's own means, at its best: chunk by chunk through a writer and a reader. */
export async function inflate(bytes, take) {
  const stream = new DecompressionStream("gzip");
  const writer = stream.writable.getWriter();
  const write = async () => {
    for (let at = 0; at < bytes.length; at += CHUNK) await writer.write(bytes.subarray(at, at + CHUNK));
    await writer.close();
  };
  const written = write();
  const reader = stream.readable.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) take(part.value);
  await written;
}
