// Old against new: four figures of both logics, with intervals and over time.
import { h, s, show, byId } from "./dom.js";
import { percent, seconds, count } from "./format.js";
import { intervals, timeChart, table } from "./charts.js";

const share = figure => ({ count: figure.count, value: figure.share, low: figure.of ? figure.low : null, high: figure.of ? figure.high : null, of: figure.of });
const tidy = value => percent(value, value === null || value === undefined || value >= 0.1 || value === 0 ? 0 : 1);

function panels() {
  return [
    { id: "errors", title: "Error rate", of: side => share(side.errors), format: tidy, limit: 0.01, limitText: "target below 1 %", floor: 0.09 },
    { id: "duration", title: "Duration, mean", of: side => ({ value: side.duration.mean, low: side.duration.low, high: side.duration.high, of: side.duration.count }), format: seconds, limit: 30, limitText: "target below 30 s", floor: 10 },
    { id: "handOvers", title: "Handed over", of: side => share(side.handOvers), format: tidy, limit: null, limitText: "", floor: 0.2 },
    { id: "rightChoices", title: "Right choice", of: side => side.rightChoices ? share(side.rightChoices) : null, format: tidy, limit: null, limitText: "kept for 14 days", floor: 1, higherIsBetter: true },
  ];
}

/** A single bucket holds few runs: each point of a share is over the bucket and as many before it as make fifty runs. */
const enough = 50;
const pooled = (points, name, at) => {
  let counted = 0, of = 0;
  for (let i = at; i >= 0 && of < enough; i--) {
    counted += points[i][name].count ?? 0;
    of += points[i][name].of;
  }
  return points[at][name].of ? { ...wilson(counted, of), of } : { value: null, of: 0 };
};

/** The 95 % interval that the application uses for every share. */
function wilson(counted, of) {
  const z = 1.959963984540054, rate = counted / of, base = 1 + z * z / of;
  const centre = (rate + z * z / (2 * of)) / base, margin = z * Math.sqrt(rate * (1 - rate) / of + z * z / (4 * of * of)) / base;
  return { value: rate, low: Math.max(0, centre - margin), high: Math.min(1, centre + margin) };
}

/** Entries of the history that the charts mark on the time axis. */
const markTypes = {
  advance: { sign: "▲", name: "advance", bad: false },
  back: { sign: "▼", name: "back", bad: false },
  rollback: { sign: "◀", name: "rollback", bad: true },
  resume: { sign: "▶", name: "resume", bad: false },
  "incident-opened": { sign: "!", name: "incident", bad: true },
};

let drawn;

export function showSides(metrics, history) {
  drawn = { metrics, history };
  show("sides-legend",
    h("span", {}, key("unified"), "Unified, with 95 % interval"), h("span", {}, key("legacy"), "Legacy"), h("span", {}, "each point: the last 50 runs"),
    Object.values(markTypes).map(mark => h("span", {}, `${mark.sign} ${mark.name}`)));
  const { sides } = metrics;
  if (sides.unified.runs + sides.legacy.runs === 0) {
    show("sides", h("div", { className: "side" }, h("p", { className: "empty" }, "No run in this span yet. Label an issue ", h("code", {}, "site-monitor"), ", start one with ", h("code", {}, "sitemonitor process-pipeline --repo owner/name --issue 12"), ", or choose a longer span.")));
    return;
  }
  const marks = marksOf(history ?? []);
  const known = panels().filter(panel => panel.of(sides.unified));
  show("sides", known.map(panel => one(panel, sides, marks, known.length)));
}

/** Charts are drawn for the width they have. */
let width = 0;
new ResizeObserver(([entry]) => {
  if (drawn && Math.abs(entry.contentRect.width - width) > 24) {
    width = entry.contentRect.width;
    showSides(drawn.metrics, drawn.history);
  }
}).observe(byId("sides"));

// As the style sheet lays the panels out, in pixels.
const gap = 16, narrowest = 248, padding = 34;

function one(panel, sides, marks, shown) {
  const unified = panel.of(sides.unified), legacy = panel.of(sides.legacy);
  const half = sides.bucketSeconds * 500;
  const buckets = sides.timeline.map(point => ({ at: Math.min(Date.parse(sides.to), Math.max(Date.parse(point.from) + half, Date.parse(sides.from))), unified: panel.of(point.unified), legacy: panel.of(point.legacy) }));
  const points = panel.id === "duration" ? buckets : buckets.map((point, i) => ({ at: point.at, unified: pooled(buckets, "unified", i), legacy: pooled(buckets, "legacy", i) }));
  const values = points.flatMap(point => [point.unified.value, point.legacy.value]).filter(value => value !== null && value !== undefined);
  const ceiling = panel.id === "duration" ? Infinity : 1;
  const most = Math.min(ceiling, scale(Math.max(panel.floor, panel.limit ?? 0, ...values) * 1.1));
  const mostInterval = Math.min(ceiling, scale(Math.max(panel.floor, unified.high ?? 0, legacy.high ?? 0, panel.limit ?? 0) * 1.05));
  const container = byId("sides");
  const fit = Math.max(1, Math.floor((container.clientWidth + gap) / (narrowest + gap)));
  const columns = Math.min(fit, shown);
  const inner = (container.clientWidth - (columns - 1) * gap) / columns - padding;
  return h("article", { className: "side", "aria-labelledby": `side-${panel.id}` },
    h("div", { className: "side-head" }, h("h3", { id: `side-${panel.id}` }, panel.title), h("small", { className: "soft" }, panel.limitText)),
    intervals({ unified, legacy, most: mostInterval, limit: panel.limit, format: panel.format }),
    h("p", { className: "side-note" }, compare(panel, unified, legacy)),
    timeChart({ label: panel.title, points, from: Date.parse(sides.from), to: Date.parse(sides.to), most, limit: panel.limit, marks, format: panel.format, width: inner, focus: `chart-${panel.id}` }), table(`${panel.title} over time`, points, panel.format));
}

function compare(panel, unified, legacy) {
  if (!unified.of) return legacy.of ? `${count(legacy.of, "legacy run")}, none unified in this span.` : "";
  const sample = `${count(unified.of, "run")} against ${legacy.of}. `;
  if (!legacy.of) return `${count(unified.of, "run")}; no legacy run to compare with.`;
  if (unified.low === null || legacy.low === null) return `${sample}Too few to compare.`;
  const lower = unified.high < legacy.low, higher = unified.low > legacy.high;
  if (!lower && !higher) return `${sample}No difference that the intervals can tell.`;
  return `${sample}Unified is ${lower ? "lower" : "higher"}, beyond the intervals.`;
}

function marksOf(history) {
  return history.filter(entry => markTypes[entry.what]).map(entry => ({
    at: Date.parse(entry.at), sign: markTypes[entry.what].sign, bad: markTypes[entry.what].bad,
    text: entry.what === "incident-opened" ? `${entry.after}: ${entry.reason}` : `${entry.what}${entry.after ? `: ${entry.after}` : ""}`,
  }));
}

/** The next round number. */
function scale(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 1.2, 1.6, 2, 3, 4, 6, 8, 10].map(step => step * power).find(step => step >= value * 0.9999);
}

const key = name => s("svg", { viewBox: "0 0 28 12", "aria-hidden": "true" }, s("line", { className: `line-${name}`, x1: 0, x2: 28, y1: 6, y2: 6 }), s("circle", { className: `dot-${name}`, cx: 14, cy: 6, r: 3 }));
