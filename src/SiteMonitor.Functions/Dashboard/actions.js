// Every change: first its dry run, then name and reason, then the request. Nothing changes by opening or closing the dialog.
import { h, show, byId } from "./dom.js";
import { post, ProblemError } from "./api.js";

const nameStorage = "sitemonitor-operator";
let done = () => {};

/** @param after Called when something has changed. */
export const whenDone = after => { done = after; };

const rollout = name => () => [{ path: `rollout/${name}` }];
const incident = name => (options, id) => [{ path: `incidents/${encodeURIComponent(id)}/${name}` }];

const actions = {
  advance: { title: "Advance to the next phase", verb: "Advance", requests: rollout("advance"), force: "Advance although the gate is not met (audited)", drift: true, reason: "Reason" },
  back: { title: "Go back one phase", verb: "Go back", requests: rollout("back"), reason: "Reason", required: true, danger: true },
  rollback: {
    title: "Roll back", verb: "Roll back now", danger: true, required: true, reason: "Reason",
    choices: { name: "stage", label: "What to take back", options: [["", "Everything: every issue goes through the old logic"], ["analysis", "The analysis stage only"], ["preparation", "The preparation stage only"]] },
    requests: options => [{ path: "rollout/rollback", body: options.stage ? { stage: options.stage } : {} }],
  },
  freeze: { title: "Freeze the rollout", verb: "Freeze", requests: rollout("freeze"), reason: "Reason to hold", required: true, about: "Holds the phase where it is. Traffic goes on and the guard stays armed." },
  unfreeze: { title: "Lift the freeze", verb: "Unfreeze", requests: rollout("unfreeze"), reason: "Reason" },
  resume: { title: "Resume after the rollback", verb: "Resume", requests: rollout("resume"), force: "Resume although its incident is not acknowledged (audited)", drift: true, required: true, reason: "What was fixed" },
  "reset-evidence": { title: "Reset the evidence", verb: "Reset the evidence", requests: rollout("reset-evidence"), reason: "What was fixed", required: true, about: "Gate and soak time count from now on. Earlier runs and resolved incidents no longer count, for or against. Open incidents still count: resolve them." },
  "overwrite-drift": { title: "Set the flags to what the plan says", verb: "Set flags", requests: () => [{ path: "rollout/resume", body: { overwriteDrift: true } }], required: true, reason: "Reason" },
  confirm: {
    title: "Confirm criteria", verb: "Confirm", required: true, reason: "What it rests on: who looked, at what, when", criteria: true,
    requests: options => options.criteria.map(criterion => ({ path: "rollout/confirm", body: { criterion } })),
  },
  acknowledge: { title: "Acknowledge", verb: "Acknowledge", requests: incident("acknowledge"), reason: "Note", about: "Tells everybody that you are aware and investigating; stops the escalation." },
  update: { title: "Update", verb: "Publish the update", requests: incident("update"), required: true, reason: "What is known, what is next" },
  resolve: { title: "Resolve", verb: "Resolve", requests: incident("resolve"), required: true, reason: "What happened and how it was fixed" },
  "open-incident": { title: "Open an incident", verb: "Open the incident", requests: () => [{ path: "incidents" }], required: true, reason: "What is wrong, in one line" },
};

export function openAction(name, status, subject) {
  const action = actions[name];
  const dialog = byId("action-dialog");
  const options = { criteria: [] };
  const preview = h("div", { className: "preview", role: "status", "aria-label": "What would happen" });
  const title = `${action.title}${typeof subject === "string" && subject.startsWith("INC") ? ` ${subject}` : ""}`;
  const who = h("input", { type: "text", required: true, autocomplete: "username", maxlength: "80" });
  who.value = localStorage.getItem(nameStorage) ?? "";
  const why = h("textarea", { required: action.required, maxlength: "500", rows: "2" });
  const apply = h("button", { type: "submit", className: action.danger ? "primary danger-primary" : "primary", disabled: true }, action.verb);
  const extras = h("div", { hidden: true });
  const problem = h("p", { className: "key-problem", role: "alert", hidden: true });
  let phase = "", number = 0;

  const body = dryRun => ({
    operator: who.value.trim() || (dryRun ? "you" : ""),
    reason: why.value.trim() || (dryRun ? "(your reason)" : ""),
    dryRun,
    ...(options.force ? { force: true } : {}),
    ...(options.overwriteDrift ? { overwriteDrift: true } : {}),
    ...(phase && !dryRun ? { phase } : {}),
  });
  const send = dryRun => inTurn(action.requests(options, subject), request => post(request.path, { ...body(dryRun), ...request.body }));

  async function tryOut() {
    const mine = ++number;
    apply.disabled = true;
    preview.removeAttribute("data-tone");
    if (action.criteria && options.criteria.length === 0) return show(preview, h("p", { className: "soft" }, "Choose what you confirm."));
    show(preview, h("p", { className: "soft" }, "Trying it out without changing anything…"));
    try {
      const results = await send(true);
      if (mine !== number) return;
      phase = results[0]?.phase ?? "";
      const nothing = results.every(result => result.code === "nothing-to-do");
      apply.disabled = nothing;
      show(preview, h("h3", {}, nothing ? "Nothing to do" : "What will happen"), results.map(result => describe(result)));
    } catch (error) {
      if (mine !== number) return;
      preview.dataset.tone = "warn";
      show(preview, h("h3", {}, "This would be refused"), refused(error));
      offer();
    }
  }

  function offer() {
    const check = (option, label) => h("label", { className: "check" }, h("input", { type: "checkbox", onchange: event => { options[option] = event.target.checked; tryOut(); } }), label);
    if (extras.hidden && (action.force || action.drift)) {
      extras.hidden = false;
      show(extras, action.force && check("force", action.force), action.drift && check("overwriteDrift", "Overwrite flags that somebody changed outside"));
    }
  }

  const form = h("form", {
    className: "dialog-body", method: "dialog", novalidate: true,
    onsubmit: async event => {
      event.preventDefault();
      problem.hidden = true;
      const missing = !who.value.trim() ? [who, "Your name goes into the audit log: please give it."] : action.required && !why.value.trim() ? [why, "A reason is needed: it goes into the audit log."] : null;
      if (missing) {
        problem.textContent = missing[1];
        problem.hidden = false;
        missing[0].focus();
        return;
      }
      localStorage.setItem(nameStorage, who.value.trim());
      apply.disabled = true;
      try {
        const results = await send(false);
        finish(dialog, results);
        done();
      } catch (error) {
        preview.dataset.tone = "bad";
        show(preview, h("h3", {}, "It was refused"), refused(error));
        offer();
        apply.disabled = false;
      }
    },
  },
  h("div", { className: "dialog-head" }, h("h2", { id: "action-title" }, title)),
  action.about && h("p", { className: "soft" }, action.about),
  action.choices && h("label", { className: "field" }, action.choices.label, h("select", { onchange: event => { options[action.choices.name] = event.target.value; tryOut(); } }, action.choices.options.map(([value, text]) => h("option", { value }, text)))),
  action.criteria && criteria(status, subject, options, tryOut),
  preview, extras,
  h("label", { className: "field" }, "Your name", who),
  h("label", { className: "field" }, `${action.reason}${action.required ? "" : " (optional)"}`, why),
  problem,
  h("div", { className: "dialog-foot" }, h("button", { type: "button", onclick: () => dialog.close() }, "Cancel"), apply));

  show(dialog, form);
  dialog.showModal();
  (who.value ? why : who).focus();
  tryOut();
}

/** One after the other, so that a refusal stops the rest. */
async function inTurn(requests, send) {
  const results = [];
  for (const request of requests) results.push(await send(request));
  return results;
}

function criteria(status, subject, options, changed) {
  const open = status.gate.filter(criterion => criterion.needsConfirmation && criterion.state !== "met");
  options.criteria = open.map(criterion => criterion.id).filter(id => [subject].flat().includes(id));
  return h("fieldset", { className: "criteria" }, h("legend", {}, "Criteria"), open.map(criterion => {
    const box = h("input", { type: "checkbox", onchange: () => {
      options.criteria = box.checked ? [...options.criteria, criterion.id] : options.criteria.filter(id => id !== criterion.id);
      changed();
    } });
    box.checked = options.criteria.includes(criterion.id);
    return h("label", { className: "check" }, box, h("span", {}, criterion.title, h("br"), h("small", { className: "soft" }, criterion.detail.replace(/ Then: rollout confirm.*$/, ""))));
  }));
}

const describe = result => [
  h("p", {}, result.title),
  result.lines?.length > 0 && h("ul", {}, result.lines.map(line => h("li", {}, line))),
  result.flags?.length > 0 && h("ul", { "aria-label": "Flags that change" }, result.flags.map(flag => h("li", { className: "change" }, h("code", {}, flag.flag), " ", h("del", {}, flag.before), " → ", h("ins", {}, flag.after)))),
];

const refused = error => error instanceof ProblemError
  ? [h("p", {}, error.title), error.errors.length > 0 && h("ul", {}, error.errors.map(line => h("li", {}, line))), error.detail && h("p", { className: "soft" }, `Next: ${error.detail}`)]
  : h("p", {}, error.message);

function finish(dialog, results) {
  const pending = results.some(result => result.code === "pending");
  const close = h("button", { type: "button", className: "primary", onclick: () => dialog.close() }, "Close");
  show(dialog, h("div", { className: "dialog-body" },
    h("h2", { id: "action-title" }, pending ? "Recorded; flags are still being written" : "Done"),
    h("div", { className: "preview", "data-tone": pending ? "warn" : "good", role: "status" }, results.map(describe)),
    h("p", { className: "soft" }, `Next: ${results.at(-1)?.next ?? ""}`),
    h("div", { className: "dialog-foot" }, close)));
  close.focus();
}
