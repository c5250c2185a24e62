// The guard: each signal's value against the threshold at which it fires.
import { h, show, meter } from "./dom.js";
import { ago, count, time } from "./format.js";

const signals = [
  ["errors", "Errors", "failed or critical runs"],
  ["critical", "Critical", "issues left in no legal state"],
  ["unanswered", "Unanswered", "analyses without a usable answer"],
  ["slow", "Slow", "runs slower than twice the baseline"],
  ["handOver", "Hand-over", "runs that wait for a person; opens an incident only"],
  ["unrouted", "Before routing", "runs that fail before the flags are read; opens an incident only", "errors"],
];

export function showGuard(rollout, plan, forecast) {
  const { guard } = rollout;
  const watching = rollout.flags.find(flag => flag.flag === "AutomaticRollback");
  show("guard",
    h("p", { className: "summary-line" },
      rollout.guardProblem || (rollout.guardRoundAt ? `Last round ${ago(rollout.guardRoundAt)}. ` : "No round yet. "),
      watching && `Automatic rollback: ${watching.setting}.`),
    h("ul", { className: "rows" }, signals.filter(([name, , , rule]) => plan?.guard[rule ?? name]).map(([name, title, meaning, rule]) => row(title, meaning, plan.guard[rule ?? name].threshold, guard.signals?.find(signal => alike(signal.signal, name)))),
      h("li", { className: "row", "data-tone": "good" }, h("span", { className: "state", "aria-hidden": "true" }, "✓"), h("span", { className: "row-title" }, "Lost text"), h("span", { className: "row-value" }, "fires on one case"))),
    guard.saw && h("p", { className: "summary-line" }, guard.saw),
    speeds(forecast));
}

const alike = (left, right) => left.replace(/[^a-z]/gi, "").toLowerCase() === right.toLowerCase();

function row(title, meaning, threshold, signal) {
  const value = signal?.value ?? 0;
  const share = value / threshold;
  const tone = share >= 1 ? "bad" : share >= 0.5 ? "warn" : "good";
  const word = { bad: ["✕", "at its threshold"], warn: ["!", "rising"], good: ["✓", "quiet"] }[tone];
  return h("li", { className: "row", "data-tone": tone },
    h("span", { className: "state" }, h("span", { "aria-hidden": "true" }, word[0]), h("span", { className: "visually-hidden" }, word[1])),
    h("span", { className: "row-title" }, title, " ", h("small", { className: "soft" }, meaning)),
    h("span", { className: "row-value" }, `${value.toFixed(1)} of ${threshold}`),
    h("div", { className: "row-more" },
      meter(share, `${title}: ${Math.round(share * 100)} % of the threshold`),
      signal?.badRuns > 0 && h("small", {}, `${signal.badRuns} of ${count(signal.runs, "run")} since ${time(signal.since)}, on ${count(signal.badIssues.length, "issue")}`)));
}

function speeds(forecast) {
  if (!forecast?.guard?.length) return null;
  return h("details", {}, h("summary", {}, "How fast it would notice a failure"),
    h("table", {},
      h("thead", {}, h("tr", {}, ["Failing", "Runs", "Days"].map(name => h("th", { scope: "col" }, name)))),
      h("tbody", {}, forecast.guard.map(line => h("tr", {}, h("th", { scope: "row" }, `${line.failingPercent} %`), h("td", {}, line.runs ?? "–"), h("td", {}, line.days === null || line.days === undefined ? "–" : Number(line.days).toFixed(1)))))));
}
