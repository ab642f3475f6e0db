// What runs inside the real page before its own scripts and notes times. It only listens; only where frames are
// what is measured it asks for them.

/**
 * Sets the worker count as the settings would, and installs `globalThis.bench`. A load begins with a mark called `from`.
 * Self-contained: it crosses as text.
 */
export function record({ workers, from }) {
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
  const longTaskObserver = new PerformanceObserver((list) => longTasks.push(...list.getEntries()));
  longTaskObserver.observe({ type: "longtask" });

  /** Milliseconds between frames while `going()`. */
  const frames = (going) =>
    new Promise((done) => {
      const gaps = [];
      let last;
      const frame = (now) => {
        if (last !== undefined) gaps.push(now - last);
        last = now;
        if (going()) requestAnimationFrame(frame);
        else done(gaps);
      };
      requestAnimationFrame(frame);
    });

  /** When the mark of this name is set. */
  const mark = (name) =>
    new Promise((done) => {
      const observer = new PerformanceObserver((list) => {
        const [found] = list.getEntriesByName(`trailscope:${name}`);
        if (!found) return;
        observer.disconnect();
        done(found.startTime);
      });
      observer.observe({ type: "mark" });
    });

  /** When the frame with the first filled cell of the table has been painted. */
  const rows = () =>
    new Promise((done) => {
      const look = () => {
        if (![...document.querySelectorAll("[role=gridcell]")].some((cell) => cell.textContent)) return;
        observer.disconnect();
        painted(done);
      };
      const observer = new MutationObserver(look);
      observer.observe(document.body, { childList: true, characterData: true, subtree: true });
    });

  /**
   * Follows the next load, from the moment the files are in the page's hands. Only listens: a page that is asked for
   * frames makes some that it would not make.
   */
  const load = () =>
    new Promise((done, fail) => {
      const begin = async () => {
        removeEventListener("change", begin, true);
        removeEventListener("drop", begin, true);
        const start = performance.now();
        performance.clearMarks();
        performance.mark(from);
        const ended = mark("load-end");
        const seen = rows();
        const end = await ended;
        const late = new Promise((over) => setTimeout(over, ROWS_PATIENCE_MS));
        const rowsAt = await Promise.race([seen, late]);
        if (!rowsAt) return fail(new Error("everything is loaded, but no row of the table was ever shown"));
        longTasks.push(...longTaskObserver.takeRecords());
        const long = longTasks.filter((task) => task.startTime >= start && task.startTime <= end);
        done({
          load_ms: end - start,
          reading_ms: end - marked("load-start"),
          first_rows_ms: rowsAt - start,
          long_task_ms: Math.max(0, ...long.map((task) => task.duration)),
        });
      };
      addEventListener("change", begin, true);
      addEventListener("drop", begin, true);
    });

  /** What begins a question. */
  const PRESSES = ["click", "input", "keydown"];

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

  /**
   * From the next press to the painted frame in which the text of `selector` looks like `pattern` and is not marked as
   * out of date; null when that does not come within `patience` milliseconds.
   */
  const answer = (selector, pattern, patience) =>
    new Promise((done) => {
      const looks = new RegExp(pattern);
      const begin = async ({ timeStamp: start }) => {
        for (const type of PRESSES) removeEventListener(type, begin, true);
        const late = () => performance.now() - start > patience;
        const answered = () => {
          const found = document.querySelector(selector);
          return found && !found.closest(".stale") && looks.test(found.textContent.trim());
        };
        await frames(() => !answered() && !late());
        if (!answered()) return done(null);
        painted((at) => {
          longTasks.push(...longTaskObserver.takeRecords());
          const long = longTasks.filter((task) => task.startTime + task.duration >= start && task.startTime <= at);
          done({ ms: at - start, long_task_ms: Math.max(0, ...long.map((task) => task.duration)) });
        });
      };
      for (const type of PRESSES) addEventListener(type, begin, true);
    });

  /** Milliseconds between frames until `stop()` is called. */
  const watchFrames = () => {
    let going = true;
    globalThis.bench.stop = () => (going = false);
    return frames(() => going);
  };

  const watchers = { load, keystroke, answer, frames: watchFrames };
  let watched;
  globalThis.bench = {
    /** Begins to watch for something that is about to happen; `result` waits for it. */
    watch: (what, ...options) => void (watched = watchers[what](...options)),
    result: () => watched,
  };
}
