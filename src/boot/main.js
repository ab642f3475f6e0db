// Loads everything there is to load, shuts the network, then lets Rust begin. On failure says what to do.
// A classic script: a module script would not run at all from file://, and could not say so.
(async () => {
  const boot = document.getElementById("boot");
  const reason = document.getElementById("boot-reason");
  // After a panic nothing answers any more: what is on the screen must not pass for what is true.
  const tellOfPanic = (error) => {
    if (!(error instanceof WebAssembly.RuntimeError)) return;
    boot.className = "failed stopped";
    boot.setAttribute("role", "alert");
    boot.firstElementChild.textContent = "Trailscope has stopped: there is a mistake in it.";
    reason.textContent =
      "What you see no longer changes. Reload the page and open your files again. The console of the developer tools says where it happened.";
    if (!boot.isConnected) document.body.prepend(boot);
  };
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
    addEventListener("error", ({ error }) => tellOfPanic(error));
    addEventListener("unhandledrejection", ({ reason: error }) => tellOfPanic(error));
  } catch (error) {
    console.error(error);
    boot.classList.add("failed");
    reason.textContent =
      location.protocol === "file:"
        ? "This page cannot run from a file. Serve its folder over HTTP and open that address."
        : `The program could not start: ${error?.message ?? error}`;
  }
})();
