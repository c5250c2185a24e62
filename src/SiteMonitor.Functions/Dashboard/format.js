// Numbers and times as text. All times are UTC; ages are counted by the application's clock, which a rehearsal may have moved.
let clock = { at: Date.now(), read: performance.now() };

export const setNow = iso => { clock = { at: Date.parse(iso), read: performance.now() }; };
export const now = () => clock.at + performance.now() - clock.read;

const pad = number => String(number).padStart(2, "0");

export function time(iso) {
  if (!iso) return "";
  const at = new Date(iso);
  return `${at.getUTCFullYear()}-${pad(at.getUTCMonth() + 1)}-${pad(at.getUTCDate())} ${pad(at.getUTCHours())}:${pad(at.getUTCMinutes())}`;
}

/** As short as the span allows. */
export function shortTime(at, spanSeconds) {
  const date = new Date(at);
  const day = `${date.getUTCDate()} ${date.toLocaleString("en", { month: "short", timeZone: "UTC" })}`;
  const clockTime = `${pad(date.getUTCHours())}:${pad(date.getUTCMinutes())}`;
  return spanSeconds < 600 ? `${clockTime}:${pad(date.getUTCSeconds())}` : spanSeconds < 2 * 86400 ? clockTime : day;
}

export function lasting(seconds) {
  if (seconds < 90) return `${Math.max(0, Math.round(seconds))} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return seconds < 172800 ? `${Math.round(seconds / 3600)} h` : `${Math.floor(seconds / 86400)} days`;
}

export const ago = iso => `${lasting((now() - Date.parse(iso)) / 1000)} ago`;
export const percent = (share, digits) => share === null || share === undefined ? "–" : `${(share * 100).toFixed(digits ?? (share < 0.1 && share > 0 ? 1 : 0))} %`;
export const seconds = value => value === null || value === undefined ? "–" : `${value.toFixed(1)} s`;
export const dollars = value => `$${Number(value).toFixed(4)}`;
export const count = (number, one, many) => `${number} ${number === 1 ? one : many ?? `${one}s`}`;
export const sentence = text => text ? text[0].toUpperCase() + text.slice(1) : "";
