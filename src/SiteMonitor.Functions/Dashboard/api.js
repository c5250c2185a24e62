// Talks to the application. The key lives in this tab's session storage and goes into a header: never into a cookie or an address.
const storageName = "sitemonitor-key";
const base = location.pathname.replace(/\/dashboard\/?$/, "");

export class KeyError extends Error {}
export class HostError extends Error {}

/** What the application refused, with its reason: RFC 9457 where it gave one. */
export class ProblemError extends Error {
  constructor(status, problem) {
    super([problem.title, problem.detail].filter(Boolean).join(" ") || `The application answered ${status}.`);
    this.status = status;
    this.title = problem.title ?? this.message;
    this.detail = problem.detail ?? "";
    this.errors = problem.errors ?? [];
  }
}

export const hasKey = () => Boolean(sessionStorage.getItem(storageName));
export const setKey = key => sessionStorage.setItem(storageName, key);
export const forgetKey = () => sessionStorage.removeItem(storageName);

/** Moves a key that the address brought along into the session, so that neither history nor a copied address keeps it. */
export function takeKeyFromAddress() {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const query = new URLSearchParams(location.search);
  const key = fragment.get("key") ?? query.get("code");
  if (!key) return false;
  setKey(key);
  query.delete("code");
  history.replaceState(null, "", location.pathname + (query.size ? `?${query}` : ""));
  return true;
}

async function request(path, options = {}) {
  const { headers, ...rest } = options;
  let response;
  try {
    response = await fetch(`${base}/${path}`, {
      ...rest,
      headers: { ...headers, "x-functions-key": sessionStorage.getItem(storageName) ?? "" },
      cache: "no-store",
      credentials: "omit",
      referrerPolicy: "no-referrer",
    });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new HostError("The application does not answer. Is it running, and is this machine connected?");
  }
  if (response.status === 401) throw new KeyError("The application does not accept this key.");
  if (!response.ok && response.status !== 503) throw new ProblemError(response.status, await response.json().catch(() => ({})));
  return response;
}

export async function get(path) {
  const response = await request(path);
  const body = await response.json().catch(() => ({}));
  if (!response.ok && !body.checks) throw new ProblemError(response.status, body);
  return body;
}

/** A route that an older application may not have yet. */
export const getIfThere = path => get(path).catch(error => {
  if (error instanceof ProblemError && [404, 409].includes(error.status)) return null;
  throw error;
});

export async function post(path, body) {
  const response = await request(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new ProblemError(response.status, answer);
  return answer;
}

export const open = (path, signal) => request(path, { signal, headers: { Accept: "text/event-stream" } });
