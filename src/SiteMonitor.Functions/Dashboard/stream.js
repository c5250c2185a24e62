// Server-sent events, read with fetch because EventSource cannot send the key in a header.
import { open, KeyError } from "./api.js";

const pause = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds));

/** Reads the stream again and again until stopped; each event goes to handlers[name]. */
export function follow(path, handlers) {
  const controller = new AbortController();
  let lastId = "";
  (async () => {
    while (!controller.signal.aborted) {
      try {
        const response = await open(lastId ? `${path}?since=${encodeURIComponent(lastId)}` : path, controller.signal);
        handlers.connected?.();
        await read(response.body, event => {
          lastId = event.id || lastId;
          handlers[event.name]?.(JSON.parse(event.data));
        });
      } catch (error) {
        if (controller.signal.aborted) return;
        handlers.lost?.();
        if (error instanceof KeyError) return;
        await pause(5000);
      }
    }
  })();
  return () => controller.abort();
}

async function read(body, take) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    text += value;
    const events = text.split("\n\n");
    text = events.pop();
    for (const block of events) {
      const event = { name: "message", data: "", id: "" };
      for (const line of block.split("\n")) {
        const colon = line.indexOf(":");
        if (colon > 0) event[{ event: "name", data: "data", id: "id" }[line.slice(0, colon)] ?? "other"] = line.slice(colon + 1).trimStart();
      }
      if (event.data) take(event);
    }
  }
}
