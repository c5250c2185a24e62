// Runs, live: those in progress with their step, those that have ended, with filters; each opens.
import { h, show, byId } from "./dom.js";
import { time, lasting, now, seconds, dollars, ago } from "./format.js";
import { get } from "./api.js";
import { openRun } from "./run-detail.js";

const tones = { succeeded: "good", waiting: "warn", unmatched: "", skipped: "", rerouted: "cold", failed: "bad", critical: "bad" };
const signs = { succeeded: "✓", waiting: "…", unmatched: "–", skipped: "–", rerouted: "↩", failed: "✕", critical: "✕" };
const filter = { outcome: "", route: "", issue: "" };
const state = { active: [], runs: [], fresh: new Set(), next: null };

export const outcome = (name, code) => h("span", { "data-tone": tones[name] || null }, h("span", { className: "state" }, h("span", { "aria-hidden": "true" }, signs[name] ?? "·"), name), code && h("small", { className: "soft" }, ` ${code}`));

export async function loadRuns(before) {
  const query = new URLSearchParams({ limit: "12" });
  for (const [name, value] of Object.entries(filter)) if (value) query.set(name, value);
  if (before) query.set("before", before);
  const list = await get(`runs?${query}`);
  state.active = before ? state.active : list.active;
  state.runs = before ? [...state.runs, ...list.runs.filter(run => !state.runs.some(known => known.runId === run.runId))] : list.runs;
  state.next = list.next;
  draw();
}

export function setActive(active) {
  state.active = active;
  drawActive();
}

export function addRun(run) {
  if (state.runs.some(known => known.runId === run.runId) || !matches(run)) return;
  state.fresh.add(run.runId);
  setTimeout(() => { state.fresh.delete(run.runId); drawEnded(); }, 4000);
  state.runs = [run, ...state.runs];
  drawEnded();
}

const matches = run => (!filter.outcome || filter.outcome.split(",").includes(run.outcome)) && (!filter.route || run.route === filter.route) && (!filter.issue || run.issue.includes(filter.issue.toLowerCase()));

function draw() {
  if (!byId("runs-ended")) {
    show("runs", filters(), h("div", { id: "runs-active", "aria-live": "polite" }), h("div", { id: "runs-ended" }));
  }
  drawActive();
  drawEnded();
}

function filters() {
  const change = name => event => { filter[name] = event.target.value.trim(); loadRuns().catch(() => {}); };
  const select = (name, label, options) => h("label", { className: "field-inline" }, label, h("select", { onchange: change(name) }, options.map(([value, text]) => h("option", { value }, text))));
  return h("div", { className: "filters", role: "search", "aria-label": "Filter runs" },
    select("outcome", "Outcome", [["", "All"], ["succeeded", "Succeeded"], ["waiting", "Waiting"], ["failed,critical", "Failed or critical"], ["unmatched", "Unmatched"], ["skipped", "Skipped"], ["rerouted", "Rerouted"]]),
    select("route", "Route", [["", "Both"], ["unified", "Unified"], ["legacy", "Legacy"]]),
    h("label", { className: "field-inline" }, "Issue", h("input", { type: "search", size: "18", placeholder: "owner/repo#12", onchange: change("issue") })));
}

function drawActive() {
  if (!byId("runs-active")) return;
  show("runs-active", state.active.length > 0 && h("ul", { className: "active-list", "aria-label": "Runs in progress" }, state.active.map(run => h("li", { className: "active-run" },
    h("span", { className: "spark", "aria-hidden": "true" }), h("b", {}, run.issue), h("span", {}, run.detail || run.runtimeStatus), h("span", { className: "soft" }, `${run.step ? `${run.step}, ` : ""}${lasting((now() - Date.parse(run.started)) / 1000)}`)))));
}

function drawEnded() {
  if (!byId("runs-ended")) return;
  if (state.runs.length === 0) {
    const filtered = Object.values(filter).some(Boolean);
    show("runs-ended", h("p", { className: "empty" }, filtered ? "No run matches this filter." : ["No run yet. Start one: label an issue ", h("code", {}, "site-monitor"), ", or ", h("code", {}, "sitemonitor process-pipeline --repo owner/name --issue 12"), "."]));
    return;
  }
  show("runs-ended",
    h("table", { className: "cards" },
      h("caption", { className: "visually-hidden" }, "Runs that have ended, newest first"),
      h("thead", {}, h("tr", {}, ["Issue", "Outcome", "Route", "Ended", "Duration", "Cost"].map((name, column) => h("th", { scope: "col", className: column > 3 ? "number" : "" }, name)))),
      h("tbody", {}, state.runs.map(run => h("tr", { className: state.fresh.has(run.runId) ? "fresh" : null },
        h("th", { scope: "row" }, h("button", { type: "button", className: "link", "data-focus": `run-${run.runId}`, onclick: () => openRun(run.runId) }, run.issue || run.kind)),
        h("td", {}, outcome(run.outcome, run.reasonCode)),
        h("td", {}, run.route || "–"),
        h("td", { title: `${time(run.ended)} UTC` }, ago(run.ended)),
        h("td", { className: "number" }, seconds(run.durationMs / 1000)),
        h("td", { className: "number" }, dollars(run.dollars)))))),
    state.next && h("div", { className: "panel-foot" }, h("button", { type: "button", "data-focus": "older", onclick: () => loadRuns(state.next).catch(() => {}) }, "Show older runs")));
}
