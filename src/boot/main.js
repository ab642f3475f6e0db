// Compiles the module, shuts the network, then lets Rust begin. On failure says what to do.
// A classic script: a module script would not run at all from file://, and could not say so.
(async () => {
  const boot = document.getElementById("boot");
  try {
    const glue = document.querySelector('link[rel="modulepreload"]').href;
    const wasm = document.querySelector('link[rel="preload"][as="fetch"]').href;
    const [{ default: init }, response] = await Promise.all([import(glue), fetch(wasm)]);
    if (!response.ok) throw new Error(`${wasm} answered ${response.status} ${response.statusText}`);
    // Hosts that do not know the type still work, without compiling while loading.
    const streams = response.headers.get("content-type") === "application/wasm";
    const module = await (streams
      ? WebAssembly.compileStreaming(response)
      : WebAssembly.compile(await response.arrayBuffer()));

    // Policies add up: from here on neither the page nor a worker it starts can connect anywhere.
    const shut = document.createElement("meta");
    shut.httpEquiv = "Content-Security-Policy";
    shut.content = "connect-src 'none'";
    document.head.append(shut);

    await init({ module_or_path: module });
    boot.remove();
  } catch (error) {
    console.error(error);
    boot.classList.add("failed");
    const local = location.protocol === "file:";
    document.getElementById("boot-reason").textContent = local
      ? "This page cannot run from a file. Serve its folder over HTTP and open that address."
      : `The program could not start: ${error?.message ?? error}`;
  }
})();
