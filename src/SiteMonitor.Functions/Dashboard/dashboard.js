"use strict";
(() => {
  const base = location.pathname.replace(/\/dashboard\/?$/, "");
  const el = id => document.getElementById(id);
  const query = new URLSearchParams(location.search);

  // The key goes from the address into memory at once: neither the history nor a copied address keeps it.
  let key = query.get("code") ?? "";
  if (key) {
    query.delete("code");
    history.replaceState(null, "", location.pathname + (query.size ? `?${query}` : ""));
  }

  const make = (name, text, className) => {
    const node = document.createElement(name);
    if (text !== undefined && text !== null) node.textContent = text;
    if (className) node.className = className;
    return node;
  };
  const svg = (name, attributes) => {
    const node = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [attribute, value] of Object.entries(attributes)) node.setAttribute(attribute, value);
    return node;
  };
  const time = at => at ? at.slice(0, 16).replace("T", " ") : "";
  const ago = at => {
    const hours = (Date.now() - Date.parse(at)) / 36e5;
    return hours < 1 ? `${Math.max(0, Math.round(hours * 60))} min` : hours < 48 ? `${Math.round(hours)} h` : `${Math.floor(hours / 24)} d`;
  };
  const seconds = value => value === null || value === undefined ? "–" : `${value.toFixed(1)} s`;
  const signs = { met: "✓", missed: "✗", "no-data": "…", shown: "" };
  const states = { met: "met", unmet: "missed" };

  async function get(path) {
    const response = await fetch(`${base}/${path}`, { headers: key ? { "x-functions-key": key } : {}, cache: "no-store", credentials: "same-origin", referrerPolicy: "no-referrer" });
    if (response.status === 401) throw Object.assign(new Error("A function key is needed, or the one given is not right."), { needsKey: true });
    if (!response.ok) {
      const problem = await response.json().catch(() => ({}));
      throw new Error(`${path}: ${response.status} ${problem.title ?? ""} ${problem.detail ?? ""}`.trim());
    }
    return response.json();
  }

  function list(id, items, none) {
    el(id).replaceChildren(...(items.length ? items : [make("li", none, "none")]));
  }

  function pairs(id, entries) {
    el(id).replaceChildren(...entries.flatMap(([name, value, note]) => {
      const data = make("dd", value);
      if (note) data.append(" ", make("small", note));
      return [make("dt", name), data];
    }));
  }

  function showRollout(rollout) {
    const now = rollout.phases.indexOf(rollout.phase);
    el("phases").replaceChildren(...rollout.phases.map((phase, i) => {
      const item = make("li", phase, i < now ? "past" : "");
      if (i === now) item.setAttribute("aria-current", "step");
      return item;
    }));
    const marks = [];
    if (rollout.guardProblem) marks.push(rollout.guardProblem);
    if (rollout.rolledBack) marks.push(`rolled back since ${time(rollout.rolledBack.at)} by ${rollout.rolledBack.by}: ${rollout.rolledBack.reason}`);
    if (rollout.frozen) marks.push(`frozen by ${rollout.frozen.by}: ${rollout.frozen.reason}`);
    if (rollout.transition) marks.push(`flags change: ${rollout.transition}`);
    el("state").replaceChildren(`since ${time(rollout.since)} UTC (${ago(rollout.since)})`, ...marks.map(mark => make("strong", ` · ${mark}`, "missed")));
    el("next").textContent = rollout.next ? `Next: ${rollout.next}` : "";
    list("gate", rollout.gate.map(criterion => {
      const item = make("li");
      item.append(make("span", `${criterion.sign} `, states[criterion.state] ?? "open"), `${criterion.title}: ${criterion.value} `, make("small", [criterion.target, criterion.detail].filter(Boolean).join(" · ")));
      item.firstChild.setAttribute("aria-label", criterion.state);
      item.firstChild.setAttribute("role", "img");
      return item;
    }), "This phase has no gate.");
    pairs("guard", [
      ["last round", rollout.guardRoundAt ? `${time(rollout.guardRoundAt)} UTC (${ago(rollout.guardRoundAt)})` : "not yet"],
      ["last run counted", rollout.guard.lookedAt ? `${time(rollout.guard.lookedAt)} UTC` : "not yet"],
      ["signals", rollout.guard.saw || "no run counted yet"],
      ["last 24 h", `${rollout.cohorts.unified} unified, ${rollout.cohorts.legacy} legacy issues`],
    ]);
    list("incidents", rollout.incidents.filter(incident => !incident.resolved).map(incident => {
      const item = make("li");
      item.append(make("span", `✗ ${incident.id} `, "missed"), incident.title, " ", make("small", `${ago(incident.opened)}, ${incident.acknowledged ? `acknowledged by ${incident.acknowledgedBy}` : "not acknowledged"}`));
      return item;
    }), "None open.");
    pairs("flags", [...rollout.flags.map(flag => [flag.flag, flag.setting, flag.wanted ? `plan: ${flag.wanted}` : ""]), ["revision", rollout.flagsRevision, rollout.flagProblems.join(" ")]]);
    list("events", rollout.events.slice(-8).reverse().map(event => {
      const item = make("li", `${event.who}: ${event.what} ${event.after ?? ""} `);
      item.append(make("small", `${time(event.at)} ${event.reason ?? ""}`));
      return item;
    }), "Nothing yet.");
  }

  function showMetrics(metrics) {
    el("tiles").replaceChildren(...metrics.figures.map(figure => {
      const tile = make("div", null, "tile");
      const sign = make("span", `${signs[figure.status]} ${figure.title}`, figure.status);
      const [value, ...rest] = figure.text.split(", ");
      tile.append(sign, make("b", value.split(" (")[0]), make("span", [figure.target && `target ${figure.target}`, rest.join(", ")].filter(Boolean).join(" · ")));
      return tile;
    }));
    el("stages").tBodies[0].replaceChildren(...metrics.stages.map(stage => {
      const row = make("tr");
      const head = make("th", `${stage.stage}, ${stage.logic}`);
      head.scope = "row";
      row.append(head, ...[stage.count, stage.errors, seconds(stage.p50), seconds(stage.p95), seconds(stage.p99)].map(value => make("td", value)));
      return row;
    }));
    list("commands", metrics.commands.map(command => make("li", `${command.command}: ${command.calls}, last ${time(command.last)}`)), "Not called in this span.");
    el("recent").tBodies[0].replaceChildren(...metrics.recent.map(run => {
      const row = make("tr");
      const outcome = make("td", run.reasonCode ? `${run.outcome} (${run.reasonCode})` : run.outcome, ["failed", "critical"].includes(run.outcome) ? "missed" : "");
      outcome.title = run.reason;
      row.append(make("td", time(run.ended)), make("td", run.issue), outcome, make("td", run.route), make("td", run.routeReason), make("td", seconds(run.durationMs / 1000)),
        make("td", `${run.gitHubReads + run.gitHubWrites}${run.gitHubExtra ? ` + ${run.gitHubExtra}` : ""}`), make("td", `$${run.dollars.toFixed(4)}`));
      return row;
    }));
    charts(metrics.series);
  }

  const W = 320, H = 120, L = 30, B = 14;

  function chart(id, label, points, most, draw, legend) {
    const root = svg("svg", { viewBox: `0 0 ${W} ${H}`, role: "img", "aria-label": label });
    const x = i => L + (W - L - 4) * (i + 0.5) / points.length;
    const y = value => H - B - (H - B - 6) * value / most;
    root.append(svg("line", { class: "axis", x1: L, x2: W, y1: H - B, y2: H - B }), svg("line", { class: "axis", x1: L, x2: W, y1: y(most), y2: y(most) }));
    for (const [value, at] of [[most, y(most) + 3], [0, H - B]]) {
      const text = svg("text", { x: L - 3, y: at, "text-anchor": "end" });
      text.textContent = Number(value.toPrecision(2));
      root.append(text);
    }
    for (const i of [0, points.length - 1]) {
      const text = svg("text", { x: i ? W - 2 : L, y: H - 2, "text-anchor": i ? "end" : "start" });
      text.textContent = time(points[i].from).slice(5);
      root.append(text);
    }
    draw(root, x, y);
    el(id).replaceChildren(root, ...(legend ? [make("p", legend, "legend")] : []));
  }

  function line(root, points, pick, x, y, className, dot) {
    const known = points.map((point, i) => [i, pick(point)]).filter(([, value]) => value !== null && value !== undefined);
    root.append(svg("polyline", { class: className, points: known.map(([i, value]) => `${x(i)},${y(value)}`).join(" ") }));
    for (const [i, value] of known) root.append(svg("circle", { class: dot, cx: x(i), cy: y(value), r: 1.8 }));
  }

  function bars(root, points, pick, x, y, className) {
    const width = Math.max(1, (W - L) / points.length - 1.5);
    points.forEach((point, i) => {
      const value = Number(pick(point));
      if (value > 0) root.append(svg("rect", { class: className, x: x(i) - width / 2, y: y(value), width, height: Math.max(0, H - B - y(value)) }));
    });
  }

  function charts(series) {
    const peak = (pick, least) => Math.max(least, ...series.map(point => Number(pick(point) ?? 0)));
    const slow = peak(point => point.p95, 1);
    const most = peak(point => point.runs, 1);
    const cost = peak(point => point.dollars, 0.01);
    chart("chart-duration", `Duration of unified runs over time; highest 95th percentile ${slow.toFixed(1)} s`, series, slow > 15 ? Math.max(slow, 30) : slow, (root, x, y) => {
      if (slow > 15) root.append(svg("line", { class: "target", x1: L, x2: W, y1: y(30), y2: y(30) }));
      line(root, series, point => point.p50, x, y, "s1", "dot1");
      line(root, series, point => point.p95, x, y, "s2", "dot2");
    }, "— p50   - - p95");
    const runs = series.reduce((sum, point) => sum + point.runs, 0), errors = series.reduce((sum, point) => sum + point.errors, 0);
    chart("chart-runs", `${runs} runs over time, ${errors} of them failed`, series, most, (root, x, y) => {
      bars(root, series, point => point.runs, x, y, "bar");
      bars(root, series, point => point.errors, x, y, "bad");
    }, `${runs} runs, ${errors} failed`);
    const total = series.reduce((sum, point) => sum + Number(point.dollars), 0);
    chart("chart-cost", `Cost over time, together ${total.toFixed(2)} dollars`, series, cost, (root, x, y) => bars(root, series, point => point.dollars, x, y, "bar"), `$${total.toFixed(2)} in all`);
  }

  async function refresh() {
    el("refresh").disabled = true;
    try {
      const [rollout, metrics] = await Promise.all([get("rollout"), get(`metrics?days=${el("days").value}`)]);
      showRollout(rollout);
      showMetrics(metrics);
      el("main").hidden = false;
      el("key-form").hidden = true;
      el("problem").hidden = true;
      el("updated").textContent = `as of ${time(metrics.at)} UTC`;
      document.body.dataset.ready = "yes";
    } catch (error) {
      el("problem").textContent = error.message;
      el("problem").hidden = false;
      el("key-form").hidden = !error.needsKey;
      if (error.needsKey) el("key").focus();
    } finally {
      el("refresh").disabled = false;
    }
  }

  el("refresh").addEventListener("click", refresh);
  el("days").addEventListener("change", refresh);
  el("key-form").addEventListener("submit", event => {
    event.preventDefault();
    key = el("key").value;
    el("key").value = "";
    refresh();
  });
  setInterval(() => { if (!document.hidden && el("key-form").hidden) refresh(); }, 30000);
  refresh();
})();
