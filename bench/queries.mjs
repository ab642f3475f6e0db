// Questions to a million events in one worker's memory, without messages and page.

const conditions = (...parts) => ({ pattern: `{ ${parts.map((part) => `($.${part})`).join(" && ")} }` });
const scope = (changes) => ({ filter: "", pattern: "", range: null, keep_duplicates: false, ...changes });
const bins = (changes) => ({ Histogram: { scope: scope(changes), step_ms: 300_000, offset_ms: 0 } });

const QUESTIONS = {
  // Two conditions and five-minute bins: few events, and most of them.
  filter_1m_ms: bins(conditions('eventName = "ConsoleLogin"', 'errorMessage = "Failed authentication"')),
  filter_common_1m_ms: bins(conditions("readOnly IS TRUE", 'userIdentity.type = "AssumedRole"')),
  bins_1m_ms: bins({}),
  group_1m_ms: { Group: { scope: scope({}), field: "eventName", contains: "", limit: 100 } },
};

/** What the alarms of the sweep look at. */
const SWEPT = '{ ($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*") }';

/** Samples in milliseconds of each question, and what the answers count: events, for the sweep how often alarms fire. */
export async function measureQueries(blank, set, runs) {
  const questions = Object.values(QUESTIONS).map((query) => ({ query, times: runs }));
  questions.push({ pattern: SWEPT, times: runs });
  const { states, answers } = await blank.measure("store", 1, set, questions);
  const samples = { heap_per_event: states[0].heap / states[0].events };
  [...Object.keys(QUESTIONS), "sweep_ms"].forEach((name, index) => {
    const [{ ms, count }] = answers[index];
    samples[name] = ms;
    samples[name.replace("_ms", "_count")] = count;
  });
  return samples;
}
