// The first thing to read: one word, why, what next; the figures that carry it; the buttons that act on it.
import { h, show, icon, byId } from "./dom.js";
import { percent, seconds, count } from "./format.js";
import { openAction } from "./actions.js";

const words = {
  healthy: ["Healthy", "good", "good"],
  watching: ["Watching", "cold", "watch"],
  blocked: ["Blocked", "warn", "blocked"],
  "rolled-back": ["Rolled back", "bad", "back"],
  frozen: ["Frozen", "cold", "frozen"],
  down: ["Down", "bad", "down"],
};

const labels = {
  acknowledge: target => `Acknowledge ${target}`,
  resolve: target => `Resolve ${target}`,
  resume: () => "Resume",
  unfreeze: () => "Unfreeze",
  advance: () => "Advance",
  confirm: () => "Confirm criteria",
  "overwrite-drift": () => "Set flags to the plan",
};

export function showVerdict(state) {
  const verdict = judge(state);
  const [word, tone, sign] = words[verdict.word] ?? words.watching;
  byId("verdict").dataset.tone = tone;
  document.title = `${word} · SiteMonitor`;
  show("verdict",
    h("div", {},
      h("h2", { className: "verdict-word", id: "verdict-word" }, icon(sign), word),
      h("p", { className: "verdict-reason" }, verdict.reason),
      verdict.next && h("p", { className: "verdict-next" }, `Next: ${verdict.next} `, h("span", { className: "old-mark" }, "(old data)")),
      h("div", { className: "verdict-actions" }, buttons(state, verdict))),
    facts(state));
}

/** The application's own verdict, unless the page knows better: no answer, or a health check that fails. */
function judge({ rollout, health, lost }) {
  if (lost) return { word: "down", reason: lost, action: "", target: "", next: "Start the application, or check the network; the page tries again by itself." };
  const failing = health?.status === "failing" ? health.checks.find(check => check.status === "failing") : null;
  return failing ? { word: "down", reason: `${failing.name}: ${failing.detail}`, action: "", target: "", next: "sitemonitor doctor finds the cause." } : rollout.verdict;
}

function buttons({ rollout, lost }, { action, target }) {
  const button = (name, className, label, subject) => h("button", { type: "button", className, "data-focus": `verdict-${name}`, disabled: Boolean(lost), onclick: () => openAction(name, rollout, subject) }, label);
  const first = labels[action] ? button(action, "primary", labels[action](target), target) : null;
  const last = rollout.phases.at(-1) === rollout.phase;
  return [
    first,
    rollout.rolledBack?.kind !== "full" && rollout.phases[0] !== rollout.phase && button("rollback", "danger", "Roll back"),
    rollout.rolledBack && action !== "resume" && button("resume", "", "Resume"),
    rollout.frozen ? action !== "unfreeze" && button("unfreeze", "", "Unfreeze") : button("freeze", "", "Freeze"),
    action !== "advance" && !last && !rollout.rolledBack && button("advance", "", "Advance…"),
    rollout.phases[0] !== rollout.phase && button("back", "quiet", "Back one phase"),
    button("open-incident", "quiet", "Open an incident"),
  ];
}

function facts({ rollout, metrics }) {
  const { unified, legacy } = metrics?.sides ?? {};
  const fact = (name, value, more) => [h("dt", {}, name), h("dd", {}, value, h("small", {}, more))];
  const pair = (mine, other, text) => other ? `legacy ${text}` : mine ? "no legacy runs to compare" : "no runs yet";
  const { unified: onUnified, legacy: onLegacy } = rollout.cohorts;
  const both = onUnified + onLegacy;
  const lastDay = `${onUnified} of ${count(both, "issue")}, last 24 h`;
  const isOff = rollout.rolledBack?.kind === "full" && rollout.flags.find(flag => flag.flag === "UnifiedPipeline")?.setting === "off";
  const share = isOff ? ["0 %", `since the rollback; ${lastDay}`] : [both ? percent(onUnified / both) : "–", lastDay];
  return h("dl", { className: "facts" },
    h("div", {}, fact("Unified error rate", percent(unified?.errors.share), pair(unified?.runs, legacy?.runs, percent(legacy?.errors.share)))),
    h("div", {}, fact("Mean duration", seconds(unified?.duration.mean), pair(unified?.duration.count, legacy?.duration.count, seconds(legacy?.duration.mean)))),
    h("div", {}, fact("Handed over", percent(unified?.handOvers.share), pair(unified?.runs, legacy?.runs, percent(legacy?.handOvers.share)))),
    h("div", {}, fact("On the unified pipeline", ...share)));
}
