// The flags as they are; what differs from the plan says so.
import { h, show } from "./dom.js";
import { openAction } from "./actions.js";

export function showFlags(rollout) {
  const drifted = rollout.flags.filter(flag => flag.wanted);
  show("flags",
    rollout.flagProblems.map(problem => h("p", { className: "summary-line", "data-tone": "bad" }, h("span", { className: "state" }, "✕ "), problem)),
    h("table", {},
      h("caption", { className: "visually-hidden" }, "Flags with their settings"),
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Flag"), h("th", { scope: "col" }, "Setting"))),
      h("tbody", {}, rollout.flags.map(flag => h("tr", {},
        h("th", { scope: "row" }, flag.flag),
        h("td", {}, flag.setting, flag.wanted && h("div", { "data-tone": "warn" }, h("span", { className: "pill" }, "differs"), ` plan: ${flag.wanted}`)))))),
    h("p", { className: "summary-line panel-foot" }, `${drifted.length ? `${drifted.length} changed outside the rollout` : "All as the plan says"} · revision ${rollout.flagsRevision.slice(0, 12)}`),
    drifted.length > 0 && h("button", { type: "button", "data-focus": "drift", onclick: () => openAction("overwrite-drift", rollout) }, "Set flags to the plan…"));
}
