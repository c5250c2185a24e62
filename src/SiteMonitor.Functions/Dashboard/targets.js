// The plan's targets, each judged only once the phase gives it something to judge: what a later phase asks is not red now.
import { h, show } from "./dom.js";

const needs = {
  consistency: phase => phase.flags.comparison,
  migration: phase => phase.flags.unifiedPipeline.percentage === 100,
  uptime: () => true,
};
const states = { met: ["✓", "good", "met"], missed: ["✕", "bad", "not met"], later: ["–", "", "later"], "no-data": ["–", "", "no data"], shown: ["·", "", "no target"] };

export function showTargets(metrics, rollout, plan) {
  const current = plan?.phases.findIndex(phase => phase.name === rollout.phase) ?? -1;
  const judged = figure => {
    if (figure.status !== "missed" || current < 0) return [figure.status, ""];
    const need = needs[figure.id] ?? (phase => phase.flags.unifiedPipeline.enabled);
    if (need(plan.phases[current])) return ["missed", ""];
    const later = plan.phases.slice(current + 1).find(need);
    return later ? ["later", `judged from '${later.name}' on`] : ["shown", "not judged in this phase"];
  };
  const withTarget = metrics.figures.filter(figure => figure.target), others = metrics.figures.filter(figure => !figure.target);
  const line = figure => {
    const [status, note] = judged(figure);
    const [sign, tone, word] = states[status];
    const [value, ...rest] = figure.text.split(/, (?=\d|\$|at most)/);
    return h("tr", { "data-figure": figure.id },
      h("td", { className: "state-cell", "data-tone": tone || null }, h("span", { className: "state" }, h("span", { "aria-hidden": "true" }, sign), h("span", { className: "visually-hidden" }, word))),
      h("th", { scope: "row" }, figure.title, (rest.length > 0 || note) && h("small", { className: "soft" }, h("br"), [rest.join(", "), note].filter(Boolean).join(" · "))),
      h("td", { className: "number" }, value.replace(/ \(.*\)/, ""), figure.target && h("small", { className: "soft" }, h("br"), figure.target)));
  };
  const table = (caption, figures) => h("table", {}, h("caption", { className: "visually-hidden" }, caption),
    h("thead", { className: "visually-hidden" }, h("tr", {}, ["State", "Figure", "Value and target"].map(name => h("th", { scope: "col" }, name)))), h("tbody", {}, figures.map(line)));
  show("targets", table("Targets of the plan", withTarget), others.length > 0 && h("details", {}, h("summary", {}, "Figures without a target"), table("Figures without a target", others)));
}
