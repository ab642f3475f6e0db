// What runs inside the real page before its own scripts and notes times. It only listens and looks once a frame.

/** Sets the worker count as the settings would, and installs `globalThis.bench`. Self-contained: it crosses as text. */
export function record({ workers }) {
  localStorage.setItem("trailscope:prefs", JSON.stringify({ workers }));

  /** How long rows may take after everything is loaded. */
  const ROWS_PATIENCE_MS = 20_000;
  /** The time of the last user-timing mark of this name, if there is one. */
  const marked = (name) => performance.getEntriesByName(`trailscope:${name}`, "mark").at(-1)?.startTime;
  /** Calls back when the frame that is being made has been painted. */
  const painted = (then) =>
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => then(performance.now());
      channel.port2.postMessage(null);
    });
  const longTasks = [];
  new PerformanceObserver((list) => longTasks.push(...list.getEntries())).observe({ type: "longtask" });

  /** Milliseconds between frames while `going()`, looked at once a frame. */
  const frames = (going, look = () => {}) =>
    new Promise((done) => {
      const gaps = [];
      let last;
      const frame = (now) => {
        if (last !== undefined) gaps.push(now - last);
        last = now;
        look();
        if (going()) requestAnimationFrame(frame);
        else done(gaps);
      };
      requestAnimationFrame(frame);
    });

  /** Follows the next load, from the moment the files are in the page's hands. */
  const load = () =>
    new Promise((done, fail) => {
      const begin = async () => {
        removeEventListener("change", begin, true);
        removeEventListener("drop", begin, true);
        const start = performance.now();
        performance.clearMarks();
        let rows, rowsAt;
        const look = () => {
          if (rows || ![...document.querySelectorAll("[role=gridcell]")].some((cell) => cell.textContent)) return;
          rows = new Promise((seen) => painted(seen));
          rows.then((at) => (rowsAt = at));
        };
        const unseen = () => performance.now() - (marked("load-end") ?? performance.now()) > ROWS_PATIENCE_MS;
        const gaps = await frames(() => marked("load-end") === undefined || !(rows || unseen()), look);
        if (!rows) return fail(new Error("everything is loaded, but no row of the table was ever shown"));
        await rows;
        const end = marked("load-end");
        const long = longTasks.filter((task) => task.startTime >= start && task.startTime <= end);
        done({
          load_ms: end - start,
          reading_ms: end - marked("load-start"),
          first_rows_ms: rowsAt - start,
          longest_frame_ms: Math.max(...gaps),
          long_tasks: long.length,
        });
      };
      addEventListener("change", begin, true);
      addEventListener("drop", begin, true);
    });

  let histogramAt = 0;
  const { fillRect } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.fillRect = function (...rect) {
    if (this.canvas.closest(".timeline-chart")) histogramAt = performance.now();
    fillRect.apply(this, rect);
  };
  /** The three panes that show answers to the search. */
  const PANES = ".timeline-chart.stale, .facet-values.stale, .grid-rows.stale";
  const count = () => document.querySelector(".status-count").textContent;

  /**
   * Milliseconds from the next press of a key to the painted frame in which histogram, table and facets show another
   * answer: the count has changed, the histogram has been painted anew and no pane is marked as out of date.
   * Null when that does not come within `patience` milliseconds.
   */
  const keystroke = (patience) =>
    new Promise((done) => {
      const begin = async ({ timeStamp: start }) => {
        const before = count();
        const late = () => performance.now() - start > patience;
        const answered = () => count() !== before && histogramAt > start && !document.querySelector(PANES);
        await frames(() => !answered() && !late());
        if (answered()) painted((at) => done(at - start));
        else done(null);
      };
      addEventListener("keydown", begin, { capture: true, once: true });
    });

  /** Milliseconds between frames until `stop()` is called. */
  const watchFrames = () => {
    let going = true;
    globalThis.bench.stop = () => (going = false);
    return frames(() => going);
  };

  const watchers = { load, keystroke, frames: watchFrames };
  let watched;
  globalThis.bench = {
    /** Begins to watch for something that is about to happen; `result` waits for it. */
    watch: (what, ...options) => void (watched = watchers[what](...options)),
    result: () => watched,
  };
}
