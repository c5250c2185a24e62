// Open incidents under the verdict, each with its timeline and what can be done about it.
import { h, show } from "./dom.js";
import { ago, time, sentence } from "./format.js";
import { openAction } from "./actions.js";

export function showIncidents(rollout, incidents) {
  const known = incidents ?? rollout.incidents.map(incident => ({ ...incident, timeline: [] }));
  show("incidents", known.filter(incident => !incident.resolved).map(incident => one(rollout, incident)));
}

function one(rollout, incident) {
  const act = (name, label, className) => h("button", { type: "button", className, "data-focus": `${name}-${incident.id}`, onclick: () => openAction(name, rollout, incident.id) }, label);
  return h("article", { className: "incident", "data-tone": "bad", "aria-labelledby": `title-${incident.id}` },
    h("div", {},
      h("h3", { id: `title-${incident.id}` }, h("span", { className: "state" }, `! ${incident.id}`), ` ${incident.title}`),
      h("p", { className: "soft" }, `Open for ${ago(incident.opened).replace(" ago", "")}, by ${incident.openedBy}; ${incident.acknowledged ? `acknowledged by ${incident.acknowledgedBy}` : "not acknowledged"}`)),
    h("div", { className: "incident-actions" },
      incident.acknowledged ? null : act("acknowledge", "Acknowledge", "primary"),
      act("update", "Update"),
      act("resolve", "Resolve")),
    incident.timeline.length > 0 && h("details", {}, h("summary", {}, `Timeline (${incident.timeline.length})`), timeline(incident)));
}

export const timeline = incident => h("ol", { className: "timeline" }, incident.timeline.map(event =>
  h("li", {}, h("small", { className: "soft" }, `${time(event.at)} · ${event.who} · ${sentence(event.what)}`), event.text && h("p", {}, event.text))));
