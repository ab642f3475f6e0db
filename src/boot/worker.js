// The last lines of every worker. They stand behind the glue's own text in one Blob, so a worker
// costs no request; `initSync` and `worker_main` are the glue's exports.
self.onmessage = ({ data: { module, port } }) => {
  self.onmessage = null;
  initSync({ module });
  worker_main(port);
};
