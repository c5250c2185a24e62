// One run: its steps with their durations, what it spent, and why it went the way it did.
import { h, show, sized, byId } from "./dom.js";
import { time, seconds, dollars, sentence, count } from "./format.js";
import { get } from "./api.js";
import { outcome } from "./runs.js";

export async function openRun(runId) {
  const dialog = byId("run-dialog");
  show(dialog, h("div", { className: "dialog-body" }, h("h2", { id: "run-title" }, "Run"), h("p", { className: "soft" }, "Reading the ledger…")));
  dialog.showModal();
  try {
    show(dialog, body(await get(`runs/${encodeURIComponent(runId)}`)));
  } catch (error) {
    show(dialog, h("div", { className: "dialog-body" }, h("h2", { id: "run-title" }, "Run"), h("p", {}, error.message), close()));
  }
  dialog.querySelector("[data-focus=close]")?.focus();
}

const close = () => h("div", { className: "dialog-foot" }, h("button", { type: "button", "data-focus": "close", onclick: () => byId("run-dialog").close() }, "Close"));

function body({ run, stages, manualIntervention, contentType, scores }) {
  const longest = Math.max(1, ...stages.map(stage => stage.ms));
  const line = (name, value) => value ? [h("dt", {}, name), h("dd", {}, value)] : [];
  return h("div", { className: "dialog-body" },
    h("div", { className: "dialog-head" }, h("h2", { id: "run-title" }, run.issue || sentence(run.kind)), outcome(run.outcome, run.reasonCode)),
    run.reason && h("p", {}, run.reason),
    stages.length > 0 && h("table", {},
      h("caption", { className: "visually-hidden" }, "Steps of the run"),
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Step"), h("th", { scope: "col" }, "Outcome"), h("th", { scope: "col" }, "Time"), h("th", { scope: "col", className: "number" }, "Seconds"))),
      h("tbody", {}, stages.map(stage => h("tr", {},
        h("th", { scope: "row" }, `${sentence(stage.stage)}, ${stage.logic}`),
        h("td", {}, outcome(stage.outcome)),
        h("td", { className: "stage-time", "aria-hidden": "true" }, sized(h("div", { className: `stage-bar ${stage.logic}` }), { width: `${Math.max(2, stage.ms / longest * 100)}%` })),
        h("td", { className: "number" }, seconds(stage.ms / 1000)))))),
    h("dl", { className: "pairs" },
      line("Route", run.route ? `${run.route}: ${run.routeReason}` : run.routeReason),
      line("Specialists", run.specialists.join(", ")),
      line("Scores", scores && Object.entries(scores).map(([name, score]) => `${name} ${Number(score).toFixed(2)}`).join(", ")),
      line("Content type", contentType),
      line("Ran", `${time(run.started)} to ${time(run.ended).slice(11)} UTC, ${seconds(run.durationMs / 1000)} of work`),
      line("Started by", `${run.trigger}, stage ${run.requestedStage}`),
      line("GitHub calls", `${run.gitHubReads} reads, ${run.gitHubWrites} writes${run.gitHubExtra ? `, ${run.gitHubExtra} beyond the plain way` : ""}`),
      line("Model", `${count(run.modelCalls, "call")}, ${run.tokens} tokens, ${dollars(run.dollars)}${run.cacheHits ? ", answer from the cache" : ""}`),
      line("Phase, flags", `${run.phase || "–"}, revision ${run.flagsRevision.slice(0, 16) || "–"}`),
      line("Person", manualIntervention && "changed a workflow label while the run was on"),
      line("Run id", h("code", {}, run.runId))),
    gitHub(run.issue),
    close());
}

function gitHub(issue) {
  const parts = /^([\w.-]+\/[\w.-]+)#(\d+)$/.exec(issue);
  return parts && h("p", {}, h("a", { href: `https://github.com/${parts[1]}/issues/${parts[2]}`, target: "_blank", rel: "noopener noreferrer" }, "Open the issue on GitHub"));
}
