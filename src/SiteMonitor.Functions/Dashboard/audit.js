// The audit log: who changed what, when and why, from what to what.
import { h, show } from "./dom.js";
import { time } from "./format.js";

let shown = 12;

export function showAudit(history) {
  const entries = [...history].sort((left, right) => right.sequence - left.sequence);
  if (entries.length === 0) {
    show("audit", h("p", { className: "empty" }, "Nothing has been changed yet."));
    return;
  }
  show("audit",
    h("table", { className: "cards" },
      h("caption", { className: "visually-hidden" }, "Changes, newest first"),
      h("thead", {}, h("tr", {}, ["When (UTC)", "Who", "What", "Change", "Why"].map(name => h("th", { scope: "col" }, name)))),
      h("tbody", {}, entries.slice(0, shown).map(entry => {
        const { what, before, after } = describe(entry);
        return h("tr", {},
          h("td", {}, time(entry.at)),
          h("td", {}, entry.who),
          h("th", { scope: "row", className: "wide-cell" }, what),
          h("td", { className: "change wide-cell" }, before && [h("del", {}, before), " → "], after && h("ins", {}, after)),
          h("td", { className: "wide-cell" }, entry.reason));
      }))),
    entries.length > shown && h("div", { className: "panel-foot" }, h("button", { type: "button", "data-focus": "more-audit", onclick: () => { shown += 40; showAudit(history); } }, `Show more of ${entries.length}`)));
}

/** Entries about a flag carry its name before what it was. */
function describe({ what, before, after }) {
  const flag = /^([A-Z][\w.]+): (.*)$/.exec(what === "flag" || what === "drift-ended" ? before : what === "drift" ? after : "");
  if (!flag) return { what: what.replaceAll("-", " "), before, after };
  return what === "drift" ? { what: `${flag[1]} changed outside`, before, after: flag[2] } : { what: what === "flag" ? `flag ${flag[1]}` : `${flag[1]} as planned again`, before: flag[2], after };
}
