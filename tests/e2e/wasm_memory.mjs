// The real size of the wasm memories of a page and its workers, read from the memories and not from what the page says.

/** To be run in the page before its own scripts: has it and its workers keep their memory where it can be seen. */
export function exposeMemory() {
  const { instantiate } = WebAssembly;
  WebAssembly.instantiate = async (...given) => {
    const instance = await instantiate(...given);
    globalThis.wasmMemory = instance.exports.memory;
    return instance;
  };
  const inWorker = `
    WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
      construct(target, given) {
        const instance = new target(...given);
        globalThis.wasmMemory = instance.exports.memory;
        return instance;
      },
    });`;
  globalThis.Blob = new Proxy(Blob, {
    construct: (target, [parts, options]) =>
      new target(options?.type === "text/javascript" ? [inWorker, ...parts] : parts, options),
  });
}

/** Bytes of the memory of each, of pages and workers alike. */
export const memoryOf = (instances) =>
  Promise.all(instances.map((instance) => instance.evaluate(() => globalThis.wasmMemory.buffer.byteLength)));
