// Starts the page, asks for the key, keeps everything up to date and says so when it cannot.
import { byId } from "./dom.js";
import { setNow, time } from "./format.js";
import { get, getIfThere, hasKey, setKey, forgetKey, takeKeyFromAddress, KeyError, HostError } from "./api.js";
import { follow } from "./stream.js";
import { showVerdict } from "./verdict.js";
import { showServices } from "./services.js";
import { showIncidents } from "./incidents.js";
import { showPhases, historyLimit } from "./phases.js";
import { showSides } from "./sides.js";
import { showGate } from "./gate.js";
import { showGuard } from "./guard.js";
import { showFlags } from "./flags.js";
import { showTargets } from "./targets.js";
import { loadRuns, setActive, addRun } from "./runs.js";
import { showAudit } from "./audit.js";
import { whenDone } from "./actions.js";
import { startTheme } from "./theme.js";

const refreshEvery = 15000;
const state = { rollout: null, plan: null, metrics: null, history: null, incidents: null, forecast: null, health: null, lost: "" };
let stopStream = () => {};
let timer = 0, waiting = false;

async function refresh() {
  clearTimeout(timer);
  try {
    state.rollout = await get("rollout");
    setNow(state.rollout.at);
    state.lost = "";
    reveal();
    showVerdict(state);
    showIncidents(state.rollout, state.incidents);

    // The verdict needs the rollout alone. The rest is asked for when the verdict is on the screen, so that it does not slow it down.
    await painted();
    const [metrics, history, incidents, forecast, health, , plan] = await Promise.all([
      get(`metrics?days=${byId("days").value}`), get(`rollout/history?limit=${historyLimit}`), getIfThere("incidents"), getIfThere("rollout/forecast"), get("health/details"), loadRuns(),
      state.plan ?? get("rollout/plan"),
    ]);
    Object.assign(state, { metrics, history, incidents: incidents?.incidents ?? null, forecast, health, plan });
    draw();
    say("");
  } catch (error) {
    failed(error);
  }
  timer = setTimeout(() => document.hidden ? timer = setTimeout(refresh, refreshEvery) : refresh(), refreshEvery);
}

/** Resolves after the next paint, or after 250 ms, because a background tab does not paint. */
const painted = () => new Promise(resolve => {
  requestAnimationFrame(() => setTimeout(resolve));
  setTimeout(resolve, 250);
});

function draw() {
  const { rollout, plan, metrics, history, incidents, forecast, health } = state;
  showVerdict(state);
  showServices(health);
  showIncidents(rollout, incidents);
  showPhases(rollout, plan, history);
  showSides(metrics, history);
  showGate(rollout, plan, forecast);
  showGuard(rollout, plan, forecast);
  showFlags(rollout);
  showTargets(metrics, rollout, plan);
  showAudit(history);
  byId("updated").textContent = `as of ${time(rollout.at).slice(11)} UTC`;
  document.body.dataset.ready = "yes";
}

function failed(error) {
  if (error instanceof KeyError) return askForKey(hasKey() ? error.message : "");
  byId("updated").classList.remove("live");
  if (!state.rollout) {
    byId("key-form").hidden = true;
    return say(`${error.message} Trying again every 15 s.`);
  }
  document.body.classList.add("is-old");
  if (error instanceof HostError) state.lost = error.message;
  showVerdict(state);
  say(`${error.message} The figures below are those of ${time(state.rollout.at)} UTC and may be old. Trying again every 15 s.`);
}

function say(text) {
  byId("notice-text").textContent = text;
  byId("notice").hidden = !text;
  if (!text) document.body.classList.remove("is-old");
}

function reveal() {
  byId("key-form").hidden = true;
  byId("content").hidden = false;
  byId("tools").hidden = false;
  byId("place").textContent = location.host;
}

function askForKey(problem) {
  stopStream();
  clearTimeout(timer);
  forgetKey();
  say("");
  byId("content").hidden = true;
  byId("tools").hidden = true;
  byId("key-form").hidden = false;
  byId("key-problem").textContent = problem;
  byId("key-problem").hidden = !problem;
  byId("key").focus();
}

/** A burst of events makes one refresh. */
function refreshSoon() {
  if (waiting) return;
  waiting = true;
  setTimeout(() => { waiting = false; refresh(); }, 400);
}

function start() {
  stopStream();
  refresh();
  stopStream = follow("runs/stream", {
    connected: () => byId("updated").classList.add("live"),
    lost: () => byId("updated").classList.remove("live"),
    active: setActive,
    run: addRun,
    rollout: refreshSoon,
  });
}

whenDone(refreshSoon);
startTheme(byId("theme"));
byId("days").addEventListener("change", refresh);
byId("retry").addEventListener("click", refresh);
byId("forget").addEventListener("click", () => askForKey(""));
byId("key-form").addEventListener("submit", event => {
  event.preventDefault();
  setKey(byId("key").value.trim());
  byId("key").value = "";
  start();
});
window.addEventListener("hashchange", () => { if (takeKeyFromAddress()) start(); });
takeKeyFromAddress();
if (hasKey()) start();
else askForKey("");
