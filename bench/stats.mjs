// Samples and what is said about them.

/** The value below which `share` of the samples lie; undefined without samples. */
export function quantile(samples, share) {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

/** The middle sample, the mean of both when there are two. */
export function median(samples) {
  const sorted = [...samples].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * Measures things in turns, A B C A B C …, so that whatever else the machine does meets all of them alike.
 * `tasks` are async functions by name, each answering an object of numbers; answers the samples as
 * `{ name: { number: [sample, …] } }`.
 */
export async function inTurns(runs, tasks, say = () => {}) {
  const samples = {};
  for (let run = 1; run <= runs; run++) {
    for (const [name, task] of Object.entries(tasks)) {
      const result = await task();
      const known = (samples[name] ??= {});
      for (const [key, value] of Object.entries(result)) (known[key] ??= []).push(value);
      say(`${run}/${runs} ${name}: ${brief(result)}`);
    }
  }
  return samples;
}

/** The medians of what `inTurns` answered. */
export function medians(samples) {
  const middle = (numbers) => mapValues(numbers, median);
  return mapValues(samples, middle);
}

export function mapValues(object, change) {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
}

function brief(result) {
  const short = (value) => (Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3)));
  return Object.entries(result).map(([key, value]) => `${key} ${short(value)}`).join(", ");
}
