// The plan as a staircase: each step as high as the share of the traffic that the phase gives to the unified pipeline.
import { h, show, sized, byId } from "./dom.js";
import { ago } from "./format.js";

const tones = { healthy: "good", blocked: "warn", "rolled-back": "bad", down: "bad" };

/** Number of audit log entries to request. If fewer arrive, the log is complete and shows which phases were entered. */
export const historyLimit = 500;

export function showPhases(rollout, plan, history) {
  const current = rollout.phases.indexOf(rollout.phase);
  // null: the audit log is truncated or missing, so it is not known which phases were entered.
  const entered = history?.length < historyLimit ? new Set(history.map(entry => entry.phase)) : null;
  byId("phases").dataset.tone = tones[rollout.verdict.word] ?? "cold";
  const steps = rollout.phases.map((name, index) => {
    const phase = plan?.phases.find(candidate => candidate.name === name);
    const place = index < current ? "past" : index === current ? "now" : "to come";
    const wasSkipped = entered !== null && !entered.has(name);
    const traffic = place === "past" && wasSkipped ? { text: "not entered, no traffic" } : describe(phase);
    const fill = traffic.share !== undefined && sized(h("div", { className: `step-fill bar-fill${index === current && rollout.rolledBack?.kind === "full" ? " taken-back" : ""}` }), { height: `${traffic.share * 100}%` });
    return h("li", { className: `step ${place.replace(" ", "-")}`, "aria-current": index === current ? "step" : null },
      h("div", { className: "step-track", "aria-hidden": "true" }, fill),
      h("div", {},
        h("p", { className: "step-name" }, index === current ? `● ${name}` : name, h("span", { className: "visually-hidden" }, ` (${place})`)),
        h("small", {}, traffic.text),
        index === current && h("small", {}, rollout.rolledBack ? `${rollout.rolledBack.title ?? "rolled back"}` : `entered ${ago(rollout.since)}`)));
  });
  show("phases", h("ol", { className: "steps" }, steps));
}

function describe(phase) {
  const flag = phase?.flags.unifiedPipeline;
  if (!flag) return { text: "" };
  if (!flag.enabled) return { text: "no traffic" };
  const labels = (flag.labels ?? []).join(", ");
  const share = (flag.percentage ?? 0) / 100;
  return { share, text: share === 0 ? `label ${labels}` : share === 1 ? "100 %" : `${flag.percentage} %${labels ? ` + label ${labels}` : ""}` };
}
