// Calls the gateway, and reads its events.

const api = "/chat/api/v1/";

/** What the gateway refused, or what did not reach it (status 0). */
export class Refusal extends Error {
  constructor(status, problem, retryAfter) {
    super(problem?.detail ?? "");
    this.status = status;
    this.word = problem?.error ?? "";
    this.pointer = problem?.pointer ?? "";
    this.retryAfter = retryAfter;
  }

  /** Nothing that is tried again under this token would go. */
  get isFinal() { return this.status === 401 || this.status === 403; }
}

export class Gateway {
  #token;

  constructor(token) { this.#token = token; }

  get(path) { return this.#call("GET", path); }

  post(path, body) { return this.#call("POST", path, body); }

  /** Sends a file; what it became. */
  async upload(file, signal) {
    const answer = await this.#fetch("files?name=" + encodeURIComponent(file.name.slice(-200)), { method: "POST", body: file, headers: { "Content-Type": "application/octet-stream" }, signal });
    return answer.json();
  }

  /** The bytes of a file. */
  async file(id) { return (await this.#fetch("files/" + id, { method: "GET" })).blob(); }

  async #call(method, path, body) {
    const answer = await this.#fetch(path, { method, body: body && JSON.stringify(body), headers: body ? { "Content-Type": "application/json" } : {} });
    return answer.json();
  }

  async #fetch(path, options) {
    let answer;
    try {
      answer = await fetch(api + path, { ...options, headers: { ...options.headers, Authorization: "Bearer " + this.#token }, cache: "no-store", credentials: "omit" });
    } catch (e) {
      if (options.signal?.aborted) throw e;
      throw new Refusal(0);
    }
    if (answer.ok) return answer;
    const wait = Number(answer.headers.get("Retry-After")) || undefined;
    throw new Refusal(answer.status, await answer.json().catch(() => undefined), wait);
  }

  /**
   * Reads events until the stream ends. The browser's own EventSource can send no token but in the address, where it would be logged.
   * @param {string} since Where the reader is.
   * @param {{opened(): void, event(name: string, data: object, id: string): void, sign(): void}} on
   */
  async events(since, on, signal) {
    const answer = await this.#fetch("events", { headers: { "Last-Event-ID": since, Accept: "text/event-stream" }, signal });
    on.opened();
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      on.sign();
      const parts = (rest + value).split("\n\n");
      rest = parts.pop();
      for (const part of parts) {
        const event = {};
        for (const line of part.split("\n")) {
          const colon = line.indexOf(": ");
          if (colon > 0) event[line.slice(0, colon)] = line.slice(colon + 2);
        }
        if (event.data) on.event(event.event, JSON.parse(event.data), event.id);
      }
    }
  }
}
