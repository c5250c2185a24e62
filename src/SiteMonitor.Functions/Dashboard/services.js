// Services that get no requests because they are down: runs wait for them.
import { h, show } from "./dom.js";

export function showServices(health) {
  const check = health?.checks.find(entry => entry.name === "services" && entry.status !== "ok");
  show("services", check && h("article", { className: "incident", "data-tone": "warn", "aria-labelledby": "services-title" },
    h("div", {},
      h("h3", { id: "services-title" }, h("span", { className: "state" }, "!"), " A service is down"),
      h("p", { className: "soft" }, check.detail))));
}
