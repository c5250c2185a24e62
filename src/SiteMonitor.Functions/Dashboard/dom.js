// Builds elements from text only: nothing that comes from the application is ever parsed as markup.
const svgNamespace = "http://www.w3.org/2000/svg";

export const byId = id => document.getElementById(id);

function fill(node, properties, children) {
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "data") Object.assign(node.dataset, value);
    else node.setAttribute(name === "className" ? "class" : name, value === true ? "" : value);
  }
  node.append(...children.flat(3).filter(child => child !== undefined && child !== null && child !== false));
  return node;
}

export const h = (name, properties, ...children) => fill(document.createElement(name), properties, children);
export const s = (name, properties, ...children) => fill(document.createElementNS(svgNamespace, name), properties, children);

/** Replaces the content but keeps the focus on the element with the same data-focus. */
export function show(target, ...children) {
  const node = typeof target === "string" ? byId(target) : target;
  const focused = node.contains(document.activeElement) ? document.activeElement.dataset.focus : undefined;
  node.replaceChildren(...children.flat(3).filter(child => child !== undefined && child !== null && child !== false));
  if (focused) node.querySelector(`[data-focus="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}

/** Sizes are set by script, because the page's policy allows no style attribute. */
export function sized(node, style) {
  for (const [name, value] of Object.entries(style)) node.style.setProperty(name, value);
  return node;
}

export function meter(share, label) {
  const bar = sized(h("div", { className: "bar-fill" }), { width: `${Math.round(Math.min(1, Math.max(0, share)) * 100)}%` });
  return h("div", { className: "meter", role: "img", "aria-label": label }, bar);
}

const shapes = {
  good: ["M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1z", "M4.6 8.3l2.3 2.3 4.5-5"],
  watch: ["M1 8s2.6-4.6 7-4.6S15 8 15 8s-2.6 4.6-7 4.6S1 8 1 8z", "M8 6.2a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6z"],
  blocked: ["M5.1 1h5.8L15 5.1v5.8L10.900 15H5.1L1 10.900V5.1z", "M8 4.300v4.500M8 11.200v.3"],
  back: ["M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1z", "M7.300 4.800L4.300 8l3 3.200M4.500 8h7.200"],
  frozen: ["M8 1v14M2 4.500l12 7M14 4.500l-12 7", "M6.200 2.200L8 4l1.800-1.800M6.200 13.800L8 12l1.800 1.800"],
  down: ["M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1z", "M5 5l6 6M11 5l-6 6"],
};

export const icon = name => s("svg", { viewBox: "0 0 16 16", "aria-hidden": "true", fill: "none", stroke: "currentColor", "stroke-width": "1.6", "stroke-linecap": "round", "stroke-linejoin": "round" },
  shapes[name].map(d => s("path", { d })));
