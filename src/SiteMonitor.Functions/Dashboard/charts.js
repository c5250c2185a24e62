// Small charts in SVG. Unified is a solid line with filled dots, legacy a dashed line with open dots: told apart without colour.
import { h, s } from "./dom.js";
import { shortTime, time } from "./format.js";

const left = 40, right = 8, top = 16, bottom = 20, height = 150;

/** Both values with their intervals on one scale, the limit as a line. */
export function intervals({ unified, legacy, most, limit, format }) {
  const row = (name, side, dashed) => {
    const has = side.value !== null && side.value !== undefined;
    const x = value => `${(Math.min(value, most) / most) * 100}%`;
    const plot = s("svg", { className: "plot", height: 20, "aria-hidden": "true" },
      s("line", { className: "grid", x1: 0, x2: "100%", y1: 10, y2: 10 }),
      limit !== null && limit <= most && s("line", { className: "limit", x1: x(limit), x2: x(limit), y1: 0, y2: 20 }),
      has && side.low !== null && s("line", { className: `whisker-${dashed}`, x1: x(side.low), x2: x(side.high), y1: 10, y2: 10 }),
      has && s("circle", { className: `dot-${dashed}`, cx: x(side.value), cy: 10, r: 4.5 }));
    return h("div", { className: `interval-row ${dashed}` },
      h("span", {}, name),
      h("b", {}, format(side.value)),
      h("div", {}, plot, h("span", { className: "visually-hidden" }, has && side.low !== null ? `95 % interval ${format(side.low)} to ${format(side.high)}, ${side.of} runs` : "no interval")));
  };
  return h("div", {}, row("Unified", unified, "unified"), row("Legacy", legacy, "legacy"));
}

/** Both sides over time, with the marks of what happened; arrow keys and the pointer read the values. */
export function timeChart({ label, points, from, to, most, limit, marks, format, width, focus }) {
  const span = Math.max(1, to - from);
  const x = at => left + (width - left - right) * Math.min(1, Math.max(0, (at - from) / span));
  const y = value => height - bottom - (height - top - bottom) * Math.min(1, value / most);
  const svg = s("svg", { className: "plot", viewBox: `0 0 ${width} ${height}`, height, "aria-hidden": "true" });
  for (const share of [0, 0.5, 1]) {
    const at = y(most * share);
    svg.append(s("line", { className: share === 0 ? "axis" : "grid", x1: left, x2: width - right, y1: at, y2: at }), s("text", { x: left - 6, y: at + 4, "text-anchor": "end" }, format(most * share)));
  }
  const ticks = width > 420 ? [0, 0.25, 0.5, 0.75, 1] : [0, 0.5, 1];
  for (const tick of ticks) {
    svg.append(s("text", { x: left + (width - left - right) * tick, y: height - 4, "text-anchor": tick === 0 ? "start" : tick === 1 ? "end" : "middle" }, tick === 1 ? "now" : shortTime(from + span * tick, span / 1000)));
  }
  let signed = null;
  for (const mark of marks.filter(candidate => candidate.at >= from && candidate.at <= to).sort((a, b) => a.at - b.at || b.bad - a.bad)) {
    svg.append(s("line", { className: "mark", x1: x(mark.at), x2: x(mark.at), y1: top - 2, y2: height - bottom }));
    // Signs of the same moment would lie on each other: a bad one is shown, and the tooltip names them all.
    if (!signed || x(mark.at) - signed.x >= 9) {
      signed = { x: x(mark.at), bad: false, text: s("text", { className: "mark-sign", x: Math.min(x(mark.at), width - right), y: top - 5, "text-anchor": "middle" }, mark.sign) };
      svg.append(signed.text);
    }
    if (mark.bad && !signed.bad) {
      signed.bad = true;
      signed.text.textContent = mark.sign;
      signed.text.classList.add("bad");
    }
  }
  const known = name => points.filter(point => point[name].value !== null && point[name].value !== undefined);
  const unified = known("unified");
  if (unified.length > 1) {
    const upper = unified.map(point => `${x(point.at)},${y(point.unified.high ?? point.unified.value)}`);
    const lower = unified.map(point => `${x(point.at)},${y(point.unified.low ?? point.unified.value)}`).reverse();
    svg.append(s("polygon", { className: "band", points: [...upper, ...lower].join(" ") }));
  }
  if (limit !== null && limit <= most) {
    svg.append(s("line", { className: "limit", x1: left, x2: width - right, y1: y(limit), y2: y(limit) }), s("text", { className: "limit-text", x: width - right, y: y(limit) - 4, "text-anchor": "end" }, `limit ${format(limit)}`));
  }
  for (const name of ["legacy", "unified"]) {
    const line = known(name);
    svg.append(s("polyline", { className: `line-${name}`, points: line.map(point => `${x(point.at)},${y(point[name].value)}`).join(" ") }));
    if (line.length <= 24) svg.append(...line.map(point => s("circle", { className: `dot-${name}`, cx: x(point.at), cy: y(point[name].value), r: line.length === 1 ? 4 : 2.5 })));
  }
  const cursor = s("line", { className: "cursor", y1: top, y2: height - bottom, visibility: "hidden" });
  svg.append(cursor);
  return readable(h("div", { className: "chart", tabindex: "0", role: "group", "aria-label": `${label} over time. Arrow keys read the values.`, "data-focus": focus }, svg), { points, marks, x, width, cursor, format, span });
}

function readable(chart, { points, marks, x, width, cursor, format, span }) {
  const tip = h("div", { className: "tip", role: "status" });
  let index = -1;
  const read = position => {
    if (points.length === 0) return;
    index = Math.min(points.length - 1, Math.max(0, position));
    const point = points[index];
    const next = points[index + 1]?.at ?? Infinity;
    const happened = marks.filter(mark => mark.at >= point.at && mark.at < Math.min(next, point.at + span / 12)).map(mark => `${mark.sign} ${mark.text}`);
    tip.textContent = [time(point.at), side("Unified", point.unified, format), side("Legacy", point.legacy, format), ...happened.slice(0, 3)].join("\n");
    cursor.setAttribute("x1", x(point.at));
    cursor.setAttribute("x2", x(point.at));
    cursor.setAttribute("visibility", "visible");
    tip.style.setProperty(x(point.at) > width / 2 ? "right" : "left", `${x(point.at) > width / 2 ? width - x(point.at) + 8 : x(point.at) + 8}px`);
    tip.style.setProperty(x(point.at) > width / 2 ? "left" : "right", "auto");
  };
  const leave = () => {
    tip.textContent = "";
    cursor.setAttribute("visibility", "hidden");
  };
  chart.addEventListener("pointermove", event => {
    const at = event.clientX - chart.getBoundingClientRect().left;
    const distances = points.map(point => Math.abs(x(point.at) - at));
    read(distances.indexOf(Math.min(...distances)));
  });
  chart.addEventListener("pointerleave", leave);
  chart.addEventListener("blur", leave);
  chart.addEventListener("keydown", event => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step) return;
    event.preventDefault();
    read(index < 0 ? points.length - 1 : index + step);
  });
  chart.append(tip);
  return chart;
}

const side = (name, { value, low, high, of }, format) =>
  value === null || value === undefined ? `${name}: no runs` : `${name}: ${format(value)}${low === null || low === undefined ? "" : ` (${format(low)} to ${format(high)})`}, ${of} ${of === 1 ? "run" : "runs"}`;

/** The same values for those who cannot see the chart. */
export const table = (caption, points, format) => h("details", {}, h("summary", {}, "Values as a table"),
  h("div", { className: "scroll", tabindex: "0", role: "region", "aria-label": caption }, h("table", {},
    h("caption", { className: "visually-hidden" }, caption),
    h("thead", {}, h("tr", {}, ["From (UTC)", "Unified", "Runs", "Legacy", "Runs"].map((name, column) => h("th", { scope: "col", className: column ? "number" : "" }, name)))),
    h("tbody", {}, points.map(point => h("tr", {},
      h("th", { scope: "row" }, time(point.at)),
      h("td", { className: "number" }, format(point.unified.value)), h("td", { className: "number" }, point.unified.of),
      h("td", { className: "number" }, format(point.legacy.value)), h("td", { className: "number" }, point.legacy.of)))))));
