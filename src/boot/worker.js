// The first lines of every worker, started from a Blob so that it inherits the page's policy.
// The page sends where the glue is, the module it has already compiled, and the port to work on.
self.onmessage = async ({ data: { glue, module, port } }) => {
  self.onmessage = null;
  try {
    const { default: init, worker_main } = await import(glue);
    await init({ module_or_path: module });
    worker_main(port);
  } catch (error) {
    reportError(error);
  }
};
