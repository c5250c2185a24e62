// The gate: each criterion with its value, target and progress, when it is expected to be met, and what a person has to confirm.
import { h, show, meter, byId } from "./dom.js";
import { count, time } from "./format.js";
import { openAction } from "./actions.js";

const states = { met: ["✓", "good", "met"], unmet: ["✕", "bad", "not met"], open: ["○", "warn", "open"] };
const chosen = new Set();

export function showGate(rollout, plan, forecast) {
  if (rollout.gate.length === 0) {
    show("gate", h("p", { className: "empty" }, `Phase '${rollout.phase}' has no gate: the rollout is complete. Watch the targets below.`));
    return;
  }
  const planned = plan?.phases.find(phase => phase.name === rollout.phase)?.gate ?? [];
  const expected = new Map((forecast?.gate ?? []).map(criterion => [criterion.id, criterion]));
  const met = rollout.gate.filter(criterion => criterion.state === "met").length;
  const next = rollout.phases[rollout.phases.indexOf(rollout.phase) + 1];
  show("gate",
    h("p", { className: "summary-line" }, `${met} of ${count(rollout.gate.length, "criterion", "criteria")} met to go on to '${next}'. ${when(forecast)}`),
    h("ul", { className: "rows" }, rollout.gate.map(criterion => row(criterion, planned.find(candidate => candidate.id === criterion.id), expected.get(criterion.id)))),
    h("div", { className: "panel-foot" },
      rollout.gate.some(criterion => criterion.needsConfirmation && criterion.state !== "met") && h("button", { type: "button", "data-focus": "confirm-chosen", onclick: () => openAction("confirm", rollout, [...chosen]) }, "Confirm criteria…"),
      rollout.gate.some(criterion => criterion.state === "unmet" && canReset(rollout, planned, criterion)) && h("button", { type: "button", "data-focus": "gate-reset", onclick: () => openAction("reset-evidence", rollout) }, "Reset the evidence…"),
      h("button", { type: "button", "data-focus": "gate-advance", onclick: () => openAction("advance", rollout) }, "What would happen on advance…")));
}

/** Whether a reset of the evidence can help. It cannot for open incidents, which must be resolved, or for criteria that a person confirms. */
function canReset(rollout, planned, criterion) {
  const measure = planned.find(candidate => candidate.id === criterion.id)?.measure;
  const isOpen = rollout.incidents.some(incident => !incident.resolved);
  return !criterion.needsConfirmation && measure !== "openIncidents" && !(measure === "incidents" && isOpen);
}

function row(criterion, planned, expected) {
  const [sign, tone, word] = states[criterion.state];
  const progress = criterion.state === "met" ? 1 : criterion.progress ?? (planned?.minimumSample > 1 ? Math.min(1, criterion.sample / planned.minimumSample) : null);
  const confirmable = criterion.needsConfirmation && criterion.state !== "met";
  const forecast = criterion.state === "met" || !expected ? "" : expected.never ? `Will not be met as things stand: ${expected.never}` : expected.when ? `Expected: ${expected.when}` : expected.at ? `Expected ${time(expected.at)}` : "";
  return h("li", { className: "row", "data-tone": tone },
    h("span", { className: "state" }, h("span", { "aria-hidden": "true" }, sign), h("span", { className: "visually-hidden" }, word)),
    confirmable ? h("label", { className: "check row-title" }, tick(criterion.id), criterion.title) : h("span", { className: "row-title" }, criterion.title),
    h("span", { className: "row-value" }, criterion.needsConfirmation ? criterion.value : `${criterion.value} `, !criterion.needsConfirmation && h("small", { className: "soft" }, `target ${criterion.target}`)),
    (progress !== null && progress < 1 || criterion.detail || forecast) && h("div", { className: "row-more" },
      progress !== null && progress < 1 && meter(progress, `${Math.round(progress * 100)} % of the way`),
      criterion.detail && h("small", {}, confirmable ? criterion.detail.replace(/ Then: rollout confirm.*$/, "") : criterion.detail),
      forecast && h("small", {}, forecast)));
}

function tick(id) {
  const box = h("input", { type: "checkbox", "data-focus": `tick-${id}`, onchange: () => box.checked ? chosen.add(id) : chosen.delete(id) });
  box.checked = chosen.has(id);
  return box;
}

const when = forecast => forecast?.gateMetAt ? `At the present traffic: ${time(forecast.gateMetAt)} UTC.` : "";
