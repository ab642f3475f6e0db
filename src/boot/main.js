// Loads everything there is to load, shuts the network, then lets Rust begin. On failure says what to do.
// A classic script: a module script would not run at all from file://, and could not say so.
(async () => {
  const boot = document.getElementById("boot");
  try {
    const glue = document.querySelector('link[rel="modulepreload"]').href;
    const wasm = document.querySelector('link[rel="preload"][as="fetch"]').href;
    const load = async (url) => {
      const response = await fetch(url);
      if (!response.ok) throw new Error(`${url} answered ${response.status} ${response.statusText}`);
      return response;
    };
    const compile = async (response) =>
      // Hosts that do not know the type still work, without compiling while loading.
      response.headers.get("content-type") === "application/wasm"
        ? WebAssembly.compileStreaming(response)
        : WebAssembly.compile(await response.arrayBuffer());
    const [{ default: init }, text, module] = await Promise.all([
      import(glue),
      load(glue).then((response) => response.text()),
      load(wasm).then(compile),
    ]);

    // Policies add up: from here on neither the page nor a worker it starts can load anything or
    // connect anywhere, its own host included. Only compiled code and Blob workers remain.
    const shut = document.createElement("meta");
    shut.httpEquiv = "Content-Security-Policy";
    shut.content = "default-src 'none'; script-src 'wasm-unsafe-eval'; worker-src blob:; img-src data:";
    document.head.append(shut);

    globalThis.trailscopeGlue = text; // What worker/web/spawn.rs starts workers from.
    await init({ module_or_path: module });
    boot.remove();
  } catch (error) {
    console.error(error);
    boot.classList.add("failed");
    document.getElementById("boot-reason").textContent =
      location.protocol === "file:"
        ? "This page cannot run from a file. Serve its folder over HTTP and open that address."
        : `The program could not start: ${error?.message ?? error}`;
  }
})();
